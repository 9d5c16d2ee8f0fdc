/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Crypto maps of the running-config: which traffic of an interface is protected,
 * and with whom.
 *
 * A static entry names its peers and its traffic; a dynamic one is a template for
 * peers that come by themselves.  A static map refers to a dynamic map by an entry
 * of its own, which holds nothing else.  The two kinds have names of their own, so
 * each has a list of its own (struct conf).
 */
#ifndef CULVERT_CONF_CMAP_H
#define CULVERT_CONF_CMAP_H

#include "conf.h"

#define CMAP_NAME_LEN 24	/* so that map, entry, line and NIC fit in one protection's name */
#define CMAP_PEERS_MAX 16

enum conf_reverse_route { RRI_NONE, RRI_DYNAMIC, RRI_STATIC };

struct conf_cmap_peer {
	struct addr addr;
	bool is_default;	/* set peer A default: tried first each time */
	struct conf_cmap_peer *prev, *next;
};

struct conf_cmap_entry {
	/* What `set` has in common with an IPsec profile.  First: the commands of
	 * both write to a struct conf_ipsec_profile.  Its name is not used. */
	struct conf_ipsec_profile sa;
	uint16_t seq;
	char dynamic_map[CONF_NAME_MAX];	/* of a static map: peers of that map; then that is all */
	char description[CONF_TEXT_MAX];
	char acl[CONF_NAME_MAX];		/* match address; empty: none */
	struct conf_cmap_peer *peers;		/* in order */
	uint8_t reverse_route;			/* enum conf_reverse_route */
	struct addr reverse_gateway;		/* reverse-route remote-peer A; unset: the peer */
	uint8_t reverse_distance;		/* set reverse-route distance; 0: 1 */
	struct conf_cmap_entry *prev, *next;
};

struct conf_cmap {
	char name[CONF_NAME_MAX];
	struct iface_id local_if;		/* local-address; IFACE_NONE: the interface that has the map */
	char isakmp_profile[CONF_NAME_MAX];	/* of entries that have none of their own */
	struct conf_cmap_entry *entries;	/* by seq */
	struct conf_cmap *prev, *next;
};

/* `list` is conf's cmaps or dynamic_maps. */
struct conf_cmap *conf_cmap_find(struct conf_cmap *list, const char *name);
struct conf_cmap *conf_cmap_get(struct conf_cmap **list, const char *name);
void conf_cmap_del(struct conf_cmap **list, struct conf_cmap *m);
struct conf_cmap_entry *conf_cmap_entry_find(const struct conf_cmap *m, unsigned int seq);
struct conf_cmap_entry *conf_cmap_entry_get(struct conf_cmap *m, unsigned int seq);
void conf_cmap_entry_del(struct conf_cmap *m, struct conf_cmap_entry *e);
struct conf_cmap_peer *conf_cmap_peer_find(const struct conf_cmap_entry *e, const struct addr *a);
/* NULL when there are CMAP_PEERS_MAX. */
struct conf_cmap_peer *conf_cmap_peer_get(struct conf_cmap_entry *e, const struct addr *a);
void conf_cmap_peer_del(struct conf_cmap_entry *e, struct conf_cmap_peer *p);
void conf_cmaps_free(struct conf_cmap **list);
struct conf_cmap *conf_cmaps_copy(const struct conf_cmap *from);

/* The map that has an entry whose traffic this access list says; NULL: none. */
const struct conf_cmap *conf_cmap_of_acl(const struct conf *c, const char *acl);
bool conf_cmaps_use_tset(const struct conf *c, const char *name);

#endif
