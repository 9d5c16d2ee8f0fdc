/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The control thread of the forwarder: everything it has at hand.  One event
 * loop serves the other daemons, the kernel's routes and the clock; the
 * workers (worker.h) run packets beside it.
 */
#ifndef CULVERT_ESPD_H
#define CULVERT_ESPD_H

#include <net/if.h>

#include "daemon.h"
#include "path_learn.h"
#include "toobig.h"
#include "worker.h"

/* The name of one device, for a second: it may be renamed. */
struct named_device {
	int ifindex;
	mono_t until;
	char name[IF_NAMESIZE];
};

struct espd {
	struct daemon d;
	struct tables tables;
	struct toobig toobig;
	struct counters counters;	/* of the control thread: relays that failed */
	struct counters cleared;	/* what the workers' came to at the last clear */
	unsigned int turn;		/* which SAs the next tick looks at */
	struct timer tick, line_due, peers_due, cmaps_due;
	struct path_learner paths;
	struct named_device came_by;	/* the last unknown SPI */
};

static inline struct espd *
espd_of(struct ipc_conn *c)
{
	struct daemon *d = ipc_conn_user(c);

	return d->user;
}

static inline struct espd *
espd_of_worker(struct worker *w)
{
	return container_of(w->tables, struct espd, tables);
}

/* To every client of this role; false when one that should have it could not take it. */
bool espd_tell(struct espd *e, unsigned int roles, enum ipc_type type, const void *body);

#endif
