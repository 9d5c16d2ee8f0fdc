/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What control configured of ISAKMP profiles and peers, and of our own
 * identity in IKEv1 (beside policy.h, whose protections say which profile they
 * use).
 *
 * Records are the messages themselves, replaced whole, swept as policy.h's
 * are.  The functions below the first group are the questions that the
 * exchanges ask; none of them changes anything.
 */
#ifndef CULVERT_IKE_POLICY1_H
#define CULVERT_IKE_POLICY1_H

#include <stdbool.h>

#include "ident.h"
#include "ipc.h"

struct conf_profile1 {
	struct ipc_isakmp_profile set;
	bool stale;
	struct conf_profile1 *prev, *next;
};

struct conf_match1 {
	struct ipc_isakmp_match set;
	bool stale;
	struct conf_match1 *prev, *next;
};

struct conf_peer1 {
	struct ipc_isakmp_peer set;
	bool stale;
	struct conf_peer1 *prev, *next;
};

struct ike_conf1 {		/* a member of struct ike_conf: `v1` */
	struct ipc_isakmp_global global;
	struct conf_profile1 *profiles;
	struct conf_match1 *matches;
	struct conf_peer1 *peers;
};

/* A message of the family ISAKMP_*; false when it is none. */
bool conf1_message(struct ike_conf1 *c, enum ipc_type type, const void *body);
void conf1_begin(struct ike_conf1 *c);
void conf1_sweep(struct ike_conf1 *c);
void conf1_clear(struct ike_conf1 *c);

/* NULL: there is none of this name; "" names none. */
const struct conf_profile1 *conf1_profile(const struct ike_conf1 *c, const char *name);
/*
 * The profile of a peer that says who he is: the one with the closest match (a
 * certificate map before a name, a name before an address, the longer prefix
 * first, a domain last).  `maps`: those that its certificate satisfies, as
 * pki_maps() writes them; "": it has none.  NULL: none.
 */
const struct conf_profile1 *conf1_profile_for(const struct ike_conf1 *c, const struct ident *peer,
    const char *maps, const struct addr *local);
bool conf1_has_match(const struct ike_conf1 *c, const struct conf_profile1 *profile);
const struct conf_peer1 *conf1_peer(const struct ike_conf1 *c, const struct addr *remote);

/* Our identity: the peer's client-endpoint, the profile's, the global one; else our address.  A
 * subject is the caller's to fill in: ID_DER_DN without bytes. */
void conf1_ident_local(const struct ike_conf1 *c, const struct conf_profile1 *profile,
    const struct conf_peer1 *peer, const struct addr *local, struct ident *id);

#endif
