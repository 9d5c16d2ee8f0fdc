/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPIs, and what a pair of SAs keeps when it is set again or read by a successor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "algs.h"
#include "keep.h"
#include "sadb.h"

struct world {
	struct loop *loop;
	struct peers peers;
	struct sadb sadb;
	bool warm;
};

static int keep_fd;

static void
world_open(struct world *w)
{
	w->loop = loop_new_test(mono_s(100));
	peers_init(&w->peers, w->loop);
	w->warm = sadb_open(&w->sadb, &w->peers, w->loop, keep_fd, 1);
}

static void
world_close(struct world *w)
{
	sadb_close(&w->sadb, &w->peers);
	shared_drain();
	loop_free(w->loop);
}

static struct peer *
add_peer(struct world *w, uint32_t ref)
{
	struct ipc_peer set = {.peer_ref = ref, .local = addr_v4(0xc0000201),
	    .remote = addr_v4(0xc0000202), .protection = "Tunnel0"};
	struct peer *p = peer_set(&w->peers, &set);

	sadb_keep_peer(&w->sadb, p);
	return p;
}

static struct ipc_sa
pair_of(uint32_t spi, uint32_t ref)
{
	struct ipc_sa s = {.spi = spi, .peer_spi = 0x12345678, .peer_ref = ref,
	    .stage = SA_CURRENT, .mode = MODE_TRANSPORT, .cipher = CIPHER_AES_GCM,
	    .key_bits = 128, .replay_window = 64};

	s.in_key.len = s.out_key.len = 20;
	memset(s.in_key.b, 1, 20);
	memset(s.out_key.b, 2, 20);
	return s;
}

static void
spis_are_fresh(void **state)
{
	struct world w;
	uint32_t spi, last = 0;
	int i;

	(void)state;
	assert_int_equal(spi_make(5, 0), 0);	/* a reserved number: draw again */
	assert_int_equal(spi_slot(spi_make(5, 0xffffffff)), 5);
	world_open(&w);
	assert_false(w.warm);
	for (i = 0; i < 1000; i++) {
		spi = sadb_reserve(&w.sadb, 1);
		assert_true(spi > SPI_RESERVED_MAX);
		assert_int_not_equal(spi, last);
		assert_true(spi_slot(spi) < 1000 * w.sadb.workers);	/* in few pages */
		assert_true(sadb_find(&w.sadb, spi)->larval);
		assert_null(sadb_find(&w.sadb, spi ^ 1u << 31));	/* the slot alone is not it */
		last = spi;
	}
	while (w.sadb.all != NULL)
		sadb_remove(&w.sadb, w.sadb.all);
	assert_true(spi_slot(sadb_reserve(&w.sadb, 1)) < w.sadb.workers);	/* free again */
	sadb_remove(&w.sadb, w.sadb.all);
	world_close(&w);
}

static void
stages(void **state)
{
	struct world w;
	struct peer *p;
	struct ipc_sa s;
	struct sa *sa;
	uint32_t spi;

	(void)state;
	world_open(&w);
	p = add_peer(&w, 1);
	spi = sadb_reserve(&w.sadb, 1);
	s = pair_of(spi, 9);
	assert_non_null(sadb_set(&w.sadb, &w.peers, &s));	/* no such peer */
	s = pair_of(spi, 1);
	s.stage = SA_INBOUND;
	s.peer_spi = 0;
	s.out_key.len = 0;
	assert_null(sadb_set(&w.sadb, &w.peers, &s));
	sa = sadb_find(&w.sadb, spi);
	assert_false(sa->larval);
	assert_null(sa->out);
	assert_null(p->out);

	sa->kept->out_seq = 40;
	replay_mark(&sa->kept->replay, 77);
	s = pair_of(spi, 1);
	s.stage = SA_BOTH;
	assert_null(sadb_set(&w.sadb, &w.peers, &s));
	assert_non_null(sa->out);
	assert_null(p->out);
	s.stage = SA_CURRENT;
	assert_null(sadb_set(&w.sadb, &w.peers, &s));
	assert_ptr_equal(p->out, sa);
	assert_int_equal(sa->kept->out_seq, 40);
	assert_int_equal(sa->kept->replay.highest, 77);

	s.in_key.b[0] ^= 1;
	assert_non_null(sadb_set(&w.sadb, &w.peers, &s));	/* other keys are another SA */
	sadb_remove_peer(&w.sadb, &w.peers, p);
	assert_null(sadb_find(&w.sadb, spi));
	world_close(&w);
}

/* A packet that authenticated may be answered; who sends already goes on as before. */
static void
who_is_heard_is_answered(void **state)
{
	struct world w;
	struct peer *p;
	struct ipc_sa s;
	uint32_t first, second;

	(void)state;
	world_open(&w);
	p = add_peer(&w, 1);
	first = sadb_reserve(&w.sadb, 1);
	sadb_first_in(&w.sadb, first);
	assert_null(p->out);			/* larval: nothing came on it */
	s = pair_of(first, 1);
	s.stage = SA_INBOUND;
	assert_null(sadb_set(&w.sadb, &w.peers, &s));
	assert_null(p->out);
	sadb_first_in(&w.sadb, first ^ 1u << 31);
	assert_null(p->out);
	sadb_first_in(&w.sadb, first);
	assert_ptr_equal(p->out, sadb_find(&w.sadb, first));
	second = sadb_reserve(&w.sadb, 1);
	s = pair_of(second, 1);
	s.stage = SA_INBOUND;
	assert_null(sadb_set(&w.sadb, &w.peers, &s));
	sadb_first_in(&w.sadb, second);
	assert_ptr_equal(p->out, sadb_find(&w.sadb, first));	/* IKE says when */
	world_close(&w);
}

