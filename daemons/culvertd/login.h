/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may use a shell at a terminal: `enable secret` and `login local`.  The hashes stay
 * here, a shell asks.  Whoever may run a shell is root and needs no leave from
 * us for anything (`culvert -c` asks nothing); this is for those whose account has the
 * shell and no more.
 *
 * How long an answer takes does not tell whether there is such a user: each guess at a
 * login costs one hash of every type that some user has.  A wrong one is logged, with the
 * name that was given and never the password, so many a minute.
 */
#ifndef CULVERT_LOGIN_H
#define CULVERT_LOGIN_H

#include "ipc.h"

struct conf_users;
struct control;

struct login_user {			/* at the terminal of a shell; way 0: none, a script */
	uint8_t way;			/* LOGIN_CONSOLE or LOGIN_VTY */
	uint16_t vty;			/* its number; the lowest that was free */
	char name[64];			/* empty: nobody was asked */
	char tty[32];
	struct addr source;		/* unset: from here */
	uint32_t pid;
	mono_t since;
};

/* The password is wiped. */
void login_judge(const struct conf_users *u, struct ipc_login *in, struct ipc_login_done *out);
/* A line of the log about somebody who was not let in. */
void login_log_wrong(const struct login_user *who, const struct ipc_login *in, int64_t wall_us);
/* SHOW_USERS: a row for each shell at a terminal. */
void login_show_users(struct control *c, struct ipc_conn *to, uint32_t seq);

#endif
