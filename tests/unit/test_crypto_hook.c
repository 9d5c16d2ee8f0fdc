/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What covers a crypto map's lines, and the nftables text that comes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cover.h"
#include "crypto_hook.h"

static struct prefix
net(const char *s)
{
	struct prefix p = {0};

	assert_true(prefix_parse(&p, s));
	return p;
}

static void
add(struct cover *c, const char *src, const char *dst)
{
	struct prefix s = net(src), d = net(dst);

	cover_add(c, &s, &d);
}

static bool
has(const struct cover *c, const char *src, const char *dst)
{
	struct prefix s = net(src), d = net(dst);
	size_t i;

	for (i = 0; i < c->pairs; i++)
		if (prefix_eq(&c->pair[i].src, &s) && prefix_eq(&c->pair[i].dst, &d))
			return true;
	return false;
}

static void
what_overlaps_is_joined(void **state)
{
	struct cover c = {0};

	(void)state;
	add(&c, "10.1.0.0/16", "10.2.0.0/16");
	add(&c, "10.1.5.0/24", "10.2.5.0/24");		/* inside */
	add(&c, "10.3.0.0/16", "10.2.0.0/16");		/* beside */
	assert_int_equal(c.pairs, 2);
	assert_true(has(&c, "10.1.0.0/16", "10.2.0.0/16") && has(&c, "10.3.0.0/16", "10.2.0.0/16"));
	add(&c, "10.0.0.0/8", "10.2.7.0/24");		/* across both */
	assert_int_equal(c.pairs, 1);
	assert_true(has(&c, "10.0.0.0/8", "10.2.0.0/16"));
}

/* Whatever comes in is covered, by few pairs that do not overlap. */
static void
all_is_covered(void **state)
{
	struct prefix src[300], dst[300];
	struct cover c = {0};
	size_t i, k, hits;

	(void)state;
	srand(1);
	for (i = 0; i < 300; i++) {
		src[i] = (struct prefix){.addr = {.family = ADDR_V4, .b = {10, (uint8_t)rand(),
		    (uint8_t)rand()}}, .len = (uint8_t)(20 + rand() % 12)};
		dst[i] = (struct prefix){.addr = {.family = ADDR_V4, .b = {10, (uint8_t)rand(),
		    (uint8_t)rand()}}, .len = (uint8_t)(20 + rand() % 12)};
		cover_add(&c, &src[i], &dst[i]);
		assert_true(c.pairs <= COVER_MAX);
	}
	for (i = 0; i < 300; i++) {
		for (k = hits = 0; k < c.pairs; k++)
			hits += c.pair[k].src.len <= src[i].len &&
			    prefix_contains(&c.pair[k].src, &src[i].addr) &&
			    c.pair[k].dst.len <= dst[i].len &&
			    prefix_contains(&c.pair[k].dst, &dst[i].addr);
		assert_int_equal(hits, 1);
	}
	for (i = 0; i < c.pairs; i++)
		for (k = 0; k < i; k++)
			assert_false(prefix_overlaps(&c.pair[i].src, &c.pair[k].src) &&
			    prefix_overlaps(&c.pair[i].dst, &c.pair[k].dst));
}

/* --- the text --- */

static void
wish_map(struct wishes *w)
{
	struct ipc_cmap *m = wishes_add(w, IPC_ESPD, IPC_MSG_CMAP_SET, IPC_MSG_CMAP_DEL, "wan0");

	memcpy(m->ifname, "wan0", sizeof("wan0"));
	m->local = net("192.0.2.1/32").addr;
}

static struct ipc_cmap_rule *
wish_rule(struct wishes *w, uint32_t order, const char *src, const char *dst)
{
	struct ipc_cmap_rule *r = wishes_add(w, IPC_ESPD, IPC_MSG_CMAP_RULE_SET,
	    IPC_MSG_CMAP_RULE_DEL, "wan0 %u", order);

	memcpy(r->ifname, "wan0", sizeof("wan0"));
	r->order = order;
	r->permit = 1;
	r->src = net(src);
	r->dst = net(dst);
	return r;
}

static void
text_of_a_map(void **state)
{
	struct kernel_link links[3] = {{.index = 7, .name = "wan0"}, {.index = 8, .name = "cmap7"},
	    {.index = 9, .name = "cmap7in"}};
	struct kernel k = {.link = links, .links = 1};
	struct ipc_cmap_ready ready = {.ifname = "wan0", .device = "cmap7", .arriving = "cmap7in"};
	struct wishes w = {0};
	struct owned o = {0};
	struct text t = {0};

	(void)state;
	crypto_hook_text(&w, &o, &k, &t);
	assert_string_equal(text_str(&t), "");
	wish_map(&w);
	wish_rule(&w, 1, "10.1.9.0/24", "10.2.9.0/24")->permit = 0;
	wish_rule(&w, 2, "10.1.0.0/16", "10.2.0.0/16");
	wish_rule(&w, 3, "2001:db8:1::/48", "2001:db8:2::/48");
	crypto_hook_sum(&w);
	assert_int_equal(((struct ipc_cmap *)w.all->body)->lines, 3);

	/* Until there are devices all that is covered is dropped. */
	crypto_hook_text(&w, &o, &k, &t);
	assert_non_null(strstr(text_str(&t), "ip saddr . ip daddr { 10.1.0.0/16 . 10.2.0.0/16 } drop"));
	assert_non_null(strstr(text_str(&t), "{ 10.2.0.0/16 . 10.1.0.0/16 } drop"));
	assert_null(strstr(text_str(&t), "fwd"));
	text_free(&t);
	crypto_hook_ready(&o, &ready);
	crypto_hook_text(&w, &o, &k, &t);
	assert_null(strstr(text_str(&t), "fwd"));	/* said, but gone */
	text_free(&t);
	k.links = 3;
	crypto_hook_text(&w, &o, &k, &t);
	assert_non_null(strstr(text_str(&t), "{ 10.1.0.0/16 . 10.2.0.0/16 } fwd to \"cmap7\"\n"));
	assert_non_null(strstr(text_str(&t), "{ 2001:DB8:2::/48 . 2001:DB8:1::/48 } fwd to \"cmap7in\""));
	assert_null(strstr(text_str(&t), "drop"));
	text_free(&t);
	wish_rule(&w, 4, "10.5.0.0/16", "0.0.0.0/0")->dynamic = 1;
	crypto_hook_text(&w, &o, &k, &t);
	assert_non_null(strstr(text_str(&t), "10.5.0.0/16 . 0.0.0.0/0"));
	assert_null(strstr(text_str(&t), "224.0.0.0/4"));
	text_free(&t);
	wish_rule(&w, 5, "0.0.0.0/0", "0.0.0.0/0")->dynamic = 1;
	crypto_hook_text(&w, &o, &k, &t);
	assert_non_null(strstr(text_str(&t), "ip daddr != { 224.0.0.0/4, 255.255.255.255 } fwd to \"cmap7\""));
	text_free(&t);
	wishes_free(&w);
	owned_free(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_overlaps_is_joined),
		cmocka_unit_test(all_is_covered),
		cmocka_unit_test(text_of_a_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
