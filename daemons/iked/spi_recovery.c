/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spi_recovery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "between.h"
#include "child.h"
#include "ike_sa.h"
#include "ike_wire.h"
#include "ikev1.h"
#include "ikev2.h"
#include "ikev2_crash.h"
#include "log.h"
#include "peer.h"
#include "static_peer.h"

enum {
	QUIET_S = 60,		/* between two lines about one flow, and two DELETEs */
	STRIKE_S = 2,		/* younger flows may be a rekey in flight */
	HINT_S = 5,		/* between two hints to one flow: a hint may be lost */
	PASSED_OVER_MAX = 64,	/* flows of senders that we know, to find a stranger's */
};

/* --- the table of flows --- */

/* Who goes from the full table: of the oldest a stranger's, whatever a flood of them brings. */
static struct spi_flow *
victim(struct ike_engine *e)
{
	struct spi_flow *f = e->spi_flows;	/* uthash keeps the order of insertion */
	unsigned int i;

	for (i = 0; f != NULL && i < PASSED_OVER_MAX; i++, f = f->hh.next)
		if (!f->known)
			return f;
	return e->spi_flows;
}

static struct spi_flow *
flow_new(struct ike_engine *e, const struct spi_flow_key *key)
{
	struct spi_flow *f;

	if (HASH_COUNT(e->spi_flows) >= FLOWS_MAX) {
		f = victim(e);
		HASH_DEL(e->spi_flows, f);
		memset(f, 0, sizeof(*f));
	} else {
		f = calloc(1, sizeof(*f));
		if (f == NULL)
			return NULL;
	}
	f->key = *key;
	f->first = engine_now(e);
	return f;
}

/* Counts the report; the flow becomes the youngest of the table. */
static struct spi_flow *
flow_seen(struct ike_engine *e, const struct ipc_spi_unknown *u)
{
	struct spi_flow_key key;
	struct spi_flow *f;

	memset(&key, 0, sizeof(key));
	key.src = u->src;
	key.dst = u->dst;
	key.spi = u->spi;
	HASH_FIND(hh, e->spi_flows, &key, sizeof(key), f);
	if (f != NULL)
		HASH_DEL(e->spi_flows, f);
	else
		f = flow_new(e, &key);
	if (f == NULL)
		return NULL;
	HASH_ADD(hh, e->spi_flows, key, sizeof(f->key), f);
	f->last = engine_now(e);
	f->packets += u->count;
	f->proto = u->proto;
	f->encap = u->encap;
	f->src_port = u->src_port;
	snprintf(f->ifname, sizeof(f->ifname), "%s", u->ifname);
	return f;
}

static bool
is_repeated(const struct spi_flow *f)
{
	return !mono_before(f->last, mono_add(f->first, mono_s(STRIKE_S)));
}

static bool
is_over(const struct ike_engine *e, mono_t last_time, unsigned int s)
{
	return last_time.us == 0 || !mono_before(engine_now(e), mono_add(last_time, mono_s(s)));
}

static bool
is_due(const struct ike_engine *e, mono_t last_time)
{
	return is_over(e, last_time, QUIET_S);
}

void
spi_flow_row(const struct ike_engine *e, const struct spi_flow *f, struct ipc_row_spi_flow *out)
{
	*out = (struct ipc_row_spi_flow){
	    .src = f->key.src, .dst = f->key.dst, .spi = f->key.spi, .proto = f->proto,
	    .encap = f->encap, .src_port = f->src_port, .packets = f->packets,
	    .first_us = (uint64_t)f->first.us, .last_us = (uint64_t)f->last.us,
	    .repeated = is_repeated(f), .decision = f->decision,
	};
	snprintf(out->interface, sizeof(out->interface), "%s", conf_nic_name(&e->conf, f->ifname));
}

void
spi_recovery_free(struct ike_engine *e)
{
	struct spi_flow *f, *tmp;

	HASH_ITER (hh, e->spi_flows, f, tmp) {
		HASH_DEL(e->spi_flows, f);
		free(f);
	}
}

/* --- whose is it --- */

/* The IKE SA with whoever sends: of one version, or none. */
struct sender {
	struct ike_sa *v1;
	struct ikev2_sa *v2;
};

/* Behind a NAT the port tells who of several it is. */
static bool
is_path_of(const struct ike_path *path, const struct spi_flow *f)
{
	return addr_eq(&path->remote, &f->key.src) && addr_eq(&path->local, &f->key.dst) &&
	    (!f->encap || path->remote_port == f->src_port);
}

static bool
is_sender(const struct ike_sa *sa, const struct spi_flow *f)
{
	return sa->established && !sa->replaced && is_path_of(&sa->path, f);
}

