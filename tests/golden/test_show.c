/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every renderer of `show` against a golden text, from rows of this test's own.
 *
 * The scene: R1 is a hub of Tunnel0 (mGRE, protected) with two spokes, one of
 * them behind NAT and in the middle of a rekey; a spoke of Tunnel2 (in clear);
 * and Tunnel1 is a VTI whose peer does not answer.  The clock stands still.
 *
 * GOLDEN_WRITE=1 in the environment writes the golden files instead: read the
 * difference before it is committed.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/opensslv.h>

#include "../../cli/show.h"
#include "algs.h"
#include "cert.h"
#include "drops.h"
#include "names.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, NOW_S = 100 * DAY };

#define AGO(s) ((uint64_t)(NOW_S - (s)) * 1000000)
#define IN(s) ((uint64_t)(NOW_S + (s)) * 1000000)

struct fed_row {
	enum ipc_role server;
	enum ipc_show_what what;
	enum ipc_type type;
	union ipc_body body;
};

static struct fed_row fed[160];
static size_t fed_count;
static enum ipc_role silent;	/* a daemon that does not answer */

static struct addr
A(const char *s)
{
	struct addr a;

	assert_true(addr_parse(&a, s));
	return a;
}

static struct prefix
P(const char *s)
{
	struct prefix p;

	assert_true(prefix_parse(&p, s));
	return p;
}

static union ipc_body *
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

static struct show_source source = {
	.ask = fed_ask,
	.now = {(int64_t)NOW_S * 1000000},
	.wall_us = 1794168964554000,	/* Sun Nov  8 2026 */
	.hostname = "R1",
};

/* --- the scene --- */

static void
feed_text(enum ipc_show_what what, const char *text)
{
	feed(IPC_CONTROL, what, IPC_MSG_TEXT)->text.text = slice_of(text, strlen(text));
}

static void
feed_process(const char *name, uint32_t pid, uint32_t restarts, unsigned int age_s, const char *exit)
{
	struct ipc_process *p = &feed(IPC_CONTROL, SHOW_PROCESSES, IPC_MSG_PROCESS)->process;

	*p = (struct ipc_process){.pid = pid, .restarts = restarts, .since_us = AGO(age_s)};
	snprintf(p->name, sizeof(p->name), "%s", name);
	snprintf(p->last_exit, sizeof(p->last_exit), "%s", exit);
}

static struct ipc_row_interface *
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

static void
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

static void
feed_interfaces(void)
{
	struct ipc_row_interface *i;

	feed_tunnel("Tunnel0", TUNNEL_MGRE, "10.255.0.1/24", NULL);
	fed[fed_count - 1].body.row_interface.in_bps = 40000;
	fed[fed_count - 1].body.row_interface.in_pps = 12;
	fed[fed_count - 1].body.row_interface.in_packets = 5120;
	fed[fed_count - 1].body.row_interface.in_bytes = 655360;
	fed[fed_count - 1].body.row_interface.out_drops = 3;
	feed_tunnel("Tunnel1", TUNNEL_VTI, "10.254.1.1/30", "192.0.2.77");
	fed[fed_count - 1].body.row_interface.line_up = 0;
	snprintf(fed[fed_count - 1].body.row_interface.line_why, 64, "down - IPsec is not up");
	feed_tunnel("Tunnel2", TUNNEL_GRE, "10.253.0.2/24", "192.0.2.50");
	i = feed_interface("GigabitEthernet0/0", IFACE_GIGABIT, "192.0.2.1/24");
	snprintf(i->mac, sizeof(i->mac), "02cc.0001.0000");
	snprintf(i->description, sizeof(i->description), "to the provider");
	i->in_packets = 9000;
	i->in_bytes = 1200000;
	i->in_multicast = 7;
	i->last_in_us = AGO(3);
	i->last_out_us = AGO(90061);
	i->cleared_us = AGO(65);
	i = feed_interface("GigabitEthernet0/1", IFACE_GIGABIT, NULL);
	snprintf(i->mac, sizeof(i->mac), "02cc.0001.0001");
	i->admin_up = i->line_up = 0;
	i = feed_interface("Loopback0", IFACE_LOOPBACK, "10.0.0.1/32");
	i->mtu = 1514;
	i->bandwidth_kbps = 8000000;
	i->delay_us = 5000;
	i->address_saved = 0;
}

static void
feed_route(char code, const char *prefix, const char *gateway, const char *interface,
    unsigned int distance, unsigned int metric)
{
	struct ipc_row_route *r = &feed(IPC_CONTROL, SHOW_ROUTES, IPC_MSG_ROW_ROUTE)->row_route;

	*r = (struct ipc_row_route){.prefix = P(prefix), .code = (uint8_t)code,
	    .distance = (uint8_t)distance, .metric = metric, .since_us = AGO(DAY + 2 * HOUR)};
	if (gateway != NULL)
		r->gateway = A(gateway);
	snprintf(r->interface, sizeof(r->interface), "%s", interface);
}

static void
feed_routes(void)
{
	feed_route('C', "192.0.2.0/24", NULL, "GigabitEthernet0/0", 0, 0);
	feed_route('L', "192.0.2.1/32", NULL, "GigabitEthernet0/0", 0, 0);
	feed_route('S', "0.0.0.0/0", "192.0.2.254", "", 1, 0);
	feed_route('C', "10.0.0.1/32", NULL, "Loopback0", 0, 0);
	feed_route('C', "10.255.0.0/24", NULL, "Tunnel0", 0, 0);
	feed_route('L', "10.255.0.1/32", NULL, "Tunnel0", 0, 0);
	feed_route('H', "10.20.0.0/16", "10.255.0.2", "Tunnel0", 250, 255);
	feed_route('S', "172.20.1.0/24", "10.255.0.2", "", 1, 0);
	feed_route('S', "172.20.2.0/24", "10.255.0.3", "", 1, 0);
	feed_route('S', "172.20.2.0/24", "10.255.0.2", "", 1, 0);
	feed_route('B', "198.51.100.0/24", "10.255.0.3", "", 200, 0);
	feed_route('S', "203.0.112.0/23", NULL, "Null0", 1, 0);
}

static void
feed_address(const char *interface, const char *address)
{
	struct ipc_row_address *r = &feed(IPC_CONTROL, SHOW_ADDRESSES, IPC_MSG_ROW_ADDRESS)->row_address;

	*r = (struct ipc_row_address){.address = P(address)};
	snprintf(r->interface, sizeof(r->interface), "%s", interface);
}

