/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define WORK_MAX 10000000		/* for one text, wherever in it a match may begin: 0.2 s */
#define BYTES_A_STEP 32			/* that are read as fast as one step is made */
#define HEAP_MAX_KB 1024

struct pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *match;
};

struct work {
	uint64_t done;
	PCRE2_SIZE at;			/* in the text, at the last step */
};

/*
 * Before each item of the expression.  The library's own limit is for each place where a match
 * may begin, of which a long text has many; and it counts no bytes that one item runs over.
 */
static int
step(pcre2_callout_block *b, void *arg)
{
	struct work *w = arg;
	PCRE2_SIZE at = b->current_position;

	w->done += 1 + (at > w->at ? at - w->at : w->at - at) / BYTES_A_STEP;
	w->at = at;
	return w->done > WORK_MAX ? PCRE2_ERROR_MATCHLIMIT : 0;
}

struct pattern *
pattern_new(const char *expression, char why[static PATTERN_WHY_MAX])
{
	uint32_t options = PCRE2_DOTALL | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C |
	    PCRE2_AUTO_CALLOUT;
	struct pattern *p = calloc(1, sizeof(*p));
	PCRE2_SIZE at;
	int error;

	snprintf(why, PATTERN_WHY_MAX, "out of memory");
	if (p == NULL)
		return NULL;
	p->code = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED, options, &error, &at,
	    NULL);
	if (p->code == NULL) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)why, PATTERN_WHY_MAX);
		pattern_free(p);
		return NULL;
	}
	p->limits = pcre2_match_context_create(NULL);
	p->match = pcre2_match_data_create(PATTERN_GROUPS, NULL);
	if (p->limits == NULL || p->match == NULL) {
		pattern_free(p);
		return NULL;
	}
	pcre2_set_match_limit(p->limits, WORK_MAX);
	pcre2_set_heap_limit(p->limits, HEAP_MAX_KB);
	return p;
}

void
pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	pcre2_match_data_free(p->match);
	pcre2_match_context_free(p->limits);
	pcre2_code_free(p->code);
	free(p);
}

/* The number of groups, or less than 0. */
static int
match(const struct pattern *p, const char *text)
{
	struct work w = {0};
	int groups;

	pcre2_set_callout(p->limits, step, &w);
	groups = pcre2_match(p->code, (PCRE2_SPTR)text, strlen(text), 0, 0, p->match, p->limits);
	return groups == 0 ? PATTERN_GROUPS : groups;
}

bool
pattern_matches(const struct pattern *p, const char *text)
{
	return match(p, text) > 0;
}

bool
pattern_groups(const struct pattern *p, const char *text,
    struct slice groups[static PATTERN_GROUPS])
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(p->match);
	int i, n = match(p, text);

	for (i = 0; i < PATTERN_GROUPS; i++) {
		groups[i] = (struct slice){0};
		/* \K in a look-ahead can end a match before its beginning. */
		if (i < n && at[2 * i] != PCRE2_UNSET && at[2 * i] <= at[2 * i + 1])
			groups[i] = slice_of(text + at[2 * i], at[2 * i + 1] - at[2 * i]);
	}
	return n > 0;
}
