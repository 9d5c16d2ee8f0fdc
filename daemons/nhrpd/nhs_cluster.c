/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhs_cluster.h"

#include <utlist.h>

#include "log.h"
#include "mcast.h"
#include "nhs_register.h"

#define TRIAL_S 7	/* three requests are unanswered: after 1, 2 and 4 s */

enum place_event { PLACE_TAKEN, PLACE_BETTER, PLACE_ANSWERS, PLACE_FAILS, PLACE_TIMEOUT,
	PLACE_LEFT_OUT, PLACE_LIMITED, PLACE_UNLIMITED, PLACE_EVENTS };

static const struct nhrp_cluster *
cluster_of(const struct nhrp_nhs *s)
{
	return &s->ifp->clusters.of[s->r.cluster];
}

static void
arm(struct nhrp_nhs *s, int64_t seconds)
{
	timer_in(&s->place_timer, s->ifp->nhrp->loop, mono_s(seconds));
	s->r.place_due_us = mono_in_us(s->place_timer.due);
}

static void
disarm(struct nhrp_nhs *s)
{
	timer_stop(&s->place_timer);
	s->r.place_due_us = 0;
}

static void
settle_soon(struct nhrp_if *ifp)
{
	timer_in(&ifp->clusters.settle, ifp->nhrp->loop, mono_s(0));
}

/* --- what happens on the way from place to place --- */

static void
do_nothing(struct nhrp_nhs *s)
{
	(void)s;
}

static void
do_register(struct nhrp_nhs *s)
{
	nhs_map(s);
	nhs_register_go(s);
}

static void
do_try(struct nhrp_nhs *s)
{
	arm(s, TRIAL_S);
	do_register(s);
}

static void
do_wait_for_answer(struct nhrp_nhs *s)
{
	arm(s, TRIAL_S);
}

static void
do_rest(struct nhrp_nhs *s)
{
	disarm(s);
}

static void
do_hold(struct nhrp_nhs *s)
{
	if (s->ifp->conf.nhs_fallback_s > 0)
		arm(s, s->ifp->conf.nhs_fallback_s);
}

static void
do_leave(struct nhrp_nhs *s)
{
	disarm(s);
	nhs_leave(s);
	nhs_register_stop(s);
	nhs_unmap(s);
}

/* --- the machine: the picture of the header, a row for each server's place --- */

static const struct place_step {
	const char *story;
	void (*run)(struct nhrp_nhs *s);
	enum nhs_place to;
} steps[PLACES][PLACE_EVENTS] = {
	[PLACE_FREE] = {
		[PLACE_LIMITED]   = {"is one of a few", do_wait_for_answer, PLACE_TRIED},
	},
	[PLACE_WAITING] = {
		[PLACE_TAKEN]     = {"is tried", do_try, PLACE_TRIED},
		[PLACE_BETTER]    = {"is probed", do_register, PLACE_PROBED},
		[PLACE_UNLIMITED] = {"is used", do_register, PLACE_FREE},
	},
	[PLACE_TRIED] = {
		[PLACE_ANSWERS]   = {"is active", do_rest, PLACE_ACTIVE},
		[PLACE_FAILS]     = {"refused and is probed", do_rest, PLACE_PROBED},
		[PLACE_TIMEOUT]   = {"does not answer and is probed", do_rest, PLACE_PROBED},
		[PLACE_LEFT_OUT]  = {"waits", do_leave, PLACE_WAITING},
		[PLACE_UNLIMITED] = {"is used", do_rest, PLACE_FREE},
	},
	[PLACE_ACTIVE] = {
		[PLACE_FAILS]     = {"failed and is probed", do_nothing, PLACE_PROBED},
		[PLACE_LEFT_OUT]  = {"waits", do_leave, PLACE_WAITING},
		[PLACE_UNLIMITED] = {"is used", do_nothing, PLACE_FREE},
	},
	[PLACE_PROBED] = {
		[PLACE_ANSWERS]   = {"is back", do_hold, PLACE_HELD},
		[PLACE_LEFT_OUT]  = {"waits", do_leave, PLACE_WAITING},
		[PLACE_UNLIMITED] = {"is used", do_nothing, PLACE_FREE},
	},
	[PLACE_HELD] = {
		[PLACE_TAKEN]     = {"is active", do_rest, PLACE_ACTIVE},
		[PLACE_TIMEOUT]   = {"was back for the fallback time", do_rest, PLACE_HELD},
		[PLACE_FAILS]     = {"failed again and is probed", do_rest, PLACE_PROBED},
		[PLACE_LEFT_OUT]  = {"waits", do_leave, PLACE_WAITING},
		[PLACE_UNLIMITED] = {"is used", do_rest, PLACE_FREE},
	},
};

