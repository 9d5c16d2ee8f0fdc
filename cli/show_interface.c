/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show interfaces: control knows them, with the kernel's counters. */
#include <string.h>

#include "algs.h"
#include "show_interface.h"

typedef unsigned long long ull;

static int
by_type_and_name(const void *a, const void *b)
{
	const struct ipc_row_interface *x = a, *y = b;

	return x->type != y->type ? (int)x->type - (int)y->type : name_cmp(x->name, y->name);
}

const char *
show_ask_interfaces(struct rows *rows, struct show_source *src)
{
	const char *why = rows_ask(rows, src, IPC_CONTROL, SHOW_INTERFACES, IPC_MSG_ROW_INTERFACE);

	rows_sort(rows, by_type_and_name);
	return why;
}

const char *
show_status_of(const struct ipc_row_interface *i)
{
	if (!i->admin_up)
		return "administratively down";
	return i->line_up || i->type == IFACE_TUNNEL ? "up" : "down";
}

const char *
show_interfaces_description(struct show_source *src, const struct show_args *a, struct text *out)
{
	static const char form[] = "%-30s %-14s %-8s %s\n";
	struct rows rows;
	const char *why = show_ask_interfaces(&rows, src);
	const struct ipc_row_interface *i;
	char name[IFACE_NAME_MAX];

	if (why == NULL)
		text_add(out, form, "Interface", "Status", "Protocol", "Description");
	ROWS_EACH(i, &rows)
		if (wanted_name(a, i->name))
			text_add(out, form, short_name(i->name, name),
			    i->admin_up ? show_status_of(i) : "admin down", i->line_up ? "up" : "down",
			    i->description);
	rows_free(&rows);
	return why;
}

/* A rate as IOS's fraction of 255, where 1 is the least. */
static unsigned int
load_of(uint64_t bps, uint32_t bandwidth_kbps)
{
	uint64_t load = bandwidth_kbps == 0 ? 1 : bps * 255 / ((uint64_t)bandwidth_kbps * 1000);

	return load < 1 ? 1 : load > 255 ? 255 : (unsigned int)load;
}

static void
add_head(struct text *out, const struct ipc_row_interface *i)
{
	text_add(out, "%s is %s, line protocol is %s \n", i->name, show_status_of(i),
	    i->line_up ? "up" : "down");
	if (i->type == IFACE_TUNNEL)
		text_add(out, "  Hardware is Tunnel\n");
	else if (i->type == IFACE_LOOPBACK)
		text_add(out, "  Hardware is Loopback\n");
	else
		text_add(out, "  Hardware is Ethernet, address is %s (bia %s)\n", i->mac, i->mac);
	if (i->description[0] != '\0')
		text_add(out, "  Description: %s\n", i->description);
	if (addr_is_set(&i->address.addr))
		text_add(out, "  Internet address is %s\n", PREFIX_STR(&i->address));
	text_add(out, "  MTU %u bytes, BW %u Kbit/sec, DLY %u usec, \n", i->mtu, i->bandwidth_kbps,
	    i->delay_us);
	text_add(out, "     reliability 255/255, txload %u/255, rxload %u/255\n",
	    load_of(i->out_bps, i->bandwidth_kbps), load_of(i->in_bps, i->bandwidth_kbps));
	text_add(out, "  Encapsulation %s, loopback not set\n",
	    i->type == IFACE_TUNNEL ? "TUNNEL" : i->type == IFACE_LOOPBACK ? "LOOPBACK" : "ARPA");
	text_add(out, "  Keepalive %s\n", i->type == IFACE_TUNNEL ? "not set" :
	    i->type == IFACE_LOOPBACK ? "set (10 sec)" : "not supported");
	if (i->type == IFACE_GIGABIT)
		text_add(out, "  ARP type: ARPA, ARP Timeout 04:00:00\n");
}

static void
add_source_track(struct text *out, const struct ipc_row_interface *i, const struct rows *all)
{
	const struct ipc_row_interface *other;
	unsigned int members = 0;

	ROWS_EACH(other, all)
		if (strcmp(other->source_if, i->source_if) == 0)
			members++;
	text_add(out, "   Tunnel Subblocks:\n      src-track:\n");
	text_add(out, "         %s source tracking subblock associated with %s\n", i->name,
	    i->source_if);
	text_add(out, "          Set of tunnels with source %s, %u member%s (includes iterators), "
	    "on interface <OK>\n", i->source_if, members, members == 1 ? "" : "s");
}

static void
add_ends(struct text *out, const struct ipc_row_interface *i, const struct rows *all)
{
	text_add(out, "  Tunnel source %s",
	    addr_is_set(&i->source) ? ADDR_STR(&i->source) : "UNKNOWN");
	if (i->source_if[0] != '\0')
		text_add(out, " (%s)", i->source_if);
	if (i->kind != TUNNEL_MGRE)
		text_add(out, ", destination %s",
		    addr_is_set(&i->destination) ? ADDR_STR(&i->destination) : "UNKNOWN");
	text_add(out, "\n");
	if (i->source_if[0] != '\0')
		add_source_track(out, i, all);
}

/* The forwarder knows what was learned; of a multipoint tunnel that is each peer's own. */
static void
add_path(struct show_source *src, struct text *out, const struct ipc_row_interface *i)
{
	const struct ipc_row_tunnel *t, *it = NULL;
	char left[UPTIME_STRLEN] = "never";
	struct rows rows;
	mono_t until;

	rows_ask(&rows, src, IPC_ESPD, SHOW_TUNNELS, IPC_MSG_ROW_TUNNEL);
	ROWS_EACH(t, &rows)
		if (strcmp(t->ifname, i->ifname) == 0)
			it = t;
	text_add(out, "  Path MTU Discovery, ager ");
	if (i->path_age_min == 0)
		text_add(out, "infinite");
	else
		text_add(out, "%u mins", i->path_age_min);
	text_add(out, ", min MTU %u", i->path_min);
	if (i->kind != TUNNEL_MGRE && it != NULL) {
		until = mono_us((int64_t)it->path_until_us);
		if (until.us > src->now.us)
			hms_str((uint64_t)mono_sub(until, src->now).us / 1000000, left);
		text_add(out, ", MTU %u, expires %s", it->path_mtu, left);
	}
	text_add(out, "\n");
	rows_free(&rows);
}

