/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration: what is refused, and why; what is weak and accepted with a warning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "config_scene.h"

static void
test_what_cannot_be_is_refused(void **state)
{
	struct conf *c = config_apply("interface GigabitEthernet0/0\n"
	    "ip address 10.0.0.1 255.255.255.0\n", 0);
	struct config_session *s = config_session_new(c);
	struct iface_id tunnel = {.type = IFACE_TUNNEL};
	struct config_result r;

	(void)state;
	config_enter(s, "interface GigabitEthernet0/1");
	config_refuses(s, "ip address 10.0.0.9 255.255.0.0",
	    "% 10.0.0.0 overlaps with GigabitEthernet0/0");
	config_refuses(s, "ip address 10.1.0.0 255.255.255.0", "Bad mask /24 for address 10.1.0.0");
	config_refuses(s, "ip address 10.1.0.1 255.0.255.0", "Bad mask 255.0.255.0 for address 10.1.0.1");
	config_refuses(s, "ip address 224.0.0.1 255.255.255.0", "Not a valid host address");
	config_enter(s, "ip address 10.1.0.0 255.255.255.254");
	config_refuses(s, "ip route 10.0.0.1 255.255.255.0 Null0", "%Inconsistent address and mask");
	config_refuses(s, "ip route 10.0.0.0 255.0.0.0 192.0.2.1 permanent", "to Null0 with a larger distance");
	config_refuses(s, "ip route 10.0.0.0 255.0.0.0 192.0.2.1 name x track 1", "leave out `track`");
	config_refuses(s, "ip route 10.0.0.0 255.0.0.0 192.0.2.1 name x 10 tag 5", "leave out `tag`");
	config_refuses(s, "ip route 0.0.0.0 0.0.0.0 dhcp", "DHCP");
	config_refuses(s, "no interface GigabitEthernet0/0", "physical");
	config_enter(s, "crypto ipsec nat-transparency udp-encapsulation");
	config_refuses(s, "no crypto ipsec nat-transparency udp-encapsulation", "encapsulation force");
	config_enter(s, "line vty 0 4");
	config_refuses(s, "exec-timeout 5 0", "exec-timeout 0 0");
	config_enter(s, "crypto isakmp policy 1");
	config_refuses(s, "authentication rsa-encr", "pre-share");
	config_refuses(s, "crypto ipsec transform-set T esp-aes", "add esp-sha256-hmac");
	config_refuses(s, "crypto ipsec transform-set T esp-3des", "add esp-sha256-hmac");
	config_refuses(s, "crypto ipsec transform-set T esp-gcm esp-sha-hmac", "leave out");
	config_refuses(s, "crypto ipsec transform-set T esp-gmac esp-sha-hmac", "leave out");
	config_refuses(s, "crypto ipsec transform-set T ah-md5-hmac", "AH is not built in");
	config_enter(s, "crypto ipsec profile P");
	config_refuses(s, "set transform-set T", "\"T\" does not exist");
	config_enter(s, "interface Tunnel0");
	/* Accepted and told: refused, the tunnel would be up in clear. */
	r = config_type(s, "tunnel protection ipsec profile Q");
	assert_int_equal(r.status, LINE_OK);
	assert_non_null(strstr(r.why, "drops all packets until `crypto ipsec profile Q`"));
	assert_string_equal(conf_iface_find(c, &tunnel)->tunnel.profile, "Q");
	config_enter(s, "tunnel protection ipsec profile P");
	config_refuses(s, "no crypto ipsec profile P", "Tunnel0");
	config_enter(s, "tunnel mode gre multipoint");
	config_refuses(s, "tunnel destination 192.0.2.1", "no destination");
	config_session_free(s);
	conf_free(c);
}

