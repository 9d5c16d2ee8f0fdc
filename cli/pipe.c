/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/pipe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "flash.h"
#include "pattern.h"

/* IOS's `_` stands where a word ends or begins; here for itself, too, as names are full of it. */
static void
as_pattern(const char *text, struct text *out)
{
	bool in_brackets = false;

	for (; *text != '\0'; text++) {
		if (*text == '_' && !in_brackets) {
			text_add(out, "(?:[ ,(){}_]|^|$)");
			continue;
		}
		if (*text == '\\' && text[1] != '\0' && !in_brackets)
			text_put(out, text++, 1);
		else if (*text == '[' || *text == ']')
			in_brackets = *text == '[';
		text_put(out, text, 1);
	}
}

static bool
pipe_row_run(struct cmd_call *c)
{
	struct pipe *p = c->obj;
	char why[PATTERN_WHY_MAX];
	struct text expression = {0};

	p->kind = (enum pipe_kind)c->row->give;
	as_pattern(c->values[0].text, &expression);
	p->pattern = pattern_new(text_str(&expression), why);
	text_free(&expression);
	return p->pattern != NULL ||
	    cmd_refuse(c, "%% Failed to compile regular expression");
}

static bool
file_row_run(struct cmd_call *c)
{
	const struct cmd_value *file = cmd_value(c, SLOT_NAME), *kind = cmd_value(c, SLOT_KIND);
	struct pipe *p = c->obj;

	p->kind = kind != NULL ? (enum pipe_kind)kind->number : (enum pipe_kind)c->row->give;
	return cmd_string(file, p->file, sizeof(p->file)) ||
	    cmd_refuse(c, "%% The file's name is too long");
}

static const struct cmd file_name[] = {
	{ VALUE(string, "File: flash:NAME"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd tee[] = {
	{ "/append", "Append to the file", .slot = SLOT_KIND, .give = PIPE_TEE_APPEND,
	    .sub = file_name },
	{ VALUE(string, "File: flash:NAME"), .slot = SLOT_NAME },
	CMD_END
};

#define FILTER(word, text, kind)							\
	{ word, text, ARG(line, "Regular Expression"), .run = pipe_row_run, .give = (kind) }
#define BEGIN FILTER("begin", "Begin with the line that matches", PIPE_BEGIN)
#define COUNT FILTER("count", "Count number of lines which match regexp", PIPE_COUNT)
#define EXCLUDE FILTER("exclude", "Exclude lines that match", PIPE_EXCLUDE)
#define INCLUDE FILTER("include", "Include lines that match", PIPE_INCLUDE)
#define SECTION FILTER("section", "Filter a section of output", PIPE_SECTION)

const struct cmd pipe_rows_user[] = {
	BEGIN, COUNT, EXCLUDE, INCLUDE, SECTION,
	CMD_END
};

const struct cmd pipe_rows[] = {
	{ "append", "Append the output to a file", .sub = file_name, .run = file_row_run,
	    .give = PIPE_APPEND },
	BEGIN, COUNT, EXCLUDE, INCLUDE,
	{ "redirect", "Write the output to a file", .sub = file_name, .run = file_row_run,
	    .give = PIPE_REDIRECT },
	SECTION,
	{ "tee", "Write the output to a file, and print it", .sub = tee, .run = file_row_run,
	    .give = PIPE_TEE },
	CMD_END
};

enum ipc_line_status
pipe_parse(struct pipe *p, const struct cmd *rows, const char *text, unsigned int *at,
    const char **why)
{
	struct cmd_words w;
	struct cmd_walk k;
	struct cmd_call call;
	char line[CMD_LINE_MAX];
	size_t len = strlen(text);

	memset(p, 0, sizeof(*p));
	*at = 0;
	*why = "% the line is too long";
	while (len > 0 && text[len - 1] == ' ')
		len--;
	if (len >= sizeof(line))
		return LINE_REFUSED;
	memcpy(line, text, len);
	line[len] = '\0';
	if (!cmd_words(&w, line))
		return LINE_REFUSED;
	cmd_walk_start(&k, rows, NULL, CMD_SET, &w, 0);
	cmd_walk_line(&k);
	*at = cmd_walk_caret(&k);
	if (k.status != LINE_OK) {
		*why = k.why;
		return k.status;
	}
	if (cmd_walk_run(&k, NULL, p, &call))
		return LINE_OK;
	*why = pipe_has_file(p) ? "% The file's name is too long" :
	    "% Failed to compile regular expression";
	return LINE_REFUSED;
}

void
pipe_free(struct pipe *p)
{
	pattern_free(p->pattern);
}

/* --- files --- */

bool
pipe_has_file(const struct pipe *p)
{
	return p->kind >= PIPE_APPEND;
}

const char *
pipe_store(const struct pipe *p, const char *rundir, const char *in)
{
	bool append = p->kind == PIPE_APPEND || p->kind == PIPE_TEE_APPEND;
	static char why[200];
	char path[512];
	const char *no = flash_path(rundir, p->file, path, sizeof(path));
	FILE *f;
	bool ok;

	if (no != NULL)
		return no;
	f = fopen(path, append ? "a" : "w");
	ok = f != NULL && fputs(in, f) >= 0;
	if (f != NULL && fclose(f) != 0)
		ok = false;
	snprintf(why, sizeof(why), "%s: %s", p->file, strerror(errno));
	return ok ? NULL : why;
}

/* --- filters --- */

static size_t
indent_of(const char *line)
{
	return strspn(line, " ");
}

struct state {
	bool begun;		/* begin: the line was met */
	bool in_section;
	size_t depth;		/* of the section's first line */
	unsigned int matched;
};

static bool
wanted(const struct pipe *p, struct state *s, const char *line)
{
	bool match = pattern_matches(p->pattern, line);

	switch (p->kind) {
	case PIPE_INCLUDE:
		return match;
	case PIPE_EXCLUDE:
		return !match;
	case PIPE_BEGIN:
		s->begun = s->begun || match;
		return s->begun;
	case PIPE_SECTION:
		if (s->in_section && indent_of(line) > s->depth)
			return true;
		s->in_section = match;
		s->depth = indent_of(line);
		return match;
	case PIPE_COUNT:
		s->matched += match;
		return false;
	default:
		return false;
	}
}

void
pipe_run(const struct pipe *p, const char *in, struct text *out)
{
	struct state s = {0};
	struct text line = {0};

	if (pipe_has_file(p)) {
		if (p->kind == PIPE_TEE || p->kind == PIPE_TEE_APPEND)
			text_put(out, in, strlen(in));
		return;
	}
	while (*in != '\0') {
		size_t len = strcspn(in, "\n");

		line.len = 0;
		text_put(&line, in, len);
		in += len + (in[len] == '\n');
		if (wanted(p, &s, text_str(&line)))
			text_add(out, "%s\n", text_str(&line));
	}
	if (p->kind == PIPE_COUNT)
		text_add(out, "Number of lines which match regexp = %u\n", s.matched);
	text_free(&line);
}