/* The newest one. */
static bool
find_sender(struct ike_engine *e, const struct spi_flow *f, struct sender *s)
{
	struct ike_sa *sa;
	struct ikev2_sa *sa2;
	mono_t newest = mono_us(0);

	*s = (struct sender){NULL, NULL};
	DL_FOREACH2 (sas_between(e, &f->key.dst, &f->key.src), sa, at_next)
		if (is_sender(sa, f) && mono_before(newest, sa->established_at)) {
			newest = sa->established_at;
			s->v1 = sa;
		}
	DL_FOREACH2 (sas2_between(e, &f->key.dst, &f->key.src), sa2, at_next)
		if (ikev2_sa_is_up(sa2) && is_path_of(&sa2->path, f) &&
		    mono_before(newest, sa2->established_at)) {
			newest = sa2->established_at;
			*s = (struct sender){NULL, sa2};
		}
	return s->v1 != NULL || s->v2 != NULL;
}

/* Said in its peer's name, but by somebody else: those two agree on it.  A DELETE would end it. */
static bool
is_live(struct ike_engine *e, const struct sender *s, uint32_t spi)
{
	const struct ike_child *c = child_by_spi(e, spi);

	if (c == NULL)
		return false;
	if (s->v2 != NULL)
		return c->ike != NULL && ikev2_same_peer(c->ike, s->v2);
	return s->v1 != NULL && peer_uses_sa(c->peer, s->v1);
}

/* --- what is said --- */

/* True when it was.  Sources may be forged: strangers do not use up the lines about peers. */
static bool
log_flow(struct ike_engine *e, struct spi_flow *f, bool known)
{
	const struct ipc_ike_global *g = &e->conf.global;
	bool name = g->spi_log_interface && f->ifname[0] != '\0';

	if (!is_due(e, f->logged_at) ||
	    !ratelimit_take(known ? &e->known_spis : &e->stranger_spis, engine_now(e)))
		return false;
	f->logged_at = engine_now(e);
	log_event(LOG_SEV_WARNING, "CRYPTO", g->spi_recvd ? "RECVD_PKT_INV_SPI" : "RECV_PKT_INV_SPI",
	    "decaps: rec'd IPSEC packet has invalid spi for destaddr=%s, prot=%u, spi=0x%X(%u), "
	    "srcaddr=%s%s%s", ADDR_STR(&f->key.dst), f->proto, f->key.spi, f->key.spi,
	    ADDR_STR(&f->key.src), name ? ", input interface=" : "",
	    name ? conf_nic_name(&e->conf, f->ifname) : "");
	return true;
}

static void
log_ignored(const struct spi_flow *f)
{
	log_debug_about(LOG_DEBUG_ISAKMP, &f->key.src, "ISAKMP-ERROR",
	    "(0):ignoring request to send delete notify (no ISAKMP sa) src %s dst %s for SPI 0x%X",
	    ADDR_STR(&f->key.dst), ADDR_STR(&f->key.src), f->key.spi);
}

/* True when it is time to tell the peer of this flow. */
static bool
may_tell(struct ike_engine *e, struct spi_flow *f, struct ratelimit *told)
{
	if (!is_due(e, f->told_at) || !ratelimit_take(told, engine_now(e)))
		return false;
	f->told_at = engine_now(e);
	engine_count(e, IKE_INVALID_SPI_TOLD);
	return true;
}

/* A message of its own for each: some peers stop reading one at an error notification. */
static void
tell1(struct ike_sa *sa, struct spi_flow *f)
{
	uint32_t spi = f->key.spi;
	uint8_t b[] = {(uint8_t)(spi >> 24), (uint8_t)(spi >> 16), (uint8_t)(spi >> 8), (uint8_t)spi};

	if (!may_tell(sa->engine, f, &sa->spis_told))
		return;
	f->decision = sa->recovers ? SPI_RECOVERED : SPI_TOLD;
	ikev1_send_delete_esp(sa, spi);
	ikev1_send_notify(sa, PROTO_ESP, NOTIFY_INVALID_SPI, slice_of(b, sizeof(b)),
	    (struct slice){NULL, 0});
}

/* The request wants an answer, and so finds out whether the peer still has this IKE SA. */
static void
tell2(struct ikev2_sa *sa, struct spi_flow *f)
{
	if (!may_tell(sa->engine, f, &sa->spis_told))
		return;
	f->decision = sa->recovers ? SPI_RECOVERED_V2 : SPI_TOLD_V2;
	ikev2_task_add(sa, TASK_INVALID_SPI, f->key.spi);
}

/* --- recovery --- */

/* They are among those that we began: only when these are many, all are looked at. */
static bool
too_many_half_open(const struct ike_engine *e)
{
	const struct ike_sa *sa, *tmp;
	const struct ikev2_sa *sa2, *tmp2;
	unsigned int n = 0;

	if (e->half_open_ours + e->half_open2_ours < RECOVERIES_MAX)
		return false;
	HASH_ITER (hh, e->sas, sa, tmp)
		n += sa->recovers && !sa->established;
	HASH_ITER (hh, e->sas2, sa2, tmp2)
		n += sa2->recovers && sa2->init != NULL;
	return n >= RECOVERIES_MAX;
}

/* Begun by us and not up yet: whatever that was for, he is told over it. */
static bool
joins_pending(struct ike_engine *e, const struct spi_flow *f, const struct ike_peer *p)
{
	struct ike_sa *sa = sa_pending(e, &f->key.dst, &f->key.src);
	struct ikev2_sa *sa2 = ikev2_sa_pending_at(e, &f->key.dst, &f->key.src);

	if (p->version == &ikev2_version) {
		if (sa2 != NULL)
			sa2->recovers = true;
		return sa2 != NULL;
	}
	if (sa != NULL)
		sa->recovers = true;
	return sa != NULL;
}

