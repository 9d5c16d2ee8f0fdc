/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reload that is due later: when it is done, what is said, and that it outlives control. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "boot.h"
#include "control.h"
#include "keep.h"
#include "login.h"

static const struct login_user ann = {.way = LOGIN_VTY, .vty = 2, .name = "ann"}, console;
static struct text logged;

static void
note_line(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	text_add(&logged, "%s-%s: %s\n", facility, mnemonic, text);
}

/* The monitor's end: how many reloads control asked it for. */
static unsigned int asked;
static struct ipc_conn *monitor_end;

static void
monitor_hears(struct ipc_conn *conn, struct ipc_msg *m)
{
	(void)conn;
	if (m->type == IPC_MSG_RELOAD)
		asked++;
}

static void
pass(struct control *c, unsigned int seconds)
{
	loop_advance(c->loop, mono_s(seconds));
	while (loop_once(c->loop, 0) > 0)
		;
}

static void
begin(struct control *c, int fd)
{
	static const struct ipc_handlers control = {0}, monitor = {.message = monitor_hears};
	const char *part[RUNNING_PARTS];
	int ends[2];

	*c = (struct control){.loop = loop_new_test(mono_s(1000)), .conf = conf_new(),
	    .saved = conf_new()};
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	c->monitor = ipc_conn_from_fd(c->loop, ends[0], IPC_CONTROL, false, &control, c);
	monitor_end = ipc_conn_from_fd(c->loop, ends[1], IPC_MONITOR, false, &monitor, c);
	asked = 0;
	pass(c, 0);
	assert_true(running_open(&c->running, fd));
	if (running_load(&c->running, part))
		reload_read(c, part[RUNNING_RELOAD]);
	text_free(&logged);
	log_set_sink(note_line, NULL);
}

static void
finish(struct control *c)
{
	log_set_sink(NULL, NULL);
	running_close(&c->running);
	timer_stop(&c->reload.timer);
	ipc_conn_close(c->monitor);
	ipc_conn_close(monitor_end);
	conf_free(c->conf);
	conf_free(c->saved);
	loop_free(c->loop);
	text_free(&logged);
}

static void
it_is_done_when_it_is_due(void **state)
{
	struct reload_plan in_5 = {.minutes = 5, .reason = "new image"};
	struct control c;

	(void)state;
	begin(&c, -1);
	reload_later(&c, &ann, &in_5);
	assert_non_null(strstr(text_str(&logged), "SYS-SCHEDULED_RELOAD: Reload requested for "));
	assert_non_null(strstr(text_str(&logged), " by ann on vty2. Reload Reason: new image.\n"));
	pass(&c, 299);
	assert_int_equal(asked, 0);
	pass(&c, 1);
	assert_int_equal(asked, 1);
	assert_non_null(strstr(text_str(&logged),
	    "SYS-RELOAD: Reload requested by ann on vty2. Reload Reason: new image.\n"));
	finish(&c);
}

static void
what_is_cancelled_is_not_done(void **state)
{
	struct reload_plan in_5 = {.minutes = 5}, in_9 = {.minutes = 9};
	struct text out = {0};
	struct control c;

	(void)state;
	begin(&c, -1);
	assert_false(reload_cancel(&c));
	reload_later(&c, &console, &in_5);
	reload_later(&c, &console, &in_9);	/* in its place */
	pass(&c, 6 * 60);
	assert_int_equal(asked, 0);
	reload_show(&c, &out);
	assert_non_null(strstr(text_str(&out), " (in 3 minutes) by console\nReload reason: Reload Command\n"));
	out.len = 0;
	assert_true(reload_cancel(&c));
	pass(&c, 3600);
	assert_int_equal(asked, 0);
	reload_show(&c, &out);
	assert_string_equal(text_str(&out), "No reload is scheduled.\n");
	text_free(&out);
	finish(&c);
}

static void
it_outlives_control(void **state)
{
	struct reload_plan in_5 = {.minutes = 5, .reason = "new image"};
	struct text out = {0};
	struct control c;
	int fd = keep_memfd("test");

	(void)state;
	begin(&c, fd);
	reload_later(&c, &ann, &in_5);
	finish(&c);
	begin(&c, fd);
	reload_show(&c, &out);
	assert_non_null(strstr(text_str(&out), " by ann on vty2\nReload reason: new image\n"));
	pass(&c, 299);
	assert_int_equal(asked, 0);
	pass(&c, 1);
	assert_int_equal(asked, 1);
	finish(&c);
	text_free(&out);
	close(fd);
}

/* Friday, 27 November 2026, 21:50:30 UTC. */
static void
at_is_the_next_time_that_the_clock_says_so(void **state)
{
	const int64_t now_s = 1795816230;
	static const struct {
		struct reload_plan plan;
		int64_t in_s;
	} rows[] = {
		{{.by_clock = true, .minutes = 22 * 60}, 9 * 60 + 30},
		{{.by_clock = true, .minutes = 21 * 60 + 50}, 86400 - 30},
		{{.by_clock = true, .minutes = 21 * 60 + 50, .month = 11, .day = 28}, 86400 - 30},
		{{.by_clock = true, .minutes = 21 * 60 + 50, .month = 11, .day = 27}, 365 * 86400 - 30},
		/* 2027 has none. */
		{{.by_clock = true, .minutes = 21 * 60 + 50, .month = 2, .day = 29},
		    (34 + 365 + 60) * 86400 - 30},
		{{.minutes = 90}, 5400},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(reload_plan_due_us(&rows[i].plan, now_s * 1000000) / 1000000 - now_s,
		    rows[i].in_s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_done_when_it_is_due),
		cmocka_unit_test(what_is_cancelled_is_not_done),
		cmocka_unit_test(it_outlives_control),
		cmocka_unit_test(at_is_the_next_time_that_the_clock_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
