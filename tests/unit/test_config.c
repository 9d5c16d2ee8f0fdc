/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration: what is accepted, what is written back, what `no` undoes. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cli/config_session.h"

static char *
read_whole(const char *path)
{
	FILE *f = fopen(path, "r");
	char *s;
	long len;

	if (f == NULL)
		fail_msg("%s cannot be opened", path);
	fseek(f, 0, SEEK_END);
	len = ftell(f);
	rewind(f);
	s = calloc(1, (size_t)len + 1);
	assert_int_equal(fread(s, 1, (size_t)len, f), (size_t)len);
	fclose(f);
	return s;
}

static struct text
written(const struct conf *c)
{
	struct text t = {0};

	conf_write(&t, c);
	return t;
}

/* What is written is accepted whole, and is then written the same. */
static void
check_fixed_point(const struct conf *c)
{
	struct text once = written(c), twice;
	struct conf *again = conf_new();
	struct config_error *errors = NULL;

	if (config_text_apply(again, text_str(&once), &errors) != 0)
		fail_msg("line %u of what was written: %s", errors->line, errors->why);
	twice = written(again);
	assert_string_equal(text_str(&twice), text_str(&once));
	text_free(&once);
	text_free(&twice);
	conf_free(again);
}

static struct conf *
apply(const char *text, unsigned int refused)
{
	struct conf *c = conf_new();
	struct config_error *errors = NULL;
	unsigned int n = config_text_apply(c, text, &errors);

	if (n != refused)
		fail_msg("%u lines were refused: %u: %s", n, errors != NULL ? errors->line : 0,
		    errors != NULL ? errors->why : "");
	config_errors_free(errors);
	return c;
}

static void
check_comes_back(const char *from, const char *as)
{
	char *text = read_whole(from), *want = read_whole(as);
	struct conf *c = apply(text, 0), *copy = conf_copy(c);
	struct text out = written(copy);

	assert_string_equal(text_str(&out), want);
	check_fixed_point(c);
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
	{"", "crypto call admission limit ike sa 500", "no crypto call admission limit ike sa"},
	{"", "crypto call admission limit ike in-negotiation-sa 50",
	    "no crypto call admission limit ike in-negotiation-sa"},
	{"", "crypto ikev2 limit max-sa 500", "no crypto ikev2 limit max-sa"},
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
	{"interface Tunnel0", "ip nhrp holdtime 60", "default ip nhrp holdtime"},
	{"interface Tunnel0", "ip nhrp redirect timeout 4", "no ip nhrp redirect"},
	{"interface Tunnel0", "ip nhrp shortcut", "no ip nhrp shortcut"},
	{"interface Tunnel0", "ip nhrp registration no-unique", "no ip nhrp registration no-unique"},
	{"interface Tunnel0", "ip nhrp registration timeout 9", "no ip nhrp registration timeout"},
};

static struct config_result
type(struct config_session *s, const char *line)
{
	struct config_result r;

	config_session_line(s, line, &r);
	return r;
}

static void
enter(struct config_session *s, const char *line)
{
	struct config_result r = type(s, line);

	if (r.status != LINE_OK)
		fail_msg("%s: status %d at %u: %s", line, (int)r.status, r.caret, r.why);
}

static void
enter_all(struct config_session *s, const char *lines)
{
	char line[200];

	for (; *lines != '\0'; lines += strlen(line) + (lines[strlen(line)] == '\n')) {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(lines, "\n"), lines);
		enter(s, line);
	}
}

static void
test_no_undoes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct conf *c = apply(commands[i].mode, 0);
		struct config_session *s = config_session_new(c);
		struct text before = written(c), with, after;

		enter_all(s, commands[i].mode);	/* back into the mode that was open */
		enter(s, commands[i].line);
		with = written(c);
		if (strcmp(text_str(&before), text_str(&with)) == 0)
			fail_msg("%s: nothing was written", commands[i].line);
		check_fixed_point(c);
		enter(s, commands[i].undo);
		after = written(c);
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
expect_refused(struct config_session *s, const char *line, const char *why)
{
	struct config_result r = type(s, line);

	if (r.status != LINE_REFUSED)
		fail_msg("%s: status %d", line, (int)r.status);
	assert_false(r.changed);
	if (strstr(r.why, why) == NULL)
		fail_msg("%s: was refused because: %s", line, r.why);
}

