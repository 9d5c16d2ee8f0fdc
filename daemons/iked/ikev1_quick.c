/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quick mode (RFC 2409 5.5).
 *
 *	Initiator                                 Responder
 *	HDR*, HASH(1), SA, Ni [, KE]
 *	      [, IDci, IDcr] [, NAT-OA]    -->                               QM1
 *	                            <--    HDR*, HASH(2), SA, Nr [, KE]
 *	                                         [, IDci, IDcr] [, NAT-OA]   QM2
 *	HDR*, HASH(3)                -->                                     QM3
 *
 * Before QM1 and before QM2 an SPI must be had from espd, which owns them:
 * there the steps wait.  When each side sends and receives is told in child.h.
 */
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "ikev1.h"
#include "log.h"
#include "natt.h"
#include "payload.h"
#include "peer.h"
#include "proxies.h"
#include "step.h"

enum { TRIES = 4, TRIES_QM2 = 4 };

static enum step_result
fail(struct ike_quick *q, const char *why)
{
	ikev1_quick_fail(q, why);
	return STEP_FAIL;
}

/* --- hashes --- */

/* HASH(1) = prf(SKEYID_a, M-ID | rest), HASH(2) = prf(SKEYID_a, M-ID | Ni_b | rest) */
static void
ikev1_hash1(const struct ike_sa *sa, uint32_t msgid, struct slice nonce, struct slice rest,
    uint8_t *out)
{
	uint8_t id[] = {(uint8_t)(msgid >> 24), (uint8_t)(msgid >> 16), (uint8_t)(msgid >> 8),
	    (uint8_t)msgid};

	keymat1_auth(&sa->keys, (struct slice[]){{id, sizeof(id)}, nonce, rest}, 3, out);
}

static const char *
verify(struct ike_exchange *x, const struct ike_msg *m, struct slice nonce)
{
	struct ike_sa *sa = x->sa;
	uint8_t want[HASH_LEN_MAX];

	if (m->payload[0].type != PAYLOAD_HASH)
		return "HASH is not the first payload";
	ikev1_hash1(sa, x->msgid, nonce, m->payload[0].after, want);
	if (m->payload[0].body.len != hash_len(sa->keys.hash) ||
	    !equal_in_constant_time(m->payload[0].body.p, want, hash_len(sa->keys.hash)))
		return "HASH is wrong";
	return NULL;
}

const char *
ikev1_verify_hash1(struct ike_exchange *x, struct ike_msg *m)
{
	return verify(x, m, (struct slice){NULL, 0});
}

static const char *
verify_hash2(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_quick *q = container_of(x, struct ike_quick, x);

	return verify(x, m, nonce_slice(&q->work->ni));
}

/* HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b) */
static void
hash3(const struct ike_quick *q, uint8_t *out)
{
	uint32_t msgid = q->x.msgid;
	uint8_t id[] = {0, (uint8_t)(msgid >> 24), (uint8_t)(msgid >> 16), (uint8_t)(msgid >> 8),
	    (uint8_t)msgid};

	keymat1_auth(&q->x.sa->keys,
	    (struct slice[]){{id, sizeof(id)}, nonce_slice(&q->work->ni), nonce_slice(&q->work->nr)}, 3, out);
}

static const char *
verify_hash3(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_quick *q = container_of(x, struct ike_quick, x);
	struct slice hash = ike_msg_body(m, PAYLOAD_HASH);
	uint8_t want[HASH_LEN_MAX];

	hash3(q, want);
	if (hash.len != hash_len(x->sa->keys.hash) ||
	    !equal_in_constant_time(hash.p, want, hash.len))
		return "HASH(3) is wrong";
	return NULL;
}

void
ikev1_begin_hashed(struct ike_exchange *x, struct ike_build *b)
{
	ike_build_begin(b, x->sa->cky_i, x->sa->cky_r, x->type, x->msgid);
	wbuf_zero(ike_build_payload(b, PAYLOAD_HASH), hash_len(x->sa->keys.hash));
}