static void
add_tunnel(struct show_source *src, struct text *out, const struct ipc_row_interface *i,
    const struct rows *all)
{
	static const char *const transports[2][TUNNEL_VTI + 1] = {
		{[TUNNEL_GRE] = "GRE/IP", [TUNNEL_MGRE] = "multi-GRE/IP", [TUNNEL_VTI] = "IPSEC/IP"},
		{[TUNNEL_GRE] = "GRE/IPv6", [TUNNEL_MGRE] = "multi-GRE/IPv6", [TUNNEL_VTI] = "IPSEC/IPV6"},
	};

	text_add(out, "  Tunnel linestate evaluation %s\n",
	    i->line_up ? "up" : i->line_why[0] != '\0' ? i->line_why : "down");
	add_ends(out, i, all);
	text_add(out, "  Tunnel protocol/transport %s\n",
	    transports[i->over_v6 != 0][i->kind <= TUNNEL_VTI && i->kind != 0 ? i->kind : TUNNEL_GRE]);
	if (i->kind != TUNNEL_VTI) {
		if (i->has_key)
			text_add(out, "    Key 0x%X, sequencing disabled\n", i->key);
		else
			text_add(out, "    Key disabled, sequencing disabled\n");
		text_add(out, "    Checksumming of packets disabled\n");
	}
	text_add(out, "  Tunnel TTL %u%s\n", i->ttl,
	    i->kind == TUNNEL_VTI ? "" : ", Fast tunneling enabled");
	if (i->pmtud)
		add_path(src, out, i);
	text_add(out, "  Tunnel transport MTU %u bytes\n", i->ip_mtu);
	text_add(out, "  Tunnel transmit bandwidth 8000 (kbps)\n");
	text_add(out, "  Tunnel receive bandwidth 8000 (kbps)\n");
	if (i->profile[0] != '\0')
		text_add(out, "  Tunnel protection via IPSec (profile \"%s\")\n", i->profile);
}

static void
add_counters(struct show_source *src, struct text *out, const struct ipc_row_interface *i)
{
	char in[UPTIME_STRLEN], sent[UPTIME_STRLEN], cleared[UPTIME_STRLEN];

	text_add(out, "  Last input %s, output %s, output hang never\n",
	    age_str(src, i->last_in_us, in), age_str(src, i->last_out_us, sent));
	text_add(out, "  Last clearing of \"show interface\" counters %s\n",
	    age_str(src, i->cleared_us, cleared));
	text_add(out, "  Input queue: 0/%u/%llu/0 (size/max/drops/flushes); "
	    "Total output drops: %llu\n", i->type == IFACE_LOOPBACK ? 75 : 375, (ull)i->in_drops,
	    (ull)i->out_drops);
	text_add(out, "  Queueing strategy: fifo\n  Output queue: 0/%u (size/max)\n",
	    i->type == IFACE_GIGABIT ? 40 : 0);
	text_add(out, "  5 minute input rate %llu bits/sec, %llu packets/sec\n", (ull)i->in_bps,
	    (ull)i->in_pps);
	text_add(out, "  5 minute output rate %llu bits/sec, %llu packets/sec\n", (ull)i->out_bps,
	    (ull)i->out_pps);
	text_add(out, "     %llu packets input, %llu bytes, 0 no buffer\n", (ull)i->in_packets,
	    (ull)i->in_bytes);
	text_add(out, "     Received %llu broadcasts (%llu IP multicasts)\n", (ull)i->in_multicast,
	    (ull)i->in_multicast);
	text_add(out, "     0 runts, 0 giants, 0 throttles \n");
	text_add(out, "     %llu input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored%s\n",
	    (ull)i->in_errors, i->type == IFACE_GIGABIT ? "" : ", 0 abort");
	if (i->type == IFACE_GIGABIT)
		text_add(out, "     0 watchdog, %llu multicast, 0 pause input\n",
		    (ull)i->in_multicast);
	text_add(out, "     %llu packets output, %llu bytes, 0 underruns\n", (ull)i->out_packets,
	    (ull)i->out_bytes);
	text_add(out, "     Output 0 broadcasts (0 IP multicasts)\n");
	text_add(out, "     %llu output errors, 0 collisions, 0 interface resets\n",
	    (ull)i->out_errors);
	text_add(out, "     0 unknown protocol drops\n");
	if (i->type == IFACE_GIGABIT)
		text_add(out, "     0 babbles, 0 late collision, 0 deferred\n"
		    "     0 lost carrier, 0 no carrier, 0 pause output\n");
	text_add(out, "     0 output buffer failures, 0 output buffers swapped out\n");
}

const char *
show_interfaces(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows;
	const char *why = show_ask_interfaces(&rows, src);
	const struct ipc_row_interface *i;
	bool found = a->name[0] == '\0';

	ROWS_EACH(i, &rows) {
		if (!wanted_name(a, i->name))
			continue;
		found = true;
		add_head(out, i);
		if (i->type == IFACE_TUNNEL)
			add_tunnel(src, out, i, &rows);
		add_counters(src, out, i);
	}
	rows_free(&rows);
	return why != NULL || found ? why : SHOW_NO_INTERFACE;
}
