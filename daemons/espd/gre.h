/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The GRE header (RFC 2784) with a key (RFC 2890).
 *
 *	 0                   1                   2                   3
 *	|C| |K|S| Reserved0       | Ver |         Protocol Type         |
 *	|      Checksum (optional)      |       Reserved1 (optional)    |
 *	|                         Key (optional)                        |
 *	|                 Sequence Number (optional)                    |
 *
 * We send neither checksum nor sequence number; both are understood.
 */
#ifndef CULVERT_GRE_H
#define CULVERT_GRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define GRE_HEADER_MAX 8

enum { GRE_IPV4 = 0x0800, GRE_IPV6 = 0x86dd, GRE_NHRP = 0x2001 };

struct gre {
	uint16_t protocol;
	bool has_key;
	uint32_t key;
};

/* Reads the header; *payload is what follows.  NULL, or what is wrong with it. */
const char *gre_read(struct gre *g, struct slice packet, struct slice *payload);
size_t gre_len(bool has_key);
void gre_write(uint8_t *p, const struct gre *g);	/* gre_len() bytes */

#endif
