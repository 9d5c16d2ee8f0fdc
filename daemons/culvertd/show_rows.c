/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show_rows.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "boot.h"
#include "config_session.h"
#include "control.h"
#include "derive_iface.h"
#include "log.h"
#include "shell_reply.h"
#include "show_addrs.h"
#include "show_pki.h"
#include "show_routes.h"

#define TUNNEL_MTU 17916	/* what IOS calls the MTU of a GRE tunnel; its ip mtu is another thing */
#define TUNNEL_KEY_LEN 4
#define VTI_MTU 17878

static void
end(struct shell *s, uint32_t seq, uint64_t cursor)
{
	struct ipc_show_end m = {.cursor = cursor};

	ipc_send_seq(s->conn, IPC_MSG_SHOW_END, seq, &m);
}

/* --- texts --- */

static void
show_text(struct shell *s, const struct ipc_msg *m, const struct text *t)
{
	uint64_t from = m->body->show.cursor;
	size_t len = from < t->len ? t->len - from : 0;

	if (len > IPC_SHOW_BYTES)
		len = IPC_SHOW_BYTES;
	shell_text(s, m->seq, text_str(t) + from * (len != 0), len);
	end(s, m->seq, from + len < t->len ? from + len : 0);
}

static void
show_texts(struct shell *s, const struct ipc_msg *m)
{
	struct control *c = s->control;
	struct text t = {0};
	const char *why = NULL;

	switch (m->body->show.what) {
	case SHOW_RUNNING:
		conf_write(&t, c->conf);
		break;
	case SHOW_STARTUP:
		why = boot_read_startup(c, &t);
		break;
	case SHOW_STARTUP_ERRORS:
		boot_show_errors(c, &t);
		break;
	case SHOW_UNSAVED:
		if (boot_is_unsaved(c))
			text_add(&t, "The running-config is not what the startup-config has\n");
		break;
	case SHOW_LOGGING:
		logbuf_show(&c->log, c->conf, &t);
		break;
	case SHOW_EEM_POLICIES:
		eem_show_policies(&c->eem, &t);
		break;
	case SHOW_EEM_HISTORY:
		eem_show_history(&c->eem, &t);
		break;
	case SHOW_EEM_STATISTICS:
		eem_show_statistics(&c->eem, &t);
		break;
	}
	if (why != NULL)
		ipc_done(s->conn, m, why, 0);
	else
		show_text(s, m, &t);
	text_free(&t);
}

/* --- processes --- */

static void
show_processes(struct shell *s, const struct ipc_msg *m)
{
	size_t i;

	for (i = 0; i < PROCESSES; i++)
		if (s->control->process[i].name[0] != '\0')
			ipc_send_seq(s->conn, IPC_MSG_PROCESS, m->seq, &s->control->process[i]);
	end(s, m->seq, 0);
}

/* --- interfaces --- */

static uint64_t
since(uint64_t now, uint64_t zero)
{
	return now >= zero ? now - zero : now;
}

static void
put_counters(struct ipc_row_interface *r, const struct kernel_link *l, const struct rate *rate,
    mono_t now)
{
	static const struct kernel_link nothing;
	const struct kernel_link *z = rate != NULL && rate->zero.index == l->index ? &rate->zero : &nothing;

	/* The kernel's view of a tunnel device is the router's: what espd writes to
	 * it came from the tunnel and is received. */
	r->in_packets = since(l->rx_packets, z->rx_packets);
	r->in_bytes = since(l->rx_bytes, z->rx_bytes);
	r->in_errors = since(l->rx_errors, z->rx_errors);
	r->in_drops = since(l->rx_dropped, z->rx_dropped);
	r->in_multicast = since(l->rx_multicast, z->rx_multicast);
	r->out_packets = since(l->tx_packets, z->tx_packets);
	r->out_bytes = since(l->tx_bytes, z->tx_bytes);
	r->out_errors = since(l->tx_errors, z->tx_errors);
	r->out_drops = since(l->tx_dropped, z->tx_dropped);
	if (rate == NULL)
		return;
	r->in_bps = (uint64_t)rate->in_bps;
	r->in_pps = (uint64_t)rate->in_pps;
	r->out_bps = (uint64_t)rate->out_bps;
	r->out_pps = (uint64_t)rate->out_pps;
	r->last_in_us = (uint64_t)(l->rx_packets != rate->last.rx_packets ? now : rate->last_in).us;
	r->last_out_us = (uint64_t)(l->tx_packets != rate->last.tx_packets ? now : rate->last_out).us;
	r->cleared_us = (uint64_t)rate->cleared.us;
}

static void
put_link(const struct control *c, const struct conf_iface *i, struct ipc_row_interface *r)
{
	const struct kernel_link *l = kernel_link(&c->kernel, r->ifname);
	const struct tunnel_line *line = tunnels_find(&c->tunnels, r->ifname);

	if (i->id.type == IFACE_TUNNEL && line != NULL) {
		r->line_up = line->line_up && r->admin_up;
		memcpy(r->line_why, line->why, sizeof(r->line_why));
	}
	if (l == NULL)
		return;
	if (i->id.type != IFACE_TUNNEL) {
		r->line_up = kernel_link_usable(l);
		r->mtu = i->id.type == IFACE_LOOPBACK ? 1514 : l->mtu;
	}
	if (l->ethernet && i->id.type == IFACE_GIGABIT)
		snprintf(r->mac, sizeof(r->mac), "%02x%02x.%02x%02x.%02x%02x", l->mac[0], l->mac[1],
		    l->mac[2], l->mac[3], l->mac[4], l->mac[5]);
	put_counters(r, l, rates_find(&c->rates, r->ifname), loop_now(c->loop));
}

