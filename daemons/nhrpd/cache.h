/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The NHRP cache of an interface: protocol prefix -> next hop and NBMA address.
 *
 *   STATIC      ip nhrp map, or the NBMA address of an NHS
 *   DYNAMIC     registered with us (REGISTERED), resolved by us (RIB, NHOP) or
 *               seen in a request (IMPLICIT)
 *   INCOMPLETE  asked for; or, with `negative`, in vain: not to be asked again soon
 *   LOCAL       what we told others is behind us, and whom we told (for purges)
 *
 * What an entry makes espd do is publish.c's business; here entries are found,
 * made, bounded in number, kept and expired.
 */
#ifndef CULVERT_NHRP_CACHE_H
#define CULVERT_NHRP_CACHE_H

#include "nhrp_if.h"

#define CACHE_REQUESTERS 8	/* the oldest is forgotten: its entry expires by itself */
#define CACHE_HOLDOFF_S 60	/* after a failure, how long not to try again */

enum { CACHE_BY_MAP = 1, CACHE_BY_NHS = 2 };	/* why a STATIC entry exists */

struct cache_requester {
	struct addr proto;
	uint32_t request_id;
	int64_t expires_us;
};

struct cache_record {		/* what is kept: no pointers */
	char ifname[16];
	struct prefix address;
	struct addr next_hop;
	struct addr nbma;
	struct addr claimed;	/* behind NAT: what the client calls itself */
	struct addr target;	/* the address that was asked for */
	int64_t created_us, expires_us;	/* expires 0: never */
	uint32_t hold_s;
	uint32_t peer_ref;
	uint32_t request_id;
	uint16_t flags;		/* NHRP_FLAG_* of ipc_msgs.h */
	uint16_t mtu;
	uint8_t type;		/* enum ipc_nhrp_type */
	uint8_t by;		/* CACHE_BY_* */
	uint8_t negative;
	uint8_t shortcut;	/* asked for because of a redirect */
	uint8_t preference;
	uint8_t pad[3];
	struct cache_requester requester[CACHE_REQUESTERS];
};

struct nhrp_entry {
	struct nhrp_if *ifp;
	struct cache_record r;
	uint32_t slot;
	enum cache_class class;
	bool stale;			/* a map not named since BEGIN */
	struct nhrp_peer *peer;		/* the session it goes by */
	struct nhrp_entry *peer_prev, *peer_next;	/* of that peer */
	bool pending;			/* r.request_id is unanswered */
	unsigned int tries;
	struct timer timer;		/* the next of: retry, refresh, expiry */
	struct {			/* what espd was told */
		bool adjacency, shortcut;
		struct addr nbma, mcast_nbma;
		uint32_t peer_ref, mcast_ref;
		bool mcast;
	} told;
	UT_hash_handle hh;		/* of the interface, by r.address */
	UT_hash_handle hh_pending;	/* of the engine, by r.request_id */
};

struct prefix cache_host(const struct addr *a);		/* a/32 or a/128 */
struct nhrp_entry *cache_find(const struct nhrp_if *ifp, const struct prefix *p);
struct nhrp_entry *cache_find_host(const struct nhrp_if *ifp, const struct addr *a);
/*
 * The longest match that can be used to send.  Requests do not go by what was
 * `learned`: who moved would never be found again.
 */
struct nhrp_entry *cache_lookup(const struct nhrp_if *ifp, const struct addr *a, bool learned);
/* Is there a session, or no need of one? */
bool cache_usable(const struct nhrp_entry *e);
/* NULL when its class is full.  An entry of that prefix must not exist. */
struct nhrp_entry *cache_add(struct nhrp_if *ifp, const struct prefix *p, enum cache_class class);
struct nhrp_entry *cache_restore(struct nhrp *n, const struct cache_record *r, uint32_t slot);
void cache_remove(struct nhrp_entry *e);
/* After a change of the record or of hold_s: keeps it, and sets the timer. */
void cache_changed(struct nhrp_entry *e);
void cache_hold(struct nhrp_entry *e, uint32_t hold_s);	/* expires then, from now */
/* Asked in vain, or the session failed: withdrawn, and not tried again for a while. */
void cache_negative(struct nhrp_entry *e);
void cache_used(struct nhrp_entry *e);
/*
 * CLEAR_NHRP: dynamic entries that cover `peer`, or lie within `within`; CLEAR_DMVPN: those whose
 * NBMA address is `peer`.  Of one interface where it has a name.  How many went.
 */
unsigned int cache_clear(struct nhrp *n, const struct ipc_clear *q);
/* Which session the entry goes by; the old one is released.  NULL: none. */
void cache_set_peer(struct nhrp_entry *e, struct nhrp_peer *peer);
void cache_debug(const struct nhrp_entry *e, const char *what);

#endif
