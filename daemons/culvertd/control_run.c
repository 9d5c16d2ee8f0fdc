/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control_run.h"

#include <cap-ng.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <utlist.h>

#include "boot.h"
#include "child.h"
#include "commit.h"
#include "config_session.h"
#include "control.h"
#include "crypto_hook.h"
#include "kernel_if.h"
#include "kernel_route.h"
#include "shell_conn.h"
#include "shell_reply.h"

#define MONITOR_FD 3
#define HELD_TIMEOUT_S 10

/* --- the log --- */

static void
own_line(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	control_log(arg, sev, facility, mnemonic, text);
}

static void
to_console(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);	/* the monitor prints it with -f */
}

static void
to_monitors(void *arg, const char *line)
{
	shell_log(arg, line);
}

/* The log outlives us, too. */
static void
to_kept(void *arg, const char *line)
{
	struct control *c = arg;
	const struct logbuf_line *l;

	if (c->running.keep == NULL || running_log_append(&c->running, line))
		return;
	running_log_reset(&c->running);
	DL_FOREACH(c->log.lines, l)
		if (!running_log_append(&c->running, l->text))
			break;
}

static void
to_applets(void *arg, const char *line)
{
	struct control *c = arg;

	eem_syslog(&c->eem, line);
}

static void
from_applets(void *arg, enum log_severity sev, const char *text)
{
	control_log(arg, sev, "HA_EM", "LOG", text);
}

/* --- the kernel --- */

static void
kernel_changed(struct kernel *k)
{
	struct control *c = container_of(k, struct control, kernel);

	control_apply_kernel(c);
	control_check_ready(c);
}

static void
sample(struct timer *t)
{
	struct control *c = container_of(t, struct control, sample_timer);

	if (kernel_read_links(&c->kernel) == NULL)
		rates_sample(&c->rates, &c->kernel, loop_now(c->loop));
	timer_in(t, c->loop, mono_s(RATES_SAMPLE_S));
}

/* --- the daemons --- */

static void
link_up(struct link *l)
{
	struct control *c = l->user;

	commit_all(c, l);
	if (l->role == IPC_ESPD)
		tunnels_ask(c, 0);
	/* It says anew which flows are up; their routes stay until then. */
	if (l->role == IPC_IKED)
		reverse_flows_free(&c->reverse_flows);
	control_check_ready(c);
}

static void
take_log(struct control *c, const struct ipc_log *line)
{
	char text[1024];

	c->log.dropped += line->dropped;
	snprintf(text, sizeof(text), "%.*s", (int)line->text.len, (const char *)line->text.p);
	control_log(c, line->severity <= LOG_SEV_DEBUG ? line->severity : LOG_SEV_DEBUG,
	    line->facility, line->mnemonic, text);
}

static void
take_cmap_flow(struct control *c, const struct ipc_cmap_flow *m)
{
	if (reverse_flow_set(&c->reverse_flows, m))
		control_apply_kernel(c);
}

static void
take_map_ready(struct control *c, const struct ipc_cmap_ready *r)
{
	crypto_hook_ready(&c->owned, r);
	crypto_hook_apply(&c->wishes, &c->owned, &c->kernel);
	boot_keep(c);
}

static bool
link_event(struct link *l, const struct ipc_msg *m)
{
	struct control *c = l->user;

	switch (m->type) {
	case IPC_MSG_LOG:
		take_log(c, &m->body->log);
		return true;
	case IPC_MSG_TUNNEL_STATE:
		tunnels_state(c, &m->body->tunnel_state);
		return true;
	case IPC_MSG_CMAP_FLOW:
		take_cmap_flow(c, &m->body->cmap_flow);
		return true;
	case IPC_MSG_CMAP_READY:
		take_map_ready(c, &m->body->cmap_ready);
		return true;
	default:
		return false;
	}
}

static void
start_links(struct control *c)
{
	static const struct link_handlers handlers = {.up = link_up, .event = link_event};
	static const struct {
		enum ipc_role role;
		const char *name;
	} daemons[LINKS] = {
		[LINK_ESPD] = {IPC_ESPD, "espd"},
		[LINK_IKED] = {IPC_IKED, "iked"},
		[LINK_NHRPD] = {IPC_NHRPD, "nhrpd"},
	};
	size_t i;

	for (i = 0; i < LINKS; i++)
		link_start(&c->link[i], &(struct link_to){.role = daemons[i].role,
		    .name = daemons[i].name, .rundir = c->o->rundir, .loop = c->loop,
		    .warm = c->warm, .handlers = &handlers, .user = c});
}

