/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A router of a lab: culvertd in the node's namespace.
 *
 * Its run directory holds what culvert puts there and, from us: startup-config
 * (a copy, so that `write memory` leaves the shipped file alone), culvert.yaml,
 * culvertd.log and lab.pid, the process id of the monitor.
 */
#ifndef CULVERT_LAB_ROUTER_H
#define CULVERT_LAB_ROUTER_H

#include <stdbool.h>
#include <sys/types.h>

#include "lab.h"

/* Writes the files above, once. */
const char *router_prepare(const struct lab *lab, const struct lab_node *node);
/* Starts culvertd and waits until it answers on control.sock. */
const char *router_start(const struct lab *lab, const struct lab_node *node);
pid_t router_pid(const char *lab, const char *node);	/* of the living monitor; 0: there is none */
/* Prints the end of culvertd.log, which goes away with a lab that did not come up. */
void router_print_log(const char *lab, const char *node);
bool router_answers(const char *lab, const char *node);

#endif
