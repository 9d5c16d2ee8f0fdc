/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "path_icmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says which version the socket is of. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct path_icmp says;
	bool v6;

	if (size == 0)
		return 0;
	v6 = (data[0] & 1) != 0;
	if (!path_icmp_read(&says, slice_of(data + 1, size - 1), v6))
		return 0;
	if (says.local.family != (v6 ? ADDR_V6 : ADDR_V4) || says.remote.family != says.local.family)
		abort();
	if (says.proto != IPPROTO_ESP && says.proto != IPPROTO_UDP && says.proto != IPPROTO_GRE)
		abort();
	if (v6 && says.mtu < 1280)
		abort();
	return 0;
}