static void
test_what_cannot_be_is_refused(void **state)
{
	struct conf *c = apply("interface GigabitEthernet0/0\nip address 10.0.0.1 255.255.255.0\n", 0);
	struct config_session *s = config_session_new(c);
	struct iface_id tunnel = {.type = IFACE_TUNNEL};
	struct config_result r;

	(void)state;
	enter(s, "interface GigabitEthernet0/1");
	expect_refused(s, "ip address 10.0.0.9 255.255.0.0", "% 10.0.0.0 overlaps with GigabitEthernet0/0");
	expect_refused(s, "ip address 10.1.0.0 255.255.255.0", "Bad mask /24 for address 10.1.0.0");
	expect_refused(s, "ip address 10.1.0.1 255.0.255.0", "Bad mask 255.0.255.0 for address 10.1.0.1");
	expect_refused(s, "ip address 224.0.0.1 255.255.255.0", "Not a valid host address");
	enter(s, "ip address 10.1.0.0 255.255.255.254");
	expect_refused(s, "ip route 10.0.0.1 255.255.255.0 Null0", "%Inconsistent address and mask");
	expect_refused(s, "no interface GigabitEthernet0/0", "physical");
	enter(s, "crypto isakmp policy 1");
	expect_refused(s, "authentication rsa-encr", "pre-share");
	expect_refused(s, "crypto ipsec transform-set T esp-aes", "add esp-sha256-hmac");
	expect_refused(s, "crypto ipsec transform-set T esp-3des", "add esp-sha256-hmac");
	expect_refused(s, "crypto ipsec transform-set T esp-gcm esp-sha-hmac", "leave out");
	expect_refused(s, "crypto ipsec transform-set T esp-gmac esp-sha-hmac", "leave out");
	expect_refused(s, "crypto ipsec transform-set T ah-md5-hmac", "AH is not built in");
	enter(s, "crypto ipsec profile P");
	expect_refused(s, "set transform-set T", "\"T\" does not exist");
	enter(s, "interface Tunnel0");
	/* Accepted and told: refused, the tunnel would be up in clear. */
	r = type(s, "tunnel protection ipsec profile Q");
	assert_int_equal(r.status, LINE_OK);
	assert_non_null(strstr(r.why, "drops all packets until `crypto ipsec profile Q`"));
	assert_string_equal(conf_iface_find(c, &tunnel)->tunnel.profile, "Q");
	enter(s, "tunnel protection ipsec profile P");
	expect_refused(s, "no crypto ipsec profile P", "Tunnel0");
	enter(s, "tunnel mode gre multipoint");
	expect_refused(s, "tunnel destination 192.0.2.1", "no destination");
	config_session_free(s);
	conf_free(c);
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
			enter(s, rows[i].mode);
		r = type(s, rows[i].line);
		assert_int_equal(r.status, LINE_OK);
		if ((strncmp(r.why, "% Warning: ", 11) == 0) != rows[i].weak)
			fail_msg("%s: \"%s\"", rows[i].line, r.why);
	}
	config_session_free(s);
	conf_free(c);
}

