/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cookies (RFC 7296 2.6): whoever gives one back can hear at the address that
 * it speaks from.  Nothing is remembered for it:
 *
 *	cookie = version | HMAC-SHA256(secret of that version, Ni | IPi | SPIi)
 */
#ifndef CULVERT_IKEV2_COOKIE_H
#define CULVERT_IKEV2_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "buf.h"
#include "mono.h"

enum { COOKIE_LEN = 1 + 32, COOKIE_KEY_LEN = 32 };

struct cookie_jar {		/* zeroed is fine: keys are made when they are needed */
	uint8_t version;
	uint8_t key[2][COOKIE_KEY_LEN];	/* by the lowest bit of the version: this and the last one */
	mono_t made;
};

struct cookie_of {
	struct slice nonce;
	const struct addr *addr;
	const uint8_t *spi_i;
};

void cookie_make(struct cookie_jar *j, mono_t now, const struct cookie_of *of,
    uint8_t out[COOKIE_LEN]);
bool cookie_good(struct cookie_jar *j, mono_t now, const struct cookie_of *of, struct slice cookie);

#endif
