/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What we gave the kernel, as a set of short lines: "addr eth0 10.0.0.1/24",
 * "route 10.9.0.0/16", "link Loopback0", "up eth0", "sysctl NAME OLD-VALUE".
 *
 * Only what is in the set is ever removed, so what an administrator or another
 * program put there stays.  The set is kept with the running-config, so that a
 * restarted control knows what its predecessor did, and is empty after a clean end.
 */
#ifndef CULVERT_OWNED_H
#define CULVERT_OWNED_H

#include <stdbool.h>
#include <uthash.h>

#include "buf.h"

struct owned_line {
	char line[96];
	bool wanted;			/* scratch for mark and sweep */
	UT_hash_handle hh;
};

struct owned {
	struct owned_line *lines;
	unsigned int changes;		/* goes up with each line that comes or goes */
};

/* A line that is there already is left as it is. */
void owned_add(struct owned *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool owned_has(const struct owned *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Marks a line as still wanted; false when it is not there. */
bool owned_want(struct owned *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void owned_unmark(struct owned *o, const char *word);	/* all lines that begin with word */
void owned_del(struct owned *o, struct owned_line *l);
void owned_free(struct owned *o);
void owned_write(const struct owned *o, struct text *out);	/* a line each */
void owned_read(struct owned *o, const char *text);		/* and back */

#endif
