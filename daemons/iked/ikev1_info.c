/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Informational exchanges (RFC 2409 5.7): DELETE and NOTIFY.
 *
 *	HDR*, HASH(1), N/D  -->
 *
 * One message, unacknowledged.  Only an authenticated one is obeyed, and only
 * for SAs of the peer that sent it.
 */
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "dpd.h"
#include "ikev1.h"
#include "log.h"
#include "payload.h"
#include "peer.h"
#include "step.h"

/* --- receiving --- */

static void
delete_esp(struct ike_sa *sa, uint32_t spi)
{
	struct ike_peer *p, *tmp;
	struct ike_child *c;

	DL_FOREACH_SAFE2 (peers_between(sa->engine, &sa->path.local, &sa->path.remote), p, tmp,
	    at_next) {
		if (!peer_uses_sa(p, sa))
			continue;
		c = child_by_peer_spi(p, spi);
		if (c == NULL)
			continue;
		sa_debug(sa, "peer deletes IPSEC SA, spi 0x%X", spi);
		child_remove(c, false);
		if (p->current == NULL)
			peer_lost(p);
		return;
	}
}

/* The cookies in the payload name the SA: this one, or another of the same peer. */
static void
delete_isakmp(struct ike_sa *sa, const uint8_t *cookies)
{
	struct ike_sa *other, *tmp;

	DL_FOREACH_SAFE2 (sas_beside(sa), other, tmp, at_next) {
		if (!other->established || memcmp(other->cky_i, cookies, IKE_COOKIE_LEN) != 0 ||
		    memcmp(other->cky_r, cookies + IKE_COOKIE_LEN, IKE_COOKIE_LEN) != 0)
			continue;
		if (other != sa && !sa_same_peer(other, sa))
			continue;
		sa_debug(other, "peer deletes ISAKMP SA");
		sa_remove(other);
		peers_update_on(other);
		peers_left_alone_on(other);
		return;
	}
}

static const char *
take_delete(struct ike_sa *sa, struct slice body)
{
	struct ike_delete_body d;
	struct rbuf r;
	unsigned int i;
	const char *why = delete_read(body, &d);

	if (why != NULL)
		return why;
	rbuf_init(&r, d.spis.p, d.spis.len);
	if (d.proto == PROTO_ESP && d.spi_len == 4) {
		for (i = 0; i < d.count; i++)
			delete_esp(sa, rbuf_be32(&r));
	} else if (d.proto == PROTO_ISAKMP && d.spi_len == 2 * IKE_COOKIE_LEN) {
		for (i = 0; i < d.count; i++)
			delete_isakmp(sa, rbuf_take(&r, 2 * IKE_COOKIE_LEN));
	} else {
		return "DELETE of something that is no SA of ours";
	}
	return NULL;
}

static const char *
take_notify(struct ike_sa *sa, const struct ike_path *path, struct slice body)
{
	struct ike_notify_body n;
	struct rbuf r;
	const char *why = notify_read(body, &n);

	if (why != NULL)
		return why;
	sa_debug(sa, "processing NOTIFY %s protocol %u", notify_name(n.type), n.proto);
	rbuf_init(&r, n.data.p, n.data.len);
	if (n.type == NOTIFY_R_U_THERE && n.data.len == 4)
		dpd_asked(sa, path, rbuf_be32(&r));
	else if (n.type == NOTIFY_R_U_THERE_ACK && n.data.len == 4)
		dpd_answered(sa, path, rbuf_be32(&r));
	else if (n.type == NOTIFY_INVALID_SPI && n.spi.len == 4) {
		rbuf_init(&r, n.spi.p, n.spi.len);
		delete_esp(sa, rbuf_be32(&r));	/* "not mine": the pair is of no use */
	}
	return NULL;
}

static enum step_result
take_info(struct ike_exchange *x, struct ike_msg *m)
{
	struct ike_sa *sa = x->sa;
	unsigned int i;
	const char *why = NULL;

	for (i = 0; i < m->count && !sa->gone; i++) {
		if (m->payload[i].type == PAYLOAD_NOTIFY)
			why = take_notify(sa, &m->path, m->payload[i].body);
		else if (m->payload[i].type == PAYLOAD_DELETE)
			why = take_delete(sa, m->payload[i].body);
		if (why != NULL)
			ike_drop(sa->engine, m, IKE_DROP_REFUSED, why);
	}
	return STEP_DONE;
}

const struct ikev1_step ikev1_info_steps[] = {
	/* HDR*, HASH(1), N/D  --> */
	{ .story = "took an informational message", .exchange = EXCHANGE_INFO, .encrypted = true,
	  .from = INFO_START, .must = P(HASH), .may = P(NOTIFY) | P(DELETE) | P(VENDOR),
	  .verify = ikev1_verify_hash1, .run = take_info, .to = INFO_DONE },
	{ .story = NULL },
};

/* --- sending --- */

static void
info_begin(struct ike_sa *sa, struct ike_exchange *x, struct ike_build *b)
{
	uint32_t msgid;

	do
		msgid = random_u32();
	while (msgid == 0);
	*x = (struct ike_exchange){0};
	exchange_init(x, sa, EXCHANGE_INFO, msgid, true);
	ikev1_begin_hashed(x, b);
}

static void
info_end(struct ike_exchange *x, struct ike_build *b)
{
	ikev1_sign_hash1(x, b, (struct slice){NULL, 0});
	if (ike_build_encrypt(b, x->sa->keys.cipher, keymat1_key(&x->sa->keys), x->iv))
		sa_send(x->sa, ike_build_end(b));
	exchange_free(x);
}

void
ikev1_send_notify(struct ike_sa *sa, uint8_t proto, uint16_t type, struct slice spi,
    struct slice data)
{
	struct ike_exchange x;
	struct ike_build b;

	info_begin(sa, &x, &b);
	notify_write(&b, proto, type, spi, data);
	info_end(&x, &b);
}

static void
send_delete(struct ike_sa *sa, uint8_t proto, struct slice spi)
{
	struct ike_exchange x;
	struct ike_build b;

	info_begin(sa, &x, &b);
	delete_write(&b, proto, spi);
	info_end(&x, &b);
}

void
ikev1_send_delete_esp(struct ike_sa *sa, uint32_t spi)
{
	uint8_t b[] = {(uint8_t)(spi >> 24), (uint8_t)(spi >> 16), (uint8_t)(spi >> 8), (uint8_t)spi};

	send_delete(sa, PROTO_ESP, slice_of(b, sizeof(b)));
}

void
ikev1_send_delete_isakmp(struct ike_sa *sa)
{
	uint8_t b[2 * IKE_COOKIE_LEN];

	memcpy(b, sa->cky_i, IKE_COOKIE_LEN);
	memcpy(b + IKE_COOKIE_LEN, sa->cky_r, IKE_COOKIE_LEN);
	send_delete(sa, PROTO_ISAKMP, slice_of(b, sizeof(b)));
}

void
ikev1_send_clear_notify(struct ike_engine *e, const struct ike_msg *m, uint16_t type)
{
	struct ike_build b;

	if (!ratelimit_take(&e->stranger_answers, engine_now(e)))
		return;
	ike_build_begin(&b, m->h.cky_i, m->h.cky_r, EXCHANGE_INFO, random_u32());
	notify_write(&b, PROTO_ISAKMP, type, (struct slice){NULL, 0}, (struct slice){NULL, 0});
	engine_count(e, IKE_SENT);
	e->ops->send(e->user, &m->path, ike_build_end(&b));
}
