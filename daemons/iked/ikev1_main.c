/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Main mode with pre-shared keys (RFC 2409 5.4).
 *
 *	Initiator                        Responder
 *	HDR, SA                   -->                           MM1
 *	                          <--    HDR, SA                MM2
 *	HDR, KE, Ni               -->                           MM3
 *	                          <--    HDR, KE, Nr            MM4
 *	HDR*, IDii, HASH_I        -->                           MM5
 *	                          <--    HDR*, IDir, HASH_R     MM6
 *
 * The key that encrypts MM5 already depends on the pre-shared key, and the
 * identity is inside MM5: so the pre-shared key can only be looked up by the
 * peer's address.  Behind a NAT that is the NAT's.
 */
#include <stdlib.h>
#include <string.h>

#include "auth_psk.h"
#include "child.h"
#include "ikev1.h"
#include "log.h"
#include "natt.h"
#include "payload.h"
#include "peer.h"
#include "step.h"

enum { TRIES = 5, HALF_OPEN_MAX = 512, HALF_OPEN_PEER_MAX = 32 };

static void
begin(struct ike_sa *sa, struct ike_build *b)
{
	ike_build_begin(b, sa->cky_i, sa->cky_r, EXCHANGE_MAIN, 0);
}

static const struct secret *
find_psk(struct ike_engine *e, const struct addr *remote)
{
	const struct secret *psk = conf_psk_for(&e->conf, remote);

	if (psk != NULL)
		log_debug(LOG_DEBUG_ISAKMP, "ISAKMP", "found peer pre-shared key matching %s",
		    ADDR_STR(remote));
	else if (ratelimit_take(&e->stranger_log, engine_now(e)))
		log_warn("no pre-shared key for %s: in main mode keys are found by the peer's "
		    "address alone (crypto isakmp key ... address)", ADDR_STR(remote));
	return psk;
}

static void
vendors_write(struct ike_build *b)
{
	vendor_write(b, VENDOR_NATT);
	vendor_write(b, VENDOR_DPD);
	vendor_write(b, VENDOR_CULVERT);
}

static void
vendors_take(struct ike_sa *sa, const struct ike_msg *m)
{
	sa->vendors |= vendors_read(m);
	sa->natt = (sa->vendors & VENDOR_NATT) != 0;
}

static enum step_result
fail(struct ike_sa *sa, const char *why)
{
	sa_failed(sa, why);
	return STEP_FAIL;
}

static void
keep_sa_i(struct ike_main *mm, struct slice body)
{
	mm->sa_i = malloc(body.len);
	if (mm->sa_i == NULL)
		log_fatal("out of memory for an SA payload");
	memcpy(mm->sa_i, body.p, body.len);
	mm->sa_i_len = body.len;
}

/* --- MM1, MM2: the proposal --- */

static enum step_result
send_mm1(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct p1_transform want[POLICIES_MAX];
	unsigned int count = conf_policies(&sa->engine->conf, want);
	struct ike_build b;
	struct wbuf *w;
	size_t at;

	(void)m;
	if (count == 0)
		return fail(sa, "no crypto isakmp policy is configured");
	begin(sa, &b);
	w = ike_build_payload(&b, PAYLOAD_SA);
	at = wbuf_len(w);
	p1_offer_write(w, want, count);
	keep_sa_i(sa->mm, slice_of(b.buf + at, wbuf_len(w) - at));
	vendors_write(&b);
	return exchange_send(x, &b, false, TRIES) ? STEP_DONE : fail(sa, "MM1 does not fit");
}

static void
log_choice(struct ike_sa *sa)
{
	const char *cipher = sa->p1.cipher == CIPHER_3DES_CBC ? "3DES-CBC" :
	    sa->p1.cipher == CIPHER_DES_CBC ? "DES-CBC" : "AES-CBC";

	log_debug(LOG_DEBUG_ISAKMP, "ISAKMP",
	    "(%u):encryption %s, keylength of %u, hash %s, default group %u, auth pre-share, "
	    "life duration (basic) of %u: atts are acceptable", sa->conn_id, cipher,
	    sa->p1.key_bits, hash_name(sa->p1.hash), sa->p1.group, sa->p1.life_s);
}

