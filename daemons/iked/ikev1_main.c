/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Main mode with pre-shared keys (RFC 2409 5.4) or RSA signatures (5.1).
 *
 *	Initiator                        Responder
 *	HDR, SA                   -->                           MM1
 *	                          <--    HDR, SA                MM2
 *	HDR, KE, Ni               -->                           MM3
 *	                          <--    HDR, KE, Nr            MM4
 *	HDR*, IDii, HASH_I        -->                           MM5
 *	                          <--    HDR*, IDir, HASH_R     MM6
 *
 * Who signs has [CERT,] SIG_I and SIG_R in the place of HASH_I and HASH_R; both
 * ask for certificates of their CAs with MM3 and MM4.
 *
 * The key that encrypts MM5 already depends on the pre-shared key, and the
 * identity is inside MM5: so a pre-shared key can only be looked up by the
 * peer's address.  Behind a NAT that is the NAT's.
 */
#include <string.h>

#include "ikev1.h"
#include "ikev1_sig.h"
#include "log.h"
#include "natt.h"
#include "phase1.h"

/* --- MM1, MM2: the proposal --- */

static enum step_result
send_mm1(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct p1_transform want[POLICIES_MAX];
	unsigned int count = phase1_policies(sa, want);
	struct ike_build b;

	(void)m;
	if (count == 0)
		return phase1_fail(sa, "no crypto isakmp policy has a key or certificate of ours");
	phase1_begin(sa, &b);
	phase1_offer_write(sa, &b, want, count);
	phase1_vendors_write(sa, &b);
	return exchange_send(x, &b, false, PHASE1_TRIES) ? STEP_DONE :
	    phase1_fail(sa, "MM1 does not fit");
}

static enum step_result
answer_mm1(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct offers offers;
	const struct offer *chosen;
	struct ike_build b;

	phase1_vendors_take(sa, m);
	chosen = phase1_choose(sa, m, &offers);
	if (chosen == NULL)
		return phase1_fail(sa, "phase 1 SA policy not acceptable");
	phase1_begin(sa, &b);
	offer_answer_write(ike_build_payload(&b, PAYLOAD_SA), chosen, 0);
	phase1_vendors_write(sa, &b);
	return exchange_send(x, &b, false, 0) ? STEP_DONE : phase1_fail(sa, "MM2 does not fit");
}

/* --- MM3, MM4: Diffie-Hellman and nonces --- */

static bool
add_key_exchange(struct ike_sa *sa, struct ike_build *b)
{
	if (!phase1_ke_write(sa, b))
		return false;
	if (sa->p1.auth == IPC_AUTH_RSA)
		sig1_ask(sa, b);
	phase1_vendors_write_late(b);
	if (sa->natt)
		natt_write_d(sa, b);
	return true;
}

static const char *
take_key_exchange(struct ike_sa *sa, struct ike_msg *m, struct slice *ke)
{
	const char *why = phase1_ke_take(sa, m, ke);

	if (why != NULL)
		return why;
	phase1_vendors_take(sa, m);
	sig1_heard(sa, m);
	if (sa->natt)
		natt_read_d(sa, m);
	return NULL;
}

static enum step_result
send_mm3(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct ike_build b;
	const char *why;

	phase1_vendors_take(sa, m);
	why = phase1_take_choice(sa, m);
	if (why != NULL)
		return phase1_fail(sa, why);
	memcpy(sa->cky_r, m->h.cky_r, IKE_COOKIE_LEN);
	phase1_begin(sa, &b);
	if (!add_key_exchange(sa, &b) || !exchange_send(x, &b, false, PHASE1_TRIES))
		return phase1_fail(sa, "MM3 cannot be made");
	return STEP_DONE;
}

static enum step_result
answer_mm3(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	const struct secret *psk;
	struct ike_build b;
	struct slice ke;
	const char *why = phase1_secret(sa, NULL, &psk);

	if (why == NULL)
		why = take_key_exchange(sa, m, &ke);
	if (why != NULL)
		return phase1_fail(sa, why);
	phase1_begin(sa, &b);
	if (!add_key_exchange(sa, &b))
		return phase1_fail(sa, "MM4 cannot be made");
	why = phase1_derive(sa, psk, ke);
	if (why != NULL)
		return phase1_fail(sa, why);
	return exchange_send(x, &b, false, 0) ? STEP_DONE : phase1_fail(sa, "MM4 does not fit");
}

/* --- MM5, MM6: identities and proof --- */

static const char *
add_identity(struct ike_sa *sa, struct ike_build *b)
{
	struct slice body;
	const char *why = phase1_id_write(sa, b, &body);

	return why != NULL ? why : phase1_prove(sa, b, body);
}

static enum step_result
send_mm5(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	const struct secret *psk;
	struct ike_build b;
	struct slice ke;
	const char *why = phase1_secret(sa, NULL, &psk);

	if (why == NULL)
		why = take_key_exchange(sa, m, &ke);
	if (why == NULL)
		why = phase1_derive(sa, psk, ke);
	if (why != NULL)
		return phase1_fail(sa, why);
	if (natt_between(sa))
		natt_float(sa);
	phase1_begin(sa, &b);
	why = add_identity(sa, &b);
	if (why != NULL)
		return phase1_fail(sa, why);
	phase1_initial_contact_write(sa, &b);
	return exchange_send(x, &b, true, PHASE1_TRIES) ? STEP_DONE :
	    phase1_fail(sa, "MM5 does not fit");
}

