/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spi_recovery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "ike_sa.h"
#include "ike_wire.h"
#include "ikev1.h"
#include "log.h"
#include "peer.h"
#include "static_peer.h"

enum {
	QUIET_S = 60,		/* between two lines about one flow, and two DELETEs */
	STRIKE_S = 2,		/* younger flows may be a rekey in flight */
};

/* --- the table of flows --- */

static struct spi_flow *
flow_new(struct ike_engine *e, const struct spi_flow_key *key)
{
	struct spi_flow *f;

	if (HASH_COUNT(e->spi_flows) >= FLOWS_MAX) {
		f = e->spi_flows;	/* uthash keeps the order of insertion */
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
is_due(const struct ike_engine *e, mono_t last_time)
{
	return last_time.us == 0 ||
	    !mono_before(engine_now(e), mono_add(last_time, mono_s(QUIET_S)));
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

/* Behind a NAT the port tells who of several it is. */
static bool
is_sender(const struct ike_sa *sa, const struct spi_flow *f)
{
	return sa->established && !sa->replaced && addr_eq(&sa->path.remote, &f->key.src) &&
	    addr_eq(&sa->path.local, &f->key.dst) &&
	    (!f->encap || sa->path.remote_port == f->src_port);
}

static struct ike_sa *
sa_of_sender(struct ike_engine *e, const struct spi_flow *f)
{
	struct ike_sa *sa, *tmp, *best = NULL;

	HASH_ITER (hh, e->sas, sa, tmp)
		if (is_sender(sa, f) &&
		    (best == NULL || mono_before(best->established_at, sa->established_at)))
			best = sa;
	return best;
}

/* Said in its peer's name, but by somebody else: those two agree on it.  A DELETE would end it. */
static bool
is_live(struct ike_engine *e, const struct ike_sa *sa, uint32_t spi)
{
	const struct ike_child *c = child_by_spi(e, spi);

	return sa != NULL && c != NULL && peer_uses_sa(c->peer, sa);
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
	log_debug(LOG_DEBUG_ISAKMP, "ISAKMP-ERROR",
	    "(0):ignoring request to send delete notify (no ISAKMP sa) src %s dst %s for SPI 0x%X",
	    ADDR_STR(&f->key.dst), ADDR_STR(&f->key.src), f->key.spi);
}

/* A message of its own for each: some peers stop reading one at an error notification. */
static void
tell(struct ike_sa *sa, struct spi_flow *f)
{
	uint32_t spi = f->key.spi;
	uint8_t b[] = {(uint8_t)(spi >> 24), (uint8_t)(spi >> 16), (uint8_t)(spi >> 8), (uint8_t)spi};
	struct ike_engine *e = sa->engine;

	if (!is_due(e, f->told_at) || !ratelimit_take(&sa->spis_told, engine_now(e)))
		return;
	f->told_at = engine_now(e);
	f->decision = sa->recovers ? SPI_RECOVERED : SPI_TOLD;
	engine_count(e, IKE_INVALID_SPI_TOLD);
	ikev1_send_delete_esp(sa, spi);
	ikev1_send_notify(sa, PROTO_ESP, NOTIFY_INVALID_SPI, slice_of(b, sizeof(b)),
	    (struct slice){NULL, 0});
}

/* --- recovery --- */

static unsigned int
half_open_recoveries(const struct ike_engine *e)
{
	const struct ike_sa *sa, *tmp;
	unsigned int n = 0;

	HASH_ITER (hh, e->sas, sa, tmp)
		n += sa->recovers && !sa->established;
	return n;
}

static enum ipc_spi_decision
recover(struct ike_engine *e, struct spi_flow *f, struct ike_peer *p)
{
	struct ike_sa *sa = sa_pending(e, &f->key.dst, &f->key.src);

	if (sa != NULL) {
		sa->recovers = true;	/* whatever it was begun for, he is told over it */
		return SPI_NEGOTIATING;
	}
	if (half_open_recoveries(e) >= RECOVERIES_MAX || !ratelimit_take(&p->recoveries, engine_now(e)))
		return SPI_LIMITED;
	ikev1_start(e, &f->key.dst, &f->key.src);
	sa = sa_pending(e, &f->key.dst, &f->key.src);
	if (sa == NULL)
		return SPI_NO_KEY;
	sa->recovers = true;
	engine_count(e, IKE_RECOVERIES);
	log_debug(LOG_DEBUG_ISAKMP, "ISAKMP",
	    "(%u):invalid SPI recovery: phase 1 with %s, who sends to SPI 0x%X", sa->conn_id,
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

void
spi_unknown(struct ike_engine *e, const struct ipc_spi_unknown *u)
{
	struct spi_flow *f = flow_seen(e, u);
	struct ike_peer *p;
	struct ike_sa *sa;
	bool logged;

	engine_count(e, IKE_INVALID_SPI);
	if (f == NULL)
		return;
	sa = sa_of_sender(e, f);
	if (is_live(e, sa, u->spi)) {
		f->decision = SPI_LIVE;
		return;
	}
	p = static_peer(e, &u->dst, &u->src);
	logged = log_flow(e, f, sa != NULL || p != NULL);
	if (sa != NULL) {
		tell(sa, f);
		return;
	}
	f->decision = (uint8_t)decide(e, f, p);
	if (logged && (f->decision == SPI_OFF || f->decision == SPI_NOT_STATIC))
		log_ignored(f);
}

void
spi_recovery_established(struct ike_sa *sa)
{
	struct spi_flow *f, *tmp;
	struct ike_engine *e = sa->engine;

	if (!sa->recovers)
		return;
	HASH_ITER (hh, e->spi_flows, f, tmp)
		if (is_repeated(f) && !is_due(e, f->last) && is_sender(sa, f) &&
		    !is_live(e, sa, f->key.spi))
			tell(sa, f);
	sa->recovers = false;
}
