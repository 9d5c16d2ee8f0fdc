/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "running.h"

#include <string.h>

#include "keep.h"
#include "log.h"

#define SLOTS 2			/* of texts, written in turn; the log's comes behind them */
#define LOG_SLOT SLOTS
#define VERSION 2

struct slot {
	uint32_t generation;
	uint32_t len[RUNNING_PARTS];	/* of each text, its NUL included; they follow each other */
	char text[RUNNING_BYTES_MAX];
};

bool
running_open(struct running *r, int fd)
{
	bool warm;

	r->keep = fd < 0 ? keep_open_private(sizeof(struct slot), SLOTS + 1) :
	    keep_open(fd, "control", VERSION, sizeof(struct slot), SLOTS + 1, &warm);
	return r->keep != NULL;
}

void
running_close(struct running *r)
{
	keep_close(r->keep);
	r->keep = NULL;
}

/* The slot with the newest whole text, or SLOTS. */
static uint32_t
newest(const struct running *r)
{
	uint32_t i, best = SLOTS;

	for (i = 0; i < SLOTS; i++) {
		const struct slot *s = keep_slot(r->keep, i), *b;

		if (!keep_committed(r->keep, i))
			continue;
		b = best == SLOTS ? NULL : keep_slot(r->keep, best);
		if (b == NULL || (int32_t)(s->generation - b->generation) > 0)
			best = i;
	}
	return best;
}

static void
clear(struct running *r, uint32_t i)
{
	struct slot *s = keep_slot(r->keep, i);
	size_t used = 0, k;

	keep_begin(r->keep, i);
	for (k = 0; k < RUNNING_PARTS; k++)
		used += s->len[k];
	/* Not keep_clear(): that would touch, and so allocate, every page of the slot. */
	explicit_bzero(s, offsetof(struct slot, text) + (used < sizeof(s->text) ? used : sizeof(s->text)));
}

void
running_save(struct running *r, const char *const part[RUNNING_PARTS])
{
	uint32_t old = newest(r), to = old == 0 ? 1 : 0;
	struct slot *s = keep_slot(r->keep, to);
	size_t len[RUNNING_PARTS], total = 0, i;

	for (i = 0; i < RUNNING_PARTS; i++)
		total += len[i] = strlen(part[i]) + 1;
	if (total > sizeof(s->text)) {
		if (!r->too_large)
			log_err("the running-config is larger than %u bytes: it would not survive a restart "
			    "of control", RUNNING_BYTES_MAX);
		r->too_large = true;
		return;
	}
	clear(r, to);
	s->generation = ++r->generation;
	for (i = 0, total = 0; i < RUNNING_PARTS; i++) {
		s->len[i] = (uint32_t)len[i];
		memcpy(s->text + total, part[i], len[i]);
		total += len[i];
	}
	keep_commit(r->keep, to);
	if (old != SLOTS)
		clear(r, old);
}

bool
running_load(const struct running *r, const char *part[RUNNING_PARTS])
{
	uint32_t i = newest(r);
	const struct slot *s;
	size_t k, at = 0;

	if (i == SLOTS)
		return false;
	s = keep_slot(r->keep, i);
	for (k = 0; k < RUNNING_PARTS; k++) {
		if (s->len[k] == 0 || s->len[k] > sizeof(s->text) - at || s->text[at + s->len[k] - 1] != '\0')
			return false;
		part[k] = s->text + at;
		at += s->len[k];
	}
	return true;
}

/* --- the log --- */

void
running_log_reset(struct running *r)
{
	clear(r, LOG_SLOT);
}

bool
running_log_append(struct running *r, const char *line)
{
	struct slot *s = keep_slot(r->keep, LOG_SLOT);
	size_t len = strlen(line);

	if (!keep_committed(r->keep, LOG_SLOT)) {
		clear(r, LOG_SLOT);
		keep_commit(r->keep, LOG_SLOT);
	}
	if (s->len[0] >= sizeof(s->text) || len + 2 > sizeof(s->text) - s->len[0])
		return false;
	memcpy(s->text + s->len[0], line, len);
	s->text[s->len[0] + len] = '\n';
	s->text[s->len[0] + len + 1] = '\0';
	s->len[0] += (uint32_t)len + 1;		/* last: what is behind it does not count */
	return true;
}

const char *
running_log_load(const struct running *r)
{
	struct slot *s = keep_slot(r->keep, LOG_SLOT);

	if (!keep_committed(r->keep, LOG_SLOT) || s->len[0] >= sizeof(s->text))
		return "";
	s->text[s->len[0]] = '\0';
	return s->text;
}
