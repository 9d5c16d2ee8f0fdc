/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configuration lines against a struct conf.
 *
 * culvertd's control process makes one session a shell connection (and one for
 * the startup-config); the shell makes one over an empty model to know the
 * mode for `?`, TAB and the prompt.  A line is parsed by the command tables,
 * checked, and changes the model in place, or is refused and changes nothing.
 * Effects are not made here: the owner of the model looks at what changed.
 */
#ifndef CULVERT_CONFIG_SESSION_H
#define CULVERT_CONFIG_SESSION_H

#include <stdbool.h>

#include "buf.h"
#include "conf.h"
#include "ipc_values.h"

struct cmd_effect;
struct config_session;

struct config_result {
	enum ipc_line_status status;
	unsigned int caret;	/* column of the offending word, LINE_INVALID */
	char why[256];		/* LINE_REFUSED: what to do about it; LINE_OK: a note or empty */
	bool changed;		/* the model may differ now */
	bool noted;		/* it is so already: accepted, and not kept */
	bool left;		/* `end`, or `exit` in global mode: configuration is over */
	bool effect;		/* something is to be done once: config_session_effect() */
};

struct config_session *config_session_new(struct conf *c);	/* borrows c; starts in global mode */
void config_session_free(struct config_session *s);	/* NULL is nothing */
/* One line as typed: abbreviations, `no`, `default`, leading blanks, comments, `exit`, `end`.
 * (`do` is the shell's business.)  In a sub-mode, a line that only global mode knows leaves it. */
void config_session_line(struct config_session *s, const char *line, struct config_result *r);
/*
 * A line was refused.  Had it opened a mode, the lines of that mode would come next: the mode
 * that was open is left, so that they do not fall into it, and their `exit` goes no further.
 * (A mistyped `interface Foo1` opens none, as on IOS; in a text the reader of it leaves the mode.)
 * config_session_line() does that itself.
 */
void config_session_refused(struct config_session *s, const char *line);
/* The refused line whose mode this would be; NULL: none. */
const char *config_session_lost_in(const struct config_session *s);
const char *config_session_mode(const struct config_session *s);	/* "config-if": the prompt's word */

/* Whether a line, carried out or not, has a key or a password in it. */
bool config_session_holds_key(struct config_session *s, const char *line);

/* The line with <removed> for its key or password, and a newline. */
void config_session_hide_keys(struct config_session *s, const char *line, struct text *out);

/* Lines are text that belongs to a command (paste.h): blank ones count, too. */
bool config_session_pasting(const struct config_session *s);
/* What the last line asked to be done; wiped by the next line. */
struct cmd_effect *config_session_effect(struct config_session *s);

/* show running-config's body: from the first `!` after the size line to `end`. */
void conf_write(struct text *out, const struct conf *c);

/* A whole file, indentation ignored, going on after refused lines. */
struct config_error {
	unsigned int line;
	char why[256];
	struct config_error *next;
};
/* Applies text to c; appends to *errors (owned by the caller). Number of refused lines. */
unsigned int config_text_apply(struct conf *c, const char *text, struct config_error **errors);
/* The same; with `notes`, lines that are so already are told of as "noted". */
unsigned int config_text_check(struct conf *c, const char *text, bool notes,
    struct config_error **errors);
void config_errors_free(struct config_error *e);

#endif
