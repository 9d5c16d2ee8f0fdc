/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#include "log.h"

#define MONITOR_FD 3
#define HELD_TIMEOUT_S 10
#define LOG_BACKLOG_MAX 128

/* Lines from before control was there; the oldest go first. */
struct backlog {
	struct ipc_log line;
	char text[512];
};

static struct {
	struct backlog *lines;
	unsigned int first, count;
} backlog;
static uint32_t lines_dropped;	/* since control took one */

static const struct ipc_handlers *daemon_handlers;	/* the daemon's own */

/* --- logging --- */

static int64_t
wall_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
backlog_add(const struct ipc_log *line, const char *text)
{
	struct backlog *b;

	if (backlog.lines == NULL)
		backlog.lines = calloc(LOG_BACKLOG_MAX, sizeof(*backlog.lines));
	if (backlog.lines == NULL)
		return;
	if (backlog.count == LOG_BACKLOG_MAX) {
		lines_dropped++;
		backlog.first = (backlog.first + 1) % LOG_BACKLOG_MAX;
		backlog.count--;
	}
	b = &backlog.lines[(backlog.first + backlog.count++) % LOG_BACKLOG_MAX];
	b->line = *line;
	snprintf(b->text, sizeof(b->text), "%s", text);
}

static void
send_line(struct daemon *d, struct ipc_log *line)
{
	line->dropped = lines_dropped;
	if (ipc_send_droppable(d->control, IPC_MSG_LOG, line))
		lines_dropped = 0;
	else
		lines_dropped++;
}

static void
to_control(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	struct daemon *d = arg;
	struct ipc_log line = {.severity = (uint8_t)sev, .wall_us = (uint64_t)wall_us(),
	    .text = slice_of(text, strlen(text))};

	snprintf(line.facility, sizeof(line.facility), "%s", facility);
	snprintf(line.mnemonic, sizeof(line.mnemonic), "%s", mnemonic);
	if (d->control == NULL)
		backlog_add(&line, text);
	else
		send_line(d, &line);
	/* A daemon that is about to end must be heard by whoever started it. */
	if (sev <= LOG_SEV_ERR || d->monitor == NULL)
		fprintf(stderr, "%s: %s\n", d->name, text);
}

static void
backlog_flush(struct daemon *d)
{
	for (; backlog.count > 0; backlog.count--) {
		struct backlog *b = &backlog.lines[backlog.first];

		b->line.text = slice_of(b->text, strlen(b->text));
		b->line.dropped = lines_dropped;
		if (ipc_send(d->control, IPC_MSG_LOG, &b->line))
			lines_dropped = 0;
		backlog.first = (backlog.first + 1) % LOG_BACKLOG_MAX;
	}
}

/* --- the monitor --- */

static void
held_add(struct daemon *d, const char *name, int fd)
{
	struct daemon_held *h = calloc(1, sizeof(*h));

	if (h == NULL)
		log_fatal("out of memory");
	snprintf(h->name, sizeof(h->name), "%s", name);
	h->fd = fd;
	LL_PREPEND(d->held, h);
}

static bool held_complete;

static void
monitor_message(struct ipc_conn *c, struct ipc_msg *m)
{
	struct daemon *d = ipc_conn_user(c);

	if (m->type == IPC_MSG_HELD && m->fd >= 0) {
		if (strcmp(m->body->held.name, "keep") == 0 && d->keep_fd < 0)
			d->keep_fd = m->fd;
		else
			held_add(d, m->body->held.name, m->fd);
		m->fd = -1;
	} else if (m->type == IPC_MSG_HELD_END) {
		d->restarts = m->body->hold_end.restarts;
		held_complete = true;
	}
}

static bool leaving;

static void
monitor_down(struct ipc_conn *c)
{
	struct daemon *d = ipc_conn_user(c);

	/* Forwarding goes on; the next monitor connects to us and says ADOPT. */
	d->monitor = NULL;
	if (!leaving)
		log_warn("%s: the monitor is gone; running on without one", d->name);
}

static const struct ipc_handlers monitor_handlers = {
	.message = monitor_message, .down = monitor_down,
};