static void
test_ikev2_is_refused_where_it_must(void **state)
{
	struct conf *c = config_apply("crypto ikev2 proposal P\ncrypto ikev2 policy Q\nproposal P\n"
	    "crypto ikev2 keyring K\ncrypto ikev2 profile R\nkeyring local K\n"
	    "crypto ipsec profile I\nset ikev2-profile R\n", 0);
	struct config_session *s = config_session_new(c);

	(void)state;
	config_refuses(s, "no crypto ikev2 proposal P", "IKEv2 policy Q");
	config_refuses(s, "no crypto ikev2 keyring K", "IKEv2 profile R");
	config_refuses(s, "no crypto ikev2 profile R", "IPsec profile I");
	config_refuses(s, "no crypto ikev2 proposal", "which");
	config_refuses(s, "hostname -bad", "illegal characters");
	config_refuses(s, "hostname bad-", "illegal characters");
	config_refuses(s, "hostname b!d", "illegal characters");
	config_refuses(s, "crypto ikev2 authorization policy A", "FlexVPN");
	config_refuses(s, "crypto call admission load 50", "limit ike");
	config_enter(s, "crypto ikev2 proposal P");
	config_refuses(s, "encryption aes-gcm-256 aes-cbc-256", "second");
	config_enter(s, "crypto ikev2 policy Q");
	config_refuses(s, "proposal X", "does not exist");
	config_refuses(s, "match fvrf X", "match fvrf any");
	assert_true(config_type(s, "match fvrf any").noted);
	config_enter(s, "match address local 192.0.2.1");
	config_refuses(s, "match address local 192.0.2.2", "second policy");
	config_enter(s, "crypto ikev2 keyring K");
	config_enter(s, "peer A");
	config_refuses(s, "hostname x", "identity fqdn");
	config_refuses(s, "address 192.0.2.1 255.0.255.0", "mask");
	config_refuses(s, "pre-shared-key 6 abc", "no type 6 key");
	config_refuses(s, "pre-shared-key 7 99FF", "type 7");
	config_refuses(s, "pre-shared-key hex 123", "pairs");
	config_enter(s, "crypto ikev2 profile R");
	config_refuses(s, "authentication local eap", "EAP");
	config_refuses(s, "authentication local pre-share key fennec", "keyring");
	config_refuses(s, "keyring aaa x", "keyring local");
	config_refuses(s, "virtual-template 1", "tunnel");
	config_refuses(s, "aaa authorization group psk list X default", "FlexVPN");
	config_refuses(s, "ivrf x", "one routing table");	/* not: what global mode knows of `i` */
	config_session_free(s);
	conf_free(c);
}

/* What takes away one of several needs to be told which. */
static void
test_no_without_a_name_is_refused(void **state)
{
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c);

	(void)state;
	config_refuses(s, "no crypto map", "`no crypto map NAME`");
	config_refuses(s, "default crypto map", "`no crypto map NAME`");
	config_refuses(s, "no crypto dynamic-map", "`no crypto dynamic-map NAME`");
	config_refuses(s, "no username", "`no username NAME`");
	config_session_free(s);
	conf_free(c);
}

static void
test_crypto_maps_and_lists_that_cannot_be(void **state)
{
	struct conf *c = config_apply("crypto ipsec transform-set T esp-gcm\n"
	    "crypto dynamic-map D 10\n"
	    "crypto map M 10 ipsec-isakmp\n set transform-set T\n match address 101\n"
	    "crypto map M 20 ipsec-isakmp dynamic D\n"
	    "interface GigabitEthernet0/0\n crypto map M\n", 0);
	struct config_session *s = config_session_new(c);

	(void)state;
	config_refuses(s, "access-list 101 permit ip 10.0.0.0 0.255.0.255 any", "without gaps");
	config_refuses(s, "access-list 101 permit tcp any gt 1023 any", "`eq`");
	config_enter(s, "access-list 101 deny tcp any gt 1023 any");
	config_refuses(s, "access-list 102 permit tcp any any established", "leave the word out");
	config_refuses(s, "access-list 102 permit ip any any log", "not logged");
	config_refuses(s, "access-list 102 permit icmp any any echo", "the type");
	config_enter(s, "access-list 102 permit ip 10.0.0.0 0.255.0.255 any");
	config_enter(s, "access-list 3 permit any");
	config_refuses(s, "ip access-list extended 3", "Invalid access list number");
	config_enter(s, "ip access-list extended X");
	config_enter(s, "10 permit ip any any");
	config_refuses(s, "10 deny ip any any", "Duplicate sequence number 10");
	config_refuses(s, "no 20", "does not exist");
	config_refuses(s, "ip access-list standard X", "already exists");
	config_refuses(s, "crypto map N 10", "ipsec-isakmp");
	config_refuses(s, "crypto map M 10 ipsec-isakmp dynamic D", "delete the entry");
	config_refuses(s, "crypto map M 5 ipsec-manual", "negotiated");
	config_enter(s, "crypto map M 10");
	assert_string_equal(config_session_mode(s), "config-crypto-map");
	config_refuses(s, "match address 102", "without gaps");
	config_refuses(s, "match address 3", "extended");
	config_refuses(s, "set peer west.example.net", "not resolved");
	config_refuses(s, "qos pre-classify", "leave out");
	config_refuses(s, "no crypto map M", "GigabitEthernet0/0");
	config_refuses(s, "no crypto dynamic-map D", "crypto map M");
	config_enter(s, "crypto dynamic-map D 10");
	config_refuses(s, "reverse-route static", "leave out `static`");
	config_enter(s, "reverse-route");
	config_refuses(s, "no crypto ipsec transform-set T", "in use");
	config_enter(s, "interface GigabitEthernet0/0");
	config_refuses(s, "crypto map N", "does not exist");
	config_refuses(s, "ip access-group 101 in", "nftables");
	config_session_free(s);
	conf_free(c);
}