void
ikev1_sign_hash1(struct ike_exchange *x, struct ike_build *b, struct slice nonce)
{
	size_t hash_at = IKE_HEADER_LEN + IKE_PAYLOAD_HEADER_LEN;
	size_t rest_at = hash_at + hash_len(x->sa->keys.hash);

	ikev1_hash1(x->sa, x->msgid, nonce, ike_build_chain(b, rest_at), b->buf + hash_at);
}

/* --- what is protected --- */

static const struct conf_protection *
protection_for(const struct ike_sa *sa, const struct proxy *local, const struct proxy *remote)
{
	const struct conf_protection *it, *best = NULL;

	DL_FOREACH (sa->engine->conf.protections, it) {
		if (it->ikev2_profile[0] != '\0')
			continue;
		if (it->isakmp_profile[0] != '\0' && strcmp(it->isakmp_profile, sa->profile) != 0)
			continue;	/* for peers of another ISAKMP profile */
		if (conf_protection_admits(it, &sa->path.local, &sa->path.remote) &&
		    protection_takes_proxies(it, &sa->path, sa->nat_local, sa->nat_remote, local,
		    remote) && protection_is_better(it, best))
			best = it;
	}
	return best;
}

static bool
load_profile(struct ike_quick *q, const struct conf_protection *prot)
{
	const struct conf_profile *prof = conf_profile_by_name(&q->x.sa->engine->conf, prot->profile);
	struct p2_transform *want;
	unsigned int i;

	if (prof == NULL || prof->count == 0)
		return false;
	q->work->wants = 0;
	for (i = 0; i < prof->count; i++) {
		if (!p2_has(&prof->want[i].esp))
			continue;
		want = &q->work->want[q->work->wants++];
		*want = prof->want[i];
		want->encap = natt_between(q->x.sa);
		want->draft_encap = natt_is_draft(q->x.sa);
		if (!proxies_allow_transport(prot, &q->x.sa->path, &q->local, &q->remote))
			want->mode = MODE_TUNNEL;
	}
	return q->work->wants > 0;
}

/* --- building and reading the parts --- */

/* IDci is the initiator's side; NAT-OA the same way round (RFC 3947 5.2). */
static void
add_ids(struct ike_quick *q, struct ike_build *b)
{
	bool i = q->x.initiator, draft = natt_is_draft(q->x.sa);
	const struct ike_path *path = &q->x.sa->path;
	const struct p2_transform *t = i ? &q->work->want[0] : &q->got;

	proxy_write(ike_build_payload(b, PAYLOAD_ID), i ? &q->local : &q->remote);
	proxy_write(ike_build_payload(b, PAYLOAD_ID), i ? &q->remote : &q->local);
	if (t->encap && t->mode == MODE_TRANSPORT) {
		nat_oa_write(b, draft, i ? &path->local : &path->remote);
		nat_oa_write(b, draft, i ? &path->remote : &path->local);
	}
}

static const char *
read_ids(struct ike_msg *m, struct proxy *ci, struct proxy *cr)
{
	const struct ike_payload *a = ike_msg_find(m, PAYLOAD_ID, 0),
	    *b = ike_msg_find(m, PAYLOAD_ID, 1);
	const char *why;

	if (a == NULL || b == NULL || ike_msg_find(m, PAYLOAD_ID, 2) != NULL)
		return "not two proxy identities";
	why = proxy_read(a->body, ci);
	return why != NULL ? why : proxy_read(b->body, cr);
}

/* GRE has no checksum over its addresses, so the original ones are only told. */
static const char *
read_nat_oa(struct ike_sa *sa, const struct ike_msg *m)
{
	const struct ike_payload *p;
	const char *why;
	struct addr a;
	unsigned int i;

	for (i = 0; (p = ike_msg_find(m, PAYLOAD_NAT_OA, i)) != NULL; i++) {
		why = nat_oa_read(p->body, &a);
		if (why != NULL)
			return why;
		sa_debug(sa, "NAT-OA %s", ADDR_STR(&a));
	}
	return NULL;
}

