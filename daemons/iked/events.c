/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "events.h"

#include <string.h>
#include <utlist.h>

#include "child.h"
#include "dpd.h"
#include "engine_life.h"
#include "ike_sa.h"
#include "ikev1.h"
#include "ikev2.h"
#include "ikev2_crash.h"
#include "ikev2_window_size.h"
#include "kept.h"
#include "log.h"
#include "natt.h"
#include "peer.h"
#include "spi_wait.h"
#include "step.h"

/* --- datagrams --- */

static void
message_for_nobody(struct ike_engine *e, struct ike_msg *m)
{
	static const uint8_t zero[IKE_COOKIE_LEN];
	bool offer = memcmp(m->h.cky_r, zero, IKE_COOKIE_LEN) == 0 &&
	    memcmp(m->h.cky_i, zero, IKE_COOKIE_LEN) != 0 && m->h.msgid == 0;

	if (offer && m->h.exchange == EXCHANGE_MAIN)
		ikev1_main_offer(e, m);
	else if (offer && m->h.exchange == EXCHANGE_AGGRESSIVE)
		ikev1_aggr_offer(e, m);
	else
		ike_drop(e, m, IKE_DROP_NO_SA, "no SA has these cookies");
}

/* A piece of a message of Cisco's way; when it was the last one, the message. */
static void
fragment_received(struct ike_sa *sa, struct ike_msg *m)
{
	static uint8_t room[IKE_DATAGRAM_MAX];
	struct ike_path path = m->path;
	struct slice body = {m->datagram.p + IKE_HEADER_LEN, m->datagram.len - IKE_HEADER_LEN}, whole;
	const char *why = "fragmentation is not configured";
	struct rbuf r;

	rbuf_init(&r, body.p, body.len);
	rbuf_skip(&r, 2);
	if (sa->engine->conf.v1.global.fragmentation)
		why = rbuf_be16(&r) != body.len ? "a fragment's length is wrong" :
		    fragment_take(&sa->fragments, rbuf_rest(&r), room, &whole);
	if (why == NULL && whole.len > IKE_HEADER_LEN &&
	    whole.p[IKE_HEADER_NEXT_AT] == PAYLOAD_FRAGMENT)
		why = "a fragment in fragments";
	if (why != NULL)
		ike_drop(sa->engine, m, IKE_DROP_FRAGMENT, why);
	else if (whole.len > 0)
		engine_receive(sa->engine, &path, whole);
}

static bool
is_version_2(struct slice datagram)
{
	return datagram.len > IKE_HEADER_VERSION_AT &&
	    datagram.p[IKE_HEADER_VERSION_AT] >> 4 == IKE_VERSION_2 >> 4;
}

void
engine_receive(struct ike_engine *e, const struct ike_path *path, struct slice datagram)
{
	static struct ike_msg m;	/* 5 KB, and one message is handled at a time */
	struct ike_sa *sa;
	const char *why;

	engine_count(e, IKE_RECEIVED);
	if (is_version_2(datagram)) {
		ikev2_receive(e, path, datagram);
		engine_reap(e);
		return;
	}
	why = ike_msg_open(&m, path, datagram);
	if (why != NULL) {
		ike_drop(e, &m, IKE_DROP_MALFORMED, why);
		return;
	}
	if (m.h.version >> 4 != IKE_VERSION_1 >> 4) {
		ike_drop(e, &m, IKE_DROP_VERSION, "IKE version is neither 1 nor 2");
		return;
	}
	sa = sa_by_cookies(e, &m.h, path);
	if (sa != NULL && m.h.next == PAYLOAD_FRAGMENT)
		fragment_received(sa, &m);
	else if (sa != NULL)
		step_receive(sa, &m);
	else
		message_for_nobody(e, &m);
	wipe(m.plain, sizeof(m.plain));
	engine_reap(e);
}

/* --- configuration --- */

void
engine_protection_gone(struct ike_engine *e, const char *protection)
{
	struct ike_peer *p, *tmp;

	HASH_ITER (hh, e->peers, p, tmp)
		if (strcmp(p->protection, protection) == 0)
			peer_remove(p);
}

