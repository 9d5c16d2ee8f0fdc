/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IKE SAs of version 2 (RFC 7296), and what runs on them.
 *
 * An SA is owned by the engine's table.  A pair of ESP SAs belongs to the one
 * that negotiated it (child->ike) and moves to that one's successor.  What is
 * only needed until both sides are authenticated (struct ikev2_init) is freed
 * then: an SA that is up holds its keys, its identities and its window.
 *
 * Requests of either side are under way up to what its window allows
 * (ikev2_window.h), and what is to be said beyond that waits as a task
 * (ikev2_task.c).  A request of the peer is answered once; its repetition is
 * answered from memory.
 */
#ifndef CULVERT_IKEV2_SA_H
#define CULVERT_IKEV2_SA_H

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "dh.h"
#include "engine.h"
#include "ident.h"
#include "ike_sa.h"
#include "ikev2_msg.h"
#include "ikev2_window.h"
#include "keymat2.h"
#include "proposal2.h"
#include "secret.h"

struct ike_child;
struct ikev2_nego;
struct ikev2_parts;
struct ikev2_sa;

enum ikev2_state {
	IKEV2_START,
	IKEV2_I_INIT,		/* we sent IKE_SA_INIT */
	IKEV2_I_AUTH,		/* we sent IKE_AUTH */
	IKEV2_R_INIT,		/* we answered IKE_SA_INIT */
	IKEV2_R_AUTH,		/* IKE_AUTH came; our answer waits for an SPI */
	IKEV2_UP,
	IKEV2_OLD,		/* another took its place; it waits to be deleted */
	IKEV2_CLOSING,		/* we said DELETE */
	IKEV2_FAILED,		/* repeats its last answer for a while */
};

struct ikev2_init {		/* until both sides are authenticated */
	struct dh *dh;
	struct ike_nonce ni, nr;
	struct keymat2_auth p;
	uint8_t *request, *answer;	/* IKE_SA_INIT as it was on the wire; owned */
	size_t request_len, answer_len;
	uint8_t cookie[IKEV2_COOKIE_MAX];	/* that the responder wants to see */
	size_t cookie_len;
	uint16_t group;			/* of our KE */
	unsigned int restarts;		/* because of cookies and groups */
	uint16_t refusal;		/* a notification that came, perhaps not from the peer; 0: none */
	bool childless;			/* the peer can RFC 6023 */
	uint8_t sig_hashes;		/* that the peer verifies: SIG_BIT()s; 0: not RFC 7427 */
	uint8_t wanted[16 * 20];	/* hashes of CAs that the peer asked for */
	size_t wanted_len;
	uint32_t peer_ref;		/* for whom we began; 0: nobody */
	struct ike_nonce rival_lowest;	/* of the SA that the peer makes for the same purpose */
};

struct ikev2_task {		/* a request that is to be made */
	enum ikev2_task_kind kind;
	uint32_t spi;
	uint32_t peer;			/* as in struct ikev2_ask */
	struct ikev2_task *prev, *next;
};

struct ikev2_first {		/* what a first message is known by */
	uint8_t spi_i[IKE_SPI_LEN];
	struct addr remote;
};

struct ikev2_sa {
	struct ike_engine *engine;
	uint8_t spi_i[IKE_SPI_LEN], spi_r[IKE_SPI_LEN];
	uint8_t ours[IKE_SPI_LEN];	/* whichever of the two is ours: key of the table */
	uint8_t state;			/* enum ikev2_state; only ikev2_step.c sets it */
	bool initiator;
	bool gone;			/* unlinked, waits to be freed */
	bool half_open;			/* a stranger began it, and has not proved itself */
	bool natt;			/* both sides speak NAT traversal */
	bool nat_local, nat_remote;	/* who is behind a NAT */
	bool forced;			/* one end wants UDP without one (natt.h) ... */
	bool likes_udp;			/* ... and the peer is a culvert that likes that */
	bool fragments;			/* both sides can RFC 7383 */
	bool recovers;			/* its peer waits to hear of invalid SPIs */
	uint8_t auth_sign, auth_verify;	/* enum ipc_auth */
	struct ike_path path;
	uint32_t conn_id, session_id;
	mono_t created, established_at, dies_at, heard_at;
	struct prop2 agreed;
	uint8_t child_group;		/* for PFS, that the peer asked for; 0: it did not */
	struct keymat2 keys;
	uint64_t iv;			/* of the next message of ours */
	const char *profile;		/* see once.h */
	struct held_ident *id, *peer_id;
	struct ikev2_init *init;	/* NULL once it is up */

