/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of access lists in IOS's words, and the words themselves. */
#ifndef CULVERT_ACL_TEXT_H
#define CULVERT_ACL_TEXT_H

#include "cli/cmd.h"
#include "conf_acl.h"

/* Types of value: a port by its name or number. */
extern const struct cmd_arg cmd_arg_tcp_port, cmd_arg_udp_port;

/* "permit tcp any host 192.0.2.1 eq www", without number and newline. */
void acl_text_line(struct text *out, const struct conf_acl *a, const struct acl_line *l);
/* The same as show access-lists has it. */
void acl_text_show_line(struct text *out, const struct conf_acl *a, const struct acl_line *l);

#endif
