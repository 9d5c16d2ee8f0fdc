/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trie against a list that is searched in full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "shared.h"
#include "trie.h"

#define PREFIXES 400

static struct loop *loop;
static struct prefix list[PREFIXES];
static bool in[PREFIXES];

static void *
best_of_list(const struct addr *a)
{
	int i, best = -1;

	for (i = 0; i < PREFIXES; i++)
		if (in[i] && prefix_contains(&list[i], a) &&
		    (best < 0 || list[i].len > list[best].len))
			best = i;
	return best < 0 ? NULL : &list[best];
}

/* Addresses of few bits, so that prefixes cover and share each other. */
static struct addr
some_addr(int family)
{
	uint8_t b[16] = {0};

	b[0] = 10;
	b[1] = (uint8_t)(rand() & 3);
	b[3] = (uint8_t)(rand() & 0xc3);
	return addr_from_bytes(family, b);
}

static void
check_all(const struct trie *t, int family)
{
	struct addr a;
	int i;

	for (i = 0; i < 500; i++) {
		a = some_addr(family);
		assert_ptr_equal(trie_lookup(t, a.b), best_of_list(&a));
	}
}

static bool
is_in(const struct prefix *p)
{
	int i;

	for (i = 0; i < PREFIXES; i++)
		if (in[i] && prefix_eq(&list[i], p))
			return true;
	return false;
}

static void
against_list(int family)
{
	struct prefix p;
	struct trie t;
	int i, round;

	trie_init(&t, family == ADDR_V4 ? 32 : 128);
	memset(in, 0, sizeof(in));
	for (round = 0; round < 40; round++) {
		for (i = 0; i < PREFIXES / 4; i++) {
			int k = rand() % PREFIXES;

			if (in[k]) {
				assert_ptr_equal(trie_set(&t, loop, list[k].addr.b, list[k].len, NULL),
				    &list[k]);
				in[k] = false;
				continue;
			}
			p = (struct prefix){.addr = some_addr(family), .len = (uint8_t)(rand() % 33)};
			p = prefix_network(&p);
			if (is_in(&p))
				continue;
			list[k] = p;
			in[k] = true;
			assert_null(trie_set(&t, loop, p.addr.b, p.len, &list[k]));
		}
		check_all(&t, family);
	}
	for (i = 0; i < PREFIXES; i++)
		if (in[i])
			trie_set(&t, loop, list[i].addr.b, list[i].len, NULL);
	assert_null(t.root);
	shared_drain();
	trie_close(&t);
}

static void
ipv4(void **state)
{
	(void)state;
	against_list(ADDR_V4);
}

static void
ipv6(void **state)
{
	(void)state;
	against_list(ADDR_V6);
}

static void
absent_is_nothing(void **state)
{
	struct addr a = addr_v4(0x0a000001);
	struct trie t;

	(void)state;
	trie_init(&t, 32);
	assert_null(trie_lookup(&t, a.b));
	assert_null(trie_set(&t, loop, a.b, 24, NULL));
	trie_set(&t, loop, a.b, 0, &a);		/* the default route */
	assert_ptr_equal(trie_lookup(&t, a.b), &a);
	assert_null(trie_set(&t, loop, a.b, 8, NULL));
	trie_set(&t, loop, a.b, 0, NULL);
	shared_drain();
	trie_close(&t);
}

static int
setup(void **state)
{
	(void)state;
	srand(1);
	loop = loop_new_test(mono_s(1));
	return loop == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4),
		cmocka_unit_test(ipv6),
		cmocka_unit_test(absent_is_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
