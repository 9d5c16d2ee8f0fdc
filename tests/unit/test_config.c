/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration: what is written back is what was accepted, and what `no` undoes. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ca_hex.h"
#include "config_scene.h"

static void
check_comes_back(const char *from, const char *as)
{
	char *text = config_read(from), *want = config_read(as);
	struct conf *c = config_apply(text, 0), *copy = conf_copy(c);
	struct text out = config_written(copy);

	assert_string_equal(text_str(&out), want);
	config_check_fixed_point(c);
	text_free(&out);
	conf_free(copy);
	conf_free(c);
	free(text);
	free(want);
}

static void
test_whole_configurations_come_back(void **state)
{
	(void)state;
	check_comes_back(FIXTURES "/dmvpn-spoke.cfg", FIXTURES "/dmvpn-spoke.out");
	check_comes_back(FIXTURES "/crypto-map.cfg", FIXTURES "/crypto-map.out");
	check_comes_back(FIXTURES "/ikev2.cfg", FIXTURES "/ikev2.out");
}

/* Each command, in the mode it is for, undone by `no` and by `default`. */
static const struct {
	const char *mode;	/* lines before, separated by newlines */
	const char *line, *undo;
} commands[] = {
	{"", "hostname Reykjavik", "no hostname"},
	{"", "service timestamps log datetime msec year", "default service timestamps log"},
	{"", "no service timestamps debug", "default service timestamps debug"},
	{"", "logging buffered 8192 warnings", "default logging buffered"},
	{"", "no logging buffered", "logging buffered"},
	{"", "no logging console", "logging console"},
	{"", "logging monitor errors", "default logging monitor"},
	{"", "no crypto isakmp enable", "crypto isakmp enable"},
	{"", "no crypto isakmp enable", "default crypto isakmp enable"},
	{"", "crypto isakmp policy 5", "no crypto isakmp policy 5"},
	{"", "crypto isakmp key fennec address 192.0.2.1", "no crypto isakmp key fennec address 192.0.2.1"},
	{"", "crypto isakmp key fennec address 192.0.2.0 255.255.255.0",
	    "no crypto isakmp key address 192.0.2.0 255.255.255.0"},
	{"", "crypto isakmp keepalive 30 5 periodic", "no crypto isakmp keepalive"},
	{"", "crypto isakmp key fennec hostname hub.example.org",
	    "no crypto isakmp key hostname hub.example.org"},
	{"", "crypto isakmp identity hostname", "crypto isakmp identity address"},
	{"", "crypto isakmp identity hostname", "no crypto isakmp identity"},
	{"", "crypto isakmp aggressive-mode disable", "no crypto isakmp aggressive-mode disable"},
	{"", "crypto isakmp fragmentation", "no crypto isakmp fragmentation"},
	{"", "crypto isakmp profile P", "no crypto isakmp profile P"},
	{"", "crypto isakmp peer address 192.0.2.1", "no crypto isakmp peer address 192.0.2.1"},
	{"crypto isakmp profile P", "match identity address 192.0.2.0 255.255.255.0",
	    "no match identity address 192.0.2.0 255.255.255.0"},
	{"crypto isakmp profile P", "match identity address 0.0.0.0",
	    "no match identity address 0.0.0.0"},
	{"", "crypto isakmp identity dn", "no crypto isakmp identity"},
	{"crypto isakmp profile P", "match certificate MAP", "no match certificate MAP"},
	{"crypto isakmp profile P", "ca trust-point TP", "no ca trust-point TP"},
	{"crypto isakmp profile P", "match identity host hub.example.org",
	    "no match identity host hub.example.org"},
	{"crypto isakmp profile P", "match identity host domain example.org",
	    "no match identity host domain example.org"},
	{"crypto isakmp profile P", "match identity user domain example.org",
	    "no match identity user domain example.org"},
	{"crypto isakmp profile P", "keyring K", "no keyring"},
	{"crypto isakmp profile P", "description to the hub", "no description"},
	{"crypto isakmp profile P", "self-identity fqdn", "no self-identity"},
	{"crypto isakmp profile P", "self-identity user-fqdn me@example.org", "no self-identity"},
	{"crypto isakmp profile P", "keepalive 30 retry 3", "no keepalive"},
	{"crypto isakmp profile P", "initiate mode aggressive", "no initiate mode aggressive"},
	{"crypto isakmp profile P", "local-address 192.0.2.1", "no local-address"},
	{"crypto isakmp peer address 192.0.2.1", "set aggressive-mode password 0 6",
	    "no set aggressive-mode password"},
	{"crypto isakmp peer address 192.0.2.1", "set aggressive-mode password fennec",
	    "no set aggressive-mode password"},
	{"crypto isakmp peer address 192.0.2.1", "set aggressive-mode client-endpoint fqdn spoke",
	    "no set aggressive-mode client-endpoint"},
	{"crypto ipsec profile P", "set isakmp-profile Q", "no set isakmp-profile"},
	{"crypto map M 10 ipsec-isakmp", "set isakmp-profile Q", "no set isakmp-profile"},
	{"crypto keyring K", "pre-shared-key hostname hub key fennec",
	    "no pre-shared-key hostname hub"},
	{"", "crypto isakmp invalid-spi-recovery", "no crypto isakmp invalid-spi-recovery"},
	{"", "crypto isakmp invalid-spi-recovery", "default crypto isakmp invalid-spi-recovery"},
	{"", "logging crypto invalid-spi mnemonic recvd", "no logging crypto invalid-spi mnemonic"},
	{"", "logging crypto invalid-spi mnemonic recvd", "logging crypto invalid-spi mnemonic recv"},
	{"", "logging crypto invalid-spi interface", "no logging crypto invalid-spi interface"},
	{"", "crypto isakmp nat keepalive 20", "no crypto isakmp nat keepalive 20"},
	{"", "crypto keyring K", "no crypto keyring K"},
	{"", "crypto ipsec transform-set T esp-gcm 256", "no crypto ipsec transform-set T"},
	{"", "crypto ipsec transform-set T esp-3des esp-md5-hmac", "no crypto ipsec transform-set T"},
	{"", "crypto ipsec transform-set T esp-gmac 128", "no crypto ipsec transform-set T"},
	{"", "crypto ipsec transform-set T esp-chacha20-poly1305", "no crypto ipsec transform-set T"},
	{"", "crypto ipsec transform-set T esp-null esp-sha256-hmac", "no crypto ipsec transform-set T"},
	{"", "crypto ipsec transform-set T esp-ctr 192 esp-sha256-hmac", "no crypto ipsec transform-set T"},
	{"", "crypto ipsec profile P", "no crypto ipsec profile P"},
	{"", "crypto ipsec security-association lifetime seconds 600",
	    "no crypto ipsec security-association lifetime seconds"},
	{"", "crypto ipsec security-association lifetime kilobytes disable",
	    "default crypto ipsec security-association lifetime kilobytes"},
	{"", "crypto ipsec security-association replay window-size 1024",
	    "no crypto ipsec security-association replay window-size"},
	{"", "crypto ipsec security-association replay disable",
	    "no crypto ipsec security-association replay disable"},
	{"", "interface Tunnel7", "no interface Tunnel7"},
	{"", "access-list 101 permit ip any any", "no access-list 101"},
	{"", "access-list 2 permit 10.0.0.1", "no access-list 2 permit 10.0.0.1"},
	{"", "ip access-list extended A", "no ip access-list extended A"},
	{"", "crypto map M 10 ipsec-isakmp", "no crypto map M 10"},
	{"", "crypto map M 10 ipsec-isakmp dynamic D", "no crypto map M"},
	{"", "crypto map M local-address Loopback0", "no crypto map M local-address"},
	{"", "crypto dynamic-map D 5", "no crypto dynamic-map D 5"},
	{"ip access-list extended A", "20 permit tcp any host 10.0.0.1 eq www",
	    "no permit tcp any host 10.0.0.1 eq 80"},
	{"ip access-list extended A", "7 deny ip any any", "no 7"},
	{"ip access-list extended A", "remark about it", "no remark about it"},
	{"ip access-list standard B", "permit 10.0.0.0 0.0.0.255", "no 10"},
	{"crypto map M 10 ipsec-isakmp", "description x", "no description"},
	{"crypto map M 10 ipsec-isakmp", "set peer 192.0.2.1 default", "no set peer 192.0.2.1"},
	{"crypto map M 10 ipsec-isakmp", "match address 101", "no match address"},
	{"crypto map M 10 ipsec-isakmp", "reverse-route static", "no reverse-route"},
	{"crypto map M 10 ipsec-isakmp", "reverse-route remote-peer 192.0.2.9", "no reverse-route"},
	{"crypto map M 10 ipsec-isakmp", "set reverse-route distance 9",
	    "no set reverse-route distance"},
	{"crypto map M 10 ipsec-isakmp", "set isakmp-profile P", "no set isakmp-profile"},
	{"crypto map M 10 ipsec-isakmp", "set ikev2-profile P", "no set ikev2-profile"},
	{"", "crypto map M isakmp-profile P", "no crypto map M isakmp-profile P"},
	{"crypto map M 10 ipsec-isakmp", "set pfs group19", "no set pfs"},
	{"crypto map M 10 ipsec-isakmp", "set security-association lifetime seconds 900",
	    "no set security-association lifetime seconds"},
	{"crypto dynamic-map D 5", "match address 101", "no match address 101"},
	{"", "ip route 10.0.0.0 255.0.0.0 192.0.2.1 10 name x", "no ip route 10.0.0.0 255.0.0.0 192.0.2.1"},
	{"", "ip route 10.0.0.0 255.0.0.0 192.0.2.1 name x", "no ip route 10.0.0.0 255.0.0.0"},
	{"", "ip route 10.0.0.0 255.0.0.0 Tunnel0", "no ip route 10.0.0.0 255.0.0.0"},
	{"", "ip route 10.0.0.0 255.0.0.0 Null0", "no ip route 10.0.0.0 255.0.0.0 Null0"},
	{"crypto isakmp policy 1", "encryption aes 192", "no encryption"},
	{"crypto isakmp policy 1", "encryption 3des", "no encryption"},
	{"crypto isakmp policy 1", "encryption des", "default encryption"},
	{"crypto isakmp policy 1", "hash md5", "no hash"},
	{"crypto isakmp policy 1", "hash sha512", "default hash"},
	{"crypto isakmp policy 1", "authentication pre-share", "no authentication"},
	{"crypto isakmp policy 1", "group 20", "no group"},
	{"crypto isakmp policy 1", "lifetime 3600", "no lifetime 3600"},
	{"crypto keyring K", "pre-shared-key address 192.0.2.1 key fennec",
	    "no pre-shared-key address 192.0.2.1"},
	{"crypto ipsec transform-set T esp-aes esp-sha-hmac", "mode transport", "no mode"},
	{"crypto ipsec transform-set T esp-aes esp-sha-hmac\ncrypto ipsec profile P",
	    "set transform-set T", "no set transform-set"},
	{"crypto ipsec profile P", "set pfs group19", "no set pfs"},
	{"crypto ipsec profile P", "set security-association lifetime seconds 3600",
	    "no set security-association lifetime seconds"},
	{"crypto ipsec profile P", "set security-association lifetime kilobytes disable",
	    "no set security-association lifetime kilobytes disable"},
	{"interface Tunnel0", "description a  b", "no description"},
	{"interface Tunnel0", "bandwidth 64", "no bandwidth"},
	{"interface Tunnel0", "delay 5", "no delay 5"},
	{"interface Tunnel0", "ip address 10.0.0.1 255.255.255.0", "no ip address"},
	{"interface Tunnel0", "ip address 10.0.0.1 255.255.255.0",
	    "no ip address 10.0.0.1 255.255.255.0"},
	{"interface Tunnel0\nip address 10.0.0.1 255.255.255.0",
	    "ip address 10.1.0.1 255.255.255.0 secondary",
	    "no ip address 10.1.0.1 255.255.255.0 secondary"},
	{"interface Tunnel0", "ip mtu 1400", "no ip mtu"},
	{"interface Tunnel0", "ip tcp adjust-mss 1360", "no ip tcp adjust-mss"},
	{"interface Tunnel0", "shutdown", "no shutdown"},
	{"interface Tunnel0", "tunnel source 192.0.2.1", "no tunnel source"},
	{"interface Tunnel0", "tunnel source gi 0/0", "no tunnel source"},
	{"interface Tunnel0", "tunnel destination 192.0.2.1", "no tunnel destination"},
	{"interface Tunnel0", "tunnel mode gre multipoint", "no tunnel mode"},
	{"interface Tunnel0", "tunnel mode ipsec ipv4", "tunnel mode gre ip"},
	{"interface Tunnel0", "tunnel key 0", "no tunnel key"},
	{"interface Tunnel0", "tunnel ttl 5", "no tunnel ttl"},
	{"", "crypto ipsec df-bit clear", "no crypto ipsec df-bit"},
	{"", "crypto ipsec df-bit clear", "crypto ipsec df-bit copy"},
	{"interface GigabitEthernet0/0", "crypto ipsec df-bit clear", "no crypto ipsec df-bit"},
	{"interface GigabitEthernet0/0", "crypto ipsec df-bit copy", "no crypto ipsec df-bit clear"},
	{"", "crypto ipsec nat-transparency udp-encapsulation force",
	    "default crypto ipsec nat-transparency udp-encapsulation force"},
	{"", "no crypto ipsec nat-transparency udp-encapsulation force",
	    "default crypto ipsec nat-transparency udp-encapsulation force"},
	{"", "crypto ipsec df-bit set", "no crypto ipsec df-bit set"},
	{"", "crypto ipsec fragmentation after-encryption", "no crypto ipsec fragmentation"},
	{"", "crypto ipsec fragmentation after-encryption",
	    "crypto ipsec fragmentation before-encryption"},
	{"interface GigabitEthernet0/0", "crypto ipsec df-bit set", "no crypto ipsec df-bit"},
	{"interface GigabitEthernet0/0", "crypto ipsec fragmentation before-encryption",
	    "no crypto ipsec fragmentation"},
	{"interface Tunnel0", "tunnel path-mtu-discovery", "no tunnel path-mtu-discovery"},
	{"interface Tunnel0", "tunnel path-mtu-discovery age-timer 20 min-mtu 1000",
	    "no tunnel path-mtu-discovery"},
	{"interface Tunnel0", "tunnel path-mtu-discovery age-timer infinite",
	    "no tunnel path-mtu-discovery age-timer infinite"},
	{"interface Tunnel0", "tunnel path-mtu-discovery min-mtu 600",
	    "no tunnel path-mtu-discovery"},
	{"interface Tunnel0\ntunnel mode gre multipoint", "tunnel hairpin", "no tunnel hairpin"},
	{"crypto ipsec profile P\ninterface Tunnel0", "tunnel protection ipsec profile P shared",
	    "no tunnel protection ipsec profile P"},
	{"crypto ipsec profile P\ninterface Tunnel0", "tunnel protection ipsec profile P",
	    "no tunnel protection"},
	{"crypto ipsec profile P\ninterface Tunnel0",
	    "tunnel protection ipsec profile P shared ikev2-profile Q", "no tunnel protection"},
	{"interface Tunnel0", "tunnel protection ipsec profile default", "no tunnel protection"},
	{"", "no crypto ipsec transform-set default", "default crypto ipsec transform-set default"},
	{"", "no crypto ipsec profile default", "default crypto ipsec profile default"},
	{"crypto ipsec profile P", "set ikev2-profile Q", "no set ikev2-profile"},
	{"crypto ipsec profile P", "set transform-set default", "no set transform-set default"},
	{"", "crypto ikev2 proposal P", "no crypto ikev2 proposal P"},
	{"", "no crypto ikev2 proposal default", "default crypto ikev2 proposal"},
	{"", "no crypto ikev2 policy default", "default crypto ikev2 policy"},
	{"", "crypto ikev2 policy P", "no crypto ikev2 policy P"},
	{"", "crypto ikev2 keyring K", "no crypto ikev2 keyring K"},
	{"", "crypto ikev2 profile P", "no crypto ikev2 profile P"},
	{"", "crypto ikev2 dpd 10 2 periodic", "no crypto ikev2 dpd"},
	{"", "crypto ikev2 dpd 10 2 on-demand", "no crypto ikev2 dpd 10 2 on-demand"},
	{"", "crypto ikev2 nat keepalive 20", "no crypto ikev2 nat keepalive"},
	{"", "crypto ikev2 cookie-challenge 50", "no crypto ikev2 cookie-challenge"},
	{"", "crypto ikev2 window 20", "no crypto ikev2 window"},
	{"", "crypto ikev2 window 1", "crypto ikev2 window 5"},
	{"", "crypto ikev2 window 7", "default crypto ikev2 window 7"},
	{"", "crypto call admission limit ike sa 500", "no crypto call admission limit ike sa"},
	{"", "crypto call admission limit ike in-negotiation-sa 50",
	    "no crypto call admission limit ike in-negotiation-sa"},
	{"", "crypto ikev2 limit max-sa 500", "no crypto ikev2 limit max-sa"},
	{"", "crypto ikev2 limit max-in-negotation-sa 70 outgoing",
	    "no crypto ikev2 limit max-in-negotation-sa 70 outgoing"},
	{"", "crypto ikev2 limit max-in-negotation-sa 60 incoming",
	    "no crypto ikev2 limit max-in-negotation-sa 60 incoming"},
	{"", "crypto ikev2 limit max-in-negotiation-sa 50", "no crypto ikev2 limit max-in-negotation-sa"},
	{"", "crypto ikev2 fragmentation mtu 1200", "no crypto ikev2 fragmentation"},
	{"", "crypto ikev2 fragmentation", "default crypto ikev2 fragmentation"},
	{"crypto ikev2 proposal P", "encryption aes-cbc-256 aes-cbc-128 3des", "no encryption"},
	{"crypto ikev2 proposal P", "encryption aes-gcm-256", "no encryption aes-gcm-256"},
	{"crypto ikev2 proposal P", "integrity sha512 md5", "no integrity"},
	{"crypto ikev2 proposal P", "prf sha256", "no prf"},
	{"crypto ikev2 proposal P", "group 21 2 14", "no group"},
	{"crypto ikev2 proposal P\ncrypto ikev2 policy Q", "proposal P", "no proposal P"},
	{"crypto ikev2 policy Q", "proposal default", "no proposal default"},
	{"crypto ikev2 policy Q", "match address local 192.0.2.1", "no match address local 192.0.2.1"},
	{"crypto ikev2 keyring K", "peer A", "no peer A"},
	{"crypto ikev2 keyring K\npeer A", "address 192.0.2.1", "no address"},
	{"crypto ikev2 keyring K\npeer A", "address 0.0.0.0 0.0.0.0", "no address 0.0.0.0 0.0.0.0"},
	{"crypto ikev2 keyring K\npeer A", "description the other  side", "no description"},
	{"crypto ikev2 keyring K\npeer A", "identity fqdn domain example.net", "no identity"},
	{"crypto ikev2 keyring K\npeer A", "identity address 192.0.2.1", "no identity address 192.0.2.1"},
	{"crypto ikev2 keyring K\npeer A", "pre-shared-key with a blank", "no pre-shared-key"},
	{"crypto ikev2 keyring K\npeer A", "pre-shared-key local fennec", "no pre-shared-key local"},
	{"crypto ikev2 keyring K\npeer A", "pre-shared-key remote hex 0a0B", "no pre-shared-key remote"},
	{"crypto ikev2 keyring K\npeer A", "pre-shared-key 7 0822455D0A16", "no pre-shared-key"},
	{"crypto ikev2 profile P", "description to  the hub", "no description"},
	{"crypto ikev2 profile P", "match identity remote address 192.0.2.0 255.255.255.0",
	    "no match identity remote address 192.0.2.0 255.255.255.0"},
	{"crypto ikev2 profile P", "match identity remote any", "no match identity remote any"},
	{"crypto ikev2 profile P", "match identity remote fqdn gw.example.net",
	    "no match identity remote fqdn gw.example.net"},
	{"crypto ikev2 profile P", "match identity remote email domain example.net",
	    "no match identity remote email domain example.net"},
	{"crypto ikev2 profile P", "match identity remote key-id X", "no match identity remote key-id X"},
	{"crypto ikev2 profile P", "match certificate MAP", "no match certificate MAP"},
	{"crypto ikev2 profile P", "match address local 192.0.2.1", "no match address local 192.0.2.1"},
	{"crypto ikev2 profile P", "match address local interface gi 0/0",
	    "no match address local interface GigabitEthernet0/0"},
	{"crypto ikev2 profile P", "identity local fqdn gw.example.net", "no identity local"},
	{"crypto ikev2 profile P", "identity local dn", "no identity local dn"},
	{"crypto ikev2 profile P", "identity local address 192.0.2.1", "default identity local"},
	{"crypto ikev2 profile P", "authentication local pre-share", "no authentication local"},
	{"crypto ikev2 profile P", "authentication remote rsa-sig", "no authentication remote rsa-sig"},
	{"crypto ikev2 profile P\nauthentication remote pre-share", "authentication remote ecdsa-sig",
	    "no authentication remote ecdsa-sig"},
	{"crypto ikev2 profile P", "keyring local K", "no keyring local"},
	{"crypto ikev2 profile P", "pki trustpoint T sign", "no pki trustpoint T"},
	{"crypto ikev2 profile P\npki trustpoint T", "pki trustpoint U verify", "no pki trustpoint U"},
	{"crypto ikev2 profile P", "lifetime 3600", "lifetime 86400"},
	{"crypto ikev2 profile P", "dpd 10 2 periodic", "no dpd"},
	{"crypto ikev2 profile P", "nat keepalive 20", "no nat keepalive"},
	{"crypto ikev2 profile P", "initial-contact force", "no initial-contact force"},
	{"crypto ikev2 profile P", "shutdown", "no shutdown"},
	{"interface Tunnel0", "ip nhrp network-id 1", "no ip nhrp network-id"},
	{"interface Tunnel0", "ip nhrp authentication fennec", "no ip nhrp authentication"},
	{"interface Tunnel0", "ip nhrp map 10.0.0.1 192.0.2.1", "no ip nhrp map 10.0.0.1 192.0.2.1"},
	{"interface Tunnel0", "ip nhrp map 10.0.0.0 255.255.255.0 192.0.2.1",
	    "no ip nhrp map 10.0.0.0 255.255.255.0 192.0.2.1"},
	{"interface Tunnel0", "ip nhrp map multicast 192.0.2.1", "no ip nhrp map multicast 192.0.2.1"},
	{"interface Tunnel0", "ip nhrp map multicast dynamic", "no ip nhrp map multicast dynamic"},
	{"interface Tunnel0", "ip nhrp nhs 10.0.0.1 nbma 192.0.2.1 multicast", "no ip nhrp nhs 10.0.0.1"},
	{"interface Tunnel0", "ip nhrp nhs 10.0.0.1 nbma 192.0.2.1 multicast priority 255 cluster 10",
	    "no ip nhrp nhs 10.0.0.1"},
	{"interface Tunnel0", "ip nhrp nhs 10.0.0.1 priority 3", "no ip nhrp nhs 10.0.0.1 priority 3"},
	{"interface Tunnel0", "ip nhrp nhs 10.0.0.1 nbma 192.0.2.1 cluster 1",
	    "no ip nhrp nhs 10.0.0.1 nbma 192.0.2.1 cluster 1"},
	{"interface Tunnel0", "ip nhrp nhs cluster 10 max-connections 0",
	    "no ip nhrp nhs cluster 10 max-connections 0"},
	{"interface Tunnel0", "ip nhrp nhs cluster 0 max-connections 255",
	    "no ip nhrp nhs cluster 0 max-connections"},
	{"interface Tunnel0", "ip nhrp nhs fallback 60", "no ip nhrp nhs fallback"},
	{"interface Tunnel0", "ip nhrp holdtime 60", "default ip nhrp holdtime"},
	{"interface Tunnel0", "ip nhrp redirect timeout 4", "no ip nhrp redirect"},
	{"interface Tunnel0", "ip nhrp shortcut", "no ip nhrp shortcut"},
	{"interface Tunnel0", "ip nhrp registration no-unique", "no ip nhrp registration no-unique"},
	{"interface Tunnel0", "ip nhrp registration timeout 9", "no ip nhrp registration timeout"},
};

