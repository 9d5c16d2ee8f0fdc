/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The wire, as one worker has it: for IPv4 and for IPv6 a raw socket each for
 * ESP and GRE and a UDP socket on port 4500; batches in both directions.  The
 * first worker's has the sockets of IKE on port 4500 besides, for iked.
 *
 * Packets to send are queued with where they go and flushed together; a run of
 * ESP-in-UDP packets of one size to one peer leaves as one UDP_SEGMENT send.
 * The kernel routes, fragments what is over the way's MTU (IPv4: DF is not set;
 * IPv6: here, as RFC 2473 7.1 asks of a tunnel's entry) and fills in the IP
 * header.  What shall have DF goes by a second socket of each kind of IPv4, for
 * no option of a packet sets it; that one only sends.  It has IP_PMTUDISC_PROBE
 * and not _DO, which would have the kernel's own notion of the path decide: the
 * kernel believes errors that quote any SPI, path_mtu.h does not.  The memory of
 * what is queued is a bump arena that is empty again after each flush; it has two
 * halves, so that a run that is not full can wait in one while the other is filled.
 *
 * The sockets of ESP carry WIRE_MARK, by which crypto-map hooks let our own
 * packets pass.  A kernel without IPv6 has no sockets for it: what should
 * leave by them counts as refused.
 */
#ifndef CULVERT_WIRE_H
#define CULVERT_WIRE_H

#include <sys/socket.h>

#include "addr.h"
#include "counters.h"
#include "esp.h"
#include "profile.h"
#include "tunnel.h"

#define WIRE_BATCH 64
/*
 * Runs that leave together: who receives them is woken once, and has the rest of a
 * super-packet that two runs share when he hands it on.
 */
#define WIRE_RUNS 8
#define WIRE_ROOM (64 * 1024)		/* the longest datagram */
#define WIRE_HEADROOM 96		/* ESP, its IV, a delivery header, GRE; keeps 16-byte alignment */
#define WIRE_TAILROOM (ESP_TAILROOM + 15)
#define WIRE_ARENA_BYTES (2u << 20)
#define WIRE_ARENA_NEAR (128u << 10)	/* of a half, so that it is used again while a CPU's cache has it */
/* One after the other, not a power of two apart: their first bytes would have few places in a cache. */
#define WIRE_RX_STRIDE (WIRE_ROOM + 17 * 64)
#define NATT_PORT 4500

enum wire_kind { WIRE_GRE, WIRE_ESP, WIRE_UDP, WIRE_KINDS };

/* A socket is a kind and a family: those of IPv4, then those of IPv6. */
#define WIRE_SOCKETS (2 * WIRE_KINDS)
#define WIRE_V6 WIRE_KINDS		/* the first of IPv6 */
#define WIRE_IKE WIRE_SOCKETS		/* UDP 4500 as far as it is IKE, of IPv4 and of IPv6 */
#define WIRE_HELD (WIRE_SOCKETS + 2)	/* what the monitor keeps open */
#define WIRE_QUEUES (WIRE_SOCKETS + WIRE_KINDS)	/* the last are of IPv4 with DF */

/* What a packet counts as for its tunnel, once it left or did not. */
enum wire_as { WIRE_AS_NOTHING, WIRE_AS_PACKET, WIRE_AS_NHRP };

struct wire_to {
	enum wire_kind kind;
	struct addr local, remote;
	uint16_t remote_port;		/* WIRE_UDP; the local one is 4500 */
	uint8_t tos, ttl;
	bool df;			/* IPv4: nobody on the way may fragment it */
};

struct wire_packet {
	struct wire_to to;
	uint8_t *p;
	size_t len;
	struct tunnel *tunnel;		/* NULL: none */
	enum wire_as as;
	struct esp_job job;		/* to be sealed before it is sent; no crypt: it is as it is */
};

struct wire_queue {
	struct wire_packet packet[WIRE_BATCH];
	unsigned int count;
};

/*
 * Packets of UDP 4500 that are sealed already, lie one behind the other and leave with
 * one call: all have one length, but for a shorter one at the end.
 */
struct wire_run {
	uint8_t *bytes;			/* there is WIRE_ROOM for them */
	size_t len, each;
	unsigned int count;
	struct wire_to to;
	struct tunnel *tunnel;		/* NULL: none */
};

/* One received packet. */
struct wire_in {
	enum wire_kind kind;
	uint8_t *p;			/* ESP, GRE, or what UDP carried */
	size_t len;
	struct addr src, dst;
	uint16_t src_port;		/* WIRE_UDP */
	int ifindex;
	uint8_t tos;			/* of the outer header, or its traffic class */
	int64_t waits_us;		/* since when it has waited for its SA's keys; 0: not at all */
};

struct wire {
	int fd[WIRE_HELD];		/* -1: the kernel has no IPv6; those of IKE the first worker has */
	int df_fd[WIRE_KINDS];		/* IPv4 with DF; -1: not open yet, and DF stays off */
	bool too_big;			/* the kernel refused one for its size: atomic, see path_mtu.h */
	bool udp_segment;		/* until the kernel refuses */
	unsigned int worker;		/* whose it is */
	struct counters *counters;
	struct profile *profile;
	struct wire_queue queue[WIRE_QUEUES];
	uint8_t *arena;
	size_t arena_at, arena_floor;	/* below the floor is somebody's until he says otherwise */
	struct wire_run run[WIRE_RUNS];
	unsigned int runs;		/* of them; then nothing is queued, so that nothing overtakes */
	uint8_t *rx;			/* WIRE_BATCH buffers of WIRE_ROOM, WIRE_RX_STRIDE apart */
};

/* wire.c: opens the sockets of one worker of so many.  NULL, or why not, in words for the operator. */
const char *wire_open(struct wire *w, struct counters *c, struct profile *p, unsigned int worker,
    unsigned int workers, const int held[WIRE_HELD]);
/*
 * The sockets for DF, once those of all workers are open: of the group that
 * shares UDP 4500 the first are IKE's and the workers' (wire_share.h).
 */
const char *wire_open_df(struct wire *w);
/* What the monitor calls the socket. */
void wire_held_as(unsigned int socket, unsigned int worker, char name[16]);
void wire_close(struct wire *w);

/* wire_send.c: room for a packet of len bytes, with headroom and tailroom around; NULL: none,
 * count a drop. */
uint8_t *wire_room(struct wire *w, size_t len);
/* Before a batch: there is room for it and its fragments then.  May send what is queued. */
void wire_make_room(struct wire *w);
void wire_queue(struct wire *w, const struct wire_packet *p);
void wire_flush(struct wire *w);
/*
 * wire_run.c: where the next packet of a run goes, which will have exactly len bytes; and it is
 * there.  What cannot go with it, or shall not be overtaken, is sent before.
 */
uint8_t *wire_run_room(struct wire *w, const struct wire_to *to, struct tunnel *tunnel, size_t len);
void wire_run_add(struct wire *w, size_t len);

/* wire_receive.c: receives up to a batch and hands each packet to f.  How many datagrams there were. */
unsigned int wire_receive(struct wire *w, unsigned int socket,
    void (*f)(void *arg, struct wire_in *in), void *arg);

#endif
