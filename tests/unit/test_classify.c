/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The classifier of crypto maps, against a naive walk over the lines; and fragments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "classify.h"

#define RULES 24
#define SELECTORS 40
#define ROUNDS 400
#define FLOWS 300

static struct classify_cache cache;
static uint32_t generation;

static struct prefix
net(const char *s)
{
	struct prefix p = {0};

	assert_true(prefix_parse(&p, s));
	return p;
}

static struct addr
ip(const char *s)
{
	struct addr a = {0};

	assert_true(addr_parse(&a, s));
	return a;
}

static struct classify_rule
line(bool permit, uint8_t proto, const char *src, const char *dst)
{
	return (struct classify_rule){.permit = permit, .proto = proto, .src = net(src),
	    .dst = net(dst), .src_high = 65535, .dst_high = 65535, .protection = 1, .peer_ref = 9};
}

static struct verdict
ask(const struct classify_rule *rules, size_t n, const struct flow *f)
{
	struct classify *c = classify_new(rules, n, NULL, 0, ++generation);
	struct verdict v = classify(c, f);

	classify_free(c);
	return v;
}

static void
first_match_decides(void **state)
{
	struct classify_rule r[3] = {line(false, 6, "10.1.1.0/24", "10.2.0.0/16"),
	    line(true, 0, "10.1.0.0/16", "10.2.0.0/16"), line(true, 0, "0.0.0.0/0", "0.0.0.0/0")};
	struct flow f = {.src = ip("10.1.1.7"), .dst = ip("10.2.9.9"), .proto = 6, .ports = true};

	(void)state;
	r[1].peer_ref = 7;
	assert_int_equal(ask(r, 3, &f).as, CLASSIFY_DENY);
	f.proto = 17;
	assert_int_equal(ask(r, 3, &f).peer_ref, 7);
	f.src = ip("192.0.2.1");
	assert_int_equal(ask(r, 3, &f).peer_ref, 9);
	assert_int_equal(ask(r, 2, &f).as, CLASSIFY_NONE);
	f = flow_back(&f);
	assert_true(addr_eq(&f.dst, &(struct addr){.family = ADDR_V4, .b = {192, 0, 2, 1}}));
}

/* One packet of a worker, by the cache. */
static void
pass(const struct classify *c, const struct flow *f, unsigned int worker)
{
	acl_count_add(classify_cached(&cache, c, f).count, worker, 1);
}

/* Counted by line, whether the cache knew the flow or not, and kept when the lines are compiled anew. */
static void
matches_of_lines(void **state)
{
	struct classify_rule r[3] = {line(false, 6, "10.1.1.0/24", "10.2.0.0/16"),
	    line(true, 0, "10.1.0.0/16", "10.2.0.0/16"), line(true, 0, "0.0.0.0/0", "0.0.0.0/0")};
	struct flow f = {.src = ip("10.1.1.7"), .dst = ip("10.2.9.9"), .proto = 17};
	struct acl_count *all = NULL, *ten, *twenty;
	struct classify *c, *next;
	int i;

	(void)state;
	assert_null(acl_count_get(&all, "", 10));
	r[0].count = ten = acl_count_get(&all, "101", 10);
	r[1].count = twenty = acl_count_get(&all, "101", 20);
	assert_ptr_equal(acl_count_get(&all, "101", 20), twenty);	/* another map's */
	acl_count_let_go(twenty);
	c = classify_new(r, 3, NULL, 0, ++generation);
	for (i = 0; i < 5; i++)
		pass(c, &f, i % 2);
	f.proto = 6;
	pass(c, &f, 0);
	f.src = ip("192.0.2.1");
	pass(c, &f, 0);				/* of no access list */
	assert_int_equal(acl_count_packets(ten), 1);
	assert_int_equal(acl_count_packets(twenty), 5);
	next = classify_new(r, 3, NULL, 0, ++generation);
	classify_free(c);
	f = (struct flow){.src = ip("10.1.1.7"), .dst = ip("10.2.9.9"), .proto = 17};
	pass(next, &f, 1);
	assert_int_equal(acl_count_packets(twenty), 6);
	acl_count_clear(all, "102");
	assert_int_equal(acl_count_packets(twenty), 6);
	acl_count_clear(all, "101");
	assert_int_equal(acl_count_packets(twenty), 0);
	pass(next, &f, 1);
	assert_int_equal(acl_count_packets(twenty), 1);
	acl_count_let_go(ten);
	acl_count_let_go(twenty);
	assert_int_equal(HASH_COUNT(all), 2);	/* lines in force hold theirs */
	classify_free(next);
	assert_null(all);
}

