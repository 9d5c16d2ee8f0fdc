/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ESP in UDP without a NAT, because one end or both were told so; both versions of IKE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "pair.h"

enum who { NOBODY, A, B, BOTH, CULVERTS };

static unsigned int on_500, on_4500, keepalives;

static bool
count_ports(struct pair *p, const struct flight *f)
{
	(void)p;
	if (f->len == 0)
		keepalives++;
	else if (f->path.local_port == 4500 && f->path.remote_port == 4500)
		on_4500++;
	else
		on_500++;
	return true;
}

static void
force(struct pair_side *s)
{
	s->e.conf.v1.global.udp = IPC_UDP_FORCE;
}

static void
init(struct pair *p, unsigned int version, enum who who)
{
	if (version == 1)
		pair_init(p, "k", "k");
	else
		pair_init2(p, "k", "k");
	on_500 = on_4500 = keepalives = 0;
	p->filter = count_ports;
	if (who == A || who == BOTH)
		force(&p->a);
	if (who == B || who == BOTH)
		force(&p->b);
	if (who == CULVERTS)
		p->a.e.conf.v1.global.udp = p->b.e.conf.v1.global.udp = IPC_UDP_CULVERTS;
}

/* Encapsulated at both ends, from 4500 to 4500, and nobody is taken for who is behind a NAT. */
static void
assert_forced(struct pair *p)
{
	struct pair_side *sides[] = {&p->a, &p->b};
	size_t i;

	assert_true(pair_works(p));
	for (i = 0; i < 2; i++) {
		assert_int_equal(pair_current(sides[i])->sa.encap, 1);
		assert_int_equal(sides[i]->e.peers->path.local_port, 4500);
		assert_int_equal(sides[i]->e.peers->path.remote_port, 4500);
		assert_true(sides[i]->e.peers->encap);
		assert_false(sides[i]->e.peers->natted);
	}
	assert_int_equal(keepalives, 0);
}

static void
whoever_wants_it(void **state)
{
	unsigned int version;
	enum who who;
	struct pair p;

	(void)state;
	for (version = 1; version <= 2; version++)
		for (who = A; who <= CULVERTS; who++) {
			init(&p, version, who);
			pair_up(&p);
			pair_pass(&p, 3000);
			assert_forced(&p);
			assert_true(on_4500 >= (version == 1 ? 5 : 2));
			assert_int_equal(on_500, version == 1 ? 4 : 2);	/* before the ports float */
			pair_free(&p);
		}
}

/* Nor when only one of two culverts likes it: the other has `no ... force`. */
static void
nobody_wants_it(void **state)
{
	unsigned int version, i;
	struct pair p;

	(void)state;
	for (i = 0; i < 6; i++) {
		version = i % 2 + 1;
		init(&p, version, NOBODY);
		if (i >= 4)
			p.a.e.conf.v1.global.udp = IPC_UDP_CULVERTS;
		else if (i >= 2)
			p.b.e.conf.v1.global.udp = IPC_UDP_CULVERTS;
		pair_up(&p);
		pair_pass(&p, 3000);
		assert_true(pair_works(&p));
		assert_int_equal(pair_current(&p.a)->sa.encap, 0);
		assert_int_equal(on_4500, 0);
		pair_free(&p);
	}
}

/* New keys, and a daemon that dies and comes back, change nothing of it. */
static void
it_lasts(void **state)
{
	unsigned int version;
	struct pair p;

	(void)state;
	for (version = 1; version <= 2; version++) {
		init(&p, version, A);
		pair_up(&p);
		pair_pass(&p, 3000);
		child_rekey(pair_current(&p.a));
		pair_pass(&p, 15000);
		assert_forced(&p);
		pair_crash(&p.b);
		force(&p.a);
		child_rekey(pair_current(&p.b));
		pair_pass(&p, 15000);
		assert_forced(&p);
		pair_free(&p);
	}
}

