/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nhrpd as a server: control configures and clears, the shell looks. */
#ifndef CULVERT_NHRP_CTL_H
#define CULVERT_NHRP_CTL_H

struct ctl {			/* what the connections' user leads to: struct daemon's user */
	struct nhrp *nhrp;
	struct links *links;
};

extern const struct ipc_handlers ctl_handlers;

#endif
