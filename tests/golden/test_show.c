/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every renderer of `show` against a golden text, from rows of this test's own.
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

#include "show_feed.h"

static void
feed_matches(const char *acl, uint32_t line, uint64_t packets)
{
	struct ipc_row_acl_count *n =
	    &feed(IPC_ESPD, SHOW_ACL_COUNTS, IPC_MSG_ROW_ACL_COUNT)->row_acl_count;

	*n = (struct ipc_row_acl_count){.line = line, .packets = packets};
	snprintf(n->acl, sizeof(n->acl), "%s", acl);
}

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

	assert_null(renderer(&fed_source, a, &out));
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

/* None is configured. */
static void
test_default_isakmp_policies(void **state)
{
	struct show_args all = {0};

	(void)state;
	fed_count = 0;
	for (unsigned int i = 0; i < 2; i++)
		feed(IPC_IKED, SHOW_IKE_POLICIES, IPC_MSG_ROW_IKE_POLICY)->ike_policy =
		    (struct ipc_ike_policy){.priority = (uint16_t)(65507 + i),
			.cipher = CIPHER_AES_CBC, .key_bits = 128, .hash = HASH_SHA1, .group = 14,
			.life_s = 86400, .auth = i == 0 ? IPC_AUTH_RSA : IPC_AUTH_PSK};
	render("crypto_isakmp_default_policies", show_crypto_isakmp_default_policy, &all);
	render("crypto_isakmp_policies_default", show_crypto_isakmp_policy, &all);
}

/* It is off, and nothing was met. */
static void
test_no_ikev2_errors(void **state)
{
	struct show_args all = {0};

	(void)state;
	fed_count = 0;
	feed(IPC_IKED, SHOW_IKEV2_ERRORS, IPC_MSG_ROW_IKEV2_ERRORS)->row_ikev2_errors =
	    (struct ipc_row_ikev2_errors){.max = 50};
	render("crypto_ikev2_errors_off", show_crypto_ikev2_diagnose_error, &all);
}

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
	assert_string_equal(show_interfaces(&fed_source, &a, &out),
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

static void
test_route_of_a_subnet(void **state)
{
	struct show_args a = {.addr = A("172.20.2.0"), .has_mask = true, .mask_len = 24};

	(void)state;
	render("ip_route_subnet", show_ip_route, &a);
	a.mask_len = 23;
	render("ip_route_no_subnet", show_ip_route, &a);
	a = (struct show_args){.addr = A("172.20.0.0"), .has_mask = true, .mask_len = 15, .longer = true};
	render("ip_route_longer", show_ip_route, &a);
	a = (struct show_args){.addr = A("10.0.0.0"), .longer = true};
	render("ip_route_longer_class", show_ip_route, &a);
}

static void
test_nhrp_of_a_kind(void **state)
{
	struct show_args a = {.nhrp_type = NHRP_DYNAMIC};

	(void)state;
	render("ip_nhrp_dynamic", show_ip_nhrp, &a);
	a.nhrp_type = NHRP_STATIC;
	render("dmvpn_static", show_dmvpn_detail, &a);
	a = (struct show_args){.local = A("10.255.0.2")};
	render("dmvpn_peer_tunnel", show_dmvpn_detail, &a);
	a = (struct show_args){.addr = A("10.20.0.0"), .has_mask = true, .mask_len = 16};
	render("dmvpn_peer_network", show_dmvpn, &a);
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
	feed_matches("101", 10, 42);
	feed_matches("NAMED", 10, 1);
	feed_matches("7", 20, 0);
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

static struct ipc_row_interface *
feed_protected(const char *name, enum tunnel_kind kind, const char *profile)
{
	struct ipc_row_interface *i;

	feed_tunnel(name, kind, "10.9.0.1/24", NULL);
	i = &fed[fed_count - 1].body.row_interface;
	snprintf(i->profile, sizeof(i->profile), "%s", profile);
	i->source = A("192.0.2.1");
	return i;
}

/* Those that tunnel protection makes: of a hub, of a VTI, and of two that share. */
static void
test_tunnel_maps(void **state)
{
	struct show_args all = {0}, one = {.tag = "SHARED-head-1"}, tu6 = {.name = "Tunnel6"};
	struct ipc_row_flow *f;

	(void)state;
	fed_count = 0;
	feed_text(SHOW_RUNNING,
	    "crypto ipsec transform-set T esp-aes 256 esp-sha256-hmac\n mode transport\n"
	    "crypto ikev2 profile IKE\n"
	    "crypto ipsec profile CLOUD\n set transform-set T\n set pfs group14\n"
	    "crypto ipsec profile VTI\n set transform-set T\n set ikev2-profile IKE\n"
	    "crypto ipsec profile SHARED\n set transform-set T\n"
	    "interface Tunnel0\n tunnel protection ipsec profile CLOUD\n"
	    "interface Tunnel1\n tunnel protection ipsec profile VTI\n"
	    "interface Tunnel5\n tunnel protection ipsec profile SHARED shared\n"
	    "interface Tunnel6\n tunnel protection ipsec profile SHARED shared\n");
	feed_protected("Tunnel0", TUNNEL_MGRE, "CLOUD");
	feed_protected("Tunnel1", TUNNEL_VTI, "VTI");
	feed_protected("Tunnel5", TUNNEL_MGRE, "SHARED")->shared = 1;
	feed_protected("Tunnel6", TUNNEL_MGRE, "SHARED")->shared = 1;
	feed_flow(22, "Tunnel0", "198.51.100.30", 0x0c001003, 0x0d002003);
	f = feed_flow(21, "Tunnel0", "198.51.100.20", 0x1c001001, 0x2d002001);
	snprintf(f->profile, sizeof(f->profile), "CLOUD");
	feed_flow(22, "Tunnel0", "198.51.100.30", 0x0c001002, 0x0d002002)->current = 0;
	f = feed_flow(23, "Tunnel1", "192.0.2.77", 0, 0);
	f->ts_proto = 0;
	f->ts_local = P("10.1.0.0/16");
	f->ts_remote = P("0.0.0.0/0");
	f = feed_flow(24, "Tunnel5", "198.51.100.50", 0x1c001009, 0x2d002009);
	snprintf(f->protection, sizeof(f->protection), "SHARED@192.0.2.1");
	snprintf(f->profile, sizeof(f->profile), "SHARED");
	render("tunnel_crypto_map", show_crypto_map, &all);
	render("tunnel_crypto_sockets", show_crypto_sockets, &all);
	render("tunnel_crypto_map_tag", show_crypto_map, &one);
	render("tunnel_crypto_map_tag", show_crypto_map, &tu6);
}

/* Two tunnels to one peer, and the ISAKMP SA was begun for the first. */
static void
test_second_tunnel(void **state)
{
	struct show_args all = {0}, one = {.local = A("192.0.2.1"), .local_port = 500,
	    .addr = A("198.51.100.21"), .port = 500};

	(void)state;
	fed_count = 0;
	feed_ike(1001, 21, "Tunnel0", "198.51.100.20");
	feed_flow(21, "Tunnel0", "198.51.100.20", 0x1c001001, 0x2d002001);
	feed_flow(25, "Tunnel4", "198.51.100.20", 0x1c001005, 0x2d002005);
	feed_flow(26, "Tunnel5", "198.51.100.21", 0x1c001006, 0x2d002006);
	render("second_crypto_session", show_crypto_session, &all);
	render("local_crypto_session", show_crypto_session, &one);
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
		{show_crypto_isakmp_invalid_spi, IPC_IKED}, {show_version, IPC_CONTROL},
		{show_ip_route, IPC_CONTROL}, {show_interfaces, IPC_CONTROL},
	};
	struct show_args all = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text out = {0};

		silent = rows[i].away;
		assert_non_null(rows[i].renderer(&fed_source, &all, &out));
		assert_int_equal(out.len, 0);
		text_free(&out);
	}
}

