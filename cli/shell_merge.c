/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy flash:NAME running-config, copy startup-config running-config: the lines of a text are
 * typed in configuration, one after the other.  What is there and is not in them stays, as on
 * IOS.  A line that is refused is told with its number, and the others go on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/shell.h"
#include "cli/show_util.h"
#include "flash.h"

enum { BYTES_MAX = 4 << 20 };

static bool
read_file(const struct shell *sh, const char *name, struct text *text)
{
	char path[256], buf[16384];
	const char *why = flash_path(sh->session.rundir, name, path, sizeof(path));
	ssize_t n = 0;
	int fd;

	if (why != NULL) {
		printf("%% %s\n", why);
		return false;
	}
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	while (fd >= 0 && text->len < BYTES_MAX && (n = read(fd, buf, sizeof(buf))) > 0)
		text_put(text, buf, (size_t)n);
	if (fd < 0 || n < 0)
		printf("%%Error opening %s (%s)\n", name,
		    errno == ENOENT ? "No such file or directory" : strerror(errno));
	explicit_bzero(buf, sizeof(buf));
	if (fd >= 0)
		close(fd);
	return fd >= 0 && n >= 0;
}

static bool
read_startup(const struct shell *sh, struct text *text)
{
	struct show_source *src = show_source_open(sh->session.rundir);
	const char *why = show_text_of(src, SHOW_STARTUP, text);

	show_source_close(src);
	if (why != NULL)
		printf("%% %s\n", why);
	return why == NULL;
}

/* What `show running-config` has above the configuration. */
static bool
is_heading(const char *line)
{
	return strncmp(line, "Building configuration", 22) == 0 ||
	    strncmp(line, "Current configuration :", 23) == 0;
}

/* Until its end, or its `end`. */
static void
type_lines(struct shell *sh, const char *text)
{
	bool refused = false;
	unsigned int number = 0;
	char line[CMD_LINE_MAX];

	while (*text != '\0' && sh->config != NULL && !sh->lost) {
		size_t len = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)(len > 0 && text[len - 1] == '\r' ? len - 1 : len),
		    text);
		text += len + (text[len] == '\n');
		number++;
		if (is_heading(line))
			continue;
		sh->refused = false;
		shell_line(sh, line);
		if (sh->refused)
			printf("  line %u: %s\n", number, line);
		refused |= sh->refused;
	}
	explicit_bzero(line, sizeof(line));
	sh->refused = refused;
}

void
shell_merge(struct shell *sh)
{
	mono_t began = mono_clock();
	struct text text = {0};
	bool tty = sh->tty;
	double took_s;

	if (sh->config != NULL) {
		printf("%% `end` configuration first\n");
		sh->refused = true;
		return;
	}
	if (!(sh->command.name[0] == '\0' ? read_startup(sh, &text) :
	    read_file(sh, sh->command.name, &text))) {
		sh->refused = true;
		text_free(&text);
		return;
	}
	sh->tty = false;	/* nobody types */
	shell_line(sh, "configure terminal");
	type_lines(sh, text_str(&text));
	if (sh->config != NULL)
		shell_leave_config(sh);
	sh->tty = tty;
	took_s = (double)mono_in_us(mono_sub(mono_clock(), began)) / 1e6;
	took_s = took_s < 0.001 ? 0.001 : took_s;
	printf("%zu bytes copied in %.3f secs (%.0f bytes/sec)\n", text.len, took_s,
	    (double)text.len / took_s);
	text_free(&text);
}
