/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peer that says no, again and again: who asks it waits longer each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "cmap_scene.h"
#include "ikev2.h"
#include "pair.h"

enum { FLAGS_AT = 19, IS_ANSWER = 0x20, MSGID_AT = 20, RUN_S = 600, LONGEST_S = 30 };

static const struct cmap_line
	web_a = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.2.0.0/16"},
	web_b = {.seq = 10, .local = "10.2.0.0/16", .remote = "10.1.0.0/16"},
	other_b = {.seq = 10, .local = "10.9.0.0/16", .remote = "10.1.0.0/16"};

/* Requests of `a` for the exchange: when one left for the first time, and how many in all. */
static unsigned int exchange, at_s[RUN_S], asked, sent;
static uint8_t last[IKE_HEADER_LEN];

static bool
note(struct pair *p, const struct flight *f)
{
	if (f->to != &p->b || pair_exchange_of(f) != exchange || (f->b[FLAGS_AT] & IS_ANSWER) != 0)
		return true;
	sent++;
	if ((memcmp(last, f->b, IKE_SPI_LEN) != 0 || memcmp(last + MSGID_AT, f->b + MSGID_AT, 4) != 0) &&
	    asked < RUN_S)
		at_s[asked++] = (unsigned int)(loop_now(p->loop).us / 1000000);
	memcpy(last, f->b, sizeof(last));
	return true;
}

static void
watch(struct pair *p, unsigned int what)
{
	exchange = what;
	asked = sent = 0;
	p->filter = note;
}

/*
 * Between two attempts, one of which takes take_s, it is 1, 2, 4 ... 30 seconds; the
 * first `before` failures were in another exchange.
 */
static void
assert_backs_off(unsigned int take_s, unsigned int before)
{
	unsigned int i;

	assert_in_range(asked, RUN_S / (LONGEST_S + take_s + 2), RUN_S / (LONGEST_S + take_s) + 6);
	for (i = 1; i < asked; i++) {
		unsigned int n = i - 1 + before, wait_s = n < 5 ? 1u << n : LONGEST_S;

		assert_in_range(at_s[i] - at_s[i - 1], wait_s + take_s, wait_s + take_s + 2);
	}
}

static void
packets_for(struct pair *p, unsigned int s)
{
	for (; s > 0; s--) {
		cmap_packet(&p->a, &web_a);
		pair_pass(p, 1000);
	}
}

static void
refuse_proposals(struct pair_side *s)
{
	struct ipc_ikev2_proposal other = {.name = "P", .encr0 = CIPHER_AES_GCM, .bits0 = 256,
	    .prf0 = HASH_SHA512, .group0 = 20};

	conf2_message(&s->e.conf.v2, IPC_MSG_IKEV2_PROPOSAL_SET, &other);
}

/* Nobody vouches for this refusal, so the request is repeated: after 1, 2, 4, 8 and 16 seconds. */
enum { INIT_TAKES_S = 1 + 2 + 4 + 8 + 16 + 16, INIT_SENT = 6 };

static void
test_no_proposal_chosen(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	refuse_proposals(&p.b);
	watch(&p, EXCHANGE2_INIT);
	pair_up(&p);
	pair_pass(&p, RUN_S * 1000);
	assert_backs_off(INIT_TAKES_S, 0);
	assert_in_range(sent, (asked - 1) * INIT_SENT, asked * INIT_SENT);
	pair_free(&p);

	pair_init2(&p, "k", "k");
	refuse_proposals(&p.b);
	watch(&p, EXCHANGE2_INIT);
	cmap_both(&p, &web_a, &web_b);
	packets_for(&p, RUN_S);
	assert_backs_off(INIT_TAKES_S, 0);
	assert_in_range(sent, (asked - 1) * INIT_SENT, asked * INIT_SENT);
	pair_free(&p);
}

static void
test_authentication_failed(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "another");
	watch(&p, EXCHANGE2_AUTH);
	pair_up(&p);
	pair_pass(&p, RUN_S * 1000);
	assert_backs_off(0, 0);
	pair_free(&p);

	pair_init2(&p, "k", "another");
	watch(&p, EXCHANGE2_AUTH);
	cmap_both(&p, &web_a, &web_b);
	packets_for(&p, RUN_S);
	assert_backs_off(0, 0);
	pair_free(&p);
}

static void
test_no_pair(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	watch(&p, EXCHANGE2_CHILD);
	cmap_both(&p, &web_a, &other_b);
	packets_for(&p, RUN_S);
	assert_backs_off(0, 1);
	pair_free(&p);
}

/* What may have been put right is tried with the next packet; and what came up is as good as new. */
static void
test_put_right(void **state)
{
	struct ipc_ikev2_key key = {.keyring = "K", .peer = "any",
	    .address = {.addr = {.family = ADDR_V4}}};
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "another");
	watch(&p, EXCHANGE2_AUTH);
	cmap_both(&p, &web_a, &web_b);
	packets_for(&p, 100);
	secret_set(&key.local, "k", 1);
	secret_set(&key.remote, "k", 1);
	conf2_message(&p.b.e.conf.v2, IPC_MSG_IKEV2_KEY_SET, &key);
	engine_config_done(&p.a.e);
	asked = 0;
	cmap_packet(&p.a, &web_a);
	assert_int_equal(asked, 1);
	pair_pass(&p, 3000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	peer_drop_sas(p.a.e.peers, true);
	pair_pass(&p, 5000);
	cmap_packet(&p.a, &web_a);
	pair_pass(&p, 3000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_proposal_chosen),
		cmocka_unit_test(test_authentication_failed),
		cmocka_unit_test(test_no_pair),
		cmocka_unit_test(test_put_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
