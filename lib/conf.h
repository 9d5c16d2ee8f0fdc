/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The running-config as a typed model.
 *
 * One struct conf is the whole configuration.  The command tables (cli/cmd.h)
 * read it, write it and print it; culvertd compares it with what the daemons
 * and the kernel have (daemons/culvertd/commit.c).  Nothing here knows a word
 * of IOS's language, and nothing here has an effect.
 *
 * Lists are utlist doubly linked lists, owned by their container, kept in the
 * order that show running-config prints.  Zero or empty means "not configured":
 * the default is applied by who uses the value, through the functions below.
 * Keys are wiped when freed.
 */
#ifndef CULVERT_CONF_H
#define CULVERT_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "algs.h"
#include "conf_pki.h"
#include "conf_eem.h"
#include "conf_ikev2.h"
#include "conf_admission.h"
#include "conf_isakmp.h"
#include "conf_nhs.h"
#include "conf_ipv6.h"
#include "conf_type6.h"
#include "conf_users.h"
#include "names.h"

#define CONF_NAME_MAX 64
#define CONF_TEXT_MAX 241
#define CONF_DEFAULT "default"	/* the transform set and the IPsec profile that are always there */
#define CONF_TRANSFORM_SETS_MAX 6

enum conf_timestamps { STAMP_DEFAULT, STAMP_NONE, STAMP_UPTIME, STAMP_DATETIME };

struct conf_stamp {		/* service timestamps {log | debug} ... */
	enum conf_timestamps kind;
	bool msec, localtime, show_timezone, year;
};

struct conf_route {		/* ip route P M, ipv6 route P/L: {A | IF [A]} [DIST] [name N] */
	struct prefix prefix;
	struct addr gateway;
	struct iface_id iface;	/* type IFACE_NONE: none */
	bool null0;
	uint8_t distance;	/* 0: 1 */
	char name[CONF_NAME_MAX];
	struct conf_route *prev, *next;
};

struct conf_nhrp_map {		/* ip nhrp map A B; ip nhrp map A M B */
	struct prefix address;
	struct addr nbma;
	struct conf_nhrp_map *prev, *next;
};

struct conf_nhrp {
	uint32_t network_id;	/* 0: NHRP is off */
	char auth[9];		/* at most 8 characters, as IOS */
	struct conf_nhrp_map *maps;
	struct conf_addr *multicast_maps;
	bool multicast_dynamic;
	struct conf_nhs *nhs;
	struct conf_nhs_cluster nhs_clusters[CONF_NHS_CLUSTERS];
	uint8_t nhs_fallback_s;	/* 0: none */
	uint32_t holdtime_s;	/* 0: 600, as IOS-XE */
	bool redirect;
	uint16_t redirect_timeout_s;	/* 0: 8 */
	bool shortcut;
	bool no_unique;		/* ip nhrp registration no-unique */
	uint32_t registration_s;	/* ip nhrp registration timeout; 0: a third of the hold time */
};

struct conf_pmtud {		/* tunnel path-mtu-discovery [age-timer {M | infinite}] [min-mtu N] */
	bool on, forever;
	uint8_t age_min;	/* 0: 10 */
	uint16_t least;		/* 0: 576, or 1280 over IPv6 */
};

struct conf_tunnel {
	struct addr source;		/* tunnel source A ... */
	struct iface_id source_if;	/* ... or an interface */
	struct addr destination;
	uint8_t kind;			/* enum tunnel_kind; 0: TUNNEL_GRE */
	bool over_v6;			/* the outer header is IPv6 */
	bool overlay;			/* a VTI that carries the other IP version */
	bool has_key;
	uint32_t key;
	uint8_t ttl;			/* 0: 255 */
	bool hairpin;			/* tunnel hairpin; of a multipoint tunnel */
	struct conf_pmtud pmtud;
	char profile[CONF_NAME_MAX];	/* tunnel protection ipsec profile; empty: none */
	bool shared;
	char ikev2_profile[CONF_NAME_MAX];	/* ... ikev2-profile; empty: that of the IPsec profile */
	char isakmp_profile[CONF_NAME_MAX];	/* ... isakmp-profile; the same */
};