bool
nhs_cluster_uses(const struct nhrp_nhs *s)
{
	return s->r.place == PLACE_FREE || s->r.place == PLACE_TRIED || s->r.place == PLACE_ACTIVE;
}

static void
event(struct nhrp_nhs *s, enum place_event ev)
{
	const struct place_step *step = &steps[s->r.place][ev];

	if (step->run == NULL)
		return;
	log_debug(LOG_DEBUG_NHRP, "NHRP", "%s: NHS %s of cluster %u, priority %u, %s",
	    s->ifp->conf.name, ADDR_STR(&s->r.nhs), s->r.cluster, s->r.priority, step->story);
	s->r.place = (uint8_t)step->to;
	step->run(s);
	nhs_keep(s);
	mcast_nhs_changed(s->ifp, &s->r.nbma);
	nhs_route_changed(s->ifp);
	settle_soon(s->ifp);
}

static void
timed_out(struct timer *t)
{
	event(container_of(t, struct nhrp_nhs, place_timer), PLACE_TIMEOUT);
}

/* --- choosing: an interface's servers are listed by priority, the best first --- */

static bool
is_in(const struct nhrp_nhs *s, unsigned int cluster, enum nhs_place place)
{
	return s->r.cluster == cluster && s->r.place == place;
}

static unsigned int
count(const struct nhrp_if *ifp, unsigned int cluster, enum nhs_place place)
{
	const struct nhrp_nhs *s;
	unsigned int n = 0;

	DL_FOREACH(ifp->nhs, s)
		n += is_in(s, cluster, place);
	return n;
}

static struct nhrp_nhs *
best(const struct nhrp_if *ifp, unsigned int cluster, enum nhs_place place)
{
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s)
		if (is_in(s, cluster, place))
			return s;
	return NULL;
}

/* Of those in use; among equals one that has not answered yet. */
static struct nhrp_nhs *
worst(const struct nhrp_if *ifp, unsigned int cluster)
{
	struct nhrp_nhs *s, *found = NULL;

	DL_FOREACH(ifp->nhs, s) {
		if (!is_in(s, cluster, PLACE_TRIED) && !is_in(s, cluster, PLACE_ACTIVE))
			continue;
		if (found == NULL || s->r.priority > found->r.priority ||
		    found->r.place == PLACE_ACTIVE || s->r.place == PLACE_TRIED)
			found = s;
	}
	return found;
}

/* Held for long enough, and one of the best `max` that respond. */
static struct nhrp_nhs *
rested(const struct nhrp_if *ifp, unsigned int cluster, unsigned int max)
{
	struct nhrp_nhs *s;
	unsigned int better = 0;

	DL_FOREACH(ifp->nhs, s) {
		if (better == max)
			break;
		if (is_in(s, cluster, PLACE_HELD) && s->r.place_due_us == 0)
			return s;
		better += is_in(s, cluster, PLACE_HELD) || is_in(s, cluster, PLACE_ACTIVE);
	}
	return NULL;
}

/* Who moves next; NULL when as many as can be are in use, and the right ones. */
static struct nhrp_nhs *
who_moves(const struct nhrp_if *ifp, unsigned int cluster, unsigned int max, enum place_event *ev)
{
	unsigned int active = count(ifp, cluster, PLACE_ACTIVE);
	unsigned int used = active + count(ifp, cluster, PLACE_TRIED);
	struct nhrp_nhs *s = NULL;

	*ev = PLACE_TAKEN;
	if (used > max) {
		*ev = PLACE_LEFT_OUT;
		return worst(ifp, cluster);
	}
	if (active < max)
		s = best(ifp, cluster, PLACE_HELD);
	if (s == NULL && used < max)
		s = best(ifp, cluster, PLACE_WAITING);
	return s != NULL ? s : rested(ifp, cluster, max);
}

