/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of messages: a shell at a terminal asks who may use it. Included by ipc_msgs.h. */
#ifndef CULVERT_IPC_MSGS_LOGIN_H
#define CULVERT_IPC_MSGS_LOGIN_H

#define IPC_B_login(F)								\
	F(u8, way, "enum ipc_login_way")					\
	F(str64, user, "empty for LOGIN_ENABLE")				\
	F(u8, answered, "0: only whether a password is asked for")		\
	F(key, password, "")							\
	F(u32, pid, "of the shell")						\
	F(str32, tty, "its terminal, /dev/pts/3")				\
	F(addr, source, "where the user comes from; unset: from here")		\
	F(u16, local_port, "that the user came to; 0: none")

#define IPC_B_login_done(F)							\
	F(u8, verdict, "enum ipc_login_verdict")				\
	F(u8, level, "the user's, when accepted")

enum ipc_login_way { LOGIN_ENABLE = 1, LOGIN_CONSOLE, LOGIN_VTY };

enum ipc_login_verdict {
	LOGIN_OPEN,		/* nothing is asked for */
	LOGIN_ASK,
	LOGIN_ACCEPTED,
	LOGIN_WRONG,
};

#endif
