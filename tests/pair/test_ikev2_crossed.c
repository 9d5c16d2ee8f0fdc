/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both peers begin at once, as after a power cut: one IKE SA and one pair are left, and nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cmap_scene.h"
#include "ikev2.h"
#include "log.h"
#include "pair.h"

enum { SETTLED_MS = 90000 };

static struct ikev2_sa *
only_sa(struct pair_side *s)
{
	assert_int_equal(HASH_COUNT(s->e.sas2), 1);
	assert_true(ikev2_sa_is_up(s->e.sas2));
	return s->e.sas2;
}

static void
assert_one_is_left(struct pair *p)
{
	assert_true(pair_works(p));
	assert_memory_equal(only_sa(&p->a)->spi_i, only_sa(&p->b)->spi_i, IKE_SPI_LEN);
	assert_int_equal(pair_children(&p->a), 1);
	assert_int_equal(pair_children(&p->b), 1);
	assert_ptr_equal(pair_current(&p->a)->ike, p->a.e.sas2);
	assert_ptr_equal(pair_current(&p->b)->ike, p->b.e.sas2);
	assert_int_equal(p->lacking, 0);
	assert_int_equal(p->a.downs + p->b.downs, 0);
}

/* Both are told of their tunnel before either hears of the other. */
static void
begin_both(struct pair *p)
{
	pair_init2(p, "k", "k");
	pair_protect(&p->a, TUNNEL_GRE, MODE_TRANSPORT, &p->b.addr);
	pair_protect(&p->b, TUNNEL_GRE, MODE_TRANSPORT, &p->a.addr);
}

static void
test_at_once(void **state)
{
	struct pair p;
	int i;

	(void)state;
	for (i = 0; i < 40; i++) {
		begin_both(&p);
		p.reverse = i % 2 == 1;
		p.double_all = i % 4 > 1;
		pair_pass(&p, SETTLED_MS);
		assert_one_is_left(&p);
		pair_free(&p);
	}
}

/* The nth datagram of the run is on its way for so long that all others overtake it. */
static struct flight *late;
static const unsigned int delays_ms[] = {50, 500, 1500, 2500, 3500, 8000, 70000};

static bool
hold_nth(struct pair *p, const struct flight *f)
{
	if (p->count-- != 0)
		return true;
	late = malloc(sizeof(*late));
	assert_non_null(late);
	*late = *f;
	return false;
}

static void
deliver_late(struct pair *p)
{
	if (late != NULL)
		p->wire[p->on_wire++] = late;
	late = NULL;
}

static void
at_once_with_one_late(int nth, unsigned int ms, bool reverse)
{
	struct pair p;

	begin_both(&p);
	p.reverse = reverse;
	p.count = nth;
	p.filter = hold_nth;
	pair_pass(&p, ms);
	deliver_late(&p);
	pair_pass(&p, SETTLED_MS);
	assert_one_is_left(&p);
	pair_free(&p);
}

static void
test_at_once_with_one_late(void **state)
{
	size_t i;
	int n;

	(void)state;
	for (n = 0; n < 8; n++)
		for (i = 0; i < sizeof(delays_ms) / sizeof(delays_ms[0]); i++) {
			at_once_with_one_late(n, delays_ms[i], false);
			at_once_with_one_late(n, delays_ms[i], true);
		}
}

/* --- under one IKE SA --- */

/* Both pairs are gone, and both sides ask for another. */
static void
pairs_at_once(int nth, unsigned int ms)
{
	struct pair p;

	pair_init2(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_pass(&p, 3000);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_pass(&p, 3000);
	assert_one_is_left(&p);
	peer_drop_sas(p.a.e.peers, false);
	peer_drop_sas(p.b.e.peers, false);
	p.lacking = p.a.downs = p.b.downs = 0;
	p.count = nth;
	p.filter = hold_nth;
	peer_bring_up(p.a.e.peers);
	peer_bring_up(p.b.e.peers);
	pair_pass(&p, ms);
	deliver_late(&p);
	pair_pass(&p, SETTLED_MS);
	assert_one_is_left(&p);
	pair_free(&p);
}

static void
test_pairs_at_once(void **state)
{
	size_t i;
	int n;

	(void)state;
	for (n = -1; n < 4; n++)
		for (i = 0; i < sizeof(delays_ms) / sizeof(delays_ms[0]); i++)
			pairs_at_once(n, delays_ms[i]);
}

/* --- crypto maps --- */

static const struct cmap_line
	web_a = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.2.0.0/16"},
	web_b = {.seq = 10, .local = "10.2.0.0/16", .remote = "10.1.0.0/16"},
	ssh_a = {.seq = 20, .local = "10.3.0.0/16", .remote = "10.4.0.0/16"},
	ssh_b = {.seq = 20, .local = "10.4.0.0/16", .remote = "10.3.0.0/16"};

/* Both sides have a packet of the same line; then of another line. */
static void
test_lines_at_once(void **state)
{
	struct pair p;
	int i;

	(void)state;
	for (i = 0; i < 10; i++) {
		pair_init2(&p, "k", "k");
		cmap_both(&p, &web_a, &web_b);
		cmap_both(&p, &ssh_a, &ssh_b);
		engine_sa_want(&p.a.e, peer_of_line(&p.a.e, "M 10 10@wan0")->ref);
		engine_sa_want(&p.b.e, peer_of_line(&p.b.e, "M 10 10@wan0")->ref);
		pair_pass(&p, 1000);
		cmap_packet(i % 2 == 0 ? &p.a : &p.b, i % 2 == 0 ? &ssh_a : &ssh_b);
		pair_pass(&p, SETTLED_MS);
		cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
		cmap_check_flow(&p, "10.3.0.0/16", "10.4.0.0/16");
		assert_memory_equal(only_sa(&p.a)->spi_i, only_sa(&p.b)->spi_i, IKE_SPI_LEN);
		assert_int_equal(pair_children(&p.a), 2);
		assert_int_equal(pair_children(&p.b), 2);
		assert_int_equal(p.lacking, 0);
		pair_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_at_once_with_one_late),
		cmocka_unit_test(test_pairs_at_once),
		cmocka_unit_test(test_lines_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
