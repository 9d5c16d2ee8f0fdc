/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv1 against who means harm: strangers, forged reports, a peer without measure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ikev1.h"
#include "log.h"
#include "pair.h"
#include "spi_recovery.h"

static void
test_half_open_is_bounded(void **state)
{
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = pair_lose_all;
	for (i = 0; i < 2000; i++) {
		struct addr from = addr_v4(0x0a000000 + i / 10);

		pair_forge_main1(&p, &from);
	}
	assert_int_equal(p.b.e.half_open, 512);
	assert_true(p.b.e.counter[IKE_DROP_HALF_OPEN] >= 1400);
	pair_pass(&p, 61000);
	assert_int_equal(p.b.e.half_open, 0);
	assert_int_equal(HASH_COUNT(p.b.e.sas), 0);
	pair_free(&p);
}

/* Forged first messages, in the peer's own name and in others', keep nobody out. */
static void
test_forged_first_messages(void **state)
{
	struct addr from;
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = pair_lose_all;
	for (i = 0; i < 1000; i++) {
		from = addr_v4(0x0a000000 + i);
		pair_forge_main1(&p, i % 2 == 0 ? &p.a.addr : &from);
	}
	pair_run(&p);
	p.filter = NULL;
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	engine_config_done(&p.a.e);
	pair_run(&p);
	assert_true(pair_works(&p));
	assert_in_range(p.b.e.half_open, 1, 512);
	pair_free(&p);
}

static void
test_unknown_spi(void **state)
{
	struct ipc_spi_unknown u = {.proto = 50, .spi = 0x12345678, .count = 1};
	struct pair p;
	unsigned int sent;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	u.src = p.b.addr;
	u.dst = p.a.addr;
	sent = p.sent;
	spi_unknown(&p.a.e, &u);
	spi_unknown(&p.a.e, &u);
	assert_int_equal(p.sent, sent + 2);	/* DELETE and INVALID-SPI, once a minute */
	pair_run(&p);
	/* The pair that the other side really has goes when it is told so. */
	u.spi = pair_current(&p.b)->sa.peer_spi;
	child_remove(pair_current(&p.a), false);
	pair_pass(&p, 20000);
	spi_unknown(&p.a.e, &u);
	pair_run(&p);
	assert_null(pair_current(&p.b));
	/* A stranger gets nothing. */
	sent = p.sent;
	addr_parse(&u.src, "203.0.113.99");
	spi_unknown(&p.a.e, &u);
	assert_int_equal(p.sent, sent);
	pair_free(&p);
}

/* Packets with a forged source do not make us delete what both sides use. */
static void
test_live_spi_is_not_deleted(void **state)
{
	struct ipc_spi_unknown u = {.proto = 50, .count = 16};
	struct pair p;
	unsigned int sent;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	u.src = p.b.addr;
	u.dst = p.a.addr;
	u.spi = pair_current(&p.a)->sa.spi;
	sent = p.sent;
	spi_unknown(&p.a.e, &u);
	pair_run(&p);
	assert_int_equal(p.sent, sent);
	assert_true(pair_works(&p));
	pair_free(&p);
}

static unsigned int spi_lines;

static void
count_spi_lines(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)text;
	if (mnemonic != NULL && strcmp(mnemonic, "RECV_PKT_INV_SPI") == 0)
		spi_lines++;
}

/* However many SPIs and sources are invented: neither lines nor DELETEs flow like them. */
static void
test_unknown_spi_flood(void **state)
{
	struct ipc_spi_unknown u = {.proto = 50, .count = 1};
	struct pair p;
	unsigned int i, sent;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	u.dst = p.a.addr;
	sent = p.sent;
	p.filter = pair_lose_all;
	log_set_sink(count_spi_lines, NULL);
	spi_lines = 0;
	for (i = 0; i < 10000; i++) {
		u.spi = 0x10000 + i;
		u.src = i % 2 == 0 ? p.b.addr : addr_v4(0x0a000000 + i);
		spi_unknown(&p.a.e, &u);
		if (i % 100 == 0)
			pair_run(&p);
	}
	pair_quiet(NULL);
	assert_in_range(spi_lines, 2, 50);
	assert_in_range(p.sent - sent, 2, 50);
	pair_free(&p);
}

/* Whoever has the key cannot have SPIs and pairs without end. */
static void
test_quick_modes_are_bounded(void **state)
{
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	p.a.espd_silent = true;		/* of a only what goes out matters */
	for (i = 0; i < 300; i++) {
		ikev1_quick_start(p.a.e.sas, p.a.e.peers);
		engine_spi_reserved(&p.a.e, p.a.e.next_txn - 1, 0x1000 + i);
		pair_run(&p);
	}
	assert_true(p.b.e.counter[IKE_DROP_REFUSED] >= 150);
	assert_in_range(pair_children(&p.b), 1, 130);
	pair_free(&p);
}

static unsigned int failure_lines;

static void
count_failures(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)text;
	if (mnemonic != NULL && strcmp(mnemonic, "IKMP_MODE_FAILURE") == 0)
		failure_lines++;
}

/* A peer that asks for what is refused, again and again, does not fill the log. */
static void
test_refused_quick_modes(void **state)
{
	struct ipc_ipsec_profile other = {.name = "PROF", .transforms = 1,
	    .cipher0 = CIPHER_AES_CBC, .bits0 = 256, .integ0 = INTEG_HMAC_SHA1_96, .life_s = 3600, .replay_window = 64};
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	conf_set_profile(&p.b.e.conf, &other);
	p.a.espd_silent = true;
	log_set_sink(count_failures, NULL);
	for (failure_lines = i = 0; i < 200; i++) {
		ikev1_quick_start(p.a.e.sas, p.a.e.peers);
		engine_spi_reserved(&p.a.e, p.a.e.next_txn - 1, 0x1000 + i);
		pair_run(&p);
	}
	pair_quiet(NULL);
	assert_true(p.b.e.counter[IKE_QUICK_FAILED] >= 200);
	assert_in_range(failure_lines, 1, 50);
	pair_free(&p);
}

/* Nor has it ISAKMP SAs without end: of what was replaced only so many still answer. */
static void
test_isakmp_sas_are_bounded(void **state)
{
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	for (i = 0; i < 300; i++) {
		pair_pass(&p, 1);
		ikev1_start(&p.a.e, &p.a.addr, &p.b.addr);
		pair_run(&p);
	}
	assert_in_range(HASH_COUNT(p.b.e.sas), 8, 128);
	assert_in_range(p.b.e.counter[IKE_SURPLUS], 100, 300);
	pair_pass(&p, 5000);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* A DELETE that names another peer's SPI does nothing: it is only looked up among one's own. */
static void
test_delete_of_unknown_spi(void **state)
{
	struct pair p;
	struct ike_sa *sa;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	sa = p.a.e.sas;
	ikev1_send_delete_esp(sa, 0xdeadbeef);
	pair_run(&p);
	assert_true(pair_works(&p));
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_half_open_is_bounded),
		cmocka_unit_test(test_forged_first_messages),
		cmocka_unit_test(test_unknown_spi),
		cmocka_unit_test(test_live_spi_is_not_deleted),
		cmocka_unit_test(test_unknown_spi_flood),
		cmocka_unit_test(test_quick_modes_are_bounded),
		cmocka_unit_test(test_refused_quick_modes),
		cmocka_unit_test(test_isakmp_sas_are_bounded),
		cmocka_unit_test(test_delete_of_unknown_spi),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
