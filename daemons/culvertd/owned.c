/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "owned.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

#define FORMAT(line, fmt)                                                                          \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, fmt);                                                                 \
		vsnprintf(line, sizeof(line), fmt, ap);                                            \
		va_end(ap);                                                                        \
	} while (0)

static struct owned_line *
find(const struct owned *o, const char *line)
{
	struct owned_line *l;

	HASH_FIND_STR(o->lines, line, l);
	return l;
}

void
owned_add(struct owned *o, const char *fmt, ...)
{
	struct owned_line *l = calloc(1, sizeof(*l));

	if (l == NULL)
		log_fatal("out of memory");
	FORMAT(l->line, fmt);
	l->wanted = true;
	if (find(o, l->line) != NULL) {
		free(l);
		return;
	}
	HASH_ADD_STR(o->lines, line, l);
	o->changes++;
}

bool
owned_has(const struct owned *o, const char *fmt, ...)
{
	char line[sizeof(((struct owned_line *)0)->line)];

	FORMAT(line, fmt);
	return find(o, line) != NULL;
}

bool
owned_want(struct owned *o, const char *fmt, ...)
{
	char line[sizeof(((struct owned_line *)0)->line)];
	struct owned_line *l;

	FORMAT(line, fmt);
	l = find(o, line);
	if (l != NULL)
		l->wanted = true;
	return l != NULL;
}

void
owned_unmark(struct owned *o, const char *word)
{
	struct owned_line *l;

	for (l = o->lines; l != NULL; l = l->hh.next)
		if (strncmp(l->line, word, strlen(word)) == 0 && l->line[strlen(word)] == ' ')
			l->wanted = false;
}

void
owned_del(struct owned *o, struct owned_line *l)
{
	HASH_DEL(o->lines, l);
	free(l);
	o->changes++;
}

void
owned_free(struct owned *o)
{
	struct owned_line *l, *next;

	HASH_ITER(hh, o->lines, l, next)
		owned_del(o, l);
}

void
owned_write(const struct owned *o, struct text *out)
{
	const struct owned_line *l;

	for (l = o->lines; l != NULL; l = l->hh.next)
		text_add(out, "%s\n", l->line);
}

void
owned_read(struct owned *o, const char *text)
{
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (n > 0 && n < sizeof(((struct owned_line *)0)->line))
			owned_add(o, "%.*s", (int)n, text);
	}
}
