/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ecn.h"

#define DROP 0xff

/* RFC 6040 figure 4: "Outgoing Header", by arriving inner and arriving outer field. */
static const uint8_t outgoing[4][4] = {
	/* outer:     Not-ECT   ECT(1)    ECT(0)    CE */
	[ECN_NOT] = { ECN_NOT,  ECN_NOT,  ECN_NOT,  DROP },
	[ECN_ECT1] = {ECN_ECT1, ECN_ECT1, ECN_ECT1, ECN_CE },
	[ECN_ECT0] = {ECN_ECT0, ECN_ECT1, ECN_ECT0, ECN_CE },
	[ECN_CE] = {  ECN_CE,   ECN_CE,   ECN_CE,   ECN_CE },
};

/* RFC 1624 equation 3, of the word with the version and the TOS: a wrong sum stays wrong. */
static void
write_tos(uint8_t *ip, uint8_t tos)
{
	uint32_t sum = (uint16_t)~(ip[10] << 8 | ip[11]);

	sum += (uint16_t)~(ip[0] << 8 | ip[1]);
	sum += (uint32_t)(ip[0] << 8 | tos);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	ip[1] = tos;
	ip[10] = (uint8_t)(sum >> 8);
	ip[11] = (uint8_t)sum;
}

bool
ecn_combine(struct inner *in, uint8_t outer_tos)
{
	uint8_t ecn = outgoing[in->tos & ECN_MASK][outer_tos & ECN_MASK];

	if (ecn == DROP)
		return false;
	if (ecn == (in->tos & ECN_MASK))
		return true;
	in->tos = (uint8_t)((in->tos & ~ECN_MASK) | ecn);
	if (in->version == 4) {
		write_tos(in->p, in->tos);
		return true;
	}
	/* Four bits of version, then the traffic class. */
	in->p[0] = (uint8_t)((in->p[0] & 0xf0) | in->tos >> 4);
	in->p[1] = (uint8_t)((in->p[1] & 0x0f) | in->tos << 4);
	return true;
}
