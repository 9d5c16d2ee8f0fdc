/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CREATE_CHILD_SA for an IKE SA that replaces this one (RFC 7296 1.3.2, 2.18).
 *
 *	Initiator                                 Responder
 *	HDR, SK {SA, Ni, KEi}  -->
 *	                             <--  HDR, SK {SA, Nr, KEr, [N(QCD_TOKEN)]}
 *
 * The pairs of ESP SAs move to the new SA, and who began it deletes the old
 * one.  When both sides began at once, the SA that was made with the lowest of
 * the four nonces is deleted by who began it; the pairs move to the other
 * (RFC 7296 2.8.2).  Until our answer comes the peer's waits as our `rival`.
 */
#include <stdio.h>
#include <string.h>

#include "ikev2.h"
#include "ikev2_crash.h"
#include "ikev2_nego.h"
#include "ikev2_window_size.h"
#include "kept.h"
#include "log.h"
#include "payload2.h"

/* --- what both sides do --- */

/* The same peer under other keys. */
static struct ikev2_sa *
heir_new(const struct ikev2_sa *sa, bool initiator)
{
	struct ikev2_sa *heir = ikev2_sa_new(sa->engine, &sa->path, initiator);

	heir->profile = sa->profile;
	heir->session_id = sa->session_id;
	ident_share(&heir->id, sa->id);
	ident_share(&heir->peer_id, sa->peer_id);
	heir->natt = sa->natt;
	heir->nat_local = sa->nat_local;
	heir->nat_remote = sa->nat_remote;
	heir->forced = sa->forced;
	heir->fragments = sa->fragments;
	heir->auth_sign = sa->auth_sign;
	heir->auth_verify = sa->auth_verify;
	heir->child_group = sa->child_group;
	return heir;
}

/* KE and NONCE of the peer, and its SPI: the heir's keys. */
static const char *
derive(const struct ikev2_sa *sa, struct ikev2_sa *heir, struct slice spi, struct slice ke)
{
	struct ikev2_init *init = heir->init;
	struct dh_secret gxy;
	struct keymat2_seed seed = {nonce_slice(&init->ni), nonce_slice(&init->nr), heir->spi_i,
	    heir->spi_r, {gxy.b, 0}};
	const char *why;

	if (spi.len != IKE_SPI_LEN)
		return "the SPI of the new SA has a wrong length";
	if (heir->initiator)
		memcpy(heir->spi_r, spi.p, IKE_SPI_LEN);
	else
		ikev2_sa_set_first(heir, spi.p);
	why = dh_shared(init->dh, ke, &gxy);
	seed.gxy.len = gxy.len;
	if (why == NULL && !keymat2_rekey(&heir->keys, &sa->keys, &heir->agreed, &seed))
		why = "the keys cannot be made";
	dh_secret_wipe(&gxy);
	return why;
}

/* From here on `heir` does what sa did. */
static void
hand_over(struct ikev2_sa *sa, struct ikev2_sa *heir)
{
	ikev2_children_move(sa, heir);
	ikev2_tasks_move(sa, heir);
	timer_stop(&sa->liveness_timer);
	timer_stop(&sa->keepalive_timer);
	ikev2_enter(sa, IKEV2_OLD, "replaced");
	ikev2_life_start(sa);
	kept_save_sa2(sa);
	ikev2_liveness_start(heir);
	ikev2_keepalive_start(heir);
}

/* An SA that came of a collision and is not used: its maker deletes it. */
static void
set_aside(struct ikev2_sa *sa)
{
	ikev2_enter(sa, IKEV2_OLD, "lost the crossing");
	ikev2_life_start(sa);
	kept_save_sa2(sa);
}

/* --- as initiator --- */

static bool
send_request(struct ikev2_ask *a, struct ikev2_sa *heir)
{
	struct ikev2_sa *sa = a->sa;
	const struct conf_proposal2 *want[PROPOSALS2_MAX];
	unsigned int count = conf2_proposals(&sa->engine->conf.v2, &sa->path.local, want);
	struct ikev2_init *init = heir->init;
	struct ikev2_build b;

	init->dh = dh_new(init->group);
	if (count == 0 || init->dh == NULL)
		return false;
	nonce_new(&init->ni);
	ikev2_build_begin(&b);
	prop2_ike_offer(ikev2_build_payload(&b, PAYLOAD2_SA), want, count,
	    slice_of(heir->ours, IKE_SPI_LEN));
	ikev2_build_put(&b, PAYLOAD2_NONCE, nonce_slice(&init->ni));
	ke2_write(&b, init->group, dh_public(init->dh));
	return ikev2_request(a, EXCHANGE2_CHILD, &b);
}