	struct ikev2_window window;
	struct ikev2_task *tasks;	/* that wait for a place in it, or for others to be over */
	struct ikev2_ask *asked;	/* the one whose answer is being taken; it has left the window */
	struct ike_child *children;	/* by ike_prev and ike_next */
	struct ikev2_nego *negos;	/* pairs being negotiated, by either side */
	struct ikev2_sa *successor;	/* we began it; or, of a collision, the one that won */
	struct ikev2_sa *rival;		/* the peer began it while our rekey was under way */
	struct ikev2_sa *maker;		/* whose successor or rival it is */
	struct ikev2_parts *parts;

	struct timer life_timer, keepalive_timer, liveness_timer;
	struct secret *peer_token;	/* proves that the peer lost this SA; NULL: it gave none */
	uint32_t token_given;		/* the first bytes of the one that we gave; 0: none */
	struct ratelimit hints;		/* in clear: questions that they make us ask */
	struct ratelimit spis_told;
	struct ratelimit regroups;	/* Diffie-Hellmans that the peer asks for by INVALID_KE_PAYLOAD */
	uint32_t keep_slot;		/* KEEP_NONE: not kept */
	struct ikev2_sa *next_dead;
	struct ikev2_sa *half_prev, *half_next;	/* while it is half open */
	struct ikev2_first first;	/* responder: key of another table */
	struct between *at;
	struct ikev2_sa *at_prev, *at_next;
	UT_hash_handle hh, hh_first;
};

struct ikev2_sa *ikev2_sa_new(struct ike_engine *e, const struct ike_path *path, bool initiator);
/* From kept state, with this SPI of ours; the caller fills it in, then ikev2_sa_restored. */
struct ikev2_sa *ikev2_sa_restore(struct ike_engine *e, const struct ike_path *path, bool initiator,
    const uint8_t ours[IKE_SPI_LEN]);
/* Responder, when the peer's SPI is known. */
void ikev2_sa_set_first(struct ikev2_sa *sa, const uint8_t spi_i[IKE_SPI_LEN]);
void ikev2_sa_remove(struct ikev2_sa *sa);	/* silently, with what runs on it */
void ikev2_sa_linger(struct ikev2_sa *sa, const char *why);	/* it only repeats its last answer */
void ikev2_sa_free(struct ikev2_sa *sa);	/* the reaper's */
void ikev2_init_free(struct ikev2_sa *sa);	/* wipes and frees sa->init */

/* Finding. */
struct ikev2_sa *ikev2_sa_by_ours(struct ike_engine *e, const uint8_t spi[IKE_SPI_LEN]);
struct ikev2_sa *ikev2_sa_by_spis(struct ike_engine *e, const struct ike_header *h);
struct ikev2_sa *ikev2_sa_by_first_message(struct ike_engine *e, const struct ike_header *h,
    const struct ike_path *path);
struct ikev2_sa *ikev2_sa_for_peer(const struct ike_peer *p);	/* newest that is up */
struct ikev2_sa *ikev2_sa_pending(const struct ike_peer *p);	/* begun by us, not up yet */
struct ikev2_sa *ikev2_sa_pending_at(struct ike_engine *e, const struct addr *local,
    const struct addr *remote);				/* likewise, of whatever profile */
/* Those between the same addresses, itself among them, by at_next. */
struct ikev2_sa *ikev2_sas_beside(const struct ikev2_sa *sa);
bool ikev2_sa_is_up(const struct ikev2_sa *sa);
bool ikev2_same_peer(const struct ikev2_sa *a, const struct ikev2_sa *b);	/* identity, address, port */
/* Both sides began at once (ikev2_crossed.c): sa is the one that goes. */
bool ikev2_lost_crossing(const struct ikev2_sa *sa, const struct ikev2_sa *other);
bool ikev2_child_lost_crossing(const struct ike_child *c, const struct ike_child *other);
void ikev2_drop_idle(struct ikev2_sa *sa);	/* says DELETE if another serves its peer */
bool ikev2_began_before(const struct ikev2_sa *sa, const struct ikev2_sa *other);	/* was it up */
/* Of one source (addr_same_source): those that failed count until they are gone. */
unsigned int ikev2_half_open_with(struct ike_engine *e, const struct addr *remote);
void ikev2_half_open_over(struct ikev2_sa *sa);		/* it is one no more */
struct ike_child *ikev2_child_by_spi(const struct ikev2_sa *sa, uint32_t spi);
struct ike_child *ikev2_child_by_peer_spi(const struct ikev2_sa *sa, uint32_t peer_spi);
const struct conf_profile2 *ikev2_profile_of(const struct ikev2_sa *sa);

