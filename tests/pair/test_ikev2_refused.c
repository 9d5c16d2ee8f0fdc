/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peer that says no, again and again: who asks it waits longer each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "cmap_scene.h"
#include "ikev2.h"
#include "log.h"
#include "pair.h"

enum { MSGID_AT = 20, RUN_S = 600, LONGEST_S = 30 };

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
	if (f->to != &p->b || pair_exchange_of(f) != exchange || pair_is_answer(f))
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
	assert_true(p.a.e.counter[IKE_V2_FAILED] > 0 && p.b.e.counter[IKE_V2_FAILED] > 0);
	assert_int_equal(p.a.e.counter[IKE_V2_ENDED] + p.b.e.counter[IKE_V2_ENDED], 0);
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

/* Of a tunnel, too: by the next change of the configuration, or when somebody clears it. */
static void
test_nobody_waits_for_who_cleared(void **state)
{
	static const struct ipc_clear clear[] = {{.what = CLEAR_IKEV2_SA}, {.what = CLEAR_SESSION},
	    {.what = CLEAR_COUNTERS}};
	struct ipc_ikev2_key key = {.keyring = "K", .peer = "any",
	    .address = {.addr = {.family = ADDR_V4}}};
	struct pair p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(clear) / sizeof(clear[0]); i++) {
		pair_init2(&p, "k", "another");
		pair_up(&p);
		pair_pass(&p, 100000);
		secret_set(&key.local, "k", 1);
		secret_set(&key.remote, "k", 1);
		conf2_message(&p.b.e.conf.v2, IPC_MSG_IKEV2_KEY_SET, &key);
		pair_pass(&p, 100);
		assert_int_equal(pair_sas(&p.a), 0);
		engine_clear(&p.a.e, &clear[i]);
		if (clear[i].what == CLEAR_COUNTERS)
			engine_config_done(&p.a.e);
		pair_pass(&p, 100);
		assert_int_equal(pair_sas(&p.a), 1);
		assert_int_equal(pair_children(&p.a), 1);
		pair_free(&p);
	}
}

/* --- what the log says --- */

static struct {
	unsigned int lines;
	char last[200];
} aborted;

static void
note_abort(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	if (strcmp(facility, "IKEV2") != 0 || strcmp(mnemonic, "NEG_ABORT") != 0)
		return;
	aborted.lines++;
	snprintf(aborted.last, sizeof(aborted.last), "%s", text);
}

/* Who is asked says why at once; who asks believes it when nothing better came. */
static void
test_both_ends_say_why(void **state)
{
	struct pair p;

	(void)state;
	log_set_sink(note_abort, NULL);
	pair_init2(&p, "k", "k");
	refuse_proposals(&p.b);
	aborted.lines = 0;
	pair_up(&p);
	assert_int_equal(aborted.lines, 1);
	assert_string_equal(aborted.last,
	    "Negotiation aborted due to ERROR: no acceptable proposal (192.0.2.1)");
	pair_pass(&p, RUN_S * 1000);
	assert_in_range(aborted.lines, 10, RUN_S / 5);
	pair_free(&p);

	pair_init2(&p, "k", "k");
	cmap_both(&p, &web_a, &other_b);
	aborted.lines = 0;
	cmap_packet(&p.a, &web_a);
	pair_pass(&p, 500);
	assert_int_equal(aborted.lines, 2);
	assert_non_null(strstr(aborted.last, "no pair of ESP SAs for M 10 10@wan0: TS_UNACCEPTABLE"));
	pair_free(&p);
	log_set_sink(NULL, NULL);
	pair_quiet(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_proposal_chosen),
		cmocka_unit_test(test_authentication_failed),
		cmocka_unit_test(test_no_pair),
		cmocka_unit_test(test_put_right),
		cmocka_unit_test(test_nobody_waits_for_who_cleared),
		cmocka_unit_test(test_both_ends_say_why),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
