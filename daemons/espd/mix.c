/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mix.h"

#include <string.h>

#include "secret.h"

static uint64_t seed = 0x2545f4914f6cdd1dull;

void
mix_seed(void)
{
	random_bytes(&seed, sizeof(seed));
}

uint64_t
mix_bytes(const void *p, size_t len)
{
	const uint8_t *b = p;
	uint64_t h = seed ^ len, word;

	for (; len >= sizeof(word); b += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, b, sizeof(word));
		h = mix_two(h, word);
	}
	word = 0;
	memcpy(&word, b, len);
	h = mix_two(h, word);
	return mix_two(h, seed);
}
