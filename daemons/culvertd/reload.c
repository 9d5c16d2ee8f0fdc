/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reload.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "boot.h"
#include "control.h"
#include "login.h"
#include "shell_reply.h"
#include "show_util.h"

enum { LOOK_S = 60, AGAIN_S = 10 };	/* the wall clock may be set; there may be no monitor */

static const unsigned int warnings_s[] = {1800, 300, 60};

static int64_t
wall_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
left_us(const struct control *c)
{
	const struct reload *r = &c->reload;

	return r->by_clock ? r->due_wall_us - wall_us() :
	    mono_in_us(mono_sub(r->due, loop_now(c->loop)));
}

/* "console", "vty0 (192.0.2.9)", "ann on vty0 (192.0.2.9)" */
static void
who_is(const struct login_user *who, char *buf, size_t room)
{
	bool vty = who->way == LOGIN_VTY, from = vty && addr_is_set(&who->source);
	char line[16] = "console";

	if (vty)
		snprintf(line, sizeof(line), "vty%u", who->vty);
	snprintf(buf, room, "%s%s%s%s%s%s", who->name, who->name[0] != '\0' ? " on " : "", line,
	    from ? " (" : "", from ? ADDR_STR(&who->source) : "", from ? ")" : "");
}

static const char *
reload_by(struct control *c, const char *by, const char *reason)
{
	if (c->monitor == NULL)
		return "No monitor is running: start culvertd again first";
	log_event(LOG_SEV_NOTICE, "SYS", "RELOAD", "Reload requested by %s. Reload Reason: %s.", by,
	    reload_reason(reason));
	ipc_send(c->monitor, IPC_MSG_RELOAD, NULL);
	return NULL;
}

const char *
reload_now(struct control *c, const struct login_user *who, const char *reason)
{
	char by[sizeof(c->reload.by)];

	who_is(who, by, sizeof(by));
	return reload_by(c, by, reason);
}

/* --- waiting --- */

/* At a terminal that follows the log. */
static void
warn(struct control *c, int64_t left_s)
{
	struct reload *r = &c->reload;
	char line[64];

	for (size_t i = 0; i < sizeof(warnings_s) / sizeof(warnings_s[0]); i++) {
		unsigned int w = warnings_s[i];

		if (left_s > w || (r->warned_s != 0 && r->warned_s <= w))
			continue;
		r->warned_s = w;
		snprintf(line, sizeof(line), "***\n*** --- SHUTDOWN in 0:%02u:00 ---\n***", w / 60);
		shell_log(c, line);
	}
}

static void
look(struct timer *t)
{
	struct reload *r = container_of(t, struct reload, timer);
	struct control *c = container_of(r, struct control, reload);
	int64_t left = left_us(c), wait = left;

	if (left <= 0) {
		if (reload_by(c, r->by, r->reason) != NULL)
			timer_in(t, c->loop, mono_s(AGAIN_S));
		return;
	}
	warn(c, (left + 999999) / 1000000);
	for (size_t i = 0; i < sizeof(warnings_s) / sizeof(warnings_s[0]); i++)
		if (left > (int64_t)warnings_s[i] * 1000000 && left - (int64_t)warnings_s[i] * 1000000 < wait)
			wait = left - (int64_t)warnings_s[i] * 1000000;
	if (r->by_clock && wait > (int64_t)LOOK_S * 1000000)
		wait = (int64_t)LOOK_S * 1000000;
	timer_in(t, c->loop, mono_us(wait));
}

static void
begin(struct control *c)
{
	c->reload.timer.run = look;
	timer_in(&c->reload.timer, c->loop, mono_us(0));
}

/* --- what is typed --- */

void
reload_later(struct control *c, const struct login_user *who, const struct reload_plan *p)
{
	int64_t now = wall_us(), due = reload_plan_due_us(p, now);
	struct reload *r = &c->reload;
	char at[WALL_STRLEN], asked[WALL_STRLEN];

	timer_stop(&r->timer);
	*r = (struct reload){.is_due = true, .by_clock = p->by_clock, .due_wall_us = due,
	    .due = mono_add(loop_now(c->loop), mono_us(due - now))};
	snprintf(r->reason, sizeof(r->reason), "%s", p->reason);
	who_is(who, r->by, sizeof(r->by));
	boot_keep(c);
	log_event(LOG_SEV_NOTICE, "SYS", "SCHEDULED_RELOAD", "Reload requested for %s at %s by %s. "
	    "Reload Reason: %s.", wall_str(due, false, at), wall_str(now, false, asked), r->by,
	    reload_reason(r->reason));
	begin(c);
}

bool
reload_cancel(struct control *c)
{
	char now[WALL_STRLEN];

	if (!c->reload.is_due)
		return false;
	timer_stop(&c->reload.timer);
	c->reload.is_due = false;
	boot_keep(c);
	log_event(LOG_SEV_NOTICE, "SYS", "SCHEDULED_RELOAD_CANCELLED",
	    "Scheduled reload cancelled at %s", wall_str(wall_us(), false, now));
	return true;
}

void
reload_show(const struct control *c, struct text *out)
{
	int64_t now = wall_us();

	if (c->reload.is_due)
		reload_plan_say(out, now + left_us(c), now, c->reload.by, c->reload.reason);
	else
		text_add(out, "No reload is scheduled.\n");
}

/* --- across a restart of control --- */

void
reload_write(const struct reload *r, struct text *out)
{
	if (r->is_due)
		text_add(out, "%s %" PRId64 "\n%s\n%s\n", r->by_clock ? "at" : "in",
		    r->by_clock ? r->due_wall_us : mono_in_us(r->due), r->by, r->reason);
}

/* One line, as much of it as there is room for; what is behind it. */
static const char *
read_line(const char *text, char *to, size_t room)
{
	size_t len = strcspn(text, "\n"), n = len < room ? len : room - 1;

	memcpy(to, text, n);
	to[n] = '\0';
	return text + len + (text[len] == '\n');
}

void
reload_read(struct control *c, const char *text)
{
	struct reload *r = &c->reload;
	char way[3] = "";
	int64_t us;
	int used = 0;

	if (sscanf(text, "%2s %" SCNd64 "%n", way, &us, &used) != 2 || text[used] != '\n')
		return;
	*r = (struct reload){.is_due = true, .by_clock = strcmp(way, "at") == 0, .due_wall_us = us,
	    .due = mono_us(us)};
	text = read_line(text + used + 1, r->by, sizeof(r->by));
	read_line(text, r->reason, sizeof(r->reason));
	begin(c);
}
