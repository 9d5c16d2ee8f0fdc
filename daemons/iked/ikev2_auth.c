/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IKE_AUTH (RFC 7296 1.2, 2.15).
 *
 *	Initiator                                 Responder
 *	HDR, SK {IDi, [CERT,] [CERTREQ,] [IDr,] AUTH,
 *	    [N(QCD_TOKEN),] SAi2, TSi, TSr}  -->
 *	                             <--  HDR, SK {IDr, [CERT,] AUTH,
 *	                                      [N(QCD_TOKEN),] SAr2, TSi, TSr}
 *
 * Without SA, TSi and TSr there is no pair of ESP SAs yet (RFC 6023).  A pair
 * that cannot be agreed on is refused with a notification in their place; the
 * IKE SA is up all the same.
 */
#include <stdio.h>
#include <string.h>

#include "auth2.h"
#include "child.h"
#include "ikev2_cert.h"
#include "ikev2_crash.h"
#include "ikev2_nego.h"
#include "ikev2_window_size.h"
#include "kept.h"
#include "log.h"
#include "once.h"
#include "payload2.h"

/* --- AUTH --- */

/* What the side that is `initiator` signs. */
static void
octets_of(const struct ikev2_sa *sa, bool initiator, struct slice id_body, struct auth2_octets *o)
{
	const struct ikev2_init *init = sa->init;

	auth2_octets(o, sa->keys.prf,
	    initiator ? slice_of(init->request, init->request_len) :
	    slice_of(init->answer, init->answer_len),
	    nonce_slice(initiator ? &init->nr : &init->ni), initiator ? init->p.i : init->p.r, id_body);
}

static const char *
prove_by_psk(struct ikev2_sa *sa, const struct conf_profile2 *prof, const struct auth2_octets *o,
    struct ikev2_build *b)
{
	const struct secret *psk =
	    conf2_psk_local(&sa->engine->conf.v2, prof, &sa->path.remote, IDENT_OF(sa->peer_id));
	uint8_t mac[HASH_LEN_MAX];

	if (psk == NULL)
		return "no pre-shared key of ours for this peer";
	if (!auth2_psk(sa->keys.prf, psk, o, mac))
		return "AUTH cannot be made";
	auth2_write(b, AUTH2_PSK, slice_of(mac, hash_len(sa->keys.prf)));
	return NULL;
}

/* Our ID payload, certificates and AUTH.  NULL or a sentence. */
static const char *
prove(struct ikev2_sa *sa, struct ikev2_build *b)
{
	const struct conf_profile2 *prof = ikev2_profile_of(sa);
	bool signs = prof != NULL && prof->set.auth_local != IPC_AUTH_PSK;
	struct auth2_octets octets;
	struct ident id;
	struct pki_own own;
	struct slice body;

	if (prof == NULL)
		return "the IKEv2 profile is gone";
	if (signs && !ikev2_cert_own(sa, prof, &own))
		return "no trustpoint has a certificate and a key of ours for the profile's authentication";
	conf2_ident_local(prof, &sa->path.local, &id);
	if (signs && id.type == ID_DER_DN && !pki_own_ident(&own, &id))
		return "the subject of our certificate is longer than an identity can be";
	body = ident2_write(b, sa->initiator ? PAYLOAD2_IDI : PAYLOAD2_IDR, &id);
	ident_hold(&sa->id, &id);
	octets_of(sa, sa->initiator, body, &octets);
	ikev2_cert_ask(sa, prof, b);
	sa->auth_sign = prof->set.auth_local;
	return signs ? ikev2_cert_prove(sa, &own, &octets, b) : prove_by_psk(sa, prof, &octets, b);
}

/* The peer's.  NULL, or why it is not who it says. */
static const char *
check(struct ikev2_sa *sa, const struct conf_profile2 *prof, const struct ikev2_msg *m,
    const struct ident *id)
{
	struct slice id_body = ikev2_msg_body(m, sa->initiator ? PAYLOAD2_IDR : PAYLOAD2_IDI), data;
	const struct secret *psk;
	struct auth2_octets octets;
	uint8_t want[HASH_LEN_MAX], method;
	const char *why = auth2_read(ikev2_msg_body(m, PAYLOAD2_AUTH), &method, &data);

	if (why != NULL)
		return why;
	octets_of(sa, !sa->initiator, id_body, &octets);
	if (method != AUTH2_PSK)
		return ikev2_cert_check(sa, prof, m, id, &octets, method, data);
	if ((prof->set.auth_remote & IPC_AUTH_PSK) == 0)
		return "the peer's authentication method is not wanted";
	psk = conf2_psk_remote(&sa->engine->conf.v2, prof, &sa->path.remote, id);
	if (psk == NULL)
		return "no pre-shared key for this peer";
	if (!auth2_psk(sa->keys.prf, psk, &octets, want) || data.len != hash_len(sa->keys.prf) ||
	    !equal_in_constant_time(want, data.p, data.len))
		return "AUTH is wrong: the pre-shared keys differ";
	sa->auth_verify = IPC_AUTH_PSK;
	return NULL;
}

