/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spi_recovery.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "child.h"
#include "ike_sa.h"
#include "ikev1.h"
#include "log.h"
#include "peer.h"
#include "static_peer.h"

enum { FLOWS_MAX = 1024, QUIET_S = 60 };

struct flow_key {
	struct addr src, dst;
	uint32_t spi;
};

struct spi_flow {
	struct flow_key key;
	mono_t logged_at;
	UT_hash_handle hh;
};

/* True when this flow may be spoken of (again), and `limit` bears one more. */
static bool
flow_is_due(struct ike_engine *e, const struct ipc_spi_unknown *u, struct ratelimit *limit)
{
	struct flow_key key;
	struct spi_flow *f;

	memset(&key, 0, sizeof(key));
	key.src = u->src;
	key.dst = u->dst;
	key.spi = u->spi;
	HASH_FIND(hh, e->spi_flows, &key, sizeof(key), f);
	if (f != NULL && mono_before(engine_now(e), mono_add(f->logged_at, mono_s(QUIET_S))))
		return false;
	if (!ratelimit_take(limit, engine_now(e)))
		return false;
	if (f == NULL && HASH_COUNT(e->spi_flows) >= FLOWS_MAX) {
		f = e->spi_flows;	/* uthash keeps the order of insertion */
		HASH_DEL(e->spi_flows, f);
		free(f);
		f = NULL;
	}
	if (f == NULL) {
		f = calloc(1, sizeof(*f));
		if (f == NULL)
			return false;
		f->key = key;
		HASH_ADD(hh, e->spi_flows, key, sizeof(f->key), f);
	}
	f->logged_at = engine_now(e);
	return true;
}

/* Behind a NAT the port tells who of several it is. */
static struct ike_sa *
sa_of_sender(struct ike_engine *e, const struct ipc_spi_unknown *u)
{
	struct ike_sa *sa, *tmp, *best = NULL;

	HASH_ITER (hh, e->sas, sa, tmp)
		if (sa->established && !sa->replaced && addr_eq(&sa->path.remote, &u->src) &&
		    addr_eq(&sa->path.local, &u->dst) &&
		    (!u->encap || sa->path.remote_port == u->src_port) &&
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

/* Sources may be forged: strangers cannot use up what peers are allowed, nor one peer another's. */
static struct ratelimit *
limit_of(struct ike_engine *e, struct ike_sa *sa, const struct ipc_spi_unknown *u)
{
	if (sa != NULL)
		return &sa->spis_told;
	return static_peer(e, &u->dst, &u->src) ? &e->static_spis : &e->stranger_spis;
}

void
spi_unknown(struct ike_engine *e, const struct ipc_spi_unknown *u)
{
	struct ike_sa *sa = sa_of_sender(e, u);

	engine_count(e, IKE_INVALID_SPI);
	if (is_live(e, sa, u->spi) || !flow_is_due(e, u, limit_of(e, sa, u)))
		return;
	log_event(LOG_SEV_WARNING, "CRYPTO", "RECV_PKT_INV_SPI",
	    "decaps: rec'd IPSEC packet has invalid spi for destaddr=%s, prot=%u, spi=0x%X(%u), "
	    "srcaddr=%s%s%s", ADDR_STR(&u->dst), u->proto, u->spi, u->spi, ADDR_STR(&u->src),
	    u->ifname[0] != '\0' ? ", input interface=" : "", conf_nic_name(&e->conf, u->ifname));
	if (sa != NULL) {
		engine_count(e, IKE_INVALID_SPI_TOLD);
		ikev1_send_delete_esp(sa, u->spi);
		return;
	}
	log_debug(LOG_DEBUG_ISAKMP, "ISAKMP-ERROR",
	    "(0):ignoring request to send delete notify (no ISAKMP sa) src %s dst %s for SPI 0x%X "
	    "(%s peer)", ADDR_STR(&u->dst), ADDR_STR(&u->src), u->spi,
	    static_peer(e, &u->dst, &u->src) ? "static" : "dynamic");
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
