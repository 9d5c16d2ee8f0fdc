/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "show_feed.h"

#include "../unit/ca_hex.h"
#include "cert.h"
#include "drops.h"

static void
feed_process(const char *name, uint32_t pid, uint32_t restarts, unsigned int age_s, const char *exit)
{
	struct ipc_process *p = &feed(IPC_CONTROL, SHOW_PROCESSES, IPC_MSG_PROCESS)->process;

	*p = (struct ipc_process){.pid = pid, .restarts = restarts, .since_us = AGO(age_s)};
	snprintf(p->name, sizeof(p->name), "%s", name);
	snprintf(p->last_exit, sizeof(p->last_exit), "%s", exit);
}

/* The interface fed last learns its path's MTU; `from` names the forwarder's tunnel. */
static void
feed_path(const char *name, uint16_t mtu, uint16_t age_min, uint16_t least, const char *from)
{
	struct ipc_row_interface *i = &fed[fed_count - 1].body.row_interface;
	struct ipc_row_tunnel *t;

	snprintf(i->ifname, sizeof(i->ifname), "%s", name);
	i->pmtud = 1;
	i->path_age_min = age_min;
	i->path_min = least;
	if (from == NULL)
		return;
	t = &feed(IPC_ESPD, SHOW_TUNNELS, IPC_MSG_ROW_TUNNEL)->row_tunnel;
	snprintf(t->ifname, sizeof(t->ifname), "%s", from);
	t->path_mtu = mtu;
	t->path_until_us = IN(432);
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
	feed_path("Tunnel1", 0, 0, 576, NULL);
	feed_tunnel("Tunnel2", TUNNEL_GRE, "10.253.0.2/24", "192.0.2.50");
	feed_path("Tunnel2", 1400, 20, 1000, "Tunnel2");
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
	    .local_asked = 2, .local_msgid = 2, .remote_asked = 6, .remote_msgid = 6,
	    .local_window = 5, .remote_window = 5,
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
feed_arp(const char *interface, const char *address, const char *mac, uint32_t age_s)
{
	struct ipc_row_arp *r = &feed(IPC_CONTROL, SHOW_ARP, IPC_MSG_ROW_ARP)->row_arp;

	*r = (struct ipc_row_arp){.address = A(address), .age_s = age_s, .fixed = age_s == 0};
	snprintf(r->interface, sizeof(r->interface), "%s", interface);
	snprintf(r->mac, sizeof(r->mac), "%s", mac);
}

static void
feed_neighbours(void)
{
	feed_arp("GigabitEthernet0/1", "10.1.0.10", "", 3);
	feed_arp("GigabitEthernet0/0", "192.0.2.254", "5254.0012.3456", 47 * MINUTE + 59);
	feed_arp("GigabitEthernet0/0", "192.0.2.1", "aabb.cc00.0100", 0);
}

static void
feed_users(void)
{
	feed(IPC_CONTROL, SHOW_USERS, IPC_MSG_ROW_USER)->row_user = (struct ipc_row_user){
	    .way = LOGIN_VTY, .vty = 1, .user = "ann", .pid = 4711, .source = A("198.51.100.7")};
	feed(IPC_CONTROL, SHOW_USERS, IPC_MSG_ROW_USER)->row_user = (struct ipc_row_user){
	    .way = LOGIN_VTY, .user = "joe", .pid = 4000, .idle_s = 3 * HOUR + 62};
	feed(IPC_CONTROL, SHOW_USERS, IPC_MSG_ROW_USER)->row_user =
	    (struct ipc_row_user){.way = LOGIN_CONSOLE, .pid = 77, .idle_s = 5};
}

static void
feed_ipv4_addresses(void)
{
	static const struct {
		const char *interface, *address;
	} rows[] = {{"Loopback0", "10.0.0.1/32"}, {"Loopback0", "10.0.9.1/24"}};
	size_t n;

	for (n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		struct ipc_row_address *r =
		    &feed(IPC_CONTROL, SHOW_IPV4_ADDRESSES, IPC_MSG_ROW_ADDRESS)->row_address;

		*r = (struct ipc_row_address){.address = P(rows[n].address)};
		snprintf(r->interface, sizeof(r->interface), "%s", rows[n].interface);
	}
}

static void
feed_ikev2_errors(void)
{
	feed(IPC_IKED, SHOW_IKEV2_ERRORS, IPC_MSG_ROW_IKEV2_ERRORS)->row_ikev2_errors =
	    (struct ipc_row_ikev2_errors){.on = 1, .entries = 2, .deleted = 3, .max = 50};
	feed(IPC_IKED, SHOW_IKEV2_ERRORS, IPC_MSG_ROW_IKEV2_ERROR)->row_ikev2_error =
	    (struct ipc_row_ikev2_error){.count = 12, .text = "the peer's AUTH is wrong"};
	feed(IPC_IKED, SHOW_IKEV2_ERRORS, IPC_MSG_ROW_IKEV2_ERROR)->row_ikev2_error =
	    (struct ipc_row_ikev2_error){.count = 1, .text = "NO_PROPOSAL_CHOSEN"};
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

	*s = (struct ipc_row_nhs){.name = "Tunnel2", .nhs = A(nhs), .queue = NHS_QUEUE_RUNNING,
	    .state = responding ? NHS_SHOWN_RESPONDING : NHS_SHOWN_EXPECTING,
	    .requests = 12, .failed = responding ? 0 : 11,
	    .replies = responding ? 12 : 0, .last_reply_us = responding ? AGO(22) : 0,
	    .request_id = responding ? 0 : 15, .retry_s = responding ? 0 : 64};
	if (nbma != NULL)
		s->nbma = A(nbma);
}

/* Two of a cluster of which one is used. */
static void
feed_nhs_cluster(void)
{
	struct ipc_row_nhs *s = &feed(IPC_NHRPD, SHOW_NHS, IPC_MSG_ROW_NHS)->row_nhs;

	*s = (struct ipc_row_nhs){.name = "Tunnel2", .nhs = A("10.253.0.251"),
	    .nbma = A("192.0.2.251"), .priority = 10, .cluster = 1,
	    .state = NHS_SHOWN_RESPONDING, .queue = NHS_QUEUE_RUNNING,
	    .was_state = NHS_SHOWN_EXPECTING, .was_queue = NHS_QUEUE_RUNNING,
	    .limited = 1, .max_connections = 1, .fallback_s = 30,
	    .requests = 3, .replies = 3, .last_reply_us = AGO(9)};
	s = &feed(IPC_NHRPD, SHOW_NHS, IPC_MSG_ROW_NHS)->row_nhs;
	*s = (struct ipc_row_nhs){.name = "Tunnel2", .nhs = A("10.253.0.252"),
	    .nbma = A("192.0.2.252"), .priority = 20, .cluster = 1,
	    .state = NHS_SHOWN_WAITING, .queue = NHS_QUEUE_WAITING,
	    .limited = 1, .max_connections = 1, .fallback_s = 30};
}

static void
feed_nhrpd(void)
{
	feed_nhrp_if("Tunnel2", TUNNEL_GRE, "10.253.0.2/24", false);
	feed_nhrp_if("Tunnel0", TUNNEL_MGRE, "10.255.0.1/24", true);
	feed_entries();
	feed_nhs("10.253.0.1", "192.0.2.50", true);
	feed_nhs("10.253.0.3", NULL, false);
	feed_nhs_cluster();
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
		{"profiled_sent", 400}, {"profiled_received", 100}, {"cycles_read", 40100},
		{"cycles_seal", 120000}, {"cycles_send", 160399}, {"cycles_receive", 20000},
		{"cycles_open", 11000}, {"cycles_write", 17000}, {"cycles_forward", 90000},
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
	feed_text(SHOW_RUNNING, CA_HEX);
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

int
show_scene(void **state)
{
	(void)state;
	fed_count = 0;
	silent = 0;
	feed_text(SHOW_RUNNING, "!\nhostname R1\ncrypto isakmp key Of-one address 192.0.2.50\n");
	feed_text(SHOW_RUNNING, "crypto isakmp key Of-all address 0.0.0.0\n");
	feed_text(SHOW_RUNNING, "crypto isakmp key 6 NdUI^_YP[VEPG[MT_bfTEFNZYFCYe\\R\\M address 192.0.2.60\n");
	feed_text(SHOW_RUNNING, "crypto keyring KR\n pre-shared-key address 10.0.0.0 255.0.0.0 key Of-ring\n");
	feed_text(SHOW_RUNNING, " pre-shared-key hostname hub.example.org key Of-name\n");
	feed_text(SHOW_RUNNING, "event manager environment _hub 192.0.2.50\n"
	    "event manager environment _mail ops@example.org\n");
	feed_text(SHOW_RUNNING, "event manager applet A\n event none\n action 1 cli command \"enable\"\n");
	feed_text(SHOW_RUNNING,
	    " action 2 cli command \"crypto isakmp key Of-applet address 192.0.2.70\"\n");
	feed_text(SHOW_RUNNING, "crypto isakmp profile P\n keyring KR\n match identity address "
	    "192.0.2.0 255.255.255.0\n match identity host domain example.org\n");
	feed_text(SHOW_RUNNING, "crypto isakmp profile Q\n match identity user me@example.org\n");
	feed_pki();
	feed_ikev2_errors();
	feed_text(SHOW_RUNNING, "crypto ipsec transform-set T esp-aes 256 esp-sha512-hmac\n"
	    "crypto ipsec transform-set G esp-gcm 256\n mode transport\n"
	    "crypto ipsec profile VTI\n set transform-set G T\n set pfs group19\n"
	    " set security-association lifetime seconds 900\n set isakmp-profile P\n");
	feed_text(SHOW_RUNNING, "!\nend\n");
	feed_text(SHOW_STARTUP, "!\nhostname R1\n!\nend\n");
	feed_text(SHOW_STARTUP_ERRORS, "crypto map OLD 10: maps are not supported\n");
	feed_text(SHOW_LOGGING, "Log Buffer (4096 bytes):\n\n");
	feed_text(SHOW_EEM_POLICIES, "No.  Class     Type    Event Type\n");
	feed_text(SHOW_EEM_STATISTICS, "No.  Class\n");
	feed_text(SHOW_EEM_HISTORY, "No.  Job Id Proc Status\n");
	feed_process("monitor", 300, 0, DAY + 2 * HOUR + 3 * MINUTE, "");
	feed_process("espd", 4021, 2, 75, "killed by signal 11 (Segmentation fault)");
	feed_interfaces();
	feed_routes();
	feed_ipv6();
	feed_crypto();
	feed_ikev2_sas();
	feed_admission();
	feed_neighbours();
	feed_users();
	feed_ipv4_addresses();
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
