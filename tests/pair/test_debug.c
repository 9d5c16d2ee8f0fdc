/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What debug crypto isakmp says of a whole negotiation, in IOS's words and
 * order, and which lines a condition lets pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <string.h>

#include "log.h"
#include "pair.h"

/* Lines of both sides, one to a line; an SA's number tells them apart. */
static char heard[65536];

static void
hear(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	size_t len = strlen(heard);

	(void)arg;
	(void)facility;
	(void)mnemonic;
	if (sev == LOG_SEV_DEBUG)
		snprintf(heard + len, sizeof(heard) - len, "%s\n", text);
}

/* Each is found behind the one before. */
static void
assert_in_order(const char *const *lines, size_t count)
{
	const char *at = heard;
	size_t i;

	for (i = 0; i < count; i++) {
		at = strstr(at, lines[i]);
		if (at == NULL)
			fail_msg("\"%s\" is missing or too early in:\n%s", lines[i], heard);
		at += strlen(lines[i]);
	}
}

#define ASSERT_IN_ORDER(lines) assert_in_order(lines, sizeof(lines) / sizeof((lines)[0]))

static void
begin(struct pair *p)
{
	heard[0] = '\0';
	log_debug_mask = 1u << LOG_DEBUG_ISAKMP | 1u << LOG_DEBUG_IPSEC;
	log_condition = (struct log_condition){0};
	pair_init(p, "k", "k");
	pair_protect(&p->b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
}

static void
up(struct pair *p)
{
	pair_protect(&p->a, TUNNEL_GRE, MODE_TRANSPORT, &p->b.addr);
	pair_run(p);
	assert_true(pair_works(p));
}

static void
test_responder(void **state)
{
	static const char *const lines[] = {
		"dport 500 sport 500 Global (N) NEW SA\n", "Created a peer struct for ",
		"Old State = IKE_READY  New State = IKE_R_MM1\n", "vendor ID is NAT-T RFC 3947\n",
		"Checking ISAKMP transform 1 against priority ", "encryption AES-CBC\n",
		"keylength of ", "hash SHA256\n", "default group ", "auth pre-share\n",
		"life type in seconds\n", "life duration (basic) of ",
		"atts are acceptable. Next payload is 0\n",
		"Old State = IKE_R_MM1  New State = IKE_R_MM2\n",
		"Old State = IKE_R_MM2  New State = IKE_R_MM3\n",
		"found peer pre-shared key matching ",
		"Old State = IKE_R_MM3  New State = IKE_R_MM4\n",
		"Old State = IKE_R_MM4  New State = IKE_R_MM5\n",
		"SA has been authenticated with ",
		"Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE\n",
		"Old State = IKE_QM_READY  New State = IKE_QM_SPI_STARVE\n",
		" to QM_IDLE\n", "Old State = IKE_QM_SPI_STARVE  New State = IKE_QM_R_QM2\n",
		"Old State = IKE_QM_R_QM2  New State = IKE_QM_PHASE2_COMPLETE\n",
	};
	struct pair p;

	(void)state;
	begin(&p);
	up(&p);
	ASSERT_IN_ORDER(lines);
	pair_free(&p);
}

static void
test_initiator(void **state)
{
	static const char *const lines[] = {
		"Can not start Aggressive mode, trying Main mode",
		"Old State = IKE_READY  New State = IKE_I_MM1\n",
		"Old State = IKE_I_MM1  New State = IKE_I_MM2\n",
		"atts are acceptable. Next payload is 0\n",
		"Old State = IKE_I_MM2  New State = IKE_I_MM3\n",
		"Old State = IKE_I_MM3  New State = IKE_I_MM4\n", "Send initial contact\n",
		"Old State = IKE_I_MM4  New State = IKE_I_MM5\n",
		"Old State = IKE_I_MM5  New State = IKE_I_MM6\n",
		"beginning Quick Mode exchange, M-ID of ",
		"Old State = IKE_QM_READY  New State = IKE_QM_I_QM1\n",
		"Old State = IKE_QM_I_QM1  New State = IKE_QM_PHASE2_COMPLETE\n",
	};
	struct pair p;

	(void)state;
	begin(&p);
	up(&p);
	ASSERT_IN_ORDER(lines);
	pair_free(&p);
}

/* Secrets and pairs come and go in it, with either version. */
static void
test_engine(void **state)
{
	static const char *const lines[] = {
		"Create DH shared secret, group 19: done\n", "Create IPSec SA, spi 0x",
		"Delete IPSec SA, spi 0x",
	};
	struct ipc_clear clear = {.what = CLEAR_IPSEC_SA};
	struct pair p;

	(void)state;
	for (unsigned int version = 1; version <= 2; version++) {
		heard[0] = '\0';
		log_debug_mask = 1u << LOG_DEBUG_ENGINE;
		log_condition = (struct log_condition){0};
		(version == 1 ? pair_init : pair_init2)(&p, "k", "k");
		pair_up(&p);
		pair_pass(&p, 3000);
		engine_clear(&p.a.e, &clear);
		ASSERT_IN_ORDER(lines);
		pair_free(&p);
	}
}

/* a speaks of b and b of a: a condition on b leaves a's lines. */
static void
test_condition(void **state)
{
	struct pair p;

	(void)state;
	begin(&p);
	log_condition.peer = p.b.addr;
	up(&p);
	assert_non_null(strstr(heard, "New State = IKE_I_MM1\n"));
	assert_null(strstr(heard, "IKE_R_MM"));
	assert_null(strstr(heard, "NEW SA"));
	pair_free(&p);
}

static void
test_unmatched(void **state)
{
	struct addr other = addr_v4(0x0a000001);

	(void)state;
	heard[0] = '\0';
	log_debug_mask = ~0ull;
	log_condition = (struct log_condition){.peer = other};
	log_debug(LOG_DEBUG_ISAKMP, "ISAKMP", "of nobody");
	assert_string_equal(heard, "");
	log_debug(LOG_DEBUG_NHRP, "NHRP", "not crypto");
	assert_string_equal(heard, "not crypto\n");
	log_condition.unmatched = 1u << LOG_DEBUG_ISAKMP;
	log_debug(LOG_DEBUG_ISAKMP, "ISAKMP", "of nobody");
	log_debug(LOG_DEBUG_IPSEC, "IPSEC", "of nobody, too");
	assert_string_equal(heard, "not crypto\nof nobody\n");
	log_debug_about(LOG_DEBUG_IPSEC, &other, "IPSEC", "of it");
	assert_string_equal(heard, "not crypto\nof nobody\nof it\n");
}

/* --- crypto logging session, and ikev2 --- */

static char sessions[512];

static void
hear_sessions(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	size_t len = strlen(sessions);

	(void)arg;
	(void)sev;
	if (strstr(mnemonic, "SESSION_STATUS") != NULL)
		snprintf(sessions + len, sizeof(sessions) - len, "%s-%s: %s\n", facility, mnemonic, text);
}

static void
test_sessions_are_logged(void **state)
{
	static const char *const want[] = {
		"CRYPTO-SESSION_STATUS: Crypto tunnel is UP  .  Peer 192.0.2.2:500       Id: 192.0.2.2\n"
		"CRYPTO-SESSION_STATUS: Crypto tunnel is DOWN.  Peer 192.0.2.2:500       Id: 192.0.2.2\n",
		"CRYPTO-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 192.0.2.2:500       Id: 192.0.2.2\n"
		"CRYPTO-IKEV2_SESSION_STATUS: Crypto tunnel v2 is DOWN.  Peer 192.0.2.2:500       Id: 192.0.2.2\n",
	};
	static const struct ipc_clear all = {.what = CLEAR_SESSION};
	struct ipc_isakmp_global global = {.log_sessions = 1};
	struct pair p;
	unsigned int v;

	(void)state;
	log_set_sink(hear_sessions, NULL);
	for (v = 1; v <= 2; v++) {
		sessions[0] = '\0';
		pair_init_version(&p, v);
		pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
		conf1_message(&p.a.e.conf.v1, IPC_MSG_ISAKMP_GLOBAL, &global);
		pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
		pair_pass(&p, 1000);
		p.filter = pair_lose_all;
		engine_clear(&p.a.e, &all);
		assert_string_equal(sessions, want[v - 1]);
		pair_free(&p);
		global.log_ikev2_sessions = 1;
		global.log_sessions = 0;
	}
	log_set_sink(hear, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_responder),
		cmocka_unit_test(test_initiator),
		cmocka_unit_test(test_engine),
		cmocka_unit_test(test_condition),
		cmocka_unit_test(test_unmatched),
		cmocka_unit_test(test_sessions_are_logged),
	};

	log_set_sink(hear, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
