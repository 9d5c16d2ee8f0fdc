/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of the configuration that is the Embedded Event Manager's: applets,
 * each with one event and a list of actions, and environment variables.
 *
 * Actions are kept in the order of their labels, which is how they run.
 */
#ifndef CULVERT_CONF_EEM_H
#define CULVERT_CONF_EEM_H

#include <stdint.h>

#define EEM_NAME_MAX 64
#define EEM_LABEL_MAX 24
#define EEM_STRING_MAX 256
#define EEM_ARGS_MAX 6

enum eem_event_kind {
	EEM_EVENT_MISSING, EEM_EVENT_SYSLOG, EEM_EVENT_WATCHDOG, EEM_EVENT_COUNTDOWN, EEM_EVENT_CRON,
	EEM_EVENT_NONE,			/* event none: only run by hand */
};

struct conf_eem_event {
	uint8_t kind;			/* enum eem_event_kind */
	char pattern[EEM_STRING_MAX];	/* syslog: an extended regular expression */
	uint32_t occurs, period_s;	/* syslog: as often within; 0: 1, any time */
	uint32_t time_s;		/* watchdog, countdown */
	char cron[EEM_STRING_MAX];	/* cron-entry */
	uint32_t maxrun_s;		/* 0: 20 */
	uint32_t ratelimit_s;		/* 0: none */
};

enum eem_action_kind {
	EEM_APPEND = 1, EEM_BREAK, EEM_CLI, EEM_COMMENT, EEM_CONTINUE, EEM_DECREMENT, EEM_ELSE,
	EEM_ELSEIF, EEM_END, EEM_EXIT, EEM_FILE_CLOSE, EEM_FILE_DELETE, EEM_FILE_GETS, EEM_FILE_OPEN,
	EEM_FILE_PUTS, EEM_FILE_WRITE, EEM_IF, EEM_INCREMENT, EEM_PUTS, EEM_REGEXP, EEM_SET,
	EEM_SYSLOG, EEM_WAIT, EEM_WHILE, EEM_ACTION_KINDS
};

enum eem_compare { EEM_EQ = 1, EEM_NE, EEM_LT, EEM_LE, EEM_GT, EEM_GE };

struct conf_eem_action {
	char label[EEM_LABEL_MAX];
	uint8_t kind;			/* enum eem_action_kind */
	uint8_t compare;		/* if, elseif, while: enum eem_compare */
	uint8_t severity;		/* syslog: severity + 1; 0: informational */
	uint32_t number;		/* wait: seconds; increment, decrement: by how much; exit: status */
	unsigned int args;
	char arg[EEM_ARGS_MAX][EEM_STRING_MAX];	/* strings and names as typed, without quotes */
	struct conf_eem_action *prev, *next;
};

struct conf_eem_applet {
	char name[EEM_NAME_MAX];
	char description[EEM_STRING_MAX];
	struct conf_eem_event event;
	struct conf_eem_action *actions;
	struct conf_eem_applet *prev, *next;
};

struct conf_eem_variable {
	char name[EEM_NAME_MAX];
	char value[EEM_STRING_MAX];
	struct conf_eem_variable *prev, *next;
};

struct conf_eem {			/* a member of struct conf */
	struct conf_eem_applet *applets;	/* in the order they were made */
	struct conf_eem_variable *variables;	/* by name */
};

/* Deep; what `to` had is not freed. */
void conf_eem_copy(struct conf_eem *to, const struct conf_eem *from);
void conf_eem_free(struct conf_eem *e);

/* find: NULL when there is none.  get: makes it where there is none.  del: frees it. */
struct conf_eem_applet *conf_eem_applet_find(const struct conf_eem *e, const char *name);
struct conf_eem_applet *conf_eem_applet_get(struct conf_eem *e, const char *name);
void conf_eem_applet_del(struct conf_eem *e, struct conf_eem_applet *a);
/* Takes a copy, in the place of the one with that label. */
void conf_eem_action_set(struct conf_eem_applet *a, const struct conf_eem_action *action);
void conf_eem_action_del(struct conf_eem_applet *a, const char *label);	/* none is fine */
void conf_eem_variable_set(struct conf_eem *e, const char *name, const char *value);	/* NULL: delete */

#endif