static void
read_lifetime_notify(struct ike_quick *q, const struct ike_msg *m)
{
	const struct ike_payload *p;
	struct ike_notify_body n;
	struct offer o = {.proto = PROTO_ESP, .protos = 1, .id = ESP_AES_CBC, .spi = {NULL, 4}};
	struct p2_transform t;
	unsigned int i;

	for (i = 0; (p = ike_msg_find(m, PAYLOAD_NOTIFY, i)) != NULL; i++) {
		if (notify_read(p->body, &n) != NULL || n.type != NOTIFY_RESPONDER_LIFETIME ||
		    n.proto != PROTO_ESP)
			continue;
		o.attributes = n.data;
		(void)p2_read(&o, &t);
		if (t.life_s != 0 && (q->got.life_s == 0 || t.life_s < q->got.life_s))
			q->got.life_s = t.life_s;
		if (t.life_kb != 0 && (q->got.life_kb == 0 || t.life_kb < q->got.life_kb))
			q->got.life_kb = t.life_kb;
	}
}

static uint32_t
spi_of(const struct offer *o)
{
	struct rbuf r;

	rbuf_init(&r, o->spi.p, o->spi.len);
	return rbuf_be32(&r);
}

/* In transport mode ESP carries what goes between the ends on the wire. */
static struct prefix
selector(const struct ike_quick *q, const struct proxy *p, const struct addr *on_wire)
{
	if (q->got.mode == MODE_TRANSPORT)
		return (struct prefix){.addr = *on_wire, .len = (uint8_t)(8 * addr_bytes(on_wire))};
	return p->net;
}

static void
make_child(struct ike_quick *q, struct slice gxy)
{
	struct ike_sa *sa = q->x.sa;
	struct ike_engine *e = sa->engine;
	const struct conf_protection *prot = conf_protection_find(&e->conf, q->peer->protection);
	const struct conf_profile *prof =
	    prot == NULL ? NULL : conf_profile_by_name(&e->conf, prot->profile);
	struct child_spec s = {
	    .spi = q->spi, .peer_spi = q->peer_spi, .agreed = &q->got,
	    .initiator = q->x.initiator, .began = q->started,
	    .replay_window = prof == NULL ? 64 : prof->replay_window,
	    .ts_local = selector(q, &q->local, &sa->path.local),
	    .ts_remote = selector(q, &q->remote, &sa->path.remote),
	    .ts_proto = q->local.proto,
	    .ts_local_port = q->local.port, .ts_remote_port = q->remote.port,
	};
	struct slice ni = nonce_slice(&q->work->ni), nr = nonce_slice(&q->work->nr);
	struct ipc_sa m = {0};

	peer_set_path(q->peer, sa);
	q->child = child_new(q->peer, &s);
	keymat1_esp(&sa->keys, &q->got.esp, gxy, q->spi, ni, nr, &m.in_key, &m.in_auth);
	keymat1_esp(&sa->keys, &q->got.esp, gxy, q->peer_spi, ni, nr, &m.out_key, &m.out_auth);
	child_esp_set_keys(&q->child->sa, &m);
	wipe(&m, sizeof(m));
}

/* --- initiator --- */

static enum step_result
begin_qm1(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_quick *q = container_of(x, struct ike_quick, x);
	struct ike_engine *e = x->sa->engine;
	const struct conf_protection *prot = conf_protection_find(&e->conf, q->peer->protection);

	(void)m;
	peer_proxies(q->peer, &q->local, &q->remote);
	if (prot == NULL || !load_profile(q, prot))
		return fail(q, "the protection has no usable IPsec profile");
	sa_debug(x->sa, "beginning Quick Mode exchange, M-ID of %u", x->msgid);
	ikev1_quick_reserve_spi(q);
	return STEP_WAIT;
}

