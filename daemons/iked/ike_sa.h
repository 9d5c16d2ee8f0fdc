/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ISAKMP SAs and the exchanges that run on them.
 *
 * An SA is owned by the engine's table, a quick mode by its SA, the key
 * exchange of main mode (struct ike_main) by its SA until the peer is
 * authenticated.  Peers (peer.h) do not point at SAs, nor SAs at peers: an SA
 * serves every peer that has its addresses and identity, and comes and goes
 * beneath it (sa_for_peer).
 */
#ifndef CULVERT_IKE_SA_H
#define CULVERT_IKE_SA_H

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "dh.h"
#include "between.h"
#include "engine.h"
#include "ident.h"
#include "ike_msg.h"
#include "ikev1_frag.h"
#include "keymat1.h"
#include "pki.h"
#include "proposal.h"
#include "retransmit.h"
#include "spi_wait.h"

struct ikev1_step;
struct ike_child;

enum ikev1_state {
	MM_START, MM_I_SENT1, MM_I_SENT3, MM_I_SENT5, MM_R_SENT2, MM_R_SENT4, MM_DONE,
	AG_I_SENT1, AG_R_SENT2, AG_I_DONE, AG_R_DONE,	/* begins with MM_START, too */
	QM_START, QM_I_SENT1, QM_I_DONE, QM_R_SENT2, QM_R_DONE,
	INFO_START, INFO_DONE,
};
const char *ikev1_state_name(enum ikev1_state s, bool initiator);	/* as IOS's debug says it */

struct ike_exchange {
	struct ike_sa *sa;
	uint8_t type;			/* enum ike_exchange_type */
	uint8_t state;			/* enum ikev1_state; only step.c sets it */
	bool initiator;
	bool gone;			/* ended by one of its own steps */
	uint32_t msgid;
	uint8_t iv[CIPHER_BLOCK_MAX];		/* of the next message, either way */
	bool has_last_in;
	uint8_t last_in[32];		/* SHA-256 of the last message that was taken */
	const struct ikev1_step *waiting;	/* a step that said WAIT */
	struct retransmit out;
};

struct ike_nonce {
	size_t len;
	uint8_t b[IKE_NONCE_MAX];
};

struct ike_main {		/* phase 1 while it runs */
	struct dh *dh;
	uint8_t *sa_i;		/* body of the initiator's SA payload, as sent */
	size_t sa_i_len;
	uint32_t offered_life_s;	/* responder: in what it chose; 0: not said */
	struct ike_nonce ni, nr;
	struct { size_t len; uint8_t b[DH_PUBLIC_MAX]; } gxi, gxr;
	struct ident peer_id;	/* claimed; believed once the hash was right */
	struct secret psk;	/* that the keys were made of; empty where they sign */
	struct { size_t len; uint8_t b[8 * PKI_KEY_HASH_LEN]; } wanted;	/* CAs of ours it asked for */
	char maps[512];		/* certificate maps that the peer's certificate satisfies: pki_maps() */
	struct { size_t len; uint8_t b[IDENT_MAX + 4]; } id_i;	/* aggressive: the initiator's ID body */
};

struct ike_quick_work {		/* what a quick mode needs until it is over; wiped then */
	unsigned int wants;
	struct p2_transform want[PROFILE_TRANSFORMS_MAX];
	struct dh *dh;
	struct dh_secret gxy;		/* responder, PFS */
	struct ike_nonce ni, nr;
	struct offer chosen;		/* responder: points into chosen_attributes */
	uint8_t chosen_attributes[256];
};

struct ike_quick {		/* one phase 2 negotiation */
	struct ike_exchange x;
	struct ike_peer *peer;
	struct ike_child *child;	/* once there are keys */
	struct spi_wait wait;
	mono_t started;
	uint32_t spi, peer_spi;
	struct p2_transform got;
	struct proxy local, remote;	/* proxy identities, ours and theirs */
	struct ike_quick_work *work;	/* NULL once it is over */
	struct timer timer;		/* the whole negotiation, then how long it lingers */
	bool over;			/* completed: lingers to answer repetitions */
	struct ike_quick *prev, *next;
	struct ike_quick *peer_prev, *peer_next;	/* of the same peer */
};

struct ike_dpd {
	bool running;			/* a probe is out */
	uint32_t seq_out, seq_in;	/* last sent; last heard */
	unsigned int unanswered;
	struct timer timer;
};

enum { SA_MSGIDS = 32 };

