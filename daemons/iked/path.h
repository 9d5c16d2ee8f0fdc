/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between which two UDP ends an IKE datagram travels, seen from here. */
#ifndef CULVERT_IKE_PATH_H
#define CULVERT_IKE_PATH_H

#include <stdint.h>

#include "addr.h"

struct ike_path {
	struct addr local, remote;
	uint16_t local_port, remote_port;	/* local: 500 (ours) or 4500 (by espd) */
};

#endif