static void
test_ikev2_is_refused_where_it_must(void **state)
{
	struct conf *c = apply("crypto ikev2 proposal P\ncrypto ikev2 policy Q\nproposal P\n"
	    "crypto ikev2 keyring K\ncrypto ikev2 profile R\nkeyring local K\n"
	    "crypto ipsec profile I\nset ikev2-profile R\n", 0);
	struct config_session *s = config_session_new(c);

	(void)state;
	expect_refused(s, "no crypto ikev2 proposal P", "IKEv2 policy Q");
	expect_refused(s, "no crypto ikev2 keyring K", "IKEv2 profile R");
	expect_refused(s, "no crypto ikev2 profile R", "IPsec profile I");
	expect_refused(s, "no crypto ikev2 proposal", "which");
	expect_refused(s, "crypto ikev2 authorization policy A", "FlexVPN");
	expect_refused(s, "crypto call admission load 50", "limit ike");
	expect_refused(s, "crypto ikev2 window 3", "one at a time");
	enter(s, "crypto ikev2 proposal P");
	expect_refused(s, "encryption aes-gcm-256 aes-cbc-256", "second");
	enter(s, "crypto ikev2 policy Q");
	expect_refused(s, "proposal X", "does not exist");
	expect_refused(s, "match fvrf X", "match fvrf any");
	assert_true(type(s, "match fvrf any").noted);
	enter(s, "match address local 192.0.2.1");
	expect_refused(s, "match address local 192.0.2.2", "second policy");
	enter(s, "crypto ikev2 keyring K");
	enter(s, "peer A");
	expect_refused(s, "hostname x", "identity fqdn");
	expect_refused(s, "address 192.0.2.1 255.0.255.0", "mask");
	expect_refused(s, "pre-shared-key 6 abc", "key config-key password-encrypt");
	expect_refused(s, "pre-shared-key 7 99FF", "type 7");
	expect_refused(s, "pre-shared-key hex 123", "pairs");
	enter(s, "crypto ikev2 profile R");
	expect_refused(s, "authentication local eap", "EAP");
	expect_refused(s, "authentication local pre-share key fennec", "keyring");
	expect_refused(s, "keyring aaa x", "keyring local");
	expect_refused(s, "virtual-template 1", "tunnel");
	expect_refused(s, "aaa authorization group psk list X default", "FlexVPN");
	expect_refused(s, "ivrf x", "one routing table");	/* not: what global mode knows of `i` */
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
	enter(s, "crypto ikev2 proposal P");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct config_result r = type(s, lines[i]);

		assert_int_equal(r.status, LINE_OK);
		assert_non_null(strstr(r.why, "deprecated"));
	}
	assert_string_equal(type(s, "group 14 19").why, "");
	assert_string_equal(type(s, "encryption aes-cbc-128").why, "");
	config_session_free(s);
	conf_free(c);
}

static void
test_ikev2_comes_back(void **state)
{
	char *text = read_whole(FIXTURES "/ikev2.cfg"), *want = read_whole(FIXTURES "/ikev2.out");
	struct conf *c = apply(text, 0), *copy = conf_copy(c);
	struct text out = written(copy);

	(void)state;
	assert_string_equal(text_str(&out), want);
	check_fixed_point(c);
	text_free(&out);
	conf_free(copy);
	conf_free(c);
	free(text);
	free(want);
}

static void
test_crypto_maps_and_lists_that_cannot_be(void **state)
{
	struct conf *c = apply("crypto ipsec transform-set T esp-gcm\n"
	    "crypto dynamic-map D 10\n"
	    "crypto map M 10 ipsec-isakmp\n set transform-set T\n match address 101\n"
	    "crypto map M 20 ipsec-isakmp dynamic D\n"
	    "interface GigabitEthernet0/0\n crypto map M\n", 0);
	struct config_session *s = config_session_new(c);

	(void)state;
	expect_refused(s, "access-list 101 permit ip 10.0.0.0 0.255.0.255 any", "without gaps");
	expect_refused(s, "access-list 101 permit tcp any gt 1023 any", "`eq`");
	enter(s, "access-list 101 deny tcp any gt 1023 any");
	expect_refused(s, "access-list 102 permit tcp any any established", "leave the word out");
	expect_refused(s, "access-list 102 permit ip any any log", "not logged");
	expect_refused(s, "access-list 102 permit icmp any any echo", "the type");
	enter(s, "access-list 102 permit ip 10.0.0.0 0.255.0.255 any");
	enter(s, "access-list 3 permit any");
	expect_refused(s, "ip access-list extended 3", "Invalid access list number");
	enter(s, "ip access-list extended X");
	enter(s, "10 permit ip any any");
	expect_refused(s, "10 deny ip any any", "Duplicate sequence number 10");
	expect_refused(s, "no 20", "does not exist");
	expect_refused(s, "ip access-list standard X", "already exists");
	expect_refused(s, "crypto map N 10", "ipsec-isakmp");
	expect_refused(s, "crypto map M 10 ipsec-isakmp dynamic D", "delete the entry");
	expect_refused(s, "crypto map M 5 ipsec-manual", "negotiated");
	enter(s, "crypto map M 10");
	assert_string_equal(config_session_mode(s), "config-crypto-map");
	expect_refused(s, "match address 102", "without gaps");
	expect_refused(s, "match address 3", "extended");
	expect_refused(s, "set peer west.example.net", "not resolved");
	expect_refused(s, "qos pre-classify", "leave out");
	expect_refused(s, "no crypto map M", "GigabitEthernet0/0");
	expect_refused(s, "no crypto dynamic-map D", "crypto map M");
	enter(s, "crypto dynamic-map D 10");
	expect_refused(s, "reverse-route static", "leave out `static`");
	enter(s, "reverse-route");
	expect_refused(s, "no crypto ipsec transform-set T", "in use");
	enter(s, "interface GigabitEthernet0/0");
	expect_refused(s, "crypto map N", "does not exist");
	expect_refused(s, "ip access-group 101 in", "nftables");
	config_session_free(s);
	conf_free(c);
}