/* --- the monitor --- */

static struct ipc_process *
process_row(struct control *c, const char *name)
{
	static const char *const order[PROCESSES] = {"monitor", "control", "iked", "nhrpd", "espd"};
	size_t i;

	for (i = 0; i < PROCESSES; i++)
		if (strcmp(order[i], name) == 0)
			return &c->process[i];
	return NULL;
}

static void
take_process(struct control *c, const struct ipc_process *p)
{
	struct ipc_process *row = process_row(c, p->name);

	if (row == NULL)
		return;
	if (row->pid != 0 && p->pid == 0)
		log_event(LOG_SEV_ERR, "SYS", "PROCESS_END", "%s (pid %u) ended: %s", p->name, row->pid,
		    p->last_exit);
	if (row->name[0] != '\0' && p->pid != 0 && row->pid != p->pid)
		log_event(LOG_SEV_NOTICE, "SYS", "PROCESS_START", "%s was started again (pid %u)", p->name,
		    p->pid);
	*row = *p;
}

static void
monitor_message(struct ipc_conn *conn, struct ipc_msg *m)
{
	struct control *c = ipc_conn_user(conn);

	if (m->type == IPC_MSG_HELD && m->fd >= 0 && c->keep_fd < 0) {
		c->keep_fd = m->fd;
		m->fd = -1;
	} else if (m->type == IPC_MSG_HELD_END) {
		c->restarts = m->body->hold_end.restarts;
		c->held_end = true;
	} else if (m->type == IPC_MSG_PROCESS) {
		take_process(c, &m->body->process);
	}
}

static void
monitor_down(struct ipc_conn *conn)
{
	struct control *c = ipc_conn_user(conn);

	c->monitor = NULL;
	if (c->leaving)
		return;
	log_event(LOG_SEV_ERR, "SYS", "MONITOR_END", "the monitor has ended: forwarding goes on, "
	    "but nothing is restarted until culvertd is started again");
}

static void
adopted(struct control *c, struct ipc_conn *conn, const struct ipc_msg *m)
{
	struct ipc_held held = {.name = "keep"};

	/* Who says so has the run directory's lock; the one before is dying. */
	if (c->monitor != NULL && c->monitor != conn)
		ipc_conn_close(c->monitor);
	c->monitor = conn;
	if (c->keep_fd >= 0)
		ipc_send_fd(conn, IPC_MSG_HOLD, &held, c->keep_fd);
	ipc_done(conn, m, NULL, 0);
}

/* --- the server --- */

static void
server_up(struct ipc_conn *conn)
{
	if (ipc_conn_role(conn) == IPC_SHELL)
		shell_up(conn);
}

static void
server_message(struct ipc_conn *conn, struct ipc_msg *m)
{
	if (ipc_conn_role(conn) == IPC_SHELL)
		shell_message(conn, m);
	else if (m->type == IPC_MSG_ADOPT)
		adopted(ipc_conn_user(conn), conn, m);
	else
		monitor_message(conn, m);
}

static void
server_down(struct ipc_conn *conn)
{
	struct control *c = ipc_conn_user(conn);

	if (ipc_conn_role(conn) == IPC_SHELL)
		shell_down(conn);
	else if (c->monitor == conn)
		monitor_down(conn);
}

static const struct ipc_handlers monitor_handlers = {
	.message = monitor_message, .down = monitor_down,
};
static const struct ipc_handlers server_handlers = {
	.up = server_up, .message = server_message, .down = server_down,
};

/* --- beginning and end --- */

static void __attribute__((noreturn))
cannot_run(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(CHILD_REFUSES);
}

static void
collect_held(struct control *c)
{
	const char *monitor = getenv("CULVERT_MONITOR");
	mono_t deadline = mono_add(mono_clock(), mono_s(HELD_TIMEOUT_S));

	c->keep_fd = -1;
	if (monitor == NULL || strcmp(monitor, "3") != 0)
		cannot_run("--control is for the monitor: run culvertd without it");
	c->monitor = ipc_conn_from_fd(c->loop, MONITOR_FD, IPC_CONTROL, false, &monitor_handlers, c);
	while (c->monitor != NULL && !c->held_end && mono_before(mono_clock(), deadline))
		if (loop_once(c->loop, 100) < 0)
			break;
	if (!c->held_end)
		cannot_run("the monitor did not hand over what it holds");
}

