/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Internet checksum (RFC 1071), of ICMP and NHRP.  It is plain and slow: what every
 * packet passes has one of its own (daemons/espd/checksum.h).
 */
#ifndef CULVERT_INET_SUM_H
#define CULVERT_INET_SUM_H

#include <stddef.h>
#include <stdint.h>

/* In host order; 0 over bytes that have their checksum in them. */
uint16_t inet_checksum(const uint8_t *p, size_t len);

#endif
