/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What show interfaces and show ip interface share. */
#ifndef CULVERT_SHOW_INTERFACE_H
#define CULVERT_SHOW_INTERFACE_H

#include "show_util.h"

#define SHOW_NO_INTERFACE "% There is no such interface: see show ip interface brief"

/* Physical ones, loopbacks, tunnels: not the order of the running-config. */
const char *show_ask_interfaces(struct rows *rows, struct show_source *src);
/* A NIC without carrier is down, a tunnel without a way out is up with its protocol down. */
const char *show_status_of(const struct ipc_row_interface *i);

#endif
