/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show crypto ipsec sa [detail]: a block a flow, with its SAs.
 *
 * During a rekey a flow has two pairs; both are shown, the one that sends
 * first, and it is that one's outbound SPI that is "current".
 */
#include <string.h>

#include "algs.h"
#include "show_crypto.h"

typedef unsigned long long ull;

/* The interface that has the local address: the one whose MTU counts. */
static const struct ipc_row_interface *
outgoing(const struct rows *interfaces, const struct addr *local)
{
	static const struct ipc_row_interface none = {.name = "(none)"};
	const struct ipc_row_interface *i;

	ROWS_EACH(i, interfaces)
		if (i->type != IFACE_TUNNEL && addr_eq(&i->address.addr, local))
			return i;
	return &none;
}

static void
add_ident(struct text *out, const char *which, const struct prefix *p, uint8_t proto,
    uint16_t port)
{
	text_add(out, "   %s ident (addr/mask/prot/port): (%s/%u/%u)\n", which,
	    masked_str(p, (char[MASKED_STRLEN]){0}), proto, port);
}

static void
add_counters(struct text *out, const struct ipc_row_esp_peer *c)
{
	text_add(out, "    #pkts encaps: %llu, #pkts encrypt: %llu, #pkts digest: %llu\n",
	    (ull)c->encaps, (ull)c->encaps, (ull)c->encaps);
	text_add(out, "    #pkts decaps: %llu, #pkts decrypt: %llu, #pkts verify: %llu\n",
	    (ull)c->decaps, (ull)c->decaps, (ull)c->decaps);
	text_add(out, "    #pkts compressed: 0, #pkts decompressed: 0\n"
	    "    #pkts not compressed: 0, #pkts compr. failed: 0\n"
	    "    #pkts not decompressed: 0, #pkts decompress failed: 0\n");
}

static void
add_errors(struct text *out, const struct ipc_row_esp_peer *c)
{
	uint64_t named = c->in_bad_tag + c->in_replay;

	text_add(out, "    #pkts no sa (send) 0, #pkts invalid sa (rcv) 0\n");
	text_add(out, "    #pkts encaps failed (send) %llu, #pkts decaps failed (rcv) %llu\n",
	    (ull)c->out_errors, (ull)(c->in_errors > named ? c->in_errors - named : 0));
	text_add(out, "    #pkts invalid prot (recv) 0, #pkts verify failed: %llu\n",
	    (ull)c->in_bad_tag);
	text_add(out, "    #pkts invalid identity (recv) 0, #pkts invalid len (rcv) 0\n"
	    "    #pkts replay rollover (send): 0, #pkts replay rollover (rcv) 0\n");
	text_add(out, "    ##pkts replay failed (rcv): %llu\n", (ull)c->in_replay);
	text_add(out, "    #pkts tagged (send): 0, #pkts untagged (rcv): 0\n"
	    "    #pkts not tagged (send): 0, #pkts not untagged (rcv): 0\n"
	    "    #pkts internal err (send): 0, #pkts internal err (recv) 0\n");
}

static void
add_sa(struct text *out, const struct ipc_row_flow *f, bool inbound, uint64_t bytes)
{
	uint32_t spi = inbound ? f->spi_in : f->spi_out;
	uint32_t conn_id = inbound ? f->conn_id : f->conn_id + 1;
	struct esp_transform t = {f->cipher, f->key_bits, f->integ};
	char transform[TRANSFORM_STRLEN], map[MAP_STRLEN];

	text_add(out, "      spi: 0x%X(%u)\n", spi, spi);
	text_add(out, "        transform: %s ,\n", esp_transform_show_str(&t, transform));
	text_add(out, "        in use settings ={%s%s, }\n",
	    f->mode == MODE_TRANSPORT ? "Transport" : "Tunnel", f->encap ? " UDP-Encaps" : "");
	text_add(out, "        conn id: %u, flow_id: SW:%u, sibling_flags FFFFFFFF80000048, "
	    "crypto map: %s\n", conn_id, conn_id, flow_map(f, map));
	if (f->life_kb == 0)
		text_add(out, "        sa timing: remaining key lifetime (sec): %u\n"
		    "        Kilobyte Volume Rekey has been disabled\n", f->life_left_s);
	else
		text_add(out, "        sa timing: remaining key lifetime (k/sec): (%llu/%u)\n",
		    (ull)kilobytes_left(f, bytes), f->life_left_s);
	text_add(out, "        IV size: %u bytes\n", cipher_shape(f->cipher)->iv);
	text_add(out, "        replay detection support: %s", f->replay_window == 0 ? "N" : "Y");
	if (f->replay_window != 0 && f->replay_window != 64)
		text_add(out, "  replay window size: %u", f->replay_window);
	text_add(out, "\n        Status: ACTIVE(ACTIVE)\n");
}