/* What a peer negotiated beyond the line of its entry is another's. */
static void
dynamic_within_its_line(void **state)
{
	struct classify_rule r[2] = {line(true, 0, "10.1.1.0/24", "10.2.0.0/16"),
	    line(true, 0, "10.1.0.0/16", "10.3.0.0/16")};
	struct classify_selector s = {.protection = 1, .peer_ref = 66, .local = net("10.1.0.0/16"),
	    .remote = net("10.0.0.0/8")};
	struct flow f = {.src = ip("10.1.1.7"), .dst = ip("10.2.9.9"), .proto = 1};
	struct classify *c;

	(void)state;
	r[0].dynamic = true;
	r[1].protection = 2;
	c = classify_new(r, 2, &s, 1, ++generation);
	assert_int_equal(classify(c, &f).peer_ref, 66);
	f.dst = ip("10.3.0.1");
	assert_int_equal(classify(c, &f).peer_ref, 9);
	f.dst = ip("10.4.0.1");
	assert_int_equal(classify(c, &f).as, CLASSIFY_NONE);
	classify_free(c);
}

/* A later fragment has no ports: it matches permit lines without looking at them, deny lines not. */
static void
fragments(void **state)
{
	struct classify_rule r[2] = {line(false, 17, "10.1.0.0/16", "10.2.0.0/16"),
	    line(true, 17, "10.1.0.0/16", "10.2.0.0/16")};
	struct flow f = {.src = ip("10.1.1.7"), .dst = ip("10.2.9.9"), .proto = 17,
	    .later_fragment = true};

	(void)state;
	r[0].dst_low = r[0].dst_high = 53;
	r[1].dst_low = 1000;
	assert_int_equal(ask(r, 2, &f).as, CLASSIFY_PERMIT);
	r[0].dst_low = 0;
	r[0].dst_high = 65535;
	assert_int_equal(ask(r, 2, &f).as, CLASSIFY_DENY);
	/* A packet that is cut short has no ports either, and is no fragment. */
	f.later_fragment = false;
	assert_int_equal(ask(&r[1], 1, &f).as, CLASSIFY_NONE);
	f.ports = true;
	f.dst_port = 1000;
	assert_int_equal(ask(&r[1], 1, &f).as, CLASSIFY_PERMIT);
	f.dst_port = 999;
	assert_int_equal(ask(&r[1], 1, &f).as, CLASSIFY_NONE);
}

static void
flow_is_read_from_a_packet(void **state)
{
	uint8_t p[28] = {0x45, 0, 0, 28, 0, 0, 0x20, 0, 64, 17, 0, 0, 10, 1, 0, 1, 10, 2, 0, 2,
	    0x03, 0xe8, 0, 53, 0, 8, 0, 0};
	struct inner in;
	struct flow f;

	(void)state;
	assert_true(inner_read(&in, p, sizeof(p)));
	f = flow_of(&in);		/* a first fragment */
	assert_true(f.ports && !f.later_fragment && f.src_port == 1000 && f.dst_port == 53);
	p[7] = 1;
	assert_true(inner_read(&in, p, sizeof(p)));
	f = flow_of(&in);
	assert_true(!f.ports && f.later_fragment && f.src_port == 0 && f.dst_port == 0);
}

/* --- against the naive walk --- */

static unsigned int
any(unsigned int n)
{
	return (unsigned int)rand() % n;
}

/* Few networks, so that they meet and lie in each other. */
static struct prefix
some_prefix(void)
{
	static const uint8_t lens[] = {0, 8, 15, 16, 17, 24, 30, 32};
	struct prefix p = {.addr = {.family = ADDR_V4, .b = {10, (uint8_t)any(3), (uint8_t)any(2),
	    (uint8_t)any(4)}}, .len = lens[any(8)]};

	if (any(8) == 0) {
		p = (struct prefix){.addr = {.family = ADDR_V6, .b = {0x20, 1, (uint8_t)any(3)}},
		    .len = (uint8_t)(any(4) * 8)};
	}
	return p;
}

static struct addr
some_addr(uint8_t family)
{
	if (family == ADDR_V6)
		return (struct addr){.family = ADDR_V6, .b = {0x20, 1, (uint8_t)any(3), (uint8_t)any(3)}};
	return (struct addr){.family = ADDR_V4, .b = {10, (uint8_t)any(3), (uint8_t)any(2),
	    (uint8_t)any(4)}};
}

static uint8_t
some_proto(void)
{
	static const uint8_t protos[] = {0, 1, 6, 17, 47};

	return protos[any(5)];
}

static struct classify_rule
some_rule(void)
{
	struct classify_rule r = {.permit = any(3) != 0, .dynamic = any(5) == 0, .proto = some_proto(),
	    .src = some_prefix(), .dst = some_prefix(), .src_high = 65535, .dst_high = 65535,
	    .protection = (uint16_t)(1 + any(3)), .peer_ref = any(50)};

	if (any(3) == 0) {
		r.dst_low = (uint16_t)any(4);
		r.dst_high = (uint16_t)(r.dst_low + any(2));
	}
	if (any(4) == 0)
		r.src_low = (uint16_t)any(4);
	return r;
}