/*
 * What was given away is remembered as duplicates, so that a new monitor can
 * have it all again.
 */
static struct daemon_held *given;

void
daemon_hold(struct daemon *d, const char *name, int fd)
{
	struct ipc_held held = {0};
	struct daemon_held *h;

	snprintf(held.name, sizeof(held.name), "%s", name);
	ipc_send_fd(d->monitor, IPC_MSG_HOLD, &held, fd);
	h = calloc(1, sizeof(*h));
	if (h == NULL)
		log_fatal("out of memory");
	memcpy(h->name, held.name, sizeof(h->name));
	h->fd = dup(fd);
	LL_PREPEND(given, h);
}

void
daemon_unhold(struct daemon *d, const char *name)
{
	struct ipc_held held = {0};
	struct daemon_held *h, *next;

	snprintf(held.name, sizeof(held.name), "%s", name);
	ipc_send(d->monitor, IPC_MSG_UNHOLD, &held);
	LL_FOREACH_SAFE(given, h, next) {
		if (strcmp(h->name, name) != 0)
			continue;
		LL_DELETE(given, h);
		close(h->fd);
		free(h);
	}
}

int
daemon_take_held(struct daemon *d, const char *name)
{
	struct daemon_held *h, *next;
	int fd;

	LL_FOREACH_SAFE(d->held, h, next) {
		if (strcmp(h->name, name) != 0)
			continue;
		LL_DELETE(d->held, h);
		fd = h->fd;
		free(h);
		return fd;
	}
	return -1;
}

static void
give_again(struct ipc_conn *c, const struct daemon_held *list)
{
	struct ipc_held held = {0};
	const struct daemon_held *h;

	LL_FOREACH(list, h) {
		memcpy(held.name, h->name, sizeof(held.name));
		ipc_send_fd(c, IPC_MSG_HOLD, &held, h->fd);
	}
}

static void
adopted(struct daemon *d, struct ipc_conn *c, const struct ipc_msg *m)
{
	struct ipc_held keep = {.name = "keep"};

	/* Who says so has the run directory's lock; the one before is dying. */
	if (d->monitor != NULL && d->monitor != c)
		ipc_conn_close(d->monitor);
	d->monitor = c;
	if (d->keep_fd >= 0)
		ipc_send_fd(c, IPC_MSG_HOLD, &keep, d->keep_fd);
	give_again(c, given);
	give_again(c, d->held);		/* what control did not ask for yet */
	ipc_done(c, m, NULL, 0);
}

/* --- serving --- */

static void
server_up(struct ipc_conn *c)
{
	struct daemon *d = ipc_conn_user(c);

	if (ipc_conn_role(c) == IPC_CONTROL) {
		d->control = c;
		backlog_flush(d);
	}
	if (ipc_conn_role(c) != IPC_MONITOR && daemon_handlers->up != NULL)
		daemon_handlers->up(c);
}

static void
debug_set(const struct ipc_debug *d)
{
	log_debug_mask = d->mask;
	log_condition = (struct log_condition){.peer = d->peer, .unmatched = d->unmatched};
}

static void
server_message(struct ipc_conn *c, struct ipc_msg *m)
{
	struct daemon *d = ipc_conn_user(c);

	if (m->type == IPC_MSG_DEBUG)
		debug_set(&m->body->debug);
	else if (m->type == IPC_MSG_ADOPT)
		adopted(d, c, m);
	else if (ipc_conn_role(c) != IPC_MONITOR)
		daemon_handlers->message(c, m);
}

static void
server_down(struct ipc_conn *c)
{
	struct daemon *d = ipc_conn_user(c);

	if (d->control == c)
		d->control = NULL;
	if (d->monitor == c)
		d->monitor = NULL;
	if (ipc_conn_role(c) != IPC_MONITOR && daemon_handlers->down != NULL)
		daemon_handlers->down(c);
}

static const struct ipc_handlers server_handlers = {
	.up = server_up, .message = server_message, .down = server_down,
};

const char *
daemon_socket(const struct daemon *d, const char *server)
{
	static char path[sizeof(d->rundir) + 32];

	snprintf(path, sizeof(path), "%s/%s.sock", d->rundir, server);
	return path;
}

