/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "eem_policy.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#include "cli/cmds.h"
#include "cron.h"
#include "eem_child.h"
#include "loop.h"
#include "pattern.h"

#define WAITING_MAX 8		/* events that wait for a run to end */

static int64_t
wall_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct eem_policy *
policy_find(const struct eem *e, const char *name)
{
	struct eem_policy *p;

	DL_FOREACH(e->policies, p)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

/* --- runs --- */

static void start(struct eem_policy *p, const char *line, const char *arguments);

static void
count_run(struct eem_policy *p)
{
	mono_t took = mono_sub(loop_now(p->eem->loop), p->run.began);

	p->runs++;
	p->ran = mono_add(p->ran, took);
	if (mono_before(p->longest, took))
		p->longest = took;
}

static void
run_over(struct eem_policy *p)
{
	struct eem_run *r = &p->run;
	struct eem_waiting *w;
	int status = -1;

	count_run(p);
	watch_stop(&r->watch);
	timer_stop(&r->maxrun);
	close(r->fd);
	kill(r->pid, SIGKILL);		/* it closed its end: nothing of it is left to hear */
	waitpid(r->pid, &status, 0);
	r->pid = 0;
	if (r->history->job == r->job)
		snprintf(r->history->status, sizeof(r->history->status), "%s",
		    !r->expired && WIFEXITED(status) && WEXITSTATUS(status) != 255 ? "success" : "abort");
	w = p->waiting;
	if (w == NULL || p->stale)
		return;
	DL_DELETE(p->waiting, w);
	p->waiting_count--;
	start(p, w->line, "");
	free(w);
}

static void
run_expired(struct timer *t)
{
	struct eem_policy *p = container_of(t, struct eem_policy, run.maxrun);
	char line[200];

	snprintf(line, sizeof(line), "%s: ended, it ran longer than its maxrun of %u seconds", p->name,
	    p->event.maxrun_s == 0 ? EEM_DEFAULT_MAXRUN_S : p->event.maxrun_s);
	p->eem->log(p->eem->arg, LOG_SEV_ERR, line);
	p->run.expired = true;
	kill(p->run.pid, SIGKILL);
}

/* The child says something, or is over. */
static void
run_says(struct watch *w, unsigned int events)
{
	struct eem_policy *p = container_of(w, struct eem_policy, run.watch);
	char message[1 + EEM_MESSAGE_MAX + 1], line[EEM_NAME_MAX + EEM_MESSAGE_MAX + 8], *at, *rest;
	ssize_t n = recv(p->run.fd, message, sizeof(message) - 1, MSG_DONTWAIT);

	(void)events;
	if (n > 1) {
		message[n] = '\0';
		/* A line of the log has no newline in it. */
		for (at = strtok_r(message + 1, "\r\n", &rest); at != NULL;
		    at = strtok_r(NULL, "\r\n", &rest)) {
			snprintf(line, sizeof(line), "%s: %s", p->name, at);
			p->eem->log(p->eem->arg, (enum log_severity)(message[0] & 7), line);
		}
	} else if (n == 0) {
		run_over(p);
	}
}

static struct eem_history *
remember(struct eem_policy *p)
{
	struct eem *e = p->eem;
	struct eem_history *h = &e->history[e->jobs % EEM_HISTORY];

	*h = (struct eem_history){.job = ++e->jobs, .wall_us = wall_us(), .event = eem_type_name(&p->event)};
	snprintf(h->status, sizeof(h->status), "running");
	snprintf(h->name, sizeof(h->name), "%s", p->name);
	return h;
}

/* Forks.  The child has a copy of everything, so that nothing needs to be handed over. */
static bool
spawn(struct eem_policy *p, const struct conf_eem_applet *applet, const struct eem_fact *facts)
{
	struct eem *e = p->eem;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return false;
	p->run = (struct eem_run){.fd = fds[0], .watch = {.run = run_says}, .maxrun = {.run = run_expired}};
	p->run.pid = fork();
	if (p->run.pid == 0)
		eem_child(applet, e->conf->variables, facts, e->rundir, fds[1]);
	close(fds[1]);
	if (p->run.pid < 0 || watch_start(&p->run.watch, e->loop, fds[0], LOOP_READ) < 0) {
		close(fds[0]);
		if (p->run.pid > 0) {
			kill(p->run.pid, SIGKILL);
			waitpid(p->run.pid, NULL, 0);
		}
		p->run.pid = 0;
		return false;
	}
	return true;
}

/* `line` is the log line that set it off, or "". */
static void
start(struct eem_policy *p, const char *line, const char *arguments)
{
	const struct conf_eem_applet *applet = conf_eem_applet_find(p->eem->conf, p->name);
	char job[16], now[24], say[200];
	const struct eem_fact facts[] = {
		{"_event_id", job}, {"_event_type_string", eem_type_name(&p->event)}, {"_event_pub_time", now},
		{"_event_pub_sec", now}, {"_syslog_msg", line}, {"_none_arg", arguments}, {NULL, NULL},
	};
	struct eem_history *h;

	if (applet == NULL)
		return;
	h = remember(p);
	snprintf(job, sizeof(job), "%u", h->job);
	snprintf(now, sizeof(now), "%lld", (long long)(h->wall_us / 1000000));
	if (!spawn(p, applet, facts)) {
		snprintf(h->status, sizeof(h->status), "abort");
		snprintf(say, sizeof(say), "%s: no process for it", p->name);
		p->eem->log(p->eem->arg, LOG_SEV_ERR, say);
		return;
	}
	p->run.history = h;
	p->run.job = h->job;
	p->run.began = loop_now(p->eem->loop);
	timer_in(&p->run.maxrun, p->eem->loop,
	    mono_s(p->event.maxrun_s == 0 ? EEM_DEFAULT_MAXRUN_S : p->event.maxrun_s));
}

/* The event happened. */
static void
set_off(struct eem_policy *p, const char *line)
{
	mono_t now = loop_now(p->eem->loop);
	struct eem_waiting *w;

	p->triggered++;
	if (p->event.ratelimit_s != 0 && p->last.us != 0 &&
	    mono_before(now, mono_add(p->last, mono_s(p->event.ratelimit_s)))) {
		p->suppressed++;
		return;
	}
	p->last = now;
	if (p->run.pid == 0) {
		start(p, line, "");
		return;
	}
	if (p->waiting_count >= WAITING_MAX || (w = calloc(1, sizeof(*w))) == NULL) {
		p->suppressed++;
		return;
	}
	snprintf(w->line, sizeof(w->line), "%s", line);
	DL_APPEND(p->waiting, w);
	p->waiting_count++;
}

/* --- what sets it off --- */

/* The next full minute of the wall clock, a little late rather than early. */
static void
next_minute(struct eem_policy *p)
{
	timer_in(&p->timer, p->eem->loop, mono_us(60000000 - wall_us() % 60000000 + 20000));
}

static void
timer_due(struct timer *t)
{
	struct eem_policy *p = container_of(t, struct eem_policy, timer);
	time_t now = time(NULL);
	struct tm tm;

	switch (p->event.kind) {
	case EEM_EVENT_WATCHDOG:
		timer_in(t, p->eem->loop, mono_s(p->event.time_s));
		set_off(p, "");
		break;
	case EEM_EVENT_CRON:
		next_minute(p);
		gmtime_r(&now, &tm);
		if (cron_fits(&p->cron, &tm))
			set_off(p, "");
		break;
	default:
		set_off(p, "");
	}
}

/* Another match: are there as many within the period as it takes? */
static bool
often_enough(struct eem_policy *p)
{
	const struct conf_eem_event *e = &p->event;
	unsigned int want = e->occurs == 0 ? 1 : e->occurs;
	mono_t now = loop_now(p->eem->loop);

	if (want == 1)
		return true;
	p->seen[p->seen_count++ % want] = now;
	if (p->seen_count < want)
		return false;
	/* The oldest of the last `want` is the one that the next match will replace. */
	if (e->period_s != 0 &&
	    mono_before(mono_add(p->seen[p->seen_count % want], mono_s(e->period_s)), now))
		return false;
	p->seen_count = 0;
	return true;
}

/* The message about an unknown SPI has two spellings, and a pattern may know either. */
static bool
other_spelling(const char *line, char other[EEM_LINE_BYTES])
{
	const char *at = strstr(line, "-RECV_PKT_INV_SPI"), *back = strstr(line, "-RECVD_PKT_INV_SPI");

	if (at != NULL)
		snprintf(other, EEM_LINE_BYTES, "%.*s-RECVD%s", (int)(at - line), line, at + 5);
	else if (back != NULL)
		snprintf(other, EEM_LINE_BYTES, "%.*s-RECV%s", (int)(back - line), line, back + 6);
	return at != NULL || back != NULL;
}

static bool
is_own(const struct eem_policy *p, const char *line)
{
	const char *text = strstr(line, "%HA_EM-");
	size_t len = strlen(p->name);

	text = text == NULL ? NULL : strstr(text, ": ");
	return text != NULL && strncmp(text + 2, p->name, len) == 0 && text[2 + len] == ':';
}

void
eem_syslog(struct eem *e, const char *line)
{
	char other[EEM_LINE_BYTES];
	bool two = other_spelling(line, other);
	struct eem_policy *p, *next;

	/* What starting a run has to say sets nothing off, or two applets without a process would
	 * call each other for ever. */
	if (e->matching)
		return;
	e->matching = true;
	DL_FOREACH_SAFE(e->policies, p, next) {
		if (p->event.kind != EEM_EVENT_SYSLOG || is_own(p, line))
			continue;
		if (!pattern_matches(p->pattern, line) &&
		    (!two || !pattern_matches(p->pattern, other)))
			continue;
		if (often_enough(p))
			set_off(p, line);
	}
	e->matching = false;
}

const char *
eem_run(struct eem *e, const char *name, const char *arguments)
{
	static char why[EEM_NAME_MAX + 60];
	struct eem_policy *p = policy_find(e, name);

	if (p == NULL) {
		snprintf(why, sizeof(why), "EEM policy %s is not registered", name);
	} else if (p->event.kind != EEM_EVENT_NONE) {
		snprintf(why, sizeof(why), "EEM policy %s has no `event none`", name);
	} else if (p->run.pid != 0) {
		snprintf(why, sizeof(why), "EEM policy %s is running", name);
	} else {
		p->triggered++;
		start(p, "", arguments);
		return NULL;
	}
	return why;
}

/* --- registration --- */

static void
forget(struct eem *e, struct eem_policy *p)
{
	struct eem_waiting *w, *next;

	p->stale = true;
	timer_stop(&p->timer);
	if (p->run.pid != 0)
		run_over(p);
	DL_FOREACH_SAFE(p->waiting, w, next) {
		DL_DELETE(p->waiting, w);
		free(w);
	}
	pattern_free(p->pattern);
	DL_DELETE(e->policies, p);
	text_free(&p->text);
	free(p);
}

static void
enrol(struct eem *e, const struct conf_eem_applet *a, struct text *text)
{
	struct eem_policy *p = calloc(1, sizeof(*p));
	char why[PATTERN_WHY_MAX];

	if (p == NULL)
		log_fatal("out of memory for an applet");
	p->eem = e;
	snprintf(p->name, sizeof(p->name), "%s", a->name);
	p->text = *text;
	*text = (struct text){0};
	p->event = a->event;
	p->registered_us = wall_us();
	p->timer.run = timer_due;
	DL_APPEND(e->policies, p);
	if (p->event.kind == EEM_EVENT_SYSLOG) {
		p->pattern = pattern_new(p->event.pattern, why);
		if (p->pattern == NULL)
			p->event.kind = EEM_EVENT_MISSING;
	}
	if (p->event.kind == EEM_EVENT_WATCHDOG || p->event.kind == EEM_EVENT_COUNTDOWN)
		timer_in(&p->timer, e->loop, mono_s(p->event.time_s));
	if (p->event.kind == EEM_EVENT_CRON && cron_parse(&p->cron, p->event.cron))
		next_minute(p);
}

void
eem_configure(struct eem *e, const struct conf_eem *conf)
{
	const struct conf_eem_applet *a;
	struct eem_policy *p, *next;
	struct text text = {0};

	e->conf = conf;
	DL_FOREACH(e->policies, p)
		p->stale = true;
	DL_FOREACH(conf->applets, a) {
		text.len = 0;
		cmds_eem_applet_write(&text, a);
		p = policy_find(e, a->name);
		if (p != NULL && strcmp(text_str(&p->text), text_str(&text)) == 0)
			p->stale = false;
	}
	DL_FOREACH_SAFE(e->policies, p, next)
		if (p->stale)
			forget(e, p);
	DL_FOREACH(conf->applets, a) {
		if (a->event.kind == EEM_EVENT_MISSING || policy_find(e, a->name) != NULL)
			continue;
		text.len = 0;
		cmds_eem_applet_write(&text, a);
		enrol(e, a, &text);
	}
	text_free(&text);
}

void
eem_free(struct eem *e)
{
	struct eem_policy *p, *next;

	DL_FOREACH_SAFE(e->policies, p, next)
		forget(e, p);
}