enum conf_df { CONF_DF_COPY = 1, CONF_DF_CLEAR, CONF_DF_SET };
enum conf_frag { CONF_FRAG_BEFORE = 1, CONF_FRAG_AFTER };	/* ... encryption */

struct conf_iface {
	struct iface_id id;
	char description[CONF_TEXT_MAX];
	bool shutdown;			/* written as `shutdown`; Gi default is no shutdown here, see note */
	struct prefix address;		/* keeps host bits; family none: no ip address */
	struct conf_addr *secondaries;
	struct conf_ipv6 ipv6;
	uint16_t ip_mtu;		/* 0: default */
	uint16_t tcp_mss;		/* 0: off */
	uint32_t bandwidth_kbps;	/* 0: default (tunnels 100, others 1000000) */
	uint32_t delay_10us;		/* tens of microseconds, as typed; 0: default */
	struct conf_tunnel tunnel;	/* tunnels only */
	struct conf_nhrp nhrp;		/* tunnels only */
	char cmap[CONF_NAME_MAX];	/* crypto map; GigabitEthernet only; empty: none */
	uint8_t df;			/* enum conf_df: crypto ipsec df-bit; 0: as for all */
	uint8_t frag;			/* enum conf_frag: crypto ipsec fragmentation; 0: as for all */
	struct conf_iface *prev, *next;
};

struct conf_isakmp_policy {
	uint16_t priority;
	uint8_t cipher;		/* enum cipher; 0: default (AES-CBC 128) */
	uint16_t key_bits;	/* of AES; else 0 */
	uint8_t hash;		/* enum hash; 0: SHA-1 */
	bool pre_share;		/* `authentication pre-share` was typed; the default is rsa-sig */
	uint8_t group;		/* 0: default, 14 */
	uint32_t life_s;	/* 0: 86400 */
	struct conf_isakmp_policy *prev, *next;
};

/* crypto isakmp key K address A [M]; in a keyring pre-shared-key address A [M] key K */
struct conf_key {
	struct prefix peer;	/* family none: by host */
	char host[ISAKMP_ID_MAX];	/* hostname H instead of an address */
	struct key_text key;
	struct conf_key *prev, *next;
};

struct conf_keyring {
	char name[CONF_NAME_MAX];
	struct conf_key *keys;
	struct conf_keyring *prev, *next;
};

struct conf_transform_set {
	char name[CONF_NAME_MAX];
	struct esp_transform transform;
	uint8_t mode;		/* enum ipsec_mode; 0: tunnel */
	struct conf_transform_set *prev, *next;
};

struct conf_ipsec_profile {
	char name[CONF_NAME_MAX];
	/* Best first; empty ends.  None: `default`. */
	char transform_sets[CONF_TRANSFORM_SETS_MAX][CONF_NAME_MAX];
	uint8_t pfs_group;	/* 0: off */
	uint32_t life_s;	/* 0: the global one */
	uint32_t life_kb;	/* 0: the global one */
	bool no_volume;		/* set security-association lifetime kilobytes disable */
	char ikev2_profile[CONF_NAME_MAX];	/* empty: IKEv1 */
	char isakmp_profile[CONF_NAME_MAX];	/* of IKEv1; empty: any */
	struct conf_ipsec_profile *prev, *next;
};

struct conf_logging {
	bool no_buffered;
	uint32_t buffer_bytes;	/* 0: 4096 */
	uint8_t buffered_level;	/* 0: debugging (7); else level + 1 */
	bool no_console;
	uint8_t console_level;	/* as above */
	bool no_monitor;
	uint8_t monitor_level;
	bool spi_recvd;			/* crypto invalid-spi mnemonic recvd */
	bool spi_interface;		/* crypto invalid-spi interface */
};