static enum step_result
answer_mm1(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct slice body = ike_msg_body(m, PAYLOAD_SA);
	struct p1_transform want[POLICIES_MAX];
	const struct offer *chosen;
	struct offers offers;
	struct ike_build b;

	if (offers_read(body, &offers) != NULL ||
	    (chosen = p1_choose(&offers, want, conf_policies(&sa->engine->conf, want),
	    &sa->p1)) == NULL) {
		ike_drop(sa->engine, m, IKE_DROP_NO_PROPOSAL, "no acceptable phase 1 proposal");
		ikev1_send_clear_notify(sa->engine, m, NOTIFY_NO_PROPOSAL_CHOSEN);
		return fail(sa, "phase 1 SA policy not acceptable");
	}
	log_choice(sa);
	keep_sa_i(sa->mm, body);
	vendors_take(sa, m);
	begin(sa, &b);
	offer_answer_write(ike_build_payload(&b, PAYLOAD_SA), chosen, 0);
	vendors_write(&b);
	return exchange_send(x, &b, false, 0) ? STEP_DONE : fail(sa, "MM2 does not fit");
}

/* --- MM3, MM4: Diffie-Hellman and nonces --- */

static bool
add_key_exchange(struct ike_sa *sa, struct ike_build *b)
{
	struct ike_main *mm = sa->mm;
	struct ike_nonce *ours = sa->initiator ? &mm->ni : &mm->nr;

	mm->dh = dh_new(sa->p1.group);
	if (mm->dh == NULL)
		return false;
	nonce_new(ours);
	ike_build_put(b, PAYLOAD_KE, dh_public(mm->dh));
	ike_build_put(b, PAYLOAD_NONCE, nonce_slice(ours));
	if (sa->natt)
		natt_write_d(sa, b);
	return true;
}

/* The peer's KE and NONCE are in: g^xy, SKEYID and what follows from them. */
static const char *
derive(struct ike_sa *sa, const struct secret *psk, struct slice ke)
{
	struct ike_main *mm = sa->mm;
	struct slice ours = dh_public(mm->dh), gxi = sa->initiator ? ours : ke,
	    gxr = sa->initiator ? ke : ours;
	struct dh_secret gxy;
	const char *why = dh_shared(mm->dh, ke, &gxy);

	if (why != NULL)
		return why;
	memcpy(mm->gxi.b, gxi.p, mm->gxi.len = gxi.len);
	memcpy(mm->gxr.b, gxr.p, mm->gxr.len = gxr.len);
	sa->keys.hash = sa->p1.hash;
	auth_psk_skeyid(&sa->keys, psk, nonce_slice(&mm->ni), nonce_slice(&mm->nr));
	keymat1_derive(&sa->keys, slice_of(gxy.b, gxy.len), sa->cky_i, sa->cky_r, sa->p1.cipher,
	    sa->p1.key_bits);
	keymat1_first_iv(&sa->keys, gxi, gxr, sa->main.iv);
	dh_secret_wipe(&gxy);
	return NULL;
}

static const char *
take_key_exchange(struct ike_sa *sa, struct ike_msg *m, struct slice *ke)
{
	struct slice nonce;
	const char *why = nonce_read(ike_msg_body(m, PAYLOAD_NONCE), &nonce);

	if (why == NULL)
		why = ke_read(ike_msg_body(m, PAYLOAD_KE), sa->p1.group, ke);
	if (why != NULL)
		return why;
	nonce_set(sa->initiator ? &sa->mm->nr : &sa->mm->ni, nonce);
	vendors_take(sa, m);
	if (sa->natt)
		natt_read_d(sa, m);
	return NULL;
}

/* MM2 came.  It must repeat one of our transforms. */
static const char *
take_mm2(struct ike_sa *sa, struct ike_msg *m)
{
	struct p1_transform want[POLICIES_MAX];
	unsigned int count = conf_policies(&sa->engine->conf, want);
	struct offers offers;
	const char *why = offers_read(ike_msg_body(m, PAYLOAD_SA), &offers);

	if (why != NULL)
		return why;
	if (offers.count != 1 || p1_choose(&offers, want, count, &sa->p1) == NULL) {
		log_event(LOG_SEV_INFO, "CRYPTO", "IKMP_SA_NOT_OFFERED",
		    "Remote peer %s responded with attribute not offered or changed",
		    ADDR_STR(&sa->path.remote));
		return "the answer is none of our proposals";
	}
	return NULL;
}

static enum step_result
send_mm3(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct ike_build b;
	const char *why = take_mm2(sa, m);

	if (why != NULL)
		return fail(sa, why);
	memcpy(sa->cky_r, m->h.cky_r, IKE_COOKIE_LEN);
	log_choice(sa);
	vendors_take(sa, m);
	begin(sa, &b);
	if (!add_key_exchange(sa, &b) || !exchange_send(x, &b, false, TRIES))
		return fail(sa, "MM3 cannot be made");
	return STEP_DONE;
}

