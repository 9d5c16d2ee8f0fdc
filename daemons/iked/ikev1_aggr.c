/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Aggressive mode with pre-shared keys (RFC 2409 5.4) or RSA signatures (5.1);
 * NAT-D: RFC 3947 3.2.
 *
 *	Initiator                              Responder
 *	HDR, SA, KE, Ni, IDii       -->                                AM1
 *	                            <--  HDR, SA, KE, Nr, IDir, HASH_R AM2
 *	HDR*, HASH_I                -->                                AM3
 *
 * Who signs has [CERT,] SIG_I and SIG_R in the place of HASH_I and HASH_R.
 *
 * Identities come first, so the pre-shared key may be that of a name (crypto
 * isakmp key ... hostname).  The price: HASH_R goes out in clear, and whoever
 * asks may try passwords on it at home.
 *
 * AM2 costs a stranger's question a Diffie-Hellman, which MM2 does not: so it
 * is only made for identities that have a key, at a bounded rate, and it is
 * not repeated unasked.  AM3 may be lost, then: it goes again with quick mode's
 * repetitions until the peer says something (exchange.c).
 */
#include <string.h>

#include "ikev1.h"
#include "ikev1_sig.h"
#include "log.h"
#include "natt.h"
#include "phase1.h"

/* Policies that can be offered at once: KE is of one group, the best one's; and so is the proof. */
static unsigned int
policies_of_one_group(const struct ike_sa *sa, struct p1_transform want[POLICIES_MAX])
{
	unsigned int i, n = 0, count = phase1_policies(sa, want);

	for (i = 0; i < count; i++)
		if (want[i].group == want[0].group && want[i].auth == want[0].auth)
			want[n++] = want[i];
	return n;
}

/* The initiator's ID body, for HASH_I. */
static bool
keep_id_i(struct ike_main *mm, struct slice body)
{
	if (body.len > sizeof(mm->id_i.b))
		return false;
	memcpy(mm->id_i.b, body.p, mm->id_i.len = body.len);
	return true;
}

static struct slice
id_i(const struct ike_main *mm)
{
	return slice_of(mm->id_i.b, mm->id_i.len);
}

/* --- AM1 --- */

static enum step_result
send_am1(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct p1_transform want[POLICIES_MAX];
	unsigned int count = policies_of_one_group(sa, want);
	struct ike_build b;
	struct slice body;
	const char *why;

	(void)m;
	if (count == 0)
		return phase1_fail(sa, "no crypto isakmp policy has a key or certificate of ours");
	sa->p1.group = want[0].group;
	sa->p1.auth = want[0].auth;
	phase1_begin(sa, &b);
	phase1_offer_write(sa, &b, want, count);
	if (!phase1_ke_write(sa, &b))
		return phase1_fail(sa, "the group is not supported");
	why = phase1_id_write(sa, &b, &body);
	if (why != NULL)
		return phase1_fail(sa, why);
	keep_id_i(sa->mm, body);
	if (sa->p1.auth == IPC_AUTH_RSA)
		sig1_ask(sa, &b);
	phase1_vendors_write(sa, &b);
	phase1_vendors_write_late(&b);
	return exchange_send(x, &b, false, PHASE1_TRIES) ? STEP_DONE :
	    phase1_fail(sa, "AM1 does not fit");
}

/* --- AM2 --- */

/* What AM1 says, and the key for whom it names; NULL, or a sentence. */
static const char *
take_am1(struct ike_sa *sa, struct ike_msg *m, const struct secret **psk, struct slice *ke)
{
	struct slice id = ike_msg_body(m, PAYLOAD_ID);
	const char *why = ident_read(id, &sa->mm->peer_id);

	if (why == NULL && !keep_id_i(sa->mm, id))
		why = "identity is longer than any we keep";
	if (why != NULL) {
		ike_drop(sa->engine, m, IKE_DROP_MALFORMED, why);
		return why;
	}
	phase1_find_profile(sa);
	sig1_heard(sa, m);
	why = phase1_secret(sa, &sa->mm->peer_id, psk);
	if (why != NULL) {
		ike_drop(sa->engine, m, IKE_DROP_NO_KEY, "no pre-shared key for this identity");
		return why;
	}
	why = phase1_ke_take(sa, m, ke);
	if (why != NULL)
		ike_drop(sa->engine, m, IKE_DROP_MALFORMED, why);
	return why;
}

