/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cmd.h"

static void
add(struct cmd_choices *c, const char *word, const char *help, bool value)
{
	unsigned int i;

	for (i = 0; i < c->count; i++)
		if (strcmp(c->at[i].word, word) == 0)
			return;
	if (c->count == CMD_CHOICES_MAX)
		return;
	snprintf(c->at[c->count].word, sizeof(c->at[0].word), "%s", word);
	c->at[c->count].help = help;
	c->at[c->count++].value = value;
}

static void
add_value(struct cmd_choices *c, const struct cmd *row, const char *help, const char *prefix)
{
	const struct cmd_arg *arg = row->arg;
	char range[40];
	size_t i;

	if (arg->choices != NULL) {
		for (i = 0; arg->choices[i][0] != NULL; i++)
			if (cmd_prefix(prefix, arg->choices[i][0]))
				add(c, arg->choices[i][0], arg->choices[i][1], false);
		return;
	}
	if (prefix[0] != '\0')
		return;
	snprintf(range, sizeof(range), "<%u-%u>", row->min, row->max);
	add(c, arg->shape != NULL ? arg->shape : range, help, true);
}

void
cmd_choices_add(struct cmd_choices *c, const struct cmd_walk *k, const char *prefix)
{
	const struct cmd *row;

	if (k->pending != NULL) {
		add_value(c, k->pending, k->pending->value_help, prefix);
	} else if (k->rows != NULL) {
		for (row = k->rows; !cmd_is_end(row); row++) {
			if (row->hidden || (row->verbs != 0 && (row->verbs & k->verb) == 0) ||
			    (row->when != NULL && !row->when(k->obj)))
				continue;
			if (row->word == NULL)
				add_value(c, row, row->help, prefix);
			else if (cmd_prefix(prefix, row->word))
				add(c, row->word, row->help, false);
		}
	}
	if (prefix[0] == '\0' && cmd_walk_may_end(k))
		add(c, "<cr>", "", true);
}

/* The walk stopped at a last word: is it the first half of a value? */
static bool
add_second_half(struct cmd_choices *c, const struct cmd_walk *k)
{
	const struct cmd_arg *arg = k->pending != NULL ? k->pending->arg : NULL;
	const struct cmd *row = k->rows;
	const char *help = NULL, *word = k->words->word[k->next];

	if (arg != NULL && arg->second != NULL)
		help = arg->second(word);
	for (; help == NULL && row != NULL && !cmd_is_end(row); row++)
		if (row->word == NULL && row->arg->second != NULL)
			help = row->arg->second(word);
	if (help != NULL)
		add(c, "<0-2147483647>", help, true);
	return help != NULL;
}

bool
cmd_choices_behind(struct cmd_choices *c, struct cmd_walk *k, unsigned int whole,
    const char *prefix)
{
	if (!cmd_walk_to(k, whole))
		return k->next + 1 == whole && prefix[0] == '\0' && add_second_half(c, k);
	cmd_choices_add(c, k, prefix);
	return true;
}

/* Values first as IOS has them, then words, and <cr> at the end. */
static int
rank(const struct cmd_choice *c)
{
	return strcmp(c->word, "<cr>") == 0 ? 2 : c->value ? 0 : 1;
}

static int
by_word(const void *a, const void *b)
{
	const struct cmd_choice *x = a, *y = b;

	return rank(x) != rank(y) ? rank(x) - rank(y) : strcasecmp(x->word, y->word);
}

void
cmd_choices_sort(struct cmd_choices *c)
{
	qsort(c->at, c->count, sizeof(c->at[0]), by_word);
}

/* Four in a line, each a column of 18, as IOS lists what begins so. */
void
cmd_choices_words(struct text *out, const struct cmd_choices *c)
{
	unsigned int i, shown = 0;

	for (i = 0; i < c->count; i++) {
		bool last_in_line = shown % 4 == 3;

		if (c->at[i].value)
			continue;
		if (last_in_line || i + 1 == c->count)
			text_add(out, "%s\n", c->at[i].word);
		else
			text_add(out, "%-18s  ", c->at[i].word);
		shown++;
	}
}

void
cmd_choices_table(struct text *out, const struct cmd_choices *c)
{
	unsigned int i;
	size_t widest = 0;

	for (i = 0; i < c->count; i++)
		if (strlen(c->at[i].word) > widest)
			widest = strlen(c->at[i].word);
	for (i = 0; i < c->count; i++) {
		if (c->at[i].help == NULL || c->at[i].help[0] == '\0')
			text_add(out, "  %s\n", c->at[i].word);
		else
			text_add(out, "  %-*s  %s\n", (int)widest, c->at[i].word, c->at[i].help);
	}
}