/* Those that are better than the worst in use are asked again and again, the others are not. */
static void
choose_probed(struct nhrp_if *ifp, unsigned int cluster, unsigned int max)
{
	bool full = count(ifp, cluster, PLACE_ACTIVE) == max;
	const struct nhrp_nhs *w = worst(ifp, cluster);
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s) {
		bool better = w != NULL && s->r.priority < w->r.priority;

		if (is_in(s, cluster, PLACE_WAITING) && better)
			event(s, PLACE_BETTER);
		else if (full && !better && (is_in(s, cluster, PLACE_PROBED) ||
		    is_in(s, cluster, PLACE_HELD)))
			event(s, PLACE_LEFT_OUT);
	}
}

/* --- what others say --- */

void
nhs_cluster_heard(struct nhrp_nhs *s, bool answers)
{
	event(s, answers ? PLACE_ANSWERS : PLACE_FAILS);
}

void
nhs_cluster_join(struct nhrp_nhs *s)
{
	if (!cluster_of(s)->limited) {
		event(s, PLACE_UNLIMITED);
		return;
	}
	event(s, PLACE_LIMITED);
	if (s->r.place == PLACE_TRIED && nhs_is_responding(s))
		event(s, PLACE_ANSWERS);
	settle_soon(s->ifp);
}

void
nhs_cluster_reset(struct nhrp_nhs *s)
{
	event(s, PLACE_LEFT_OUT);
	settle_soon(s->ifp);
}

void
nhs_cluster_quit(struct nhrp_nhs *s)
{
	disarm(s);
	settle_soon(s->ifp);
}

bool
nhs_cluster_is_limited(const struct nhrp_nhs *s)
{
	return cluster_of(s)->limited;
}

void
nhs_cluster_set(struct nhrp_if *ifp, unsigned int cluster, bool limited,
    unsigned int max_connections)
{
	struct nhrp_cluster *c = &ifp->clusters.of[cluster];
	struct nhrp_nhs *s;

	c->stale = false;
	if (c->limited == limited && (!limited || c->max_connections == max_connections))
		return;
	c->limited = limited;
	c->max_connections = limited ? (uint8_t)max_connections : 0;
	nhrp_if_keep(ifp);
	DL_FOREACH(ifp->nhs, s)
		if (s->r.cluster == cluster)
			nhs_cluster_join(s);
}

/* All that happened at one moment is done: who is to be used now? */
static void
settle(struct timer *t)
{
	struct nhrp_clusters *c = container_of(t, struct nhrp_clusters, settle);
	struct nhrp_if *ifp = container_of(c, struct nhrp_if, clusters);
	struct nhrp_nhs *s;
	unsigned int i;

	/* A crash may have come between a limit and its servers. */
	DL_FOREACH(ifp->nhs, s)
		if ((s->r.place == PLACE_FREE) == nhs_cluster_is_limited(s))
			nhs_cluster_join(s);
	for (i = 0; i < NHS_CLUSTERS && nhrp_if_ready(ifp); i++) {
		unsigned int max = c->of[i].max_connections;
		enum place_event ev;

		if (!c->of[i].limited)
			continue;
		while ((s = who_moves(ifp, i, max, &ev)) != NULL)
			event(s, ev);
		choose_probed(ifp, i, max);
	}
	timer_stop(t);
}

/* --- beginning and end --- */

void
nhs_cluster_init(struct nhrp_nhs *s)
{
	s->place_timer.run = timed_out;
}

void
nhs_cluster_init_if(struct nhrp_if *ifp)
{
	ifp->clusters.settle.run = settle;
}

void
nhs_cluster_close_if(struct nhrp_if *ifp)
{
	timer_stop(&ifp->clusters.settle);
}

void
nhs_cluster_restore(struct nhrp_nhs *s)
{
	if (s->r.place_due_us != 0)
		timer_at(&s->place_timer, s->ifp->nhrp->loop, mono_us(s->r.place_due_us));
	settle_soon(s->ifp);
}
