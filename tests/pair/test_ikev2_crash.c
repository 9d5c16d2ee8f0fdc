/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quick crash detection (RFC 6290) between two engines: what heals by proof, and
 * what nobody may reach by forging.
 *
 * `b` is a hub whose peers are dynamic: what it lost, it cannot begin again.  `a` has
 * the tunnel to it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "cmap_scene.h"
#include "ikev2.h"
#include "ikev2_crash.h"
#include "payload2.h"
#include "spi_recovery.h"

static void
detection(struct pair_side *s, const char *secret)
{
	struct ipc_ikev2_crash crash = {{0}};

	if (secret != NULL)
		secret_set(&crash.secret, secret, strlen(secret));
	conf2_message(&s->e.conf.v2, secret != NULL ? IPC_MSG_IKEV2_CRASH_SET :
	    IPC_MSG_IKEV2_CRASH_DEL, &crash);
	engine_config_done(&s->e);
}

/* NULL: off; empty: takes and gives none. */
static void
up(struct pair *p, const char *secret_a, const char *secret_b)
{
	pair_init2(p, "k", "k");
	detection(&p->a, secret_a);
	detection(&p->b, secret_b);
	pair_up(p);
	pair_pass(p, 20000);		/* the peer is stable */
	assert_true(pair_works(p));
}

/* The token that b gives for a's SA. */
static void
token_of_b(struct pair *p, const struct ikev2_sa *sa, uint8_t token[CRASH_TOKEN_LEN])
{
	crash_token(&p->b.e.conf.v2.crash.secret, sa->spi_i, sa->spi_r, &p->b.addr, token);
}

static bool
has_token(struct pair_side *taker, const struct pair_side *maker)
{
	const struct ikev2_sa *sa = pair_ikev2_sa(taker);
	uint8_t token[CRASH_TOKEN_LEN];

	if (sa == NULL)
		return false;
	crash_token(&maker->e.conf.v2.crash.secret, sa->spi_i, sa->spi_r, &maker->addr, token);
	return sa->peer_token != NULL && sa->peer_token->len == sizeof(token) &&
	    memcmp(sa->peer_token->b, token, sizeof(token)) == 0;
}

static struct ike_path
path_to(const struct pair_side *to)
{
	const struct pair_side *from = to == &to->pair->a ? &to->pair->b : &to->pair->a;

	return (struct ike_path){to->addr, from->addr, IKE_PORT, IKE_PORT};
}

/* --- giving and taking --- */

static void
test_both_give_and_take(void **state)
{
	struct pair p;

	(void)state;
	up(&p, "secret of a", "secret of b");
	assert_int_equal(p.sent, 4);	/* the tokens travel with what is said anyway */
	assert_true(has_token(&p.a, &p.b));
	assert_true(has_token(&p.b, &p.a));
	pair_free(&p);
}

static void
test_one_does_not_speak_it(void **state)
{
	struct pair p;

	(void)state;
	up(&p, "secret of a", NULL);
	assert_null(pair_ikev2_sa(&p.a)->peer_token);
	assert_null(pair_ikev2_sa(&p.b)->peer_token);
	pair_free(&p);
	up(&p, "", "secret of b");	/* only a taker */
	assert_true(has_token(&p.a, &p.b));
	assert_null(pair_ikev2_sa(&p.b)->peer_token);
	pair_free(&p);
}

static void
test_rekeyed_sas_have_theirs(void **state)
{
	(void)state;
	for (int side = 0; side < 2; side++) {
		struct pair p;
		struct ikev2_sa *before;

		up(&p, "secret of a", "secret of b");
		before = pair_ikev2_sa(&p.a);
		ikev2_task_add(pair_ikev2_sa(side == 0 ? &p.a : &p.b), TASK_REKEY_IKE, 0);
		pair_pass(&p, 2000);
		assert_ptr_not_equal(pair_ikev2_sa(&p.a), before);
		assert_true(has_token(&p.a, &p.b));
		assert_true(has_token(&p.b, &p.a));
		pair_free(&p);
	}
}

