/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ping: ICMP echo, a character each. */
#ifndef CULVERT_PING_H
#define CULVERT_PING_H

#include "probe.h"

struct ping_options {
	struct addr to, source;		/* source unset: the kernel chooses */
	unsigned int count, size_bytes, timeout_s;	/* size: of the whole IP packet */
	bool df;
};

probe_run ping_run;

#endif
