/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "eem_script.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "eem_vars.h"
#include "pattern.h"

#define FILES_MAX 8
#define STEPS_MAX 1000000	/* a loop without a wait ends here, should maxrun be long */

struct open_file {
	char name[EEM_NAME_MAX];
	FILE *f;
};

struct eem_script {
	const struct conf_eem_applet *applet;
	const struct eem_script_ops *ops;
	void *arg;
	struct eem_vars vars;
	struct open_file file[FILES_MAX];
	struct text arg_text[EEM_ARGS_MAX];	/* of the action under way, expanded */
	const struct conf_eem_action *at;
	bool failed, done;
	int status;
};

static void __attribute__((format(printf, 2, 3)))
fail(struct eem_script *s, const char *fmt, ...)
{
	char why[200], line[320];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	snprintf(line, sizeof(line), "action %s: %s", s->at != NULL ? s->at->label : "-", why);
	s->ops->log(s->arg, LOG_SEV_ERR, line);
	s->failed = s->done = true;
}

/* --- variables --- */

/* Where a new value goes; NULL: it is one too many, and that ended the run. */
static struct text *
variable(struct eem_script *s, const char *name)
{
	struct text *value = eem_vars_get(&s->vars, name);

	if (value == NULL)
		fail(s, "more than %d variables", EEM_VARIABLES_MAX);
	return value;
}

static void
set(struct eem_script *s, const char *name, const char *value, size_t len)
{
	struct text *v = variable(s, name);

	if (v == NULL)
		return;
	v->len = 0;
	text_put(v, value, len < EEM_VALUE_MAX ? len : EEM_VALUE_MAX);
}

void
eem_script_set(struct eem_script *s, const char *name, const char *value)
{
	set(s, name, value, strlen(value));
}

/* --- blocks --- */

static bool
opens(const struct conf_eem_action *a)
{
	return a->kind == EEM_IF || a->kind == EEM_WHILE;
}

/* From behind `a`: the next elseif, else (when `branches`) or end of the same depth; NULL: none. */
static const struct conf_eem_action *
block_next(const struct conf_eem_action *a, bool branches)
{
	unsigned int depth = 0;

	for (a = a->next; a != NULL; a = a->next) {
		if (opens(a))
			depth++;
		else if (a->kind == EEM_END && depth-- == 0)
			return a;
		else if (branches && depth == 0 && (a->kind == EEM_ELSE || a->kind == EEM_ELSEIF))
			return a;
	}
	return NULL;
}

/* The `while` around a, or NULL. */
static const struct conf_eem_action *
loop_around(const struct eem_script *s, const struct conf_eem_action *a)
{
	const struct conf_eem_action *x, *found = NULL;

	for (x = s->applet->actions; x != NULL && x != a; x = x->next) {
		const struct conf_eem_action *e = x->kind == EEM_WHILE ? block_next(x, false) : NULL;
		const struct conf_eem_action *y;

		for (y = x; e != NULL && y != e; y = y->next)
			if (y == a)
				found = x;
		if (e == a)
			found = x;
	}
	return found;
}

static bool
number(const char *s, long long *n)
{
	char *end;

	errno = 0;
	*n = strtoll(s, &end, 10);
	return end != s && *end == '\0' && errno == 0;
}