/*
 * What is left: the kernel's network, raw sockets for ping, and files of whatever owner
 * (the startup-config may be somebody's).  Control executes nothing.
 */
static void
drop_privileges(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	capng_clear(CAPNG_SELECT_BOTH);
	capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_ADMIN, CAP_NET_RAW,
	    CAP_DAC_OVERRIDE, -1);
	if (capng_apply(CAPNG_SELECT_CAPS) != 0)
		cannot_run("cannot drop privileges");
}

static void
terminate(struct loop *l, int signo)
{
	(void)signo;
	loop_stop(l, 0);
}

static void
another_crl(void *arg)
{
	commit_changes(arg);
}

static void
start(struct control *c)
{
	char path[PATH_LEN + 32];
	const char *why;

	if (!running_open(&c->running, c->keep_fd))
		cannot_run("cannot map the memory that outlives us");
	logbuf_restore(&c->log, running_log_load(&c->running));
	if (!kernel_open(&c->kernel, c->loop, kernel_changed))
		cannot_run("cannot open netlink sockets");
	key_store_open(&c->keys, c->o->startup);
	crl_store_open(&c->crls, c->loop, another_crl, c);
	why = kernel_read(&c->kernel);
	if (why == NULL)
		why = boot_config(c);
	if (why != NULL)
		cannot_run(why);
	boot_flash(c);
	snprintf(path, sizeof(path), "%s/control.sock", c->o->rundir);
	c->server = ipc_listen(c->loop, path, IPC_CONTROL, c->warm, IPC_SHELL | IPC_MONITOR,
	    &server_handlers, c);
	if (c->server == NULL)
		cannot_run(strerror(errno));
	control_changed(c);
	start_links(c);
	control_await_ready(c);
	timer_in(&c->sample_timer, c->loop, mono_us(0));
}

/* What the kernel was given goes; what is left in the kept memory lets a successor
 * that the monitor may start give it back. */
static void
leave(struct control *c)
{
	size_t i;

	c->leaving = true;
	eem_free(&c->eem);
	kernel_if_stop_forwarding(&c->owned);
	kernel_read(&c->kernel);
	kernel_route_remove(&c->kernel, &c->owned);
	kernel_if_remove(&c->kernel, &c->owned);
	crypto_hook_remove(&c->owned);
	boot_keep(c);
	ipc_server_close(c->server);
	c->server = NULL;
	for (i = 0; i < LINKS; i++)
		link_stop(&c->link[i]);
	log_set_sink(NULL, NULL);
	if (c->monitor != NULL)
		ipc_conn_close(c->monitor);
	running_close(&c->running);
	close(c->keep_fd);
	wishes_free(&c->wishes);
	text_free(&c->notes);
	owned_free(&c->owned);
	rates_free(&c->rates);
	tunnels_free(&c->tunnels);
	crl_store_close(&c->crls);
	key_store_close(&c->keys);
	logbuf_clear(&c->log);
	config_errors_free(c->startup_errors);
	conf_free(c->conf);
	conf_free(c->saved);
	kernel_close(&c->kernel);
	loop_free(c->loop);
}

int
control_run(const struct options *o)
{
	static struct control control;
	struct control *c = &control;
	int status;

	c->o = o;
	c->conf = conf_new();	/* the log has its defaults from it until boot_config() */
	c->booted = mono_clock();
	c->sample_timer.run = sample;
	c->log.console = to_console;
	c->log.monitors = to_monitors;
	c->log.stored = to_kept;
	c->log.any = to_applets;
	c->log.arg = c;
	prctl(PR_SET_DUMPABLE, 0);
	drop_privileges();
	c->loop = loop_new();
	if (c->loop == NULL)
		cannot_run(strerror(errno));
	loop_on_signal(c->loop, SIGTERM, terminate);
	loop_on_signal(c->loop, SIGINT, terminate);
	c->eem = (struct eem){.loop = c->loop, .rundir = o->rundir, .log = from_applets, .arg = c};
	collect_held(c);
	log_set_sink(own_line, c);
	start(c);
	status = loop_run(c->loop);
	leave(c);
	return status;
}