static enum step_result
send_qm1(struct ike_exchange *x)
{
	struct ike_quick *q = container_of(x, struct ike_quick, x);
	struct ike_build b;

	nonce_new(&q->work->ni);
	ikev1_begin_hashed(x, &b);
	p2_offer_write(ike_build_payload(&b, PAYLOAD_SA), q->spi, q->work->want, q->work->wants);
	ike_build_put(&b, PAYLOAD_NONCE, nonce_slice(&q->work->ni));
	if (q->work->want[0].pfs_group != 0) {
		q->work->dh = dh_new(q->work->want[0].pfs_group);
		if (q->work->dh == NULL)
			return fail(q, "the PFS group is not supported");
		ike_build_put(&b, PAYLOAD_KE, dh_public(q->work->dh));
	}
	add_ids(q, &b);
	ikev1_sign_hash1(x, &b, (struct slice){NULL, 0});
	return exchange_send(x, &b, true, TRIES) ? STEP_DONE : fail(q, "QM1 does not fit");
}

/* As we offered them, though a host behind a NAT may name its own address. */
static bool
same_proxies(const struct ike_quick *q, const struct proxy *local, const struct proxy *remote)
{
	const struct ike_sa *sa = q->x.sa;
	const struct conf_protection *prot =
	    conf_protection_find(&sa->engine->conf, q->peer->protection);

	if (proxy_eq(local, &q->local) && proxy_eq(remote, &q->remote))
		return true;
	return prot != NULL && !prot->dynamic && protection_takes_proxies(prot, &sa->path,
	    sa->nat_local, sa->nat_remote, local, remote);
}

static const char *
take_qm2(struct ike_quick *q, struct ike_msg *m, struct dh_secret *gxy)
{
	struct offers offers;
	const struct offer *chosen;
	struct proxy ci, cr;
	struct slice nonce, ke;
	const char *why = offers_read(ike_msg_body(m, PAYLOAD_SA), &offers);

	if (why == NULL && offers.count != 1)
		why = "the answer is not one transform";
	if (why == NULL)
		why = nonce_read(ike_msg_body(m, PAYLOAD_NONCE), &nonce);
	if (why == NULL)
		why = read_nat_oa(q->x.sa, m);
	if (why != NULL)
		return why;
	chosen = p2_choose(&offers, q->work->want, q->work->wants, &q->got);
	if (chosen == NULL)
		return "the answer is none of our proposals";
	q->peer_spi = spi_of(chosen);
	nonce_set(&q->work->nr, nonce);
	read_lifetime_notify(q, m);
	if ((m->seen & P(ID)) != 0) {
		why = read_ids(m, &ci, &cr);
		if (why != NULL)
			return why;
		if (!same_proxies(q, &ci, &cr))
			return "the answer changes the proxy identities";
	}
	if (q->work->dh == NULL)
		return (m->seen & P(KE)) != 0 ? "KE without PFS" : NULL;
	why = ke_read(ike_msg_body(m, PAYLOAD_KE), q->got.pfs_group, &ke);
	return why != NULL ? why : dh_shared(q->work->dh, ke, gxy);
}

static enum step_result
send_qm3(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_quick *q = container_of(x, struct ike_quick, x);
	struct dh_secret gxy = {0};
	struct ike_build b;
	const char *why = take_qm2(q, m, &gxy);

	if (why != NULL)
		return fail(q, why);
	make_child(q, slice_of(gxy.b, gxy.len));
	dh_secret_wipe(&gxy);
	ikev1_begin_hashed(x, &b);
	hash3(q, b.buf + IKE_HEADER_LEN + IKE_PAYLOAD_HEADER_LEN);
	child_install(q->child, SA_BOTH);
	if (!exchange_send(x, &b, true, 0))
		return fail(q, "QM3 does not fit");
	child_initiated(q->child);
	ikev1_quick_over(q);
	peer_update(q->peer);
	return STEP_DONE;
}

/* --- responder --- */

static void
refuse(struct ike_quick *q, struct ike_msg *m, uint16_t notify, const char *why)
{
	struct ike_sa *sa = q->x.sa;

	ike_drop(sa->engine, m, notify == NOTIFY_NO_PROPOSAL_CHOSEN ? IKE_DROP_NO_PROPOSAL :
	    IKE_DROP_REFUSED, why);
	ikev1_send_notify(sa, PROTO_ESP, notify, (struct slice){NULL, 0}, (struct slice){NULL, 0});
	ikev1_quick_fail(q, why);
}

