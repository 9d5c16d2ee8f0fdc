/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * culvert-nhrpd: NHRP (RFC 2332 with Cisco's DMVPN practice) for culvert's
 * tunnels.  The engine (nhrp.h) does the protocol; here it gets its sockets.
 */
#include <errno.h>
#include <string.h>

#include "ctl.h"
#include "daemon.h"
#include "kept.h"
#include "links.h"
#include "log.h"
#include "nhrp_engine.h"
#include "privilege.h"
#include "purge.h"
#include "route.h"

struct nhrpd {
	struct daemon daemon;
	struct ctl ctl;
	struct route *route;
};

static void
to_espd(void *arg, enum ipc_type type, const void *body)
{
	struct nhrpd *d = arg;

	links_to_espd(d->ctl.links, type, body);
}

static void
to_iked(void *arg, enum ipc_type type, const void *body)
{
	struct nhrpd *d = arg;

	links_to_iked(d->ctl.links, type, body);
}

static bool
route_to(void *arg, const struct addr *dst, struct nhrp_route *r)
{
	struct nhrpd *d = arg;

	return route_lookup(d->route, dst, r);
}

static const struct nhrp_ops ops = {.to_espd = to_espd, .to_iked = to_iked, .route = route_to};

static void
routes_changed(void *arg)
{
	struct nhrpd *d = arg;

	purge_routes_changed(d->ctl.nhrp);
}

static struct keep *
open_kept(struct daemon *d)
{
	struct keep *k = d->keep_fd < 0 ? keep_open_private(kept_slot_size(), KEPT_SLOTS) :
	    keep_open(d->keep_fd, KEPT_KIND, KEPT_VERSION, kept_slot_size(), KEPT_SLOTS, &d->warm);

	if (k == NULL)
		log_fatal("kept state: %s", strerror(errno));
	return k;
}

static void
leave(struct daemon *d)
{
	struct nhrpd *self = container_of(d, struct nhrpd, daemon);

	nhrp_free(self->ctl.nhrp);
	links_free(self->ctl.links);
	route_close(self->route);
}

int
main(int argc, char **argv)
{
	static struct nhrpd d;

	daemon_start(&d.daemon, "nhrpd", IPC_NHRPD, argc, argv);
	d.daemon.user = &d.ctl;
	d.route = route_open(d.daemon.loop, routes_changed, &d);
	if (d.route == NULL)
		log_fatal("routing socket: %s", strerror(errno));
	privilege_keep(NULL, 0);
	d.ctl.links = links_new();
	d.ctl.nhrp = nhrp_new(d.daemon.loop, &ops, &d, open_kept(&d.daemon));
	links_start(d.ctl.links, d.ctl.nhrp, &d.daemon);
	daemon_serve(&d.daemon, IPC_CONTROL | IPC_SHELL, &ctl_handlers);
	if (d.daemon.warm)
		log_info("restarted with what the process before us knew");
	return daemon_run(&d.daemon, leave);
}