static enum step_result
answer_mm3(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	const struct secret *psk = find_psk(sa->engine, &sa->path.remote);
	struct ike_build b;
	struct slice ke;
	const char *why = psk == NULL ? "no pre-shared key" : take_key_exchange(sa, m, &ke);

	if (why != NULL)
		return fail(sa, why);
	begin(sa, &b);
	if (!add_key_exchange(sa, &b))
		return fail(sa, "MM4 cannot be made");
	why = derive(sa, psk, ke);
	if (why != NULL)
		return fail(sa, why);
	return exchange_send(x, &b, false, 0) ? STEP_DONE : fail(sa, "MM4 does not fit");
}

/* --- MM5, MM6: identities and proof --- */

static void
hash_of(struct ike_sa *sa, bool of_initiator, struct slice id, uint8_t *out)
{
	struct ike_main *mm = sa->mm;
	struct slice gxi = {mm->gxi.b, mm->gxi.len}, gxr = {mm->gxr.b, mm->gxr.len};
	struct auth_hash_input in = {
	    .gx_own = of_initiator ? gxi : gxr, .gx_peer = of_initiator ? gxr : gxi,
	    .cky_own = of_initiator ? sa->cky_i : sa->cky_r,
	    .cky_peer = of_initiator ? sa->cky_r : sa->cky_i,
	    .sa_i = {mm->sa_i, mm->sa_i_len}, .id = id,
	};

	auth_hash(&sa->keys, &in, out);
}

/* Cisco's way: protocol UDP, port 500, or 0 once a NAT was seen. */
static void
add_identity(struct ike_sa *sa, struct ike_build *b)
{
	struct ident id;
	struct wbuf *w;
	size_t at;
	uint8_t hash[HASH_LEN_MAX];
	struct slice body;

	ident_from_addr(&id, &sa->path.local);
	w = ike_build_payload(b, PAYLOAD_ID);
	at = wbuf_len(w);
	ident_write(w, &id, 17, natt_between(sa) ? 0 : IKE_PORT);
	body = slice_of(b->buf + at, wbuf_len(w) - at);
	hash_of(sa, sa->initiator, body, hash);
	ike_build_put(b, PAYLOAD_HASH, slice_of(hash, hash_len(sa->keys.hash)));
}

/* "I knew nothing of you when I began": only true without another SA with that peer. */
static bool
is_initial_contact(const struct ike_sa *sa)
{
	struct ike_sa *other, *tmp;
	struct ike_peer *p, *tmp2;

	HASH_ITER (hh, sa->engine->sas, other, tmp)
		if (other != sa && other->established && addr_eq(&other->path.local, &sa->path.local) &&
		    addr_eq(&other->path.remote, &sa->path.remote))
			return false;
	HASH_ITER (hh, sa->engine->peers, p, tmp2)
		if (p->children != NULL && addr_eq(&p->path.local, &sa->path.local) &&
		    addr_eq(&p->path.remote, &sa->path.remote))
			return false;
	return true;
}

static enum step_result
send_mm5(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	const struct secret *psk = find_psk(sa->engine, &sa->path.remote);
	struct ike_build b;
	struct slice ke;
	uint8_t cookies[2 * IKE_COOKIE_LEN];
	const char *why = psk == NULL ? "no pre-shared key" : take_key_exchange(sa, m, &ke);

	if (why == NULL)
		why = derive(sa, psk, ke);
	if (why != NULL)
		return fail(sa, why);
	if (natt_between(sa))
		natt_float(sa);
	begin(sa, &b);
	add_identity(sa, &b);
	if (is_initial_contact(sa)) {
		log_debug(LOG_DEBUG_ISAKMP, "ISAKMP", "(%u):Send initial contact", sa->conn_id);
		memcpy(cookies, sa->cky_i, IKE_COOKIE_LEN);
		memcpy(cookies + IKE_COOKIE_LEN, sa->cky_r, IKE_COOKIE_LEN);
		notify_write(&b, PROTO_ISAKMP, NOTIFY_INITIAL_CONTACT,
		    slice_of(cookies, sizeof(cookies)), (struct slice){NULL, 0});
	}
	return exchange_send(x, &b, true, TRIES) ? STEP_DONE : fail(sa, "MM5 does not fit");
}

