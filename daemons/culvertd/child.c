/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"

/* --- standard error --- */

static void
line_done(struct child *ch)
{
	memcpy(ch->line, ch->part, ch->part_len);
	ch->line[ch->part_len] = '\0';
	if (ch->echo && ch->part_len > 0)
		fprintf(stderr, "%s\n", ch->line);
	ch->part_len = 0;
}

/* Returns false at the end of the pipe, or when there is nothing more now. */
static bool
read_some(struct child *ch)
{
	char buf[1024];
	ssize_t n = read(ch->err_fd, buf, sizeof(buf));
	ssize_t i;

	for (i = 0; i < n; i++) {
		if (buf[i] == '\n')
			line_done(ch);
		else if (ch->part_len + 1 < sizeof(ch->part))
			ch->part[ch->part_len++] = buf[i];
	}
	return n > 0;
}

static void
err_close(struct child *ch)
{
	watch_stop(&ch->err_watch);
	if (ch->err_fd >= 0)
		close(ch->err_fd);
	ch->err_fd = -1;
}

static void
err_ready(struct watch *w, unsigned int events)
{
	struct child *ch = container_of(w, struct child, err_watch);

	if (!read_some(ch) && (events & LOOP_HANGUP))
		err_close(ch);
}

/* --- its end --- */

static void
say_how(struct child *ch, int status, bool known)
{
	if (ch->part_len > 0)
		line_done(ch);
	if (!known)
		snprintf(ch->last_exit, sizeof(ch->last_exit), "ended");
	else if (WIFSIGNALED(status))
		snprintf(ch->last_exit, sizeof(ch->last_exit), "killed by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0 && ch->line[0] != '\0')
		snprintf(ch->last_exit, sizeof(ch->last_exit), "%.63s", ch->line);
	else
		snprintf(ch->last_exit, sizeof(ch->last_exit), "exit status %d",
		    WEXITSTATUS(status));
	ch->refused = known && WIFEXITED(status) && WEXITSTATUS(status) == CHILD_REFUSES;
}

static void
end_ready(struct watch *w, unsigned int events)
{
	struct child *ch = container_of(w, struct child, end_watch);
	int status = 0;
	bool known = ch->ours && waitpid(ch->pid, &status, 0) == ch->pid;

	(void)events;
	watch_stop(w);
	close(ch->pidfd);
	while (ch->err_fd >= 0 && read_some(ch))
		;
	err_close(ch);
	say_how(ch, status, known);
	ch->pidfd = -1;
	ch->pid = 0;
	ch->ended(ch);
}

/* Watches a process that somebody else started. 0, or -1 with errno. */
static int
child_watch(struct child *ch, pid_t pid)
{
	ch->pidfd = pidfd_open(pid, 0);
	if (ch->pidfd < 0)
		return -1;
	fcntl(ch->pidfd, F_SETFD, FD_CLOEXEC);
	ch->end_watch.run = end_ready;
	if (watch_start(&ch->end_watch, ch->loop, ch->pidfd, LOOP_READ) < 0) {
		close(ch->pidfd);
		ch->pidfd = -1;
		return -1;
	}
	ch->pid = pid;
	ch->ours = false;
	ch->refused = false;
	ch->since = loop_now(ch->loop);
	ch->err_fd = -1;
	return 0;
}

int
child_find(struct child *ch, const char *path)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct ucred cred;
	socklen_t len = sizeof(cred);
	int fd;

	if (strlen(path) >= sizeof(un.sun_path))
		return -1;
	memcpy(un.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0 &&
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 && child_watch(ch, cred.pid) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* --- its beginning --- */

/* Runs in the new process and does not come back. */
static void __attribute__((noreturn))
become(char *const argv[], int fd3, int err)
{
	sigset_t none;
	int low;

	/* Neither may lie on the numbers that they are to be moved to. */
	fd3 = fcntl(fd3, F_DUPFD_CLOEXEC, 10);
	low = fcntl(err, F_DUPFD_CLOEXEC, 10);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Standard error leads to the monitor, which may die before the daemon does. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);	/* there is nothing to read again: see monitor_run */
	setsid();
	if (dup2(low, STDERR_FILENO) < 0 || dup2(fd3, 3) < 0 ||
	    setenv("CULVERT_MONITOR", "3", 1) < 0)
		_exit(CHILD_REFUSES);
	execv(argv[0], argv);
	dprintf(STDERR_FILENO, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(CHILD_REFUSES);
}

int
child_spawn(struct child *ch, char *const argv[], int fd3)
{
	int err[2], saved;
	pid_t pid;

	if (pipe2(err, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	fcntl(err[1], F_SETFL, 0);
	pid = fork();
	if (pid == 0)
		become(argv, fd3, err[1]);
	saved = errno;
	close(err[1]);
	if (pid < 0 || child_watch(ch, pid) < 0) {
		saved = pid < 0 ? saved : errno;
		if (pid > 0) {		/* it would run beside its successor */
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
		close(err[0]);
		errno = saved;
		return -1;
	}
	ch->ours = true;
	ch->part_len = 0;
	ch->line[0] = '\0';
	ch->err_fd = err[0];
	ch->err_watch.run = err_ready;
	watch_start(&ch->err_watch, ch->loop, err[0], LOOP_READ);
	return 0;
}

void
child_signal(struct child *ch, int signo)
{
	if (ch->pid != 0)
		pidfd_send_signal(ch->pidfd, signo, NULL, 0);
}

/* --- what is kept for its successor --- */

void
child_unhold(struct child *ch, const char *name)
{
	struct child_held **at = &ch->held, *h;

	while ((h = *at) != NULL) {
		if (name != NULL && strcmp(h->name, name) != 0) {
			at = &h->next;
			continue;
		}
		*at = h->next;
		close(h->fd);
		free(h);
	}
}

void
child_hold(struct child *ch, const char *name, int fd)
{
	struct child_held *h;

	child_unhold(ch, name);
	h = calloc(1, sizeof(*h));
	if (h == NULL)
		log_fatal("monitor: out of memory");
	snprintf(h->name, sizeof(h->name), "%s", name);
	h->fd = fd;
	h->next = ch->held;
	ch->held = h;
}

void
child_hand_over(struct child *ch)
{
	struct ipc_held held = {.name = "keep"};
	struct ipc_hold_end end = {.restarts = ch->restarts};
	struct child_held *h;

	ipc_send_fd(ch->conn, IPC_MSG_HELD, &held, ch->keep_fd);
	for (h = ch->held; h != NULL; h = h->next) {
		memcpy(held.name, h->name, sizeof(held.name));
		ipc_send_fd(ch->conn, IPC_MSG_HELD, &held, h->fd);
	}
	ipc_send(ch->conn, IPC_MSG_HELD_END, &end);
	ch->held_told = true;
}

void
child_forget(struct child *ch)
{
	child_unhold(ch, NULL);
	if (ch->keep_fd >= 0)
		close(ch->keep_fd);
	ch->keep_fd = -1;
	ch->restarts = 0;
	ch->backoff = mono_us(0);
	ch->last_exit[0] = '\0';
}
