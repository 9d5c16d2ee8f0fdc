/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words of a line are a key or a password, so that nobody is shown them. */
#include <string.h>

#include "cli/config_state.h"

/* The key or password in a line of that mode, or NULL. */
static const char *
key_in(const struct cmd_mode *mode, const void *obj, const struct cmd_words *w)
{
	struct cmd_walk k;
	unsigned int first, i;
	enum cmd_verb verb = config_verb(w, &first);

	if (mode == NULL || obj == NULL)
		return NULL;
	cmd_walk_start(&k, mode->rows, obj, verb, w, first);
	cmd_walk_line(&k);
	for (i = 0; i < k.n_values; i++)
		if (k.values[i].slot == SLOT_KEY)
			return k.values[i].text;
	return NULL;
}

static const char *
key_of(struct config_session *s, const struct cmd_words *w)
{
	const char *key = key_in(s->mode, s->mode->find(s->conf, &s->key), w);

	if (key == NULL && s->outer != NULL)
		key = key_in(s->outer, s->outer->find(s->conf, &s->key), w);
	return key != NULL ? key : key_in(&cmd_mode_global, s->conf, w);
}

bool
config_session_holds_key(struct config_session *s, const char *line)
{
	struct cmd_words w;
	bool holds;

	if (!cmd_words(&w, line))
		return true;	/* too long to be looked at */
	holds = key_of(s, &w) != NULL;
	cmd_words_wipe(&w);
	return holds;
}

/* What an applet is to type is a text here: one about a key or a password is left out whole. */
static const char *
key_in_action(const char *line)
{
	static const char *const words[] = {"key", "password", "secret", "authentication"};
	const char *command = strstr(line, " cli command ");
	size_t i;

	if (strncmp(line, " action ", 8) != 0 || command == NULL)
		return NULL;
	command += strlen(" cli command ");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(command, words[i]) != NULL)
			return command;
	return NULL;
}

void
config_session_hide_keys(struct config_session *s, const char *line, struct text *out)
{
	struct cmd_words w;
	const char *key, *typed = key_in_action(line);
	size_t at;

	if (typed != NULL) {
		text_add(out, "%.*s<removed>\n", (int)(typed - line), line);
		return;
	}
	if (!cmd_words(&w, line)) {
		text_add(out, "<removed>\n");
		return;
	}
	key = key_of(s, &w);
	if (key == NULL) {
		text_add(out, "%s\n", line);
	} else {	/* a word of those that were cut, or the rest of the line */
		at = (size_t)(key >= w.raw && key < w.raw + sizeof(w.raw) ? key - w.raw : key - w.cut);
		text_add(out, "%.*s<removed>%s\n", (int)at, line, line + at + strlen(key));
	}
	cmd_words_wipe(&w);
}
