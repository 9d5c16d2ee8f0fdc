/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What control configured of IKEv2: proposals, policies, keyrings, profiles
 * (beside policy.h, whose protections say which profile they use).
 *
 * Records are the messages themselves, replaced whole, swept as policy.h's
 * are.  The functions below are the questions that the exchanges ask; each has
 * one answer and none of them changes anything.
 */
#ifndef CULVERT_IKE_POLICY2_H
#define CULVERT_IKE_POLICY2_H

#include <stdbool.h>
#include <stdint.h>

#include "algs.h"
#include "ident.h"
#include "ipc.h"

struct ike_conf;

#define PROPOSALS2_MAX 8	/* of one policy */
#define ENCRS_MAX 8
#define INTEGS_MAX 6
#define PRFS_MAX 6
#define GROUPS_MAX 8

struct conf_proposal2 {
	char name[64];
	unsigned int n_encr, n_integ, n_prf, n_group;	/* n_integ 0: only AEADs */
	struct { uint8_t cipher; uint16_t key_bits; } encr[ENCRS_MAX];
	uint8_t integ[INTEGS_MAX];	/* enum integ */
	uint8_t prf[PRFS_MAX];		/* enum hash */
	uint8_t group[GROUPS_MAX];
	struct ipc_ikev2_proposal set;	/* the same, as it came */
	bool stale;
	struct conf_proposal2 *prev, *next;
};

struct conf_policy2 {
	struct ipc_ikev2_policy set;
	bool stale;
	struct conf_policy2 *prev, *next;
};

struct conf_key2 {
	struct ipc_ikev2_key set;
	bool stale;
	struct conf_key2 *prev, *next;
};

struct conf_match2 {
	struct ipc_ikev2_match set;
	bool stale;
	struct conf_match2 *prev, *next;
};

struct conf_profile2 {
	struct ipc_ikev2_profile set;
	bool stale;
	struct conf_profile2 *prev, *next;
};

struct conf_crash {		/* quick crash detection */
	bool on, stale;
	uint32_t changes;		/* how often it became another */
	struct secret secret;		/* empty: we make no tokens */
};

struct ike_conf2 {		/* a member of struct ike_conf: `v2` */
	struct ipc_ikev2_global global;
	struct conf_crash crash;
	struct conf_proposal2 *proposals;
	struct conf_policy2 *policies;
	struct conf_key2 *keys;
	struct conf_profile2 *profiles;
	struct conf_match2 *matches;
};

/* A message of the family IKEV2_*; false when it is none. */
bool conf2_message(struct ike_conf2 *c, enum ipc_type type, const void *body);
void conf2_begin(struct ike_conf2 *c);
void conf2_sweep(struct ike_conf2 *c);
void conf2_clear(struct ike_conf2 *c);

/*
 * What is offered and accepted on this address of ours, best first: those of the policy that
 * names the address, else of one that names none, else of `default`.  How many.
 */
unsigned int conf2_proposals(const struct ike_conf2 *c, const struct addr *local,
    const struct conf_proposal2 *list[PROPOSALS2_MAX]);

const struct conf_profile2 *conf2_profile(const struct ike_conf2 *c, const char *name);
/*
 * Whether one of the profile's `match identity` and `match certificate` rules names this peer,
 * and one of its `match address local`, if there are any, our address.  cert_maps: names of the
 * certificate maps that the peer's certificate satisfies, each ended by NUL, empty ends; NULL: none.
 */
bool conf2_matches(const struct ike_conf2 *c, const struct conf_profile2 *p,
    const struct ident *peer, const struct addr *local, const char *cert_maps);
/* The first profile that matches and says how both sides prove themselves, as a responder asks;
 * NULL: nobody we know. */
const struct conf_profile2 *conf2_profile_for(const struct ike_conf2 *c, const struct ident *peer,
    const struct addr *local, const char *cert_maps);

/* Keys of the profile's keyring for a peer: by its identity first, then by address, longest
 * prefix first.  NULL: none.  An identity that is not known yet has type 0. */
const struct secret *conf2_psk_local(const struct ike_conf2 *c, const struct conf_profile2 *p,
    const struct addr *remote, const struct ident *peer);
const struct secret *conf2_psk_remote(const struct ike_conf2 *c, const struct conf_profile2 *p,
    const struct addr *remote, const struct ident *peer);

/*
 * Our identity under this profile: what is configured, else our address, or the certificate's
 * subject where we sign.  The subject is the caller's to fill in: ID_DER_DN without bytes.
 */
void conf2_ident_local(const struct conf_profile2 *p, const struct addr *local, struct ident *id);

#endif