/* --- INITIAL_CONTACT (RFC 7296 2.4) --- */

static bool
is_initial_contact(const struct ikev2_sa *sa)
{
	const struct conf_profile2 *prof = ikev2_profile_of(sa);
	struct ikev2_sa *other, *tmp;

	if (prof != NULL && prof->set.initial_contact)
		return true;
	DL_FOREACH_SAFE2 (ikev2_sas_beside(sa), other, tmp, at_next)
		if (other != sa && (ikev2_sa_is_up(other) || other->children != NULL))
			return false;
	return true;
}

/*
 * The peer has nothing but this SA, when it said so.  What came up while this one
 * was being made it knew or has made since: its message and ours have crossed.
 */
static void
drop_others(struct ikev2_sa *sa)
{
	struct ikev2_sa *other, *tmp;

	DL_FOREACH_SAFE2 (ikev2_sas_beside(sa), other, tmp, at_next) {
		if (other == sa || other->init != NULL || !ikev2_same_peer(other, sa) ||
		    ikev2_began_before(sa, other))
			continue;
		ikev2_enter(other, IKEV2_CLOSING, "the peer knows nothing of it");
		ikev2_children_drop(other);
		ikev2_sa_remove(other);
	}
}

/* --- initiator --- */

static enum step_result
send_auth(struct ikev2_ask *a)
{
	struct ikev2_sa *sa = a->sa;
	struct ikev2_nego *n = a->nego;
	struct ikev2_build b;
	const char *why;

	ikev2_build_begin(&b);
	why = prove(sa, &b);
	crash_token_put(sa, &b);
	if (why == NULL && n != NULL && !ikev2_nego_offer(n, &b))
		why = "nothing can be offered";
	if (is_initial_contact(sa))
		notify2_put(&b, N2_INITIAL_CONTACT);
	window_size_put(sa, &b);
	if (why == NULL && !ikev2_request(a, EXCHANGE2_AUTH, &b))
		why = "IKE_AUTH does not fit";
	if (why != NULL) {
		ikev2_sa_failed(sa, why);
		return STEP_FAIL;
	}
	ikev2_enter(sa, IKEV2_I_AUTH, "sent IKE_AUTH");
	return STEP_DONE;
}

static void
initiator_ready(struct ikev2_nego *n)
{
	if (n->spi == 0)
		ikev2_sa_failed(n->sa, "espd has no SPI left");
	else
		send_auth(n->ask);
}

enum step_result
ikev2_auth_start(struct ikev2_sa *sa)
{
	struct ike_peer *p = peer_by_ref(sa->engine, sa->init->peer_ref);
	struct ikev2_ask *a = window_ask(&sa->window, sa, TASK_NONE, 0);
	struct ikev2_nego *n;

	if (p == NULL) {
		if (sa->init->childless)
			return send_auth(a);
		ikev2_sa_failed(sa, "nobody needs it any more");
		return STEP_FAIL;
	}
	n = ikev2_nego_ask(a);
	if (!ikev2_nego_want(n, p)) {
		ikev2_sa_failed(sa, "the protection has no usable IPsec profile");
		return STEP_FAIL;
	}
	ikev2_nego_reserve(n, initiator_ready);
	return STEP_WAIT;
}

/* RFC 7296 2.21.2: the responder believes that it is up, so it must hear that it is not. */
static enum step_result
refuse_responder(struct ikev2_sa *sa, const char *why)
{
	struct ikev2_build b;

	ikev2_log_aborted(sa->engine, &sa->path.remote, true, why);
	diagnose_note(sa->engine, why);
	engine_count(sa->engine, IKE_DROP_AUTH);
	engine_count(sa->engine, IKE_V2_FAILED);
	if (sa->asked->nego != NULL) {
		struct ike_peer *p = sa->asked->nego->peer;

		ikev2_nego_end(sa->asked->nego);
		peer_failed(p);
		peer_update(p);
	}
	ikev2_init_free(sa);
	ikev2_build_begin(&b);
	notify2_put(&b, N2_AUTHENTICATION_FAILED);
	if (!ikev2_request(window_ask(&sa->window, sa, TASK_NONE, 0), EXCHANGE2_INFO, &b)) {
		ikev2_sa_remove(sa);
		return STEP_FAIL;
	}
	kept_drop_sa2(sa);
	timer_stop(&sa->life_timer);
	ikev2_enter(sa, IKEV2_CLOSING, "the responder is not who it should be");
	return STEP_FAIL;
}