/*
 * The header lines of real devices, where the collection of them is beside the
 * checkout (or where IOS_SAMPLES says): ours must occur among them byte for byte
 * but for trailing blanks, which the collection's own editors may have cut.
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

		assert_null(rows[i].renderer(&fed_source, &all, &out));
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
#define X(name) cmocka_unit_test_setup(test_##name, show_scene),
		SHOW_RENDERERS(X)
#undef X
		cmocka_unit_test_setup(test_no_ikev2_errors, show_scene),
		cmocka_unit_test_setup(test_default_isakmp_policies, show_scene),
		cmocka_unit_test_setup(test_narrowed_by_interface, show_scene),
		cmocka_unit_test_setup(test_narrowed_by_peer, show_scene),
		cmocka_unit_test_setup(test_narrowed_by_tag, show_scene),
		cmocka_unit_test_setup(test_no_such_interface, show_scene),
		cmocka_unit_test_setup(test_route_of_a_subnet, show_scene),
		cmocka_unit_test_setup(test_nhrp_of_a_kind, show_scene),
		cmocka_unit_test_setup(test_route_of_an_address, show_scene),
		cmocka_unit_test_setup(test_crypto_maps, show_scene),
		cmocka_unit_test_setup(test_tunnel_maps, show_scene),
		cmocka_unit_test_setup(test_second_tunnel, show_scene),
		cmocka_unit_test_setup(test_over_ipv6, show_scene),
		cmocka_unit_test_setup(test_nothing_there, show_scene),
		cmocka_unit_test_setup(test_silent_daemon, show_scene),
		cmocka_unit_test_setup(test_headers_are_the_devices, show_scene),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
