/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of the configuration that is IKEv2's: proposals, policies, keyrings,
 * profiles and what is set for all.
 *
 * As in conf.h, zero or empty means "not configured".  A proposal and a policy of
 * the name `default` are there without being configured; an entry of that name says
 * what was changed in them, and the `no_default_` members that they were taken away.
 * Whether an entry is complete is for who uses it to say (daemons/culvertd/derive_ikev2.c).
 */
#ifndef CULVERT_CONF_IKEV2_H
#define CULVERT_CONF_IKEV2_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "key_text.h"
#include "names.h"

#define IKEV2_NAME_MAX 64
#define IKEV2_ID_MAX 129	/* 128 bytes are what iked keeps of an identity */
#define IKEV2_DESCRIPTION_MAX 81
#define IKEV2_ENCRS_MAX 8
#define IKEV2_INTEGS_MAX 6
#define IKEV2_PRFS_MAX 6
#define IKEV2_GROUPS_MAX 8
#define IKEV2_PROPOSALS_MAX 8
#define IKEV2_TRUSTPOINTS_MAX 4
#define IKEV2_DEFAULT "default"

/* Each list is best first and ends with the first 0. */
struct conf_ikev2_proposal {
	char name[IKEV2_NAME_MAX];
	struct { uint8_t cipher; uint16_t key_bits; } encr[IKEV2_ENCRS_MAX];
	uint8_t integ[IKEV2_INTEGS_MAX];	/* enum integ */
	uint8_t prf[IKEV2_PRFS_MAX];		/* enum hash; empty: those of integ */
	uint8_t group[IKEV2_GROUPS_MAX];
	struct conf_ikev2_proposal *prev, *next;
};

struct conf_ikev2_policy {
	char name[IKEV2_NAME_MAX];
	struct addr local;			/* match address local; unset: any */
	char proposal[IKEV2_PROPOSALS_MAX][IKEV2_NAME_MAX];
	struct conf_ikev2_policy *prev, *next;
};

struct conf_ikev2_peer {	/* in a keyring */
	char name[IKEV2_NAME_MAX];
	char description[IKEV2_DESCRIPTION_MAX];
	struct prefix address;			/* family none: not by address */
	uint8_t id_kind;			/* enum ipc_match; 0: not by identity */
	char id[IKEV2_ID_MAX];
	struct key_text local, remote;		/* the same when `pre-shared-key K` said both */
	struct conf_ikev2_peer *prev, *next;
};

struct conf_ikev2_keyring {
	char name[IKEV2_NAME_MAX];
	struct conf_ikev2_peer *peers;
	struct conf_ikev2_keyring *prev, *next;
};

struct conf_ikev2_match {	/* in a profile */
	uint8_t kind;				/* enum ipc_match */
	struct prefix address;			/* of an identity, or of ours */
	struct iface_id iface;			/* match address local interface */
	char text[IKEV2_ID_MAX];
	struct conf_ikev2_match *prev, *next;
};

struct conf_ikev2_trust {
	char trustpoint[IKEV2_NAME_MAX];
	uint8_t use;				/* enum ipc_trust; 0: both */
};

struct conf_ikev2_dpd {
	uint16_t interval_s, retry_s;		/* interval 0: not configured */
	bool periodic;
};

struct conf_ikev2_profile {
	char name[IKEV2_NAME_MAX];
	char description[IKEV2_DESCRIPTION_MAX];
	struct conf_ikev2_match *matches;	/* identities, certificates, addresses of ours */
	uint8_t id_type;			/* enum ipc_id_type; 0: as the authentication has it */
	char id[IKEV2_ID_MAX];
	uint8_t auth_local, auth_remote;	/* bits of enum ipc_auth; local: one at most */
	char keyring[IKEV2_NAME_MAX];
	struct conf_ikev2_trust trust[IKEV2_TRUSTPOINTS_MAX];	/* an empty name ends */
	uint32_t life_s;			/* 0: 86400 */
	struct conf_ikev2_dpd dpd;
	uint16_t natt_keepalive_s;		/* 0: the global one */
	bool initial_contact;			/* initial-contact force */
	bool shutdown;
	struct conf_ikev2_profile *prev, *next;
};

