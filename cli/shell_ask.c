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
#include <time.h>
#include <unistd.h>

#include "cli/shell.h"
#include "flash.h"

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
may_leave_unsaved(struct shell *sh)
{
	bool yes = false;

	if (is_unsaved(sh) && !yes_or_no(sh, "\nSystem configuration has been modified. Save? [yes/no]: ",
	    false, &yes))
		return false;
	return !yes || save(sh);
}

static void
say_plan(const struct reload_plan *p)
{
	struct timespec t;
	struct text out = {0};
	int64_t now_us;

	clock_gettime(CLOCK_REALTIME, &t);
	now_us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
	reload_plan_say(&out, reload_plan_due_us(p, now_us), now_us, "", p->reason);
	printf("%s", text_str(&out));
	text_free(&out);
}

static bool
confirm_reload(struct shell *sh)
{
	if (sh->ask != NULL && !may_leave_unsaved(sh))
		return false;
	if (sh->command.id == EXEC_RELOAD_LATER)
		say_plan(&sh->command.reload);
	return shell_confirm(sh, "Proceed with reload? [confirm]");
}

/* --- the others --- */

/* The answer is the file's name, with or without its place. */
static bool
take_file_name(struct shell *sh, const char *answer)
{
	struct exec_command *c = &sh->command;
	size_t place = (size_t)(flash_name(c->name) - c->name);
	char name[sizeof(c->name)];
	size_t n;

	if (flash_is_place(answer))
		place = 0;
	n = (size_t)snprintf(name, sizeof(name), "%.*s%s", (int)place, c->name, answer);
	if (n >= sizeof(name) || strpbrk(answer, " \t") != NULL) {
		printf("%% a file is flash:NAME, with letters, digits and ._-+@ in its name\n");
		return false;
	}
	memcpy(c->name, name, n + 1);
	snprintf(sh->instead, sizeof(sh->instead), "copy running-config %s", name);
	return true;
}

static bool
may_overwrite(const struct shell *sh)
{
	char path[256];

	if (flash_path(sh->session.rundir, sh->command.name, path, sizeof(path)) != NULL ||
	    access(path, F_OK) != 0)
		return true;		/* control says what is wrong with it */
	printf("%%Warning:There is a file already existing with this name \n");
	return shell_confirm(sh, "Do you want to over write? [confirm]");
}

static bool
confirm_copy(struct shell *sh)
{
	bool is_file = sh->command.id == EXEC_COPY_TO_FILE;
	const char *name = is_file ? flash_name(sh->command.name) :
	    sh->command.id == EXEC_MERGE ? "running-config" : "startup-config";
	char answer[ANSWER_LEN], question[ANSWER_LEN];

	snprintf(question, sizeof(question), "Destination filename [%s]? ", name);
	if (!sh->ask(question, true, answer, sizeof(answer)))
		return false;
	if (answer[0] != '\0' && strcmp(answer, name) != 0 && !is_file) {
		printf("%% Nothing was copied: a file is named as flash:NAME behind `copy running-config`\n");
		return false;
	}
	if (is_file && answer[0] != '\0' && !take_file_name(sh, answer))
		return false;
	return !is_file || may_overwrite(sh);
}

bool
shell_confirms(struct shell *sh)
{
	bool yes = false;

	if (sh->command.id == EXEC_RELOAD || sh->command.id == EXEC_RELOAD_LATER)
		return confirm_reload(sh);
	if (sh->ask == NULL)
		return true;
	switch (sh->command.id) {
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
