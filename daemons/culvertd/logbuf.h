/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: what `logging buffered` keeps and `show logging` prints.
 *
 * Lines come from the daemons over IPC and from control itself.  Each is stamped
 * when it arrives, put in a ring of as many bytes as are configured (the
 * oldest whole lines go first), and handed to the console and to the shells
 * that said `terminal monitor`, each by its own level.
 */
#ifndef CULVERT_LOGBUF_H
#define CULVERT_LOGBUF_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "conf.h"
#include "log.h"
#include "stamp.h"

struct logbuf_line {
	struct logbuf_line *prev, *next;
	size_t len;
	char text[];			/* with its stamp, without a newline */
};

struct logbuf {
	struct logbuf_line *lines;
	size_t bytes;
	uint64_t buffered, to_console, to_monitors;	/* lines logged so far */
	uint64_t dropped;		/* daemons had them for us, and our queue had no room */
	/* Where a line goes that the level lets through; any may be NULL. */
	void (*console)(void *arg, const char *line);
	void (*monitors)(void *arg, const char *line);
	/* Each line, whatever its level. */
	void (*any)(void *arg, const char *line);
	/* A line went into the buffer. */
	void (*stored)(void *arg, const char *line);
	void *arg;
};

void logbuf_add(struct logbuf *b, const struct conf *c, const struct stamp_time *t,
    enum log_severity sev, const char *facility, const char *mnemonic, const char *text);
/* Lines with their stamps, each ended by a newline, that a control before us had. */
void logbuf_restore(struct logbuf *b, const char *lines);
void logbuf_clear(struct logbuf *b);
void logbuf_show(const struct logbuf *b, const struct conf *c, struct text *out);

#endif
