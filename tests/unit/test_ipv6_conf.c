/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPv6 in the configuration: what is accepted and written back, and what the daemons hear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "algs.h"
#include "config_session.h"
#include "derive.h"

static const struct nics nics = {.count = 1, .nic = {{.id = {.type = IFACE_GIGABIT, .has_slot = true},
    .ifname = "wan0"}}};

static struct conf *
parsed(const char *text)
{
	struct conf *c = conf_new();
	struct config_error *errors = NULL;

	if (config_text_apply(c, text, &errors) != 0)
		fail_msg("line %u: %s", errors->line, errors->why);
	return c;
}

static void
must_have(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static const char whole[] =
    "ipv6 unicast-routing\n"
    "crypto isakmp key of-six address ipv6 2001:db8::/32\n"
    "crypto keyring RING\n pre-shared-key address ipv6 2001:db8:1::1/128 key ring-key\n"
    "interface GigabitEthernet0/0\n ipv6 address fe80::1 link-local\n ipv6 address 2001:db8:a::1/64\n"
    " ipv6 address 2001:db8:b::1/64\n ipv6 enable\n"
    "interface Tunnel0\n tunnel source 2001:db8:a::1\n tunnel mode gre ipv6\n"
    " tunnel destination 2001:db8:a::2\n"
    "interface Tunnel1\n tunnel mode ipsec ipv6\n"
    "interface Tunnel2\n tunnel mode ipsec ipv6 v4-overlay\n"
    "interface Tunnel3\n tunnel mode ipsec ipv4 v6-overlay\n"
    "ip route 10.9.0.0 255.255.0.0 Tunnel0\n"
    "ipv6 route 2001:db8:5::/48 2001:db8:a::2\n"
    "ipv6 route ::/0 gi 0/0 fe80::2 5 name out\n"
    "ipv6 route 2001:db8:6::/48 Null0\n";

static const char *const lines[] = {
	"\nipv6 unicast-routing\n", "\ncrypto isakmp key of-six address ipv6 2001:DB8::/32\n",
	" pre-shared-key address ipv6 2001:DB8:1::1/128 key ring-key\n",
	" ipv6 address FE80::1 link-local\n ipv6 address 2001:DB8:A::1/64\n"
	" ipv6 address 2001:DB8:B::1/64\n ipv6 enable\n",
	" tunnel source 2001:DB8:A::1\n tunnel destination 2001:DB8:A::2\n tunnel mode gre ipv6\n",
	" tunnel mode ipsec ipv6\n", " tunnel mode ipsec ipv6 v4-overlay\n",
	" tunnel mode ipsec ipv4 v6-overlay\n", "\nip route 10.9.0.0 255.255.0.0 Tunnel0\n!\n",
	"\nipv6 route ::/0 GigabitEthernet0/0 FE80::2 5 name out\n"
	"ipv6 route 2001:DB8:5::/48 2001:DB8:A::2\nipv6 route 2001:DB8:6::/48 Null0\n",
};

static void
it_is_written_back(void **state)
{
	struct conf *c = parsed(whole), *copy = conf_copy(c), *again;
	struct text once = {0}, twice = {0};
	size_t i;

	(void)state;
	conf_free(c);
	conf_write(&once, copy);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		must_have(text_str(&once), lines[i]);
	again = parsed(text_str(&once));
	conf_write(&twice, again);
	assert_string_equal(text_str(&twice), text_str(&once));
	text_free(&once);
	text_free(&twice);
	conf_free(copy);
	conf_free(again);
}

static void
no_undoes_it(void **state)
{
	struct conf *c = parsed("interface Tunnel0\ninterface GigabitEthernet0/0\n"), *undone;
	struct text plain = {0}, text = {0}, after = {0};

	(void)state;
	conf_write(&plain, c);
	text_add(&text, "ipv6 unicast-routing\nipv6 route 2001:db8:5::/48 Tunnel0\n"
	    "crypto isakmp key K address ipv6 2001:db8::1/128\n"
	    "interface GigabitEthernet0/0\nipv6 address 2001:db8::1/64\nipv6 address 2001:db8:1::1/64\n"
	    "ipv6 address fe80::1 link-local\nipv6 enable\n"
	    "interface Tunnel0\ntunnel mode gre ipv6\ntunnel destination 2001:db8::2\n"
	    "tunnel source 2001:db8::1\n"
	    "no tunnel mode\nno tunnel destination\nno tunnel source\n"
	    "interface GigabitEthernet0/0\nno ipv6 address 2001:db8::1/64\nno ipv6 address\n"
	    "no ipv6 enable\n"
	    "no crypto isakmp key K address ipv6 2001:db8::1/128\nno ipv6 route 2001:db8:5::/48\n"
	    "no ipv6 unicast-routing\n");
	undone = parsed(text_str(&text));
	conf_write(&after, undone);
	assert_string_equal(text_str(&after), text_str(&plain));
	text_free(&plain);
	text_free(&text);
	text_free(&after);
	conf_free(c);
	conf_free(undone);
}

/* One line each is refused, and says why. */
static void
what_cannot_be_is_refused(void **state)
{
	static const char *const rows[][2] = {
		{"interface Lo0\n ipv6 address ff02::1/64\n", "not a valid host address"},
		{"interface Lo0\n ipv6 address ::/64\n", "not a valid host address"},
		{"interface Lo0\n ipv6 address ::1/128\n", "not a valid host address"},
		{"interface Lo0\n ipv6 address fe80::1/64\n", "FE80::1 link-local"},
		{"interface Lo0\n ipv6 address 2001:db8::1 link-local\n", "not a link-local address"},
		{"interface Lo0\n ipv6 address 2001:db8::/64 eui-64\n", "write the whole address"},
		{"interface Lo0\n ipv6 address dhcp\n", "not leased here"},
		{"interface Lo0\n ipv6 address 2001:db8::1/64\ninterface Lo1\n ipv6 address 2001:db8::2/64\n",
		    "overlaps with Loopback0"},
		{"interface Tu0\n tunnel mode gre multipoint\n ipv6 address 2001:db8::1/64\n", "IPv4 only"},
		{"interface Tu0\n tunnel mode gre multipoint\n ipv6 enable\n", "IPv4 only"},
		{"interface Tu0\n ipv6 enable\n tunnel mode gre multipoint\n", "IPv4 only"},
		{"interface Tu0\n tunnel mode gre multipoint ipv6\n", "IPv4 only"},
		{"interface Tu0\n tunnel mode ipsec dual-overlay\n", "one IP version"},
		{"interface Tu0\n tunnel source fe80::1\n", "link-local"},
		{"interface Tu0\n tunnel destination fe80::1\n", "link-local"},
		{"interface Tu0\n tunnel destination ff02::1\n", "Invalid tunnel destination"},
		{"ipv6 route 2001:db8::1/64 2001:db8:1::1\n", "Invalid prefix"},
		{"ipv6 route 2001:db8::/64 fe80::1\n", "link-local nexthop"},
		{"ipv6 route 2001:db8::/64 ff02::1\n", "Invalid next hop"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct conf *c = conf_new();
		struct config_error *errors = NULL;

		if (config_text_apply(c, rows[i][0], &errors) != 1)
			fail_msg("not one line refused of:\n%s", rows[i][0]);
		must_have(errors->why, rows[i][1]);
		config_errors_free(errors);
		conf_free(c);
	}
}

static const void *
find(const struct wishes *w, enum ipc_type type, const char *key)
{
	const struct wish *x;

	for (x = w->all; x != NULL; x = x->hh.next)
		if (x->set == type && strstr(x->key, key) != NULL)
			return x->body;
	return NULL;
}

#define PROTECTED "crypto ipsec transform-set T esp-gcm 256\ncrypto ipsec profile P\n set transform-set T\n"

static void
daemons_hear_of_it(void **state)
{
	struct conf *c = parsed(PROTECTED
	    "crypto isakmp key K address ipv6 2001:db8::/32\n"
	    "interface GigabitEthernet0/0\n ip address 192.0.2.1 255.255.255.0\n"
	    " ipv6 address 2001:db8::1/64\n"
	    "interface Tunnel0\n tunnel source GigabitEthernet0/0\n tunnel mode gre ipv6\n"
	    " tunnel destination 2001:db8::2\n tunnel protection ipsec profile P\n"
	    "interface Tunnel1\n tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv6\n"
	    " tunnel destination 2001:db8::2\n tunnel protection ipsec profile P\n"
	    "interface Tunnel2\n tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv4 v6-overlay\n"
	    " tunnel destination 192.0.2.2\n tunnel protection ipsec profile P\n"
	    "interface Tunnel3\n tunnel source GigabitEthernet0/0\n tunnel mode gre ipv6\n");
	const struct ipc_protection *g;
	const struct ipc_tunnel *t;
	struct wishes w = {0};
	struct text notes = {0};

	(void)state;
	derive(c, &nics, &w, &notes);
	assert_string_equal(text_str(&notes), "");
	t = find(&w, IPC_MSG_TUNNEL_SET, "Tunnel0");
	assert_string_equal(ADDR_STR(&t->local), "2001:DB8::1");
	assert_string_equal(ADDR_STR(&t->remote), "2001:DB8::2");
	assert_int_equal(t->mtu, 1360);
	t = find(&w, IPC_MSG_TUNNEL_SET, "Tunnel1");
	assert_int_equal(t->mtu, 1418);
	t = find(&w, IPC_MSG_TUNNEL_SET, "Tunnel3");
	assert_int_equal(t->mtu, 1456);
	g = find(&w, IPC_MSG_PROTECT_SET, "Tunnel1");
	assert_int_equal(g->proxy_local.addr.family, ADDR_V6);
	assert_int_equal(g->proxy_remote.addr.family, ADDR_V6);
	assert_int_equal(g->proxy_local.len, 0);
	g = find(&w, IPC_MSG_PROTECT_SET, "Tunnel2");
	assert_string_equal(ADDR_STR(&g->local), "192.0.2.1");
	assert_int_equal(g->proxy_local.addr.family, ADDR_V6);
	assert_non_null(find(&w, IPC_MSG_IKE_KEY, "2001:DB8::/32"));
	wishes_free(&w);
	text_free(&notes);
	conf_free(c);
}

/* Ends of the other version are as none, and who waits for the tunnel is told. */
static void
mixed_ends_are_told_of(void **state)
{
	struct conf *c = parsed(PROTECTED
	    "interface Tunnel0\n tunnel source 192.0.2.1\n tunnel destination 2001:db8::2\n"
	    " tunnel protection ipsec profile P\n");
	const struct ipc_tunnel *t;
	struct wishes w = {0};
	struct text notes = {0};

	(void)state;
	derive(c, &nics, &w, &notes);
	must_have(text_str(&notes), "Tunnel0 is down: its mode is over IPv4, and 2001:DB8::2 is no such");
	t = find(&w, IPC_MSG_TUNNEL_SET, "Tunnel0");
	assert_true(addr_is_set(&t->local));
	assert_false(addr_is_set(&t->remote));
	assert_null(find(&w, IPC_MSG_PROTECT_SET, ""));
	wishes_free(&w);
	text_free(&notes);
	conf_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_written_back),
		cmocka_unit_test(no_undoes_it),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(daemons_hear_of_it),
		cmocka_unit_test(mixed_ends_are_told_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