/* What happens to it. */
void ikev2_sa_up(struct ikev2_sa *sa);			/* both sides are authenticated */
void ikev2_sa_announce(struct ikev2_sa *sa);		/* after its last message left */
bool ikev2_peer_has_many(const struct ikev2_sa *sa);	/* more IKE SAs than it may */
/* Requests of ours that are without an answer are asked again, as mere liveness checks. */
void ikev2_sa_restored(struct ikev2_sa *sa, enum ikev2_state state);
/*
 * Logs that a negotiation came to nothing.  `ours`: we began it, so it is not for others to
 * fill the log.
 */
void ikev2_log_aborted(struct ike_engine *e, const struct addr *peer, bool ours, const char *why);
/* The same of a pair of ESP SAs: for this peer of ours, or NULL: that the other side asked for. */
void ikev2_no_pair(const struct ikev2_sa *sa, const struct ike_peer *p, const char *why);
void ikev2_sa_failed(struct ikev2_sa *sa, const char *why);	/* before it was up */
void ikev2_sa_dead(struct ikev2_sa *sa, const char *why);	/* it and its pairs go, unsaid */
void ikev2_sa_delete(struct ikev2_sa *sa, const char *why);	/* says DELETE; its pairs go */
/* Something authenticated; newest: nothing that it sent later was here before. */
void ikev2_sa_heard(struct ikev2_sa *sa, const struct ike_path *path, bool newest);
void ikev2_child_adopt(struct ikev2_sa *sa, struct ike_child *c);
void ikev2_child_release(struct ike_child *c);
void ikev2_children_move(struct ikev2_sa *from, struct ikev2_sa *to);
void ikev2_children_drop(struct ikev2_sa *sa);	/* unsaid; their peers look for others */
void ikev2_peers_update(const struct ikev2_sa *sa);	/* their state may have changed */
void ikev2_life_start(struct ikev2_sa *sa);		/* what its state asks for */
bool ikev2_natt_between(const struct ikev2_sa *sa);	/* ESP goes in UDP */
void ikev2_keepalive_start(struct ikev2_sa *sa);
void ikev2_liveness_start(struct ikev2_sa *sa);		/* periodic, if configured */
uint8_t ikev2_ipc_state(const struct ikev2_sa *sa);
struct ikev2_dpd {
	uint16_t interval_s, retry_s;
	bool periodic;
};
struct ikev2_dpd ikev2_dpd_of(const struct ikev2_sa *sa);

/* Messages (ikev2_exchange.c). */
struct ike_header ikev2_header(const struct ikev2_sa *sa, uint8_t exchange, bool request,
    uint32_t msgid);
/* Encrypts, stores, keeps and sends; a request waits for its answer. False: it does not fit. */
bool ikev2_request(struct ikev2_ask *a, uint8_t exchange, struct ikev2_build *b);
/* msgid: of a request that was taken and is not answered yet. */
bool ikev2_answer(struct ikev2_sa *sa, uint32_t msgid, uint8_t exchange, struct ikev2_build *b);
void ikev2_refuse(struct ikev2_sa *sa, uint32_t msgid, uint8_t exchange, uint16_t notify,
    struct slice data);
void ikev2_send(struct ikev2_sa *sa, struct slice datagrams);
/* In clear and remembered nowhere: the answer to a request, or a message of our own. */
void ikev2_send_clear(struct ike_engine *e, const struct ikev2_msg *m, struct ikev2_build *b);
void ikev2_send_stateless(struct ike_engine *e, const struct ike_path *path,
    const struct ike_header *h, struct ikev2_build *b);

/* Tasks (ikev2_task.c). */
void ikev2_task_add(struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi);
bool ikev2_task_runs(const struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi);
bool ikev2_task_is_due(const struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi);	/* it runs or waits */
void ikev2_task_failed(struct ikev2_ask *a);	/* it came to nothing before it was sent */
void ikev2_task_next(struct ikev2_sa *sa);	/* whatever may run now */
void ikev2_tasks_free(struct ikev2_sa *sa);
void ikev2_tasks_move(struct ikev2_sa *from, struct ikev2_sa *to);	/* those that do not run */

/* For debug lines: IKEv2:(SESSION ID = n,SA ID = n) */
void ikev2_debug(const struct ikev2_sa *sa, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
#define ikev2_debug(sa, ...) (log_debug_on(LOG_DEBUG_IKEV2) ? (ikev2_debug)((sa), __VA_ARGS__) : (void)0)

#endif
