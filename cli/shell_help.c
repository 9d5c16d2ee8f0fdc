/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `?` and TAB: what could stand at the end of the line that is being typed. */
#include <ctype.h>
#include <string.h>

#include "cli/config_help.h"
#include "cli/pipe.h"
#include "cli/shell.h"

/* The part of the line that is being typed: behind a bar, behind `do`. */
static void
pipe_choices(const struct shell *sh, const char *line, struct cmd_choices *c)
{
	static const struct cmd_choice regex = {"LINE", "Regular Expression", true};
	struct cmd_words w;
	struct cmd_walk k;
	unsigned int whole;

	if (!cmd_words(&w, line))
		return;
	whole = w.blank_end || w.count == 0 ? w.count : w.count - 1;
	cmd_walk_start(&k, shell_rows_behind_bar(sh), NULL, CMD_SET, &w, 0);
	if (whole > 1 || (whole == 1 && !w.blank_end)) {
		c->at[c->count++] = regex;
		return;
	}
	if (cmd_walk_to(&k, whole))
		cmd_choices_add(c, &k, w.blank_end ? "" : w.word[w.count - 1]);
}

static void
exec_choices(struct shell *sh, const char *line, struct cmd_choices *c)
{
	static const struct cmd_choice bar = {"|", "Output modifiers", true};
	const char *pipe = strchr(line, '|');
	struct cmd_words w;
	struct cmd_walk k;
	unsigned int whole;

	if (pipe != NULL) {
		pipe_choices(sh, pipe + 1, c);
		return;
	}
	if (!cmd_words(&w, line))
		return;
	whole = w.blank_end ? w.count : w.count - 1;
	shell_walk_exec(sh, &k, &w);
	if (!cmd_choices_behind(c, &k, whole, w.blank_end ? "" : w.word[w.count - 1]))
		return;
	cmd_choices_sort(c);
	if (w.blank_end && w.count > 1 && cmd_prefix(w.word[0], "show") && cmd_walk_may_end(&k) &&
	    c->count < CMD_CHOICES_MAX && c->count > 0) {
		c->at[c->count] = c->at[c->count - 1];
		c->at[c->count++ - 1] = bar;
	}
}

void
shell_choices(struct shell *sh, const char *line, struct cmd_choices *c)
{
	const char *exec = shell_behind_do(line);

	memset(c, 0, sizeof(*c));
	if (sh->config == NULL)
		exec_choices(sh, line, c);
	else if (sh->pasting)
		return;
	else if (exec != NULL && isspace((unsigned char)exec[-1]))
		exec_choices(sh, exec, c);
	else
		config_session_choices(sh->config, line, c);
}

void
shell_help(struct shell *sh, const char *line, struct text *out)
{
	struct cmd_choices c;
	size_t len = strlen(line);

	shell_choices(sh, line, &c);
	if (c.count == 0)
		text_add(out, "%% Unrecognized command\n");
	else if (len > 0 && !isspace((unsigned char)line[len - 1]))
		cmd_choices_words(out, &c);
	else
		cmd_choices_table(out, &c);
}
