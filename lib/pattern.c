/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define STEPS_MAX 20000			/* for one place of the text: a millisecond or less */
#define HEAP_MAX_KB 1024

struct pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *match;
};

struct pattern *
pattern_new(const char *expression, char why[static PATTERN_WHY_MAX])
{
	uint32_t options = PCRE2_DOTALL | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C;
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
	pcre2_set_match_limit(p->limits, STEPS_MAX);
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
	int groups = pcre2_match(p->code, (PCRE2_SPTR)text, strlen(text), 0, 0, p->match, p->limits);

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
