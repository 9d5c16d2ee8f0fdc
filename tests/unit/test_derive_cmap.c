/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crypto maps as espd and iked get them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "config_session.h"
#include "derive.h"

#define COMMON \
	"crypto ipsec transform-set T esp-gcm 256\n"				\
	"interface GigabitEthernet0/0\n ip address 203.0.113.1 255.255.255.0\n"	\
	"interface Loopback0\n ip address 192.0.2.1 255.255.255.255\n"

static const struct nics nics = {.count = 1, .nic = {{.id = {.type = IFACE_GIGABIT, .has_slot = true},
    .ifname = "wan0"}}};

struct derived {
	struct conf *c;
	struct wishes w;
	struct text notes;
};

static struct derived
derived(const char *map)
{
	struct derived d = {.c = conf_new()};
	struct config_error *errors = NULL;
	char text[4096];

	snprintf(text, sizeof(text), COMMON "%sinterface GigabitEthernet0/0\n crypto map M\n", map);
	if (config_text_apply(d.c, text, &errors) != 0)
		fail_msg("line %u: %s", errors->line, errors->why);
	derive(d.c, &nics, &d.w, &d.notes);
	return d;
}

static void
done(struct derived *d)
{
	wishes_free(&d->w);
	text_free(&d->notes);
	conf_free(d->c);
}

/* espd's lines as text: order, what happens, what matches. */
static void
add_rule(struct text *t, const struct ipc_cmap_rule *r)
{
	text_add(t, "%u %s %u %s", r->order, !r->permit ? "clear" : r->protection[0] == '\0' ? "drop" :
	    r->protection, r->proto, PREFIX_STR(&r->src));
	if (r->src_low != 0 || r->src_high != 65535)
		text_add(t, ":%u-%u", r->src_low, r->src_high);
	text_add(t, " %s", PREFIX_STR(&r->dst));
	if (r->dst_low != 0 || r->dst_high != 65535)
		text_add(t, ":%u-%u", r->dst_low, r->dst_high);
	text_add(t, "%s\n", r->dynamic ? " dynamic" : "");
}

static void
check_rules(const struct derived *d, const char *expected)
{
	struct text t = {0};
	const struct wish *x;

	for (x = d->w.all; x != NULL; x = x->hh.next)
		if (x->set == IPC_MSG_CMAP_RULE_SET)
			add_rule(&t, x->body);
	assert_string_equal(text_str(&t), expected);
	text_free(&t);
}

static void
check_protections(const struct derived *d, const char *expected)
{
	struct text t = {0};
	const struct wish *x;

	for (x = d->w.all; x != NULL; x = x->hh.next) {
		const struct ipc_protection *p = x->body;
		const struct ipc_protect_peer *more = x->body;

		if (x->set == IPC_MSG_PROTECT_SET)
			text_add(&t, "%s %s %s %u %s:%u %s:%u%s\n", p->protection, p->profile,
			    ADDR_STR(&p->remote), p->proxy_proto, PREFIX_STR(&p->proxy_local),
			    p->proxy_local_port, PREFIX_STR(&p->proxy_remote),
			    p->proxy_remote_port, p->dynamic ? " dynamic" : "");
		else if (x->set == IPC_MSG_PROTECT_PEER_SET)
			text_add(&t, "%s also %u %s\n", more->protection, more->position,
			    ADDR_STR(&more->remote));
	}
	assert_string_equal(text_str(&t), expected);
	text_free(&t);
}

/* Each permit line is a protection, whose peers are in order, the default one first. */
static void
a_static_entry(void **state)
{
	struct derived d = derived(
	    "crypto map M 10 ipsec-isakmp\n set peer 198.51.100.1\n set peer 198.51.100.2 default\n"
	    " set peer 198.51.100.3\n set transform-set T\n match address 101\n"
	    "access-list 101 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255\n"
	    "access-list 101 deny tcp any neq 80 host 10.2.0.1 lt 3\n"
	    "access-list 101 permit tcp any eq 23 host 10.2.0.1\n");

	(void)state;
	check_rules(&d,
	    "0 M 10 10@wan0 0 10.0.0.0/24 10.1.0.0/16\n"
	    "1 clear 6 0.0.0.0/0:0-79 10.2.0.1/32:0-2\n"
	    "2 clear 6 0.0.0.0/0:81-65535 10.2.0.1/32:0-2\n"
	    "3 M 10 30@wan0 6 0.0.0.0/0:23-23 10.2.0.1/32\n");
	check_protections(&d,
	    "M 10 10@wan0 crypto map M 10 198.51.100.2 0 10.0.0.0/24:0 10.1.0.0/16:0\n"
	    "M 10 10@wan0 also 1 198.51.100.1\n"
	    "M 10 10@wan0 also 2 198.51.100.3\n"
	    "M 10 30@wan0 crypto map M 10 198.51.100.2 6 0.0.0.0/0:23 10.2.0.1/32:0\n"
	    "M 10 30@wan0 also 1 198.51.100.1\n"
	    "M 10 30@wan0 also 2 198.51.100.3\n");
	assert_string_equal(text_str(&d.notes), "");
	done(&d);
}