/* Switched on, or given another secret, while SAs are up (RFC 6290 4.4). */
static void
test_configured_later(void **state)
{
	struct pair p;
	unsigned int sent;

	(void)state;
	up(&p, NULL, NULL);
	detection(&p.a, "secret of a");
	detection(&p.b, "secret of b");
	pair_pass(&p, 1000);
	assert_true(has_token(&p.b, &p.a));
	assert_true(has_token(&p.a, &p.b));
	detection(&p.b, "another secret of b");
	pair_pass(&p, 1000);
	assert_true(has_token(&p.a, &p.b));
	sent = p.sent;
	pair_crash(&p.b);		/* what it kept says that the tokens are given */
	detection(&p.b, "another secret of b");
	pair_pass(&p, 500);
	assert_int_equal(p.sent, sent);
	pair_free(&p);
}

/* --- healing --- */

/* Who answered sends on a pair when something came in on it. */
static bool
works(struct pair *p)
{
	if (p->a.out_spi != 0)
		engine_sa_first_in(&p->b.e, p->a.out_spi);
	return pair_works(p);
}

static void
assert_healed(struct pair *p, uint32_t lost)
{
	assert_int_not_equal(pair_current(&p->a)->sa.spi, lost);
	assert_true(works(p));
	assert_int_equal(p->a.e.counter[IKE_CRASH_PROVEN], 1);
	assert_int_equal(p->b.e.counter[IKE_CRASH_PROOFS], 1);
	assert_int_equal(HASH_COUNT(p->a.e.sas2), 1);
	assert_true(has_token(&p->a, &p->b));
}

static void
test_a_question_is_answered_by_proof(void **state)
{
	uint32_t lost;
	struct pair p;

	(void)state;
	up(&p, "secret of a", "secret of b");
	lost = pair_current(&p.a)->sa.spi;
	pair_reboot(&p.b);
	assert_null(p.b.e.sas2);
	ikev2_task_add(pair_ikev2_sa(&p.a), TASK_LIVENESS, 0);
	pair_pass(&p, 200);
	assert_healed(&p, lost);
	pair_free(&p);
}

/* One proof, and the other SAs with that peer are asked for theirs. */
static void
test_all_sas_with_the_peer_go(void **state)
{
	struct pair p;

	(void)state;
	up(&p, "secret of a", "secret of b");
	assert_non_null(ikev2_init_start(&p.a.e, "V2", &p.a.addr, &p.b.addr, 0));
	pair_pass(&p, 1000);
	assert_int_equal(pair_sas(&p.a), 2);
	pair_reboot(&p.b);
	ikev2_task_add(pair_ikev2_sa(&p.a), TASK_LIVENESS, 0);
	pair_pass(&p, 200);
	assert_int_equal(p.a.e.counter[IKE_CRASH_PROVEN], 2);
	assert_true(works(&p));
	assert_int_equal(pair_sas(&p.a), 1);
	pair_free(&p);
}

static void
test_what_was_kept_takes_proof(void **state)
{
	struct pair p;

	(void)state;
	up(&p, "secret of a", "secret of b");
	pair_crash(&p.a);
	assert_true(has_token(&p.a, &p.b));
	pair_reboot(&p.b);
	ikev2_task_add(pair_ikev2_sa(&p.a), TASK_LIVENESS, 0);
	pair_pass(&p, 200);
	assert_true(works(&p));
	assert_int_equal(p.a.e.counter[IKE_CRASH_PROVEN], 1);
	pair_free(&p);
}

/* A line of a crypto map waits for its traffic, and for nothing else. */
static void
test_a_line_comes_back_with_its_next_packet(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	detection(&p.a, "secret of a");
	detection(&p.b, "secret of b");
	cmap_both(&p, &cmap_web_a, &cmap_web_b);
	cmap_traffic(&p.a, &cmap_web_a);
	pair_pass(&p, 20000);
	pair_reboot(&p.b);
	ikev2_task_add(pair_ikev2_sa(&p.a), TASK_LIVENESS, 0);
	pair_pass(&p, 200);
	assert_int_equal(p.a.e.counter[IKE_CRASH_PROVEN], 1);
	assert_int_equal(pair_sas(&p.a), 0);
	cmap_packet(&p.a, &cmap_web_a);
	pair_pass(&p, 100);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_non_null(cmap_current(&p.a, "10.2.0.0/16"));
	pair_free(&p);
}

