/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The running-config in memory that outlives control: its text, what we gave the
 * kernel (owned.h), the refused lines of the startup-config, and a reload that is due
 * (reload.h).  The lines of the log buffer are there too, appended one by one.
 *
 * Two slots are written in turn, and the old one is wiped when the new one is
 * committed, so a death at any moment leaves one whole copy.  It holds
 * pre-shared keys: never in a core dump, wiped when replaced.
 */
#ifndef CULVERT_RUNNING_H
#define CULVERT_RUNNING_H

#include <stdbool.h>
#include <stdint.h>

#define RUNNING_BYTES_MAX (8u * 1024 * 1024)

struct keep;

struct running {
	struct keep *keep;
	uint32_t generation;
	bool too_large;			/* said once */
};

enum { RUNNING_CONFIG, RUNNING_OWNED, RUNNING_ERRORS, RUNNING_RELOAD, RUNNING_PARTS };

/* fd: -1 gives private memory. */
bool running_open(struct running *r, int fd);
void running_close(struct running *r);
void running_save(struct running *r, const char *const part[RUNNING_PARTS]);
/* The texts that the last control left; they live until the next save. False: none. */
bool running_load(const struct running *r, const char *part[RUNNING_PARTS]);

/* One line of the log. False when there is no room: reset, and append what is still wanted. */
bool running_log_append(struct running *r, const char *line);
void running_log_reset(struct running *r);
/* The lines of the control before, each ended by a newline; "" when there are none. */
const char *running_log_load(const struct running *r);

#endif
