/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between which two UDP ends an IKE datagram travels, seen from here. */
#ifndef CULVERT_IKE_PATH_H
#define CULVERT_IKE_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"

struct ike_path {
	struct addr local, remote;
	uint16_t local_port, remote_port;	/* local: 500 or 4500 */
};

static inline bool
path_eq(const struct ike_path *a, const struct ike_path *b)
{
	return addr_eq(&a->local, &b->local) && addr_eq(&a->remote, &b->remote) &&
	    a->local_port == b->local_port && a->remote_port == b->remote_port;
}

#endif