enum { CONF_IKEV2_WINDOW = 5 };		/* when none is configured, as on IOS */

struct conf_ikev2 {		/* a member of struct conf */
	struct conf_ikev2_proposal *proposals;
	struct conf_ikev2_policy *policies;
	struct conf_ikev2_keyring *keyrings;
	struct conf_ikev2_profile *profiles;
	bool no_default_proposal, no_default_policy;
	struct conf_ikev2_dpd dpd;
	uint16_t natt_keepalive_s;		/* 0: off */
	bool fragmentation;
	uint16_t fragment_mtu;			/* 0: 576, RFC 7383's for IPv4 */
	uint16_t cookie_challenge;		/* half-open SAs; 0: iked decides */
	uint32_t max_negotiating, max_sas;	/* 0: no limit; negotiating: that peers begin ... */
	uint32_t max_negotiating_ours;		/* ... and that we begin */
	uint16_t diagnose;			/* errors that are kept; 0: none */
	bool no_crash_detection;		/* RFC 6290 */
	uint8_t window;				/* requests that are taken at once; 0: as many as IOS */
};

void conf_ikev2_copy(struct conf_ikev2 *to, const struct conf_ikev2 *from);	/* deep; `to` is not freed */
void conf_ikev2_free(struct conf_ikev2 *v);

/* find: NULL when there is none.  get: makes it, last in its list.  del: frees it. */
struct conf_ikev2_proposal *conf_ikev2_proposal_find(const struct conf_ikev2 *v, const char *name);
struct conf_ikev2_proposal *conf_ikev2_proposal_get(struct conf_ikev2 *v, const char *name);
void conf_ikev2_proposal_del(struct conf_ikev2 *v, struct conf_ikev2_proposal *p);
struct conf_ikev2_policy *conf_ikev2_policy_find(const struct conf_ikev2 *v, const char *name);
struct conf_ikev2_policy *conf_ikev2_policy_get(struct conf_ikev2 *v, const char *name);
void conf_ikev2_policy_del(struct conf_ikev2 *v, struct conf_ikev2_policy *p);
struct conf_ikev2_keyring *conf_ikev2_keyring_find(const struct conf_ikev2 *v, const char *name);
struct conf_ikev2_keyring *conf_ikev2_keyring_get(struct conf_ikev2 *v, const char *name);
void conf_ikev2_keyring_del(struct conf_ikev2 *v, struct conf_ikev2_keyring *k);
struct conf_ikev2_peer *conf_ikev2_peer_find(const struct conf_ikev2_keyring *k, const char *name);
struct conf_ikev2_peer *conf_ikev2_peer_get(struct conf_ikev2_keyring *k, const char *name);
void conf_ikev2_peer_del(struct conf_ikev2_keyring *k, struct conf_ikev2_peer *p);
struct conf_ikev2_profile *conf_ikev2_profile_find(const struct conf_ikev2 *v, const char *name);
struct conf_ikev2_profile *conf_ikev2_profile_get(struct conf_ikev2 *v, const char *name);
void conf_ikev2_profile_del(struct conf_ikev2 *v, struct conf_ikev2_profile *p);
/* A match like m: added where it is not there, taken out where it is. */
void conf_ikev2_match_add(struct conf_ikev2_profile *p, const struct conf_ikev2_match *m);
void conf_ikev2_match_del(struct conf_ikev2_profile *p, const struct conf_ikev2_match *m);

/* A proposal whole: where `default` says nothing of its own, what IOS-XE 17 has. */
struct conf_ikev2_proposal conf_ikev2_proposal_whole(const struct conf_ikev2_proposal *p);

#endif
