/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The variables of one run of an applet: strings, by name, which stand in the
 * strings of its actions as $name or ${name}; $$ is a dollar and \n a newline.
 */
#ifndef CULVERT_EEM_VARS_H
#define CULVERT_EEM_VARS_H

#include "buf.h"
#include "conf_eem.h"

#define EEM_VARIABLES_MAX 64
#define EEM_VALUE_MAX (256 * 1024)	/* bytes in one variable: $_cli_result holds a whole output */

struct eem_var {
	char name[EEM_NAME_MAX];
	struct text value;
};

struct eem_vars {
	struct eem_var at[EEM_VARIABLES_MAX];
	unsigned int count;
};

const struct text *eem_vars_find(const struct eem_vars *vars, const char *name);	/* NULL: not set */
/* The value of that one, to be written; an empty one if it is new, NULL if there are too many. */
struct text *eem_vars_get(struct eem_vars *vars, const char *name);
/* p with its variables, into out instead of what was there.  False: `missing` is not set. */
bool eem_vars_expand(const struct eem_vars *vars, const char *p, struct text *out,
    char missing[EEM_NAME_MAX]);
void eem_vars_free(struct eem_vars *vars);

#endif
