/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IKE_SA_INIT (RFC 7296 1.2, 2.6, 2.7).
 *
 *	Initiator                                 Responder
 *	HDR, SAi1, KEi, Ni  -->
 *	                             <--  HDR, SAr1, KEr, Nr
 *	or                           <--  HDR, N(COOKIE)
 *	or                           <--  HDR, N(INVALID_KE_PAYLOAD)
 *
 * after either of which the initiator begins again, with what was asked for.
 * A responder with many half-open SAs, or with some of this very source,
 * remembers nothing of an initiator before its cookie came back: sources are
 * easily forged, and who forges a peer's must not use up the peer's places.
 * Cookies are always answered, else a flood would keep them from those who
 * mean it; the answer is hardly longer than the shortest question.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ikev2.h"
#include "ikev2_cert.h"
#include "log.h"
#include "natt.h"
#include "once.h"
#include "payload.h"
#include "payload2.h"

enum {
	/* Half-open SAs, where no other number is configured: IOS asks for none then, but without
	 * them a flood of forged sources takes all places that there are. */
	COOKIES_FROM = 256,
	COOKIES_FROM_PEER = 4,		/* of one source */
	RESTARTS_MAX = 4,
};

static enum step_result
fail(struct ikev2_sa *sa, const char *why)
{
	ikev2_sa_failed(sa, why);
	return STEP_FAIL;
}

static void
remember(uint8_t **to, size_t *len, struct slice s)
{
	free(*to);
	*to = malloc(s.len);
	if (*to == NULL)
		log_fatal("out of memory for a message");
	memcpy(*to, s.p, s.len);
	*len = s.len;
}

/* --- NAT detection --- */

/* SHA-1(SPIs as the header has them | address | port), RFC 7296 2.23 */
static void
nat_hash(const uint8_t *spi_i, const uint8_t *spi_r, const struct addr *a, uint16_t port,
    uint8_t out[HASH_LEN_MAX])
{
	uint8_t p[] = {(uint8_t)(port >> 8), (uint8_t)port};
	struct slice in[] = {{spi_i, IKE_SPI_LEN}, {spi_r, IKE_SPI_LEN},
	    {a->b, addr_bytes(a)}, {p, sizeof(p)}};

	hash_all(HASH_SHA1, in, 4, out);
}

void
ikev2_nat_write(struct ikev2_sa *sa, struct ikev2_build *b)
{
	bool force = natt_force(sa->engine, sa->likes_udp);
	struct slice none = {NULL, 0}, sum;
	uint8_t h[HASH_LEN_MAX];

	sum = slice_of(h, hash_len(HASH_SHA1));
	nat_hash(sa->spi_i, sa->spi_r, &sa->path.local, force ? 0 : sa->path.local_port, h);
	sa->forced |= force;
	notify2_write(b, 0, N2_NAT_DETECTION_SOURCE_IP, none, sum);
	nat_hash(sa->spi_i, sa->spi_r, &sa->path.remote, sa->path.remote_port, h);
	notify2_write(b, 0, N2_NAT_DETECTION_DESTINATION_IP, none, sum);
}

void
ikev2_nat_read(struct ikev2_sa *sa, const struct ikev2_msg *m)
{
	uint8_t ours[HASH_LEN_MAX], theirs[HASH_LEN_MAX], false_one[HASH_LEN_MAX];
	struct slice want_ours = {ours, hash_len(HASH_SHA1)}, want_theirs = {theirs, want_ours.len};
	struct slice want_false = {false_one, want_ours.len};
	struct notify2 n;
	unsigned int i;

	if (!notify2_find(m, N2_NAT_DETECTION_DESTINATION_IP, 0, &n))
		return;
	/* The SPIs of that message: the responder's is zero in the first one, though we have chosen it. */
	nat_hash(m->h.cky_i, m->h.cky_r, &m->path.local, m->path.local_port, ours);
	nat_hash(m->h.cky_i, m->h.cky_r, &m->path.remote, m->path.remote_port, theirs);
	nat_hash(m->h.cky_i, m->h.cky_r, &m->path.remote, 0, false_one);
	sa->nat_local = !slice_eq(n.data, want_ours);
	sa->nat_remote = true;
	for (i = 0; notify2_find(m, N2_NAT_DETECTION_SOURCE_IP, i, &n); i++) {
		sa->natt = true;
		sa->forced |= slice_eq(n.data, want_false);
		if (slice_eq(n.data, want_theirs) || slice_eq(n.data, want_false))
			sa->nat_remote = false;
	}
	ikev2_debug(sa, "%s", !ikev2_natt_between(sa) ? "NAT not found" :
	    !sa->nat_local && !sa->nat_remote ? "NAT not found, UDP encapsulation is forced" :
	    sa->nat_local ? "NAT INSIDE found" : "NAT OUTSIDE found");
}

