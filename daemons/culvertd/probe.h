/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question to the network that takes its time (ping, traceroute): a child process asks,
 * waits for its answers alone and writes what IOS prints into a pipe.
 */
#ifndef CULVERT_PROBE_H
#define CULVERT_PROBE_H

#include <signal.h>

#include "addr.h"
#include "loop.h"

struct probe;

/* In the child, which has nothing of control's but `out`. */
typedef void probe_run(const void *options, int out);

/* There: the escape sequence was typed, what came so far is to be summed up. */
extern volatile sig_atomic_t probe_escaped;

/* There: binds to the source, if one is wanted; false with the sentence to print in *why. */
bool probe_bind(int sock, const struct addr *source, const char **why);

/* NULL with errno. `text` is called with each piece of output, `done` once at the end. */
struct probe *probe_start(struct loop *l, probe_run *run, const void *options,
    void (*text)(void *arg, const char *p, size_t len), void (*done)(void *arg), void *arg);
void probe_escape(struct probe *p);	/* it sums up and is done */
void probe_stop(struct probe *p);	/* done is not called; p is freed */

#endif
