/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The IKE engine: what it is made of.  It is everything but sockets.
 *
 * It owns the configuration (policy.h), the peers (peer.h) with their pairs of
 * ESP SAs (child.h), and the ISAKMP SAs (ike_sa.h) with their exchanges.  What
 * it does to the world goes through `ops`, so that tests put two engines into
 * one process and carry datagrams between them by hand.
 *
 *     engine_life.h    begins and ends it
 *     events.h         what comes from outside: datagrams, configuration, espd's news
 *     clear.h          what the operator wants gone
 *
 * SAs and exchanges that end are unlinked at once but freed a little later
 * (engine_reap), because the function that ended them may still be using them.
 */
#ifndef CULVERT_IKE_ENGINE_H
#define CULVERT_IKE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "admission.h"
#include "diagnose.h"
#include "buf.h"
#include "counters.h"
#include "ikev2_cookie.h"
#include "ipc.h"
#include "loop.h"
#include "path.h"
#include "policy.h"
#include "ratelimit.h"

struct between;
struct ike_child;
struct ike_peer;
struct ike_sa;
struct ike_quick;
struct kept;
struct spi_flow;
struct spi_wait;
struct ikev2_sa;

struct ike_ops {
	/* One datagram; an empty one (only from port 4500) is a NAT keepalive. */
	void (*send)(void *user, const struct ike_path *path, struct slice datagram);
	/* PEER_SET, PEER_DEL, SA_SET, SA_REMOVE, SPI_RESERVE, SPI_RELEASE; false: espd is away. */
	bool (*espd)(void *user, enum ipc_type type, const void *body);
	/* To every nhrpd that listens. */
	void (*nhrpd)(void *user, const struct ipc_peer_state *state);
};

struct ike_engine {
	struct loop *loop;
	const struct ike_ops *ops;
	void *user;
	struct ike_conf conf;
	struct ike_peer *peers;		/* hash by peer_ref */
	struct ike_child *children;	/* of all of them, hash by our SPI */
	struct between *betweens;	/* see between.h */
	struct ike_sa *sas;		/* hash by our own cookie */
	struct ikev2_sa *sas2;		/* of version 2, hash by our own SPI */
	struct ikev2_sa *firsts2;	/* those where we respond, by the peer's SPI and address */
	struct ike_sa *half_open_sas;	/* lists of those that strangers began and that are half open */
	struct ikev2_sa *half_open_sas2;
	struct spi_wait *spi_waits;	/* see spi_wait.h */
	struct kept *kept;
	unsigned int half_open;		/* as responder */
	unsigned int half_open2;	/* of version 2 */
	unsigned int half_open_ours, half_open2_ours;	/* as initiator */
	struct admission_state admission;
	struct diagnose diagnose;
	struct cookie_jar cookies;
	uint32_t next_conn, next_txn;
	uint32_t next_session;
	struct ike_sa *dead_sas;
	struct ikev2_sa *dead_sas2;
	struct ike_quick *dead_quicks;
	struct timer reap_timer;
	struct spi_flow *spi_flows;	/* see spi_recovery.h */
	struct ratelimit stranger_spis, known_spis;	/* lines about unknown SPIs */
	struct ratelimit clear_packets;	/* lines about packets that came in clear */
	struct ratelimit stranger_log;	/* lines that anybody can cause */
	struct ratelimit peer_log;	/* lines that whoever has the key can */
	struct ratelimit stranger_answers;	/* and packets */
	struct ratelimit crash_answers, crash_hints;	/* likewise, of ikev2_crash.h */
	uint32_t crash_changes;		/* of its configuration, that the peers were told of */
	uint8_t window_said;		/* likewise: crypto ikev2 window */
	struct ratelimit aggressive_offers;	/* and Diffie-Hellmans */
	uint64_t counter[IKE_COUNTER_COUNT];
};

/* What was put into the lists of the dead is freed when the loop has nothing else to do. */
void engine_reap_soon(struct ike_engine *e);
mono_t engine_now(const struct ike_engine *e);
void engine_count(struct ike_engine *e, enum ike_counter what);
extern const char *const ike_counter_texts[IKE_COUNTER_COUNT];

#endif
