/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What control, iked and nhrpd say to the espd of a node (espd_node.h) in most
 * tests, and what is then seen of it.  A failure ends the cmocka test.
 */
#ifndef CULVERT_ESPD_SAYS_H
#define CULVERT_ESPD_SAYS_H

#include <stdint.h>
#include <stdio.h>

#include "addr.h"
#include "espd_node.h"

#define WAIT_MS 3000

struct half {		/* one end of a pair of SAs */
	struct node *n;
	const char *local;
	uint32_t ref, spi;
};

/* False, with the reason on standard error, where there can be no namespaces. */
bool nodes_can_run(void);
/* For main(): 77 then. */
#define nodes_run_tests(tests, setup, teardown)						\
	(nodes_can_run() ? cmocka_run_group_tests(tests, setup, teardown) : 77)
/* A wire between them, wan0 at both: 192.0.2.1 and 192.0.2.2. */
bool nodes_connect(struct node *a, struct node *b);
void node_end(struct node *n);		/* espd ends well, and the namespace goes */
/* A file in the node's directory, to write; the caller closes it. */
FILE *node_file(const struct node *n, const char *name);

struct addr ip(const char *s);
struct prefix net(const char *s);

/* Tunnel0, and its address in the kernel; protection: empty for none. */
void tunnel(struct node *n, uint8_t kind, const char *local, const char *remote,
    const char *protection, const char *address);
void no_tunnel(struct node *n);
/* That it has done what control said; its counters begin anew. */
void await_control(struct node *n);

/* SAs of AES-256-GCM, whose keys follow from the SPI of who receives with them. */
uint32_t reserve(struct half *h);
void await_iked(struct node *n);	/* that it has done what iked said */
void peer(const struct half *h, const struct half *other, const char *protection, bool encap);
struct ipc_sa make_sa(const struct half *h, const struct half *other, uint8_t mode, bool encap,
    uint8_t ts_proto);
void sa_pair(struct half *x, struct half *y, uint8_t mode, bool encap, uint8_t ts_proto);
void no_peer(const struct half *h);

void adjacency(struct node *n, const char *next_hop, const char *nbma, uint32_t ref);

/* Three pings, of which one at least is answered; `more` are options of ping(8). */
bool ping(struct node *n, const char *dst, const char *more);
/* Asks again for five seconds: what was said before takes a moment to be there. */
bool ping_soon(struct node *n, const char *dst);

/* 30 MB by TCP, which `server` has at `address`; from: an address of the client's, or NULL. */
bool send_file(struct node *client, const char *from, struct node *server, const char *address);

/* From the socket of IKE of one to UDP 4500 of the other: what it is is told by its first bytes. */
void say_4500(struct node *n, const char *to, struct slice datagram);
/* What waits in the socket of IKE is exactly that, and came from there. */
bool heard_4500(struct node *n, const char *from, struct slice datagram);

bool any_row(const union ipc_body *b, const void *arg);	/* for show_row(): the first there is */
uint64_t dropped(struct node *n, uint16_t drop);
/* What was sent may still be in its socket: looks again for three seconds. */
uint64_t dropped_soon(struct node *n, uint16_t drop, uint64_t expected);
uint64_t counter(struct node *n, const char *name);	/* of SHOW_COUNTERS */
struct ipc_row_esp_sa sa_row(struct node *n, uint32_t spi);
/* That all packets of Tunnel0 went on or were counted as dropped; its row. */
struct ipc_row_tunnel check_sums(struct node *n);
/* The same once `packets` more than before were written to the device, or after three seconds. */
struct ipc_row_tunnel when_taken(struct node *n, const struct ipc_row_tunnel *before,
    uint64_t packets);

#endif
