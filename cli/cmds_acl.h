/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of access lists share. */
#ifndef CULVERT_CMDS_ACL_H
#define CULVERT_CMDS_ACL_H

#include <stdbool.h>

#include "cli/cmds.h"

enum { ACL_PERMIT = 1, ACL_DENY = 2 };	/* the value of SLOT_LEVEL */

/* Why a word of IOS is refused. */
#define ACL_NOT_MATCHED "only networks, protocols and ports are matched here; leave the word out"
#define ACL_NOT_LOGGED "packets that match are not logged; leave the word out"

/* Behind permit or deny, of an extended list and of a standard one (cmds_acl_line.c). */
extern const struct cmd cmds_acl_protocols[], cmds_acl_standard_side[];
/* Fills l from the value permit or deny on. */
void cmds_acl_read_line(const struct cmd_call *c, bool extended, struct acl_line *l);

#endif