/* b gets ESP for an SPI that it lost; true when a has something that works half a second later. */
static bool
heals_by_hint(struct pair *p)
{
	struct ipc_spi_unknown u = {.proto = 50, .spi = p->a.out_spi, .count = 1,
	    .src = p->a.addr, .dst = p->b.addr, .ifname = "wan0"};
	unsigned int sent;

	pair_reboot(&p->b);
	sent = p->sent;
	spi_unknown(&p->b.e, &u);
	pair_pass(p, 1000);
	spi_unknown(&p->b.e, &u);
	assert_int_equal(p->sent, sent);	/* a rekey may be in flight */
	pair_pass(p, 1000);
	spi_unknown(&p->b.e, &u);
	pair_pass(p, 500);
	return works(p);
}

static void
test_unknown_esp_leads_to_proof(void **state)
{
	uint32_t lost;
	struct pair p;

	(void)state;
	up(&p, "secret of a", "secret of b");
	lost = pair_current(&p.a)->sa.spi;
	assert_true(heals_by_hint(&p));
	assert_healed(&p, lost);
	assert_int_equal(p.b.e.spi_flows->decision, SPI_HINTED);
	assert_int_equal(p.b.e.counter[IKE_CRASH_HINTS], 1);
	pair_free(&p);
	/* With it off, nothing is said and nothing heals. */
	up(&p, "secret of a", NULL);
	assert_false(heals_by_hint(&p));
	assert_int_equal(p.b.e.spi_flows->decision, SPI_OFF);
	assert_int_equal(p.b.e.counter[IKE_SENT], 0);
	pair_free(&p);
	/* Who does not speak it takes no hint, and proof proves nothing to him. */
	up(&p, NULL, "secret of b");
	assert_false(heals_by_hint(&p));
	assert_int_equal(p.a.e.counter[IKE_CRASH_HINTED], 0);
	ikev2_task_add(pair_ikev2_sa(&p.a), TASK_LIVENESS, 0);
	pair_pass(&p, 500);
	assert_int_equal(p.b.e.counter[IKE_CRASH_PROOFS], 1);
	assert_int_equal(p.a.e.counter[IKE_CRASH_PROVEN], 0);
	assert_non_null(pair_ikev2_sa(&p.a));
	pair_free(&p);
}

/* The first hint, and the first answer with a token. */
static bool
lose_first_clear(struct pair *p, const struct flight *f)
{
	int which = (f->b[19] & IKEV2_FLAG_RESPONSE) != 0 ? 2 : 1;

	if (f->b[16] == PAYLOAD2_SK || f->b[18] == EXCHANGE2_INIT || (p->count & which) == 0)
		return true;
	p->count -= which;
	return false;
}

/* Both are said again. */
static void
test_lost_messages(void **state)
{
	struct ipc_spi_unknown u = {.proto = 50, .count = 1, .ifname = "wan0"};
	struct pair p;

	(void)state;
	up(&p, "secret of a", "secret of b");
	p.filter = lose_first_clear;
	p.count = 1 | 2;
	u.spi = p.a.out_spi;
	u.src = p.a.addr;
	u.dst = p.b.addr;
	pair_reboot(&p.b);
	for (int i = 0; i < 20 && !works(&p); i++) {
		spi_unknown(&p.b.e, &u);
		pair_pass(&p, 500);
	}
	assert_int_equal(p.count, 0);
	pair_pass(&p, 5000);
	assert_true(works(&p));
	pair_free(&p);
}

/* --- forged --- */

/* A message in clear for a's SA, with one notification or two. */
static void
say_to_a(struct pair *p, const struct ikev2_sa *sa, uint16_t error, uint32_t spi, struct slice token)
{
	struct ike_header h = {.exchange = EXCHANGE2_INFO, .flags = IKEV2_FLAG_RESPONSE};
	struct ike_path path = path_to(&p->a);
	uint8_t out[512], bytes[] = {(uint8_t)(spi >> 24), (uint8_t)(spi >> 16),
	    (uint8_t)(spi >> 8), (uint8_t)spi};
	struct ikev2_build b;
	struct wbuf w;

	memcpy(h.cky_i, sa->spi_i, IKE_SPI_LEN);
	memcpy(h.cky_r, sa->spi_r, IKE_SPI_LEN);
	ikev2_build_begin(&b);
	notify2_write(&b, 0, error, (struct slice){NULL, 0}, slice_of(bytes, spi != 0 ? 4 : 0));
	if (token.p != NULL)
		notify2_write(&b, PROTO_ISAKMP, N2_QUICK_CRASH_DETECTION, (struct slice){NULL, 0},
		    token);
	wbuf_init(&w, out, sizeof(out));
	assert_true(ikev2_clear(&w, &h, &b));
	engine_receive(&p->a.e, &path, slice_of(out, wbuf_len(&w)));
}

