/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "log.h"
#include "secret.h"

static struct conf_user *
append(struct conf_users *v, const struct conf_user *like)
{
	struct conf_user *u = malloc(sizeof(*u));

	if (u == NULL)
		log_fatal("out of memory");
	*u = *like;
	DL_APPEND(v->users, u);
	return u;
}

void
conf_users_copy(struct conf_users *to, const struct conf_users *from)
{
	const struct conf_user *u;

	*to = *from;
	to->users = NULL;
	DL_FOREACH(from->users, u)
		append(to, u);
}

void
conf_users_free(struct conf_users *v)
{
	while (v->users != NULL)
		conf_user_del(v, v->users);
	wipe(v->enable, sizeof(v->enable));
}

struct conf_user *
conf_user_find(const struct conf_users *v, const char *name)
{
	struct conf_user *u;

	DL_FOREACH(v->users, u)
		if (strcmp(u->name, name) == 0)
			return u;
	return NULL;
}

struct conf_user *
conf_user_get(struct conf_users *v, const char *name)
{
	struct conf_user *u = conf_user_find(v, name), new = {.level = 1};

	if (u != NULL)
		return u;
	snprintf(new.name, sizeof(new.name), "%s", name);
	return append(v, &new);
}

void
conf_user_del(struct conf_users *v, struct conf_user *u)
{
	DL_DELETE(v->users, u);
	wipe(u, sizeof(*u));
	free(u);
}
