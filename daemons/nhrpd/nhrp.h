/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one router's NHRP is made of, and how its packets are made and sent.
 *
 * nhrp_engine.h has the picture.  What NHRP says to the world goes through struct nhrp_ops
 * only: messages to espd and iked as in ipc_msgs.h, and one question about the kernel's routes.
 */
#ifndef CULVERT_NHRP_H
#define CULVERT_NHRP_H

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "addr.h"
#include "ipc.h"
#include "keep.h"
#include "loop.h"
#include "nhrp_packet.h"
#include "ratelimit.h"

struct nhrp;
struct nhrp_if;
struct nhrp_entry;
struct nhrp_peer;
struct nhrp_waiting;
struct nhrp_purge;

struct nhrp_route {		/* what the kernel would do with a packet */
	struct prefix prefix;	/* the route that matches */
	struct addr gateway;	/* unset: connected */
	char ifname[16];
	bool local;		/* one of our own addresses */
};

struct nhrp_ops {
	/* NHRP_OUT may be lost, everything else arrives or the daemon is gone and is told anew. */
	void (*to_espd)(void *arg, enum ipc_type type, const void *body);
	void (*to_iked)(void *arg, enum ipc_type type, const void *body);
	bool (*route)(void *arg, const struct addr *dst, struct nhrp_route *r);
};

/* Why an NHRP packet went no further; a counter each and interface. */
#define NHRP_DROPS(X)									\
	X(DOWN,         "interface down")						\
	X(MALFORMED,    "malformed")							\
	X(CLEAR,        "in clear on a protected tunnel")				\
	X(AUTH,         "authentication failure")					\
	X(FORGED,       "in the name of a client that is elsewhere")			\
	X(LOOP,         "loop detected")						\
	X(HOPS,         "hop count exceeded")						\
	X(NO_WAY,       "no way to the destination")					\
	X(EXTENSION,    "unrecognized compulsory extension")				\
	X(UNSOLICITED,  "answer to nothing that was asked")				\
	X(NOT_SERVER,   "not for us to answer")						\
	X(REDIRECT,     "redirect not asked for or not credible")			\
	X(FULL,         "a table was full")						\
	X(MAX_SEND,     "over the max-send limit")					\
	X(TOO_BIG,      "would not fit in a packet")

enum nhrp_drop {
#define X(id, text) NHRP_DROP_##id,
	NHRP_DROPS(X)
#undef X
	NHRP_DROP_COUNT
};
extern const char *const nhrp_drop_texts[NHRP_DROP_COUNT];

struct nhrp_redirects;

struct nhrp {
	struct loop *loop;
	const struct nhrp_ops *ops;
	void *ops_arg;
	struct nhrp_if *ifs;		/* by Linux name */
	struct nhrp_peer *peers;	/* all of them, a list */
	struct nhrp_peer *peers_by_ref;
	struct nhrp_nbma *nbmas;	/* the same peers by their NBMA address; protect.c */
	struct nhrp_entry *pending;	/* entries whose request is unanswered, by request ID */
	struct nhrp_waiting *waiting;	/* replies that wait for a session */
	unsigned int waiting_count;
	unsigned int seeking;		/* dynamic peers that are wanted and not up; protect.c */
	struct nhrp_purge *purges;	/* unanswered */
	unsigned int purge_count;
	struct nhrp_redirects *redirects;
	struct keep *keep;
	void **owner;			/* of each kept slot */
	uint32_t slot_hint;
	uint32_t next_txn;
	bool closing;			/* being freed: nobody is told */
	uint64_t no_interface;		/* packets for an interface that we do not have */
	struct ratelimit log_limit;	/* lines that a stranger can cause */
	struct ratelimit client_limit;	/* clients that come and go */
};

/* A packet on its way through. */
struct nhrp_rx {
	struct nhrp_if *ifp;
	struct addr nbma;		/* outer source */
	uint32_t peer_ref;
	struct slice bytes;
	struct nhrp_packet p;
};

/*
 * Finish the packet (authentication, order, checksum) and send it to a peer.
 * false when a limit or its size forbade it (then it is counted).
 */
bool nhrp_send(struct nhrp_if *ifp, struct nhrp_packet *p, const struct addr *nbma,
    uint32_t peer_ref);
void nhrp_dropped(struct nhrp_if *ifp, enum nhrp_drop why);

uint32_t nhrp_next_request_id(struct nhrp *n);
mono_t nhrp_now(const struct nhrp *n);
/* What we say of ourselves in a client information entry. */
struct nhrp_cie nhrp_own_cie(const struct nhrp_if *ifp);
/* A packet from us with the empty records. */
void nhrp_packet_from_us(struct nhrp_packet *p, const struct nhrp_if *ifp, unsigned int type,
    const struct addr *dst);

#endif