/* MM5 and MM6: the claimed identity and the hash over it. */
static const char *
verify_identity(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct slice id = ike_msg_body(m, PAYLOAD_ID), hash = ike_msg_body(m, PAYLOAD_HASH);
	uint8_t want[HASH_LEN_MAX];
	const char *why = ident_read(id, &sa->mm->peer_id);

	if (why != NULL)
		return why;
	hash_of(sa, !sa->initiator, id, want);
	if (hash.len != hash_len(sa->keys.hash) || !equal_in_constant_time(hash.p, want, hash.len))
		return "the peer's proof is wrong: the pre-shared keys differ";
	return NULL;
}

/* Everything we have with that peer, but what came up since this exchange began: the peer lives. */
static void
clear_for_initial_contact(struct ike_sa *sa)
{
	struct ike_sa *other, *tmp;
	struct ike_peer *p, *tmp2;
	struct ike_child *c, *next;

	log_debug(LOG_DEBUG_ISAKMP, "ISAKMP",
	    "(%u):Process initial contact, bring down existing phase 1 and 2 SA's with local %s "
	    "remote %s remote port %u", sa->conn_id, ADDR_STR(&sa->path.local),
	    ADDR_STR(&sa->path.remote), sa->path.remote_port);
	HASH_ITER (hh, sa->engine->sas, other, tmp)
		if (other != sa && other->established && sa_same_peer(other, sa) &&
		    mono_before(other->established_at, sa->created))
			sa_remove(other);
	HASH_ITER (hh, sa->engine->peers, p, tmp2) {
		if (!peer_uses_sa(p, sa))
			continue;
		for (c = p->children; c != NULL; c = next) {
			next = c->next;
			if (mono_before(c->created, sa->created))
				child_remove(c, false);
		}
		peer_update(p);
	}
}

static bool
says_initial_contact(const struct ike_msg *m)
{
	const struct ike_payload *p;
	struct ike_notify_body n;
	unsigned int i;

	for (i = 0; (p = ike_msg_find(m, PAYLOAD_NOTIFY, i)) != NULL; i++)
		if (notify_read(p->body, &n) == NULL && n.type == NOTIFY_INITIAL_CONTACT)
			return true;
	return false;
}

static enum step_result
answer_mm5(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	struct ike_build b;

	sa->peer_id = sa->mm->peer_id;
	if (natt_between(sa))
		sa->path = m->path;	/* the peer floated; behind a NAT its port may be any */
	if (says_initial_contact(m))
		clear_for_initial_contact(sa);
	begin(sa, &b);
	add_identity(sa, &b);
	if (!ike_build_encrypt(&b, sa->keys.cipher, keymat1_key(&sa->keys), x->iv))
		return fail(sa, "MM6 does not fit");
	sa_established(sa);
	exchange_send(x, &b, false, 0);
	sa_established_announce(sa);
	return STEP_DONE;
}

static enum step_result
take_mm6(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;

	(void)m;
	sa->peer_id = sa->mm->peer_id;
	sa_established(sa);
	sa_established_announce(sa);
	return STEP_DONE;
}

#define OPTIONAL (P(VENDOR) | P(NOTIFY) | P(CERT_REQUEST))

const struct ikev1_step ikev1_main_steps[] = {
	/* HDR, SA  --> */
	{ .story = "sent a proposal", .exchange = EXCHANGE_MAIN, .initiator = true, .starts = true,
	  .from = MM_START, .run = send_mm1, .to = MM_I_SENT1 },
	/* HDR, SA  -->      <--  HDR, SA */
	{ .story = "answered the proposal", .exchange = EXCHANGE_MAIN,
	  .from = MM_START, .must = P(SA), .may = OPTIONAL,
	  .run = answer_mm1, .to = MM_R_SENT2 },
	/* <--  HDR, SA      HDR, KE, Ni  --> */
	{ .story = "sent our key exchange", .exchange = EXCHANGE_MAIN, .initiator = true,
	  .from = MM_I_SENT1, .must = P(SA), .may = OPTIONAL,
	  .run = send_mm3, .to = MM_I_SENT3 },
	/* HDR, KE, Ni  -->      <--  HDR, KE, Nr */
	{ .story = "answered the key exchange", .exchange = EXCHANGE_MAIN,
	  .from = MM_R_SENT2, .must = P(KE) | P(NONCE), .may = P(NAT_D) | OPTIONAL,
	  .run = answer_mm3, .to = MM_R_SENT4 },
	/* <--  HDR, KE, Nr      HDR*, IDii, HASH_I  --> */
	{ .story = "sent our identity", .exchange = EXCHANGE_MAIN, .initiator = true,
	  .from = MM_I_SENT3, .must = P(KE) | P(NONCE), .may = P(NAT_D) | OPTIONAL,
	  .run = send_mm5, .to = MM_I_SENT5 },
	/* HDR*, IDii, HASH_I  -->      <--  HDR*, IDir, HASH_R */
	{ .story = "authenticated the initiator", .exchange = EXCHANGE_MAIN, .encrypted = true,
	  .from = MM_R_SENT4, .must = P(ID) | P(HASH), .may = OPTIONAL,
	  .verify = verify_identity, .run = answer_mm5, .to = MM_DONE },
	/* <--  HDR*, IDir, HASH_R */
	{ .story = "authenticated the responder", .exchange = EXCHANGE_MAIN, .initiator = true,
	  .encrypted = true, .from = MM_I_SENT5, .must = P(ID) | P(HASH), .may = OPTIONAL,
	  .verify = verify_identity, .run = take_mm6, .to = MM_DONE },
	{ .story = NULL },
};

