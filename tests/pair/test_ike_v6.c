/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv1 between IPv6 addresses: what differs from IPv4 is identities, selectors and NAT-D. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ike_wire.h"
#include "ikev1.h"
#include "pair.h"
#include "spi_recovery.h"

static struct prefix
prefix(const char *s)
{
	struct prefix p = {0};

	assert_true(prefix_parse(&p, s));
	return p;
}

static void
assert_selectors(const struct ipc_sa *sa, const char *local, const char *remote)
{
	struct prefix l = prefix(local), r = prefix(remote);

	assert_true(prefix_eq(&sa->ts_local, &l));
	assert_true(prefix_eq(&sa->ts_remote, &r));
}

static void
test_gre(void **state)
{
	struct pair p;

	(void)state;
	pair_init_v6(&p);
	pair_protect(&p.b, TUNNEL_GRE, MODE_TUNNEL, &p.a.addr);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TUNNEL, &p.b.addr);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	assert_int_equal(p.lacking, 0);
	assert_int_equal(p.a.e.peers->id->type, ID_IPV6_ADDR);
	assert_selectors(&p.a.sas[0], "2001:db8::1/128", "2001:db8::2/128");
	assert_selectors(&p.b.sas[0], "2001:db8::2/128", "2001:db8::1/128");
	assert_int_equal(p.a.sas[0].ts_proto, 47);
	assert_int_equal(p.a.sas[0].encap, 0);
	pair_free(&p);
}

static void
protect_vti(struct pair_side *s, const struct addr *remote, const char *inside)
{
	struct ipc_protection prot = {.protection = "Tunnel0", .tunnel = "Tunnel0",
	    .profile = "PROF", .local = s->addr, .remote = *remote, .kind = TUNNEL_VTI};

	pair_protect(s, TUNNEL_VTI, MODE_TUNNEL, remote);
	if (inside == NULL)
		return;
	prot.proxy_local = prot.proxy_remote = prefix(inside);
	conf_set_protection(&s->e.conf, &prot);
	engine_config_done(&s->e);
}

static void
vti(const char *inside_a, const char *inside_b, const char *selector)
{
	struct pair p;

	pair_init_v6(&p);
	protect_vti(&p.b, &p.a.addr, inside_b);
	protect_vti(&p.a, &p.b.addr, inside_a);
	pair_pass(&p, 3000);
	assert_int_equal(pair_works(&p), selector != NULL);
	if (selector != NULL)
		assert_selectors(&p.a.sas[0], selector, selector);
	pair_free(&p);
}

/* IPv6 inside, or IPv4 where both sides say so. */
static void
test_vti(void **state)
{
	(void)state;
	vti(NULL, NULL, "::/0");
	vti("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0");
	vti(NULL, "0.0.0.0/0", NULL);
}

static void
test_nat(void **state)
{
	struct pair p;

	(void)state;
	pair_init_v6(&p);
	addr_parse(&p.nat, "2001:db8:f::7");
	p.nat_port_500 = 1024;
	p.nat_port_4500 = 61234;
	pair_up(&p);
	assert_true(pair_works(&p));
	assert_true(p.b.e.peers->natted);
	assert_int_equal(p.b.sas[0].encap, 1);
	assert_true(addr_eq(&p.b.sas[0].ts_remote.addr, &p.nat));
	pair_free(&p);
}

/* `a` lost all and b did not hear of it: the second packet of b's brings both up anew. */
static void
test_recovery(void **state)
{
	struct ipc_ike_global g = {.enabled = 1, .recovery = 1};
	struct ipc_spi_unknown u = {.proto = 50, .count = 1};
	struct ike_sa *sa, *tmp;
	struct ike_peer *peer;
	struct pair p;

	(void)state;
	pair_init_v6(&p);
	conf_set_global(&p.a.e.conf, &g);
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_pass(&p, 40000);
	peer = p.a.e.peers;
	u.src = p.b.addr;
	u.dst = p.a.addr;
	u.spi = p.b.out_spi;
	p.filter = pair_lose_all;
	peer_drop_sas(peer, false);
	HASH_ITER (hh, p.a.e.sas, sa, tmp)
		sa_remove(sa);
	engine_reap(&p.a.e);
	peer->failures = 5;
	timer_stop(&peer->retry_timer);
	peer_failed(peer);
	p.filter = NULL;

	spi_unknown(&p.a.e, &u);
	assert_int_equal(p.a.e.spi_flows->decision, SPI_WAITING);
	pair_pass(&p, 2000);
	spi_unknown(&p.a.e, &u);
	pair_pass(&p, 1000);
	assert_true(pair_works(&p));
	assert_int_not_equal(p.b.out_spi, u.spi);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gre),
		cmocka_unit_test(test_vti),
		cmocka_unit_test(test_nat),
		cmocka_unit_test(test_recovery),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