/* Lines have their places by number, and the rest of the numbers follow. */
static void
test_lines_of_lists_have_an_order(void **state)
{
	struct conf *c = apply("ip access-list extended A\n permit ip any host 10.0.0.1\n"
	    " permit ip any host 10.0.0.2\n 15 deny ip any host 10.0.0.3\n 15 remark why\n"
	    " no 10\n permit ip any host 10.0.0.4\n", 0);
	struct text t = written(c);
	struct config_error *errors = NULL;

	(void)state;
	assert_non_null(strstr(text_str(&t), "ip access-list extended A\n 15 remark why\n"
	    " 15 deny ip any host 10.0.0.3\n 20 permit ip any host 10.0.0.2\n"
	    " 30 permit ip any host 10.0.0.4\n!\n"));
	text_free(&t);
	assert_int_equal(config_text_apply(c, "ip access-list resequence A 100 5\n", &errors), 0);
	t = written(c);
	assert_non_null(strstr(text_str(&t), "A\n 100 remark why\n 100 deny ip any host 10.0.0.3\n"
	    " 105 permit ip any host 10.0.0.2\n 110 permit ip any host 10.0.0.4\n"));
	text_free(&t);
	conf_free(c);
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

static void
test_modes(void **state)
{
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c), *other = config_session_new(c);

	(void)state;
	assert_string_equal(config_session_mode(s), "config");
	enter(s, "crypto isakmp policy 1");
	assert_string_equal(config_session_mode(s), "config-isakmp");
	enter(s, "crypto keyring K");
	assert_string_equal(config_session_mode(s), "conf-keyring");
	enter(s, "crypto ipsec transform-set T esp-gcm 128");
	assert_string_equal(config_session_mode(s), "cfg-crypto-trans");
	enter(s, "crypto ipsec profile P");
	assert_string_equal(config_session_mode(s), "ipsec-profile");
	enter(s, "interface Tunnel0");
	assert_string_equal(config_session_mode(s), "config-if");
	/* A mode within another: its lines are known there too, and `exit` goes back there. */
	enter(s, "crypto ikev2 keyring K");
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring");
	enter(s, "peer A");
	enter(s, "address 192.0.2.1");
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring-peer");
	enter(s, "peer B");
	enter(s, "address 192.0.2.2");
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring-peer");
	enter(s, "no peer A");
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring");
	enter(s, "peer B");
	assert_false(type(s, "exit").left);
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring");
	enter(s, "peer C");
	enter(other, "crypto ikev2 keyring K");
	enter(other, "no peer C");
	expect_refused(s, "address 192.0.2.3", "removed");
	assert_false(type(s, "exit").left);
	assert_false(type(s, "exit").left);
	assert_string_equal(config_session_mode(s), "config");
	enter(s, "crypto ikev2 profile P");
	assert_string_equal(config_session_mode(s), "config-ikev2-profile");
	enter(s, "interface Tunnel0");
	/* A line that only global mode knows leaves; one that nobody knows does not. */
	assert_int_equal(type(s, "ip foo").status, LINE_INVALID);
	assert_string_equal(config_session_mode(s), "config-if");
	enter(s, "ip route 0.0.0.0 0.0.0.0 192.0.2.1");
	assert_string_equal(config_session_mode(s), "config");
	/* What a mode is about may go away under it. */
	enter(s, "interface Tunnel0");
	enter(other, "no interface Tunnel0");
	expect_refused(s, "shutdown", "removed");
	assert_false(type(s, "exit").left);
	assert_true(type(s, "exit").left);
	assert_true(type(s, "end").left);
	config_session_free(s);
	config_session_free(other);
	conf_free(c);
}

