/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monitor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "child.h"
#include "keep.h"
#include "log.h"
#include "outcome.h"

#define PATIENCE_S 4		/* to answer ADOPT, or to end after SIGTERM */
#define BACKOFF_FIRST_MS 50
#define BACKOFF_LAST_MS 2000
#define EARLY_ENDS_MAX 6	/* what its predecessor left must be the reason */

/*
 * In the order in which they start.  They end in the opposite one: nhrpd and
 * iked take leave of their peers, then control switches forwarding off and takes back
 * what it gave the kernel, and only then do the tunnel devices go.  No
 * inner packet can find another way out in between.
 */
enum { ESPD, CONTROL, IKED, NHRPD, CHILDREN };

static struct {
	const struct options *o;
	struct loop *loop;
	struct child child[CHILDREN];
	struct outcome *outcome;	/* of the start */
	bool ending, reloading;
	bool router_up;			/* control said so */
	mono_t since;			/* the router started, or was reloaded */
} mon = {
	.child = {
		[ESPD] = {.name = "espd", .role = IPC_ESPD},
		[CONTROL] = {.name = "control", .role = IPC_CONTROL},
		[IKED] = {.name = "iked", .role = IPC_IKED},
		[NHRPD] = {.name = "nhrpd", .role = IPC_NHRPD},
	},
};

static const struct ipc_handlers handlers;

/* --- what control is told --- */

static void
tell_process(const struct child *ch)
{
	struct ipc_process p = {.pid = (uint32_t)ch->pid, .restarts = ch->restarts,
	    .since_us = (uint64_t)ch->since.us};

	snprintf(p.name, sizeof(p.name), "%s", ch->name);
	memcpy(p.last_exit, ch->last_exit, sizeof(p.last_exit));
	ipc_send(mon.child[CONTROL].conn, IPC_MSG_PROCESS, &p);
}

static void
tell_all(void)
{
	size_t i;

	tell_process(&(struct child){.name = "monitor", .pid = getpid(), .since = mon.since});
	for (i = 0; i < CHILDREN; i++)
		tell_process(&mon.child[i]);
}

/* --- ending --- */

static void
end_next(void)
{
	size_t i = CHILDREN;

	while (i-- > 0) {
		struct child *ch = &mon.child[i];

		if (ch->pid == 0)
			continue;
		child_signal(ch, SIGTERM);
		timer_in(&ch->again, mon.loop, mono_s(PATIENCE_S));
		return;
	}
	if (!mon.reloading) {
		loop_stop(mon.loop, mon.outcome->failed);
		return;
	}
	mon.reloading = mon.ending = false;
	mon.since = loop_now(mon.loop);
	for (i = 0; i < CHILDREN; i++) {
		child_forget(&mon.child[i]);
		timer_in(&mon.child[i].again, mon.loop, mono_us(0));
	}
}

static void
end_all(bool reload)
{
	size_t i;

	mon.reloading = reload;
	if (mon.ending)
		return;
	mon.ending = true;
	for (i = 0; i < CHILDREN; i++)
		timer_stop(&mon.child[i].again);
	end_next();
}

static void
fail_start(const struct child *ch)
{
	char why[sizeof(ch->line) + 32];

	snprintf(why, sizeof(why), "%s: %s", ch->name, ch->line[0] != '\0' ? ch->line : ch->last_exit);
	outcome_say(mon.outcome, why);
	end_all(false);
}

/* The start is done when the router is up, and what was running has handed over what it
 * holds: until then it must not die once more. */
static void
check_started(void)
{
	size_t i;

	for (i = 0; i < CHILDREN; i++)
		if (mon.child[i].adopting)
			return;
	if (mon.router_up)
		outcome_say(mon.outcome, NULL);
}

static void
child_ended(struct child *ch)
{
	bool early = mono_before(mono_sub(loop_now(mon.loop), ch->since), mono_s(1));

	timer_stop(&ch->again);
	ch->adopting = false;
	tell_process(ch);
	if (mon.ending) {
		end_next();
		return;
	}
	if (ch->refused && !mon.outcome->said) {
		fail_start(ch);
		return;
	}
	if (ch->refused)	/* it would say the same again */
		return;
	ch->backoff = !early ? mono_us(0) : ch->backoff.us == 0 ? mono_ms(BACKOFF_FIRST_MS) :
	    mono_us(2 * ch->backoff.us);
	if (mono_before(mono_ms(BACKOFF_LAST_MS), ch->backoff))
		ch->backoff = mono_ms(BACKOFF_LAST_MS);
	ch->early = early ? ch->early + 1 : 0;
	if (ch->early >= EARLY_ENDS_MAX && ch->keep_fd >= 0) {
		log_err("monitor: %s ends again and again: what it kept is thrown away", ch->name);
		close(ch->keep_fd);
		ch->keep_fd = -1;
		ch->early = 0;
	}
	check_started();
	ch->restarts++;
	/* Never at once: what it sent last is still to be read. */
	timer_in(&ch->again, mon.loop, mono_add(ch->backoff, mono_ms(1)));
}

/* --- beginning --- */

