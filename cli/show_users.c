/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show users: the shells at terminals, as control knows them; ours has the asterisk. */
#include <stdio.h>

#include "show_util.h"

enum { FIRST_VTY = 2 };		/* lines are counted through: con 0, aux 0, then vty */

static int
by_line(const void *a, const void *b)
{
	const struct ipc_row_user *x = a, *y = b;

	if (x->way != y->way)
		return x->way == LOGIN_CONSOLE ? -1 : 1;
	return (int)x->vty - (int)y->vty;
}

static void
add_user(struct text *out, const struct show_source *src, const struct ipc_row_user *u)
{
	bool console = u->way == LOGIN_CONSOLE;
	char line[16] = "con 0", idle[UPTIME_STRLEN];

	if (!console)
		snprintf(line, sizeof(line), "vty %u", u->vty);
	text_add(out, "%c%3u %-10s %-10s %-20s %-10s %s\n", u->pid == src->pid ? '*' : ' ',
	    console ? 0 : FIRST_VTY + u->vty, line, u->user, "idle", hms_str(u->idle_s, idle),
	    addr_is_set(&u->source) ? ADDR_STR(&u->source) : "");
}

const char *
show_users(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_CONTROL, SHOW_USERS, IPC_MSG_ROW_USER);
	const struct ipc_row_user *u;

	(void)a;
	rows_sort(&rows, by_line);
	if (why == NULL)
		text_add(out, "    Line       User       Host(s)              Idle       Location\n");
	ROWS_EACH(u, &rows)
		add_user(out, src, u);
	if (why == NULL)
		text_add(out, "\n  Interface    User               Mode         Idle     Peer Address\n");
	rows_free(&rows);
	return why;
}