static void
feed_ipv6(void)
{
	for (size_t i = 0; i < fed_count; i++)
		if (fed[i].what == SHOW_INTERFACES)
			fed[i].body.row_interface.ipv6 = fed[i].body.row_interface.kind != TUNNEL_MGRE &&
			    fed[i].body.row_interface.admin_up;
	feed_address("GigabitEthernet0/0", "2001:db8::1/64");
	feed_address("GigabitEthernet0/0", "fe80::cc:ff:fe01:0/64");
	feed_address("GigabitEthernet0/0", "2001:db8:0:1::1/64");
	fed[fed_count - 1].body.row_address.duplicate = 1;
	feed_address("Tunnel2", "fe80::2/64");
	feed_address("Tunnel2", "fd00::2/64");
	fed[fed_count - 1].body.row_address.tentative = 1;
	feed_address("Loopback0", "fd00:100::1/128");
	feed_route('C', "2001:db8::/64", NULL, "GigabitEthernet0/0", 0, 256);
	feed_route('L', "2001:db8::1/128", NULL, "GigabitEthernet0/0", 0, 0);
	feed_route('S', "::/0", "fe80::1", "GigabitEthernet0/0", 1, 0);
	feed_route('S', "2001:db8:5::/48", "2001:db8::9", "", 5, 0);
	feed_route('S', "2001:db8:5::/48", "2001:db8::8", "", 5, 0);
	feed_route('O', "fd00:200::/64", "fd00::1", "Tunnel2", 110, 20);
	feed_route('S', "fd00:300::/64", NULL, "Null0", 1, 0);
}

static struct ipc_row_ike_sa *
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

static struct ipc_row_flow *
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

static void
feed_esp(uint32_t peer_ref, uint32_t spi, uint64_t packets)
{
	struct ipc_row_esp_sa *sa = &feed(IPC_ESPD, SHOW_ESP_SA, IPC_MSG_ROW_ESP_SA)->row_esp_sa;

	*sa = (struct ipc_row_esp_sa){.spi = spi, .peer_ref = peer_ref, .in_packets = packets,
	    .in_bytes = packets * 1024, .out_packets = packets, .out_bytes = packets * 2048,
	    .in_seq = packets + 1, .out_seq = packets, .worker = spi & 1, .backend = spi % ESP_BACKENDS};
}

static void
feed_esp_peer(uint32_t peer_ref, const char *remote, uint64_t packets)
{
	struct ipc_row_esp_peer *p =
	    &feed(IPC_ESPD, SHOW_ESP_PEERS, IPC_MSG_ROW_ESP_PEER)->row_esp_peer;

	*p = (struct ipc_row_esp_peer){.peer_ref = peer_ref, .local = A("192.0.2.1"),
	    .remote = A(remote), .path_mtu = 1500, .plain_mtu = 1458, .encaps = packets,
	    .decaps = packets + 1, .in_errors = 6, .in_replay = 3, .in_bad_tag = 2,
	    .out_errors = 1};
}

static void
feed_crypto(void)
{
	struct ipc_row_ike_sa *sa;
	struct ipc_row_flow *f;

	sa = feed_ike(1002, 21, "Tunnel0", "198.51.100.20");
	snprintf(sa->identity, sizeof(sa->identity), "198.51.100.20");
	sa = feed_ike(1001, 21, "Tunnel0", "198.51.100.20");
	sa->deleted = 1;
	sa = feed_ike(1003, 22, "Tunnel0", "198.51.100.30");
	snprintf(sa->identity, sizeof(sa->identity), "172.31.0.5");
	sa->local_port = 4500;
	sa->remote_port = 40001;
	sa->natt = sa->initiator = 1;
	sa = feed_ike(0, 23, "Tunnel1", "192.0.2.77");
	sa->state = IKE_MM_NO_STATE;
	sa->initiator = 1;
	sa->dpd = 0;

	feed_flow(21, "Tunnel0", "198.51.100.20", 0x1c001001, 0x2d002001);
	f = feed_flow(22, "Tunnel0", "198.51.100.30", 0x0c001002, 0x0d002002);
	f->current = 0;
	f->life_left_s = 120;
	f->encap = 1;
	f->local_port = 4500;
	f->remote_port = 40001;
	f = feed_flow(22, "Tunnel0", "198.51.100.30", 0x0c001003, 0x0d002003);
	f->life_kb = 0;
	f->replay_window = 1024;
	f->pfs_group = 14;
	f->encap = 1;
	f->local_port = 4500;
	f->remote_port = 40001;
	f = feed_flow(23, "Tunnel1", "192.0.2.77", 0, 0);
	f->mode = MODE_TUNNEL;
	f->ts_proto = 0;
	f->ts_local = f->ts_remote = P("0.0.0.0/0");

	feed_esp(22, 0x0c001003, 4);
	feed_esp(22, 0x0c001002, 700);
	feed_esp(21, 0x1c001001, 40);
	feed_esp_peer(22, "198.51.100.30", 704);
	feed_esp_peer(21, "198.51.100.20", 40);
}

static struct ipc_row_ikev2_sa *
feed_ikev2(uint32_t conn_id, uint32_t session_id, const char *local, const char *remote)
{
	struct ipc_row_ikev2_sa *sa =
	    &feed(IPC_IKED, SHOW_IKEV2_SA, IPC_MSG_ROW_IKEV2_SA)->row_ikev2_sa;

	*sa = (struct ipc_row_ikev2_sa){.conn_id = conn_id, .session_id = session_id,
	    .local = A(local), .remote = A(remote), .local_port = 500, .remote_port = 500,
	    .state = IPC_IKEV2_READY, .initiator = 1, .cipher = CIPHER_AES_CBC, .key_bits = 256,
	    .integ = INTEG_HMAC_SHA512_256, .prf = HASH_SHA512, .group = 19,
	    .auth_sign = IPC_AUTH_PSK, .auth_verify = IPC_AUTH_PSK, .life_s = 86400,
	    .active_s = 735, .local_spi = 0x6F86196AB2C574E3, .remote_spi = 0x4AD695CF23C4805,
	    .local_msgid = 2, .remote_msgid = 6, .local_window = 5, .remote_window = 5,
	    .dpd_s = 10, .dpd_retry_s = 2, .children = 1, .profile = "PARTNER"};
	snprintf(sa->local_id, sizeof(sa->local_id), "%s", local);
	snprintf(sa->remote_id, sizeof(sa->remote_id), "gw.example.net");
	return sa;
}