/* A refusal says where to turn; what nobody here could do differently is noted, and every `no`. */
static void
test_what_the_host_does_is_said(void **state)
{
	static const struct { const char *line, *why; } rows[] = {
		{"router eigrp 1\n network 10.0.0.0\n", "FRR"}, {"vrf definition A\n rd 1:1\n", "VRF"},
		{"ip nat inside source list 1 interface GigabitEthernet0/0 overload\n", "nftables"},
		{"interface Tunnel0\n shutdown\nrouter ospf 1\n", "FRR"},
		{"interface Tunnel0\n tunnel source Ethernet0/3\n", "GigabitEthernet"},
		{"interface Tunnel0\n keepalive 10 3\n", "DPD"},
		{"interface Tunnel0\n no ip unreachables\n", "nftables"},
		{"interface Tunnel0\n ip nhrp server-only\n", "shortcut"},
		{"interface Tunnel0\n if-state nhrp\n", "line protocol"},
		{"interface Tunnel0\n tunnel checksum\n", "checksums"},
		{"logging host 192.0.2.1\n", "syslog"},
		{"show clock\n", "`do`"},
		{"class-map match-any X\n", "tc"},
		{"line vty 0 4\n privilege level 15\n", "username"},
		{"crypto gdoi group G\n", "GETVPN"},
		{"ip route 0.0.0.0 0.0.0.0 Ethernet0/3\n", "GigabitEthernet"},
		{"no ip cef\n", "one way"}, {"ip source-route\n", "kernel"}, {"gatekeeper\n shutdown\n", "voice"},
		{"vpdn-group 1\n request-dialin\n", "dials in"}, {"ip http client source-interface gi0/0\n", "CRL"},
		{"ipv6 prefix-list A seq 5 permit ::/0\n", "FRR"}, {"ipv6 dhcp pool UK\n", "DHCP"},
		{"interface GigabitEthernet0/0\n speed 1000\n", "ethtool"},
		{"interface GigabitEthernet0/0\n no negotiation auto\n", "ethtool"},
		{"interface GigabitEthernet0/0\n ipv6 ospf 1 area 0\n", "FRR"},
		{"line vty 0 4\n transport preferred all\n", "output none"}, {"service config\n", "file of this host"},
		{"crypto ipsec client ezvpn A\n", "Easy VPN"},
		{"event manager applet A\n event timer countdown name B time 5\n", "`name`"},
		{"ip ssh version 2\n", "sshd"}, {"aaa new-model\n", "login local"}, {"ntp server 192.0.2.1\n", "chrony"},
		{"ip domain name example.org\n", "fqdn"}, {"ip domain lookup\n", "resolv.conf"},
		{"interface Tunnel0\n ip ospf 1 area 0\n", "FRR"},
		{"interface Tunnel0\n vrf forwarding A\n", "VRF"},
		{"line vty 0 4\n length 0\n", "terminal length"},
		{"line vty 0 4\n transport input ssh telnet\n", "sshd"},
	};
	struct conf *c = config_apply("no router eigrp 1\nno ip domain lookup\nno ntp server 192.0.2.1\n"
	    "multilink bundle-name authenticated\nmmi polling-interval 60\nmmi snmp-timeout 180\n"
	    "license udi pid X sn Y\nno platform punt-keepalive disable-kernel-core\n"
	    "spanning-tree extend system-id\nip tcp synwait-time 5\ninterface GigabitEthernet0/0\n"
	    " media-type rj45\ninterface Tunnel0\n no ip split-horizon eigrp 1\n"
	    " no ip next-hop-self eigrp 1\nline vty 0 4\n stopbits 1\n transport input ssh\n", 0);

	(void)state;
	conf_free(c);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config_error *e = NULL;

		c = conf_new();
		assert_int_not_equal(config_text_apply(c, rows[i].line, &e), 0);
		if (strstr(e->why, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].line, e->why);
		config_errors_free(e);
		conf_free(c);
	}
}

