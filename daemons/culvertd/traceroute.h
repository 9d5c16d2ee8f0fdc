/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * traceroute: UDP to ports where nobody listens, with a growing time to live.
 *
 * Who answers is read from the socket's error queue (IP_RECVERR), where the kernel puts
 * the ICMP errors that quote datagrams of this socket and no others; the destination port
 * tells which probe it was.
 */
#ifndef CULVERT_TRACEROUTE_H
#define CULVERT_TRACEROUTE_H

#include "probe.h"

struct traceroute_options {
	struct addr to, source;		/* source unset: the kernel chooses */
	unsigned int probes, timeout_s;	/* at each hop; for each probe */
	uint8_t least_ttl, most_ttl;
	uint16_t port;			/* of the first probe */
};

probe_run traceroute_run;

/* What IOS prints for an ICMP error; NULL: the time it took, since the packet got there or
 * to the next router.  *last: the way ends here. */
const char *traceroute_mark(bool v6, uint8_t type, uint8_t code, bool *last);

#endif