/* A VTI's session; one over IPv6 with another algorithm; and one that only begins. */
static void
feed_ikev2_sas(void)
{
	struct ipc_row_ikev2_sa *sa;
	struct ipc_row_flow *f;

	sa = feed_ikev2(2, 3, "2001:db8::1", "2001:db8::9");
	sa->cipher = CIPHER_AES_GCM;
	sa->integ = INTEG_NONE;
	sa->auth_sign = IPC_AUTH_RSA;
	sa->auth_verify = IPC_AUTH_ECDSA;
	sa->initiator = sa->dpd_s = sa->dpd_retry_s = 0;
	sa->fragmentation = 1;
	sa->children = 0;
	sa = feed_ikev2(3, 4, "192.0.2.1", "198.51.100.99");
	*sa = (struct ipc_row_ikev2_sa){.conn_id = 3, .session_id = 4, .local = sa->local,
	    .remote = sa->remote, .local_port = 500, .remote_port = 500, .state = IPC_IKEV2_INIT,
	    .initiator = 1, .life_s = 86400, .local_spi = 0x11};
	sa = feed_ikev2(1, 1, "192.0.2.1", "203.0.113.40");
	sa->local_port = sa->remote_port = 4500;
	sa->nat_remote = 1;
	f = feed_flow(40, "Tunnel3", "203.0.113.40", 0x1c001040, 0x2d002040);
	f->local_port = f->remote_port = 4500;
	f->encap = 1;
	f->mode = MODE_TUNNEL;
	f->ts_proto = 0;
	f->ts_local = P("10.1.0.0/16");
	f->ts_remote = P("0.0.0.0/0");
	feed_esp(40, 0x1c001040, 9);
	feed_esp_peer(40, "203.0.113.40", 9);
}

static void
feed_admission(void)
{
	feed(IPC_IKED, SHOW_ADMISSION, IPC_MSG_ROW_ADMISSION)->row_admission =
	    (struct ipc_row_admission){.max_sas = 500, .max_negotiating = 1000, .active1 = 3,
		.active2 = 2, .negotiating1 = 1, .negotiating2 = 1, .in_accepted = 20,
		.in_rejected = 7, .out_accepted = 9, .out_rejected = 1, .by_sas = 3,
		.by_negotiating = 5, .pairs = 4, .pairs_negotiating = 1, .pairs_in = 14,
		.pairs_in_rejected = 2, .pairs_out = 6, .created1 = 17, .failed1 = 1,
		.created2 = 11, .failed2 = 2, .ended2 = 9, .pairs_created = 18, .pairs_failed = 1};
}

static void
feed_ikev2_conf(void)
{
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_GLOBAL)->ikev2_global =
	    (struct ipc_ikev2_global){.max_sas = 1000, .max_negotiating = 40, .window = 5};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_PROPOSAL)->ikev2_proposal =
	    (struct ipc_ikev2_proposal){.name = "OLD", .encr0 = CIPHER_AES_CBC, .bits0 = 128,
		.encr1 = CIPHER_3DES_CBC, .integ0 = INTEG_HMAC_SHA1_96, .integ1 = INTEG_HMAC_MD5_96,
		.prf0 = HASH_SHA1, .prf1 = HASH_MD5, .group0 = 2, .group1 = 31};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_PROPOSAL)->ikev2_proposal =
	    (struct ipc_ikev2_proposal){.name = "GCM", .encr0 = CIPHER_AES_GCM, .bits0 = 256,
		.prf0 = HASH_SHA384, .group0 = 20};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_PROPOSAL)->ikev2_proposal =
	    (struct ipc_ikev2_proposal){.name = "default", .encr0 = CIPHER_AES_CBC, .bits0 = 256,
		.integ0 = INTEG_HMAC_SHA512_256, .integ1 = INTEG_HMAC_SHA384_192,
		.prf0 = HASH_SHA512, .prf1 = HASH_SHA384, .group0 = 19, .group1 = 14, .group2 = 21};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_POLICY)->ikev2_policy =
	    (struct ipc_ikev2_policy){.name = "OUTSIDE", .local = A("192.0.2.1"),
		.proposal0 = "GCM", .proposal1 = "OLD"};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_POLICY)->ikev2_policy =
	    (struct ipc_ikev2_policy){.name = "default", .proposal0 = "default"};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_PROFILE)->ikev2_profile =
	    (struct ipc_ikev2_profile){.name = "PARTNER", .auth_local = IPC_AUTH_PSK,
		.auth_remote = IPC_AUTH_PSK | IPC_AUTH_RSA, .id_type = IPC_ID_FQDN,
		.id = "r1.example.net", .keyring = "KR", .trustpoint0 = "CA", .life_s = 3600,
		.has_dpd = 1, .dpd_s = 10, .dpd_retry_s = 2, .dpd_periodic = 1,
		.natt_keepalive_s = 20};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_PROFILE)->ikev2_profile =
	    (struct ipc_ikev2_profile){.name = "CERT", .auth_local = IPC_AUTH_ECDSA,
		.auth_remote = IPC_AUTH_ECDSA, .life_s = 86400};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_MATCH)->ikev2_match =
	    (struct ipc_ikev2_match){.profile = "PARTNER", .kind = IPC_MATCH_ADDRESS,
		.address = P("203.0.113.0/24")};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_MATCH)->ikev2_match =
	    (struct ipc_ikev2_match){.profile = "PARTNER", .position = 1,
		.kind = IPC_MATCH_FQDN_DOMAIN, .text = "example.net"};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_MATCH)->ikev2_match =
	    (struct ipc_ikev2_match){.profile = "CERT", .kind = IPC_MATCH_CERT_MAP, .text = "MAP"};
	feed(IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_MATCH)->ikev2_match =
	    (struct ipc_ikev2_match){.profile = "CERT", .position = 1,
		.kind = IPC_MATCH_LOCAL_ADDRESS, .address = P("192.0.2.1/32")};
	for (unsigned int i = 0; i < 2; i++) {
		struct ipc_row_counter *c =
		    &feed(IPC_IKED, SHOW_COUNTERS, IPC_MSG_ROW_COUNTER)->row_counter;

		*c = (struct ipc_row_counter){.scope = "iked", .value = 7 + i};
		snprintf(c->name, sizeof(c->name), "%s", i == 0 ? "main modes completed" :
		    "IKEv2 SAs set up");
	}
}

