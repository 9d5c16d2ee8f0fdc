/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cavp.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define DEBIANS "/usr/lib/python3/dist-packages/cryptography_vectors"

const char *
cavp_dir(void)
{
	const char *dir = getenv("CAVP_DIR");

	dir = dir != NULL ? dir : DEBIANS;
	return access(dir, R_OK | X_OK) == 0 ? dir : NULL;
}

const char *
cavp_text(const struct cavp_case *c, const char *name)
{
	unsigned int i;

	for (i = 0; i < c->fields; i++)
		if (strcasecmp(c->field[i].name, name) == 0)
			return c->field[i].value;
	return "";
}

static int
digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* What stands between quotes. */
static struct slice
quoted(const char *s)
{
	const char *end = strrchr(s + 1, '"');
	size_t len = end == NULL ? 0 : (size_t)(end - s - 1);
	uint8_t *p = calloc(1, len + 1);

	memcpy(p, s + 1, len);
	return slice_of(p, len);
}

struct slice
cavp_hex(const struct cavp_case *c, const char *name)
{
	const char *s = cavp_text(c, name);
	size_t len = strspn(s, "0123456789abcdefABCDEF"), at = 0, i = 0;
	uint8_t *p;

	if (s[0] == '"')
		return quoted(s);
	p = calloc(1, len / 2 + 2);
	/* A number may have an odd count of digits. */
	if (len % 2 != 0)
		p[at++] = (uint8_t)digit(s[i++]);
	for (; i < len; i += 2)
		p[at++] = (uint8_t)(digit(s[i]) << 4 | digit(s[i + 1]));
	return slice_of(p, at);
}

void
cavp_fail(const struct cavp_case *c)
{
	unsigned int i;

	fprintf(stderr, "%s:%u: [%s]\n", c->file, c->line, c->section);
	for (i = 0; i < c->fields; i++)
		fprintf(stderr, "\t%s = %.100s\n", c->field[i].name, c->field[i].value);
	abort();
}

static void
forget(struct cavp_case *c)
{
	while (c->fields > 0)
		free(c->field[--c->fields].value);
}

static bool
end_of_case(struct cavp_case *c, bool (*run)(const struct cavp_case *c))
{
	bool took;

	if (c->fields == 0)
		return false;
	if (cavp_text(c, "n")[0] != '\0')
		snprintf(c->modulus, sizeof(c->modulus), "%s", cavp_text(c, "n"));
	took = run(c);
	forget(c);
	return took;
}

static void
add_field(struct cavp_case *c, const char *line)
{
	const char *is = strchr(line, '=');
	size_t name = is == NULL ? strlen(line) : (size_t)(is - line);

	if (c->fields == CAVP_FIELDS_MAX)
		return;
	while (name > 0 && line[name - 1] == ' ')
		name--;
	snprintf(c->field[c->fields].name, sizeof(c->field[0].name), "%.*s", (int)name, line);
	c->field[c->fields++].value = strdup(is == NULL ? "" : is + 1 + strspn(is + 1, " "));
}

unsigned int
cavp_read(const char *file, bool (*run)(const struct cavp_case *c))
{
	struct cavp_case c = {.file = file};
	char path[512], *line = NULL;
	unsigned int took = 0, number = 0;
	size_t room = 0;
	ssize_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", cavp_dir(), file);
	f = fopen(path, "r");
	while (f != NULL && (n = getline(&line, &room, f)) >= 0) {
		number++;
		while (n > 0 && isspace((unsigned char)line[n - 1]))
			line[--n] = '\0';
		if (c.fields == 0)
			c.line = number;
		if (n == 0)
			took += end_of_case(&c, run);
		else if (line[0] == '[')
			snprintf(c.section, sizeof(c.section), "%.*s", (int)strcspn(line + 1, "]"), line + 1);
		else if (line[0] != '#')
			add_field(&c, line);
	}
	took += end_of_case(&c, run);
	free(line);
	if (f != NULL)
		fclose(f);
	return took;
}
