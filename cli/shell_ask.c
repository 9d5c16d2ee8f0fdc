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

bool
shell_confirm(const struct shell *sh, const char *question)
{
	char answer[ANSWER_LEN];

	if (sh->ask == NULL)
		return true;
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
	return shell_confirm(sh, "Proceed with reload? [confirm]");
}

/* --- the others --- */

/* IOS asks for the name again; another one would be another command. */
static bool
confirm_copy(const struct shell *sh)
{
	const char *name = sh->command.name[0] != '\0' ? sh->command.name : "startup-config";
	char answer[ANSWER_LEN], question[ANSWER_LEN];

	snprintf(question, sizeof(question), "Destination filename [%s]? ", name);
	if (!sh->ask(question, true, answer, sizeof(answer)))
		return false;
	if (answer[0] == '\0' || strcmp(answer, name) == 0)
		return true;
	printf("%% Nothing was copied: name the file behind `copy running-config`\n");
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
		return shell_confirm(sh, "Erasing the nvram filesystem will remove all configuration files! "
		    "Continue? [confirm]");
	case EXEC_CLEAR_COUNTERS:
		return shell_confirm(sh, "Clear \"show interface\" counters on all interfaces [confirm]");
	case EXEC_CLEAR_LOGGING:
		return shell_confirm(sh, "Clear logging buffer [confirm]");
	case EXEC_DEBUG_ALL:
		return yes_or_no(sh, "\nThis may severely impact network performance. "
		    "Continue? (yes/[no]): ", true, &yes) && yes;
	default:
		return !sh->command.asks_name || confirm_copy(sh);
	}
}