static void
feed_policies(void)
{
	struct ipc_ike_policy *p;

	p = &feed(IPC_IKED, SHOW_IKE_POLICIES, IPC_MSG_ROW_IKE_POLICY)->ike_policy;
	*p = (struct ipc_ike_policy){200, CIPHER_AES_CBC, 128, HASH_SHA1, 20, 3600, IPC_AUTH_PSK};
	p = &feed(IPC_IKED, SHOW_IKE_POLICIES, IPC_MSG_ROW_IKE_POLICY)->ike_policy;
	*p = (struct ipc_ike_policy){10, CIPHER_AES_CBC, 256, HASH_SHA256, 14, 86400, IPC_AUTH_PSK};
	p = &feed(IPC_IKED, SHOW_IKE_POLICIES, IPC_MSG_ROW_IKE_POLICY)->ike_policy;
	*p = (struct ipc_ike_policy){300, CIPHER_3DES_CBC, 0, HASH_MD5, 2, 86400, IPC_AUTH_PSK};
	p = &feed(IPC_IKED, SHOW_IKE_POLICIES, IPC_MSG_ROW_IKE_POLICY)->ike_policy;
	*p = (struct ipc_ike_policy){301, CIPHER_DES_CBC, 0, HASH_SHA1, 24, 86400, IPC_AUTH_RSA};
}

static struct ipc_row_nhrp *
feed_nhrp(const char *tunnel, const char *address, const char *next_hop, const char *nbma)
{
	struct ipc_row_nhrp *e = &feed(IPC_NHRPD, SHOW_NHRP, IPC_MSG_ROW_NHRP)->row_nhrp;

	*e = (struct ipc_row_nhrp){.address = P(address), .next_hop = A(next_hop),
	    .type = NHRP_DYNAMIC, .created_us = AGO(8 * DAY), .expires_us = IN(500),
	    .peer_state = PEER_UP, .peer_since_us = AGO(8 * DAY), .preference = 255};
	if (nbma != NULL)
		e->nbma = A(nbma);
	snprintf(e->name, sizeof(e->name), "%s", tunnel);
	return e;
}

static void
feed_nhrp_if(const char *name, uint8_t kind, const char *address, bool hub)
{
	struct ipc_row_nhrp_if *i =
	    &feed(IPC_NHRPD, SHOW_NHRP_IF, IPC_MSG_ROW_NHRP_IF)->row_nhrp_if;

	*i = (struct ipc_row_nhrp_if){.is_hub = hub, .is_spoke = !hub, .up = 1,
	    .address = P(address), .local = A("192.0.2.1"), .kind = kind};
	snprintf(i->name, sizeof(i->name), "%s", name);
	if (hub) {
		snprintf(i->protection, sizeof(i->protection), "Tunnel0");
	} else {
		i->remote = A("192.0.2.50");
	}
}

static void
feed_counter(const char *name, uint64_t value)
{
	struct ipc_row_counter *c =
	    &feed(IPC_NHRPD, SHOW_COUNTERS, IPC_MSG_ROW_COUNTER)->row_counter;

	*c = (struct ipc_row_counter){.scope = "Tunnel0", .value = value};
	snprintf(c->name, sizeof(c->name), "%s", name);
}

static void
feed_entries(void)
{
	struct ipc_row_nhrp *e;

	e = feed_nhrp("Tunnel0", "10.255.0.3/32", "10.255.0.3", "198.51.100.30");
	e->flags = NHRP_FLAG_UNIQUE | NHRP_FLAG_REGISTERED | NHRP_FLAG_NAT | NHRP_FLAG_NHOP;
	e->claimed = A("172.31.0.5");
	e = feed_nhrp("Tunnel0", "10.255.0.2/32", "10.255.0.2", "198.51.100.20");
	e->flags = NHRP_FLAG_ROUTER | NHRP_FLAG_NHOP | NHRP_FLAG_RIB;
	e->requester = A("10.255.0.1");
	e->request_id = 97;
	e = feed_nhrp("Tunnel0", "10.20.0.0/16", "10.255.0.2", "198.51.100.20");
	e->flags = NHRP_FLAG_ROUTER | NHRP_FLAG_RIB | NHRP_FLAG_NHO;
	e = feed_nhrp("Tunnel0", "10.255.0.4/32", "10.255.0.4", "198.51.100.40");
	e->peer_state = PEER_IPSEC;
	e->peer_since_us = AGO(9);
	e = feed_nhrp("Tunnel0", "10.255.0.9/32", "10.255.0.9", NULL);
	e->type = NHRP_INCOMPLETE;
	e->flags = NHRP_FLAG_NO_SOCKET;
	e->peer_state = PEER_DOWN;
	e->peer_since_us = 0;
	e = feed_nhrp("Tunnel0", "10.0.0.1/32", "10.255.0.1", "192.0.2.1");
	e->type = NHRP_LOCAL;
	e->flags = NHRP_FLAG_ROUTER | NHRP_FLAG_UNIQUE | NHRP_FLAG_LOCAL | NHRP_FLAG_NO_SOCKET;
	for (unsigned int i = 0; i < 2; i++) {
		e = feed_nhrp("Tunnel2", i == 0 ? "10.253.0.1/32" : "10.253.0.3/32",
		    i == 0 ? "10.253.0.1" : "10.253.0.3", i == 0 ? "192.0.2.50" : "192.0.2.60");
		e->type = NHRP_STATIC;
		e->flags = NHRP_FLAG_USED;
		e->expires_us = 0;
		e->peer_state = PEER_DOWN;
		e->peer_since_us = 0;
	}
}

static void
feed_nhs(const char *nhs, const char *nbma, bool responding)
{
	struct ipc_row_nhs *s = &feed(IPC_NHRPD, SHOW_NHS, IPC_MSG_ROW_NHS)->row_nhs;

	*s = (struct ipc_row_nhs){.name = "Tunnel2", .nhs = A(nhs), .responding = responding,
	    .expecting = 1, .requests = 12, .failed = responding ? 0 : 11,
	    .replies = responding ? 12 : 0, .last_reply_us = responding ? AGO(22) : 0,
	    .request_id = responding ? 0 : 15, .retry_s = responding ? 0 : 64};
	if (nbma != NULL)
		s->nbma = A(nbma);
}

