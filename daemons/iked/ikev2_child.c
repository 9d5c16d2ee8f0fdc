/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CREATE_CHILD_SA for a pair of ESP SAs (RFC 7296 1.3.1, 1.3.3).
 *
 *	Initiator                                 Responder
 *	HDR, SK {[N(REKEY_SA),] SA, Ni, [KEi,] TSi, TSr}  -->
 *	                             <--  HDR, SK {SA, Nr, [KEr,] TSi, TSr}
 *
 * Who replaced a pair deletes the old one.  When both sides replaced the same
 * pair at once, each knows all four nonces: the pair that was made with the
 * lowest of them is deleted by who began it, and the old one by the other
 * (RFC 7296 2.8.1).  What else may cross is answered as 2.25.1 asks.
 */
#include <utlist.h>

#include "child.h"
#include "ikev2_nego.h"
#include "log.h"
#include "payload2.h"

static struct slice
spi_slice(uint32_t spi, uint8_t b[4])
{
	b[0] = (uint8_t)(spi >> 24);
	b[1] = (uint8_t)(spi >> 16);
	b[2] = (uint8_t)(spi >> 8);
	b[3] = (uint8_t)spi;
	return slice_of(b, 4);
}

/* --- as initiator --- */

/* It comes to nothing; its peer or its pair tries again later. */
static void
give_up(struct ikev2_nego *n, const char *why)
{
	struct ikev2_sa *sa = n->sa;
	struct ike_peer *p = n->peer;

	ikev2_debug(sa, "CREATE_CHILD_SA failed: %s", why);
	diagnose_note(sa->engine, why);
	engine_count(sa->engine, IKE_V2_CHILD_FAILED);
	ikev2_nego_end(n);
	if (p != NULL) {
		peer_failed(p);
		peer_update(p);
	}
}

static void
send_request(struct ikev2_nego *n)
{
	struct ikev2_ask *a = n->ask;
	struct ikev2_build b;
	struct slice none = {NULL, 0};
	uint8_t spi[4];

	if (n->spi == 0) {
		give_up(n, "espd has no SPI left");
		ikev2_task_failed(a);
		return;
	}
	ikev2_build_begin(&b);
	if (n->old != 0)
		notify2_write(&b, PROTO_ESP, N2_REKEY_SA, spi_slice(n->old, spi), none);
	if (!ikev2_nego_offer(n, &b) || !ikev2_request(a, EXCHANGE2_CHILD, &b)) {
		give_up(n, "the request cannot be made");
		ikev2_task_failed(a);
	}
}

static bool
begin(struct ikev2_ask *a, struct ike_peer *p, uint32_t old)
{
	struct ikev2_nego *n = ikev2_nego_ask(a);

	n->with_ke = true;
	n->old = old;
	if (!ikev2_nego_want(n, p)) {
		give_up(n, "the protection has no usable IPsec profile");
		return false;
	}
	ikev2_nego_reserve(n, send_request);
	return true;
}

bool
ikev2_begin_new_child(struct ikev2_ask *a)
{
	struct ike_peer *p = peer_by_ref(a->sa->engine, a->spi);

	return p != NULL && p->current == NULL && a->sa->state == IKEV2_UP && begin(a, p, 0);
}

/* The peer may have replaced it meanwhile. */
bool
ikev2_begin_rekey_child(struct ikev2_ask *a)
{
	struct ike_child *c = ikev2_child_by_spi(a->sa, a->spi);

	return c != NULL && !c->retiring && a->sa->state == IKEV2_UP && begin(a, c->peer, a->spi);
}

/*
 * Ours and the peer's replaced the same pair.  True when ours is the one that
 * goes: the peer's is used, and the peer deletes the old one.
 */
static bool
loses(const struct ikev2_nego *n)
{
	return n->rival.spi != 0 &&
	    ikev2_is_lower(ikev2_lowest(&n->ni, &n->nr), nonce_slice(&n->rival.lowest));
}

static void
use(struct ikev2_nego *n)
{
	struct ikev2_sa *sa = n->sa;
	struct ike_child *c = ikev2_nego_child(n, nonce_slice(&n->ni), nonce_slice(&n->nr)), *rival;
	uint32_t rival_spi = n->rival.spi, old = n->old;
	bool lost = loses(n);

	if (c == NULL) {
		give_up(n, "its keys cannot be made");
		return;
	}
	ikev2_nego_end(n);
	engine_count(sa->engine, IKE_V2_CHILD_DONE);
	child_install(c, SA_BOTH);
	rival = rival_spi == 0 ? NULL : ikev2_child_by_spi(sa, rival_spi);
	if (lost && rival != NULL) {
		ikev2_debug(sa, "both replaced one pair: ours, 0x%08X, goes", c->sa.spi);
		child_remove(c, true);	/* the rival is used when the peer does, or deletes the old one */
		return;
	}
	child_current(c);
	if (old != 0 && ikev2_child_by_spi(sa, old) != NULL)
		ikev2_task_add(sa, TASK_DELETE_CHILD, old);
}

