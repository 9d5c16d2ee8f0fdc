/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may use a shell at a terminal: `enable secret` and `login local`.  The hashes stay
 * here, a shell asks.  Whoever may run a shell is root and needs no leave from
 * us for anything (`culvert -c` asks nothing); this is for those whose account has the
 * shell and no more.
 */
#ifndef CULVERT_LOGIN_H
#define CULVERT_LOGIN_H

#include "ipc.h"

struct conf_users;

/* The password is wiped. */
void login_judge(const struct conf_users *u, struct ipc_login *in, struct ipc_login_done *out);

#endif