static void
test_no_undoes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct conf *c = config_apply(commands[i].mode, 0);
		struct config_session *s = config_session_new(c);
		struct text before = config_written(c), with, after;

		config_enter_all(s, commands[i].mode);	/* back into the mode that was open */
		config_enter(s, commands[i].line);
		with = config_written(c);
		if (strcmp(text_str(&before), text_str(&with)) == 0)
			fail_msg("%s: nothing was written", commands[i].line);
		config_check_fixed_point(c);
		config_enter(s, commands[i].undo);
		after = config_written(c);
		if (strcmp(text_str(&before), text_str(&after)) != 0)
			fail_msg("%s: left behind\n%s", commands[i].undo, text_str(&after));
		text_free(&before);
		text_free(&with);
		text_free(&after);
		config_session_free(s);
		conf_free(c);
	}
}

static void
test_applets_come_back(void **state)
{
	char *text = config_read(FIXTURES "/eem.cfg");
	struct conf *c = config_apply(text, 0), *copy = conf_copy(c);
	struct text out = config_written(copy);

	(void)state;
	config_check_fixed_point(copy);
	assert_non_null(strstr(text_str(&out), strstr(text, "event manager environment")));
	conf_free(c);
	conf_free(copy);
	text_free(&out);
	free(text);
	c = config_apply("event manager applet A\n event syslog pattern \"a b\n"
	    " event syslog pattern \"(\"\n"
	    " event syslog occurs 3\n event timer cron cron-entry \"1 2 3\"\n action 1 puts\n"
	    " action 1 file open f x q\n event snmp oid 1\n action 1 mail server x\n", 8);
	assert_null(c->eem.applets->actions);
	assert_int_equal(c->eem.applets->event.kind, EEM_EVENT_MISSING);
	conf_free(c);
}