/* --- what both sides say --- */

static void
write_extras(struct ikev2_sa *sa, struct ikev2_build *b)
{
	ikev2_nat_write(sa, b);
	if (sa->engine->conf.v2.global.fragmentation)
		notify2_put(b, N2_IKEV2_FRAGMENTATION_SUPPORTED);
	if (!sa->initiator)
		notify2_put(b, N2_CHILDLESS_IKEV2_SUPPORTED);
	ikev2_cert_offer(sa, b);
	if (sa->engine->conf.v1.global.udp != IPC_UDP_NAT)
		ikev2_build_put(b, PAYLOAD2_V, vendor_id(VENDOR_CULVERT_UDP));
}

static void
read_extras(struct ikev2_sa *sa, const struct ikev2_msg *m)
{
	const struct ikev2_payload *p;
	unsigned int i;

	for (i = 0; (p = ikev2_msg_find(m, PAYLOAD2_V, i)) != NULL; i++)
		sa->likes_udp |= slice_eq(p->body, vendor_id(VENDOR_CULVERT_UDP));
	ikev2_nat_read(sa, m);
	sa->fragments = sa->engine->conf.v2.global.fragmentation &&
	    notify2_has(m, N2_IKEV2_FRAGMENTATION_SUPPORTED);
	sa->init->childless = notify2_has(m, N2_CHILDLESS_IKEV2_SUPPORTED);
	ikev2_cert_heard(sa, m);
}

/* The peer's KE and NONCE are in: SKEYSEED and what follows from it. */
static const char *
derive(struct ikev2_sa *sa, struct slice ke)
{
	struct ikev2_init *init = sa->init;
	struct dh_secret gxy;
	struct keymat2_seed seed = {nonce_slice(&init->ni), nonce_slice(&init->nr), sa->spi_i,
	    sa->spi_r, {gxy.b, 0}};
	const char *why = dh_shared(init->dh, ke, &gxy);

	seed.gxy.len = gxy.len;
	if (why == NULL && !keymat2_derive(&sa->keys, &init->p, &sa->agreed, &seed))
		why = "the keys cannot be made";
	log_debug_about(LOG_DEBUG_ENGINE, &sa->path.remote, "crypto_engine",
	    "Create DH shared secret, group %u: %s", sa->agreed.group, why == NULL ? "done" : why);
	dh_secret_wipe(&gxy);
	dh_free(init->dh);
	init->dh = NULL;
	return why;
}

/* --- initiator --- */

static bool
send_init(struct ikev2_sa *sa)
{
	const struct conf_proposal2 *want[PROPOSALS2_MAX];
	unsigned int count = conf2_proposals(&sa->engine->conf.v2, &sa->path.local, want);
	struct ikev2_init *init = sa->init;
	struct slice none = {NULL, 0};
	struct ikev2_build b;
	struct ikev2_ask *a;

	ikev2_build_begin(&b);
	if (init->cookie_len != 0)
		notify2_write(&b, 0, N2_COOKIE, none, slice_of(init->cookie, init->cookie_len));
	prop2_ike_offer(ikev2_build_payload(&b, PAYLOAD2_SA), want, count, none);
	ke2_write(&b, init->group, dh_public(init->dh));
	ikev2_build_put(&b, PAYLOAD2_NONCE, nonce_slice(&init->ni));
	write_extras(sa, &b);
	if (sa->window.asks != NULL)
		window_drop(&sa->window, sa->window.asks);
	sa->window.next_out = 0;
	a = window_ask(&sa->window, sa, TASK_NONE, 0);
	if (!ikev2_request(a, EXCHANGE2_INIT, &b))
		return false;
	remember(&init->request, &init->request_len, slice_of(a->sent.datagram, a->sent.len));
	return true;
}

