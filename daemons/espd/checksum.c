/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checksum.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

static uint64_t
halves(uint64_t sum)
{
	return (sum & 0xffffffff) + (sum >> 32);
}

/*
 * Ones' complement sums do not mind the byte order (RFC 1071 section 2 B), so words
 * are added as they lie.  For headers and what is left of a payload: less than 2^31
 * words, so that nothing is carried.
 */
static inline uint64_t
add_short(uint64_t sum, uint8_t *to, const uint8_t *from, size_t len)
{
	uint64_t wide;
	uint32_t word = 0;
	uint16_t half = 0, last = 0;

	for (; len >= sizeof(wide); from += sizeof(wide), len -= sizeof(wide)) {
		memcpy(&wide, from, sizeof(wide));
		sum += halves(wide);
		if (to != NULL) {
			memcpy(to, &wide, sizeof(wide));
			to += sizeof(wide);
		}
	}
	if (to != NULL && len > 0)
		memcpy(to, from, len);
	if ((len & 4) != 0)
		memcpy(&word, from, 4);
	if ((len & 2) != 0)
		memcpy(&half, from + (len & 4), 2);
	if ((len & 1) != 0)
		memcpy(&last, from + (len & 6), 1);
	return sum + word + half + last;
}

static uint64_t
add_plain(uint64_t sum, uint8_t *copy, const uint8_t *b, size_t len)
{
	uint64_t wide[2], even = 0, odd = 0, carries = 0;

	/* Two chains, and 2^64 counts as 1, as 2^16 does. */
	for (; len >= 16; b += 16, len -= 16) {
		memcpy(wide, b, 16);
		if (copy != NULL) {
			memcpy(copy, wide, 16);
			copy += 16;
		}
		even += wide[0];
		carries += even < wide[0];
		odd += wide[1];
		carries += odd < wide[1];
	}
	return add_short(sum + halves(even) + halves(odd) + carries, copy, b, len);
}

#ifdef __x86_64__

enum { BLOCK = 64 };

/*
 * Whole blocks: each 32 bits of them are added in a lane of 64, so nothing is carried.
 * Not in registers of 512 bits: those do it in half the instructions and lower the clock
 * of the processor, for all else that it does too.  Bulk traffic lost a twentieth.
 * Four blocks a turn: of one, 1348 bytes took 64 to 110 ticks as the compiler placed the loop,
 * of four 60.
 */
__attribute__((target("avx2"), always_inline)) static inline uint64_t
add_blocks_to(uint8_t *to, const uint8_t *from, size_t blocks)
{
	const __m256i low = _mm256_set1_epi64x(0xffffffff);
	__m256i sum[4] = {0}, a, b;
	uint64_t lanes[4];
	size_t at, len = blocks * BLOCK;

#pragma GCC unroll 4
	for (at = 0; at < len; at += BLOCK) {
		a = _mm256_loadu_si256((const __m256i *)(const void *)(from + at));
		b = _mm256_loadu_si256((const __m256i *)(const void *)(from + at + BLOCK / 2));
		if (to != NULL) {
			_mm256_storeu_si256((__m256i *)(void *)(to + at), a);
			_mm256_storeu_si256((__m256i *)(void *)(to + at + BLOCK / 2), b);
		}
		sum[0] = _mm256_add_epi64(sum[0], _mm256_and_si256(a, low));
		sum[1] = _mm256_add_epi64(sum[1], _mm256_srli_epi64(a, 32));
		sum[2] = _mm256_add_epi64(sum[2], _mm256_and_si256(b, low));
		sum[3] = _mm256_add_epi64(sum[3], _mm256_srli_epi64(b, 32));
	}
	a = _mm256_add_epi64(_mm256_add_epi64(sum[0], sum[1]), _mm256_add_epi64(sum[2], sum[3]));
	_mm256_storeu_si256((__m256i *)(void *)lanes, a);
	return halves(lanes[0]) + halves(lanes[1]) + halves(lanes[2]) + halves(lanes[3]);
}

/* Two loops: whether there is a copy is not asked in each block. */
__attribute__((target("avx2"))) static uint64_t
add_blocks(uint8_t *to, const uint8_t *from, size_t blocks)
{
	return to == NULL ? add_blocks_to(NULL, from, blocks) : add_blocks_to(to, from, blocks);
}

enum checksum_way
checksum_widest(void)
{
	return __builtin_cpu_supports("avx2") ? CHECKSUM_AVX2 : CHECKSUM_PLAIN;
}

static inline uint64_t
add(enum checksum_way way, uint64_t sum, uint8_t *to, const uint8_t *from, size_t len)
{
	size_t whole = len / BLOCK * BLOCK;

	if (way == CHECKSUM_PLAIN)
		return add_plain(sum, to, from, len);
	sum += add_blocks(to, from, len / BLOCK);
	return add_short(sum, to == NULL ? NULL : to + whole, from + whole, len % BLOCK);
}

#else

enum { BLOCK = 16 };

enum checksum_way
checksum_widest(void)
{
	return CHECKSUM_PLAIN;
}

static inline uint64_t
add(enum checksum_way way, uint64_t sum, uint8_t *to, const uint8_t *from, size_t len)
{
	(void)way;
	return add_plain(sum, to, from, len);
}

#endif

uint64_t
checksum_add(uint64_t sum, const void *p, size_t len)
{
	return len < BLOCK ? add_short(sum, NULL, p, len) :
	    add(checksum_widest(), sum, NULL, p, len);
}

uint64_t
checksum_copy(uint64_t sum, void *to, const void *from, size_t len)
{
	return len < BLOCK ? add_short(sum, to, from, len) :
	    add(checksum_widest(), sum, to, from, len);
}

uint64_t
checksum_by(enum checksum_way way, uint64_t sum, void *to, const void *from, size_t len)
{
	return add(way, sum, to, from, len);
}
