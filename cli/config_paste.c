/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that belongs to a command: certificates, answers, passwords (paste.h). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/config_state.h"

static bool
is_answer(const struct cmd_paste *p)
{
	return p->kind == PASTE_ANSWER || p->kind == PASTE_SECRET;
}

/* A command, or the text behind it, answered. */
void
config_answered(struct config_session *s, const struct cmd_call *call, bool done,
    struct config_result *r)
{
	r->status = !done ? LINE_REFUSED : call->paste == NULL ? LINE_OK :
	    call->paste->kind == PASTE_SECRET ? LINE_SECRET : LINE_TEXT;
	memcpy(r->why, call->why, sizeof(r->why));
	if (done && call->paste != NULL && call->paste->say != NULL)
		snprintf(r->why, sizeof(r->why), "%s%s", call->why, call->paste->say);
	s->paste = done ? call->paste : NULL;
	r->effect = done && call->paste == NULL && s->effect.kind != EFFECT_NONE;
}

bool
config_session_pasting(const struct config_session *s)
{
	return s->paste != NULL;
}

static bool
is_hex(const char *line)
{
	return line[strspn(line, "0123456789ABCDEFabcdef \t\r")] == '\0';
}

/* Whether more of PEM than its BEGIN lines was ended. */
static bool
in_pem(const char *text)
{
	const char *begin = NULL, *at;

	for (at = text; (at = strstr(at, "-----BEGIN ")) != NULL; at++)
		begin = at;
	return begin != NULL && strstr(begin, "-----END ") == NULL;
}

enum paste_end { PASTE_GOES_ON, PASTE_COMPLETE, PASTE_BROKEN };

static enum paste_end
paste_end(const struct config_session *s, const char *line)
{
	bool blank = line[strspn(line, " \t\r")] == '\0';
	const char *text = text_str(&s->pasted);

	if (strcmp(line, "quit") == 0)
		return PASTE_COMPLETE;
	if (is_answer(s->paste))
		return PASTE_COMPLETE;
	if (s->paste->kind == PASTE_HEX)
		return is_hex(line) ? PASTE_GOES_ON : PASTE_BROKEN;
	if (strcmp(line, "end") == 0)		/* Ctrl-Z */
		return PASTE_BROKEN;
	return blank && !in_pem(text) ? PASTE_COMPLETE : PASTE_GOES_ON;
}

static void
paste_done(struct config_session *s, struct config_result *r)
{
	struct cmd_call call = {.verb = CMD_SET, .conf = s->conf, .key = s->key,
	    .pasted = text_str(&s->pasted), .effect = &s->effect};
	bool done;

	call.obj = s->mode->find(s->conf, &s->key);
	done = call.obj != NULL && s->paste->done(&call);
	if (call.obj == NULL)
		cmd_refuse(&call, "%% what this was for has been removed");
	config_answered(s, &call, done, r);
	r->changed = r->status == LINE_OK && !r->effect;
	text_free(&s->pasted);
}

void
config_paste_line(struct config_session *s, const char *typed, struct config_result *r)
{
	char line[PASTE_LINE_MAX];
	size_t len;
	enum paste_end end;

	typed += strspn(typed, " \t");
	len = strcspn(typed, "\r\n");
	while (len > 0 && isspace((unsigned char)typed[len - 1]))
		len--;
	snprintf(line, sizeof(line), "%.*s", (int)len, typed);
	end = len >= sizeof(line) || s->pasted.len + len > PASTE_BYTES_MAX ? PASTE_BROKEN :
	    paste_end(s, line);
	if (end == PASTE_GOES_ON || (is_answer(s->paste) && end == PASTE_COMPLETE)) {
		text_put(&s->pasted, line, len);
		text_put(&s->pasted, "\n", !is_answer(s->paste));
		r->status = LINE_TEXT;
	}
	if (end == PASTE_COMPLETE)
		paste_done(s, r);
	if (end == PASTE_BROKEN) {
		s->paste = NULL;
		text_free(&s->pasted);
		r->status = LINE_REFUSED;
		snprintf(r->why, sizeof(r->why), "%% the text before this line has no end, or is "
		    "too long; it was not taken");
	}
	explicit_bzero(line, sizeof(line));
}
