/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration as a whole text: written, applied, checked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmds.h"
#include "cli/config_help.h"
#include "cli/ios_modes.h"
#include "log.h"

void
conf_write(struct text *out, const struct conf *c)
{
	text_add(out, "!\n");
	cmd_write_rows(out, cmd_mode_global.rows, "", c);
	text_add(out, "end\n");
}

struct reader {
	struct config_session *session;
	struct config_error **last;	/* where the next one is hung */
	unsigned int number, refused;
	bool notes;			/* lines without effect are told of, too */
	bool indents;			/* lines of sub-modes are indented in this text */
	unsigned int lost;		/* line that was refused and that indented lines belong to; 0: none */
};

static struct config_error *
remark(struct reader *r)
{
	struct config_error *e = calloc(1, sizeof(*e));

	if (e == NULL)
		log_fatal("out of memory");
	e->line = r->number;
	*r->last = e;
	r->last = &e->next;
	return e;
}

/* Names the first word only: what follows may be a key. */
static void
explain(const struct config_result *result, const char *line, char *why, size_t room)
{
	static const char *const what[] = {
		[LINE_INVALID] = "invalid input", [LINE_INCOMPLETE] = "incomplete command",
		[LINE_AMBIGUOUS] = "ambiguous command",
	};
	unsigned int indent = (unsigned int)strspn(line, " \t");
	int first = (int)strcspn(line + indent, " \t");
	bool unknown = result->status == LINE_INVALID &&
	    result->caret <= indent + (unsigned int)first;

	if (first > 40)
		first = 40;
	if (result->status == LINE_REFUSED)
		snprintf(why, room, "%s", result->why + strspn(result->why, "% "));
	else if (unknown)
		snprintf(why, room, "unknown command: %.*s", first, line + indent);
	else
		snprintf(why, room, "%.*s: %s at column %u%s%.100s", first, line + indent,
		    what[result->status], result->caret + 1, result->why[0] != '\0' ? ": " : "",
		    result->why);
}

/*
 * A refused line may have been meant for global mode, or to open a mode that is
 * not known here.  What follows it must not fall into the mode that was open.
 * Where indentation tells nothing, a word that this mode has is this mode's.
 */
static bool
leaves_mode(const struct reader *r, const char *line)
{
	if (line[0] == ' ' || line[0] == '\t')
		return false;
	return r->indents || ios_opens_mode(line) ||
	    config_session_only_global_knows(r->session, line);
}

static bool
takes_text(const struct config_result *result)
{
	return result->status == LINE_TEXT || result->status == LINE_SECRET;
}

/* A line of a mode that was not entered: its own words say nothing about it. */
static bool
is_lost(struct reader *r, const char *line, const struct config_result *result)
{
	if (line[0] != ' ' && line[0] != '\t') {
		r->lost = result->status != LINE_OK && !takes_text(result) ? r->number : 0;
		return false;
	}
	if (result->status == LINE_OK)
		r->lost = 0;
	return r->lost != 0 && (result->status == LINE_INVALID || result->status == LINE_INCOMPLETE);
}

static void
read_line(struct reader *r, const char *line)
{
	struct config_result result;
	bool blank = line[strspn(line, " \t")] == '\0' || line[strspn(line, " \t")] == '!';
	bool lost;

	r->number++;
	if (config_session_pasting(r->session))
		blank = false;
	config_session_line(r->session, line, &result);
	if (blank)
		return;
	if (line[0] == ' ' || line[0] == '\t')
		r->indents = true;
	lost = is_lost(r, line, &result);
	if (result.effect) {
		result.status = LINE_REFUSED;
		snprintf(result.why, sizeof(result.why), "this is done once, in the shell; it is no "
		    "configuration");
	}
	if (takes_text(&result))
		return;
	if (result.status == LINE_OK) {
		if (result.noted && r->notes)
			snprintf(remark(r)->why, sizeof((*r->last)->why), "noted");
		else if (result.why[0] != '\0' && r->notes)
			snprintf(remark(r)->why, sizeof((*r->last)->why), "%s",
			    result.why + strspn(result.why, "% "));
		return;
	}
	r->refused++;
	if (lost)
		snprintf(remark(r)->why, sizeof((*r->last)->why),
		    "belongs to line %u, which was refused", r->lost);
	else
		explain(&result, line, remark(r)->why, sizeof((*r->last)->why));
	if (leaves_mode(r, line))
		config_session_leave_mode(r->session);
}

unsigned int
config_text_check(struct conf *c, const char *text, bool notes, struct config_error **errors)
{
	struct reader r = {.session = config_session_new(c), .last = errors, .notes = notes};
	char line[CMD_LINE_MAX + 1];

	while (*r.last != NULL)
		r.last = &(*r.last)->next;
	while (*text != '\0') {
		size_t len = strcspn(text, "\n"), keep = len < sizeof(line) ? len : sizeof(line) - 1;

		memcpy(line, text, keep);
		line[keep] = '\0';
		if (keep > 0 && line[keep - 1] == '\r')
			line[keep - 1] = '\0';
		text += len + (text[len] == '\n');
		read_line(&r, line);
	}
	explicit_bzero(line, sizeof(line));
	config_session_free(r.session);
	return r.refused;
}

unsigned int
config_text_apply(struct conf *c, const char *text, struct config_error **errors)
{
	return config_text_check(c, text, false, errors);
}

void
config_errors_free(struct config_error *e)
{
	while (e != NULL) {
		struct config_error *next = e->next;

		free(e);
		e = next;
	}
}
