/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "eem_vars.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct text *
eem_vars_find(const struct eem_vars *vars, const char *name)
{
	unsigned int i;

	for (i = 0; i < vars->count; i++)
		if (strcmp(vars->at[i].name, name) == 0)
			return &vars->at[i].value;
	return NULL;
}

struct text *
eem_vars_get(struct eem_vars *vars, const char *name)
{
	struct eem_var *v;
	unsigned int i;

	for (i = 0; i < vars->count; i++)
		if (strcmp(vars->at[i].name, name) == 0)
			return &vars->at[i].value;
	if (vars->count == EEM_VARIABLES_MAX)
		return NULL;
	v = &vars->at[vars->count++];
	snprintf(v->name, sizeof(v->name), "%s", name);
	return &v->value;
}

/* The name behind a dollar, and where the text goes on; NULL: it is no variable. */
static const char *
read_name(const char *p, char name[EEM_NAME_MAX])
{
	bool braces = *p == '{';
	size_t n = 0;

	for (p += braces; isalnum((unsigned char)*p) || *p == '_'; p++)
		if (n + 1 < EEM_NAME_MAX)
			name[n++] = *p;
	name[n] = '\0';
	if (n == 0 || (braces && *p != '}'))
		return NULL;
	return p + braces;
}

bool
eem_vars_expand(const struct eem_vars *vars, const char *p, struct text *out,
    char missing[EEM_NAME_MAX])
{
	const struct text *value;
	const char *next;

	out->len = 0;
	text_put(out, "", 0);
	for (; *p != '\0' && out->len < EEM_VALUE_MAX; p = next) {
		next = p + 1;
		if (p[0] == '\\' && p[1] == 'n') {
			text_put(out, "\n", 1);
			next = p + 2;
		} else if (p[0] == '$' && p[1] == '$') {
			text_put(out, "$", 1);
			next = p + 2;
		} else if (p[0] == '$' && (next = read_name(p + 1, missing)) != NULL) {
			value = eem_vars_find(vars, missing);
			if (value == NULL)
				return false;
			text_put(out, text_str(value), value->len);
		} else {
			next = p + 1;
			text_put(out, p, 1);
		}
	}
	return true;
}

void
eem_vars_free(struct eem_vars *vars)
{
	unsigned int i;

	for (i = 0; i < vars->count; i++)
		text_free(&vars->at[i].value);
}
