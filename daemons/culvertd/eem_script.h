/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An applet's actions, carried out one after the other.
 *
 * The strings of an action are expanded first (eem_vars.h).  A variable that is not
 * set ends the run, as every error does; what it was about is logged.  What an action
 * does to the world goes through ops, so that tests have a world of their own.
 */
#ifndef CULVERT_EEM_SCRIPT_H
#define CULVERT_EEM_SCRIPT_H

#include "buf.h"
#include "conf_eem.h"
#include "log.h"

struct eem_script_ops {
	/* The output, with the prompt behind it; false: the router does not answer. */
	bool (*cli)(void *arg, const char *command, struct text *output);
	void (*log)(void *arg, enum log_severity sev, const char *text);
	void (*wait)(void *arg, unsigned int seconds);
	/* NULL, or why not.  A file's name is as in flash.h. */
	const char *(*file_path)(void *arg, const char *url, char *path, size_t room);
};

struct eem_script;

/* `env` and `applet` are borrowed. */
struct eem_script *eem_script_new(const struct conf_eem_applet *applet,
    const struct conf_eem_variable *env, const struct eem_script_ops *ops, void *arg);
void eem_script_free(struct eem_script *s);
void eem_script_set(struct eem_script *s, const char *name, const char *value);
/* 0, or what `exit` said; -1 after an error, which was logged. */
int eem_script_run(struct eem_script *s);

#endif