/* Configurations from elsewhere, where a collection lies beside the tree: whatever
 * is refused, what was accepted is written so that it is accepted again. */
static void
test_strange_configurations(void **state)
{
	struct config_error *errors;
	struct conf *c;
	char *text;
	glob_t g;
	size_t i;

	(void)state;
	if (glob(SAMPLES "/*.cfg", 0, NULL, &g) != 0)
		skip();
	for (i = 0; i < g.gl_pathc; i++) {
		text = config_read(g.gl_pathv[i]);
		c = conf_new();
		errors = NULL;
		config_text_apply(c, text, &errors);
		config_check_fixed_point(c);
		config_errors_free(errors);
		conf_free(c);
		free(text);
	}
	globfree(&g);
}

static const char pki_head[] =
    "crypto pki trustpoint VPN\n enrollment terminal pem\n subject-name CN=R1, OU=VPN, O=Example\n"
    " revocation-check crl none\n rsakeypair VPN\n hash sha256\n"
    "crypto pki certificate map M 10\n subject-name co ou = vpn\n"
    "crypto pki certificate chain VPN\n certificate ca 01\n";

static void
test_certificates_come_back(void **state)
{
	struct text text = {0};
	struct conf *c, *copy;
	struct text out;

	(void)state;
	text_add(&text, "%s%s  \tquit\nhostname R1\n", pki_head, CA_HEX);
	c = config_apply(text_str(&text), 0);
	copy = conf_copy(c);
	out = config_written(copy);
	assert_non_null(strstr(text_str(&out), "\n certificate ca 2A\n  30"));
	assert_non_null(strstr(text_str(&out), "\n subject-name co ou = vpn\n"));
	assert_non_null(strstr(text_str(&out), "\n revocation-check crl none\n"));
	assert_non_null(strstr(text_str(&out), "\nhostname R1\n"));
	config_check_fixed_point(copy);
	text_free(&out);
	text_free(&text);
	conf_free(copy);
	conf_free(c);
}

/* What is not a whole certificate is refused, and the line behind it is a command again. */
static void
test_a_certificate_that_is_cut_short(void **state)
{
	struct text text = {0};
	struct conf *c;

	(void)state;
	text_add(&text, "%s  3082 0102\n  \tquit\nhostname R1\n", pki_head);
	c = config_apply(text_str(&text), 1);
	assert_string_equal(c->hostname, "R1");
	assert_null(c->pki.trustpoints->certs);
	conf_free(c);
	/* A private key is never made by a startup-config. */
	c = config_apply("crypto key generate rsa modulus 2048 label X\n", 1);
	conf_free(c);
	text_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_configurations_come_back),
		cmocka_unit_test(test_no_undoes),
		cmocka_unit_test(test_applets_come_back),
		cmocka_unit_test(test_strange_configurations),
		cmocka_unit_test(test_certificates_come_back),
		cmocka_unit_test(test_a_certificate_that_is_cut_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
