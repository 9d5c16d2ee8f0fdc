/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dir, show flash:, more, delete: the files of flash: (lib/flash.h), which applets and
 * pipes write.
 */
#include "cli/shell_flash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "flash.h"

enum { FILE_BYTES_MAX = 16 * 1024 * 1024, FOLDER_LEN = sizeof(((struct session *)0)->rundir) + 8,
	PATH_ROOM = FOLDER_LEN + 256 };

typedef unsigned long long ull;

static void
folder_of(const struct shell *sh, char folder[FOLDER_LEN])
{
	snprintf(folder, FOLDER_LEN, "%s/flash", sh->session.rundir);
}

/* --- dir, show flash: --- */

static int
is_shown(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static void
add_file(struct text *out, bool show, unsigned int number, const struct stat *st, const char *name)
{
	char date[48];
	struct tm tm;

	gmtime_r(&st->st_mtime, &tm);
	strftime(date, sizeof(date), "%b %e %Y %H:%M:%S +00:00", &tm);
	if (show)
		text_add(out, "%-4u %9llu %s %s\n", number, (ull)st->st_size, date, name);
	else
		text_add(out, "%5u  -rw-  %11llu  %s  %s\n", number, (ull)st->st_size, date, name);
}

/* A line each; `show`: as show flash: has it, not as dir has it.  What they hold together. */
static ull
add_files(const char *folder, bool show, struct text *out)
{
	struct dirent **names;
	int n = scandir(folder, &names, is_shown, alphasort), i;
	char path[FOLDER_LEN + 300];
	unsigned int number = 0;
	struct stat st;
	ull used = 0;

	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode)) {
			used += (ull)st.st_size;
			add_file(out, show, ++number, &st, names[i]->d_name);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	if (number == 0 && !show)
		text_add(out, "No files in directory\n");
	return used;
}

static void
list_as_dir(const struct shell *sh, struct text *out)
{
	char folder[FOLDER_LEN];
	struct statvfs fs = {0};

	folder_of(sh, folder);
	text_add(out, "Directory of flash:/\n\n");
	add_files(folder, false, out);
	if (statvfs(folder, &fs) == 0)
		text_add(out, "\n%llu bytes total (%llu bytes free)\n", (ull)fs.f_blocks * fs.f_frsize,
		    (ull)fs.f_bavail * fs.f_frsize);
}

static void
list_as_show(const struct shell *sh, struct text *out)
{
	char folder[FOLDER_LEN];
	struct statvfs fs = {0};
	ull used;

	folder_of(sh, folder);
	text_add(out, "-#- --length-- -----date/time------ path\n");
	used = add_files(folder, true, out);
	if (statvfs(folder, &fs) == 0)
		text_add(out, "\n%llu bytes available (%llu bytes used)\n",
		    (ull)fs.f_bavail * fs.f_frsize, used);
}

bool
shell_dir_run(struct cmd_call *c)
{
	((struct shell *)c->obj)->own = list_as_dir;
	return true;
}

bool
shell_show_flash_run(struct cmd_call *c)
{
	((struct shell *)c->obj)->own = list_as_show;
	return true;
}

/* --- more --- */

/* The name that was typed, for what is done when the line was taken. */
static bool
keep_name(struct cmd_call *c, char path[PATH_ROOM])
{
	struct shell *sh = c->obj;
	const char *name = cmd_value(c, SLOT_NAME)->text, *why;

	if (strlen(name) >= sizeof(sh->file))
		return cmd_refuse(c, "%% The file's name is too long");
	snprintf(sh->file, sizeof(sh->file), "%s", name);
	why = flash_path(sh->session.rundir, sh->file, path, PATH_ROOM);
	return why == NULL || cmd_refuse(c, "%% %s", why);
}

static const char *
reason(void)
{
	return errno == ENOENT ? "File not found" : strerror(errno);
}

static int
open_file(const char *path)
{
	return open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static void
print_file(const struct shell *sh, struct text *out)
{
	char path[PATH_ROOM], buf[16384];
	size_t total = 0;
	ssize_t n = 0;
	int fd;

	if (flash_path(sh->session.rundir, sh->file, path, sizeof(path)) != NULL)
		return;
	fd = open_file(path);
	for (; fd >= 0 && total < FILE_BYTES_MAX && (n = read(fd, buf, sizeof(buf))) > 0;
	    total += (size_t)n)
		text_put(out, buf, (size_t)n);
	if (fd < 0 || n < 0)
		text_add(out, "%%Error reading %s (%s)\n", sh->file, reason());
	if (fd >= 0)
		close(fd);
}

bool
shell_more_run(struct cmd_call *c)
{
	struct shell *sh = c->obj;
	char path[PATH_ROOM];
	int fd;

	if (!keep_name(c, path))
		return false;
	fd = open_file(path);
	if (fd < 0)
		return cmd_refuse(c, "%%Error opening %s (%s)", sh->file, reason());
	close(fd);
	sh->own = print_file;
	return true;
}

/* --- delete --- */

bool
shell_delete_run(struct cmd_call *c)
{
	struct shell *sh = c->obj;
	char path[PATH_ROOM], question[sizeof(sh->file) + 24];

	if (!keep_name(c, path))
		return false;
	sh->local = true;
	snprintf(question, sizeof(question), "Delete %s? [confirm]", sh->file);
	if (!shell_confirm(sh, question) || unlink(path) == 0)
		return true;
	return cmd_refuse(c, "%%Error deleting %s (%s)", sh->file, reason());
}

/* --- the rows --- */

#define IN_NVRAM "it holds the startup-config: `show startup-config`"

const struct cmd shell_dir_of[] = {
	{ "flash:", "Directory or file name", .run = shell_dir_run },
	{ "/all", "List all files", .run = shell_dir_run, .hidden = true },
	{ "/recursive", "List files recursively", .run = shell_dir_run, .hidden = true },
	{ "all-filesystems", "List files on all filesystems", .run = shell_dir_run },
	REFUSED("nvram:", IN_NVRAM),
	CMD_END
};

const struct cmd shell_a_file[] = {
	REFUSED("nvram:startup-config", IN_NVRAM),
	REFUSED("system:running-config", "`show running-config` shows it"),
	{ VALUE(word, "File: flash:NAME"), .slot = SLOT_NAME },
	CMD_END
};