/* A real NAT is still one. */
static void
behind_a_nat(void **state)
{
	unsigned int version;
	struct pair p;

	(void)state;
	for (version = 1; version <= 2; version++) {
		init(&p, version, BOTH);
		addr_parse(&p.a.addr, "10.1.1.2");
		addr_parse(&p.nat, "198.51.100.7");
		p.nat_port_500 = 1024;
		p.nat_port_4500 = 61234;
		pair_up(&p);
		pair_pass(&p, 3000);
		assert_true(pair_works(&p));
		assert_true(p.b.e.peers->natted);
		assert_int_equal(p.b.e.peers->path.remote_port, 61234);
		pair_free(&p);
	}
}

static void
over_ipv6(void **state)
{
	struct pair p;

	(void)state;
	pair_init_v6(&p);
	force(&p.b);
	keepalives = 0;
	pair_up(&p);
	pair_pass(&p, 3000);
	assert_forced(&p);
	pair_free(&p);
}

static struct flight floated;		/* the first message to b's port 4500 */

static bool
hold_floated(struct pair *p, const struct flight *f)
{
	if (floated.len != 0 || f->to == &p->a || f->path.local_port != 4500)
		return true;
	floated = *f;
	return false;
}

static void
run_until_floated(struct pair *p)
{
	memset(&floated, 0, sizeof(floated));
	p->filter = hold_floated;
	pair_protect(&p->b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	pair_protect(&p->a, TUNNEL_GRE, MODE_TRANSPORT, &p->b.addr);
	pair_run(p);
	assert_true(floated.len != 0);
}

/* That message, but from and to other addresses: the path of b's IKE SA then. */
static const struct ike_path *
float_between(struct pair *p, const char *local, const char *remote)
{
	struct ike_path path = floated.path;

	if (local != NULL)
		addr_parse(&path.local, local);
	if (remote != NULL)
		addr_parse(&path.remote, remote);
	engine_receive(&p->b.e, &path, slice_of(floated.b, floated.len));
	return p->version == 2 ? &p->b.e.sas2->path : &p->b.e.sas->path;
}

/* Whoever has the keys of the exchange: with the new port come no new addresses. */
static void
who_floats_stays_where_it_is(void **state)
{
	static const char *const other[][2] = {{NULL, "203.0.113.9"}, {"203.0.113.10", NULL}};
	const struct ike_path *path;
	unsigned int version, i;
	struct pair p;

	(void)state;
	for (version = 1; version <= 2; version++)
		for (i = 0; i < 2; i++) {
			init(&p, version, A);
			run_until_floated(&p);
			path = float_between(&p, other[i][0], other[i][1]);
			assert_true(addr_eq(&path->remote, &p.a.addr));
			assert_true(addr_eq(&path->local, &p.b.addr));
			pair_free(&p);
		}
}

/* A NAT may have another address for another port: one of those that are answered. */
static void
a_nat_of_several_addresses(void **state)
{
	const struct ike_path *path;
	unsigned int version;
	struct pair p;

	(void)state;
	for (version = 1; version <= 2; version++) {
		init(&p, version, NOBODY);
		pair_behind_nat(&p);
		run_until_floated(&p);
		path = float_between(&p, NULL, "198.51.100.8");
		assert_string_equal(ADDR_STR(&path->remote), "198.51.100.8");
		pair_free(&p);
		init(&p, version, NOBODY);
		pair_behind_nat(&p);
		run_until_floated(&p);
		p.b.e.conf.protections->remote = p.nat;		/* nobody else is answered */
		path = float_between(&p, NULL, "198.51.100.8");
		assert_string_equal(ADDR_STR(&path->remote), "198.51.100.7");
		pair_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_wants_it),
		cmocka_unit_test(nobody_wants_it),
		cmocka_unit_test(it_lasts),
		cmocka_unit_test(behind_a_nat),
		cmocka_unit_test(over_ipv6),
		cmocka_unit_test(who_floats_stays_where_it_is),
		cmocka_unit_test(a_nat_of_several_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