/* True when it begins again, with the group that the peer wants for PFS. */
static bool
begin_again(struct ikev2_nego *n, const struct ikev2_msg *m)
{
	struct ikev2_sa *sa = n->sa;
	struct notify2 notify;
	struct rbuf r;
	uint16_t group;

	if (!notify2_find(m, N2_INVALID_KE_PAYLOAD, 0, &notify))
		return false;
	rbuf_init(&r, notify.data.p, notify.data.len);
	group = rbuf_be16(&r);
	if (r.bad || n->want[0].pfs_group != 0 || sa->child_group == group ||
	    group > UINT8_MAX || dh_public_len(group) == 0 ||
	    !ratelimit_take(&sa->regroups, engine_now(sa->engine)))
		return false;
	sa->child_group = (uint8_t)group;
	ikev2_nego_end(n);
	ikev2_task_add(sa, sa->asked->kind, sa->asked->spi);
	return true;
}

/* The pair is not known to the peer, or it has no time now (RFC 7296 2.25). */
static void
refused(struct ikev2_nego *n, const struct ikev2_msg *m)
{
	struct ikev2_sa *sa = n->sa;
	uint16_t error = notify2_error(m);
	struct ike_child *old = n->old == 0 ? NULL : ikev2_child_by_spi(sa, n->old);
	struct ike_peer *p = n->peer;

	if (begin_again(n, m))
		return;
	if (error != N2_TEMPORARY_FAILURE && error != N2_CHILD_SA_NOT_FOUND && p != NULL)
		ikev2_no_pair(sa, p, notify2_name(error));
	give_up(n, notify2_name(error));
	if (error != N2_CHILD_SA_NOT_FOUND || old == NULL || old->retiring)
		return;
	child_remove(old, false);
	if (p->current == NULL)
		peer_lost(p);
}

static enum step_result
take_answer(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	struct ikev2_nego *n = sa->asked->nego;
	const char *why;

	if (sa->asked->kind == TASK_REKEY_IKE && sa->successor != NULL && sa->successor->init != NULL)
		return ikev2_rekey_take_answer(sa, m);
	if (n == NULL)
		return STEP_DONE;	/* asked before a restart, or for a peer that went */
	if ((m->seen & P2(SA)) == 0) {
		refused(n, m);
		return STEP_DONE;
	}
	/* What an SA that is being deleted carries goes with it, on both sides. */
	why = sa->state == IKEV2_CLOSING ? "the IKE SA is being deleted" :
	    ikev2_nego_take_answer(n, m);
	if (why == NULL) {
		use(n);
		return STEP_DONE;
	}
	/* The peer has the pair now: it must hear that we have not. */
	ikev2_task_add(sa, TASK_DELETE_CHILD, n->spi);
	give_up(n, why);
	return STEP_DONE;
}

/* --- as responder --- */

static enum step_result
refuse(struct ikev2_sa *sa, uint32_t msgid, uint16_t notify, const struct ikev2_nego *n)
{
	uint8_t group[] = {0, n == NULL ? 0 : (uint8_t)n->agreed.group};
	struct slice data = {NULL, 0};

	if (notify == N2_INVALID_KE_PAYLOAD)
		data = slice_of(group, sizeof(group));
	if (notify != N2_TEMPORARY_FAILURE && notify != N2_CHILD_SA_NOT_FOUND && data.len == 0)
		ikev2_no_pair(sa, NULL, notify2_name(notify));
	engine_count(sa->engine, notify == N2_NO_PROPOSAL_CHOSEN ? IKE_DROP_NO_PROPOSAL :
	    IKE_DROP_REFUSED);
	ikev2_refuse(sa, msgid, EXCHANGE2_CHILD, notify, data);
	return STEP_DONE;
}

/* RFC 7296 2.8.1: what we ask for now and what the peer asked for replace the same pair. */
static void
note_rival(struct ikev2_sa *sa, const struct ikev2_nego *theirs, const struct ike_child *c)
{
	struct ikev2_nego *ours;

	DL_FOREACH (sa->negos, ours)
		if (ours->initiator && theirs->old != 0 && ours->old == theirs->old)
			break;
	if (ours == NULL)
		return;
	ours->rival.spi = c->sa.spi;
	nonce_set(&ours->rival.lowest, ikev2_lowest(&theirs->ni, &theirs->nr));
}

static void
answer_request(struct ikev2_nego *n)
{
	struct ikev2_sa *sa = n->sa;
	uint32_t msgid = n->reply->msgid;
	struct ike_child *c;
	struct ikev2_build b;

	if (n->spi == 0) {
		ikev2_nego_end(n);
		refuse(sa, msgid, N2_NO_ADDITIONAL_SAS, NULL);
		return;
	}
	ikev2_build_begin(&b);
	ikev2_nego_answer(n, &b);
	c = ikev2_nego_child(n, nonce_slice(&n->ni), nonce_slice(&n->nr));
	if (c == NULL) {
		ikev2_nego_end(n);
		refuse(sa, msgid, N2_NO_ADDITIONAL_SAS, NULL);
		return;
	}
	note_rival(sa, n, c);
	ikev2_nego_end(n);
	child_install(c, SA_BOTH);
	if (!ikev2_answer(sa, msgid, EXCHANGE2_CHILD, &b)) {
		child_remove(c, false);
		return;
	}
	engine_count(sa->engine, IKE_V2_CHILD_DONE);
	child_answered(c);
	peer_update(c->peer);
}

