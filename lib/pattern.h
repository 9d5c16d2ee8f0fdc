/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Regular expressions that people type: behind a bar, in applets.
 *
 * Perl's language (libpcre2), in which what IOS knows means the same.  Whatever is asked, the
 * work and the memory of one match are bounded, in 256 KB too: past the bound a text does
 * not match.
 */
#ifndef CULVERT_PATTERN_H
#define CULVERT_PATTERN_H

#include <stdbool.h>

#include "buf.h"

#define PATTERN_GROUPS 8		/* the whole match, and what the first parentheses hold */
#define PATTERN_WHY_MAX 120

struct pattern;

/* The caller's, for pattern_free(); NULL: `why` says what is wrong with it. */
struct pattern *pattern_new(const char *expression, char why[static PATTERN_WHY_MAX]);
void pattern_free(struct pattern *p);		/* NULL is allowed */
/* Whether some part of text matches. */
bool pattern_matches(const struct pattern *p, const char *text);
/* The same; what the groups hold points into text, {NULL, 0} where one holds nothing. */
bool pattern_groups(const struct pattern *p, const char *text,
    struct slice groups[static PATTERN_GROUPS]);

#endif