static void
a_successor_goes_on(void **state)
{
	struct world w;
	struct peer *p;
	struct ipc_sa s;
	struct sa *sa;
	uint32_t spi, older, larva;

	(void)state;
	world_open(&w);
	add_peer(&w, 1);
	older = sadb_reserve(&w.sadb, 1);
	s = pair_of(older, 1);
	assert_null(sadb_set(&w.sadb, &w.peers, &s));
	loop_advance(w.loop, mono_s(1));
	spi = sadb_reserve(&w.sadb, 1);
	s = pair_of(spi, 1);
	s.in_key.b[5] = 9;
	assert_null(sadb_set(&w.sadb, &w.peers, &s));
	sa = sadb_find(&w.sadb, spi);
	sa->kept->out_seq = 1000;
	replay_mark(&sa->kept->replay, 500);
	larva = sadb_reserve(&w.sadb, 1);
	world_close(&w);

	world_open(&w);
	assert_true(w.warm);
	p = peer_find(&w.peers, 1);
	assert_non_null(p);
	sa = sadb_find(&w.sadb, spi);
	assert_non_null(sa);
	assert_ptr_equal(p->out, sa);		/* the newer of two that were current */
	assert_true(sa->kept->out_seq >= 1000 + 65536);
	assert_false(replay_accepts(&sa->kept->replay, 500));
	assert_true(sadb_find(&w.sadb, larva)->larval);
	sadb_remove(&w.sadb, sa);
	assert_ptr_equal(p->out, sadb_find(&w.sadb, older));
	sadb_remove_peer(&w.sadb, &w.peers, p);
	assert_null(w.sadb.all);
	world_close(&w);
}

/* SAs without the peers that they belong to are none, and are none for the next either. */
static void
both_tables_or_none(void **state)
{
	off_t peers_at = (off_t)keep_bytes(sizeof(struct sa_kept), SPI_SLOTS);
	const uint64_t damage = 0;
	struct world w;
	struct ipc_sa s;

	(void)state;
	world_open(&w);
	add_peer(&w, 1);
	s = pair_of(sadb_reserve(&w.sadb, 1), 1);
	assert_null(sadb_set(&w.sadb, &w.peers, &s));
	world_close(&w);
	assert_int_equal(pwrite(keep_fd, &damage, sizeof(damage), peers_at), sizeof(damage));
	world_open(&w);
	assert_false(w.warm);
	assert_int_equal(w.sadb.count, 0);
	add_peer(&w, 1);
	world_close(&w);
	world_open(&w);
	assert_true(w.warm);
	assert_int_equal(w.sadb.count, 0);
	assert_null(sadb_find(&w.sadb, s.spi));
	world_close(&w);
}

static int
setup(void **state)
{
	(void)state;
	keep_fd = keep_memfd("test");
	return keep_fd < 0 ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	return close(keep_fd);
}

/* Routers' errors are looked up so: by address, and by the port where there is UDP. */
static void
peers_are_found_where_they_are(void **state)
{
	struct ipc_peer set = {.local = addr_v4(0xc0000201), .remote = addr_v4(0xc0000210),
	    .remote_port = 4500, .encap = 1, .protection = "Tunnel0"};
	struct addr moved = addr_v4(0xc0000211);
	struct peer *one, *two, *raw;
	struct world w;

	(void)state;
	world_open(&w);
	set.peer_ref = 1;
	one = peer_set(&w.peers, &set);
	set.peer_ref = 2;
	set.remote_port = 4501;
	two = peer_set(&w.peers, &set);
	set.peer_ref = 3;
	set.encap = 0;
	raw = peer_set(&w.peers, &set);
	assert_ptr_equal(peer_at(&w.peers, &set.remote, 4500, NULL), one);
	assert_null(peer_at(&w.peers, &set.remote, 4500, one));
	assert_ptr_equal(peer_at(&w.peers, &set.remote, 4501, NULL), two);
	assert_ptr_equal(peer_at(&w.peers, &set.remote, 0, NULL), raw);
	assert_null(peer_at(&w.peers, &moved, 4500, NULL));
	peer_move(&w.peers, one, &moved, 4502);
	assert_null(peer_at(&w.peers, &set.remote, 4500, NULL));
	assert_ptr_equal(peer_at(&w.peers, &moved, 4502, NULL), one);
	peer_move(&w.peers, two, &moved, 4502);
	assert_ptr_equal(peer_at(&w.peers, &moved, 4502, NULL), two);
	assert_ptr_equal(peer_at(&w.peers, &moved, 4502, two), one);
	peer_remove(&w.peers, two);
	assert_ptr_equal(peer_at(&w.peers, &moved, 4502, NULL), one);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(spis_are_fresh, setup, teardown),
		cmocka_unit_test_setup_teardown(stages, setup, teardown),
		cmocka_unit_test_setup_teardown(who_is_heard_is_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(a_successor_goes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(peers_are_found_where_they_are, setup, teardown),
		cmocka_unit_test_setup_teardown(both_tables_or_none, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
