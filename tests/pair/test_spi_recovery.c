/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What iked does about ESP with an unknown SPI: every kind of tunnel, with the
 * command on and off, with and without an IKE SA.
 *
 * `a` is the side that gets the packets.  Its forwarder's reports are made
 * here; what it then sends is taken apart only by the other engine.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "ike_wire.h"
#include "ikev1.h"
#include "ikev2.h"
#include "log.h"
#include "pair.h"
#include "spi_recovery.h"

/* --- what is logged --- */

static unsigned int lines, ignored;
static char line[256], mnemonic_seen[32];

static void
take_line(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	if (strstr(text, "ignoring request to send delete notify (no ISAKMP sa)") != NULL)
		ignored++;
	if (mnemonic == NULL || strstr(mnemonic, "_PKT_INV_SPI") == NULL)
		return;
	lines++;
	snprintf(line, sizeof(line), "%s", text);
	snprintf(mnemonic_seen, sizeof(mnemonic_seen), "%s", mnemonic);
}

static int
listen_to_log(void **state)
{
	(void)state;
	lines = ignored = 0;
	line[0] = '\0';
	log_debug_mask = 1ull << LOG_DEBUG_ISAKMP;
	log_set_sink(take_line, NULL);
	return 0;
}

static int
leave_log(void **state)
{
	(void)state;
	log_set_sink(NULL, NULL);
	log_debug_mask = 0;
	return 0;
}

/* --- the scene --- */

enum kind { P2P_GRE, SVTI, MGRE_STATIC, MGRE_DYNAMIC, KINDS };

static const uint8_t tunnel_kinds[KINDS] = {TUNNEL_GRE, TUNNEL_VTI, TUNNEL_MGRE, TUNNEL_MGRE};

/* Silently, as by a crash. */
static void
lose_ike_sas(struct pair_side *s)
{
	struct ikev2_sa *sa2, *tmp2;
	struct ike_sa *sa, *tmp;

	HASH_ITER (hh, s->e.sas, sa, tmp)
		sa_remove(sa);
	HASH_ITER (hh, s->e.sas2, sa2, tmp2)
		ikev2_sa_remove(sa2);
	engine_reap(&s->e);
}

/* What nhrpd does for a static map or an NHS, without wanting it up at once. */
static void
name_peer(struct pair_side *s, const struct addr *remote)
{
	struct ike_path path = {s->addr, *remote, IKE_PORT, IKE_PORT};
	struct ike_peer *p = peer_by_addr(&s->e, "Tunnel0", &s->addr, remote);

	if (p == NULL)
		p = peer_new(&s->e, "Tunnel0", &path);
	p->wanted = p->is_static = true;
}

static void
command(struct pair_side *s, bool on)
{
	struct ipc_ike_global g = s->e.conf.global;

	g.recovery = on;
	conf_set_global(&s->e.conf, &g);
}

/*
 * `b` has SAs with `a` that `a` knows nothing of, and the two could talk; but
 * a's own attempts failed while they could not, and the next is a while away.
 */
static void
fall_out_of_step(struct pair *p, unsigned int version, enum kind kind, bool on, bool ike_sa)
{
	const struct addr *remote = kind == MGRE_DYNAMIC || kind == MGRE_STATIC ? NULL : &p->b.addr;
	uint8_t mode = kind == SVTI ? MODE_TUNNEL : MODE_TRANSPORT;
	struct ike_peer *peer, *tmp2;

	pair_init_version(p, version);
	command(&p->a, on);
	pair_protect(&p->a, tunnel_kinds[kind], mode, remote);
	if (kind == MGRE_STATIC)
		name_peer(&p->a, &p->b.addr);
	pair_protect(&p->b, kind == SVTI ? TUNNEL_VTI : TUNNEL_GRE, mode, &p->a.addr);
	pair_pass(p, 3000);
	assert_true(pair_works(p));
	pair_pass(p, 35000);	/* the peer is stable, its keys are settled */
	p->filter = pair_lose_all;
	HASH_ITER (hh, p->a.e.peers, peer, tmp2)
		peer_drop_sas(peer, false);
	if (!ike_sa)
		lose_ike_sas(&p->a);
	HASH_ITER (hh, p->a.e.peers, peer, tmp2) {
		peer->failures = 5;
		timer_stop(&peer->retry_timer);
		peer_failed(peer);
	}
	p->filter = NULL;
}