static enum step_result
answer_am1(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct offers offers;
	const struct offer *chosen = phase1_choose(sa, m, &offers);
	const struct secret *psk;
	struct ike_build b;
	struct slice ke, body;
	const char *why;

	if (chosen == NULL)
		return phase1_fail(sa, "phase 1 SA policy not acceptable");
	why = take_am1(sa, m, &psk, &ke);
	if (why != NULL)
		return phase1_fail(sa, why);
	phase1_vendors_take(sa, m);
	phase1_begin(sa, &b);
	offer_answer_write(ike_build_payload(&b, PAYLOAD_SA), chosen, 0);
	if (!phase1_ke_write(sa, &b))
		return phase1_fail(sa, "the group is not supported");
	why = phase1_derive(sa, psk, ke);
	if (why != NULL)
		return phase1_fail(sa, why);
	why = phase1_id_write(sa, &b, &body);
	if (why == NULL)
		why = phase1_prove(sa, &b, body);
	if (why != NULL)
		return phase1_fail(sa, why);
	if (sa->p1.auth == IPC_AUTH_RSA)
		sig1_ask(sa, &b);
	phase1_vendors_write(sa, &b);
	phase1_vendors_write_late(&b);
	if (sa->natt)
		natt_write_d(sa, &b);
	return exchange_send(x, &b, false, 0) ? STEP_DONE : phase1_fail(sa, "AM2 does not fit");
}

/*
 * Everything that HASH_R proves is computed anew for each AM2: a forged one
 * leaves nothing that the true one does not replace.
 */
static const char *
verify_am2(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct slice id = ike_msg_body(m, PAYLOAD_ID), ke;
	const struct secret *psk;
	uint8_t auth = sa->p1.auth;
	const char *why = phase1_take_choice(sa, m);

	if (sa->p1.auth != auth) {
		sa->p1.auth = auth;
		why = "the answer is of another authentication than we offered";
	}
	if (why == NULL && sa->p1.group != dh_group(sa->mm->dh))
		why = "the answer is of another group than our key exchange";
	if (why == NULL)
		why = ident_read(id, &sa->mm->peer_id);
	if (why == NULL)
		why = phase1_ke_take(sa, m, &ke);
	if (why != NULL)
		return why;
	memcpy(sa->cky_r, m->h.cky_r, IKE_COOKIE_LEN);
	why = phase1_secret(sa, &sa->mm->peer_id, &psk);
	if (why == NULL)
		why = phase1_derive(sa, psk, ke);
	return why != NULL ? why : phase1_verify(sa, m, id);
}

/* --- AM3 --- */

static enum step_result
send_am3(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct ike_build b;
	const char *why;

	phase1_vendors_take(sa, m);
	sig1_heard(sa, m);
	if (sa->natt)
		natt_read_d(sa, m);
	if (natt_between(sa))
		natt_float(sa);
	phase1_accept(sa);
	phase1_begin(sa, &b);
	why = phase1_prove(sa, &b, id_i(sa->mm));
	if (why != NULL)
		return phase1_fail(sa, why);
	if (sa->natt)
		natt_write_d(sa, &b);
	phase1_initial_contact_write(sa, &b);
	if (!ike_build_encrypt(&b, sa->keys.cipher, keymat1_key(&sa->keys), x->iv))
		return phase1_fail(sa, "AM3 does not fit");
	sa_established(sa);
	sa->unconfirmed = true;
	exchange_send(x, &b, false, 0);
	sa_established_announce(sa);
	return STEP_DONE;
}

static const char *
verify_am3(struct ike_exchange *x, struct ike_msg *m)
{
	return phase1_verify(x->sa, m, id_i(x->sa->mm));
}