static void
feed_nhrpd(void)
{
	feed_nhrp_if("Tunnel2", TUNNEL_GRE, "10.253.0.2/24", false);
	feed_nhrp_if("Tunnel0", TUNNEL_MGRE, "10.255.0.1/24", true);
	feed_entries();
	feed_nhs("10.253.0.1", "192.0.2.50", true);
	feed_nhs("10.253.0.3", NULL, false);
	feed_counter("rcvd Registration Request", 41);
	feed_counter("sent Registration Reply", 40);
	feed_counter("sent Error Indication", 1);
}

static void
feed_drop(enum drop drop, uint64_t packets, uint64_t octets)
{
	feed(IPC_ESPD, SHOW_DROPS, IPC_MSG_ROW_DROP)->row_drop =
	    (struct ipc_row_drop){(uint16_t)drop, packets, octets};
}

static void
feed_batches(void)
{
	static const struct { const char *name; uint64_t value; } rows[] = {
		{"sas", 4}, {"workers", 2}, {"waits", 900}, {"wakes", 12}, {"tun_reads", 40},
		{"tun_read_packets", 20}, {"tun_read_segments", 700}, {"wire_sends", 18},
		{"wire_sent_runs", 25}, {"wire_sent_packets", 700}, {"handed_over", 5},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ipc_row_counter *c =
		    &feed(IPC_ESPD, SHOW_COUNTERS, IPC_MSG_ROW_COUNTER)->row_counter;

		*c = (struct ipc_row_counter){.scope = "espd", .value = rows[i].value};
		snprintf(c->name, sizeof(c->name), "%s", rows[i].name);
	}
}

/* A CA that was made for this, without its key. */
static void
feed_pki(void)
{
	feed_text(SHOW_RUNNING, "crypto pki trustpoint VPN\n enrollment terminal\n rsakeypair VPN\n");
	feed_text(SHOW_RUNNING, "crypto pki certificate chain VPN\n certificate ca 2A\n");
	feed_text(SHOW_RUNNING,
	    "  3082018D30820132A00302010202012A300A06082A8648CE3D04030230243110\n"
	    "  300E060355040A0C074578616D706C653110300E06035504030C075465737420\n"
	    "  43413020170D3236313132373131323434345A180F3230353130373139313132\n"
	    "  3434345A30243110300E060355040A0C074578616D706C653110300E06035504\n"
	    "  030C07546573742043413059301306072A8648CE3D020106082A8648CE3D0301\n"
	    "  0703420004F6C4F1E98BA9B4908A36413C4AEF3316A2605C462049B1FADFF139\n"
	    "  B39C7D7C45E12935C7DC4D1174686BF21F893F6F7CA3D4083962D1B58626D325\n"
	    "  D9EAAE131BA3533051301D0603551D0E0416041438C053F4F0704CD1F072EABB\n"
	    "  F70F59BE1383F932301F0603551D2304183016801438C053F4F0704CD1F072EA\n"
	    "  BBF70F59BE1383F932300F0603551D130101FF040530030101FF300A06082A86\n"
	    "  48CE3D0403020349003046022100E4264800FE15451C40AC85B28D287863D455\n"
	    "  25CDF2C9FE3E3180B839AC0060670221008E8759152E18439DFC18F13C054429\n"
	    "  55EB8A093810ED9AFE04F4E95E5AEA5D1E\n");
	feed_text(SHOW_RUNNING, "  \tquit\n");
	feed(IPC_CONTROL, SHOW_KEYS, IPC_MSG_ROW_KEY)->row_key = (struct ipc_row_key){
	    .label = "VPN", .kind = CERT_KEY_ED25519, .bits = 256, .made_wall_s = 1700000000,
	    .public_der = {44, {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00}}};
	feed(IPC_CONTROL, SHOW_CRLS, IPC_MSG_ROW_CRL)->row_crl = (struct ipc_row_crl){
	    .trustpoint = "VPN", .issuer = "cn=Test CA,o=Example", .url = "http://ca.example.org/crl.der",
	    .last_update_wall_s = 1700000000, .next_update_wall_s = 1700600000,
	    .fetched_wall_s = 1700000100, .bytes = 350, .published = 1};
}

static void
feed_spi_flow(const char *from, uint32_t spi, unsigned int first_s, unsigned int last_s,
    uint64_t packets, enum ipc_spi_decision decision)
{
	feed(IPC_IKED, SHOW_SPI_FLOWS, IPC_MSG_ROW_SPI_FLOW)->row_spi_flow =
	    (struct ipc_row_spi_flow){.src = A(from), .dst = A("192.0.2.1"), .spi = spi,
		.proto = 50, .interface = "GigabitEthernet0/0", .first_us = AGO(first_s),
		.last_us = AGO(last_s), .packets = packets, .repeated = first_s - last_s >= 2,
		.decision = (uint8_t)decision};
}

