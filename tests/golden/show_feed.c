/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "show_feed.h"

struct fed_row fed[160];
size_t fed_count;
enum ipc_role silent;

struct addr
A(const char *s)
{
	struct addr a;

	assert_true(addr_parse(&a, s));
	return a;
}

struct prefix
P(const char *s)
{
	struct prefix p;

	assert_true(prefix_parse(&p, s));
	return p;
}

union ipc_body *
feed(enum ipc_role server, enum ipc_show_what what, enum ipc_type type)
{
	struct fed_row *r = &fed[fed_count++];

	assert_true(fed_count <= sizeof(fed) / sizeof(fed[0]));
	*r = (struct fed_row){.server = server, .what = what, .type = type};
	return &r->body;
}

static const char *
fed_ask(struct show_source *s, enum ipc_role server, const struct ipc_show *q, show_row *row,
    void *arg)
{
	(void)s;
	if (server == silent)
		return "% it does not answer: see show processes";
	for (size_t i = 0; i < fed_count; i++)
		if (fed[i].server == server && fed[i].what == q->what)
			row(arg, fed[i].type, &fed[i].body);
	return NULL;
}

struct show_source fed_source = {
	.ask = fed_ask,
	.now = {(int64_t)NOW_S * 1000000},
	.wall_us = 1794168964554000,	/* Sun Nov  8 2026 */
	.hostname = "R1",
	.pid = 4711,
};

void
feed_text(enum ipc_show_what what, const char *text)
{
	feed(IPC_CONTROL, what, IPC_MSG_TEXT)->text.text = slice_of(text, strlen(text));
}

struct ipc_row_interface *
feed_interface(const char *name, enum iface_type type, const char *address)
{
	struct ipc_row_interface *i =
	    &feed(IPC_CONTROL, SHOW_INTERFACES, IPC_MSG_ROW_INTERFACE)->row_interface;

	*i = (struct ipc_row_interface){.type = type, .admin_up = 1, .line_up = 1, .mtu = 1500,
	    .ip_mtu = 1500, .bandwidth_kbps = 1000000, .delay_us = 10, .address_saved = 1};
	snprintf(i->name, sizeof(i->name), "%s", name);
	if (address != NULL)
		i->address = P(address);
	return i;
}

void
feed_tunnel(const char *name, enum tunnel_kind kind, const char *address, const char *destination)
{
	struct ipc_row_interface *i = feed_interface(name, IFACE_TUNNEL, address);

	i->kind = kind;
	i->mtu = 9976;
	i->ip_mtu = 1476;
	i->bandwidth_kbps = 100;
	i->delay_us = 50000;
	i->ttl = 255;
	i->source = A("192.0.2.1");
	if (destination != NULL)
		i->destination = A(destination);
	if (kind == TUNNEL_MGRE) {
		i->has_key = 1;
		i->key = 100;
		snprintf(i->source_if, sizeof(i->source_if), "GigabitEthernet0/0");
	}
	if (kind != TUNNEL_GRE)
		snprintf(i->profile, sizeof(i->profile), "CLOUD");
}

struct ipc_row_ike_sa *
feed_ike(uint32_t conn_id, uint32_t peer_ref, const char *tunnel, const char *remote)
{
	struct ipc_row_ike_sa *sa =
	    &feed(IPC_IKED, SHOW_IKE_SA, IPC_MSG_ROW_IKE_SA)->row_ike_sa;

	*sa = (struct ipc_row_ike_sa){.conn_id = conn_id, .version = 1, .peer_ref = peer_ref,
	    .local = A("192.0.2.1"), .remote = A(remote), .local_port = 500, .remote_port = 500,
	    .state = IKE_QM_IDLE, .cipher = CIPHER_AES_CBC, .key_bits = 256, .hash = HASH_SHA256,
	    .group = 14, .life_left_s = 85999, .dpd = 1};
	snprintf(sa->tunnel, sizeof(sa->tunnel), "%s", tunnel);
	return sa;
}

struct ipc_row_flow *
feed_flow(uint32_t peer_ref, const char *tunnel, const char *remote, uint32_t spi_in,
    uint32_t spi_out)
{
	struct ipc_row_flow *f = &feed(IPC_IKED, SHOW_FLOWS, IPC_MSG_ROW_FLOW)->row_flow;

	*f = (struct ipc_row_flow){.peer_ref = peer_ref, .local = A("192.0.2.1"),
	    .remote = A(remote), .local_port = 500, .remote_port = 500, .spi_in = spi_in,
	    .spi_out = spi_out, .current = spi_out != 0, .mode = MODE_TRANSPORT,
	    .cipher = CIPHER_AES_CBC, .key_bits = 256, .integ = INTEG_HMAC_SHA256_128,
	    .life_left_s = 3000, .life_kb = 4608000, .replay_window = 64,
	    .conn_id = 2 * (spi_in & 0xfff), .state = spi_in != 0 ? PEER_UP : PEER_IKE,
	    .since_us = spi_in != 0 ? AGO(2 * HOUR + 5) : 0, .ts_proto = 47};
	f->ts_local = (struct prefix){.addr = f->local, .len = 32};
	f->ts_remote = (struct prefix){.addr = f->remote, .len = 32};
	snprintf(f->tunnel, sizeof(f->tunnel), "%s", tunnel);
	return f;
}

void
feed_esp(uint32_t peer_ref, uint32_t spi, uint64_t packets)
{
	struct ipc_row_esp_sa *sa = &feed(IPC_ESPD, SHOW_ESP_SA, IPC_MSG_ROW_ESP_SA)->row_esp_sa;

	*sa = (struct ipc_row_esp_sa){.spi = spi, .peer_ref = peer_ref, .in_packets = packets,
	    .in_bytes = packets * 1024, .out_packets = packets, .out_bytes = packets * 2048,
	    .in_seq = packets + 1, .out_seq = packets, .worker = spi & 1, .backend = spi % ESP_BACKENDS};
}

void
feed_esp_peer(uint32_t peer_ref, const char *remote, uint64_t packets)
{
	struct ipc_row_esp_peer *p =
	    &feed(IPC_ESPD, SHOW_ESP_PEERS, IPC_MSG_ROW_ESP_PEER)->row_esp_peer;

	*p = (struct ipc_row_esp_peer){.peer_ref = peer_ref, .local = A("192.0.2.1"),
	    .remote = A(remote), .path_mtu = 1500, .plain_mtu = 1458, .encaps = packets,
	    .decaps = packets + 1, .in_errors = 6, .in_replay = 3, .in_bad_tag = 2,
	    .out_errors = 1};
}
