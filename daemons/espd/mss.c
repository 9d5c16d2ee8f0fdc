/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mss.h"

#include <string.h>

enum { TCP_SYN = 0x02, OPT_END = 0, OPT_NOP = 1, OPT_MSS = 2 };

/* The MSS option's value in the options, or NULL. */
static uint8_t *
find_mss(uint8_t *opt, const uint8_t *end)
{
	while (opt < end && *opt != OPT_END) {
		if (*opt == OPT_NOP) {
			opt++;
			continue;
		}
		if (end - opt < 2 || opt[1] < 2 || opt[1] > end - opt)
			return NULL;
		if (opt[0] == OPT_MSS)
			return opt[1] == 4 ? opt + 2 : NULL;
		opt += opt[1];
	}
	return NULL;
}

/*
 * RFC 1624 equation 3: HC' = ~(~HC + ~m + m').  The value may lie at an odd
 * offset, so the change is summed as it lies in the 16-bit words of the header.
 */
static void
replace(uint8_t *tcp, uint8_t *at, uint16_t value)
{
	size_t even = (size_t)(at - tcp) & ~(size_t)1;
	size_t len = ((size_t)(at - tcp) & 1) != 0 ? 4 : 2;
	uint64_t sum;
	uint16_t old, new;

	memcpy(&old, tcp + 16, 2);
	sum = (uint16_t)~old;
	for (size_t i = 0; i < len; i += 2) {
		memcpy(&new, tcp + even + i, 2);
		sum += (uint16_t)~new;
	}
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	sum = checksum_add(sum, tcp + even, len);
	new = checksum_fold(sum);
	memcpy(tcp + 16, &new, 2);
}

void
mss_clamp(struct inner *in, uint16_t mss)
{
	uint8_t *tcp = in->p + in->l4, *at;
	size_t header;

	if (mss == 0 || in->proto != IPPROTO_TCP || !in->first || in->len < in->l4 + 20)
		return;
	header = (size_t)(tcp[12] >> 4) * 4;
	if ((tcp[13] & TCP_SYN) == 0 || header < 20 || in->l4 + header > in->len)
		return;
	at = find_mss(tcp + 20, tcp + header);
	if (at != NULL && (at[0] << 8 | at[1]) > mss)
		replace(tcp, at, mss);
}
