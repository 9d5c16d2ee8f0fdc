/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_list.h"
#include "secret.h"

void
conf_users_copy(struct conf_users *to, const struct conf_users *from)
{
	*to = *from;
	CONF_LIST_COPY(to->users, from->users);
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
	struct conf_user *u = conf_user_find(v, name);

	if (u == NULL) {
		u = conf_zeroed(sizeof(*u));
		u->level = 1;
		snprintf(u->name, sizeof(u->name), "%s", name);
		DL_APPEND(v->users, u);
	}
	return u;
}

void
conf_user_del(struct conf_users *v, struct conf_user *u)
{
	DL_DELETE(v->users, u);
	wipe(u, sizeof(*u));
	free(u);
}