struct ike_sa {
	struct ike_engine *engine;
	uint8_t cky_i[IKE_COOKIE_LEN], cky_r[IKE_COOKIE_LEN];
	uint8_t ours[IKE_COOKIE_LEN];	/* whichever of the two is ours: key of the table */
	bool initiator;
	bool established;
	bool replaced;			/* a newer one is up: this one answers but starts nothing */
	bool gone;			/* unlinked, waits to be freed */
	bool unconfirmed;		/* our last message of aggressive mode may have been lost */
	bool recovers;			/* its peer waits to hear of invalid SPIs: spi_recovery.h */
	struct ike_path path;
	uint32_t conn_id;
	mono_t created, established_at, dies_at, heard_at;
	struct p1_transform p1;
	struct keymat1 keys;
	uint8_t last_block[CIPHER_BLOCK_MAX];	/* of phase 1 */
	struct held_ident *peer_id;
	const char *profile;		/* ISAKMP profile; empty: none; see once.h */
	unsigned int vendors;		/* VENDOR_ bits */
	bool natt;			/* both sides speak RFC 3947 */
	bool nat_local, nat_remote;	/* who is behind a NAT */
	bool forced;			/* one end wants UDP without one (natt.h) */
	struct ike_exchange main;	/* phase 1: main or aggressive mode */
	struct ike_main *mm;		/* NULL once established */
	struct ike_quick *quicks;
	struct ike_dpd dpd;
	struct ike_fragments fragments;	/* of a message on its way in */
	uint16_t fragment_id;		/* of the last that went out in pieces */
	struct timer life_timer;	/* half open for too long; later rekey, then end */
	struct timer keepalive_timer;
	unsigned int life_overruns;
	struct ratelimit spis_told;	/* DELETEs of what was never ours */
	uint32_t msgids[SA_MSGIDS];	/* that the peer used: none starts twice */
	unsigned int msgids_at;
	uint32_t keep_slot;		/* KEEP_NONE: not kept */
	struct ike_sa *next_dead;
	bool half_open;			/* a stranger began it and is not authenticated: these two lead on */
	struct ike_sa *half_prev, *half_next;
	struct between *at;
	struct ike_sa *at_prev, *at_next;
	UT_hash_handle hh;
};

/* `exchange` is its phase 1: main or aggressive mode. */
struct ike_sa *sa_new(struct ike_engine *e, const struct ike_path *path, uint8_t exchange,
    bool initiator);
void sa_enter_table(struct ike_sa *sa);			/* once `ours` is known */
void sa_remove(struct ike_sa *sa);			/* silently, its exchanges too */
void sa_free(struct ike_sa *sa);			/* the reaper's */

/* Finding. */
struct ike_sa *sa_by_cookies(struct ike_engine *e, const struct ike_header *h,
    const struct ike_path *path);
/* What is between the same addresses, itself among it, by at_next. */
struct ike_peer *peers_of(const struct ike_sa *sa);
struct ike_sa *sas_beside(const struct ike_sa *sa);
struct ike_sa *sa_for_peer(struct ike_engine *e, const struct ike_peer *p);	/* newest, usable */
struct ike_sa *sa_pending(struct ike_engine *e, const struct addr *local,
    const struct addr *remote);				/* half open, started by us */
unsigned int sa_half_open_with(struct ike_engine *e, const struct addr *remote);
bool sa_same_peer(const struct ike_sa *a, const struct ike_sa *b);	/* identity, address, port */

/* What happens to it. */
void sa_established(struct ike_sa *sa);			/* phase 1 is done */
void sa_established_announce(struct ike_sa *sa);	/* after its last message left */
void sa_restored(struct ike_sa *sa);			/* from kept state: timers only */
void sa_failed(struct ike_sa *sa, const char *why);	/* phase 1 came to nothing */
void sa_dead(struct ike_sa *sa, const char *why);	/* the peer is: its children go too */
void sa_delete(struct ike_sa *sa, const char *why);	/* says DELETE, then sa_remove */
void sa_moved(struct ike_sa *sa, const struct ike_path *path);	/* an authenticated packet said so */
uint8_t sa_ipc_state(const struct ike_sa *sa);		/* enum ipc_ike_state */

/* debug crypto isakmp, about this SA. */
void sa_debug(const struct ike_sa *sa, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define sa_debug(sa, ...) (log_debug_on(LOG_DEBUG_ISAKMP) ? (sa_debug)((sa), __VA_ARGS__) : (void)0)

/* Exchanges. */
bool exchange_is_phase1(uint8_t type);
void exchange_init(struct ike_exchange *x, struct ike_sa *sa, uint8_t type, uint32_t msgid,
    bool initiator);
void exchange_free(struct ike_exchange *x);
/* Encrypts when told to, stores and sends.  `tries` > 0: again until answered. */
bool exchange_send(struct ike_exchange *x, struct ike_build *b, bool encrypt, unsigned int tries);
/* A datagram that nobody will repeat. */
void sa_send(struct ike_sa *sa, struct slice datagram);

struct slice nonce_slice(const struct ike_nonce *n);
void nonce_new(struct ike_nonce *n);
void nonce_set(struct ike_nonce *n, struct slice s);	/* s was checked by nonce_read */

#endif
