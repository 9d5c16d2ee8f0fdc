/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Internet checksum (RFC 1071), alone or while bytes are copied: one pass
 * over a payload instead of two.
 *
 * A sum starts with 0 (or a pseudo header's, inner.h), grows by pieces of even
 * length, only the last of which may be odd, and is folded at its end.
 */
#ifndef CULVERT_CHECKSUM_H
#define CULVERT_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

uint64_t checksum_add(uint64_t sum, const void *p, size_t len);
/* The same, and the bytes are at `to` then, which does not overlap them. */
uint64_t checksum_copy(uint64_t sum, void *to, const void *from, size_t len);
uint16_t checksum_fold(uint64_t sum);	/* what goes into the header, in memory order */

/* Both without the CPU's wide registers, as they work where there are none; `to` may be NULL. */
uint64_t checksum_plain(uint64_t sum, void *to, const void *from, size_t len);

#endif