void
engine_protection_set(struct ike_engine *e, const struct ipc_protection *set)
{
	const struct conf_protection *prot;
	struct ike_peer *p, *tmp;

	if (conf_set_protection(&e->conf, set))
		engine_protection_gone(e, set->protection);
	prot = conf_protection_find(&e->conf, set->protection);
	HASH_ITER (hh, e->peers, p, tmp)
		if (strcmp(p->protection, set->protection) == 0)
			peer_take_protection(p, prot);
}

/* ISAKMP SAs under which nothing is protected any more. */
static void
drop_useless_sas(struct ike_engine *e)
{
	struct ikev2_sa *sa2, *tmp2;
	struct ike_sa *sa, *tmp;

	HASH_ITER (hh, e->sas, sa, tmp)
		if (!conf_answers(&e->conf, 1, &sa->path.local, &sa->path.remote))
			sa_delete(sa, "nothing is protected between these addresses any more");
	HASH_ITER (hh, e->sas2, sa2, tmp2)
		if (!conf_answers(&e->conf, 2, &sa2->path.local, &sa2->path.remote))
			ikev2_sa_delete(sa2, "nothing is protected between these addresses any more");
}

/* Timers that the global settings drive, on SAs that were there before them. */
static void
start_timers(struct ike_engine *e)
{
	struct ikev2_sa *sa2, *tmp2;
	struct ike_sa *sa, *tmp;

	HASH_ITER (hh, e->sas, sa, tmp) {
		if (!sa->established || sa->replaced)
			continue;
		if (!timer_armed(&sa->dpd.timer))
			dpd_start(sa);
		if (!timer_armed(&sa->keepalive_timer))
			natt_keepalive_start(sa);
	}
	HASH_ITER (hh, e->sas2, sa2, tmp2) {
		if (!timer_armed(&sa2->liveness_timer))
			ikev2_liveness_start(sa2);
		if (!timer_armed(&sa2->keepalive_timer))
			ikev2_keepalive_start(sa2);
	}
}

/* Of a crypto map: a static line's one peer is, and one that comes by itself is not. */
static bool
configured_by(const struct ike_peer *p, const struct conf_protection *prot)
{
	if (prot->kind == TUNNEL_CMAP)
		return !prot->dynamic && conf_protection_admits(prot, &p->path.local, &p->path.remote);
	return addr_is_set(&prot->remote) && addr_is_set(&prot->local) && !p->natted &&
	    addr_eq(&p->path.local, &prot->local) && addr_eq(&p->path.remote, &prot->remote);
}

/* A peer of a crypto map whom its entry does not name any more. */
static bool
lost_its_place(const struct ike_peer *p, const struct conf_protection *prot)
{
	return prot->kind == TUNNEL_CMAP && addr_is_set(&prot->remote) &&
	    !conf_protection_admits(prot, &p->path.local, &p->path.remote);
}

/* espd has a peer to ask for from the beginning; nothing is said before it does. */
static void
stand_by(struct ike_engine *e, const struct conf_protection *prot, const struct ike_path *path)
{
	struct ike_peer *p;

	if (prot->dynamic || peer_of_line(e, prot->name) != NULL)
		return;
	p = peer_new(e, prot->name, path);
	p->configured = p->on_demand = true;
}

void
engine_config_done(struct ike_engine *e)
{
	const struct conf_protection *prot;
	struct ike_peer *p, *tmp;

	HASH_ITER (hh, e->peers, p, tmp) {
		prot = conf_protection_find(&e->conf, p->protection);
		if (prot == NULL || lost_its_place(p, prot)) {
			peer_remove(p);
			continue;
		}
		p->configured = configured_by(p, prot);
		p->on_demand = p->configured && prot->kind == TUNNEL_CMAP;
		peer_try_now(p);	/* what was refused may be agreed on now */
	}
	drop_useless_sas(e);
	start_timers(e);
	crash_configured(e);
	window_size_configured(e);
	DL_FOREACH (e->conf.protections, prot) {
		struct ike_path path = {prot->local, prot->remote, IKE_PORT, IKE_PORT};

		if (!addr_is_set(&prot->local) || !addr_is_set(&prot->remote))
			continue;
		if (prot->kind == TUNNEL_CMAP) {
			stand_by(e, prot, &path);
			continue;
		}
		p = peer_by_addr(e, prot->name, &prot->local, &prot->remote);
		if (p == NULL)
			p = peer_new(e, prot->name, &path);
		p->configured = true;
		if (!timer_armed(&p->retry_timer))
			peer_bring_up(p);
	}
}