/* A deny line is for its own entry: the next ones still see its packets. */
static void
deny_means_the_next_entry(void **state)
{
	struct derived d = derived(
	    "crypto map M 10 ipsec-isakmp\n set peer 198.51.100.1\n set transform-set T\n match address 101\n"
	    "crypto map M 20 ipsec-isakmp\n set peer 198.51.100.2\n set transform-set T\n match address 102\n"
	    "access-list 101 deny ip 10.0.0.0 0.0.0.255 10.1.2.0 0.0.0.255\n"
	    "access-list 101 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255\n"
	    "access-list 102 permit tcp any 10.1.2.128 0.0.0.127 eq 80\n");

	(void)state;
	check_rules(&d,
	    "0 M 20 10@wan0 6 10.0.0.0/24 10.1.2.128/25:80-80\n"
	    "1 clear 0 10.0.0.0/24 10.1.2.0/24\n"
	    "2 M 10 20@wan0 0 10.0.0.0/24 10.1.0.0/16\n"
	    "3 M 20 10@wan0 6 0.0.0.0/0 10.1.2.128/25:80-80\n");
	done(&d);
}

static void
dynamic_entries(void **state)
{
	struct derived d = derived(
	    "crypto dynamic-map D 1\n set transform-set T\n match address 101\n"
	    "crypto dynamic-map D 2\n set transform-set T\n"
	    "crypto map M local-address Loopback0\n"
	    "crypto map M 10 ipsec-isakmp dynamic D\n"
	    "access-list 101 permit ip 10.0.0.0 0.0.0.255 any\n");
	const struct wish *x;

	(void)state;
	check_rules(&d,
	    "0 M 10.1 10@wan0 0 10.0.0.0/24 0.0.0.0/0 dynamic\n"
	    "1 drop 0 10.0.0.0/24 0.0.0.0/0\n"
	    "2 M 10.2 0@wan0 0 0.0.0.0/0 0.0.0.0/0 dynamic\n");
	check_protections(&d,
	    "M 10.1 10@wan0 dynamic-map D 1 unset 0 10.0.0.0/24:0 0.0.0.0/0:0 dynamic\n"
	    "M 10.2 0@wan0 dynamic-map D 2 unset 0 0.0.0.0/0:0 0.0.0.0/0:0 dynamic\n");
	for (x = d.w.all; x != NULL; x = x->hh.next)
		if (x->set == IPC_MSG_CMAP_SET)
			assert_string_equal(ADDR_STR(&((struct ipc_cmap *)x->body)->local), "192.0.2.1");
	done(&d);
}

/* IOS leaves such entries out, and their packets in clear; ours says so. */
static void
incomplete_entries_are_told_of(void **state)
{
	struct derived d = derived(
	    "crypto map M 10 ipsec-isakmp\n set transform-set T\n match address 101\n"
	    "crypto map M 20 ipsec-isakmp\n set peer 198.51.100.2\n set transform-set T\n"
	    "no crypto ipsec transform-set default\n"
	    "crypto map M 30 ipsec-isakmp\n set peer 198.51.100.3\n match address 101\n"
	    "crypto map M 40 ipsec-isakmp dynamic NONE\n"
	    "access-list 101 permit ip 10.0.0.0 0.0.0.255 any\n");

	(void)state;
	/* Without a transform set nothing can be negotiated, and so the packets are dropped. */
	check_rules(&d, "0 M 30 10@wan0 0 10.0.0.0/24 0.0.0.0/0\n");
	assert_non_null(strstr(text_str(&d.notes), "M 10 is incomplete and not used: it has no peer"));
	assert_non_null(strstr(text_str(&d.notes), "M 20 is incomplete and not used: it has no access list"));
	assert_non_null(strstr(text_str(&d.notes), "M 30 is not used: there is no transform set default"));
	assert_non_null(strstr(text_str(&d.notes), "M 40 is not used: there is no dynamic map NONE"));
	done(&d);
}

#define A_MAP									\
	"access-list 101 permit ip 10.0.0.0 0.0.0.255 any\n"			\
	"crypto map M 10 ipsec-isakmp\n set peer 198.51.100.1\n match address 101\n"

static void
check_df(const char *more, enum ipc_df df)
{
	struct derived d;
	const struct wish *x;
	char map[512];
	int found = 0;

	snprintf(map, sizeof(map), A_MAP "%s", more);
	d = derived(map);
	for (x = d.w.all; x != NULL; x = x->hh.next)
		if (x->set == IPC_MSG_CMAP_SET) {
			assert_int_equal(((struct ipc_cmap *)x->body)->df, df);
			found++;
		}
	assert_int_equal(found, 1);
	done(&d);
}

static void
df_of_an_interface_or_of_all(void **state)
{
	(void)state;
	check_df("", IPC_DF_COPY);
	check_df("crypto ipsec df-bit clear\n", IPC_DF_CLEAR);
	check_df("interface GigabitEthernet0/0\n crypto ipsec df-bit clear\n", IPC_DF_CLEAR);
	check_df("crypto ipsec df-bit clear\n"
	    "interface GigabitEthernet0/0\n crypto ipsec df-bit copy\n", IPC_DF_COPY);
	check_df("crypto ipsec df-bit set\n", IPC_DF_SET);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_static_entry),
		cmocka_unit_test(deny_means_the_next_entry),
		cmocka_unit_test(dynamic_entries),
		cmocka_unit_test(incomplete_entries_are_told_of),
		cmocka_unit_test(df_of_an_interface_or_of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
