/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Becoming a daemon, with an answer: whoever typed `culvertd` waits until the router is
 * up, or until all that was started for it has ended again and the reason is known.
 */
#ifndef CULVERT_OUTCOME_H
#define CULVERT_OUTCOME_H

#include <stdbool.h>

struct outcome {
	int fd;			/* to the parent that waits; -1 in the foreground */
	bool said, failed;
};

/* Forks. The parent does not come back; the child has what it needs in *o. False with errno. */
bool outcome_daemonize(struct outcome *o);
/* Says once how the start went: NULL, or why it failed. */
void outcome_say(struct outcome *o, const char *why_not);

#endif
