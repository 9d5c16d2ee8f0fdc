/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tunnels: what control configured, the device, and how packets find them.
 *
 * The control thread owns all of it.  Workers read `conf`, which is replaced
 * as a whole when a setting or the line state changes, and find a tunnel by
 * the outer addresses and key of a packet (GRE), by protection and addresses
 * (VTI), or by its slot (when its device has packets).
 */
#ifndef CULVERT_TUNNEL_H
#define CULVERT_TUNNEL_H

#include "ipc.h"
#include "path_mtu.h"
#include "rtable.h"
#include "trie.h"

#define TUNNELS_MAX 4096
#define WORKERS_MAX 8

struct peer;

struct tunnel_key {
	struct addr local, remote;	/* remote unset: mGRE */
	uint32_t key;
	uint8_t has_key, vti;
	uint16_t protection;		/* of a VTI; 0 for GRE */
};

struct tunnel_conf {
	struct rnode by_key;
	struct tunnel *tunnel;
	struct tunnel_key id;
	struct ipc_tunnel set;
	uint16_t protection;
	bool line_up;
};

/* Packets, counted once each however many fragments or copies they become:
 * tun_in + hairpin = gre_out + dropped_out, gre_in = tun_out + nhrp_in + dropped_in + hairpin. */
struct tunnel_stats {
	uint64_t tun_in, tun_out, tun_in_bytes, tun_out_bytes, gre_in, gre_out;
	uint64_t dropped_out, dropped_in, nhrp_in, nhrp_out;
	uint64_t hairpin;		/* came from a peer and turned round (hairpin.h) */
} __attribute__((aligned(64)));

struct tunnel {
	char ifname[16];
	uint64_t name_hash;
	uint32_t slot;
	int ifindex;
	int fd[WORKERS_MAX];		/* a queue of the device for each worker; -1 behind the last */
	bool uso;			/* the device takes UDP super-packets */
	const struct tunnel_conf *conf;	/* published */
	struct peer *peer;		/* published: of a protected P2P tunnel */
	struct path_mtu pmtu;		/* of a P2P tunnel in clear */
	struct trie fib4, fib6;
	struct tunnel_stats stats[WORKERS_MAX];
	/* the control thread's */
	struct tunnel_stats cleared;	/* what stats were at the last clear */
	char why[64];			/* line state, as IOS says it */
	bool named;			/* since BEGIN */
};

struct tunnels {
	struct loop *loop;
	struct rtable by_key;
	struct tunnel *slot[TUNNELS_MAX];	/* published */
	uint32_t top;			/* no tunnel at or above it, ever */
};

void tunnels_init(struct tunnels *ts, struct loop *l);
void tunnels_close(struct tunnels *ts);

/* For workers as well. */
struct tunnel *tunnel_at(struct tunnels *ts, uint32_t slot);		/* NULL: none */
/* GRE by outer addresses and key: the P2P tunnel of exactly these, else the mGRE of the local one. */
const struct tunnel_conf *tunnel_find(struct tunnels *ts, const struct addr *local,
    const struct addr *remote, bool has_key, uint32_t key);
const struct tunnel_conf *tunnel_find_vti(struct tunnels *ts, uint16_t protection,
    const struct addr *local, const struct addr *remote);

/* Control thread. */
struct tunnel *tunnel_by_name(struct tunnels *ts, const char *ifname);
struct tunnel *tunnel_by_ifindex(struct tunnels *ts, int ifindex);
/* Takes open queues of the device, one for each worker.  NULL when no slot is free. */
struct tunnel *tunnel_add(struct tunnels *ts, const char *ifname, const int *fd,
    unsigned int workers);
/* Publishes new settings and line state. */
void tunnel_configure(struct tunnels *ts, struct tunnel *t, const struct ipc_tunnel *set,
    bool line_up);
/* Unpublishes, waits for the workers, closes the queue. */
void tunnel_remove(struct tunnels *ts, struct tunnel *t);

#endif