static enum step_result
take_am3(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	const char *why = phase1_accept(sa);

	if (why != NULL)
		return phase1_fail(sa, why);
	if (sa->natt)
		natt_read_d(sa, m);
	if (natt_between(sa) && natt_may_float(sa->engine, 1, &sa->path, &m->path, sa->nat_remote)) {
		sa->path = m->path;	/* behind a NAT its port may be any */
		between_put_sa(sa);
	}
	if ((m->h.flags & IKE_FLAG_ENCRYPTED) != 0)
		phase1_initial_contact_take(sa, m);
	retransmit_free(&x->out);	/* AM3 again asks for nothing */
	sa_established(sa);
	sa_established_announce(sa);
	return STEP_DONE;
}

const struct ikev1_step ikev1_aggr_steps[] = {
	/* HDR, SA, KE, Ni, IDii  --> */
	{ .story = "sent a proposal and our identity", .exchange = EXCHANGE_AGGRESSIVE,
	  .initiator = true, .starts = true, .from = MM_START, .run = send_am1, .to = AG_I_SENT1 },
	/* HDR, SA, KE, Ni, IDii  -->      <--  HDR, SA, KE, Nr, IDir, HASH_R */
	{ .story = "answered the proposal and proved ourselves", .exchange = EXCHANGE_AGGRESSIVE,
	  .from = MM_START, .must = P(SA) | P(KE) | P(NONCE) | P(ID), .may = PHASE1_OPTIONAL,
	  .run = answer_am1, .to = AG_R_SENT2 },
	/* <--  HDR, SA, KE, Nr, IDir, HASH_R      HDR*, HASH_I  --> */
	{ .story = "authenticated the responder", .exchange = EXCHANGE_AGGRESSIVE,
	  .initiator = true, .auth = IPC_AUTH_PSK, .from = AG_I_SENT1,
	  .must = P(SA) | P(KE) | P(NONCE) | P(ID) | P(HASH), .may = P(NAT_D) | PHASE1_OPTIONAL,
	  .verify = verify_am2, .run = send_am3, .to = AG_I_DONE },
	/* <--  HDR, SA, KE, Nr, IDir, [ CERT, ] SIG_R      HDR*, [ CERT, ] SIG_I  --> */
	{ .story = "authenticated the responder by its certificate", .exchange = EXCHANGE_AGGRESSIVE,
	  .initiator = true, .auth = IPC_AUTH_RSA, .from = AG_I_SENT1,
	  .must = P(SA) | P(KE) | P(NONCE) | P(ID) | P(SIGNATURE),
	  .may = P(CERT) | P(NAT_D) | PHASE1_OPTIONAL,
	  .verify = verify_am2, .run = send_am3, .to = AG_I_DONE },
	/* HDR*, HASH_I  -->  or in clear: "the last message may be encrypted" (5.4) */
	{ .story = "authenticated the initiator", .exchange = EXCHANGE_AGGRESSIVE,
	  .encrypted = true, .or_clear = true, .auth = IPC_AUTH_PSK, .from = AG_R_SENT2,
	  .must = P(HASH), .may = P(NAT_D) | PHASE1_OPTIONAL,
	  .verify = verify_am3, .run = take_am3, .to = AG_R_DONE },
	/* HDR*, [ CERT, ] SIG_I  -->  or in clear */
	{ .story = "authenticated the initiator by its certificate", .exchange = EXCHANGE_AGGRESSIVE,
	  .encrypted = true, .or_clear = true, .auth = IPC_AUTH_RSA, .from = AG_R_SENT2,
	  .must = P(SIGNATURE), .may = P(CERT) | P(NAT_D) | PHASE1_OPTIONAL,
	  .verify = verify_am3, .run = take_am3, .to = AG_R_DONE },
	{ .story = NULL },
};

/* --- how it begins --- */

void
ikev1_aggr_offer(struct ike_engine *e, struct ike_msg *m)
{
	if (e->conf.v1.global.aggressive_off)
		ike_drop(e, m, IKE_DROP_AGGRESSIVE, "aggressive mode is disabled");
	else if (!conf_answers(&e->conf, 1, &m->path.local, &m->path.remote))
		ike_drop(e, m, IKE_DROP_DISABLED, "nothing is protected between these addresses");
	else if (!ratelimit_take(&e->aggressive_offers, engine_now(e)))
		ike_drop(e, m, IKE_DROP_HALF_OPEN, "too many aggressive modes at once");
	else
		phase1_offered(e, m);
}
