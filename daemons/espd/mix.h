/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hashing of keys that strangers may choose: seeded once at start, so that
 * nobody outside can aim at one bucket.
 */
#ifndef CULVERT_MIX_H
#define CULVERT_MIX_H

#include <stddef.h>
#include <stdint.h>

void mix_seed(void);
uint64_t mix_bytes(const void *p, size_t len);
static inline uint64_t
mix_two(uint64_t a, uint64_t b)
{
	a = (a ^ b) * 0x9e3779b97f4a7c15ull;
	return a ^ a >> 29;
}

#endif