static void
test_keys_are_not_repeated(void **state)
{
	static const char *const lines[] = {
		"crypto isakmp key 6 SECRETSECRET address 192.0.2.1",
		"crypto isakmp key SECRETSECRET address 192.0.2.1 255.0.255.0",
		"crypto isakmp key SECRETSECRET adress 192.0.2.1",
		"crypto isakmp key SECRETSECRET",
		"crypto isakmp key SECRETSECRET hostnam",
		"pre-shared-key address 192.0.2.1 key SECRETSECRET more",
		"ip nhrp authentication SECRETSECRET",
		"pre-shared-key SECRETSECRET",
		"crypto ikev2 keyring K\n peer A\n  pre-shared-key 6 SECRETSECRET",
		"crypto ikev2 keyring K\n peer A\n  pre-shared-key 7 SECRETSECRET",
		"crypto ikev2 keyring K\n peer A\n  pre-shared-key local hex SECRETSECRET",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct conf *c = conf_new();
		struct config_error *errors = NULL;

		assert_int_equal(config_text_apply(c, lines[i], &errors), 1);
		assert_null(strstr(errors->why, "SECRET"));
		config_errors_free(errors);
		conf_free(c);
	}
}

/* Accepted, since routers that are not replaced ask for them; and each is told. */
static void
test_what_is_weak_is_told(void **state)
{
	static const struct {
		const char *mode, *line;
		bool weak;
	} rows[] = {
		{"crypto isakmp policy 1", "encryption des", true},
		{"crypto isakmp policy 1", "encryption 3des", true},
		{"crypto isakmp policy 1", "encryption aes", false},
		{"crypto isakmp policy 1", "hash md5", true},
		{"crypto isakmp policy 1", "hash sha", false},
		{"crypto isakmp policy 1", "group 1", true},
		{"crypto isakmp policy 1", "group 2", true},
		{"crypto isakmp policy 1", "group 5", true},
		{"crypto isakmp policy 1", "group 24", false},
		{"crypto ipsec profile P", "set pfs group2", true},
		{"crypto ipsec profile P", "set pfs group21", false},
		{"", "crypto ipsec transform-set T esp-des esp-md5-hmac", true},
		{"", "crypto ipsec transform-set T esp-3des esp-sha-hmac", true},
		{"", "crypto ipsec transform-set T esp-md5-hmac esp-aes 256", true},
		{"", "crypto ipsec transform-set T esp-null esp-sha-hmac", true},
		{"", "crypto ipsec transform-set T esp-gmac 256", true},
		{"", "crypto ipsec transform-set T esp-aes esp-sha-hmac", false},
		{"", "crypto ipsec transform-set T esp-gcm 256", false},
	};
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c);
	struct config_result r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].mode[0] != '\0')
			config_enter(s, rows[i].mode);
		r = config_type(s, rows[i].line);
		assert_int_equal(r.status, LINE_OK);
		if ((strncmp(r.why, "% Warning: ", 11) == 0) != rows[i].weak)
			fail_msg("%s: \"%s\"", rows[i].line, r.why);
	}
	config_session_free(s);
	conf_free(c);
}

static void
test_weak_algorithms_are_warned_of(void **state)
{
	static const char *const lines[] = {
		"encryption aes-cbc-256 3des", "encryption des", "integrity md5", "prf sha1 md5",
		"group 2", "group 14 5", "group 1",
	};
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c);
	size_t i;

	(void)state;
	config_enter(s, "crypto ikev2 proposal P");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct config_result r = config_type(s, lines[i]);

		assert_int_equal(r.status, LINE_OK);
		assert_non_null(strstr(r.why, "deprecated"));
	}
	assert_string_equal(config_type(s, "group 14 19").why, "");
	assert_string_equal(config_type(s, "encryption aes-cbc-128").why, "");
	config_session_free(s);
	conf_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_cannot_be_is_refused),
		cmocka_unit_test(test_ikev2_is_refused_where_it_must),
		cmocka_unit_test(test_crypto_maps_and_lists_that_cannot_be),
		cmocka_unit_test(test_no_without_a_name_is_refused),
		cmocka_unit_test(test_what_the_host_does_is_said),
		cmocka_unit_test(test_keys_are_not_repeated),
		cmocka_unit_test(test_what_is_weak_is_told),
		cmocka_unit_test(test_weak_algorithms_are_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