/* MM5 and MM6: the claimed identity and the proof of it. */
static const char *
verify_identity(struct ike_exchange *x, struct ike_msg *m)
{
	struct slice id = ike_msg_body(m, PAYLOAD_ID);
	const char *why = ident_read(id, &x->sa->mm->peer_id);

	return why != NULL ? why : phase1_verify(x->sa, m, id);
}

static enum step_result
answer_mm5(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct ike_build b;
	const char *why = phase1_accept(sa);

	if (why != NULL)
		return phase1_fail(sa, why);
	if (natt_between(sa) && natt_may_float(sa->engine, 1, &sa->path, &m->path, sa->nat_remote)) {
		sa->path = m->path;	/* behind a NAT its port may be any */
		between_put_sa(sa);
	}
	phase1_initial_contact_take(sa, m);
	sig1_heard(sa, m);
	phase1_begin(sa, &b);
	why = add_identity(sa, &b);
	if (why != NULL)
		return phase1_fail(sa, why);
	phase1_lifetime_write(sa, &b);
	if (!ike_build_encrypt(&b, sa->keys.cipher, keymat1_key(&sa->keys), x->iv))
		return phase1_fail(sa, "MM6 does not fit");
	sa_established(sa);
	exchange_send(x, &b, false, 0);
	sa_established_announce(sa);
	return STEP_DONE;
}

static enum step_result
take_mm6(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;

	phase1_accept(sa);
	phase1_lifetime_take(sa, m);
	sa_established(sa);
	sa_established_announce(sa);
	return STEP_DONE;
}

const struct ikev1_step ikev1_main_steps[] = {
	/* HDR, SA  --> */
	{ .story = "sent a proposal", .exchange = EXCHANGE_MAIN, .initiator = true, .starts = true,
	  .from = MM_START, .run = send_mm1, .to = MM_I_SENT1 },
	/* HDR, SA  -->      <--  HDR, SA */
	{ .story = "answered the proposal", .exchange = EXCHANGE_MAIN,
	  .from = MM_START, .must = P(SA), .may = PHASE1_OPTIONAL,
	  .run = answer_mm1, .to = MM_R_SENT2 },
	/* <--  HDR, SA      HDR, KE, Ni  --> */
	{ .story = "sent our key exchange", .exchange = EXCHANGE_MAIN, .initiator = true,
	  .from = MM_I_SENT1, .must = P(SA), .may = PHASE1_OPTIONAL,
	  .run = send_mm3, .to = MM_I_SENT3 },
	/* HDR, KE, Ni  -->      <--  HDR, KE, Nr */
	{ .story = "answered the key exchange", .exchange = EXCHANGE_MAIN,
	  .from = MM_R_SENT2, .must = P(KE) | P(NONCE), .may = P(NAT_D) | PHASE1_OPTIONAL,
	  .run = answer_mm3, .to = MM_R_SENT4 },
	/* <--  HDR, KE, Nr      HDR*, IDii, HASH_I  --> */
	{ .story = "sent our identity", .exchange = EXCHANGE_MAIN, .initiator = true,
	  .from = MM_I_SENT3, .must = P(KE) | P(NONCE), .may = P(NAT_D) | PHASE1_OPTIONAL,
	  .run = send_mm5, .to = MM_I_SENT5 },
	/* HDR*, IDii, HASH_I  -->      <--  HDR*, IDir, HASH_R */
	{ .story = "authenticated the initiator", .exchange = EXCHANGE_MAIN, .encrypted = true,
	  .auth = IPC_AUTH_PSK, .from = MM_R_SENT4, .must = P(ID) | P(HASH), .may = PHASE1_OPTIONAL,
	  .verify = verify_identity, .run = answer_mm5, .to = MM_DONE },
	/* <--  HDR*, IDir, HASH_R */
	{ .story = "authenticated the responder", .exchange = EXCHANGE_MAIN, .initiator = true,
	  .encrypted = true, .auth = IPC_AUTH_PSK, .from = MM_I_SENT5, .must = P(ID) | P(HASH),
	  .may = PHASE1_OPTIONAL, .verify = verify_identity, .run = take_mm6, .to = MM_DONE },
	/* HDR*, IDii, [ CERT, ] SIG_I  -->      <--  HDR*, IDir, [ CERT, ] SIG_R */
	{ .story = "authenticated the initiator by its certificate", .exchange = EXCHANGE_MAIN,
	  .encrypted = true, .auth = IPC_AUTH_RSA, .from = MM_R_SENT4,
	  .must = P(ID) | P(SIGNATURE), .may = P(CERT) | PHASE1_OPTIONAL,
	  .verify = verify_identity, .run = answer_mm5, .to = MM_DONE },
	/* <--  HDR*, IDir, [ CERT, ] SIG_R */
	{ .story = "authenticated the responder by its certificate", .exchange = EXCHANGE_MAIN,
	  .initiator = true, .encrypted = true, .auth = IPC_AUTH_RSA, .from = MM_I_SENT5,
	  .must = P(ID) | P(SIGNATURE), .may = P(CERT) | PHASE1_OPTIONAL,
	  .verify = verify_identity, .run = take_mm6, .to = MM_DONE },
	{ .story = NULL },
};

/* --- how it begins --- */

void
ikev1_main_offer(struct ike_engine *e, struct ike_msg *m)
{
	if (!conf_answers(&e->conf, 1, &m->path.local, &m->path.remote))
		ike_drop(e, m, IKE_DROP_DISABLED, "nothing is protected between these addresses");
	else if (conf_psk_for(&e->conf, &m->path.remote) == NULL && !sig1_ready(&e->conf, ""))
		ike_drop(e, m, IKE_DROP_NO_KEY, "no pre-shared key for this address");
	else
		phase1_offered(e, m);
}
