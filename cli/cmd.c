/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cmd.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "secret.h"

bool
cmd_words(struct cmd_words *w, const char *line)
{
	size_t len = strlen(line);
	char *s;

	memset(w, 0, sizeof(*w));
	if (len >= sizeof(w->raw))
		return false;
	memcpy(w->raw, line, len);
	memcpy(w->cut, line, len);
	for (s = w->cut; *s != '\0';) {
		if (isspace((unsigned char)*s)) {
			*s++ = '\0';
			continue;
		}
		if (w->count == CMD_WORDS_MAX)
			return false;
		w->word[w->count] = s;
		w->at[w->count++] = (unsigned int)(s - w->cut);
		while (*s != '\0' && !isspace((unsigned char)*s))
			s++;
	}
	w->blank_end = len == 0 || isspace((unsigned char)line[len - 1]);
	return true;
}

void
cmd_words_wipe(struct cmd_words *w)
{
	wipe(w, sizeof(*w));
}

bool
cmd_prefix(const char *prefix, const char *word)
{
	return strncasecmp(prefix, word, strlen(prefix)) == 0;
}

void
cmd_walk_start(struct cmd_walk *k, const struct cmd *rows, const void *obj, enum cmd_verb verb,
    const struct cmd_words *w, unsigned int first)
{
	memset(k, 0, sizeof(*k));
	k->words = w;
	k->obj = obj;
	k->verb = verb;
	k->next = first;
	k->rows = rows;
	k->status = LINE_OK;
}

static bool
exists(const struct cmd_walk *k, const struct cmd *row)
{
	return (row->verbs == 0 || (row->verbs & k->verb) != 0) &&
	    (row->when == NULL || row->when(k->obj));
}

/*
 * The row whose keyword this is: spelled out, or the only one that begins so.  What `?`
 * does not list does not make ambiguous what it lists.
 */
static const struct cmd *
find_keyword(const struct cmd_walk *k, const char *word, bool *ambiguous)
{
	const struct cmd *row, *found = NULL;
	unsigned int matches = 0;

	for (row = k->rows; !cmd_is_end(row); row++) {
		if (row->word == NULL || !exists(k, row) || !cmd_prefix(word, row->word))
			continue;
		if (strcasecmp(word, row->word) == 0)
			return row;
		if (found != NULL && found->hidden != row->hidden) {
			found = row->hidden ? found : row;
			matches = row->hidden ? matches : 1;
			continue;
		}
		found = row;
		matches++;
	}
	*ambiguous = matches > 1;
	return matches == 1 ? found : NULL;
}

static void
keep_value(struct cmd_walk *k, const struct cmd *row, struct cmd_value *v)
{
	v->slot = row->slot;
	if (k->n_values < CMD_VALUES_MAX)
		k->values[k->n_values++] = *v;
}

/* The row was taken, its value (if it has one) too. */
static void
pass(struct cmd_walk *k, const struct cmd *row)
{
	k->last = row;
	k->pending = NULL;
	k->rows = row->sub;
	k->noted = k->noted || row->noted;
	if (row->run != NULL || row->size != 0)
		k->runner = row;
}

static bool
take_value(struct cmd_walk *k, const struct cmd *row)
{
	struct cmd_value v = {0};
	unsigned int used = row->arg->parse(row, k->words, k->next, &v);

	if (used == 0)
		return false;
	keep_value(k, row, &v);
	pass(k, row);
	k->next += used;
	return true;
}

static void
take_keyword(struct cmd_walk *k, const struct cmd *row)
{
	struct cmd_value v = {.text = row->word, .number = row->give};

	k->next++;
	if (row->arg != NULL) {
		k->pending = row;
		k->last = row;
		k->rows = NULL;
		return;
	}
	if (row->slot != SLOT_NONE)
		keep_value(k, row, &v);
	pass(k, row);
}

static bool
stop(struct cmd_walk *k, enum ipc_line_status status)
{
	k->status = status;
	return false;
}