/* Who answered in IKEv2 sends on a pair when something came in on it. */
static void
use_pairs(struct pair *p)
{
	if (p->a.out_spi != 0)
		engine_sa_first_in(&p->b.e, p->a.out_spi);
	if (p->b.out_spi != 0)
		engine_sa_first_in(&p->a.e, p->b.out_spi);
}

static struct ipc_spi_unknown
report_of(struct pair *p)
{
	return (struct ipc_spi_unknown){.proto = 50, .spi = p->b.out_spi, .count = 1,
	    .src = p->b.addr, .dst = p->a.addr, .ifname = "wan0"};
}

static struct spi_flow *
flow_of(struct pair *p, const struct ipc_spi_unknown *u)
{
	struct spi_flow *f, *tmp;

	HASH_ITER (hh, p->a.e.spi_flows, f, tmp)
		if (f->key.spi == u->spi && addr_eq(&f->key.src, &u->src))
			return f;
	return NULL;
}

/* --- the table --- */

static uint8_t
decision_at_first(unsigned int version, enum kind kind, bool on, bool ike_sa)
{
	if (ike_sa)
		return version == 2 ? SPI_TOLD_V2 : SPI_TOLD;
	return !on ? SPI_OFF : kind == MGRE_DYNAMIC ? SPI_NOT_STATIC : SPI_WAITING;
}

static void
check_row(unsigned int version, enum kind kind, bool on, bool ike_sa)
{
	bool heals = ike_sa || (on && kind != MGRE_DYNAMIC);
	struct ipc_spi_unknown u;
	struct pair p;
	unsigned int sent;

	listen_to_log(NULL);
	fall_out_of_step(&p, version, kind, on, ike_sa);
	u = report_of(&p);
	assert_int_not_equal(u.spi, 0);
	sent = p.sent;

	spi_unknown(&p.a.e, &u);
	assert_int_equal(lines, 1);
	/* DELETE and INVALID-SPI; of IKEv2 the latter alone. */
	assert_int_equal(p.sent - sent, !ike_sa ? 0 : version == 2 ? 1 : 2);
	assert_int_equal(flow_of(&p, &u)->decision, decision_at_first(version, kind, on, ike_sa));
	pair_pass(&p, 1000);
	if (!ike_sa) {
		spi_unknown(&p.a.e, &u);
		assert_int_equal(p.sent, sent);		/* too young to act on */
	}
	pair_pass(&p, 1000);
	if (p.b.out_spi == u.spi) {
		spi_unknown(&p.a.e, &u);
		pair_pass(&p, 500);
	}
	use_pairs(&p);
	assert_int_equal(pair_works(&p), heals);
	if (!heals)
		assert_int_equal(p.sent, sent);
	if (!ike_sa)
		assert_int_equal(flow_of(&p, &u)->decision, !heals ?
		    decision_at_first(version, kind, on, false) :
		    version == 2 ? SPI_RECOVERED_V2 : SPI_RECOVERED);
	assert_int_equal(lines, 1);			/* once a minute */
	assert_int_equal(ignored, heals ? 0 : 1);
	assert_int_equal(p.a.e.counter[IKE_RECOVERIES], heals && !ike_sa ? 1 : 0);
	pair_free(&p);
	leave_log(NULL);
}

static void
test_table(void **state)
{
	(void)state;
	for (int kind = 0; kind < KINDS; kind++)
		for (int i = 0; i < 8; i++)
			check_row(i & 4 ? 2 : 1, (enum kind)kind, (i & 1) != 0, (i & 2) != 0);
}

/* --- the log line --- */

