/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an IKE SA has to say, one request after the other.
 *
 * Tasks wait in the order of their urgency (enum ikev2_task_kind); the first
 * one runs.  A task that has nothing to do any more when its turn comes (its
 * pair is gone, somebody else rekeyed it) is skipped.
 */
#include <stdlib.h>
#include <utlist.h>

#include "ikev2.h"
#include "ikev2_crash.h"
#include "log.h"

static bool (*const begin[])(struct ikev2_sa *sa, uint32_t spi) = {
	[TASK_DELETE_IKE] = ikev2_begin_delete_ike,
	[TASK_DELETE_CHILD] = ikev2_begin_delete_child,
	[TASK_INVALID_SPI] = ikev2_begin_invalid_spi,
	[TASK_TOKEN] = ikev2_begin_token,
	[TASK_REKEY_IKE] = ikev2_begin_rekey_ike,
	[TASK_REKEY_CHILD] = ikev2_begin_rekey_child,
	[TASK_NEW_CHILD] = ikev2_begin_new_child,
	[TASK_LIVENESS] = ikev2_begin_liveness,
};

static bool
is_running(const struct ikev2_sa *sa)
{
	return sa->out_exchange != 0 || sa->ours_nego != NULL;
}

bool
ikev2_task_waits(const struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi)
{
	const struct ikev2_task *t;

	DL_FOREACH (sa->tasks, t)
		if (t->kind == kind && t->spi == spi)
			return true;
	return false;
}

/* Behind those that are as urgent, and behind the one that runs. */
static void
insert(struct ikev2_sa *sa, struct ikev2_task *t)
{
	struct ikev2_task *at = sa->tasks;

	if (at != NULL && is_running(sa))
		at = at->next;
	while (at != NULL && at->kind <= t->kind)
		at = at->next;
	if (at == NULL)
		DL_APPEND(sa->tasks, t);
	else
		DL_PREPEND_ELEM(sa->tasks, at, t);
}

void
ikev2_task_add(struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi)
{
	struct ikev2_task *t;

	if (sa->gone || ikev2_task_waits(sa, kind, spi))
		return;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		log_fatal("out of memory for a task of an IKE SA");
	t->kind = kind;
	t->spi = spi;
	insert(sa, t);
	ikev2_task_next(sa);
}

static void
drop_first(struct ikev2_sa *sa)
{
	struct ikev2_task *t = sa->tasks;

	DL_DELETE(sa->tasks, t);
	free(t);
}

void
ikev2_task_next(struct ikev2_sa *sa)
{
	while (!sa->gone && sa->init == NULL && sa->tasks != NULL && !is_running(sa))
		if (!begin[sa->tasks->kind](sa, sa->tasks->spi) && !sa->gone)
			drop_first(sa);
}

void
ikev2_task_answered(struct ikev2_sa *sa)
{
	sa->asked = sa->tasks != NULL ? *sa->tasks : (struct ikev2_task){.kind = TASK_LIVENESS};
	if (sa->tasks != NULL)
		drop_first(sa);
}

void
ikev2_task_failed(struct ikev2_sa *sa)
{
	if (sa->gone)
		return;
	if (sa->tasks != NULL)
		drop_first(sa);
	ikev2_task_next(sa);
}

void
ikev2_tasks_move(struct ikev2_sa *from, struct ikev2_sa *to)
{
	struct ikev2_task *t, *next;

	DL_FOREACH_SAFE (from->tasks, t, next) {
		if ((t == from->tasks && is_running(from)) || t->kind == TASK_DELETE_IKE)
			continue;
		if (t->kind != TASK_REKEY_IKE)
			ikev2_task_add(to, t->kind, t->spi);
		DL_DELETE(from->tasks, t);
		free(t);
	}
}

void
ikev2_tasks_free(struct ikev2_sa *sa)
{
	while (sa->tasks != NULL)
		drop_first(sa);
}