/* --- how it begins --- */

void
ikev1_main_start(struct ike_engine *e, const struct addr *local, const struct addr *remote)
{
	struct ike_path path = {*local, *remote, IKE_PORT, IKE_PORT};
	struct ike_sa *sa;

	if (find_psk(e, remote) == NULL)
		return;
	sa = sa_new(e, &path, true);
	random_bytes(sa->cky_i, IKE_COOKIE_LEN);
	memcpy(sa->ours, sa->cky_i, IKE_COOKIE_LEN);
	sa_enter_table(sa);
	log_debug(LOG_DEBUG_ISAKMP, "ISAKMP",
	    "(%u):Can not start Aggressive mode, trying Main mode with %s", sa->conn_id,
	    ADDR_STR(remote));
	step_begin(&sa->main);
}

/* The oldest whose initiator has not repeated our cookie yet: its source may be forged. */
static struct ike_sa *
oldest_unproven(struct ike_engine *e, const struct addr *remote)
{
	struct ike_sa *sa, *tmp;

	HASH_ITER (hh, e->sas, sa, tmp)	/* in the order of their beginning */
		if (!sa->initiator && sa->main.state == MM_R_SENT2 &&
		    (remote == NULL || addr_eq(&sa->path.remote, remote)))
			return sa;
	return NULL;
}

/* Where there are too many, the newest takes the oldest's place: forgers push out each other. */
static bool
has_room(struct ike_engine *e, const struct addr *remote)
{
	bool by_peer = sa_half_open_with(e, remote) >= HALF_OPEN_PEER_MAX;
	struct ike_sa *old;

	if (!by_peer && e->half_open < HALF_OPEN_MAX)
		return true;
	old = oldest_unproven(e, by_peer ? remote : NULL);
	if (old == NULL)
		return false;
	engine_count(e, IKE_DROP_HALF_OPEN);
	sa_remove(old);
	return true;
}

void
ikev1_main_offer(struct ike_engine *e, struct ike_msg *m)
{
	struct ike_sa *sa;

	if (!conf_answers(&e->conf, 1, &m->path.local, &m->path.remote)) {
		ike_drop(e, m, IKE_DROP_DISABLED, "nothing is protected between these addresses");
		return;
	}
	if (find_psk(e, &m->path.remote) == NULL) {
		ike_drop(e, m, IKE_DROP_NO_KEY, "no pre-shared key for this address");
		return;
	}
	if (!has_room(e, &m->path.remote)) {
		ike_drop(e, m, IKE_DROP_HALF_OPEN, "too many negotiations are half open");
		return;
	}
	sa = sa_new(e, &m->path, false);
	memcpy(sa->cky_i, m->h.cky_i, IKE_COOKIE_LEN);
	random_bytes(sa->cky_r, IKE_COOKIE_LEN);
	memcpy(sa->ours, sa->cky_r, IKE_COOKIE_LEN);
	sa_enter_table(sa);
	log_debug(LOG_DEBUG_ISAKMP, "ISAKMP",
	    "(0):received packet from %s dport %u sport %u Global (N) NEW SA",
	    ADDR_STR(&m->path.remote), m->path.local_port, m->path.remote_port);
	step_receive(sa, m);
	if (!sa->gone && !sa->main.has_last_in)
		sa_remove(sa);
}
