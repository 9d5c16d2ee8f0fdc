/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the other daemons ask of the forwarder (lib/ipc_msgs.h). */
#ifndef CULVERT_CTL_H
#define CULVERT_CTL_H

extern const struct ipc_handlers ctl_handlers;

#endif