/* The pair that IKE_AUTH makes is the peer's, if this is where its traffic goes. */
static bool
start2(struct ike_engine *e, const struct spi_flow *f, const struct ike_peer *p)
{
	const struct conf_protection *prot = conf_protection_find(&e->conf, p->protection);

	return prot != NULL && ikev2_init_start(e, prot->ikev2_profile, &f->key.dst, &f->key.src,
	    addr_eq(&p->path.remote, &f->key.src) ? p->ref : 0) != NULL;
}

static enum ipc_spi_decision
recover(struct ike_engine *e, const struct spi_flow *f, struct ike_peer *p)
{
	uint64_t refused;

	if (joins_pending(e, f, p))
		return SPI_NEGOTIATING;
	if (too_many_half_open(e) || !ratelimit_take(&p->recoveries, engine_now(e)))
		return SPI_LIMITED;
	refused = e->admission.out_rejected;
	if (p->version == &ikev2_version)
		(void)start2(e, f, p);
	else
		ikev1_start(e, &f->key.dst, &f->key.src);
	if (!joins_pending(e, f, p))
		return e->admission.out_rejected != refused ? SPI_LIMITED : SPI_NO_KEY;
	engine_count(e, IKE_RECOVERIES);
	log_debug_about(p->version == &ikev2_version ? LOG_DEBUG_IKEV2 : LOG_DEBUG_ISAKMP,
	    &f->key.src, p->version == &ikev2_version ? "IKEv2" : "ISAKMP",
	    "invalid SPI recovery: an IKE SA with %s, who sends to SPI 0x%X",
	    ADDR_STR(&f->key.src), f->key.spi);
	return SPI_RECOVERING;
}

static enum ipc_spi_decision
decide(struct ike_engine *e, struct spi_flow *f, struct ike_peer *p)
{
	if (!e->conf.global.recovery || !e->conf.global.enabled)
		return SPI_OFF;
	if (p == NULL)
		return SPI_NOT_STATIC;
	if (!is_repeated(f))
		return SPI_WAITING;
	return recover(e, f, p);
}

/* Nothing else is done about it: let its sender ask, if it is one that may. */
static void
hint(struct ike_engine *e, struct spi_flow *f)
{
	struct ike_path to = {f->key.dst, f->key.src, IKE_PORT, IKE_PORT};

	if (f->encap) {
		to.local_port = IKE_NATT_PORT;
		to.remote_port = f->src_port;
	}
	if (is_repeated(f) && is_over(e, f->hinted_at, HINT_S) && crash_hint(e, &to, f->key.spi))
		f->hinted_at = engine_now(e);
	if (f->hinted_at.us != 0)
		f->decision = SPI_HINTED;
}

void
spi_unknown(struct ike_engine *e, const struct ipc_spi_unknown *u)
{
	struct spi_flow *f = flow_seen(e, u);
	struct sender sender;
	struct ike_peer *p;
	bool known, logged;

	engine_count(e, IKE_INVALID_SPI);
	if (f == NULL)
		return;
	f->known = known = find_sender(e, f, &sender);
	if (is_live(e, &sender, u->spi)) {
		f->decision = SPI_LIVE;
		return;
	}
	p = static_peer(e, &u->dst, &u->src);
	f->known = known || p != NULL;
	logged = log_flow(e, f, f->known);
	if (sender.v2 != NULL)
		tell2(sender.v2, f);
	else if (sender.v1 != NULL)
		tell1(sender.v1, f);
	if (known)
		return;
	f->decision = (uint8_t)decide(e, f, p);
	if (f->decision != SPI_OFF && f->decision != SPI_NOT_STATIC)
		return;
	if (logged)
		log_ignored(f);
	hint(e, f);
}

/* Its packets came long enough, and not long ago. */
static bool
is_broken(const struct ike_engine *e, const struct spi_flow *f)
{
	return is_repeated(f) && !is_due(e, f->last);
}

void
spi_recovery_established(struct ike_sa *sa)
{
	const struct sender s = {sa, NULL};
	struct spi_flow *f, *tmp;
	struct ike_engine *e = sa->engine;

	if (!sa->recovers)
		return;
	HASH_ITER (hh, e->spi_flows, f, tmp)
		if (is_broken(e, f) && is_sender(sa, f) && !is_live(e, &s, f->key.spi))
			tell1(sa, f);
	sa->recovers = false;
}

void
spi_recovery_established2(struct ikev2_sa *sa)
{
	const struct sender s = {NULL, sa};
	struct spi_flow *f, *tmp;
	struct ike_engine *e = sa->engine;

	if (!sa->recovers)
		return;
	HASH_ITER (hh, e->spi_flows, f, tmp)
		if (is_broken(e, f) && is_path_of(&sa->path, f) && !is_live(e, &s, f->key.spi))
			tell2(sa, f);
	sa->recovers = false;
}
