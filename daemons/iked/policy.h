/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What control configured: ISAKMP policies, pre-shared keys, IPsec profiles,
 * and protections (which tunnels are protected, between whom).  What is only
 * IKEv2's is in policy2.h.
 *
 * Each record is replaced whole.  conf_begin() marks all of them, what is set
 * again loses its mark, and conf_sweep() removes the rest; the caller tears
 * down what stood on a removed protection.  What is negotiated already is
 * never touched by a change: it affects new negotiations.
 */
#ifndef CULVERT_IKE_POLICY_H
#define CULVERT_IKE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "ident.h"
#include "ipc.h"
#include "pki.h"
#include "policy1.h"
#include "policy2.h"
#include "proposal.h"

#define PROFILE_TRANSFORMS_MAX 6
#define POLICIES_MAX 32		/* that are offered at once */
#define PROTECT_PEERS_MAX 16

struct conf_policy {
	uint16_t priority;
	struct p1_transform want;
	bool stale;
	struct conf_policy *prev, *next;
};

struct conf_psk {
	char keyring[64];
	struct prefix peer;		/* family none: by host alone */
	char host[256];			/* an FQDN or user@FQDN; empty: by address */
	struct secret key;
	bool stale;
	struct conf_psk *prev, *next;
};

struct conf_profile {
	char name[64];
	unsigned int count;
	struct p2_transform want[PROFILE_TRANSFORMS_MAX];	/* with PFS and lifetimes, not encap */
	uint16_t replay_window;
	bool stale;
	struct conf_profile *prev, *next;
};

struct conf_protection {
	char name[64];
	char tunnel[32];
	char profile[64];
	char ikev2_profile[64];		/* empty: IKEv1 */
	char isakmp_profile[64];	/* of IKEv1; empty: the global settings */
	uint32_t vrf;
	struct addr local, remote;	/* remote unset: mGRE */
	uint8_t kind;			/* enum tunnel_kind */
	uint8_t inner;			/* VTI: the IP version inside */
	char map[64];			/* crypto map; empty: a tunnel */
	uint16_t seq;
	bool dynamic;			/* peers come by themselves, with proxy identities of their own */
	struct proxy proxy_local, proxy_remote;	/* of a crypto map */
	struct addr more[PROTECT_PEERS_MAX];	/* peers after `remote`, by position; unset: none */
	uint32_t more_stale;			/* bits of positions */
	bool stale;
	struct conf_protection *prev, *next;
};

struct conf_nic {		/* what IOS calls a NIC, for the log */
	char ifname[16], name[32];
	struct conf_nic *prev, *next;
};

struct ike_conf {
	struct ipc_ike_global global;
	struct ike_conf1 v1;
	struct conf_policy *policies;	/* by priority */
	struct conf_psk *keys;
	struct conf_profile *profiles;
	struct conf_protection *protections;
	struct conf_nic *nics;
	struct ike_conf2 v2;
	struct pki pki;
};

void conf_set_global(struct ike_conf *c, const struct ipc_ike_global *g);
void conf_set_policy(struct ike_conf *c, const struct ipc_ike_policy *p);
void conf_del_policy(struct ike_conf *c, uint16_t priority);
void conf_set_psk(struct ike_conf *c, const struct ipc_ike_key *k);
void conf_del_psk(struct ike_conf *c, const struct ipc_ike_key *k);
void conf_set_profile(struct ike_conf *c, const struct ipc_ipsec_profile *p);
void conf_del_profile(struct ike_conf *c, const char *name);
void conf_set_nic(struct ike_conf *c, const struct ipc_nic *n);
const char *conf_nic_name(const struct ike_conf *c, const char *ifname);	/* or ifname itself */
/* True when what stood on the old one cannot stand on the new (other addresses, kind or IKE). */
bool conf_set_protection(struct ike_conf *c, const struct ipc_protection *p);
void conf_del_protection(struct ike_conf *c, const char *name);
void conf_set_protect_peer(struct ike_conf *c, const struct ipc_protect_peer *p);
void conf_del_protect_peer(struct ike_conf *c, const struct ipc_protect_peer *p);
void conf_begin(struct ike_conf *c);
/* Removes what is still marked; `gone` hears of each protection before it goes. */
void conf_sweep(struct ike_conf *c, void (*gone)(const struct conf_protection *p, void *arg),
    void *arg);
void conf_clear(struct ike_conf *c);

struct conf_protection *conf_protection_find(const struct ike_conf *c, const char *name);
/* The peer at that position, 0 the first; NULL: none. */
const struct addr *conf_protection_peer(const struct conf_protection *p, unsigned int position);
/* Its position, or -1. */
int conf_protection_position(const struct conf_protection *p, const struct addr *remote);
/* May that one be a peer of it?  With no peer named anybody may. */
bool conf_protection_admits(const struct conf_protection *p, const struct addr *local,
    const struct addr *remote);
struct conf_profile *conf_profile_by_name(const struct ike_conf *c, const char *name);
/* Of the first policy that is like this; 0: none is. */
unsigned int conf_policy_priority(const struct ike_conf *c, const struct p1_transform *like);
unsigned int conf_policies(const struct ike_conf *c, struct p1_transform list[POLICIES_MAX]);
/* By the peer's address as we see it, longest prefix first; the global keyring wins a tie. */
const struct secret *conf_psk_for(const struct ike_conf *c, const struct addr *peer);
/* The same of one keyring; empty: of all. */
const struct secret *conf_psk_in(const struct ike_conf *c, const char *keyring,
    const struct addr *peer);
/* By a name that the peer gave as its identity; NULL id: of any name. */
const struct secret *conf_psk_host(const struct ike_conf *c, const char *keyring,
    const struct ident *id);
/* The protection between these addresses that names the peer, else the one for anybody; or NULL. */
const struct conf_protection *conf_protection_between(const struct ike_conf *c,
    const struct addr *local, const struct addr *remote);
/* Whether anything is protected between these addresses, so that IKE of this version may answer. */
bool conf_answers(const struct ike_conf *c, unsigned int version, const struct addr *local,
    const struct addr *remote);

#endif
