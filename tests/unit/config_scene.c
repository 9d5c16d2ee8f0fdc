/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "config_scene.h"

char *
config_read(const char *path)
{
	FILE *f = fopen(path, "r");
	char *s;
	long len;

	if (f == NULL)
		fail_msg("%s cannot be opened", path);
	fseek(f, 0, SEEK_END);
	len = ftell(f);
	rewind(f);
	s = calloc(1, (size_t)len + 1);
	assert_int_equal(fread(s, 1, (size_t)len, f), (size_t)len);
	fclose(f);
	return s;
}

struct text
config_written(const struct conf *c)
{
	struct text t = {0};

	conf_write(&t, c);
	return t;
}

void
config_check_fixed_point(const struct conf *c)
{
	struct text once = config_written(c), twice;
	struct conf *again = conf_new();
	struct config_error *errors = NULL;

	if (config_text_apply(again, text_str(&once), &errors) != 0)
		fail_msg("line %u of what was written: %s", errors->line, errors->why);
	twice = config_written(again);
	assert_string_equal(text_str(&twice), text_str(&once));
	text_free(&once);
	text_free(&twice);
	conf_free(again);
}

struct conf *
config_apply(const char *text, unsigned int refused)
{
	struct conf *c = conf_new();
	struct config_error *errors = NULL;
	unsigned int n = config_text_apply(c, text, &errors);

	if (n != refused)
		fail_msg("%u lines were refused: %u: %s", n, errors != NULL ? errors->line : 0,
		    errors != NULL ? errors->why : "");
	config_errors_free(errors);
	return c;
}

struct config_result
config_type(struct config_session *s, const char *line)
{
	struct config_result r;

	config_session_line(s, line, &r);
	return r;
}

void
config_enter(struct config_session *s, const char *line)
{
	struct config_result r = config_type(s, line);

	if (r.status != LINE_OK)
		fail_msg("%s: status %d at %u: %s", line, (int)r.status, r.caret, r.why);
}

void
config_enter_all(struct config_session *s, const char *lines)
{
	char line[200];

	for (; *lines != '\0'; lines += strlen(line) + (lines[strlen(line)] == '\n')) {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(lines, "\n"), lines);
		config_enter(s, line);
	}
}

void
config_refuses(struct config_session *s, const char *line, const char *why)
{
	struct config_result r = config_type(s, line);

	if (r.status != LINE_REFUSED)
		fail_msg("%s: status %d", line, (int)r.status);
	assert_false(r.changed);
	if (strstr(r.why, why) == NULL)
		fail_msg("%s: was refused because: %s", line, r.why);
}