static const char *
choose_qm1(struct ike_quick *q, struct ike_msg *m)
{
	struct offers offers;
	const struct offer *chosen;
	const char *why = offers_read(ike_msg_body(m, PAYLOAD_SA), &offers);

	if (why != NULL)
		return why;
	chosen = p2_choose(&offers, q->work->want, q->work->wants, &q->got);
	if (chosen == NULL)
		return "IPSec policy invalidated proposal: no transform acceptable";
	if (chosen->attributes.len > sizeof(q->work->chosen_attributes))
		return "the chosen transform is longer than any we know";
	q->peer_spi = spi_of(chosen);
	if (q->peer_spi < 256)
		return "the peer's SPI is a reserved number";
	q->work->chosen = *chosen;
	memcpy(q->work->chosen_attributes, chosen->attributes.p, chosen->attributes.len);
	q->work->chosen.attributes.p = q->work->chosen_attributes;
	return NULL;
}

static const char *
keys_qm1(struct ike_quick *q, struct ike_msg *m)
{
	struct slice nonce, ke;
	const char *why = nonce_read(ike_msg_body(m, PAYLOAD_NONCE), &nonce);

	if (why != NULL)
		return why;
	nonce_set(&q->work->ni, nonce);
	if (q->got.pfs_group == 0)
		return (m->seen & P(KE)) != 0 ? "KE without PFS" : NULL;
	why = ke_read(ike_msg_body(m, PAYLOAD_KE), q->got.pfs_group, &ke);
	if (why != NULL)
		return why;
	q->work->dh = dh_new(q->got.pfs_group);
	return q->work->dh == NULL ? "the PFS group is not supported" : dh_shared(q->work->dh, ke, &q->work->gxy);
}

static enum step_result
take_qm1(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_quick *q = container_of(x, struct ike_quick, x);
	const struct conf_protection *prot;
	struct peer_end end = {&ikev1_version, &x->sa->path, x->sa->peer_id, x->sa->nat_remote,
	    natt_between(x->sa)};
	struct ike_peer *peer;
	struct proxy ci, cr;
	const char *why = read_ids(m, &ci, &cr);

	if (why == NULL)
		why = read_nat_oa(x->sa, m);
	prot = why == NULL ? protection_for(x->sa, &cr, &ci) : NULL;
	q->local = cr;
	q->remote = ci;
	if (prot == NULL || !load_profile(q, prot)) {
		refuse(q, m, NOTIFY_INVALID_ID_INFORMATION,
		    why != NULL ? why : "no protection has these proxy identities");
		return STEP_FAIL;
	}
	why = choose_qm1(q, m);
	if (why == NULL)
		why = keys_qm1(q, m);
	if (why != NULL) {
		refuse(q, m, NOTIFY_NO_PROPOSAL_CHOSEN, why);
		return STEP_FAIL;
	}
	peer = peer_for_proxies(x->sa->engine, &end, prot, &q->local, &q->remote);
	if (peer == NULL) {
		refuse(q, m, NOTIFY_INVALID_ID_INFORMATION, "the peer has too many flows");
		return STEP_FAIL;
	}
	ikev1_quick_set_peer(q, peer);
	sa_debug(x->sa, "set new node %u to QM_IDLE", x->msgid);
	ikev1_quick_reserve_spi(q);
	return STEP_WAIT;
}

/* Our lifetimes are shorter than what the initiator offered: the answer repeats its own to it. */
static void
add_lifetime(const struct ike_quick *q, struct ike_build *b)
{
	struct p2_transform offered;
	uint8_t spi[4], attributes[32];
	struct wbuf w;

	(void)p2_read(&q->work->chosen, &offered);
	if (offered.life_s == q->got.life_s && offered.life_kb == q->got.life_kb)
		return;
	wbuf_init(&w, spi, sizeof(spi));
	wbuf_be32(&w, q->spi);
	wbuf_init(&w, attributes, sizeof(attributes));
	p2_life_write(&w, q->got.life_s, q->got.life_kb);
	notify_write(b, PROTO_ESP, NOTIFY_RESPONDER_LIFETIME, slice_of(spi, sizeof(spi)),
	    slice_of(attributes, wbuf_len(&w)));
}

