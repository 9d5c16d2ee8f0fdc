/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A forwarder in the caller's own process, in a network namespace of its own,
 * whose peers are all itself: what it sends to 127.0.0.1 port 4500 it receives
 * there, opens, and writes to the device it was read from.
 *
 *	socket -> Tunnel0 -> ESP in UDP -> lo -> ESP -> Tunnel0 -> nowhere
 *
 * Without threads the caller runs the one worker turn by turn and can count
 * and time exactly what it does.  A failure ends the program.
 */
#ifndef CULVERT_SOLO_H
#define CULVERT_SOLO_H

#include "worker_run.h"

struct solo_plan {
	uint8_t kind;			/* TUNNEL_VTI, with one peer; or TUNNEL_MGRE */
	unsigned int peers;		/* peer i is the next hop 10.10.0.0 + i */
	unsigned int workers;		/* 0: 1 */
	struct esp_transform transform;	/* zeroes: AES-128-GCM */
	bool raw;			/* ESP without UDP */
	uint32_t replay_window;		/* 0: 1024 */
	bool routes;			/* the kernel forwards what comes, back to the tunnel */
	bool hairpin;
	unsigned int one_peer_hops;	/* so many next hops, all of peer 0; else one for each peer */
};

struct solo {
	struct tables tables;
	struct loop *loop;
	struct tunnel *tunnel;
	struct sa **sa;			/* by peer */
	int sock;			/* UDP, from 10.9.0.1 */
};

void solo_open(struct solo *s, const struct solo_plan *plan);	/* needs root */
bool solo_can_run(void);		/* false: it says on standard error that there is no root */
/* For main() of a test: 77 then. */
#define solo_run_tests(s, plan, tests)						\
	(solo_can_run() ? (solo_open(s, plan), cmocka_run_group_tests(tests, NULL, NULL)) : 77)

/* A new pair with a peer, which sends from now on; the one before still receives. */
void solo_rekey(struct solo *s, unsigned int peer);

/* Has the kernel queue `n` datagrams of so many bytes for the device, to these peers in turn. */
void solo_fill(struct solo *s, const unsigned int *peers, unsigned int n, size_t payload,
    uint16_t ports);
/* The same as one super-packet to a peer. */
void solo_fill_super(struct solo *s, unsigned int peer, unsigned int n, size_t payload,
    uint16_t port);

/* Datagrams of another host's, to peer 0, which go round until their time to live is over. */
void solo_fill_hops(struct solo *s, unsigned int n, size_t payload, uint8_t ttl);
/* Runs the worker until it has sent `n` more packets to peers; nanoseconds that it took. */
double solo_run_sent(struct solo *s, uint64_t n);

/* Runs the worker until it has written `n` more packets to the device; nanoseconds that it took. */
double solo_run(struct solo *s, uint64_t n);
void solo_start(struct solo *s);	/* the workers' threads */
void solo_stop(struct solo *s);		/* they may be started again */
/* Until so many packets were written to the device since it was made; nanoseconds from the call on. */
double solo_wait(struct solo *s, uint64_t n);
struct work solo_work(const struct solo *s);	/* of all workers */

double bench_now_ns(void);

#endif
