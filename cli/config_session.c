/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config_session.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cmds.h"
#include "cli/config_help.h"
#include "cli/config_state.h"
#include "cli/ios_modes.h"
#include "log.h"

struct config_session *
config_session_new(struct conf *c)
{
	struct config_session *s = calloc(1, sizeof(*s));

	if (s == NULL)
		log_fatal("out of memory");
	s->conf = c;
	s->mode = &cmd_mode_global;
	return s;
}

void
config_session_free(struct config_session *s)
{
	if (s == NULL)
		return;
	text_free(&s->pasted);
	cmd_effect_wipe(&s->effect);
	free(s);
}

void
cmd_effect_wipe(struct cmd_effect *e)
{
	text_free(&e->text);
	explicit_bzero(e, sizeof(*e));
}

struct cmd_effect *
config_session_effect(struct config_session *s)
{
	return &s->effect;
}

const char *
config_session_mode(const struct config_session *s)
{
	return s->mode->prompt;
}

/* `no` and `default` stand before the words that tables know. */
enum cmd_verb
config_verb(const struct cmd_words *w, unsigned int *first)
{
	const char *word = w->count > 0 ? w->word[0] : "";

	*first = 1;
	if (strcasecmp(word, "no") == 0)
		return CMD_NO;
	if (strlen(word) >= 3 && cmd_prefix(word, "default"))
		return CMD_DEFAULT;
	*first = 0;
	return CMD_SET;
}

/* Words of every mode that change the mode only. */
static bool
leaves(struct config_session *s, const struct cmd_words *w, struct config_result *r)
{
	const char *word = w->word[0];

	if (w->count != 1)
		return false;
	if (strlen(word) >= 2 && cmd_prefix(word, "exit")) {
		if (s->lost_depth > 0) {
			s->lost_depth--;
			return true;
		}
		r->left = s->mode == &cmd_mode_global;
		s->mode = s->outer != NULL ? s->outer : &cmd_mode_global;
		s->outer = NULL;
		return true;
	}
	if (strcasecmp(word, "end") == 0) {
		r->left = true;
		s->lost_depth = 0;
		config_session_leave_mode(s);
		return true;
	}
	return false;
}

