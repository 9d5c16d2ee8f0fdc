/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ICMP errors that say how long a packet may be: "fragmentation needed" (RFC
 * 792, RFC 1191 4) and "packet too big" (RFC 4443 3.2).
 *
 * Anybody can send one.  What it quotes says which of our packets it is about;
 * whether that can be is asked elsewhere (path_learn.h).
 */
#ifndef CULVERT_PATH_ICMP_H
#define CULVERT_PATH_ICMP_H

#include <netinet/in.h>

#include "addr.h"
#include "buf.h"

struct path_icmp {
	uint16_t mtu;
	/* of the quoted packet */
	struct addr local, remote;
	uint8_t proto;			/* IPPROTO_ESP, IPPROTO_UDP or IPPROTO_GRE */
	uint16_t local_port, remote_port;	/* of UDP */
	uint32_t spi;			/* of ESP, and behind UDP ports */
	bool has_key;			/* of GRE */
	uint32_t key;
};

/*
 * A message as a raw socket gives it: with the IP header in front (IPv4), or
 * without it and with its checksum known to be right (IPv6).  False when it is
 * no such error, or does not quote enough to tell whose packet it was.
 */
bool path_icmp_read(struct path_icmp *says, struct slice message, bool v6);

#endif
