/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Crypto maps on interfaces: what control configured, their hidden devices,
 * and how packets find them.
 *
 * nftables hooks on the NIC (control's) hand over whole frames of the covering
 * prefixes: those about to leave to one TAP, those that came in in clear to
 * another.  So a stranger's frame cannot pass for one of ours, and with nobody
 * at the TAPs packets end there instead of leaving in clear.
 *
 *	egress hook  -> `leaving`  -> classify -> ESP, or out of the NIC as it was
 *	ingress hook -> `arriving` -> classify -> dropped, or into the kernel as it was
 *	ESP -> the packet it was   -> `arriving`, into the kernel
 *
 * The control thread owns all of it.  Workers read `conf`, which is replaced as
 * a whole when a line, a peer or an SA changes.
 */
#ifndef CULVERT_CRYPTO_MAP_H
#define CULVERT_CRYPTO_MAP_H

#include "classify.h"
#include "ipc.h"
#include "protection.h"
#include "sadb.h"
#include "tunnel.h"

#define CRYPTO_MAPS_MAX 64

struct crypto_map_conf {
	struct ipc_cmap set;
	struct classify *lines;
};

struct crypto_map_rule {
	struct ipc_cmap_rule set;
	uint16_t protection;
	struct acl_count *count;	/* held; NULL: of no access list */
	bool named;			/* since BEGIN */
	struct crypto_map_rule *prev, *next;	/* by order */
};

struct crypto_map {
	char ifname[16];		/* of the NIC */
	char leaving_name[16], arriving_name[16];
	uint32_t slot;
	int leaving_fd[WORKERS_MAX], arriving_fd[WORKERS_MAX];	/* queues of the TAPs, one a worker */
	unsigned int queues;
	int nic_fd;			/* a packet socket that sends on the NIC, marked */
	uint8_t arriving_mac[6];
	bool uso;			/* `arriving` takes UDP super-packets */
	const struct crypto_map_conf *conf;	/* published; NULL until its lines are there */
	/* the control thread's */
	struct ipc_cmap set;
	struct crypto_map_rule *rules;
	bool named;			/* since BEGIN */
};

struct crypto_maps {
	struct loop *loop;
	struct crypto_map *slot[CRYPTO_MAPS_MAX];	/* published */
	uint8_t of_protection[PROTECTIONS_MAX];		/* slot + 1, of lines in force; 0: a tunnel's */
	uint32_t generation;
	struct acl_count *counts;	/* of the lines of all maps */
};

void crypto_maps_init(struct crypto_maps *ms, struct loop *l);
void crypto_maps_close(struct crypto_maps *ms);

/* For workers as well. */
struct crypto_map *crypto_map_at(struct crypto_maps *ms, uint32_t slot);	/* NULL: none */
/* The map that a protection belongs to; NULL: it is a tunnel's. */
struct crypto_map *crypto_map_of(struct crypto_maps *ms, uint16_t protection);

/* Control thread. */
bool crypto_maps_empty(const struct crypto_maps *ms);
struct crypto_map *crypto_map_by_name(struct crypto_maps *ms, const char *ifname);
/* Puts m, whose names and descriptors are the caller's to fill in, into a slot; false: all are taken. */
bool crypto_map_add(struct crypto_maps *ms, struct crypto_map *m);
void crypto_map_free(struct crypto_map *m);	/* one that was not added */
/* Unpublishes, waits for the workers, closes the descriptors, frees. */
void crypto_map_remove(struct crypto_maps *ms, struct crypto_map *m);
void crypto_map_rule_set(struct crypto_maps *ms, struct crypto_map *m, const struct ipc_cmap_rule *set);
void crypto_map_rule_del(struct crypto_map *m, uint32_t order);
bool crypto_map_is_whole(const struct crypto_map *m);	/* the lines that its record speaks of are there */
/* Compiles the lines with the peers and SAs of this moment, and publishes them. */
void crypto_map_publish(struct crypto_maps *ms, struct crypto_map *m, const struct peers *peers);

#endif