static void
test_lines_of_unknown_modes_fall_nowhere(void **state)
{
	struct conf *c;

	(void)state;
	c = apply("interface Tunnel0\n ip mtu 1400\ninterface Serial0\n ip mtu 1300\n", 2);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	conf_free(c);
	c = apply("interface Tunnel0\n ip mtu 1400\nroute-map X permit 10\n description x\n", 2);
	assert_string_equal(c->ifaces->description, "");
	conf_free(c);
	c = apply("interface Tunnel0\nip mtu 1400\ninterface Serial0\nip mtu 1300\n", 2);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	conf_free(c);
	/* Not indented: a word of the mode is the mode's, though the line is refused. */
	c = apply("interface Tunnel0\nip next-hop-self eigrp 1\nkeepalive 3 3\n"
	    "ip mtu 1400\n", 2);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	conf_free(c);
	/* And a line that opens a mode in IOS is not, though its first word is the mode's. */
	c = apply("interface Tunnel0\nip mtu 1400\nip dhcp pool X\n"
	    "description x\n", 2);
	assert_string_equal(c->ifaces->description, "");
	conf_free(c);
	c = apply("interface Tunnel0\nip vrf forwarding X\nip mtu 1400\nrouter eigrp 1\n"
	    "shutdown\nrout eigrp 1\nshutdown\n", 5);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	assert_false(c->ifaces->shutdown);
	conf_free(c);
	/* A bad line of a known mode does not close it. */
	c = apply("interface Tunnel0\n no such thing\n ip mtu 1300\n", 1);
	assert_int_equal(c->ifaces->ip_mtu, 1300);
	conf_free(c);
}

static void
test_lines_of_a_refused_one_say_so(void **state)
{
	struct conf *c = conf_new();
	struct config_error *e = NULL;

	(void)state;
	assert_int_equal(config_text_apply(c, "interface Ethernet0/0\n ip address 192.0.2.1 "
	    "255.255.255.0\n!\n shutdown\ninterface Tunnel0\n foo\n", &e), 4);
	assert_non_null(strstr(e->why, "GigabitEthernet"));
	assert_null(strchr(e->why, '%'));
	assert_string_equal(e->next->why, "belongs to line 1, which was refused");
	assert_int_equal(e->next->next->line, 4);
	assert_string_equal(e->next->next->why, "belongs to line 1, which was refused");
	assert_string_equal(e->next->next->next->why, "unknown command: foo");
	assert_null(e->next->next->next->next);
	config_errors_free(e);
	conf_free(c);
}

/* What a line says is so at every shell, or it is refused; it falls into no other mode. */
static void
test_lines_of_terminals(void **state)
{
	struct conf *c = apply("interface Tunnel0\nline con 0\n exec-timeout 0 0\n"
	    " logging synchronous\n transport preferred none\nline vty 0 4\n login local\n"
	    " exec-timeout 5 0\n description x\n transport input none\nno line vty 0 4\n", 4);

	(void)state;
	assert_string_equal(c->ifaces->description, "");
	conf_free(c);
}