static int
scene(void **state)
{
	(void)state;
	fed_count = 0;
	silent = 0;
	feed_text(SHOW_RUNNING, "!\nhostname R1\ncrypto isakmp key Of-one address 192.0.2.50\n");
	feed_text(SHOW_RUNNING, "crypto isakmp key Of-all address 0.0.0.0\n");
	feed_text(SHOW_RUNNING, "crypto keyring KR\n pre-shared-key address 10.0.0.0 255.0.0.0 key Of-ring\n");
	feed_text(SHOW_RUNNING, " pre-shared-key hostname hub.example.org key Of-name\n");
	feed_text(SHOW_RUNNING, "crypto isakmp profile P\n keyring KR\n match identity address "
	    "192.0.2.0 255.255.255.0\n match identity host domain example.org\n");
	feed_text(SHOW_RUNNING, "crypto isakmp profile Q\n match identity user me@example.org\n");
	feed_pki();
	feed_text(SHOW_RUNNING, "crypto ipsec transform-set T esp-aes 256 esp-sha512-hmac\n"
	    "crypto ipsec transform-set G esp-gcm 256\n mode transport\n"
	    "crypto ipsec profile VTI\n set transform-set G T\n set pfs group19\n"
	    " set security-association lifetime seconds 900\n set isakmp-profile P\n");
	feed_text(SHOW_RUNNING, "!\nend\n");
	feed_text(SHOW_STARTUP, "!\nhostname R1\n!\nend\n");
	feed_text(SHOW_STARTUP_ERRORS, "crypto map OLD 10: maps are not supported\n");
	feed_text(SHOW_LOGGING, "Log Buffer (4096 bytes):\n\n");
	feed_text(SHOW_EEM_POLICIES, "No.  Class     Type    Event Type\n");
	feed_text(SHOW_EEM_HISTORY, "No.  Job Id Proc Status\n");
	feed_process("monitor", 300, 0, DAY + 2 * HOUR + 3 * MINUTE, "");
	feed_process("espd", 4021, 2, 75, "killed by signal 11 (Segmentation fault)");
	feed_interfaces();
	feed_routes();
	feed_ipv6();
	feed_crypto();
	feed_ikev2_sas();
	feed_admission();
	feed_ikev2_conf();
	feed_policies();
	feed_nhrpd();
	feed_drop(DROP_OUT_NO_SA, 12, 1440);
	feed_drop(DROP_IN_REPLAY, 3, 420);
	feed_drop(DROP_IN_BAD_TAG, 2, 280);
	feed_drop(DROP_TUN_FULL, 0, 0);
	feed_drop(DROP_IN_NO_SA, 7, 980);
	feed_drop(DROP_OTHER_WORKER, 9, 900);
	feed_drop(DROP_IKE_RELAY, 0, 0);
	feed_drop(DROP_NHRP_RELAY, 0, 0);
	feed_batches();
	feed_spi_flow("198.51.100.20", 0xB761863E, 184, 2, 312, SPI_TOLD);
	feed_spi_flow("198.51.100.30", 0x1214F0D, 75, 75, 1, SPI_WAITING);
	feed_spi_flow("203.0.113.99", 0xDEADBEEF, 30, 20, 11, SPI_NOT_STATIC);
	fed[fed_count - 1].body.row_spi_flow.encap = 1;
	fed[fed_count - 1].body.row_spi_flow.src_port = 61000;
	feed_spi_flow("203.0.113.98", 0x5EA51DE5, 9, 2, 3, SPI_HINTED);
	return 0;
}

/* --- comparing --- */

static void
golden_path(char *buf, size_t room, const char *name)
{
	snprintf(buf, room, "%s/%s.txt", GOLDEN_DIR, name);
}

/* The version lines are of this build: the golden text has names for them. */
static void
put_in(struct text *to, const char *line)
{
	static const char *const names[][2] = {
		{"@VERSION@", PACKAGE_VERSION}, {"@OPENSSL@", OPENSSL_VERSION_TEXT},
	};

	for (size_t i = 0; i < 2; i++) {
		const char *at = strstr(line, names[i][0]);

		if (at == NULL)
			continue;
		text_put(to, line, (size_t)(at - line));
		text_add(to, "%s%s", names[i][1], at + strlen(names[i][0]));
		return;
	}
	text_add(to, "%s", line);
}

static void
write_golden(const char *name, const struct text *got)
{
	char path[512];
	FILE *f;

	golden_path(path, sizeof(path), name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text_str(got), f);
	fclose(f);
}

static void
compare(const char *name, const struct text *got)
{
	struct text want = {0};
	char path[512], line[512];
	FILE *f;

	if (getenv("GOLDEN_WRITE") != NULL) {
		write_golden(name, got);
		return;
	}
	golden_path(path, sizeof(path), name);
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s: no golden text", path);
	while (fgets(line, sizeof(line), f) != NULL)
		put_in(&want, line);
	fclose(f);
	assert_string_equal(text_str(got), text_str(&want));
	text_free(&want);
}

static void
render(const char *name, show_renderer *renderer, const struct show_args *a)
{
	struct text out = {0};

	assert_null(renderer(&source, a, &out));
	compare(name, &out);
	text_free(&out);
}