static enum step_result
answer_qm1(struct ike_exchange *x)
{
	struct ike_quick *q = container_of(x, struct ike_quick, x);
	struct ike_build b;

	nonce_new(&q->work->nr);
	ikev1_begin_hashed(x, &b);
	offer_answer_write(ike_build_payload(&b, PAYLOAD_SA), &q->work->chosen, q->spi);
	ike_build_put(&b, PAYLOAD_NONCE, nonce_slice(&q->work->nr));
	if (q->work->dh != NULL)
		ike_build_put(&b, PAYLOAD_KE, dh_public(q->work->dh));
	add_ids(q, &b);
	add_lifetime(q, &b);
	ikev1_sign_hash1(x, &b, nonce_slice(&q->work->ni));
	make_child(q, slice_of(q->work->gxy.b, q->work->gxy.len));
	wipe(&q->work->gxy, sizeof(q->work->gxy));
	child_install(q->child, SA_INBOUND);
	return exchange_send(x, &b, true, TRIES_QM2) ? STEP_DONE : fail(q, "QM2 does not fit");
}

static enum step_result
take_qm3(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_quick *q = container_of(x, struct ike_quick, x);
	struct ike_peer *p = q->peer;

	(void)m;
	if (q->child == NULL)
		return fail(q, "its SAs are gone already");
	ikev1_quick_over(q);
	child_current(q->child);
	peer_update(p);
	return STEP_DONE;
}

#define QM_MUST (P(HASH) | P(SA) | P(NONCE))
#define QM_MAY (P(KE) | P(ID) | P(NAT_OA) | P(NOTIFY) | P(VENDOR))

const struct ikev1_step ikev1_quick_steps[] = {
	/* HDR*, HASH(1), SA, Ni [, KE] [, IDci, IDcr]  --> */
	{ .story = "sent a proposal", .exchange = EXCHANGE_QUICK, .initiator = true, .starts = true,
	  .from = QM_START, .run = begin_qm1, .resume = send_qm1, .to = QM_I_SENT1 },
	/* HDR*, HASH(1), SA, Ni ...  -->      <--  HDR*, HASH(2), SA, Nr ... */
	{ .story = "answered the proposal", .exchange = EXCHANGE_QUICK, .encrypted = true,
	  .from = QM_START, .must = QM_MUST, .may = QM_MAY, .verify = ikev1_verify_hash1,
	  .run = take_qm1, .resume = answer_qm1, .to = QM_R_SENT2 },
	/* <--  HDR*, HASH(2), SA, Nr ...      HDR*, HASH(3)  --> */
	{ .story = "SAs are up", .exchange = EXCHANGE_QUICK, .initiator = true, .encrypted = true,
	  .from = QM_I_SENT1, .must = QM_MUST, .may = QM_MAY, .verify = verify_hash2,
	  .run = send_qm3, .to = QM_I_DONE },
	/* HDR*, HASH(3)  --> */
	{ .story = "SAs are up", .exchange = EXCHANGE_QUICK, .encrypted = true,
	  .from = QM_R_SENT2, .must = P(HASH), .may = P(NOTIFY) | P(VENDOR), .verify = verify_hash3,
	  .run = take_qm3, .to = QM_R_DONE },
	{ .story = NULL },
};

void
ikev1_quick_start(struct ike_sa *sa, struct ike_peer *p)
{
	struct ike_quick *q;
	uint32_t msgid;

	do
		msgid = random_u32();
	while (msgid == 0);
	q = ikev1_quick_new(sa, msgid, true);
	ikev1_quick_set_peer(q, p);
	step_begin(&q->x);
}