static void
add_sas(struct text *out, const struct crypto_view *v, const struct ipc_row_flow *f, size_t pairs,
    bool inbound)
{
	const char *way = inbound ? "inbound" : "outbound";

	text_add(out, "\n     %s esp sas:\n", way);
	for (size_t i = 0; i < pairs; i++) {
		const struct ipc_row_esp_sa *c = pair_counters(v, f[i].spi_in);

		if (inbound && f[i].spi_in != 0)
			add_sa(out, &f[i], true, c->in_bytes);
		else if (!inbound && f[i].spi_out != 0)
			add_sa(out, &f[i], false, c->out_bytes);
	}
	text_add(out, "\n     %s ah sas:\n\n     %s pcp sas:\n", way, way);
}

static void
add_ends(struct text *out, const struct ipc_row_flow *f, const struct ipc_row_esp_peer *c,
    const struct ipc_row_interface *idb)
{
	unsigned int mtu = idb->ip_mtu != 0 ? idb->ip_mtu : 1500;
	unsigned int path = c->path_mtu != 0 ? c->path_mtu : mtu;
	const char *ip = f->remote.family == ADDR_V6 ? "ipv6" : "ip";

	text_add(out, "\n     local crypto endpt.: %s, remote crypto endpt.: %s\n",
	    ADDR_STR(&f->local), ADDR_STR(&f->remote));
	text_add(out, "     plaintext mtu %u, path mtu %u, %s mtu %u, %s mtu idb %s\n",
	    c->plain_mtu != 0 ? c->plain_mtu : path, path, ip, mtu, ip, idb->name);
	text_add(out, "     current outbound spi: 0x%X(%u)\n", f->spi_out, f->spi_out);
	if (f->pfs_group != 0)
		text_add(out, "     PFS (Y/N): Y, DH group: group%u\n", f->pfs_group);
	else
		text_add(out, "     PFS (Y/N): N, DH group: none\n");
}

static void
add_flow(struct text *out, const struct crypto_view *v, const struct ipc_row_flow *f, size_t pairs,
    const struct ipc_row_interface *idb, bool detail)
{
	const struct ipc_row_esp_peer *c = peer_counters(v, f->peer_ref);

	text_add(out, "\n   protected vrf: (none)\n");
	add_ident(out, "local ", &f->ts_local, f->ts_proto, f->ts_local_port);
	add_ident(out, "remote", &f->ts_remote, f->ts_proto, f->ts_remote_port);
	text_add(out, "   current_peer %s port %u\n     PERMIT, flags={origin_is_acl,}\n",
	    ADDR_STR(&f->remote), f->remote_port);
	add_counters(out, c);
	if (detail)
		add_errors(out, c);
	else
		text_add(out, "    #send errors %llu, #recv errors %llu\n", (ull)c->out_errors,
		    (ull)c->in_errors);
	add_ends(out, f, c, idb);
	add_sas(out, v, f, pairs, true);
	add_sas(out, v, f, pairs, false);
}

static void
add_interfaces(struct text *out, const struct crypto_view *v, const struct rows *interfaces,
    const struct show_args *a, bool detail)
{
	const char *last = "";
	char map[MAP_STRLEN];

	for (size_t i = 0; i < v->count; i++) {
		const struct session *s = &v->sessions[i];

		if (s->flow_count == 0 || !wanted_name(a, s->tunnel) || !wanted_addr(a, &s->remote))
			continue;
		flow_map(s->flows, map);
		if (a->tag[0] != '\0' && strcmp(a->tag, map) != 0)
			continue;
		if (strcmp(last, s->tunnel) != 0)
			text_add(out, "\ninterface: %s\n    Crypto map tag: %s, local addr %s\n",
			    s->tunnel, map, ADDR_STR(&s->local));
		last = s->tunnel;
		for (size_t j = 0, n; j < s->flow_count; j += n) {
			n = pairs_of_flow(&s->flows[j], s->flow_count - j);
			add_flow(out, v, &s->flows[j], n, outgoing(interfaces, &s->local), detail);
		}
	}
}

static const char *
show_sas(struct show_source *src, const struct show_args *a, struct text *out, bool detail)
{
	struct rows interfaces = {0};
	struct crypto_view v;
	const char *why = crypto_view_open(&v, src, true);

	/* Control only adds a name to one line: SAs are shown while it is away, too. */
	if (why == NULL) {
		rows_ask(&interfaces, src, IPC_CONTROL, SHOW_INTERFACES, IPC_MSG_ROW_INTERFACE);
		add_interfaces(out, &v, &interfaces, a, detail);
	}
	rows_free(&interfaces);
	crypto_view_close(&v);
	return why;
}

const char *
show_crypto_ipsec_sa(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_sas(src, a, out, a->detail);
}

const char *
show_crypto_ipsec_sa_detail(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_sas(src, a, out, true);
}
