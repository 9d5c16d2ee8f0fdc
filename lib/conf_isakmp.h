/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of the configuration that is of ISAKMP profiles and peers, and of
 * how IKEv1 says who we are (policies, keys and keyrings: conf.h).
 *
 * As in conf.h, zero or empty means "not configured".
 */
#ifndef CULVERT_CONF_ISAKMP_H
#define CULVERT_CONF_ISAKMP_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "key_text.h"
#include "names.h"

#define ISAKMP_NAME_MAX 64
#define ISAKMP_TRUSTPOINTS_MAX 4
#define ISAKMP_ID_MAX 129	/* 128 bytes are what iked keeps of an identity */
#define ISAKMP_DESCRIPTION_MAX 81
#define ISAKMP_DEFAULT_POLICY 65507	/* priority of the first one that is there without being told */

struct conf_isakmp_match {
	uint8_t kind;			/* enum ipc_match */
	struct prefix address;
	char text[ISAKMP_ID_MAX];
	struct conf_isakmp_match *prev, *next;
};

struct conf_isakmp_profile {
	char name[ISAKMP_NAME_MAX];
	char description[ISAKMP_DESCRIPTION_MAX];
	struct conf_isakmp_match *matches;
	char keyring[ISAKMP_NAME_MAX];
	char trustpoints[ISAKMP_TRUSTPOINTS_MAX][ISAKMP_NAME_MAX];	/* the unused are empty */
	uint8_t id_type;		/* enum ipc_id_type of self-identity; 0: the global one */
	char id[ISAKMP_ID_MAX];		/* empty with FQDN: our host name */
	uint16_t dpd_s, dpd_retry_s;	/* keepalive; 0: the global one */
	bool aggressive;		/* initiate mode aggressive */
	struct addr local;		/* local-address A ... */
	struct iface_id local_if;	/* ... or that of an interface */
	struct conf_isakmp_profile *prev, *next;
};

struct conf_isakmp_peer {		/* crypto isakmp peer address A */
	struct addr peer;
	char description[ISAKMP_DESCRIPTION_MAX];
	struct key_text password;	/* set aggressive-mode password */
	uint8_t id_type;		/* set aggressive-mode client-endpoint */
	char id[ISAKMP_ID_MAX];
	struct conf_isakmp_peer *prev, *next;
};

/* crypto ipsec nat-transparency udp-encapsulation force; 0: between culverts */
enum conf_udp { CONF_UDP_FORCE = 1, CONF_UDP_NAT };

struct conf_isakmp {		/* a member of struct conf */
	struct conf_isakmp_profile *profiles;
	struct conf_isakmp_peer *peers;
	uint8_t identity;		/* crypto isakmp identity: IPC_ID_FQDN or _DN; 0: address */
	bool aggressive_disabled;
	bool fragmentation;
	bool no_default_policy;		/* no crypto isakmp default policy */
	uint8_t udp;			/* enum conf_udp */
	bool log_sessions, log_ikev2_sessions;	/* crypto logging session, ikev2 */
};

void conf_isakmp_copy(struct conf_isakmp *to, const struct conf_isakmp *from);	/* deep; `to` is not freed */
void conf_isakmp_free(struct conf_isakmp *v);

/* find: NULL when there is none.  get: makes it, last in its list.  del: frees it. */
struct conf_isakmp_profile *conf_isakmp_profile_find(const struct conf_isakmp *v, const char *name);
struct conf_isakmp_profile *conf_isakmp_profile_get(struct conf_isakmp *v, const char *name);
void conf_isakmp_profile_del(struct conf_isakmp *v, struct conf_isakmp_profile *p);
struct conf_isakmp_peer *conf_isakmp_peer_find(const struct conf_isakmp *v, const struct addr *a);
struct conf_isakmp_peer *conf_isakmp_peer_get(struct conf_isakmp *v, const struct addr *a);
void conf_isakmp_peer_del(struct conf_isakmp *v, struct conf_isakmp_peer *p);
/* A match like m: added where it is not there, taken out where it is. */
void conf_isakmp_match_add(struct conf_isakmp_profile *p, const struct conf_isakmp_match *m);
void conf_isakmp_match_del(struct conf_isakmp_profile *p, const struct conf_isakmp_match *m);

#endif