struct ikev2_sa *
ikev2_init_start(struct ike_engine *e, const char *profile, const struct addr *local,
    const struct addr *remote, uint32_t peer_ref)
{
	const struct conf_proposal2 *want[PROPOSALS2_MAX];
	unsigned int count = conf2_proposals(&e->conf.v2, local, want);
	const struct conf_profile2 *prof = conf2_profile(&e->conf.v2, profile);
	struct ike_path path = {*local, *remote, IKE_PORT, IKE_PORT};
	struct ikev2_sa *sa;

	if (prof == NULL || prof->set.auth_local == 0 || count == 0 || want[0]->n_group == 0 ||
	    !admission_begin(e, 2, local, remote))
		return NULL;
	sa = ikev2_sa_new(e, &path, true);
	sa->profile = name_once(profile);
	sa->init->peer_ref = peer_ref;
	sa->init->group = want[0]->group[0];
	sa->init->dh = dh_new(sa->init->group);
	nonce_new(&sa->init->ni);
	if (sa->init->dh == NULL || !send_init(sa)) {
		ikev2_sa_remove(sa);
		return NULL;
	}
	ikev2_enter(sa, IKEV2_I_INIT, "sent IKE_SA_INIT");
	return sa;
}

/* Whether some proposal of ours has the group: a forged answer can ask for no other. */
static bool
is_wanted_group(struct ikev2_sa *sa, uint16_t group)
{
	const struct conf_proposal2 *want[PROPOSALS2_MAX];
	unsigned int i, j, count = conf2_proposals(&sa->engine->conf.v2, &sa->path.local, want);

	for (i = 0; i < count; i++)
		for (j = 0; j < want[i]->n_group; j++)
			if (want[i]->group[j] == group)
				return true;
	return false;
}

/* An answer that did not happen: the request that it was for still waits, as long as before. */
static enum step_result
go_on_waiting(struct ikev2_sa *sa, const char *why)
{
	ikev2_debug(sa, "ignored an answer to IKE_SA_INIT: %s", why);
	diagnose_note(sa->engine, why);
	return STEP_FAIL;
}

static enum step_result
begin_again(struct ikev2_sa *sa)
{
	if (sa->init->restarts++ >= RESTARTS_MAX)
		return fail(sa, "the responder asks for ever more");
	return send_init(sa) ? STEP_DONE : fail(sa, "IKE_SA_INIT does not fit");
}

/*
 * Notifications alone.  Anybody may have sent them, so an error is not the end
 * (RFC 7296 2.21.1): the request is repeated until time is over, and then it is the reason.
 */
static enum step_result
take_init_notify(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	struct ikev2_init *init = sa->init;
	struct notify2 n;
	struct rbuf r;

	if (notify2_find(m, N2_COOKIE, 0, &n)) {
		if (n.data.len == 0 || n.data.len > sizeof(init->cookie))
			return go_on_waiting(sa, "the cookie has a wrong length");
		memcpy(init->cookie, n.data.p, n.data.len);
		init->cookie_len = n.data.len;
		return begin_again(sa);
	}
	if (notify2_find(m, N2_INVALID_KE_PAYLOAD, 0, &n) && n.data.len == 2) {
		uint16_t group;

		rbuf_init(&r, n.data.p, n.data.len);
		group = rbuf_be16(&r);
		if (group == init->group || !is_wanted_group(sa, group))
			return go_on_waiting(sa, "the group is not one of ours");
		dh_free(init->dh);
		init->dh = dh_new(group);
		init->group = group;
		return init->dh != NULL ? begin_again(sa) : fail(sa, "the group is not supported");
	}
	init->refusal = notify2_error(m);
	return go_on_waiting(sa, notify2_name(init->refusal));
}

static const char *
take_init_answer(struct ikev2_sa *sa, struct ikev2_msg *m, struct slice *ke)
{
	const struct conf_proposal2 *want[PROPOSALS2_MAX];
	unsigned int count = conf2_proposals(&sa->engine->conf.v2, &sa->path.local, want);
	struct offers2 offers;
	struct slice nonce;
	uint16_t group;
	const char *why = offers2_read(ikev2_msg_body(m, PAYLOAD2_SA), &offers);

	if (why == NULL)
		why = nonce2_read(ikev2_msg_body(m, PAYLOAD2_NONCE), &nonce);
	if (why == NULL)
		why = ke2_read(ikev2_msg_body(m, PAYLOAD2_KE), &group, ke);
	if (why != NULL)
		return why;
	if (!offers2_is_answer(&offers) ||
	    prop2_ike_choose(&offers, want, count, group, &sa->agreed) == NULL)
		return "the answer is none of our proposals";
	if (sa->agreed.group != sa->init->group || group != sa->init->group)
		return "the answer is for another group than our KE";
	nonce_set(&sa->init->nr, nonce);
	return NULL;
}