/* Every renderer, for everything. */
#define X(name)									\
	static void								\
	test_##name(void **state)						\
	{									\
		struct show_args all = {0};					\
										\
		(void)state;							\
		render(#name, show_##name, &all);				\
	}
SHOW_RENDERERS(X)
#undef X

static void
test_narrowed_by_interface(void **state)
{
	struct show_args a = {.name = "Tunnel2"};

	(void)state;
	render("interfaces_tunnel2", show_interfaces, &a);
	render("dmvpn_tunnel2", show_dmvpn, &a);
}

/* A name that was mistyped is not an interface without text. */
static void
test_no_such_interface(void **state)
{
	struct show_args a = {.name = "Tunnel9"};
	struct text out = {0};

	(void)state;
	assert_string_equal(show_interfaces(&source, &a, &out),
	    "% There is no such interface: see show ip interface brief");
	assert_string_equal(text_str(&out), "");
	text_free(&out);
}

static void
test_narrowed_by_tag(void **state)
{
	struct show_args a = {.name = "default"};

	(void)state;
	render("crypto_ipsec_profile_tag", show_crypto_ipsec_profile, &a);
}

/* The longest prefix around an address; the default route is no answer to it. */
static void
test_route_of_an_address(void **state)
{
	static const struct { const char *golden, *addr; } rows[] = {
		{"ip_route_of", "172.20.2.9"}, {"ip_route_of_connected", "10.255.0.77"},
		{"ip_route_of_nhrp", "10.20.30.40"}, {"ip_route_of_none", "8.8.8.8"},
		{"ip_route_default", "0.0.0.0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct show_args a = {.addr = A(rows[i].addr)};

		render(rows[i].golden, show_ip_route, &a);
	}
}

static void
test_narrowed_by_peer(void **state)
{
	struct show_args a = {0};

	(void)state;
	a.addr = A("198.51.100.20");
	render("crypto_ipsec_sa_peer", show_crypto_ipsec_sa, &a);
	render("crypto_session_peer", show_crypto_session, &a);
	a.addr = A("203.0.113.40");
	render("crypto_ikev2_sa_peer", show_crypto_ikev2_sa, &a);
	a.addr = (struct addr){0};
	a.local = A("2001:db8::1");
	render("crypto_ikev2_sa_local", show_crypto_ikev2_sa, &a);
	a = (struct show_args){.name = "GCM"};
	render("crypto_ikev2_proposal_named", show_crypto_ikev2_proposal, &a);
	a = (struct show_args){.addr = A("198.51.100.20")};
	render("crypto_isakmp_invalid_spi_peer", show_crypto_isakmp_invalid_spi, &a);
}

/* Whose peer is at the other end of IPv6: GRE in transport mode, and a VTI. */
static void
test_over_ipv6(void **state)
{
	struct show_args all = {0};
	struct ipc_row_flow *f;
	struct ipc_row_ike_sa *sa;

	(void)state;
	fed_count = 0;
	feed_tunnel("Tunnel6", TUNNEL_GRE, NULL, "2001:db8::2");
	fed[fed_count - 1].body.row_interface.source = A("2001:db8::1");
	fed[fed_count - 1].body.row_interface.over_v6 = 1;
	sa = feed_ike(1007, 31, "Tunnel6", "2001:db8::2");
	sa->local = A("2001:db8::1");
	sa->initiator = 1;
	f = feed_flow(31, "Tunnel6", "2001:db8::2", 0x1c001007, 0x2d002007);
	f->local = A("2001:db8::1");
	f->ts_local = P("2001:db8::1/128");
	f->ts_remote = P("2001:db8::2/128");
	f = feed_flow(32, "Tunnel7", "2001:db8::2", 0x1c001008, 0x2d002008);
	f->local = A("2001:db8::1");
	f->mode = MODE_TUNNEL;
	f->ts_proto = 0;
	f->ts_local = f->ts_remote = P("::/0");
	feed_text(SHOW_RUNNING, "crypto isakmp key Of-six address ipv6 2001:DB8::/32\n");
	render("v6_interfaces", show_interfaces, &all);
	render("v6_crypto_isakmp_key", show_crypto_isakmp_key, &all);
	render("v6_crypto_isakmp_sa", show_crypto_isakmp_sa, &all);
	render("v6_crypto_isakmp_sa_detail", show_crypto_isakmp_sa_detail, &all);
	render("v6_crypto_ipsec_sa", show_crypto_ipsec_sa, &all);
	render("v6_crypto_session", show_crypto_session, &all);
}

static struct ipc_row_flow *
feed_map_flow(uint32_t peer_ref, const char *protection, const char *remote, const char *ts_local,
    const char *ts_remote, uint32_t spi)
{
	struct ipc_row_flow *f = feed_flow(peer_ref, "GigabitEthernet0/0", remote, spi,
	    spi == 0 ? 0 : spi + 1);

	snprintf(f->protection, sizeof(f->protection), "%s", protection);
	f->mode = MODE_TUNNEL;
	f->ts_proto = 0;
	f->ts_local = P(ts_local);
	f->ts_remote = P(ts_remote);
	f->state = spi == 0 ? PEER_DOWN : PEER_UP;
	return f;
}

/* Two lines of a static entry with one peer, of which one is up, and somebody of a dynamic map. */
static void
test_crypto_maps(void **state)
{
	struct show_args all = {0}, one = {.tag = "WAN"}, gi = {.name = "GigabitEthernet0/0"},
	    other = {.tag = "101"};
	struct ipc_row_flow *f;

	(void)state;
	fed_count = 0;
	feed_text(SHOW_RUNNING,
	    "crypto ipsec transform-set T esp-gcm 256\n"
	    "crypto dynamic-map ROAMERS 10\n set transform-set T\n reverse-route\n"
	    "crypto map WAN 10 ipsec-isakmp\n description to site b\n set peer 198.51.100.1\n"
	    " set peer 198.51.100.2 default\n set transform-set T\n set pfs group14\n"
	    " match address 101\n"
	    "crypto map WAN 15 ipsec-isakmp\n set transform-set T\n"
	    "crypto map WAN 20 ipsec-isakmp dynamic ROAMERS\n"
	    "crypto map LAN 10 ipsec-isakmp\n set peer 198.51.100.9\n match address NAMED\n"
	    "interface GigabitEthernet0/0\n crypto map WAN\n"
	    "ip access-list extended NAMED\n deny ip any host 10.9.9.9\n"
	    "access-list 7 deny 10.1.1.1\naccess-list 7 permit 10.2.0.0 0.0.255.255\n"
	    "access-list 101 remark the office\n"
	    "access-list 101 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255\n"
	    "access-list 101 permit tcp host 10.0.0.1 eq telnet 10.2.0.0 0.0.255.255\n");
	feed_ike(1007, 41, "GigabitEthernet0/0", "198.51.100.1");
	feed_map_flow(41, "WAN 10 10@wan0", "198.51.100.1", "10.0.0.0/24", "10.1.0.0/16", 0x1c001007);
	f = feed_map_flow(42, "WAN 10 20@wan0", "198.51.100.1", "10.0.0.1/32", "10.2.0.0/16", 0);
	f->ts_proto = 6;
	f->ts_local_port = 23;
	feed_ike(1009, 43, "GigabitEthernet0/0", "198.51.100.77");
	feed_map_flow(43, "WAN 20.10 0@wan0", "198.51.100.77", "10.0.0.0/24", "10.7.0.0/16", 0x1c003007);
	render("map_crypto_map", show_crypto_map, &all);
	render("map_crypto_map_tag", show_crypto_map, &one);
	render("map_crypto_map_interface", show_crypto_map, &gi);
	render("map_crypto_dynamic_map", show_crypto_dynamic_map, &all);
	render("map_access_lists", show_access_lists, &all);
	render("map_access_list", show_access_lists, &other);
	render("map_crypto_ipsec_sa", show_crypto_ipsec_sa, &one);
	render("map_crypto_session", show_crypto_session, &all);
	render("map_crypto_session_detail", show_crypto_session_detail, &all);
	render("map_crypto_session_brief", show_crypto_session_brief, &all);
}

/* A router that was just configured: headers, no rows, no "none". */
static void
test_nothing_there(void **state)
{
	struct show_args all = {0};

	(void)state;
	fed_count = 0;
	render("empty_crypto_isakmp_sa", show_crypto_isakmp_sa, &all);
	render("empty_crypto_ikev2_sa", show_crypto_ikev2_sa, &all);
	render("empty_crypto_ipsec_sa", show_crypto_ipsec_sa, &all);
	render("empty_dmvpn", show_dmvpn, &all);
	render("empty_ip_nhrp_nhs_detail", show_ip_nhrp_nhs_detail, &all);
	render("empty_ip_route", show_ip_route, &all);
	render("empty_startup_config", show_startup_config, &all);
	render("empty_drops", show_drops, &all);
	render("empty_ipsec_drops", show_ipsec_drops, &all);
	render("empty_crypto_isakmp_invalid_spi", show_crypto_isakmp_invalid_spi, &all);
}

/* A renderer whose daemon is away prints nothing and says who it is. */
static void
test_silent_daemon(void **state)
{
	static const struct {
		show_renderer *renderer;
		enum ipc_role away;
	} rows[] = {
		{show_crypto_ipsec_sa, IPC_ESPD}, {show_crypto_ipsec_sa, IPC_IKED},
		{show_crypto_session, IPC_IKED}, {show_dmvpn_detail, IPC_ESPD},
		{show_dmvpn, IPC_NHRPD}, {show_ip_nhrp_traffic, IPC_NHRPD},
		{show_drops, IPC_ESPD}, {show_ipsec_drops, IPC_ESPD},
		{show_crypto_isakmp_invalid_spi, IPC_IKED}, {show_version, IPC_CONTROL}, {show_ip_route, IPC_CONTROL},
		{show_interfaces, IPC_CONTROL},
	};
	struct show_args all = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text out = {0};

		silent = rows[i].away;
		assert_non_null(rows[i].renderer(&source, &all, &out));
		assert_int_equal(out.len, 0);
		text_free(&out);
	}
}

/*
 * The header lines of real devices, where the collection of them is beside the
 * checkout (or where IOS_SAMPLES says): ours must occur among them byte for byte but for trailing blanks,
 * which the collection's own editors may have cut.
 */
static void
trim(char *s)
{
	size_t len = strlen(s);

	while (len != 0 && (s[len - 1] == ' ' || s[len - 1] == '\n'))
		s[--len] = '\0';
}

static bool
sample_has(const char *sample, const char *header)
{
	const char *dir = getenv("IOS_SAMPLES");
	char path[512], line[512];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir != NULL ? dir : SAMPLES_DIR, sample);
	f = fopen(path, "r");
	if (f == NULL)
		skip();
	while (!found && fgets(line, sizeof(line), f) != NULL) {
		trim(line);
		found = strcmp(line, header) == 0;
	}
	fclose(f);
	return found;
}

