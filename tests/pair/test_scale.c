/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hub with many peers, who come from addresses of their own, one after the
 * other, and stay.  Printed is the processor's time for whole negotiations, both
 * sides, of the first and of the last (tests/bench/ike measures it), and for a report
 * of a stranger's SPI.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>

#include "pair.h"
#include "spi_recovery.h"

enum { PEERS = 2000, BATCH = 250, REPORTS = 10000 };

static const struct ike_ops *real;
static struct ike_ops careless;

/* The hub's forwarder holds fewer pairs than there are peers: it only gives SPIs out. */
static bool
reserve_only(void *user, enum ipc_type type, const void *body)
{
	return type == IPC_MSG_SPI_RESERVE ? real->espd(user, type, body) : true;
}

/* Another router takes this side's place, at another address. */
static void
next_peer(struct pair *p, unsigned int i)
{
	conf_del_protection(&p->a.e.conf, "Tunnel0");
	pair_reboot(&p->a);
	p->a.addr = addr_v4(0x0a000001 + i);
	pair_protect(&p->a, TUNNEL_GRE, MODE_TRANSPORT, &p->b.addr);
	pair_run(p);
}

static double
batch(struct pair *p, unsigned int first)
{
	clock_t begin = clock();
	unsigned int i;

	for (i = first; i < first + BATCH; i++)
		next_peer(p, i);
	return (double)(clock() - begin) / CLOCKS_PER_SEC / BATCH * 1e6;
}

static double
reports(struct pair *p)
{
	struct ipc_spi_unknown u = {.proto = 50, .count = 1, .dst = p->b.addr};
	clock_t begin = clock();
	unsigned int i;

	for (i = 0; i < REPORTS; i++) {
		u.spi = 0x10000 + i;
		u.src = addr_v4(0x0b000000 + i);
		spi_unknown(&p->b.e, &u);
	}
	return (double)(clock() - begin) / CLOCKS_PER_SEC / REPORTS * 1e6;
}

static void
check_scale(struct pair *p, unsigned int version)
{
	double first, last, few;
	unsigned int i;

	real = p->b.e.ops;
	careless = *real;
	careless.espd = reserve_only;
	p->b.e.ops = &careless;
	pair_protect(&p->b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	first = last = batch(p, 0);
	few = reports(p);
	for (i = BATCH; i < PEERS; i += BATCH)
		last = batch(p, i);
	assert_int_equal(HASH_COUNT(p->b.e.peers), PEERS);
	assert_int_equal(pair_sas(&p->b), PEERS);
	print_message("IKEv%u: %.0f us for each of the first %d peers, %.0f us for each of the last\n",
	    version, first, BATCH, last);
	print_message("IKEv%u: %.1f us for a report of an unknown SPI among %d, %.1f us among %d\n",
	    version, few, BATCH, reports(p), PEERS);
	pair_free(p);
}

static void
test_ikev1(void **state)
{
	static struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	check_scale(&p, 1);
}

static void
test_ikev2(void **state)
{
	static struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	check_scale(&p, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ikev1),
		cmocka_unit_test(test_ikev2),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
