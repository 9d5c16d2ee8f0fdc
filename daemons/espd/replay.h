/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The anti-replay window of one inbound SA (RFC 4303 3.4.3) and the guess of
 * the sequence number's upper half when the SA has extended ones (appendix A2).
 *
 * Plain data without pointers: it lives in the memory that outlives a crash,
 * so that a restarted forwarder still knows what it has seen.  Asking and
 * marking are apart, because only a packet whose tag was good may move it:
 *
 *	seq = replay_infer(w, low, esn);
 *	if (!replay_accepts(w, seq)) ...drop
 *	if (esp_open(...) != DROP_NOT) ...drop
 *	replay_mark(w, seq);
 */
#ifndef CULVERT_REPLAY_H
#define CULVERT_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#define REPLAY_WINDOW_MAX 1024	/* bits, as IOS has it */

struct replay {
	uint64_t highest;	/* highest sequence number that was authenticated; 0: none yet */
	uint32_t window;	/* packets: 64, 128, .. REPLAY_WINDOW_MAX; 0: no check */
	uint32_t spare;
	/* Bit seq mod the map's size.  One word more than the window: see replay.c. */
	uint64_t seen[REPLAY_WINDOW_MAX / 64 + 1];
};

/* `window` is rounded up to whole words and cut to the maximum. */
void replay_init(struct replay *w, uint32_t window);
/* The 64-bit number that a packet's 32 bits stand for; without ESN they are it. */
uint64_t replay_infer(const struct replay *w, uint32_t low, bool esn);
bool replay_accepts(const struct replay *w, uint64_t seq);	/* asks, changes nothing */
void replay_mark(struct replay *w, uint64_t seq);		/* after the tag was good */

#endif
