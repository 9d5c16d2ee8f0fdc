/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/check.h"

#include <stdio.h>

#include "buf.h"
#include "cli/config_session.h"

static bool
read_file(const char *path, struct text *t)
{
	FILE *f = fopen(path, "r");
	char part[4096];
	size_t n;
	bool ok;

	if (f == NULL)
		return false;
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		text_put(t, part, n);
	ok = ferror(f) == 0;
	fclose(f);
	return ok;
}

int
check_file(const char *path, bool all)
{
	struct text t = {0};
	struct conf *c;
	struct config_error *notes = NULL, *e;
	unsigned int refused;

	if (!read_file(path, &t)) {
		perror(path);
		text_free(&t);
		return 2;
	}
	c = conf_new();
	refused = config_text_check(c, text_str(&t), all, &notes);
	for (e = notes; e != NULL; e = e->next)
		printf("%u: %s\n", e->line, e->why);
	config_errors_free(notes);
	conf_free(c);
	text_free(&t);
	return refused > 0 ? 1 : 0;
}
