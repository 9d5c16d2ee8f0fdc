/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process in which an applet runs.  It opens the router's shell for itself,
 * and says what is to be logged in messages of a severity byte and the text.
 */
#ifndef CULVERT_EEM_CHILD_H
#define CULVERT_EEM_CHILD_H

#include "conf_eem.h"

#define EEM_MESSAGE_MAX 1024

/* What the applet knows of its event beside the environment; `value` NULL ends the list. */
struct eem_fact {
	const char *name, *value;
};

/* In the new process; `out` is its only descriptor that stays.  Does not come back. */
void eem_child(const struct conf_eem_applet *applet, const struct conf_eem_variable *env,
    const struct eem_fact *facts, const char *rundir, int out) __attribute__((noreturn));

#endif