static bool
step(struct cmd_walk *k)
{
	const struct cmd *row;
	bool ambiguous = false;

	if (k->pending != NULL) {
		if (take_value(k, k->pending))
			return true;
		k->why = k->pending->arg->wanted;
		return stop(k, LINE_INVALID);
	}
	if (k->noted && k->rows == NULL) {	/* what follows such a word is not looked at */
		k->next = k->words->count;
		return true;
	}
	if (k->rows == NULL)
		return stop(k, LINE_INVALID);
	row = find_keyword(k, k->words->word[k->next], &ambiguous);
	if (row != NULL && row->refuse != NULL) {
		k->why = row->refuse;
		return stop(k, LINE_REFUSED);
	}
	if (row != NULL) {
		take_keyword(k, row);
		return true;
	}
	for (row = k->rows; !cmd_is_end(row); row++) {
		if (row->word != NULL || !exists(k, row))
			continue;
		if (take_value(k, row))
			return true;
		if (isalpha((unsigned char)k->words->word[k->next][0]) && row->arg->wanted != NULL)
			k->why = row->arg->wanted;
	}
	return stop(k, ambiguous ? LINE_AMBIGUOUS : LINE_INVALID);
}

bool
cmd_walk_to(struct cmd_walk *k, unsigned int until)
{
	while (k->next < until)
		if (!step(k))
			return false;
	return true;
}

bool
cmd_walk_may_end(const struct cmd_walk *k)
{
	bool undo = k->verb != CMD_SET;

	if (k->last == NULL)
		return false;
	if (undo && (k->last->no_end || k->last->size != 0))
		return true;
	if (k->pending != NULL)
		return false;
	return k->rows == NULL || k->last->end;
}

void
cmd_walk_line(struct cmd_walk *k)
{
	if (cmd_walk_to(k, k->words->count) && !cmd_walk_may_end(k))
		k->status = LINE_INCOMPLETE;
}

/* How many of its letters begin some keyword that could stand there. */
static unsigned int
good_letters(const struct cmd_walk *k, const char *word)
{
	const struct cmd *row;
	unsigned int n, most = 0;

	if (k->rows == NULL)
		return 0;
	for (row = k->rows; !cmd_is_end(row); row++) {
		if (row->word == NULL || row->hidden || !exists(k, row))
			continue;
		for (n = 0; tolower((unsigned char)word[n]) == row->word[n] && word[n] != '\0'; n++)
			continue;
		if (n > most)
			most = n;
	}
	return most;
}

unsigned int
cmd_walk_caret(const struct cmd_walk *k)
{
	unsigned int at;

	if (k->next >= k->words->count)
		return (unsigned int)strlen(k->words->raw);
	at = k->words->at[k->next];
	return k->status == LINE_INVALID ? at + good_letters(k, k->words->word[k->next]) : at;
}

/* A setting that is nothing but a field. */
static void
run_field(const struct cmd_walk *k, const struct cmd *row, void *obj)
{
	char *field = (char *)obj + row->offset;

	memset(field, 0, row->size);
	if (k->verb != CMD_SET)
		return;
	if (row->arg == NULL)
		*(bool *)field = true;
	else
		row->arg->store(field, row->size, &k->values[k->n_values - 1]);
}

bool
cmd_walk_run(struct cmd_walk *k, struct conf *conf, void *obj, struct cmd_call *c)
{
	const struct cmd *row = k->runner != NULL ? k->runner : k->pending;

	*c = (struct cmd_call){.row = row, .verb = k->verb, .values = k->values,
	    .n_values = k->n_values, .conf = conf, .obj = obj, .effect = k->effect};
	if (k->noted || row == NULL)
		return true;
	if (row->run != NULL)
		return row->run(c);
	run_field(k, row, obj);
	return true;
}

const struct cmd_value *
cmd_value(const struct cmd_call *c, enum cmd_slot slot)
{
	unsigned int i;

	for (i = 0; i < c->n_values; i++)
		if (c->values[i].slot == slot)
			return &c->values[i];
	return NULL;
}

bool
cmd_refuse(struct cmd_call *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return false;
}
