/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration as tests give it and get it back: whole texts, and lines as they are typed. */
#ifndef CULVERT_TEST_CONFIG_SCENE_H
#define CULVERT_TEST_CONFIG_SCENE_H

#include "cli/config_session.h"

char *config_read(const char *path);	/* a whole file; the caller frees it */
struct text config_written(const struct conf *c);
/* What is written is accepted whole, and is then written the same. */
void config_check_fixed_point(const struct conf *c);
/* Into a new configuration; so many lines are refused. */
struct conf *config_apply(const char *text, unsigned int refused);

struct config_result config_type(struct config_session *s, const char *line);
void config_enter(struct config_session *s, const char *line);		/* it is accepted */
void config_enter_all(struct config_session *s, const char *lines);	/* separated by newlines */
/* ... or refused, for a reason that contains `why`. */
void config_refuses(struct config_session *s, const char *line, const char *why);

#endif
