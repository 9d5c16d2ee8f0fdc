/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Interfaces of the configuration in the kernel: loopbacks are made, links go up
 * and down, addresses come and go, tunnels' sysctls are set.
 *
 * `hooked`: crypto maps' hooks are in place; without them what has a map stays down.
 *
 * kernel_if_apply() compares the whole configuration with the whole kernel and may be
 * called at any time: after a changed line, and after each event of the kernel's
 * (a tunnel device that espd just made gets its address so).
 */
#ifndef CULVERT_KERNEL_IF_H
#define CULVERT_KERNEL_IF_H

#include "conf.h"
#include "kernel.h"
#include "nics.h"
#include "owned.h"

void kernel_if_apply(struct kernel *k, const struct conf *c, const struct nics *n, bool hooked,
    struct owned *o);
/* Packets are forwarded from now on. */
void kernel_if_forward(struct owned *o);
/* A clean end, first step: nothing is forwarded while tunnels and routes go. */
void kernel_if_stop_forwarding(const struct owned *o);
/* Last step: all that is owned goes. */
void kernel_if_remove(struct kernel *k, struct owned *o);

#endif
