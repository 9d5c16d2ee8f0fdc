/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several routers' NHRP in one process, on a clock that the test owns.
 *
 * Each node is an engine with a stand-in for its espd (tables of what it was
 * told) and its iked (sessions that come up after 50 ms).  NHRP packets travel
 * 10 ms and may be lost or overtaken.
 */
#ifndef CULVERT_TEST_NHRP_SIM_H
#define CULVERT_TEST_NHRP_SIM_H

#include "cache.h"
#include "nhrp_conf.h"
#include "nhrp_engine.h"
#include "nhs.h"
#include "show.h"

#define SIM_NODES 8
#define SIM_TABLE 320
#define SIM_SLOTS 512

struct sim;

struct sim_session {		/* one side of a session */
	bool used, up;
	uint32_t ref, txn;
	struct sim_node *peer;
	uint32_t peer_ref;
	struct addr remote;
	struct timer timer;
	struct sim_node *node;
};

struct sim_node {
	struct sim *sim;
	struct nhrp *nhrp;
	int keep_fd;
	struct addr tunnel, local, public;	/* public differs behind a NAT */
	bool unreachable;		/* nobody can open a session to it */
	bool dead;			/* packets to and from it are lost */
	struct prefix lan;
	bool lan_gone;
	struct ipc_nhrp_if conf;
	struct ipc_adjacency adj[SIM_TABLE];
	struct ipc_multicast mcast[SIM_TABLE];
	struct ipc_shortcut shortcut[SIM_TABLE];
	unsigned int adjs, mcasts, shortcuts;
	struct addr nhs_route;
	struct sim_session sessions[SIM_TABLE];
	unsigned int wants, unwants, espd_messages, sent;
	unsigned int types_sent[NHRP_TYPE_COUNT];
	uint32_t last_id[NHRP_TYPE_COUNT];
	struct nhrp_packet last;	/* sent; opaque parts are gone */
	struct nhrp_packet last_of[NHRP_TYPE_COUNT];
};

struct sim {
	struct loop *loop;
	struct sim_node node[SIM_NODES];
	unsigned int nodes;
	unsigned int loss_percent;
	bool reorder;
	unsigned int lose_type;		/* every packet of this type is lost */
	unsigned int late_ms;		/* a responder can decipher so long after the initiator */
	uint32_t random, next_ref;
	bool phase2;			/* spokes route to each other, not to the hub */
	struct sim_flight *flights;
};

enum { HUB, SPOKE1, SPOKE2, SPOKE3 };

struct sim *sim_new(void);
void sim_free(struct sim *s);
/* Node i: tunnel 10.0.0.(i+1), NBMA 203.0.113.(i+1), LAN 192.168.(i+1).0/24, not yet configured. */
struct sim_node *sim_node(struct sim *s, unsigned int i);
struct nhrp_if *sim_if(struct sim_node *n);
/* Send n->conf to the engine; for a spoke also its NHS. */
void sim_configure(struct sim_node *n);
void sim_add_nhs(struct sim_node *n, const struct sim_node *hub);
/* A hub and `spokes` spokes, configured; protection may be "". */
struct sim *sim_dmvpn(unsigned int spokes, const char *protection);
void sim_run_s(struct sim *s, unsigned int seconds);
void sim_run_ms(struct sim *s, unsigned int ms);
/* SIGKILL and restart with the kept table. */
void sim_restart(struct sim_node *n);
void sim_session_down(struct sim_node *a, struct sim_node *b);

/* What espd would say. */
void sim_next_hop_want(struct sim_node *n, const struct addr *hop);
void sim_used(struct sim_node *n, const struct addr *hop);
void sim_redirect(struct sim_node *hub, const struct sim_node *from, const struct sim_node *to);
void sim_inject(struct sim_node *n, const struct addr *nbma, uint32_t ref, const void *p,
    size_t len);

struct addr sim_host(const struct sim_node *n);		/* a host in its LAN */
const struct ipc_adjacency *sim_adjacency(const struct sim_node *n, const struct addr *hop);
const struct ipc_shortcut *sim_shortcut(const struct sim_node *n, const struct addr *dst);
const struct nhrp_entry *sim_entry(struct sim_node *n, const struct addr *a);
bool sim_responding(struct sim_node *n);

#endif
