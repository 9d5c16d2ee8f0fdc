/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The map is a ring of words: sequence number s has bit s % 64 of word
 * s / 64 % REPLAY_WORDS.  Moving forward clears whole words, never shifts.
 * That takes one word more than the window, as the newest word is partly in
 * the future and the oldest one partly past the window's end.
 */
#include "replay.h"

#include <string.h>

#define REPLAY_WORDS (REPLAY_WINDOW_MAX / 64 + 1)

void
replay_init(struct replay *w, uint32_t window)
{
	memset(w, 0, sizeof(*w));
	if (window > REPLAY_WINDOW_MAX)
		window = REPLAY_WINDOW_MAX;
	w->window = (window + 63) / 64 * 64;
}

/*
 * RFC 4303 A2.1.  The widest window serves for all: a late packet is then
 * recognised as late even behind a smaller window, and with the check off.
 */
uint64_t
replay_infer(const struct replay *w, uint32_t low, bool esn)
{
	uint32_t top_low = (uint32_t)w->highest, top_high = (uint32_t)(w->highest >> 32);
	uint32_t bottom = top_low - (REPLAY_WINDOW_MAX - 1);	/* may wrap: case B */

	if (!esn)
		return low;
	if (top_low >= REPLAY_WINDOW_MAX - 1) {
		if (low < bottom)
			top_high++;
	} else if (low >= bottom && top_high > 0) {
		top_high--;
	}
	return (uint64_t)top_high << 32 | low;
}

bool
replay_accepts(const struct replay *w, uint64_t seq)
{
	if (w->window == 0)
		return true;
	if (seq == 0)		/* never sent: RFC 4303 3.3.3 */
		return false;
	if (seq > w->highest)
		return true;
	if (w->highest - seq >= w->window)
		return false;
	return (w->seen[seq / 64 % REPLAY_WORDS] >> seq % 64 & 1) == 0;
}

void
replay_mark(struct replay *w, uint64_t seq)
{
	uint64_t word;

	if (seq > w->highest) {
		uint64_t from = w->highest / 64, to = seq / 64;

		if (to - from > REPLAY_WORDS)
			from = to - REPLAY_WORDS;
		for (word = from + 1; word <= to; word++)
			w->seen[word % REPLAY_WORDS] = 0;
		w->highest = seq;
	}
	w->seen[seq / 64 % REPLAY_WORDS] |= (uint64_t)1 << seq % 64;
}
