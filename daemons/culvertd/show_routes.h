/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SHOW_ROUTES: the kernel's main table with IOS's codes, our addresses as L,
 * then nhrpd's shortcuts (H), which it is asked for while the shell waits.
 */
#ifndef CULVERT_SHOW_ROUTES_H
#define CULVERT_SHOW_ROUTES_H

#include "ipc.h"

struct shell;

void show_routes(struct shell *s, const struct ipc_msg *m);

#endif
