/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an IKE SA has to say.
 *
 * Tasks wait in the order of their urgency (enum ikev2_task_kind).  One that may run becomes a
 * request (struct ikev2_ask); one that has nothing to do any more when its turn comes (its pair is
 * gone, somebody else rekeyed it) is skipped.
 *
 * Requests that are under way together reach the peer in any order, so only those run together
 * whose order makes no difference.  What replaces or ends the IKE SA is alone (RFC 7296 2.25.2),
 * and while it waits nothing that is less urgent begins.  Of what is about the pairs of one peer one
 * thing runs at a time; others pass meanwhile.
 */
#include <stdlib.h>
#include <utlist.h>

#include "child.h"
#include "ikev2.h"
#include "ikev2_crash.h"
#include "ikev2_nego.h"
#include "ikev2_window_size.h"
#include "log.h"

static bool (*const begin[])(struct ikev2_ask *a) = {
	[TASK_DELETE_IKE] = ikev2_begin_delete_ike,
	[TASK_DELETE_CHILD] = ikev2_begin_delete_child,
	[TASK_INVALID_SPI] = ikev2_begin_invalid_spi,
	[TASK_TOKEN] = ikev2_begin_token,
	[TASK_WINDOW] = ikev2_begin_window,
	[TASK_REKEY_IKE] = ikev2_begin_rekey_ike,
	[TASK_REKEY_CHILD] = ikev2_begin_rekey_child,
	[TASK_NEW_CHILD] = ikev2_begin_new_child,
	[TASK_LIVENESS] = ikev2_begin_liveness,
};

bool
ikev2_task_runs(const struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi)
{
	const struct ikev2_ask *a;

	DL_FOREACH (sa->window.asks, a)
		if (a->kind == kind && a->spi == spi)
			return true;
	return false;
}

bool
ikev2_task_is_due(const struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi)
{
	const struct ikev2_task *t;

	DL_FOREACH (sa->tasks, t)
		if (t->kind == kind && t->spi == spi)
			return true;
	return ikev2_task_runs(sa, kind, spi);
}

/* --- what may run --- */

static bool
is_alone(enum ikev2_task_kind kind)
{
	return kind == TASK_DELETE_IKE || kind == TASK_REKEY_IKE;
}

static bool
may_run_beside(const struct ikev2_task *t, const struct ikev2_ask *a)
{
	return !is_alone(a->kind) && (a->kind != t->kind || a->spi != t->spi) &&
	    (t->peer == 0 || a->peer != t->peer);
}

static bool
may_run(const struct ikev2_sa *sa, const struct ikev2_task *t)
{
	const struct ikev2_ask *a;

	DL_FOREACH (sa->window.asks, a)
		if (!may_run_beside(t, a))
			return false;
	return true;
}

static struct ikev2_task *
find_next(const struct ikev2_sa *sa)
{
	struct ikev2_task *t;

	if (!window_has_place(&sa->window))
		return NULL;
	DL_FOREACH (sa->tasks, t) {
		if (is_alone(t->kind))
			return sa->window.asks == NULL ? t : NULL;
		if (may_run(sa, t))
			return t;
	}
	return NULL;
}

/* --- their lives --- */

static void
drop(struct ikev2_sa *sa, struct ikev2_task *t)
{
	DL_DELETE(sa->tasks, t);
	free(t);
}

/* Behind those that are as urgent. */
static void
insert(struct ikev2_sa *sa, struct ikev2_task *t)
{
	struct ikev2_task *at = sa->tasks;

	while (at != NULL && at->kind <= t->kind)
		at = at->next;
	if (at == NULL)
		DL_APPEND(sa->tasks, t);
	else
		DL_PREPEND_ELEM(sa->tasks, at, t);
}

static void
add(struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi, uint32_t peer)
{
	struct ikev2_task *t;

	if (sa->gone || ikev2_task_is_due(sa, kind, spi))
		return;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		log_fatal("out of memory for a task of an IKE SA");
	t->kind = kind;
	t->spi = spi;
	t->peer = peer;
	insert(sa, t);
	ikev2_task_next(sa);
}

/* Whose pair has this SPI of ours, or is to have it; 0: nobody's. */
static uint32_t
peer_of_pair(const struct ikev2_sa *sa, uint32_t spi)
{
	const struct ike_child *c = ikev2_child_by_spi(sa, spi);
	const struct ikev2_nego *n;

	if (c != NULL)
		return c->peer->ref;
	DL_FOREACH (sa->negos, n)
		if (n->spi == spi && n->peer != NULL)
			return n->peer->ref;
	return 0;
}

void
ikev2_task_add(struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi)
{
	uint32_t peer = 0;

	if (kind == TASK_NEW_CHILD)
		peer = spi;
	else if (kind == TASK_DELETE_CHILD || kind == TASK_REKEY_CHILD)
		peer = peer_of_pair(sa, spi);
	add(sa, kind, spi, peer);
}

void
ikev2_task_next(struct ikev2_sa *sa)
{
	struct ikev2_task *t;
	struct ikev2_ask *a;

	while (!sa->gone && sa->init == NULL && (t = find_next(sa)) != NULL) {
		a = window_ask(&sa->window, sa, t->kind, t->spi);
		a->peer = t->peer;
		drop(sa, t);
		if (!begin[a->kind](a) && !sa->gone)
			window_drop(&sa->window, a);
	}
}

void
ikev2_task_failed(struct ikev2_ask *a)
{
	struct ikev2_sa *sa = a->sa;

	if (sa->gone)
		return;
	window_drop(&sa->window, a);
	ikev2_task_next(sa);
}

void
ikev2_tasks_move(struct ikev2_sa *from, struct ikev2_sa *to)
{
	struct ikev2_task *t, *next;

	DL_FOREACH_SAFE (from->tasks, t, next) {
		if (t->kind == TASK_DELETE_IKE)
			continue;
		if (t->kind != TASK_REKEY_IKE)
			add(to, t->kind, t->spi, t->peer);
		drop(from, t);
	}
}

void
ikev2_tasks_free(struct ikev2_sa *sa)
{
	while (sa->tasks != NULL)
		drop(sa, sa->tasks);
}
