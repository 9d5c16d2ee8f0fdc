/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/pager.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MORE " --More-- "
#define MORE_BACK "\b\b\b\b\b\b\b\b\b\b"
#define MORE_BLANK "          "

static unsigned int
rows_of(size_t len, unsigned int width)
{
	return width == 0 || len == 0 ? 1 : (unsigned int)((len + width - 1) / width);
}

size_t
pager_chunk(const char *text, unsigned int rows, unsigned int width)
{
	const char *at = text;

	while (*at != '\0') {
		size_t len = strcspn(at, "\n");
		unsigned int need = rows_of(len, width);

		/* A line longer than the whole screen is not cut. */
		if (need > rows && at != text)
			break;
		rows -= need < rows ? need : rows;
		at += len + (at[len] == '\n');
		if (rows == 0)
			break;
	}
	return (size_t)(at - text);
}

/* One key, without Enter and without echo. */
static int
read_key(void)
{
	struct termios was, raw;
	char c;
	ssize_t n;

	if (tcgetattr(STDIN_FILENO, &was) < 0)
		return -1;
	raw = was;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	n = read(STDIN_FILENO, &c, 1);
	tcsetattr(STDIN_FILENO, TCSANOW, &was);
	return n == 1 ? (unsigned char)c : -1;
}

void
pager_print(const char *text, unsigned int length, unsigned int width)
{
	unsigned int rows = length > 1 ? length - 1 : 1;
	size_t n;
	int key;

	while (*text != '\0') {
		n = length == 0 ? strlen(text) : pager_chunk(text, rows, width);
		fwrite(text, 1, n, stdout);
		text += n;
		if (*text == '\0')
			break;
		fputs(MORE, stdout);
		fflush(stdout);
		key = read_key();
		fputs(MORE_BACK MORE_BLANK MORE_BACK, stdout);
		if (key == ' ')
			rows = length > 1 ? length - 1 : 1;
		else if (key == '\r' || key == '\n')
			rows = 1;
		else
			break;
	}
	fflush(stdout);
}
