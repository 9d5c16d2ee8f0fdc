/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checksum.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* Ones' complement sums do not mind the byte order (RFC 1071 section 2 B), so words are added as they lie. */
static uint64_t
add_rest(uint64_t sum, uint8_t *to, const uint8_t *from, size_t len)
{
	uint32_t word;
	uint16_t half = 0;

	if (to != NULL && len > 0)
		memcpy(to, from, len);
	for (; len >= 4; from += 4, len -= 4) {
		memcpy(&word, from, 4);
		sum += word;
	}
	if (len >= 2) {
		memcpy(&half, from, 2);
		sum += half;
		from += 2;
		len -= 2;
	}
	if (len > 0) {
		half = 0;
		memcpy(&half, from, 1);
		sum += half;
	}
	return sum;
}

static uint64_t
halves(uint64_t sum)
{
	return (sum & 0xffffffff) + (sum >> 32);
}

uint64_t
checksum_plain(uint64_t sum, void *to, const void *from, size_t len)
{
	const uint8_t *b = from;
	uint8_t *copy = to;
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
	return add_rest(sum + halves(even) + halves(odd) + carries, copy, b, len);
}

#ifdef __x86_64__

enum { BLOCK = 64 };

/* Whole blocks: each 32 bits of them are added in a lane of 64, so nothing is carried. */
__attribute__((target("avx2"))) static uint64_t
add_blocks(uint8_t *to, const uint8_t *from, size_t blocks)
{
	const __m256i low = _mm256_set1_epi64x(0xffffffff);
	__m256i sum[4] = {0}, a, b;
	uint64_t lanes[4];

	for (; blocks > 0; blocks--, from += BLOCK) {
		a = _mm256_loadu_si256((const __m256i *)(const void *)from);
		b = _mm256_loadu_si256((const __m256i *)(const void *)(from + BLOCK / 2));
		if (to != NULL) {
			_mm256_storeu_si256((__m256i *)(void *)to, a);
			_mm256_storeu_si256((__m256i *)(void *)(to + BLOCK / 2), b);
			to += BLOCK;
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

static uint64_t
add(uint64_t sum, uint8_t *to, const uint8_t *from, size_t len)
{
	size_t blocks = len / BLOCK;

	if (blocks == 0 || !__builtin_cpu_supports("avx2"))
		return checksum_plain(sum, to, from, len);
	sum += add_blocks(to, from, blocks);
	return checksum_plain(sum, to == NULL ? NULL : to + blocks * BLOCK, from + blocks * BLOCK,
	    len % BLOCK);
}

#else

static uint64_t
add(uint64_t sum, uint8_t *to, const uint8_t *from, size_t len)
{
	return checksum_plain(sum, to, from, len);
}

#endif

uint64_t
checksum_add(uint64_t sum, const void *p, size_t len)
{
	return add(sum, NULL, p, len);
}

uint64_t
checksum_copy(uint64_t sum, void *to, const void *from, size_t len)
{
	return add(sum, to, from, len);
}

uint16_t
checksum_fold(uint64_t sum)
{
	sum = halves(sum);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}