static void
test_forged_tokens_do_nothing(void **state)
{
	uint8_t token[CRASH_TOKEN_LEN], wrong[160] = {0};
	struct ike_child *child;
	struct ikev2_sa *sa, other;
	struct pair p;
	unsigned int i;

	(void)state;
	up(&p, "secret of a", "secret of b");
	sa = pair_ikev2_sa(&p.a);
	child = pair_current(&p.a);
	token_of_b(&p, sa, token);
	for (i = 0; i < sizeof(wrong); i++)		/* zeroes, of every length */
		say_to_a(&p, sa, N2_INVALID_IKE_SPI, 0, slice_of(wrong, i));
	for (i = 0; i < 8 * sizeof(token); i++) {	/* all but one bit */
		memcpy(wrong, token, sizeof(token));
		wrong[i / 8] ^= (uint8_t)(1 << i % 8);
		say_to_a(&p, sa, N2_INVALID_IKE_SPI, 0, slice_of(wrong, sizeof(token)));
	}
	memcpy(wrong, token, sizeof(token));
	say_to_a(&p, sa, N2_INVALID_IKE_SPI, 0, slice_of(wrong, sizeof(token) + 1));
	say_to_a(&p, sa, N2_INVALID_IKE_SPI, 0, slice_of(wrong, sizeof(token) - 1));
	other = *sa;					/* of another SA */
	other.spi_r[0] ^= 1;
	token_of_b(&p, &other, wrong);
	say_to_a(&p, sa, N2_INVALID_IKE_SPI, 0, slice_of(wrong, sizeof(token)));
	say_to_a(&p, sa, N2_INVALID_IKE_SPI, 0, (struct slice){NULL, 0});
	assert_ptr_equal(pair_ikev2_sa(&p.a), sa);
	assert_ptr_equal(pair_current(&p.a), child);
	assert_int_equal(p.on_wire, 0);			/* and is not answered */
	assert_int_equal(p.a.e.counter[IKE_CRASH_PROVEN], 0);
	assert_int_equal(p.a.e.counter[IKE_DROP_TOKEN], 160 + 256 + 2 + 1);
	assert_int_equal(p.a.e.counter[IKE_DROP_NOT_ENCRYPTED], 1);
	say_to_a(&p, sa, N2_INVALID_IKE_SPI, 0, slice_of(token, sizeof(token)));
	assert_null(pair_ikev2_sa(&p.a));			/* whereas the right one does */
	pair_free(&p);
}

/* With the pair's SPI instead of the IKE SA's (RFC 6290 9.2). */
static void
test_token_with_the_spi_of_a_pair(void **state)
{
	static const struct ikev2_sa nobody;
	uint8_t token[CRASH_TOKEN_LEN];
	struct ikev2_sa *sa;
	struct pair p;

	(void)state;
	up(&p, "secret of a", "secret of b");
	sa = pair_ikev2_sa(&p.a);
	token_of_b(&p, sa, token);
	say_to_a(&p, &nobody, N2_INVALID_SPI, p.a.out_spi ^ 1, slice_of(token, sizeof(token)));
	assert_ptr_equal(pair_ikev2_sa(&p.a), sa);
	say_to_a(&p, &nobody, N2_INVALID_SPI, p.a.out_spi, slice_of(token, sizeof(token)));
	assert_null(pair_ikev2_sa(&p.a));
	pair_free(&p);
}