enum { CHILDREN_MAX = 256 };	/* of one IKE SA, those that are being replaced included */

static unsigned int
count_children(const struct ikev2_sa *sa)
{
	const struct ike_child *c;
	unsigned int n = 0;

	DL_FOREACH2 (sa->children, c, ike_next)
		n++;
	return n;
}

/* The pair that is to be replaced; 0 and NULL: none is. */
static uint16_t
find_old(struct ikev2_sa *sa, const struct ikev2_msg *m, struct ike_child **old)
{
	struct notify2 n;
	struct rbuf r;

	*old = NULL;
	if (!notify2_find(m, N2_REKEY_SA, 0, &n))
		return 0;
	rbuf_init(&r, n.spi.p, n.spi.len);
	if (n.proto == PROTO_ESP && n.spi.len == 4)
		*old = ikev2_child_by_peer_spi(sa, rbuf_be32(&r));
	/* The answer that brings it to us may be on its way. */
	if (*old == NULL)
		return ikev2_negos_asked(sa) ? N2_TEMPORARY_FAILURE : N2_CHILD_SA_NOT_FOUND;
	/* It is being deleted by us. */
	return ikev2_task_is_due(sa, TASK_DELETE_CHILD, (*old)->sa.spi) ? N2_TEMPORARY_FAILURE : 0;
}

static bool
asks_for_ike_sa(const struct ikev2_msg *m)
{
	struct offers2 offers;

	return offers2_read(ikev2_msg_body(m, PAYLOAD2_SA), &offers) == NULL &&
	    offers.list[0].proto == PROTO_ISAKMP;
}

static enum step_result
take_request(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	struct ike_child *old;
	struct ikev2_nego *n;
	uint16_t refusal;

	if (asks_for_ike_sa(m))
		return ikev2_rekey_take_request(sa, m);
	refusal = find_old(sa, m, &old);
	if (sa->successor != NULL)
		refusal = N2_TEMPORARY_FAILURE;
	else if (refusal == 0 && count_children(sa) >= CHILDREN_MAX)
		refusal = N2_NO_ADDITIONAL_SAS;
	if (refusal != 0)
		return refuse(sa, m->h.msgid, refusal, NULL);
	n = ikev2_nego_reply(sa, m->h.msgid);
	n->with_ke = true;
	if (old != NULL) {
		n->old = old->sa.spi;
		n->peer = old->peer;
	}
	refusal = ikev2_nego_take_offer(n, m);
	if (refusal != 0) {
		refuse(sa, m->h.msgid, refusal, n);
		ikev2_nego_end(n);
		return STEP_DONE;
	}
	ikev2_nego_reserve(n, answer_request);
	return STEP_WAIT;
}

static enum step_result
refuse_request(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	return refuse(sa, m->h.msgid, N2_TEMPORARY_FAILURE, NULL);
}

#define CHILD_MAY (P2(N) | P2(V) | P2(KE) | P2(TSI) | P2(TSR) | P2(CP))

const struct ikev2_step ikev2_child_steps[] = {
	/* HDR, SK {[N(REKEY_SA),] SA, Ni, [KEi,] TSi, TSr}  --> */
	{ .story = "took CREATE_CHILD_SA", .exchange = EXCHANGE2_CHILD, .request = true, .in = IN(UP),
	  .must = P2(SA) | P2(NONCE), .may = CHILD_MAY, .in_turn = asks_for_ike_sa, .run = take_request },
	/* The same, where nothing new may begin: N(TEMPORARY_FAILURE) (RFC 7296 2.25.2) */
	{ .story = "refused CREATE_CHILD_SA", .exchange = EXCHANGE2_CHILD, .request = true,
	  .in = IN(OLD) | IN(CLOSING), .must = P2(SA) | P2(NONCE), .may = CHILD_MAY,
	  .run = refuse_request },
	/* <--  HDR, SK {SA, Nr, [KEr,] TSi, TSr} */
	{ .story = "took the answer", .exchange = EXCHANGE2_CHILD, .in = IN(UP) | IN(OLD) | IN(CLOSING),
	  .must = P2(SA) | P2(NONCE), .may = CHILD_MAY, .run = take_answer },
	/* <--  HDR, SK {N(...)} */
	{ .story = "was refused", .exchange = EXCHANGE2_CHILD, .in = IN(UP) | IN(OLD) | IN(CLOSING),
	  .must = P2(N), .may = P2(V), .run = take_answer },
	{ .story = NULL },
};
