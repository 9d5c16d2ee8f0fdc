/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Next hop servers of a client: which ones an interface has (`ip nhrp nhs`), where they are,
 * and which of them carries what has no better way.  nhs_register.h registers with them,
 * nhs_cluster.h chooses those that are used.
 */
#ifndef CULVERT_NHRP_NHS_H
#define CULVERT_NHRP_NHS_H

#include "nhrp_if.h"

struct nhs_view {		/* zeros: it has just come */
	uint8_t state, queue;	/* enum ipc_nhs_state, ipc_nhs_queue */
};

struct nhs_record {		/* what is kept */
	char ifname[16];
	struct addr nhs, nbma;
	uint8_t multicast;
	uint8_t state;		/* enum nhs_state */
	uint8_t priority, cluster;
	uint8_t place;		/* enum nhs_place */
	struct nhs_view now, before;	/* as it is shown, and before that changed */
	uint8_t pad[3];
	uint32_t request_id;
	uint32_t requests, failed, replies;
	int64_t last_reply_us;	/* 0: none */
	int64_t due_us;		/* of the timer; 0: none */
	int64_t place_due_us;	/* of place_timer; 0: none */
	uint32_t retry_s;	/* the pause before the next repetition */
	uint32_t tries;		/* of this request */
};

struct nhrp_nhs {
	struct nhrp_if *ifp;
	struct nhs_record r;
	uint32_t slot;
	bool stale;
	struct nhrp_peer *peer;
	struct timer timer;		/* of its registration */
	struct timer place_timer;	/* of its place in the cluster */
	struct nhrp_nhs *prev, *next;
};

void nhs_set(struct nhrp_if *ifp, const struct ipc_nhs *conf);
/* The client leaves: the server is told, if it can be reached. */
void nhs_del(struct nhrp_if *ifp, const struct addr *nhs);
void nhs_del_all(struct nhrp_if *ifp);
void nhs_restore(struct nhrp *n, const struct nhs_record *r, uint32_t slot);

/* The interface's settings changed: ready or not, other addresses, other timers. */
void nhs_if_changed(struct nhrp_if *ifp);
void nhs_if_leaving(struct nhrp_if *ifp);	/* before its addresses change or it goes */
/* A session came up or went away. */
void nhs_session(struct nhrp_peer *p);
void nhs_line_up(struct nhrp_if *ifp);
/* The first that is used and answers (and is not `except`, which may be NULL); NULL: none. */
struct nhrp_nhs *nhs_responding(const struct nhrp_if *ifp, const struct addr *except);
bool nhs_is_responding(const struct nhrp_nhs *s);
/* It responds, and is one of those that are used. */
bool nhs_is_active(const struct nhrp_nhs *s);
/* No server is at that address, or one that is used. */
bool nhs_may_have_multicast(const struct nhrp_if *ifp, const struct addr *nbma);

/* For nhs_*.c: after a change of the record; after one of who responds. */
void nhs_keep(struct nhrp_nhs *s);
void nhs_route_changed(struct nhrp_if *ifp);
/* Its own address in the cache, as a static map would put it there; and away again. */
void nhs_map(struct nhrp_nhs *s);
void nhs_unmap(struct nhrp_nhs *s);
void nhs_leave(struct nhrp_nhs *s);	/* the server is told, if it can be reached */

#endif