static void
start(struct child *ch)
{
	char program[PATH_LEN + 32];
	const struct options *o = mon.o;
	char *control[] = {(char *)o->self, "--control", "-r", (char *)o->rundir, "-c",
	    (char *)o->startup, o->yaml_given ? "-y" : NULL, (char *)o->yaml, NULL};
	bool workers = ch == &mon.child[ESPD] && o->workers[0] != '\0';
	char *daemon[] = {program, "-r", (char *)o->rundir, "-f", workers ? "-w" : NULL,
	    (char *)o->workers, NULL};
	int pair[2];

	if (ch->keep_fd < 0)
		ch->keep_fd = keep_memfd(ch->name);
	snprintf(program, sizeof(program), "%s/culvert-%s", o->libexec, ch->name);
	ch->held_told = false;
	if (ch->keep_fd < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		log_fatal("monitor: %s", strerror(errno));
	if (child_spawn(ch, ch == &mon.child[CONTROL] ? control : daemon, pair[1]) < 0) {
		log_err("monitor: cannot start %s: %s", ch->name, strerror(errno));
		timer_in(&ch->again, mon.loop, mono_ms(BACKOFF_LAST_MS));
		close(pair[0]);
	} else {
		ch->conn = ipc_conn_from_fd(mon.loop, pair[0], IPC_MONITOR, true, &handlers, ch);
	}
	close(pair[1]);
	tell_process(ch);
}

/* True when a process answers on ch's socket; it is asked to say what it holds. */
static bool
adopt(struct child *ch)
{
	char path[PATH_LEN + 32];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.sock", mon.o->rundir, ch->name);
	fd = child_find(ch, path);
	if (fd < 0)
		return false;
	ch->held_told = ch->adopting = true;
	timer_in(&ch->again, mon.loop, mono_s(PATIENCE_S));
	ch->conn = ipc_conn_from_fd(mon.loop, fd, IPC_MONITOR, true, &handlers, ch);
	return true;
}

static void
again(struct timer *t)
{
	struct child *ch = container_of(t, struct child, again);

	if (ch->pid != 0) {
		log_warn("monitor: %s does not %s: killed", ch->name, mon.ending ? "end" : "answer");
		child_signal(ch, SIGKILL);
		return;
	}
	if (ch->conn != NULL)
		ipc_conn_close(ch->conn);
	if (!mon.ending)
		start(ch);
}

/* --- what children say --- */

static void
up(struct ipc_conn *c)
{
	struct child *ch = ipc_conn_user(c);

	if (ch->held_told)
		ipc_send(c, IPC_MSG_ADOPT, NULL);
	else
		child_hand_over(ch);
	if (ch == &mon.child[CONTROL])
		tell_all();
}

static void
message(struct ipc_conn *c, struct ipc_msg *m)
{
	struct child *ch = ipc_conn_user(c);

	if (m->type == IPC_MSG_HOLD && m->fd >= 0) {
		if (strcmp(m->body->held.name, "keep") != 0) {
			child_hold(ch, m->body->held.name, m->fd);
		} else {
			if (ch->keep_fd >= 0)
				close(ch->keep_fd);
			ch->keep_fd = m->fd;
		}
		m->fd = -1;
	} else if (m->type == IPC_MSG_UNHOLD) {
		child_unhold(ch, m->body->held.name);
	} else if (m->type == IPC_MSG_RELOAD) {
		end_all(true);
	} else if (m->type == IPC_MSG_DONE) {	/* adopted, or, from control, the router is up */
		timer_stop(&ch->again);
		ch->adopting = false;
		mon.router_up |= ch == &mon.child[CONTROL];
		check_started();
	}
}

static void
down(struct ipc_conn *c)
{
	((struct child *)ipc_conn_user(c))->conn = NULL;
}

static const struct ipc_handlers handlers = {.up = up, .message = message, .down = down};

static void
terminate(struct loop *l, int signo)
{
	(void)l;
	(void)signo;
	end_all(false);
}

static bool
is_ignored(int signo)
{
	struct sigaction sa;

	return sigaction(signo, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
}

int
monitor_run(const struct options *o, struct outcome *outcome)
{
	int status;

	mon.o = o;
	mon.outcome = outcome;
	mon.loop = loop_new();
	if (mon.loop == NULL)
		log_fatal("monitor: event loop: %s", strerror(errno));
	mon.since = loop_now(mon.loop);
	loop_on_signal(mon.loop, SIGTERM, terminate);
	loop_on_signal(mon.loop, SIGINT, terminate);
	/* A terminal that goes ends what runs in it.  Else there are those who send it by habit. */
	if (o->foreground && !is_ignored(SIGHUP))
		loop_on_signal(mon.loop, SIGHUP, terminate);
	else
		signal(SIGHUP, SIG_IGN);
	for (size_t i = 0; i < CHILDREN; i++) {
		struct child *ch = &mon.child[i];

		ch->loop = mon.loop;
		ch->ended = child_ended;
		ch->echo = o->foreground;
		ch->pidfd = ch->err_fd = ch->keep_fd = -1;
		ch->again.run = again;
		if (!adopt(ch))
			start(ch);
	}
	status = loop_run(mon.loop);
	for (size_t i = 0; i < CHILDREN; i++) {
		if (mon.child[i].conn != NULL)
			ipc_conn_close(mon.child[i].conn);
		child_forget(&mon.child[i]);
	}
	loop_free(mon.loop);
	return status;
}