static bool
holds(const struct eem_script *s, const struct conf_eem_action *a)
{
	const char *l = text_str(&s->arg_text[0]), *r = text_str(&s->arg_text[1]);
	long long x, y;
	int order = number(l, &x) && number(r, &y) ? (x > y) - (x < y) : strcmp(l, r);

	switch (a->compare) {
	case EEM_EQ:
		return order == 0;
	case EEM_NE:
		return order != 0;
	case EEM_LT:
		return order < 0;
	case EEM_LE:
		return order <= 0;
	case EEM_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

static void
expand_args(struct eem_script *s, const struct conf_eem_action *a)
{
	char missing[EEM_NAME_MAX];
	unsigned int i;

	for (i = 0; i < a->args && !s->failed; i++)
		if (!eem_vars_expand(&s->vars, a->arg[i], &s->arg_text[i], missing))
			fail(s, "the variable %s is not set", missing);
}

/* Into the first branch that holds: what runs next. */
static const struct conf_eem_action *
branch(struct eem_script *s, const struct conf_eem_action *a)
{
	while (a != NULL && (a->kind == EEM_IF || a->kind == EEM_ELSEIF)) {
		s->at = a;
		expand_args(s, a);
		if (s->failed || holds(s, a))
			return a->next;
		a = block_next(a, true);
	}
	if (a == NULL)
		fail(s, "an if without end");
	return a == NULL ? NULL : a->next;
}

static const struct conf_eem_action *
leave_loop(struct eem_script *s, const struct conf_eem_action *a, bool again)
{
	const struct conf_eem_action *loop = loop_around(s, a), *end;

	if (loop == NULL) {
		fail(s, "there is no while around it");
		return NULL;
	}
	end = block_next(loop, false);
	return again ? loop : end->next;
}

/* What follows `a`, an action of the language itself. */
static const struct conf_eem_action *
flow(struct eem_script *s, const struct conf_eem_action *a)
{
	const struct conf_eem_action *end;

	switch (a->kind) {
	case EEM_IF:
		return branch(s, a);
	case EEM_ELSE:
	case EEM_ELSEIF:	/* a branch before this one ran */
		end = block_next(a, false);
		if (end == NULL)
			fail(s, "an if without end");
		return end == NULL ? NULL : end->next;
	case EEM_WHILE:
		end = block_next(a, false);
		if (end == NULL) {
			fail(s, "a while without end");
			return NULL;
		}
		expand_args(s, a);
		return holds(s, a) ? a->next : end->next;
	case EEM_END:
		end = loop_around(s, a);
		return end != NULL && block_next(end, false) == a ? end : a->next;
	case EEM_BREAK:
		return leave_loop(s, a, false);
	case EEM_CONTINUE:
		return leave_loop(s, a, true);
	case EEM_EXIT:
		s->status = (int)a->number;
		s->done = true;
		return NULL;
	default:
		return NULL;
	}
}

/* --- actions --- */

static void
run_cli(struct eem_script *s)
{
	struct text out = {0};

	if (s->ops->cli(s->arg, text_str(&s->arg_text[0]), &out))
		set(s, "_cli_result", text_str(&out), out.len);
	else
		fail(s, "the router does not answer");
	text_free(&out);
}

static void
run_regexp(struct eem_script *s, const struct conf_eem_action *a)
{
	const char *input = text_str(&s->arg_text[1]);
	struct slice groups[PATTERN_GROUPS];
	char why[PATTERN_WHY_MAX];
	struct pattern *p = pattern_new(text_str(&s->arg_text[0]), why);
	unsigned int i;
	bool match;

	if (p == NULL) {
		fail(s, "\"%.80s\" is no regular expression: %s", text_str(&s->arg_text[0]), why);
		return;
	}
	match = pattern_groups(p, input, groups);
	pattern_free(p);
	eem_script_set(s, "_regexp_result", match ? "1" : "0");
	for (i = 2; i < a->args && match; i++) {
		size_t group = i - 2;

		if (group < PATTERN_GROUPS && groups[group].p != NULL)
			set(s, a->arg[i], (const char *)groups[group].p, groups[group].len);
		else
			eem_script_set(s, a->arg[i], "");
	}
}

static void
run_count(struct eem_script *s, const struct conf_eem_action *a)
{
	const struct text *old = eem_vars_find(&s->vars, a->arg[0]);
	long long n, by = a->number == 0 ? 1 : a->number;
	char text[32];

	if (old == NULL || !number(text_str(old), &n)) {
		fail(s, "%s is no number", a->arg[0]);
		return;
	}
	if (__builtin_add_overflow(n, a->kind == EEM_INCREMENT ? by : -by, &n)) {
		fail(s, "%s is too large", a->arg[0]);
		return;
	}
	snprintf(text, sizeof(text), "%lld", n);
	eem_script_set(s, a->arg[0], text);
}

static void
run_append(struct eem_script *s, const struct conf_eem_action *a)
{
	struct text *v = variable(s, a->arg[0]);

	if (v != NULL && v->len + s->arg_text[1].len <= EEM_VALUE_MAX)
		text_put(v, text_str(&s->arg_text[1]), s->arg_text[1].len);
}

/* --- files --- */

static struct open_file *
file_named(struct eem_script *s, const char *name)
{
	size_t i;

	for (i = 0; i < FILES_MAX; i++)
		if (s->file[i].f != NULL && strcmp(s->file[i].name, name) == 0)
			return &s->file[i];
	return NULL;
}

static void
file_open(struct eem_script *s, const struct conf_eem_action *a)
{
	char path[512];
	const char *why = s->ops->file_path(s->arg, text_str(&s->arg_text[1]), path, sizeof(path));
	struct open_file *f = s->file;

	if (why != NULL) {
		fail(s, "%s", why);
		return;
	}
	while (f < s->file + FILES_MAX && f->f != NULL)
		f++;
	if (f == s->file + FILES_MAX || file_named(s, a->arg[0]) != NULL) {
		fail(s, "the descriptor %s is in use, or too many are", a->arg[0]);
		return;
	}
	f->f = fopen(path, a->arg[2]);
	if (f->f == NULL)
		fail(s, "%s: %s", text_str(&s->arg_text[1]), strerror(errno));
	snprintf(f->name, sizeof(f->name), "%.63s", a->arg[0]);
}

static void
file_gets(struct eem_script *s, FILE *f, const char *variable)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n = getline(&line, &room, f);

	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	set(s, variable, n > 0 ? line : "", n > 0 ? (size_t)n : 0);
	free(line);
}

static void
file_delete(struct eem_script *s)
{
	char path[512];
	const char *why = s->ops->file_path(s->arg, text_str(&s->arg_text[0]), path, sizeof(path));

	if (why != NULL)
		fail(s, "%s", why);
	else if (remove(path) < 0)
		fail(s, "%s: %s", text_str(&s->arg_text[0]), strerror(errno));
}

static void
run_file(struct eem_script *s, const struct conf_eem_action *a)
{
	struct open_file *f;

	if (a->kind == EEM_FILE_OPEN || a->kind == EEM_FILE_DELETE) {
		a->kind == EEM_FILE_OPEN ? file_open(s, a) : file_delete(s);
		return;
	}
	f = file_named(s, a->arg[0]);
	if (f == NULL) {
		fail(s, "no file is open as %s", a->arg[0]);
	} else if (a->kind == EEM_FILE_GETS) {
		file_gets(s, f->f, a->arg[1]);
	} else if (a->kind == EEM_FILE_CLOSE) {
		if (fclose(f->f) != 0)
			fail(s, "%s: %s", f->name, strerror(errno));
		f->f = NULL;
	} else {
		fputs(text_str(&s->arg_text[1]), f->f);
		if (a->kind == EEM_FILE_PUTS)
			fputc('\n', f->f);
	}
}

/* --- the run --- */

/* An action that does something; what follows it is simply the next. */
static void
act(struct eem_script *s, const struct conf_eem_action *a)
{
	expand_args(s, a);
	if (s->failed)
		return;
	switch (a->kind) {
	case EEM_APPEND:
		run_append(s, a);
		break;
	case EEM_CLI:
		run_cli(s);
		break;
	case EEM_DECREMENT:
	case EEM_INCREMENT:
		run_count(s, a);
		break;
	case EEM_PUTS:
		s->ops->log(s->arg, LOG_SEV_INFO, text_str(&s->arg_text[0]));
		break;
	case EEM_SYSLOG:
		s->ops->log(s->arg, a->severity == 0 ? LOG_SEV_INFO :
		    (enum log_severity)(a->severity - 1), text_str(&s->arg_text[0]));
		break;
	case EEM_REGEXP:
		run_regexp(s, a);
		break;
	case EEM_SET:
		set(s, a->arg[0], text_str(&s->arg_text[1]), s->arg_text[1].len);
		break;
	case EEM_WAIT:
		s->ops->wait(s->arg, a->number);
		break;
	case EEM_COMMENT:
		break;
	default:
		run_file(s, a);
		break;
	}
}

static bool
is_flow(const struct conf_eem_action *a)
{
	switch (a->kind) {
	case EEM_IF:
	case EEM_ELSE:
	case EEM_ELSEIF:
	case EEM_WHILE:
	case EEM_END:
	case EEM_BREAK:
	case EEM_CONTINUE:
	case EEM_EXIT:
		return true;
	default:
		return false;
	}
}

int
eem_script_run(struct eem_script *s)
{
	const struct conf_eem_action *a = s->applet->actions;
	unsigned int steps = 0;

	while (a != NULL && !s->done) {
		s->at = a;
		if (++steps > STEPS_MAX) {
			fail(s, "more than %d actions were run", STEPS_MAX);
		} else if (is_flow(a)) {
			a = flow(s, a);
		} else {
			act(s, a);
			a = a->next;
		}
	}
	return s->failed ? -1 : s->status;
}

struct eem_script *
eem_script_new(const struct conf_eem_applet *applet, const struct conf_eem_variable *env,
    const struct eem_script_ops *ops, void *arg)
{
	struct eem_script *s = calloc(1, sizeof(*s));
	const struct conf_eem_variable *v;

	if (s == NULL)
		log_fatal("out of memory for an applet");
	s->applet = applet;
	s->ops = ops;
	s->arg = arg;
	DL_FOREACH(env, v)
		eem_script_set(s, v->name, v->value);
	return s;
}

void
eem_script_free(struct eem_script *s)
{
	unsigned int i;

	eem_vars_free(&s->vars);
	for (i = 0; i < EEM_ARGS_MAX; i++)
		text_free(&s->arg_text[i]);
	for (i = 0; i < FILES_MAX; i++)
		if (s->file[i].f != NULL)
			fclose(s->file[i].f);
	free(s);
}
