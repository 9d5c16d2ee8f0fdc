/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends the daemons what they should have: all of it, or what has changed. */
#ifndef CULVERT_COMMIT_H
#define CULVERT_COMMIT_H

struct control;
struct link;

void commit_changes(struct control *c);			/* after the configuration changed */
void commit_all(struct control *c, struct link *l);	/* after a connect: BEGIN, all, END */
void commit_debug(struct control *c);			/* the debug mask, to all */

#endif