/* A setting of the kernel's for this device, or for all. */
static bool
is_set(const char *ifname, const char *setting)
{
	char one[64], all[64];

	snprintf(one, sizeof(one), "net/ipv4/conf/%s/%s", ifname, setting);
	snprintf(all, sizeof(all), "net/ipv4/conf/all/%s", setting);
	return kernel_sysctl_get(one) > 0 || kernel_sysctl_get(all) > 0;
}

static void
put_tunnel(const struct control *c, const struct conf_iface *i, struct ipc_row_interface *r)
{
	const struct conf_tunnel *t = &i->tunnel;

	r->kind = t->kind == 0 ? TUNNEL_GRE : t->kind;
	r->mtu = r->kind == TUNNEL_VTI ? VTI_MTU : t->has_key ? TUNNEL_MTU - TUNNEL_KEY_LEN : TUNNEL_MTU;
	r->source = derive_local(c->conf, i);
	if (t->source_if.type != IFACE_NONE)
		iface_name(&t->source_if, r->source_if);
	r->destination = derive_remote(i);
	r->over_v6 = t->over_v6;
	r->has_key = t->has_key;
	r->key = t->key;
	r->ttl = t->ttl == 0 ? 255 : t->ttl;
	r->pmtud = derive_pmtud(c->conf, i);
	r->path_min = (uint16_t)derive_path_min(i);
	r->path_age_min = (uint16_t)derive_path_age_min(i);
	memcpy(r->profile, t->profile, sizeof(r->profile));
	r->shared = t->shared;
}

static void
send_interface(struct shell *s, uint32_t seq, const struct conf_iface *i)
{
	const struct control *c = s->control;
	const struct conf_iface *saved = conf_iface_find(c->saved, &i->id);
	struct ipc_row_interface r = {.type = (uint8_t)i->id.type, .admin_up = !i->shutdown,
	    .address = i->address, .bandwidth_kbps = conf_iface_bandwidth_kbps(i),
	    .delay_us = conf_iface_delay_us(i), .tcp_mss = i->tcp_mss,
	    .ipv6 = conf_ipv6_on(&i->ipv6)};

	iface_name(&i->id, r.name);
	nics_linux_name(&c->nics, &i->id, r.ifname);
	r.address_saved = saved != NULL && prefix_eq(&saved->address, &i->address);
	snprintf(r.description, sizeof(r.description), "%s", i->description);
	r.ip_mtu = (uint16_t)derive_mtu(c->conf, i);
	if (i->id.type == IFACE_TUNNEL)
		put_tunnel(c, i, &r);
	put_link(c, i, &r);
	r.proxy_arp = is_set(r.ifname, "proxy_arp");
	r.redirects = is_set(r.ifname, "send_redirects");
	ipc_send_seq(s->conn, IPC_MSG_ROW_INTERFACE, seq, &r);
}

/* IOS lists what is soldered in first, then loopbacks and tunnels. */
static void
show_interfaces(struct shell *s, const struct ipc_msg *m)
{
	const char *only = m->body->show.name;
	uint64_t from = m->body->show.cursor, at = 0;
	const struct conf_iface *i;
	char name[IFACE_NAME_MAX];
	int pass;

	kernel_read_links(&s->control->kernel);
	for (pass = 0; pass < 2; pass++) {
		DL_FOREACH(s->control->conf->ifaces, i) {
			if ((i->id.type == IFACE_GIGABIT) != (pass == 0) || at++ < from ||
			    (only[0] != '\0' && strcmp(iface_name(&i->id, name), only) != 0))
				continue;
			if (ipc_queued(s->conn) > IPC_SHOW_BYTES) {
				end(s, m->seq, at - 1);
				return;
			}
			send_interface(s, m->seq, i);
		}
	}
	end(s, m->seq, 0);
}

/* --- */

void
show_rows(struct shell *s, const struct ipc_msg *m)
{
	switch (m->body->show.what) {
	case SHOW_RUNNING:
	case SHOW_STARTUP:
	case SHOW_STARTUP_ERRORS:
	case SHOW_UNSAVED:
	case SHOW_LOGGING:
	case SHOW_EEM_POLICIES:
	case SHOW_EEM_HISTORY:
	case SHOW_EEM_STATISTICS:
		show_texts(s, m);
		break;
	case SHOW_PROCESSES:
		show_processes(s, m);
		break;
	case SHOW_INTERFACES:
		show_interfaces(s, m);
		break;
	case SHOW_ADDRESSES:
		end(s, m->seq, show_addresses(s, m, ADDR_V6));
		break;
	case SHOW_IPV4_ADDRESSES:
		end(s, m->seq, show_addresses(s, m, ADDR_V4));
		break;
	case SHOW_ARP:
		end(s, m->seq, show_arp(s, m));
		break;
	case SHOW_USERS:
		login_show_users(s->control, s->conn, m->seq);
		end(s, m->seq, 0);
		break;
	case SHOW_ROUTES:
		show_routes(s, m);
		break;
	case SHOW_KEYS:
		show_pki_keys(s, m->seq);
		end(s, m->seq, 0);
		break;
	case SHOW_CRLS:
		show_pki_crls(s, m->seq);
		end(s, m->seq, 0);
		break;
	default:
		ipc_done(s->conn, m, "control has no such rows", 0);
	}
}