static struct classify_selector
some_selector(void)
{
	struct classify_selector s = {.protection = (uint16_t)(1 + any(3)), .peer_ref = 100 + any(900),
	    .proto = some_proto(), .local = some_prefix(), .remote = some_prefix()};

	if (any(4) == 0)
		s.remote_port = (uint16_t)any(4);
	return s;
}

static struct flow
some_flow(void)
{
	uint8_t family = any(8) == 0 ? ADDR_V6 : ADDR_V4;
	struct flow f = {.src = some_addr(family), .dst = some_addr(family), .proto = some_proto()};

	if (f.proto != 6 && f.proto != 17)
		return f;
	f.later_fragment = any(4) == 0;
	f.ports = !f.later_fragment;
	if (f.ports) {
		f.src_port = (uint16_t)any(5);
		f.dst_port = (uint16_t)any(5);
	}
	return f;
}

static bool
port_in(const struct flow *f, uint16_t port, uint16_t low, uint16_t high, bool permit)
{
	if (low == 0 && high == 65535)
		return true;
	return f->later_fragment ? permit : f->ports && port >= low && port <= high;
}

static uint32_t
naive_selector(const struct classify_selector *s, size_t n, uint16_t protection, const struct flow *f)
{
	const struct classify_selector *best = NULL;
	size_t i;

	for (i = 0; i < n; i++, s++)
		if (s->protection == protection && (s->proto == 0 || s->proto == f->proto) &&
		    prefix_contains(&s->local, &f->src) && prefix_contains(&s->remote, &f->dst) &&
		    (s->local_port == 0 || port_in(f, f->src_port, s->local_port, s->local_port, true)) &&
		    (s->remote_port == 0 || port_in(f, f->dst_port, s->remote_port, s->remote_port, true)) &&
		    (best == NULL || s->remote.len > best->remote.len))
			best = s;
	return best == NULL ? 0 : best->peer_ref;
}

static struct verdict
naive(const struct classify_rule *r, size_t rules, const struct classify_selector *s, size_t n,
    const struct flow *f)
{
	size_t i;

	for (i = 0; i < rules; i++, r++) {
		uint32_t ref = r->dynamic ? naive_selector(s, n, r->protection, f) : r->peer_ref;
		bool covers = (r->proto == 0 || r->proto == f->proto) &&
		    prefix_contains(&r->src, &f->src) && prefix_contains(&r->dst, &f->dst) &&
		    port_in(f, f->src_port, r->src_low, r->src_high, r->permit) &&
		    port_in(f, f->dst_port, r->dst_low, r->dst_high, r->permit);

		if (covers && (!r->dynamic || ref != 0))
			return (struct verdict){r->permit || r->dynamic ? CLASSIFY_PERMIT : CLASSIFY_DENY,
			    r->protection, ref, r->count};
	}
	return (struct verdict){.as = CLASSIFY_NONE};
}

static void
is_what_a_naive_walk_says(void **state)
{
	struct classify_selector selector[SELECTORS];
	struct classify_rule rule[RULES];
	unsigned int round, i, seen[3] = {0};
	size_t rules, selectors;
	struct verdict want, is;
	struct classify *c;
	struct flow f;

	(void)state;
	srand(4);
	for (round = 0; round < ROUNDS; round++) {
		rules = any(RULES + 1);
		selectors = any(SELECTORS + 1);
		for (i = 0; i < rules; i++)
			rule[i] = some_rule();
		for (i = 0; i < selectors; i++)
			selector[i] = some_selector();
		c = classify_new(rule, rules, selector, selectors, ++generation);
		for (i = 0; i < FLOWS; i++) {
			f = some_flow();
			want = naive(rule, rules, selector, selectors, &f);
			is = any(2) == 0 ? classify(c, &f) : classify_cached(&cache, c, &f);
			assert_int_equal(is.as, want.as);
			assert_int_equal(is.peer_ref, want.peer_ref);
			assert_int_equal(is.protection, want.protection);
			seen[is.as]++;
		}
		classify_free(c);
	}
	assert_true(seen[CLASSIFY_NONE] > 1000 && seen[CLASSIFY_DENY] > 1000 &&
	    seen[CLASSIFY_PERMIT] > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_match_decides),
		cmocka_unit_test(matches_of_lines),
		cmocka_unit_test(dynamic_within_its_line),
		cmocka_unit_test(fragments),
		cmocka_unit_test(flow_is_read_from_a_packet),
		cmocka_unit_test(is_what_a_naive_walk_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
