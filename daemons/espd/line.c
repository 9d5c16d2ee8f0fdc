/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmap_ctl.h"
#include "log.h"
#include "protection.h"
#include "tun.h"
#include "worker_run.h"

/* --- the line protocol --- */

/* A VTI is its SAs: without any its line is down, as on IOS. */
static bool
has_sa(struct espd *e, const struct ipc_tunnel *set)
{
	uint16_t protection = protection_id(set->protection);
	struct peer *p;

	for (p = peer_next(&e->tables.peers, NULL); p != NULL; p = peer_next(&e->tables.peers, p))
		if (p->out != NULL && p->protection == protection &&
		    addr_eq(&p->path->remote, &set->remote))
			return true;
	return false;
}

/* NULL: up.  Else what IOS's "Tunnel linestate evaluation" would say. */
static const char *
why_down(struct espd *e, const struct tunnel *t, const struct ipc_tunnel *set)
{
	int ifindex;

	if (!set->up)
		return "down - administratively down";
	if (!addr_is_set(&set->local))
		return "down - no tunnel source";
	if (set->kind == TUNNEL_MGRE)
		return NULL;
	if (!addr_is_set(&set->remote))
		return "down - no tunnel destination";
	ifindex = fib_output_device(&e->tables.fib, &set->local, &set->remote);
	if (ifindex == 0)
		return "down - no output interface";
	if (ifindex == t->ifindex)
		return "down - recursive routing";
	return set->kind == TUNNEL_VTI && !has_sa(e, set) ? "down - no IPsec SA" : NULL;
}

static void
tell(struct espd *e, const struct tunnel *t, struct ipc_conn *only)
{
	struct ipc_tunnel_state s = {.line_up = t->conf->line_up};

	memcpy(s.ifname, t->ifname, sizeof(s.ifname));
	memcpy(s.why, t->why, sizeof(s.why));
	if (only != NULL)
		ipc_send(only, IPC_MSG_TUNNEL_STATE, &s);
	else
		espd_tell(e, IPC_CONTROL | IPC_NHRPD, IPC_MSG_TUNNEL_STATE, &s);
}

/* Publishes `set` with the line state that follows from it. */
static void
evaluate(struct espd *e, struct tunnel *t, const struct ipc_tunnel *set)
{
	const char *why = why_down(e, t, set), *says = why == NULL ? "up" : why;
	struct ipc_tunnel copy = *set;		/* set may be part of what is replaced */
	bool changed = t->conf == NULL || strcmp(t->why, says) != 0;

	if (!changed && memcmp(&t->conf->set, &copy, sizeof(copy)) == 0)
		return;
	if (changed && why != NULL && strcmp(why, "down - recursive routing") == 0)
		log_event(LOG_SEV_NOTICE, "TUN", "RECURDOWN",
		    "%s temporarily disabled due to recursive routing", set->name);
	snprintf(t->why, sizeof(t->why), "%s", says);
	tunnel_configure(&e->tables.tunnels, t, &copy, why == NULL);
	if (!changed)
		return;
	if (!tun_set_carrier(t->fd[0], why == NULL))
		log_warn("%s: its carrier cannot be set: %s", set->name, strerror(errno));
	log_debug(LOG_DEBUG_TUNNEL, copy.name, "linestate evaluation %s", t->why);
	tell(e, t, NULL);
}

static void
look_again(struct timer *timer)
{
	struct espd *e = container_of(timer, struct espd, line_due);
	struct tunnels *ts = &e->tables.tunnels;
	uint32_t i;

	for (i = 0; i < ts->top; i++)
		if (ts->slot[i] != NULL)
			evaluate(e, ts->slot[i], &ts->slot[i]->conf->set);
}

void
line_look_again(struct espd *e)
{
	if (!timer_armed(&e->line_due))
		timer_in(&e->line_due, e->d.loop, mono_ms(20));
}

static void choose_peers(struct timer *timer);

void
line_init(struct espd *e)
{
	e->line_due.run = look_again;
	e->peers_due.run = choose_peers;
}

void
line_stop(struct espd *e)
{
	timer_stop(&e->line_due);
	timer_stop(&e->peers_due);
}

void
line_tell_all(struct espd *e, struct ipc_conn *c)
{
	struct tunnels *ts = &e->tables.tunnels;
	uint32_t i;

	for (i = 0; i < ts->top; i++)
		if (ts->slot[i] != NULL)
			tell(e, ts->slot[i], c);
}

/* --- devices --- */

