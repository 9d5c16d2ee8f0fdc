/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What IOS asks before it does something that cannot be taken back, in its words.
 *
 * `[confirm]` is Enter or y, and anything else is no.  `[yes/no]` insists on an
 * answer; `(yes/[no])` takes Enter for no.  Only somebody at a terminal is asked.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/shell.h"

enum { ANSWER_LEN = 128 };

static bool
confirm(const struct shell *sh, const char *question)
{
	char answer[ANSWER_LEN];

	return sh->ask(question, true, answer, sizeof(answer)) &&
	    (answer[0] == '\0' || answer[0] == 'y' || answer[0] == 'Y');
}

static bool
is_answer(const char *answer, const char *word)
{
	return answer[0] != '\0' && strncasecmp(answer, word, strlen(answer)) == 0;
}

/* False: nobody answers.  An empty answer is no where `may_be_empty`. */
static bool
yes_or_no(const struct shell *sh, const char *question, bool may_be_empty, bool *yes)
{
	char answer[ANSWER_LEN];

	while (sh->ask(question, true, answer, sizeof(answer))) {
		*yes = is_answer(answer, "yes");
		if (*yes || is_answer(answer, "no") || (may_be_empty && answer[0] == '\0'))
			return true;
		printf("%% Please answer 'yes' or 'no'.\n");
	}
	return false;
}

/* --- reload --- */

static void
note_text(void *arg, enum ipc_type type, const union ipc_body *row)
{
	bool *unsaved = arg;

	*unsaved = *unsaved || (type == IPC_MSG_TEXT && row->text.text.len > 0);
}

static bool
is_unsaved(const struct shell *sh)
{
	const struct ipc_show q = {.what = SHOW_UNSAVED};
	struct show_source *src = show_source_open(sh->session.rundir);
	bool unsaved = false;

	src->ask(src, IPC_CONTROL, &q, note_text, &unsaved);
	show_source_close(src);
	return unsaved;
}

static bool
save(struct shell *sh)
{
	struct ipc_line_done done;

	if (!session_line(&sh->session, IPC_MSG_EXEC_LINE, "write memory", &done))
		return false;
	if (done.status != LINE_OK)
		printf("%% %s\n", done.why);
	return done.status == LINE_OK;
}

static bool
confirm_reload(struct shell *sh)
{
	bool yes = false;

	if (is_unsaved(sh) && !yes_or_no(sh, "\nSystem configuration has been modified. Save? [yes/no]: ",
	    false, &yes))
		return false;
	if (yes && !save(sh))
		return false;
	return confirm(sh, "Proceed with reload? [confirm]");
}

/* --- the others --- */

static bool
confirm_copy(const struct shell *sh)
{
	char answer[ANSWER_LEN];

	if (!sh->ask("Destination filename [startup-config]? ", true, answer, sizeof(answer)))
		return false;
	if (answer[0] == '\0' || strcmp(answer, "startup-config") == 0)
		return true;
	printf("%% The running-config is copied to startup-config; `show running-config | redirect "
	    "flash:NAME` writes a file\n");
	return false;
}

bool
shell_confirms(struct shell *sh)
{
	bool yes = false;

	if (sh->ask == NULL)
		return true;
	switch (sh->command.id) {
	case EXEC_RELOAD:
		return confirm_reload(sh);
	case EXEC_ERASE_STARTUP:
		return confirm(sh, "Erasing the nvram filesystem will remove all configuration files! "
		    "Continue? [confirm]");
	case EXEC_DEBUG_ALL:
		return yes_or_no(sh, "\nThis may severely impact network performance. "
		    "Continue? (yes/[no]): ", true, &yes) && yes;
	default:
		return !sh->command.asks_name || confirm_copy(sh);
	}
}