void
daemon_serve(struct daemon *d, unsigned int allow, const struct ipc_handlers *h)
{
	const char *path = daemon_socket(d, d->name);

	daemon_handlers = h;
	d->server = ipc_listen(d->loop, path, d->role, d->warm, allow | IPC_MONITOR,
	    &server_handlers, d);
	if (d->server == NULL) {
		fprintf(stderr, "culvert-%s: %s: %s: is the run directory there and ours?\n", d->name,
		    path, strerror(errno));
		exit(1);
	}
}

/* --- start and end --- */

static void
usage(const char *name, FILE *to)
{
	fprintf(to, "usage: culvert-%s -r RUNDIR [-f]\nStarted by culvertd; see culvertd(8).\n", name);
}

static void
parse_options(struct daemon *d, int argc, char **argv)
{
	int opt;

	snprintf(d->rundir, sizeof(d->rundir), "%s", CULVERT_RUNSTATEDIR);
	while ((opt = getopt(argc, argv, "r:fh")) != -1) {
		switch (opt) {
		case 'r':
			if (strlen(optarg) >= sizeof(d->rundir)) {
				fprintf(stderr, "culvert-%s: run directory name too long\n", d->name);
				exit(2);
			}
			snprintf(d->rundir, sizeof(d->rundir), "%s", optarg);
			break;
		case 'f':
			break;
		case 'h':
			usage(d->name, stdout);
			exit(0);
		default:
			usage(d->name, stderr);
			exit(2);
		}
	}
	if (optind != argc) {
		usage(d->name, stderr);
		exit(2);
	}
}

static void
collect_held(struct daemon *d)
{
	mono_t deadline = mono_add(mono_clock(), mono_s(HELD_TIMEOUT_S));

	d->monitor = ipc_conn_from_fd(d->loop, MONITOR_FD, d->role, false, &monitor_handlers, d);
	while (!held_complete && d->monitor != NULL && mono_before(mono_clock(), deadline))
		if (loop_once(d->loop, 100) < 0)
			break;
	if (!held_complete) {
		fprintf(stderr, "culvert-%s: the monitor did not hand over what it holds\n", d->name);
		exit(1);
	}
}

static void
terminate(struct loop *l, int signo)
{
	(void)signo;
	loop_stop(l, 0);
}

void
daemon_start(struct daemon *d, const char *name, enum ipc_role role, int argc, char **argv)
{
	const char *monitor = getenv("CULVERT_MONITOR");
	static char facility[16];
	size_t i;

	*d = (struct daemon){.name = name, .role = role, .keep_fd = -1, .user = d->user};
	for (i = 0; i < sizeof(facility) - 1 && name[i] != '\0'; i++)
		facility[i] = (char)(name[i] - ('a' - 'A'));
	log_init(facility);
	parse_options(d, argc, argv);
	/* Keys live here: no core dump, and no debugger that is not root's. */
	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	signal(SIGPIPE, SIG_IGN);
	d->loop = loop_new();
	if (d->loop == NULL) {
		fprintf(stderr, "culvert-%s: event loop: %s\n", name, strerror(errno));
		exit(1);
	}
	loop_on_signal(d->loop, SIGTERM, terminate);
	loop_on_signal(d->loop, SIGINT, terminate);
	if (monitor != NULL && strcmp(monitor, "3") == 0)
		collect_held(d);
	log_set_sink(to_control, d);
}

int
daemon_run(struct daemon *d, void (*leave)(struct daemon *d))
{
	struct daemon_held *h, *next;
	int status = loop_run(d->loop);

	leaving = true;
	if (leave != NULL)
		leave(d);
	log_set_sink(NULL, NULL);
	ipc_server_close(d->server);
	if (d->monitor != NULL)
		ipc_conn_close(d->monitor);
	LL_CONCAT(d->held, given);
	given = NULL;
	LL_FOREACH_SAFE(d->held, h, next) {
		close(h->fd);
		free(h);
	}
	if (d->keep_fd >= 0)
		close(d->keep_fd);
	free(backlog.lines);
	loop_free(d->loop);
	return status;
}
