/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a session of config_session.h is inside: of cli/config_*.c alone.
 */
#ifndef CULVERT_CONFIG_STATE_H
#define CULVERT_CONFIG_STATE_H

#include "cli/cmds.h"
#include "cli/config_session.h"

struct config_session {
	struct conf *conf;
	const struct cmd_mode *mode;
	const struct cmd_mode *outer;	/* of a mode that was entered from a sub-mode: that one */
	struct cmd_key key;		/* what the mode is about, and the outer one */
	const struct cmd_paste *paste;	/* NULL: lines are commands */
	struct text pasted;
	struct cmd_effect effect;
	char lost_in[64];		/* the refused line that would have opened a mode; or empty */
	unsigned int lost_depth;	/* modes of its own that it would be in */
};

/* `no` and `default` stand before the words that tables know, of which `first` is the first. */
enum cmd_verb config_verb(const struct cmd_words *w, unsigned int *first);

/*
 * Text that belongs to a command (config_paste.c).  A command, or the text behind it, was
 * answered: what is to be said, and whether text comes next.
 */
void config_answered(struct config_session *s, const struct cmd_call *call, bool done,
    struct config_result *r);
void config_paste_line(struct config_session *s, const char *typed, struct config_result *r);

#endif