/* Modes that IOS has within others that are not here. */
static bool
opens_inner_mode(const char *line)
{
	static const char *const words[] = {"address-family ", "class ", "log config", "topology "};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncasecmp(line, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

const char *
config_session_lost_in(const struct config_session *s)
{
	return s->lost_depth > 0 ? s->lost_in : NULL;
}

static void
report(const struct cmd_walk *k, struct config_result *r)
{
	r->status = k->status;
	r->caret = cmd_walk_caret(k);
	if (k->why != NULL)
		snprintf(r->why, sizeof(r->why), "%s%s", k->status == LINE_REFUSED ? "% " : "",
		    k->why);
}

static void
run(struct config_session *s, struct cmd_walk *k, const struct cmd_mode *mode, void *obj,
    struct config_result *r)
{
	struct cmd_call call;
	bool done;

	k->effect = &s->effect;
	done = cmd_walk_run(k, s->conf, obj, &call);

	config_answered(s, &call, done, r);
	r->noted = done && k->noted;
	r->changed = done && !k->noted && call.paste == NULL && !r->effect;
	if (!done)
		return;
	if (call.enter != NULL) {
		s->outer = mode == &cmd_mode_global ? NULL : mode;
		s->mode = call.enter;
		s->key = call.key;
	} else if (s->mode != mode) {
		s->outer = NULL;
		s->mode = mode;
	}
}

/* Whether the outer mode takes the line as it is. */
static bool
outer_takes(struct config_session *s, enum cmd_verb verb, const struct cmd_words *w,
    unsigned int first, struct config_result *r)
{
	void *obj = s->outer != NULL ? s->outer->find(s->conf, &s->key) : NULL;
	struct cmd_walk k;

	if (obj == NULL)
		return false;
	cmd_walk_start(&k, s->outer->rows, obj, verb, w, first);
	cmd_walk_line(&k);
	if (k.status != LINE_OK)
		return false;
	run(s, &k, s->outer, obj, r);
	return true;
}

/*
 * The mode's own table is asked first, then that of the mode it was entered from,
 * then the global one: what only that knows leaves the mode.  When none does, who of the
 * first and the last got further in the line says what is wrong with it; of two that got
 * to the same word, the one that knows it.
 */
static void
apply(struct config_session *s, const struct cmd_words *w, struct config_result *r)
{
	unsigned int first;
	enum cmd_verb verb = config_verb(w, &first);
	void *obj = s->mode->find(s->conf, &s->key);
	struct cmd_walk own, global;

	if (obj != NULL) {
		cmd_walk_start(&own, s->mode->rows, obj, verb, w, first);
		cmd_walk_line(&own);
		if (own.status == LINE_OK) {
			run(s, &own, s->mode, obj, r);
			return;
		}
	}
	if (outer_takes(s, verb, w, first, r))
		return;
	cmd_walk_start(&global, cmd_mode_global.rows, s->conf, verb, w, first);
	cmd_walk_line(&global);
	if (obj != NULL && (s->mode == &cmd_mode_global || own.next > global.next ||
	    (own.next == global.next && (own.status == LINE_REFUSED ||
	    (global.status != LINE_REFUSED &&
	    cmd_walk_caret(&own) >= cmd_walk_caret(&global))))) &&
	    !(own.status == LINE_INVALID && global.status == LINE_OK)) {
		report(&own, r);
	} else if (global.status == LINE_OK) {
		run(s, &global, &cmd_mode_global, s->conf, r);
	} else if (obj == NULL && global.status == LINE_INVALID && global.next == first) {
		r->status = LINE_REFUSED;
		snprintf(r->why, sizeof(r->why), "%% what this mode was about has been removed; "
		    "enter `exit`");
	} else {
		report(&global, r);
	}
}

void
config_session_line(struct config_session *s, const char *line, struct config_result *r)
{
	struct cmd_words w;

	memset(r, 0, sizeof(*r));
	if (s->paste != NULL) {
		config_paste_line(s, line, r);
		return;
	}
	cmd_effect_wipe(&s->effect);
	while (isspace((unsigned char)*line)) {
		line++;
		r->caret++;
	}
	if (*line == '!' || *line == '\0') {
		r->caret = 0;
		return;
	}
	if (!cmd_words(&w, line)) {
		r->status = LINE_REFUSED;
		snprintf(r->why, sizeof(r->why), "%% the line is longer than %d characters "
		    "or %d words", CMD_LINE_MAX - 1, CMD_WORDS_MAX);
		return;
	}
	if (!leaves(s, &w, r)) {
		unsigned int indent = r->caret;

		apply(s, &w, r);
		r->caret += r->status == LINE_OK ? 0 : indent;
		if (r->status == LINE_OK || r->status == LINE_TEXT || r->status == LINE_SECRET)
			s->lost_depth = 0;
		else
			config_session_refused(s, line);
	}
	cmd_words_wipe(&w);
}

/* --- `?` and TAB --- */

static const struct cmd anywhere[] = {
	{ "default", "Set a command to its defaults", .end = true },
	{ "do", "To run exec commands in config mode", .end = true },
	{ "end", "Exit from configure mode", .end = true },
	{ "exit", "Exit from this mode", .end = true },
	{ "no", "Negate a command or set its defaults", .end = true },
	CMD_END
};

void
config_session_choices(struct config_session *s, const char *line, struct cmd_choices *c)
{
	struct cmd_words w;
	struct cmd_walk k;
	unsigned int first, whole;
	enum cmd_verb verb;
	const char *prefix;
	void *obj = s->mode->find(s->conf, &s->key);
	const struct cmd_mode *modes[2] = {obj != NULL ? s->mode : NULL, &cmd_mode_global};
	size_t i;

	c->count = 0;
	if (!cmd_words(&w, line))
		return;
	verb = config_verb(&w, &first);
	if (first == 1 && w.count == 1 && !w.blank_end)
		first = 0;
	whole = w.blank_end ? w.count : w.count - 1;
	prefix = w.blank_end ? "" : w.word[w.count - 1];
	cmd_walk_start(&k, anywhere, NULL, CMD_SET, &w, 0);
	if (whole == 0 || (whole == 1 && first == 0))
		cmd_choices_behind(c, &k, whole, prefix);
	/* In a sub-mode the global table is listed when the mode's own does not go there. */
	for (i = 0; i < 2; i++) {
		if (modes[i] == NULL)
			continue;
		cmd_walk_start(&k, modes[i]->rows, i == 0 ? obj : s->conf, verb, &w, first);
		if (cmd_choices_behind(c, &k, whole, prefix))
			break;
	}
	cmd_choices_sort(c);
	cmd_words_wipe(&w);
}

void
config_session_leave_mode(struct config_session *s)
{
	s->mode = &cmd_mode_global;
	s->outer = NULL;
}

static bool
has_word(const struct cmd_mode *mode, const void *obj, const struct cmd_words *w)
{
	struct cmd_walk k;
	unsigned int first;
	enum cmd_verb verb = config_verb(w, &first);

	cmd_walk_start(&k, mode->rows, obj, verb, w, first);
	return first < w->count && (cmd_walk_to(&k, first + 1) || k.status == LINE_REFUSED);
}

/*
 * A word of the mode that is open is about that, however IOS may use it elsewhere; and
 * who mistypes an interface is still where he was.
 */
static bool
stays_in_mode(const struct config_session *s, const char *line)
{
	const void *obj = s->mode->find(s->conf, &s->key);
	struct cmd_words w;
	bool is;

	if (s->mode == &cmd_mode_global)
		return false;
	if (ios_mistypes_interface(line))
		return true;
	if (obj == NULL || !cmd_words(&w, line))
		return true;
	is = has_word(s->mode, obj, &w);
	cmd_words_wipe(&w);
	return is;
}

void
config_session_refused(struct config_session *s, const char *line)
{
	line += strspn(line, " \t");
	if (s->lost_depth > 0 && opens_inner_mode(line)) {
		s->lost_depth++;
	} else if (ios_opens_mode(line) && !stays_in_mode(s, line)) {
		config_session_leave_mode(s);
		s->lost_depth = 1;
		snprintf(s->lost_in, sizeof(s->lost_in), "%.*s", (int)strcspn(line, "\r\n"), line);
	}
}

bool
config_session_only_global_knows(struct config_session *s, const char *line)
{
	const void *obj = s->mode->find(s->conf, &s->key);
	struct cmd_words w;
	bool only;

	if (!cmd_words(&w, line))
		return false;
	only = has_word(&cmd_mode_global, s->conf, &w) &&
	    (obj == NULL || !has_word(s->mode, obj, &w));
	cmd_words_wipe(&w);
	return only;
}