static void
test_log_line(void **state)
{
	struct ipc_ike_global g = {.enabled = 1};
	struct ipc_nic nic = {.ifname = "wan0", .name = "GigabitEthernet0/0"};
	struct ipc_spi_unknown u = {.proto = 50, .spi = 0xB761863E, .count = 1, .ifname = "wan0"};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	conf_set_nic(&p.a.e.conf, &nic);
	addr_parse(&u.src, "10.1.1.1");
	addr_parse(&u.dst, "20.1.1.2");
	spi_unknown(&p.a.e, &u);
	assert_string_equal(mnemonic_seen, "RECV_PKT_INV_SPI");
	assert_string_equal(line, "decaps: rec'd IPSEC packet has invalid spi for "
	    "destaddr=20.1.1.2, prot=50, spi=0xB761863E(3076621886), srcaddr=10.1.1.1");
	g.spi_recvd = g.spi_log_interface = 1;
	conf_set_global(&p.a.e.conf, &g);
	u.spi = 0x1214F0D;
	spi_unknown(&p.a.e, &u);
	assert_string_equal(mnemonic_seen, "RECVD_PKT_INV_SPI");
	assert_string_equal(line, "decaps: rec'd IPSEC packet has invalid spi for "
	    "destaddr=20.1.1.2, prot=50, spi=0x1214F0D(18960141), srcaddr=10.1.1.1, "
	    "input interface=GigabitEthernet0/0");
	/* Again after a minute, not before. */
	pair_pass(&p, 59000);
	spi_unknown(&p.a.e, &u);
	assert_int_equal(lines, 2);
	pair_pass(&p, 1000);
	spi_unknown(&p.a.e, &u);
	assert_int_equal(lines, 3);
	pair_free(&p);
}

/* --- safety --- */

/* A peer that does not answer: one main mode at a time, and one in 20 s. */
static void
check_one_recovery_at_a_time(unsigned int version)
{
	struct ipc_spi_unknown u;
	struct pair p;
	unsigned int i;

	fall_out_of_step(&p, version, P2P_GRE, true, false);
	p.a.e.peers->failures = 5;
	u = report_of(&p);
	p.filter = pair_lose_all;
	for (i = 0; i < 600; i++) {	/* a minute, another SPI each time and the real one */
		struct ipc_spi_unknown forged = u;

		forged.spi = 0x7000000 + i % 7;
		spi_unknown(&p.a.e, &forged);
		spi_unknown(&p.a.e, &u);
		assert_in_range(HASH_COUNT(p.a.e.sas) + HASH_COUNT(p.a.e.sas2), 0, 1);
		pair_pass(&p, 100);
	}
	assert_in_range(p.a.e.counter[IKE_RECOVERIES], 1, 3);
	pair_free(&p);
}

static void
test_one_recovery_at_a_time(void **state)
{
	(void)state;
	check_one_recovery_at_a_time(1);
	check_one_recovery_at_a_time(2);
}