static bool
begin(struct ikev2_ask *a)
{
	struct ikev2_sa *sa = a->sa, *heir = heir_new(sa, true);

	heir->init->group = sa->agreed.group;
	sa->successor = heir;
	heir->maker = sa;
	if (send_request(a, heir))
		return true;
	ikev2_sa_remove(heir);
	return false;
}

bool
ikev2_begin_rekey_ike(struct ikev2_ask *a)
{
	return a->sa->state == IKEV2_UP && a->sa->successor == NULL && begin(a);
}

static const char *
read_answer(struct ikev2_sa *sa, struct ikev2_sa *heir, const struct ikev2_msg *m)
{
	const struct conf_proposal2 *want[PROPOSALS2_MAX];
	unsigned int count = conf2_proposals(&sa->engine->conf.v2, &sa->path.local, want);
	const struct offer2 *chosen;
	struct offers2 offers;
	struct slice nonce, ke;
	uint16_t group;
	const char *why = offers2_read(ikev2_msg_body(m, PAYLOAD2_SA), &offers);

	if (why == NULL)
		why = nonce2_read(ikev2_msg_body(m, PAYLOAD2_NONCE), &nonce);
	if (why == NULL)
		why = ke2_read(ikev2_msg_body(m, PAYLOAD2_KE), &group, &ke);
	if (why != NULL)
		return why;
	chosen = prop2_ike_choose(&offers, want, count, group, &heir->agreed);
	if (chosen == NULL || !offers2_is_answer(&offers) || group != heir->init->group ||
	    heir->agreed.group != group)
		return "the answer is none of our proposals";
	nonce_set(&heir->init->nr, nonce);
	crash_token_take(heir, m);
	return derive(sa, heir, chosen->spi, ke);
}

static void
settle(struct ikev2_sa *sa, struct ikev2_sa *heir)
{
	struct ikev2_init *init = heir->init;
	struct ikev2_sa *rival = sa->rival;
	bool lost = rival != NULL &&
	    ikev2_is_lower(ikev2_lowest(&init->ni, &init->nr), nonce_slice(&init->rival_lowest));

	ikev2_sa_up(heir);
	if (lost) {
		hand_over(sa, rival);
		window_size_later(rival);
		ikev2_sa_delete(heir, "it lost the crossing");
		return;
	}
	hand_over(sa, heir);
	crash_token_later(heir);
	window_size_later(heir);
	if (rival != NULL)
		set_aside(rival);
	ikev2_task_add(sa, TASK_DELETE_IKE, 0);
}

/* RFC 7296 2.25: it has no time now, or wants another group.  The lifetime asks again. */
static void
refused(struct ikev2_sa *sa, struct ikev2_sa *heir, const struct ikev2_msg *m)
{
	struct notify2 n;
	struct rbuf r;
	uint16_t group = 0, before = heir->init->group;

	ikev2_debug(sa, "rekeying the IKE SA was refused: %s", notify2_name(notify2_error(m)));
	ikev2_sa_remove(heir);
	if (!notify2_find(m, N2_INVALID_KE_PAYLOAD, 0, &n))
		return;
	rbuf_init(&r, n.data.p, n.data.len);
	group = rbuf_be16(&r);
	if (!r.bad && group != before && dh_public_len(group) != 0 && before == sa->agreed.group &&
	    ratelimit_take(&sa->regroups, engine_now(sa->engine))) {
		sa->agreed.group = (uint8_t)group;	/* what it will be */
		ikev2_task_add(sa, TASK_REKEY_IKE, 0);
	}
}

enum step_result
ikev2_rekey_take_answer(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	struct ikev2_sa *heir = sa->successor;
	const char *why;

	if ((m->seen & P2(SA)) == 0) {
		refused(sa, heir, m);
		return STEP_DONE;
	}
	why = read_answer(sa, heir, m);
	if (why != NULL) {
		/* The peer has the new SA and uses it: this one is of no use any more. */
		ikev2_sa_remove(heir);
		ikev2_sa_delete(sa, why);
		return STEP_FAIL;
	}
	settle(sa, heir);
	return STEP_DONE;
}