/* --- espd --- */

/*
 * A pair whose keys we still have was being moved: espd may have missed it, so
 * a warm one is told again, whole (what it has keeps its counters).  All else
 * is only named; what espd does not know comes back as SA_EXPIRE.  A cold espd
 * never gets keys that were in use: its counters would start again.
 */
void
engine_espd_up(struct ike_engine *e, bool warm)
{
	struct ike_peer *p, *tmp;
	struct ike_child *c;

	HASH_ITER (hh, e->peers, p, tmp) {
		peer_tell_espd(p);
		DL_FOREACH (p->children, c) {
			struct ipc_spi_only spi = {.spi = c->sa.spi};
			struct ipc_sa m;

			if (!warm || c->settled) {
				e->ops->espd(e->user, IPC_MSG_SA_KEEP, &spi);
				continue;
			}
			child_to_ipc(c, &m);
			e->ops->espd(e->user, IPC_MSG_SA_SET, &m);
			wipe(&m, sizeof(m));
		}
	}
	spi_wait_again(e);
}

void
engine_spi_reserved(struct ike_engine *e, uint32_t txn, uint32_t spi)
{
	spi_wait_answer(e, txn, spi);
}

void
engine_sa_expire(struct ike_engine *e, const struct ipc_sa_expire *x)
{
	struct ike_child *c = child_by_spi(e, x->spi);
	struct ike_peer *p;

	if (c == NULL)
		return;
	p = c->peer;
	if (x->hard) {
		child_remove(c, true);
		if (p->current == NULL)
			peer_lost(p);
	} else if (p->current == c) {
		child_runs_out(c);
	}
}

void
engine_sa_first_in(struct ike_engine *e, uint32_t spi)
{
	struct ike_child *c = child_by_spi(e, spi);

	/* On a responder's pair too: who sends on it has our QM2 and sent QM3. */
	if (c != NULL && !c->retiring && c->sa.stage < SA_CURRENT)
		child_current(c);
}

void
engine_sa_idle(struct ike_engine *e, uint32_t spi)
{
	struct ike_child *c = child_by_spi(e, spi);

	if (c != NULL && c->peer->current == c)
		c->peer->version->idle(c);
}

void
engine_sa_want(struct ike_engine *e, uint32_t peer_ref)
{
	struct ike_peer *p = peer_by_ref(e, peer_ref);

	if (p == NULL)
		return;
	if (p->on_demand) {
		if (!timer_armed(&p->retry_timer))
			peer_demand(p);
		return;
	}
	/* Of a peer that nobody wants the timer is its end, no waiting between attempts. */
	if (!timer_armed(&p->retry_timer) ||
	    (!peer_is_wanted(p) && p->failures == 0 && p->version->has_sa(p)))
		peer_bring_up(p);
}

/* What a crypto map protects came in clear, and was dropped. Sources may be forged. */
void
engine_not_ipsec(struct ike_engine *e, const struct ipc_not_ipsec *m)
{
	if (ratelimit_take(&e->clear_packets, engine_now(e)))
		log_event(LOG_SEV_WARNING, "CRYPTO", "RECVD_PKT_NOT_IPSEC",
		    "Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /%s, src_addr= %s, prot= %u",
		    ADDR_STR(&m->dst), ADDR_STR(&m->src), m->proto);
}

void
engine_peer_moved(struct ike_engine *e, const struct ipc_peer_moved *m)
{
	struct ike_peer *p = peer_by_ref(e, m->peer_ref);
	struct ike_path path;

	if (p == NULL || !p->encap)
		return;
	path = p->path;
	path.remote = m->remote;
	path.remote_port = m->remote_port;
	p->version->moved(p, &path);
	if (p->path.remote_port == path.remote_port && addr_eq(&p->path.remote, &path.remote))
		return;
	p->path = path;
	between_put_peer(p);
	kept_save_peer(p);
	peer_tell_espd(p);
}