/* They cost a question now and then, and only who knows an SPI in use gets as far. */
static void
test_forged_hints_cost_little(void **state)
{
	static const struct ikev2_sa nobody;
	struct ike_child *child;
	struct pair p;
	unsigned int sent;

	(void)state;
	up(&p, "secret of a", "secret of b");
	child = pair_current(&p.a);
	sent = p.sent;
	for (uint32_t i = 1; i < 1000; i++)
		say_to_a(&p, &nobody, N2_INVALID_SPI, p.a.out_spi ^ i, (struct slice){NULL, 0});
	assert_int_equal(p.sent, sent);
	for (unsigned int i = 0; i < 100; i++) {
		say_to_a(&p, &nobody, N2_INVALID_SPI, p.a.out_spi, (struct slice){NULL, 0});
		pair_pass(&p, 100);
	}
	assert_in_range(p.sent - sent, 2, 8);		/* questions and answers of ten seconds */
	assert_ptr_equal(pair_current(&p.a), child);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* --- what strangers get of a maker --- */

static uint8_t secret_token[CRASH_TOKEN_LEN];
static unsigned int tokens_seen, answers;
static size_t longest;

static bool
watch(struct pair *p, const struct flight *f)
{
	if (f->to != &p->a)
		return true;
	answers += f->b[18] != EXCHANGE2_INIT && f->b[16] == PAYLOAD2_N;
	longest = f->len > longest ? f->len : longest;
	for (size_t i = 0; i + sizeof(secret_token) <= f->len; i++)
		tokens_seen += memcmp(f->b + i, secret_token, sizeof(secret_token)) == 0;
	return false;
}

static void
ask_b(struct pair *p, const uint8_t spi_i[IKE_SPI_LEN], const uint8_t spi_r[IKE_SPI_LEN],
    uint8_t exchange, uint8_t flags, uint8_t payload, const struct addr *from)
{
	struct ike_header h = {.exchange = exchange, .flags = flags, .msgid = 2};
	struct ike_path path = path_to(&p->b);
	uint8_t out[128];
	struct wbuf w;

	if (from != NULL)
		path.remote = *from;
	memcpy(h.cky_i, spi_i, IKE_SPI_LEN);
	memcpy(h.cky_r, spi_r, IKE_SPI_LEN);
	wbuf_init(&w, out, sizeof(out));
	ikev2_header_write(&w, &h, payload);
	wbuf_u8(&w, 0);
	wbuf_u8(&w, 0);
	wbuf_be16(&w, 60);
	wbuf_zero(&w, 56);
	ikev2_header_finish(&w, 0);
	engine_receive(&p->b.e, &path, slice_of(out, wbuf_len(&w)));
}

/* Every kind of request about an SA that b has. */
static void
test_token_of_a_live_sa_is_not_told(void **state)
{
	static const uint8_t flags[] = {0, IKEV2_FLAG_INITIATOR, IKEV2_FLAG_RESPONSE,
	    IKEV2_FLAG_INITIATOR | IKEV2_FLAG_RESPONSE};
	struct ikev2_sa *sa, was;
	struct pair p;
	struct addr other;
	unsigned int i, k;

	(void)state;
	up(&p, "secret of a", "secret of b");
	sa = pair_ikev2_sa(&p.b);
	token_of_b(&p, sa, secret_token);
	assert_true(addr_parse(&other, "198.51.100.9"));
	tokens_seen = answers = 0;
	p.filter = watch;
	for (i = EXCHANGE2_INIT - 1; i < 60; i++)
		for (k = 0; k < 8; k++) {
			const struct addr *from = k < 4 ? NULL : &other;

			ask_b(&p, sa->spi_i, sa->spi_r, (uint8_t)i, flags[k % 4], PAYLOAD2_SK, from);
			ask_b(&p, sa->spi_i, sa->spi_r, (uint8_t)i, flags[k % 4], PAYLOAD2_SKF, from);
			ask_b(&p, sa->spi_i, sa->spi_r, (uint8_t)i, flags[k % 4], PAYLOAD2_N, from);
			ask_b(&p, sa->spi_r, sa->spi_i, (uint8_t)i, flags[k % 4], PAYLOAD2_SK, from);
		}
	assert_int_equal(tokens_seen, 0);
	/* The very same message, once the SA is gone, brings it. */
	was = *sa;
	pair_reboot(&p.b);
	ask_b(&p, was.spi_i, was.spi_r, EXCHANGE2_INFO, IKEV2_FLAG_INITIATOR, PAYLOAD2_SK, &other);
	assert_int_equal(tokens_seen, 1);
	pair_free(&p);
}

static void
test_strangers_get_few_and_short_answers(void **state)
{
	uint8_t spi_i[IKE_SPI_LEN] = {1}, spi_r[IKE_SPI_LEN] = {2};
	struct ipc_protection gone = {.protection = "Tunnel0"};
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init2(&p, "k", "k");
	detection(&p.b, "secret of b");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = watch;
	answers = 0;
	longest = 0;
	/* No request, none that is protected, none of an exchange that there is. */
	ask_b(&p, spi_i, spi_r, EXCHANGE2_INFO, IKEV2_FLAG_RESPONSE, PAYLOAD2_SK, NULL);
	ask_b(&p, spi_i, spi_r, EXCHANGE2_INFO, IKEV2_FLAG_INITIATOR, PAYLOAD2_N, NULL);
	ask_b(&p, spi_i, spi_r, EXCHANGE2_INIT, IKEV2_FLAG_INITIATOR, PAYLOAD2_SK, NULL);
	ask_b(&p, spi_i, spi_r, 99, IKEV2_FLAG_INITIATOR, PAYLOAD2_SK, NULL);
	assert_int_equal(answers, 0);
	for (i = 0; i < 5000; i++) {
		memcpy(spi_i, &i, sizeof(i));
		ask_b(&p, spi_i, spi_r, EXCHANGE2_INFO, IKEV2_FLAG_INITIATOR, PAYLOAD2_SK, NULL);
	}
	assert_in_range(answers, 1, 200);
	assert_int_equal(longest, IKE_HEADER_LEN + 8 + 8 + CRASH_TOKEN_LEN);
	assert_null(p.b.e.sas2);
	pair_pass(&p, 10000);
	/* Where nothing is protected, nobody is answered. */
	answers = 0;
	conf_del_protection(&p.b.e.conf, gone.protection);
	ask_b(&p, spi_i, spi_r, EXCHANGE2_INFO, IKEV2_FLAG_INITIATOR, PAYLOAD2_SK, NULL);
	assert_int_equal(answers, 0);
	pair_free(&p);
}

/* Forged sources, each often enough to look like a peer that is out of step. */
static void
test_forged_esp_brings_few_hints(void **state)
{
	struct ipc_spi_unknown u = {.proto = 50, .spi = 0x70001, .count = 1, .ifname = "wan0"};
	struct pair p;
	unsigned int i, round;

	(void)state;
	pair_init2(&p, "k", "k");
	detection(&p.b, "secret of b");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = watch;
	answers = 0;
	u.dst = p.b.addr;
	assert_true(addr_parse(&u.src, "198.18.0.0"));
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 1000; i++) {
			u.src.b[2] = (uint8_t)(i >> 8);
			u.src.b[3] = (uint8_t)i;
			spi_unknown(&p.b.e, &u);
		}
		pair_pass(&p, 2000);
	}
	assert_int_equal(answers, 100);
	assert_null(p.b.e.sas2);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_give_and_take),
		cmocka_unit_test(test_one_does_not_speak_it),
		cmocka_unit_test(test_rekeyed_sas_have_theirs),
		cmocka_unit_test(test_configured_later),
		cmocka_unit_test(test_a_question_is_answered_by_proof),
		cmocka_unit_test(test_all_sas_with_the_peer_go),
		cmocka_unit_test(test_what_was_kept_takes_proof),
		cmocka_unit_test(test_a_line_comes_back_with_its_next_packet),
		cmocka_unit_test(test_unknown_esp_leads_to_proof),
		cmocka_unit_test(test_lost_messages),
		cmocka_unit_test(test_forged_tokens_do_nothing),
		cmocka_unit_test(test_token_with_the_spi_of_a_pair),
		cmocka_unit_test(test_forged_hints_cost_little),
		cmocka_unit_test(test_token_of_a_live_sa_is_not_told),
		cmocka_unit_test(test_strangers_get_few_and_short_answers),
		cmocka_unit_test(test_forged_esp_brings_few_hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