/* --- as responder --- */

static enum step_result
refuse(struct ikev2_sa *sa, uint32_t msgid, uint16_t notify, struct slice data)
{
	engine_count(sa->engine, IKE_DROP_REFUSED);
	ikev2_refuse(sa, msgid, EXCHANGE2_CHILD, notify, data);
	return STEP_DONE;
}

/* RFC 7296 2.25.1: no pair may be under way while its IKE SA is replaced. */
static bool
is_busy(const struct ikev2_sa *sa)
{
	const struct ikev2_ask *a;

	DL_FOREACH (sa->window.asks, a)
		if (a->kind == TASK_DELETE_CHILD)
			return true;
	return sa->negos != NULL || sa->rival != NULL;
}

static const char *
answer(struct ikev2_sa *sa, struct ikev2_sa *heir, uint32_t msgid, const struct offer2 *chosen,
    struct slice nonce, struct slice ke)
{
	struct ikev2_build b;
	const char *why;

	heir->init->dh = dh_new(heir->agreed.group);
	if (heir->init->dh == NULL)
		return "the group is not supported";
	nonce_set(&heir->init->ni, nonce);
	nonce_new(&heir->init->nr);
	why = derive(sa, heir, chosen->spi, ke);
	if (why != NULL)
		return why;
	ikev2_build_begin(&b);
	prop2_answer(ikev2_build_payload(&b, PAYLOAD2_SA), &heir->agreed, PROTO_ISAKMP,
	    slice_of(heir->ours, IKE_SPI_LEN));
	ikev2_build_put(&b, PAYLOAD2_NONCE, nonce_slice(&heir->init->nr));
	ke2_write(&b, heir->agreed.group, dh_public(heir->init->dh));
	crash_token_put(heir, &b);
	if (sa->successor != NULL)
		nonce_set(&sa->successor->init->rival_lowest,
		    ikev2_lowest(&heir->init->ni, &heir->init->nr));
	ikev2_sa_up(heir);
	if (sa->successor != NULL) {
		sa->rival = heir;
		heir->maker = sa;
	} else {
		hand_over(sa, heir);
	}
	return ikev2_answer(sa, msgid, EXCHANGE2_CHILD, &b) ? NULL : "the answer does not fit";
}

enum step_result
ikev2_rekey_take_request(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	const struct conf_proposal2 *want[PROPOSALS2_MAX];
	unsigned int count = conf2_proposals(&sa->engine->conf.v2, &sa->path.local, want);
	const struct offer2 *chosen;
	struct offers2 offers;
	struct slice nonce, ke, none = {NULL, 0};
	uint32_t msgid = m->h.msgid;
	struct ikev2_sa *heir;
	struct prop2 agreed;
	uint16_t group;

	if (is_busy(sa) || ikev2_peer_has_many(sa))
		return refuse(sa, msgid, N2_TEMPORARY_FAILURE, none);
	if (offers2_read(ikev2_msg_body(m, PAYLOAD2_SA), &offers) != NULL ||
	    nonce2_read(ikev2_msg_body(m, PAYLOAD2_NONCE), &nonce) != NULL ||
	    ke2_read(ikev2_msg_body(m, PAYLOAD2_KE), &group, &ke) != NULL)
		return refuse(sa, msgid, N2_INVALID_SYNTAX, none);
	chosen = prop2_ike_choose(&offers, want, count, group, &agreed);
	if (chosen == NULL)
		return refuse(sa, msgid, N2_NO_PROPOSAL_CHOSEN, none);
	if (agreed.group != group)
		return refuse(sa, msgid, N2_INVALID_KE_PAYLOAD,
		    slice_of((uint8_t[]){0, agreed.group}, 2));
	heir = heir_new(sa, false);
	heir->agreed = agreed;
	if (answer(sa, heir, msgid, chosen, nonce, ke) != NULL) {
		ikev2_sa_remove(heir);
		return refuse(sa, msgid, N2_NO_ADDITIONAL_SAS, none);
	}
	if (sa->rival != heir)
		window_size_later(heir);
	return STEP_DONE;
}

void
ikev2_rekey_closed(struct ikev2_sa *sa)
{
	struct ikev2_sa *rival = sa->rival;

	if (rival == NULL)
		return;
	hand_over(sa, rival);
	window_size_later(rival);
}
