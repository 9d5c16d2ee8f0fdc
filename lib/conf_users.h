/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of the configuration that is of who may use the shell: `enable secret`,
 * users, and which terminals ask for a user.
 */
#ifndef CULVERT_CONF_USERS_H
#define CULVERT_CONF_USERS_H

#include <stdbool.h>
#include <stdint.h>

#include "user_secret.h"

#define USER_NAME_MAX 64
#define USER_LEVEL_PRIVILEGED 15

struct conf_user {
	char name[USER_NAME_MAX];
	uint8_t level;			/* 0 or 1: user EXEC; 15: privileged EXEC at once */
	char secret[USER_SECRET_MAX];	/* empty: cannot log in */
	struct conf_user *prev, *next;
};

struct conf_line {			/* line ... */
	bool login_local;
};

enum conf_line_kind { CONF_LINE_CON, CONF_LINE_VTY, CONF_LINES };

struct conf_users {			/* a member of struct conf */
	char enable[USER_SECRET_MAX];	/* enable secret; empty: nothing is asked */
	struct conf_user *users;	/* as typed */
	struct conf_line lines[CONF_LINES];
	struct conf_line aux;		/* nobody comes in by it, so nothing of it is kept */
};

void conf_users_copy(struct conf_users *to, const struct conf_users *from);	/* `to` is not freed */
void conf_users_free(struct conf_users *v);
/* find: NULL when there is none.  get: makes it, last in the list. */
struct conf_user *conf_user_find(const struct conf_users *v, const char *name);
struct conf_user *conf_user_get(struct conf_users *v, const char *name);
void conf_user_del(struct conf_users *v, struct conf_user *u);

#endif
