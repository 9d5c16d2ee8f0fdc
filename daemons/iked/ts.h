/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Traffic selectors (RFC 7296 2.9, 3.13): ranges of addresses and ports.
 *
 * On the wire they are ranges; an SA of ours has a prefix and one port or
 * all, so a range that is neither is not used.
 */
#ifndef CULVERT_IKE_TS_H
#define CULVERT_IKE_TS_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "buf.h"

enum { TS_MAX = 32 };

struct ts {
	struct prefix net;
	uint8_t proto;			/* 0: any */
	uint16_t port;			/* 0: any */
};

struct ts_list {
	unsigned int count;
	struct ts list[TS_MAX];
};

/* NULL or a sentence.  Selectors that are no prefix, and of unknown kinds, are left out. */
const char *ts_read(struct slice body, struct ts_list *l);
void ts_write(struct wbuf *w, const struct ts *t);	/* a payload's body with this one alone */

struct ts ts_host(const struct addr *a, uint8_t proto);
bool ts_is_host(const struct ts *t);
bool ts_eq(const struct ts *a, const struct ts *b);
/* The widest of the list within `want`; false: the list has nothing of it. */
bool ts_narrow(const struct ts_list *l, const struct ts *want, struct ts *out);

#endif