/* The pair that came with it, or the reason why none did. */
static void
take_first_child(struct ikev2_sa *sa, const struct ikev2_msg *m, struct slice ni, struct slice nr)
{
	struct ikev2_nego *n = sa->asked->nego;
	struct ike_peer *p = n == NULL ? NULL : n->peer;
	struct ike_child *c = NULL;
	const char *why;

	if (n == NULL)
		return;
	if ((m->seen & P2(SA)) == 0)
		why = notify2_name(notify2_error(m));
	else
		why = ikev2_nego_take_answer(n, m);
	if (why == NULL && (c = ikev2_nego_child(n, ni, nr)) == NULL)
		why = "its keys cannot be made";
	if (why != NULL) {
		ikev2_no_pair(sa, p, why);
		diagnose_note(sa->engine, why);
		engine_count(sa->engine, IKE_V2_CHILD_FAILED);
		if ((m->seen & P2(SA)) != 0)
			ikev2_task_add(sa, TASK_DELETE_CHILD, n->spi);
		ikev2_nego_end(n);
		peer_failed(p);
		return;
	}
	ikev2_nego_end(n);
	engine_count(sa->engine, IKE_V2_CHILD_DONE);
	child_install(c, SA_BOTH);
	child_initiated(c);
}

static enum step_result
take_auth_answer(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	const struct conf_profile2 *prof = ikev2_profile_of(sa);
	struct ike_nonce ni = sa->init->ni, nr = sa->init->nr;
	struct ident id = {0};
	char maps[IKEV2_MAPS_ROOM];
	const char *why = prof == NULL ? "the IKEv2 profile is gone" :
	    ident2_read(ikev2_msg_body(m, PAYLOAD2_IDR), &id);

	ikev2_cert_maps(sa, m, maps);
	if (why == NULL && !conf2_matches(&sa->engine->conf.v2, prof, &id, &sa->path.local, maps))
		why = "the profile does not match the responder's identity";
	if (why == NULL)
		why = check(sa, prof, m, &id);
	if (why != NULL)
		return refuse_responder(sa, why);
	ident_hold(&sa->peer_id, &id);
	crash_token_take(sa, m);
	window_size_take(sa, m);
	ikev2_sa_up(sa);
	take_first_child(sa, m, nonce_slice(&ni), nonce_slice(&nr));
	if (!sa->gone)
		ikev2_sa_announce(sa);
	return STEP_DONE;
}

static enum step_result
take_auth_refusal(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	char why[80];

	snprintf(why, sizeof(why), "the peer says %s", notify2_name(notify2_error(m)));
	ikev2_sa_failed(sa, why);
	return STEP_FAIL;
}

/* --- responder --- */

/* What was said is not forgotten at once: the refusal may be lost. */
static enum step_result
refuse_initiator(struct ikev2_sa *sa, uint32_t msgid, enum ike_counter what, const char *why)
{
	engine_count(sa->engine, what);
	ikev2_refuse(sa, msgid, EXCHANGE2_AUTH, N2_AUTHENTICATION_FAILED, (struct slice){NULL, 0});
	ikev2_sa_failed(sa, why);
	return STEP_FAIL;
}

/* n NULL: without a pair, because of `refusal` or because none was asked for. */
static enum step_result
answer_auth(struct ikev2_sa *sa, uint32_t msgid, struct ikev2_nego *n, uint16_t refusal)
{
	struct ikev2_build b;
	struct ike_child *c = NULL;
	const char *why;

	ikev2_build_begin(&b);
	why = prove(sa, &b);
	if (why != NULL)
		return refuse_initiator(sa, msgid, IKE_DROP_NO_KEY, why);
	crash_token_put(sa, &b);
	window_size_put(sa, &b);
	if (n != NULL) {
		ikev2_nego_answer(n, &b);
		c = ikev2_nego_child(n, nonce_slice(&sa->init->ni), nonce_slice(&sa->init->nr));
		ikev2_nego_end(n);
		if (c == NULL)
			return refuse_initiator(sa, msgid, IKE_DROP_REFUSED, "the pair has no keys");
		child_install(c, SA_BOTH);
	}
	if (refusal != 0)
		notify2_put(&b, refusal);
	ikev2_sa_up(sa);
	if (!ikev2_answer(sa, msgid, EXCHANGE2_AUTH, &b)) {
		ikev2_sa_dead(sa, "the answer to IKE_AUTH does not fit");
		return STEP_FAIL;
	}
	engine_count(sa->engine, c != NULL ? IKE_V2_CHILD_DONE : IKE_V2_CHILD_FAILED);
	if (c != NULL) {
		child_answered(c);
		peer_update(c->peer);
	}
	ikev2_sa_announce(sa);
	return STEP_DONE;
}