struct conf {
	char hostname[CONF_NAME_MAX];		/* empty: Router */
	struct conf_stamp log_stamp, debug_stamp;
	struct conf_logging logging;
	struct conf_iface *ifaces;		/* by iface_cmp */
	struct conf_route *routes;		/* by prefix, IPv4 first */
	bool ipv6_routing;			/* ipv6 unicast-routing */
	bool isakmp_disabled;			/* no crypto isakmp enable */
	struct conf_isakmp_policy *policies;	/* by priority */
	struct conf_key *keys;			/* global pre-shared keys */
	struct conf_keyring *keyrings;
	uint16_t dpd_s, dpd_retry_s;		/* crypto isakmp keepalive; 0: off, 2 */
	bool dpd_periodic;
	bool recovery;				/* crypto isakmp invalid-spi-recovery */
	uint16_t natt_keepalive_s;		/* crypto isakmp nat keepalive; 0: off */
	struct conf_transform_set *transform_sets;
	struct conf_ipsec_profile *profiles;
	uint32_t ipsec_life_s;			/* 0: 3600 */
	uint32_t ipsec_life_kb;			/* 0: 4608000 */
	bool ipsec_no_volume;			/* ... lifetime kilobytes disable */
	uint16_t replay_window;			/* 0: 64 */
	bool replay_disabled;
	uint8_t df;				/* enum conf_df; 0: copy */
	uint8_t frag;				/* enum conf_frag; 0: before */
	struct conf_pki pki;			/* trustpoints, certificate maps */
	struct conf_eem eem;
	bool no_default_tset, no_default_profile;	/* no crypto ipsec {transform-set | profile} default */
	struct conf_ikev2 ikev2;
	struct conf_isakmp isakmp;
	struct conf_admission admission;
	struct conf_type6 type6;
	struct conf_users users;
	struct conf_cmap *dynamic_maps, *cmaps;	/* conf_cmap.h */
	struct conf_acl *acls;			/* conf_acl.h */
};

struct conf *conf_new(void);
void conf_free(struct conf *c);			/* NULL is fine */
struct conf *conf_copy(const struct conf *c);	/* deep; never NULL */

/* find: NULL when there is none.  get: makes it, in its place in the list.  del: frees it. */
struct conf_iface *conf_iface_find(const struct conf *c, const struct iface_id *id);
struct conf_iface *conf_iface_get(struct conf *c, const struct iface_id *id);
void conf_iface_del(struct conf *c, struct conf_iface *i);
struct conf_isakmp_policy *conf_policy_find(const struct conf *c, unsigned int priority);
struct conf_isakmp_policy *conf_policy_get(struct conf *c, unsigned int priority);
void conf_policy_del(struct conf *c, struct conf_isakmp_policy *p);
struct conf_keyring *conf_keyring_find(const struct conf *c, const char *name);
struct conf_keyring *conf_keyring_get(struct conf *c, const char *name);
void conf_keyring_del(struct conf *c, struct conf_keyring *k);
/* By address, or by host where that is not empty.  NULL key: delete; returns the entry or NULL. */
struct conf_key *conf_key_set(struct conf_key **list, const struct prefix *peer, const char *host,
    const struct key_text *key);
struct conf_transform_set *conf_tset_find(const struct conf *c, const char *name);
struct conf_transform_set *conf_tset_get(struct conf *c, const char *name);
void conf_tset_del(struct conf *c, struct conf_transform_set *t);
struct conf_ipsec_profile *conf_profile_find(const struct conf *c, const char *name);
struct conf_ipsec_profile *conf_profile_get(struct conf *c, const char *name);
void conf_profile_del(struct conf *c, struct conf_ipsec_profile *p);

/*
 * What is there by that name: what is configured, or what IOS has without being told, a
 * transform set `default` (esp-aes esp-sha-hmac, transport mode) and an IPsec profile
 * `default` with that and, where there is one, the IKEv2 profile `default`.
 */
const struct conf_transform_set *conf_tset_known(const struct conf *c, const char *name);
const struct conf_ipsec_profile *conf_profile_known(const struct conf *c, const char *name);
/* The IKEv2 profile by which this tunnel is protected; empty: by IKEv1. */
const char *conf_tunnel_ikev2_profile(const struct conf *c, const struct conf_tunnel *t);
/* Its ISAKMP profile, where it is protected by IKEv1; empty: none. */
const char *conf_tunnel_isakmp_profile(const struct conf *c, const struct conf_tunnel *t);

/* Defaults in one place. */
unsigned int conf_iface_ip_mtu(const struct conf *c, const struct conf_iface *i);
unsigned int conf_iface_bandwidth_kbps(const struct conf_iface *i);
unsigned int conf_iface_delay_us(const struct conf_iface *i);
unsigned int conf_nhrp_holdtime_s(const struct conf_nhrp *n);

#endif
