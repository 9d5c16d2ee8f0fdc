/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_eem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_list.h"

/* --- applets --- */

struct conf_eem_applet *
conf_eem_applet_find(const struct conf_eem *e, const char *name)
{
	struct conf_eem_applet *a;

	DL_FOREACH(e->applets, a)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

struct conf_eem_applet *
conf_eem_applet_get(struct conf_eem *e, const char *name)
{
	struct conf_eem_applet *a = conf_eem_applet_find(e, name), fresh = {0};

	if (a != NULL)
		return a;
	snprintf(fresh.name, sizeof(fresh.name), "%s", name);
	a = conf_copied(&fresh, sizeof(fresh));
	DL_APPEND(e->applets, a);
	return a;
}

void
conf_eem_applet_del(struct conf_eem *e, struct conf_eem_applet *a)
{
	DL_DELETE(e->applets, a);
	CONF_LIST_FREE(a->actions);
	free(a);
}

/* --- actions --- */

static int
by_label(const struct conf_eem_action *a, const struct conf_eem_action *b)
{
	return strcmp(a->label, b->label);
}

void
conf_eem_action_del(struct conf_eem_applet *a, const char *label)
{
	struct conf_eem_action *x, *next;

	DL_FOREACH_SAFE(a->actions, x, next) {
		if (strcmp(x->label, label) != 0)
			continue;
		DL_DELETE(a->actions, x);
		free(x);
	}
}

void
conf_eem_action_set(struct conf_eem_applet *a, const struct conf_eem_action *action)
{
	struct conf_eem_action *x = conf_copied(action, sizeof(*action));

	conf_eem_action_del(a, action->label);
	DL_INSERT_INORDER(a->actions, x, by_label);
}

/* --- variables --- */

static int
by_name(const struct conf_eem_variable *a, const struct conf_eem_variable *b)
{
	return strcmp(a->name, b->name);
}

void
conf_eem_variable_set(struct conf_eem *e, const char *name, const char *value)
{
	struct conf_eem_variable *v, *next, fresh = {0};

	DL_FOREACH_SAFE(e->variables, v, next) {
		if (strcmp(v->name, name) != 0)
			continue;
		DL_DELETE(e->variables, v);
		free(v);
	}
	if (value == NULL)
		return;
	snprintf(fresh.name, sizeof(fresh.name), "%s", name);
	snprintf(fresh.value, sizeof(fresh.value), "%s", value);
	v = conf_copied(&fresh, sizeof(fresh));
	DL_INSERT_INORDER(e->variables, v, by_name);
}

/* --- all of it --- */

void
conf_eem_copy(struct conf_eem *to, const struct conf_eem *from)
{
	struct conf_eem_applet *a;

	*to = *from;
	CONF_LIST_COPY(to->applets, from->applets);
	DL_FOREACH(to->applets, a)
		CONF_LIST_COPY(a->actions, a->actions);
	CONF_LIST_COPY(to->variables, from->variables);
}

void
conf_eem_free(struct conf_eem *e)
{
	while (e->applets != NULL)
		conf_eem_applet_del(e, e->applets);
	CONF_LIST_FREE(e->variables);
}