static enum step_result
answered(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	struct slice ke;
	const char *why = take_init_answer(sa, m, &ke);

	if (why != NULL)
		return go_on_waiting(sa, why);
	window_drop(&sa->window, sa->window.asks);
	memcpy(sa->spi_r, m->h.cky_r, IKE_SPI_LEN);
	read_extras(sa, m);
	remember(&sa->init->answer, &sa->init->answer_len, m->datagram);
	why = derive(sa, ke);
	if (why != NULL)
		return fail(sa, why);
	if (ikev2_natt_between(sa))
		sa->path.local_port = sa->path.remote_port = IKE_NATT_PORT;
	return ikev2_auth_start(sa);
}

/* --- responder --- */

static void
refuse(struct ike_engine *e, struct ikev2_msg *m, enum ike_counter what, const char *why,
    uint16_t notify, struct slice data)
{
	struct ikev2_build b;

	engine_count(e, what);
	log_debug_about(LOG_DEBUG_IKEV2, &m->path.remote, "IKEv2",
	    "refused IKE_SA_INIT from %s: %s", ADDR_STR(&m->path.remote), why);
	if (notify == N2_NO_PROPOSAL_CHOSEN) {
		diagnose_note(e, why);
		ikev2_log_aborted(e, &m->path.remote, false, why);
	}
	if (notify == 0 ||
	    (notify != N2_COOKIE && !ratelimit_take(&e->stranger_answers, engine_now(e))))
		return;
	ikev2_build_begin(&b);
	notify2_write(&b, 0, notify, (struct slice){NULL, 0}, data);
	ikev2_send_clear(e, m, &b);
}

/* True when it may go on; nothing is kept of who may not. */
static bool
cookie_ok(struct ike_engine *e, struct ikev2_msg *m, struct slice nonce)
{
	unsigned int from = e->conf.v2.global.cookie_challenge;
	struct cookie_of of = {nonce, &m->path.remote, m->h.cky_i};
	uint8_t cookie[COOKIE_LEN];
	struct notify2 n;

	if (e->half_open2 < (from != 0 ? from : COOKIES_FROM) &&
	    ikev2_half_open_with(e, &m->path.remote) < COOKIES_FROM_PEER)
		return true;
	if (notify2_find(m, N2_COOKIE, 0, &n) && cookie_good(&e->cookies, engine_now(e), &of, n.data))
		return true;
	cookie_make(&e->cookies, engine_now(e), &of, cookie);
	refuse(e, m, IKE_V2_COOKIES, "a cookie is asked for", N2_COOKIE,
	    slice_of(cookie, sizeof(cookie)));
	return false;
}

static bool
has_room(struct ike_engine *e, struct ikev2_msg *m)
{
	enum admission a = admission_of_offer(e, 2, &m->path);

	if (admission_answer(e, a))
		return true;
	refuse(e, m, a == ADMISSION_SAS ? IKE_DROP_ADMISSION : IKE_DROP_HALF_OPEN, admission_why(a), 0,
	    (struct slice){NULL, 0});
	return false;
}

struct first_message {
	struct slice nonce, ke;
	uint16_t group;
	struct prop2 agreed;
};

/* Reads it and chooses, without keeping anything of it. */
static bool
read_offer(struct ike_engine *e, struct ikev2_msg *m, struct first_message *f)
{
	const struct conf_proposal2 *want[PROPOSALS2_MAX];
	unsigned int count = conf2_proposals(&e->conf.v2, &m->path.local, want);
	struct offers2 offers;
	struct slice none = {NULL, 0};
	uint8_t group[2];
	const char *why = offers2_read(ikev2_msg_body(m, PAYLOAD2_SA), &offers);

	if (why == NULL)
		why = ke2_read(ikev2_msg_body(m, PAYLOAD2_KE), &f->group, &f->ke);
	if (why != NULL) {
		refuse(e, m, IKE_DROP_MALFORMED, why, 0, none);
		return false;
	}
	if (prop2_ike_choose(&offers, want, count, f->group, &f->agreed) == NULL) {
		refuse(e, m, IKE_DROP_NO_PROPOSAL, "no acceptable proposal", N2_NO_PROPOSAL_CHOSEN,
		    none);
		return false;
	}
	if (f->agreed.group != f->group) {
		group[0] = 0;
		group[1] = f->agreed.group;
		refuse(e, m, IKE_V2_INVALID_KE, "KE is for another group", N2_INVALID_KE_PAYLOAD,
		    slice_of(group, sizeof(group)));
		return false;
	}
	return true;
}

