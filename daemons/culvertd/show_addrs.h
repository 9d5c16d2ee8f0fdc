/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHOW_ADDRESSES, SHOW_IPV4_ADDRESSES and SHOW_ARP: what the kernel has, under IOS's names. */
#ifndef CULVERT_SHOW_ADDRS_H
#define CULVERT_SHOW_ADDRS_H

#include "ipc.h"

struct shell;

/* Each answers with rows and the cursor to go on with, 0 at the end. */
uint64_t show_addresses(struct shell *s, const struct ipc_msg *m, unsigned int family);
uint64_t show_arp(struct shell *s, const struct ipc_msg *m);

#endif