static struct tunnel *
make(struct espd *e, const char *ifname)
{
	struct tunnel *t = NULL;
	int fd[WORKERS_MAX];
	unsigned int n;

	for (n = 0; n < e->tables.workers; n++) {
		fd[n] = tun_open(ifname);
		if (fd[n] < 0)
			break;
	}
	if (n == e->tables.workers) {
		t = tunnel_add(&e->tables.tunnels, ifname, fd, n);
		errno = ENOSPC;
	}
	if (t == NULL) {
		while (n > 0)
			close(fd[--n]);
		return NULL;
	}
	tun_hold(&e->d, ifname, tun_open_detached);
	return t;
}

static const char *
check(const struct ipc_tunnel *set)
{
	if (!tun_name_ok(set->ifname))
		return "no name for a device";
	if (set->kind != TUNNEL_GRE && set->kind != TUNNEL_MGRE && set->kind != TUNNEL_VTI)
		return "no such kind of tunnel";
	if (addr_is_set(&set->local) && addr_is_set(&set->remote) &&
	    set->local.family != set->remote.family)
		return "its source and destination are not of one IP version";
	return NULL;
}

const char *
line_tunnel_set(struct espd *e, const struct ipc_tunnel *set)
{
	struct tunnel *t = tunnel_by_name(&e->tables.tunnels, set->ifname);
	const char *why = check(set);
	bool new = t == NULL;
	unsigned int i;

	if (why != NULL)
		return why;
	if (new)
		t = make(e, set->ifname);
	if (t == NULL)
		return strerror(errno);
	if (set->mtu != 0 && (new || t->conf->set.mtu != set->mtu) &&
	    !tun_set_mtu(set->ifname, set->mtu))
		log_warn("%s: MTU %u: %s", set->name, set->mtu, strerror(errno));
	evaluate(e, t, set);
	t->named = true;
	line_peers_changed(e);
	path_mtu_look_again(e);
	if (new) {
		fib_tunnel_added(&e->tables.fib, t);
		for (i = 0; i < e->tables.workers; i++)
			worker_watch_tunnel(&e->tables.worker[i], t);
	}
	return NULL;
}

void
line_tunnel_del(struct espd *e, const char *ifname)
{
	struct tunnel *t = tunnel_by_name(&e->tables.tunnels, ifname);
	int ifindex;

	if (t == NULL)
		return;
	ifindex = t->ifindex;
	fib_tunnel_removed(&e->tables.fib, t);
	tunnel_remove(&e->tables.tunnels, t);
	daemon_unhold(&e->d, ifname);
	/* The monitor closes its queue a moment later: do not wait for that. */
	if (!fib_delete_device(&e->tables.fib, ifindex))
		log_debug(LOG_DEBUG_TUNNEL, ifname, "the device is gone already");
}

/* --- who protects a P2P tunnel --- */

/* Of several, one that can send; a tunnel of two peers is one that is being negotiated again. */
static struct peer *
peer_of(struct espd *e, const struct tunnel_conf *c)
{
	struct peer *p, *best = NULL;

	for (p = peer_next(&e->tables.peers, NULL); p != NULL; p = peer_next(&e->tables.peers, p))
		if (p->protection == c->protection && addr_eq(&p->path->remote, &c->set.remote) &&
		    (best == NULL || best->out == NULL))
			best = p;
	return best;
}

static bool
has_one_peer(const struct tunnel *t)
{
	return t != NULL && t->conf->protection != 0 && t->conf->set.kind != TUNNEL_MGRE;
}

static void
choose_peers(struct timer *timer)
{
	struct espd *e = container_of(timer, struct espd, peers_due);
	struct tunnels *ts = &e->tables.tunnels;
	struct tunnel *t;
	uint32_t i;

	for (i = 0; i < ts->top; i++) {
		t = ts->slot[i];
		if (!has_one_peer(t))
			continue;
		shared_set(&t->peer, peer_of(e, t->conf));
		if (t->conf->set.kind == TUNNEL_VTI)
			evaluate(e, t, &t->conf->set);
	}
}

/* Many change at once when iked comes back: they are looked at together, if anybody cares. */
void
line_peers_changed(struct espd *e)
{
	const struct tunnels *ts = &e->tables.tunnels;
	uint32_t i;

	cmap_publish_soon(e);
	path_mtu_look_at_new(e);
	for (i = 0; i < ts->top && !timer_armed(&e->peers_due); i++)
		if (has_one_peer(ts->slot[i]))
			timer_in(&e->peers_due, e->d.loop, mono_ms(2));
}