/* Files of Windows editors and of people: blanks behind the last word. */
static void
test_blanks_at_the_end(void **state)
{
	struct conf *c = apply("hostname r \ninterface Tunnel0 \n ip nhrp map 10.0.0.1 192.0.2.1 \n"
	    " ip nhrp map 10.1.0.0 255.255.0.0 192.0.2.2\t\r\n tunnel source Loopback0 \r\n", 0);
	const struct conf_nhrp_map *m = c->ifaces->nhrp.maps;

	(void)state;
	assert_int_equal(m->address.len, 32);
	assert_int_equal(m->next->address.len, 16);
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
		{"ip route 0.0.0.0 0.0.0.0 Ethernet0/3\n", "GigabitEthernet"},
		{"ip ssh version 2\n", "sshd"}, {"ntp server 192.0.2.1\n", "chrony"},
		{"ip domain name example.org\n", "fqdn"}, {"ip domain lookup\n", "resolv.conf"},
		{"interface Tunnel0\n ip ospf 1 area 0\n", "FRR"},
		{"interface Tunnel0\n vrf forwarding A\n", "VRF"},
		{"line vty 0 4\n length 0\n", "terminal length"},
		{"line vty 0 4\n transport input ssh telnet\n", "sshd"},
	};
	struct conf *c = apply("no router eigrp 1\nno ip domain lookup\nno ntp server 192.0.2.1\n"
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
test_noted_lines_are_told_of(void **state)
{
	struct conf *c = conf_new();
	struct config_error *notes = NULL;

	(void)state;
	assert_int_equal(config_text_check(c, "!\nversion 17.3\r\nhostname x\nfoo\n", true, &notes), 1);
	assert_int_equal(notes->line, 2);
	assert_string_equal(notes->why, "noted");
	assert_int_equal(notes->next->line, 4);
	assert_string_equal(notes->next->why, "unknown command: foo");
	assert_string_equal(c->hostname, "x");
	config_errors_free(notes);
	conf_free(c);
}

static void
test_applets_come_back(void **state)
{
	char *text = read_whole(FIXTURES "/eem.cfg");
	struct conf *c = apply(text, 0), *copy = conf_copy(c);
	struct text out = written(copy);

	(void)state;
	check_fixed_point(copy);
	assert_non_null(strstr(text_str(&out), strstr(text, "event manager environment")));
	conf_free(c);
	conf_free(copy);
	text_free(&out);
	free(text);
	c = apply("event manager applet A\n event syslog pattern \"a b\n event syslog pattern \"(\"\n"
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
		text = read_whole(g.gl_pathv[i]);
		c = conf_new();
		errors = NULL;
		config_text_apply(c, text, &errors);
		check_fixed_point(c);
		config_errors_free(errors);
		conf_free(c);
		free(text);
	}
	globfree(&g);
}

/* 32 bytes a line of hex, as IOS writes a certificate; this one says O=Example, CN=Test CA. */
static const char pki_head[] =
    "crypto pki trustpoint VPN\n enrollment terminal pem\n subject-name CN=R1, OU=VPN, O=Example\n"
    " revocation-check crl none\n rsakeypair VPN\n hash sha256\n"
    "crypto pki certificate map M 10\n subject-name co ou = vpn\n"
    "crypto pki certificate chain VPN\n certificate ca 01\n";
static const char pki_hex[] =
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
    "  55EB8A093810ED9AFE04F4E95E5AEA5D1E\n";

static void
test_certificates_come_back(void **state)
{
	struct text text = {0};
	struct conf *c, *copy;
	struct text out;

	(void)state;
	text_add(&text, "%s%s  \tquit\nhostname R1\n", pki_head, pki_hex);
	c = apply(text_str(&text), 0);
	copy = conf_copy(c);
	out = written(copy);
	assert_non_null(strstr(text_str(&out), "\n certificate ca 2A\n  30"));
	assert_non_null(strstr(text_str(&out), "\n subject-name co ou = vpn\n"));
	assert_non_null(strstr(text_str(&out), "\n revocation-check crl none\n"));
	assert_non_null(strstr(text_str(&out), "\nhostname R1\n"));
	check_fixed_point(copy);
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
	c = apply(text_str(&text), 1);
	assert_string_equal(c->hostname, "R1");
	assert_null(c->pki.trustpoints->certs);
	conf_free(c);
	/* A private key is never made by a startup-config. */
	c = apply("crypto key generate rsa modulus 2048 label X\n", 1);
	conf_free(c);
	text_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_certificates_come_back),
		cmocka_unit_test(test_a_certificate_that_is_cut_short),
		cmocka_unit_test(test_whole_configurations_come_back),
		cmocka_unit_test(test_no_undoes),
		cmocka_unit_test(test_what_cannot_be_is_refused),
		cmocka_unit_test(test_what_is_weak_is_told),
		cmocka_unit_test(test_ikev2_is_refused_where_it_must),
		cmocka_unit_test(test_weak_algorithms_are_warned_of),
		cmocka_unit_test(test_ikev2_comes_back),
		cmocka_unit_test(test_crypto_maps_and_lists_that_cannot_be),
		cmocka_unit_test(test_lines_of_lists_have_an_order),
		cmocka_unit_test(test_keys_are_not_repeated),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_lines_of_unknown_modes_fall_nowhere),
		cmocka_unit_test(test_lines_of_a_refused_one_say_so),
		cmocka_unit_test(test_lines_of_terminals),
		cmocka_unit_test(test_noted_lines_are_told_of),
		cmocka_unit_test(test_blanks_at_the_end),
		cmocka_unit_test(test_what_the_host_does_is_said),
		cmocka_unit_test(test_applets_come_back),
		cmocka_unit_test(test_strange_configurations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