#define QFP_IPSEC "show_platform_hardware_qfp_active_feature_ipsec_datapath_drops/"	\
	"genie_iosxe_ShowPlatformHardwareQfpActiveFeatureIpsecDatapathDropsAll_1.raw"

static void
test_headers_are_the_devices(void **state)
{
	static const struct {
		show_renderer *renderer;
		const char *sample;
		const char *begins;	/* our line that begins so ... */
	} rows[] = {
		{show_crypto_isakmp_sa, "show_crypto_isakmp_sa/web_iol1715_hub.raw", "dst "},
		{show_crypto_ikev2_sa, "show_crypto_ikev2_sa/genie_iosxe_ShowCryptoIkev2Sa_1.raw",
		    "Tunnel-id "},
		{show_crypto_ikev2_session_detail, "show_crypto_ikev2_session/"
		    "genie_iosxe_ShowCryptoIkev2Session_csr8kv_detailed.raw", "          local selector"},
		{show_crypto_ikev2_proposal, "show_crypto_ikev2_proposal/"
		    "genie_iosxe_ShowCryptoIkev2Proposal_1.raw", "     DH Group"},
		{show_crypto_ikev2_policy, "show_crypto_ikev2_policy/"
		    "genie_iosxe_ShowCryptoIkev2Policy_1.raw", "      Match fvrf"},
		{show_crypto_call_admission, "show_crypto_call_admission_statistics/"
		    "genie_iosxe_ShowCryptoCallAdmissionStatistics_1.raw", "             "},
		{show_crypto_call_admission, "show_crypto_call_admission_statistics/"
		    "genie_iosxe_ShowCryptoCallAdmissionStatistics_1.raw", "SA Strength"},
		{show_crypto_ikev2_stats, "show_crypto_ikev2_stats/"
		    "genie_iosxe_ShowCryptoIkev2Stats_1.raw", "             "},
		{show_dmvpn, "show_dmvpn/web_iol1715_hub.raw", " # Ent"},
		{show_dmvpn, "show_dmvpn/web_iol1715_hub.raw", " -----"},
		{show_dmvpn_detail, "show_dmvpn_detail/web_spoke_ikev2.raw", "# Ent"},
		{show_dmvpn_detail, "show_dmvpn_detail/web_spoke_ikev2.raw", "-----"},
		{show_crypto_session_brief, "show_crypto_session_brief/web_iol.raw", "Peer "},
		{show_ip_interface_brief,
		    "show_ip_interface_brief/genie_iosxe_ShowIpInterfaceBrief_1.raw", "Interface "},
		{show_ip_nhrp_brief, "show_ip_nhrp_brief/web_iosv.raw", "Intf "},
		{show_ip_nhrp_brief, "show_ip_nhrp_brief/web_iosv.raw", "--------"},
		{show_drops, "show_platform_hardware_qfp_active_statistics_drop/"
		    "genie_iosxe_ShowPlatformHardwareQfpStatisticsDrop_active.raw", "Global "},
		{show_ipsec_drops, QFP_IPSEC, "Drop Type"},
		{show_ipsec_drops_all, QFP_IPSEC, "        1"},
		{show_ipsec_drops_all, QFP_IPSEC, "       46"},
	};
	struct show_args all = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text out = {0};
		char header[512] = "";

		assert_null(rows[i].renderer(&source, &all, &out));
		for (const char *at = out.s; at != NULL && *at != '\0' && header[0] == '\0';) {
			size_t len = strcspn(at, "\n");

			if (strncmp(at, rows[i].begins, strlen(rows[i].begins)) == 0)
				snprintf(header, sizeof(header), "%.*s", (int)len, at);
			at += len + (at[len] == '\n');
		}
		text_free(&out);
		trim(header);
		if (!sample_has(rows[i].sample, header))
			fail_msg("%s: no line is \"%s\"", rows[i].sample, header);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define X(name) cmocka_unit_test_setup(test_##name, scene),
		SHOW_RENDERERS(X)
#undef X
		cmocka_unit_test_setup(test_narrowed_by_interface, scene),
		cmocka_unit_test_setup(test_narrowed_by_peer, scene),
		cmocka_unit_test_setup(test_narrowed_by_tag, scene),
		cmocka_unit_test_setup(test_no_such_interface, scene),
		cmocka_unit_test_setup(test_route_of_an_address, scene),
		cmocka_unit_test_setup(test_crypto_maps, scene),
		cmocka_unit_test_setup(test_over_ipv6, scene),
		cmocka_unit_test_setup(test_nothing_there, scene),
		cmocka_unit_test_setup(test_silent_daemon, scene),
		cmocka_unit_test_setup(test_headers_are_the_devices, scene),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
