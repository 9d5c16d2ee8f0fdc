/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reverse routes of crypto maps: to the networks behind a peer, by the peer.
 *
 * `reverse-route` has one while the flow's SAs are up, which iked says;
 * `reverse-route static` always, from the access list.  They are static routes as
 * those that are typed, but no part of the running-config.
 */
#ifndef CULVERT_REVERSE_ROUTE_H
#define CULVERT_REVERSE_ROUTE_H

#include "conf.h"
#include "ipc.h"

struct reverse_flow {		/* a flow that is up */
	struct ipc_cmap_flow flow;
	struct reverse_flow *prev, *next;
};

/* Takes iked's word; true when something changed. */
bool reverse_flow_set(struct reverse_flow **flows, const struct ipc_cmap_flow *m);
void reverse_flows_free(struct reverse_flow **flows);

/* c with reverse routes among its routes.  Borrows all else of c; for reverse_conf_free() only. */
struct conf reverse_conf(const struct conf *c, const struct reverse_flow *flows);
void reverse_conf_free(struct conf *c);

#endif