/* Its other SAs with us live: INITIAL-CONTACT would end them, so it is not said. */
static void
test_live_pair_survives(void **state)
{
	struct ipc_spi_unknown u;
	uint32_t out;
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	command(&p.a, true);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_pass(&p, 40000);
	assert_true(pair_works(&p));
	lose_ike_sas(&p.a);
	out = p.b.out_spi;
	u = report_of(&p);
	u.spi = 0xabcdef01;
	spi_unknown(&p.a.e, &u);
	pair_pass(&p, 2000);
	spi_unknown(&p.a.e, &u);
	pair_pass(&p, 500);
	assert_int_equal(flow_of(&p, &u)->decision, SPI_RECOVERED);
	assert_int_equal(p.b.out_spi, out);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* Both DELETE and INVALID-SPI remove the pair, alone, and a new one comes by itself. */
static void
test_each_is_enough(void **state)
{
	uint8_t b[4];
	struct pair p;
	uint32_t spi;

	(void)state;
	for (int notify = 0; notify < 2; notify++) {
		pair_init(&p, "k", "k");
		pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
		pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
		pair_pass(&p, 40000);
		spi = pair_current(&p.a)->sa.spi;
		b[0] = (uint8_t)(spi >> 24), b[1] = (uint8_t)(spi >> 16);
		b[2] = (uint8_t)(spi >> 8), b[3] = (uint8_t)spi;
		child_remove(pair_current(&p.a), false);
		if (notify)
			ikev1_send_notify(p.a.e.sas, PROTO_ESP, NOTIFY_INVALID_SPI,
			    slice_of(b, sizeof(b)), (struct slice){NULL, 0});
		else
			ikev1_send_delete_esp(p.a.e.sas, spi);
		pair_pass(&p, 1000);
		assert_true(pair_works(&p));
		assert_int_not_equal(p.b.out_spi, spi);
		pair_free(&p);
	}
}

/* Another one, and the first again when it is done twice. */
static void
rename_peer(struct ikev2_sa *sa)
{
	struct ident id = *IDENT_OF(sa->peer_id);

	id.b[0] ^= 1;
	ident_hold(&sa->peer_id, &id);
}

/*
 * Of IKEv2 it names pairs of every SA with who says it.  b's pair is on an IKE SA that a has
 * lost; a's new one came without INITIAL_CONTACT.
 */
static void
test_invalid_spi_of_another_sa(void **state)
{
	struct ikev2_sa *sa, *tmp, *old;
	struct ipc_spi_unknown u;
	struct pair p;

	(void)state;
	fall_out_of_step(&p, 2, P2P_GRE, true, false);
	u = report_of(&p);
	old = p.b.e.peers->current->ike;
	HASH_ITER (hh, p.b.e.sas2, sa, tmp)
		rename_peer(sa);	/* somebody else, so INITIAL_CONTACT is not about them */
	peer_bring_up(p.a.e.peers);
	pair_pass(&p, 1000);
	spi_unknown(&p.a.e, &u);
	pair_pass(&p, 500);
	assert_int_equal(flow_of(&p, &u)->decision, SPI_TOLD_V2);
	assert_non_null(ikev2_child_by_peer_spi(old, u.spi));
	rename_peer(old);
	flow_of(&p, &u)->told_at = mono_us(0);
	spi_unknown(&p.a.e, &u);
	pair_pass(&p, 500);
	HASH_ITER (hh, p.b.e.sas2, sa, tmp)
		assert_null(ikev2_child_by_peer_spi(sa, u.spi));
	pair_free(&p);
}

/*
 * SPIs forged as from everywhere, a tenth in the name of the static peer: no
 * negotiation, few lines, and no table that grows.
 */
static void
test_flood(void **state)
{
	struct ipc_spi_unknown u;
	struct pair p;
	unsigned int i;

	(void)state;
	fall_out_of_step(&p, 1, P2P_GRE, true, false);
	u = report_of(&p);
	p.filter = pair_lose_all;
	for (i = 0; i < 120000; i++) {
		u.spi = 0x10000 + i;
		u.src = i % 10 == 0 ? p.b.addr : addr_v4(0x0a000000 + i % 10000);
		spi_unknown(&p.a.e, &u);
		if (i % 2000 == 1999)
			pair_pass(&p, 1000);
		assert_in_range(HASH_COUNT(p.a.e.spi_flows), 0, FLOWS_MAX);
	}
	assert_in_range(lines, 40, 120);		/* in this one minute */
	assert_int_equal(p.a.e.counter[IKE_RECOVERIES], 0);	/* no SPI came twice */
	assert_in_range(HASH_COUNT(p.a.e.sas), 0, 1);
	pair_free(&p);
}

/* A flow that is seen seldom is not forgotten among those of strangers, and heals. */
static void
test_flood_hides_nobody(void **state)
{
	struct ipc_spi_unknown u, forged;
	struct pair p;
	unsigned int i;

	(void)state;
	fall_out_of_step(&p, 1, P2P_GRE, true, false);
	u = forged = report_of(&p);
	spi_unknown(&p.a.e, &u);
	assert_int_equal(flow_of(&p, &u)->decision, SPI_WAITING);
	for (i = 0; i < 3 * FLOWS_MAX; i++) {
		forged.spi = 0x10000 + i;
		forged.src = addr_v4(0x0a000000 + i);
		spi_unknown(&p.a.e, &forged);
		if (i % 1000 == 999)
			pair_pass(&p, 1000);
	}
	assert_int_equal(HASH_COUNT(p.a.e.spi_flows), FLOWS_MAX);
	spi_unknown(&p.a.e, &u);
	assert_int_equal(p.a.e.counter[IKE_RECOVERIES], 1);
	pair_pass(&p, 500);
	assert_int_equal(flow_of(&p, &u)->decision, SPI_RECOVERED);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test_setup_teardown(test_log_line, listen_to_log, leave_log),
		cmocka_unit_test_setup_teardown(test_one_recovery_at_a_time, listen_to_log, leave_log),
		cmocka_unit_test_setup_teardown(test_live_pair_survives, listen_to_log, leave_log),
		cmocka_unit_test_setup_teardown(test_each_is_enough, listen_to_log, leave_log),
		cmocka_unit_test_setup_teardown(test_invalid_spi_of_another_sa, listen_to_log, leave_log),
		cmocka_unit_test_setup_teardown(test_flood, listen_to_log, leave_log),
		cmocka_unit_test_setup_teardown(test_flood_hides_nobody, listen_to_log, leave_log),
	};

	return cmocka_run_group_tests_name("invalid SPI recovery", tests, NULL, NULL);
}
