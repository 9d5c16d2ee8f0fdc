/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ping: ICMP echo by a child process, which waits for its answers alone and
 * writes what IOS prints, a character an echo, into a pipe.
 */
#ifndef CULVERT_PING_H
#define CULVERT_PING_H

#include "addr.h"
#include "loop.h"

struct ping_options {
	struct addr to, source;		/* source unset: the kernel chooses */
	unsigned int count, size_bytes, timeout_s;	/* size: of the whole IP packet */
	bool df;
};

struct ping;

/* NULL with errno. `text` is called with each piece of output, `done` once at the end. */
struct ping *ping_start(struct loop *l, const struct ping_options *o,
    void (*text)(void *arg, const char *p, size_t len), void (*done)(void *arg), void *arg);
void ping_escape(struct ping *p);	/* no further echo: it sums up and is done */
void ping_stop(struct ping *p);		/* done is not called; p is freed */

#endif
