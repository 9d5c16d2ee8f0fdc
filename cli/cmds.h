/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of commands, and how they hang together. */
#ifndef CULVERT_CMDS_H
#define CULVERT_CMDS_H

#include "cli/cmd.h"

extern const struct cmd_mode cmd_mode_global;		/* config */

/* Tables that hang below a word of another file's. */
extern const struct cmd cmds_crypto[];		/* crypto ... */
cmd_write cmds_enable_write;
extern const struct cmd cmds_enable[];		/* enable ... */
cmd_run cmds_username_run;
cmd_write cmds_username_write;
extern const struct cmd cmds_username[];	/* behind username NAME */
extern const struct cmd cmds_config_key[];	/* key ... */
extern const struct cmd cmds_password[];	/* password ... */
extern const struct cmd cmds_event[];		/* event ... */
extern const struct cmd cmds_nhrp[];		/* in an interface: ip nhrp ... */
extern const struct cmd cmds_tunnel[];		/* in an interface: tunnel ... */
extern const struct cmd cmds_iface_ipsec[];	/* ... crypto ipsec ... */
extern const struct cmd cmds_iface_crypto[];	/* in an interface: crypto ... */

/* Sentences whose word stands in the global table. */
cmd_run cmds_route_run;
cmd_write cmds_route_write;
extern const struct cmd cmds_route[];		/* behind ip route */
cmd_write cmds_route6_write;			/* ipv6 route: cmds_route_run does it */
extern const struct cmd cmds_route6[];
extern const struct cmd cmds_ipv6[];		/* ipv6 ... */
extern const struct cmd cmds_iface_ipv6[];	/* in an interface: ipv6 ... */
cmd_run cmds_iface_run;
cmd_write cmds_iface_write;

cmd_run cmds_acl_numbered_run, cmds_acl_named_run;
cmd_write cmds_acl_numbered_write, cmds_acl_named_write;
extern const struct cmd cmds_acl_numbered[];	/* behind access-list */
extern const struct cmd cmds_acl_named[];	/* behind ip access-list */

cmd_run cmds_line_run;
cmd_write cmds_line_write;
extern const struct cmd cmds_line[];		/* behind line */

/* An applet as it stands in the configuration, from its first line on. */
void cmds_eem_applet_write(struct text *out, const struct conf_eem_applet *a);
void cmds_eem_actions_write(struct text *out, const struct conf_eem_applet *a);

/* A peer's prefix from address and mask, or from A/L of IPv6; refused with IOS's words. */
bool cmds_prefix(struct cmd_call *c, struct prefix *p);
/* The same as a network; IOS leaves out the mask of everybody. */
bool cmds_network(struct cmd_call *c, struct prefix *net);

#endif