static const char *
answer_offer(struct ikev2_sa *sa, struct ikev2_msg *m, const struct first_message *f)
{
	struct ikev2_init *init = sa->init;
	struct ikev2_reply *r;
	struct ikev2_build b;
	struct slice none = {NULL, 0};
	const char *why;

	ikev2_sa_set_first(sa, m->h.cky_i);
	sa->agreed = f->agreed;
	nonce_set(&init->ni, f->nonce);
	nonce_new(&init->nr);
	init->dh = dh_new(f->group);
	if (init->dh == NULL)
		return "the group is not supported";
	read_extras(sa, m);
	remember(&init->request, &init->request_len, m->datagram);
	ikev2_build_begin(&b);
	prop2_answer(ikev2_build_payload(&b, PAYLOAD2_SA), &sa->agreed, PROTO_ISAKMP, none);
	ke2_write(&b, f->group, dh_public(init->dh));
	ikev2_build_put(&b, PAYLOAD2_NONCE, nonce_slice(&init->nr));
	write_extras(sa, &b);
	why = derive(sa, f->ke);
	if (why != NULL)
		return why;
	r = window_take(&sa->window, m->h.msgid, true);
	if (!ikev2_answer(sa, r->msgid, EXCHANGE2_INIT, &b))
		return "the answer does not fit";
	remember(&init->answer, &init->answer_len, slice_of(r->datagrams, r->len));
	return NULL;
}

#define INIT_MUST (P2(SA) | P2(KE) | P2(NONCE))

void
ikev2_init_offer(struct ike_engine *e, struct ikev2_msg *m)
{
	struct first_message f = {0};
	struct ikev2_sa *sa;
	const char *why = ikev2_msg_read_clear(m);
	struct slice none = {NULL, 0};

	if (why == NULL && ((m->seen & INIT_MUST) != INIT_MUST || m->critical != 0 ||
	    (m->twice & INIT_MUST) != 0))
		why = "a payload is missing or out of place";
	if (why == NULL)
		why = nonce2_read(ikev2_msg_body(m, PAYLOAD2_NONCE), &f.nonce);
	if (why != NULL) {
		refuse(e, m, IKE_DROP_MALFORMED, why, 0, none);
		return;
	}
	if (!conf_answers(&e->conf, 2, &m->path.local, &m->path.remote)) {
		refuse(e, m, IKE_DROP_DISABLED, "nothing is protected between these addresses", 0, none);
		return;
	}
	if (!cookie_ok(e, m, f.nonce) || !read_offer(e, m, &f) || !has_room(e, m))
		return;
	sa = ikev2_sa_new(e, &m->path, false);
	why = answer_offer(sa, m, &f);
	if (why != NULL) {
		engine_count(e, IKE_DROP_REFUSED);
		ikev2_debug(sa, "IKE_SA_INIT failed: %s", why);
		diagnose_note(e, why);
		ikev2_sa_remove(sa);
		return;
	}
	ikev2_enter(sa, IKEV2_R_INIT, "answered IKE_SA_INIT");
}

const struct ikev2_step ikev2_init_steps[] = {
	/* <--  HDR, SAr1, KEr, Nr      HDR, SK {IDi, AUTH ...}  --> */
	{ .story = "proves itself", .exchange = EXCHANGE2_INIT, .in = IN(I_INIT), .must = INIT_MUST,
	  .may = P2(N) | P2(V) | P2(CERTREQ), .run = answered },
	/* <--  HDR, N(COOKIE) or HDR, N(INVALID_KE_PAYLOAD)      HDR, SAi1, KEi, Ni  --> */
	{ .story = "began again", .exchange = EXCHANGE2_INIT, .in = IN(I_INIT), .must = P2(N),
	  .may = P2(V), .run = take_init_notify },
	{ .story = NULL },
};