static void
responder_ready(struct ikev2_nego *n)
{
	struct ikev2_sa *sa = n->sa;
	uint32_t msgid = n->reply->msgid;

	if (n->spi != 0) {
		answer_auth(sa, msgid, n, 0);
		return;
	}
	ikev2_nego_end(n);
	answer_auth(sa, msgid, NULL, N2_NO_ADDITIONAL_SAS);
}

#define CHILD_PAYLOADS (P2(SA) | P2(TSI) | P2(TSR))

static enum step_result
take_auth_request(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	const struct conf_profile2 *prof = NULL;
	struct ikev2_nego *n;
	struct ident id;
	uint16_t refusal;
	char maps[IKEV2_MAPS_ROOM], nobody[64 + IDENT_STRLEN];
	const char *why = ident2_read(ikev2_msg_body(m, PAYLOAD2_IDI), &id);

	ikev2_cert_heard(sa, m);
	ikev2_cert_maps(sa, m, maps);
	if (why == NULL) {
		prof = conf2_profile_for(&sa->engine->conf.v2, &id, &sa->path.local, maps);
		snprintf(nobody, sizeof(nobody), "no profile matches the initiator's identity, %s",
		    IDENT_STR(&id));
		why = prof == NULL ? nobody : check(sa, prof, m, &id);
	}
	if (why != NULL)
		return refuse_initiator(sa, m->h.msgid, IKE_DROP_AUTH, why);
	sa->profile = name_once(prof->set.name);
	ident_hold(&sa->peer_id, &id);
	crash_token_take(sa, m);
	window_size_take(sa, m);
	if (notify2_has(m, N2_INITIAL_CONTACT))
		drop_others(sa);
	if ((m->seen & CHILD_PAYLOADS) == 0)
		return answer_auth(sa, m->h.msgid, NULL, 0);
	n = ikev2_nego_reply(sa, m->h.msgid);
	refusal = (m->seen & CHILD_PAYLOADS) != CHILD_PAYLOADS ? N2_INVALID_SYNTAX :
	    ikev2_nego_take_offer(n, m);
	if (refusal != 0) {
		ikev2_no_pair(sa, NULL, notify2_name(refusal));
		diagnose_note(sa->engine, notify2_name(refusal));
		ikev2_nego_end(n);
		return answer_auth(sa, m->h.msgid, NULL, refusal);
	}
	ikev2_enter(sa, IKEV2_R_AUTH, "the initiator proved itself");
	ikev2_nego_reserve(n, responder_ready);
	return STEP_WAIT;
}

#define AUTH_MAY (P2(N) | P2(V) | P2(CERT) | P2(CERTREQ) | P2(CP) | CHILD_PAYLOADS)

const struct ikev2_step ikev2_auth_steps[] = {
	/* HDR, SK {IDi, [CERT,] [CERTREQ,] [IDr,] AUTH, SAi2, TSi, TSr}  --> */
	{ .story = "took IKE_AUTH", .exchange = EXCHANGE2_AUTH, .request = true, .in = IN(R_INIT),
	  .must = P2(IDI) | P2(AUTH), .may = P2(IDR) | AUTH_MAY, .run = take_auth_request },
	/* <--  HDR, SK {IDr, [CERT,] AUTH, SAr2, TSi, TSr} */
	{ .story = "is up", .exchange = EXCHANGE2_AUTH, .in = IN(I_AUTH),
	  .must = P2(IDR) | P2(AUTH), .may = AUTH_MAY, .run = take_auth_answer },
	/* <--  HDR, SK {N(AUTHENTICATION_FAILED)} */
	{ .story = "was refused", .exchange = EXCHANGE2_AUTH, .in = IN(I_AUTH), .must = P2(N),
	  .may = P2(V) | P2(D), .run = take_auth_refusal },
	{ .story = NULL },
};
