/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections of shells: what they ask for, and who does it.  Each has its own
 * configuration session.
 */
#ifndef CULVERT_SHELL_CONN_H
#define CULVERT_SHELL_CONN_H

struct ipc_conn;
struct ipc_msg;

/* For control's server: connections of shells. */
void shell_up(struct ipc_conn *conn);
void shell_message(struct ipc_conn *conn, struct ipc_msg *m);
void shell_down(struct ipc_conn *conn);

#endif
