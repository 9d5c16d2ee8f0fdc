/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last message of an exchange, kept to be sent again: after 1, 2, 4 ...
 * seconds, or as often as is configured, when an answer is due, and whenever the peer repeats what it answers.
 */
#ifndef CULVERT_IKE_RETRANSMIT_H
#define CULVERT_IKE_RETRANSMIT_H

#include "buf.h"
#include "loop.h"
#include "ratelimit.h"

struct retransmit {
	uint8_t *datagram;		/* owned */
	size_t len;
	struct loop *loop;
	struct timer timer;
	unsigned int tries, most;
	unsigned int every_s;		/* 0: after 1, 2, 4 ... seconds */
	struct ratelimit repeats;	/* answers to repetitions */
	void (*send)(struct retransmit *r);
	void (*give_up)(struct retransmit *r);
};

/* Remembers a copy; sends nothing itself. */
void retransmit_store(struct retransmit *r, struct slice datagram);
/* Send again until stopped, `most` times, then give up. */
void retransmit_start(struct retransmit *r, struct loop *l, unsigned int most);
void retransmit_every(struct retransmit *r, unsigned int s);	/* from now on, while it runs */
void retransmit_stop(struct retransmit *r);	/* an answer came; the message stays stored */
/* The peer repeated itself: false when there is nothing stored or it asks too often. */
bool retransmit_repeat(struct retransmit *r, mono_t now);
void retransmit_free(struct retransmit *r);

#endif
