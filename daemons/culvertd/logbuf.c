/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "logbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#define DEFAULT_BYTES 4096
#define LINE_BYTES 1300

static const char *const level_names[] = {
	"emergencies", "alerts", "critical", "errors", "warnings", "notifications",
	"informational", "debugging",
};

/* The model has 0 for "not configured", which is debugging, else the level + 1. */
static unsigned int
level(uint8_t configured)
{
	return configured == 0 || configured > 8 ? LOG_SEV_DEBUG : configured - 1u;
}

static size_t
room(const struct conf *c)
{
	return c->logging.buffer_bytes == 0 ? DEFAULT_BYTES : c->logging.buffer_bytes;
}

static void
drop_oldest(struct logbuf *b, size_t limit)
{
	struct logbuf_line *l;

	while (b->bytes > limit && (l = b->lines) != NULL) {
		DL_DELETE(b->lines, l);
		b->bytes -= l->len + 1;
		free(l);
	}
}

static void
append(struct logbuf *b, const char *text, size_t len)
{
	struct logbuf_line *l = malloc(sizeof(*l) + len + 1);

	if (l == NULL)
		return;
	l->len = len;
	memcpy(l->text, text, len);
	l->text[len] = '\0';
	DL_APPEND(b->lines, l);
	b->bytes += len + 1;
	b->buffered++;
}

void
logbuf_add(struct logbuf *b, const struct conf *c, const struct stamp_time *t,
    enum log_severity sev, const char *facility, const char *mnemonic, const char *text)
{
	const struct conf_logging *how = &c->logging;
	bool debug = mnemonic[0] == '\0';
	char line[LINE_BYTES], stamp[STAMP_STRLEN];

	stamp_str(debug ? &c->debug_stamp : &c->log_stamp, t, stamp);
	if (debug)
		snprintf(line, sizeof(line), "%s%s: %s", stamp, facility, text);
	else
		snprintf(line, sizeof(line), "%s%%%s-%d-%s: %s", stamp, facility, (int)sev, mnemonic,
		    text);
	if (!how->no_buffered && sev <= level(how->buffered_level)) {
		append(b, line, strlen(line));
		drop_oldest(b, room(c));
		if (b->stored != NULL)
			b->stored(b->arg, line);
	}
	if (b->console != NULL && !how->no_console && sev <= level(how->console_level)) {
		b->to_console++;
		b->console(b->arg, line);
	}
	if (b->monitors != NULL && !how->no_monitor && sev <= level(how->monitor_level)) {
		b->to_monitors++;
		b->monitors(b->arg, line);
	}
	if (b->any != NULL)
		b->any(b->arg, line);
}

void
logbuf_restore(struct logbuf *b, const char *lines)
{
	for (; *lines != '\0'; lines += strcspn(lines, "\n"), lines += *lines == '\n')
		append(b, lines, strcspn(lines, "\n"));
}

void
logbuf_clear(struct logbuf *b)
{
	drop_oldest(b, 0);
}

static void
show_target(struct text *out, const char *head, bool off, uint8_t configured, uint64_t count,
    const char *indent)
{
	if (off)
		text_add(out, "    %s disabled\n", head);
	else
		text_add(out, "    %s level %s, %llu messages logged, xml disabled,\n%sfiltering disabled\n",
		    head, level_names[level(configured)], (unsigned long long)count, indent);
}

void
logbuf_show(const struct logbuf *b, const struct conf *c, struct text *out)
{
	const struct conf_logging *how = &c->logging;
	const struct logbuf_line *l;

	text_add(out, "Syslog logging: enabled (%llu messages dropped, 0 messages rate-limited, 0 flushes, "
	    "0 overruns, xml disabled, filtering disabled)\n\n"
	    "No Active Message Discriminator.\n\n\n\nNo Inactive Message Discriminator.\n\n\n",
	    (unsigned long long)b->dropped);
	show_target(out, "Console logging:", how->no_console, how->console_level, b->to_console,
	    "                     ");
	show_target(out, "Monitor logging:", how->no_monitor, how->monitor_level, b->to_monitors,
	    "                     ");
	if (how->no_buffered)
		text_add(out, "    Buffer logging:  disabled, xml disabled,\n"
		    "                    filtering disabled\n");
	else
		show_target(out, "Buffer logging: ", false, how->buffered_level, b->buffered,
		    "                    ");
	text_add(out, "    Exception Logging: disabled\n"
	    "    Count and timestamp logging messages: disabled\n"
	    "    File logging: disabled\n"
	    "    Persistent logging: disabled\n\n"
	    "No active filter modules.\n\n"
	    "    Trap logging: disabled\n\n");
	text_add(out, "Log Buffer (%zu bytes):\n", room(c));
	DL_FOREACH(b->lines, l)
		text_add(out, "%s\n", l->text);
}
