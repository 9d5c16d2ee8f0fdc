/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- in the child --- */

volatile sig_atomic_t probe_escaped;

static void
on_escape(int signo)
{
	(void)signo;
	probe_escaped = 1;
}

bool
probe_bind(int sock, const struct addr *source, const char **why)
{
	struct sockaddr_storage from;
	socklen_t len = addr_to_sockaddr(source, 0, &from);

	if (len == 0 || bind(sock, (struct sockaddr *)&from, len) == 0)
		return true;
	*why = "% Invalid source address- IP address not on any of our up interfaces";
	return false;
}

/* In the new process: nothing of control's but the pipe; it does not come back. */
static void __attribute__((noreturn))
child(probe_run *run, const void *options, int out)
{
	struct sigaction sa = {.sa_handler = on_escape};
	sigset_t none;

	dup2(out, 0);
	close_range(1, ~0u, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	sigaction(SIGINT, &sa, NULL);
	run(options, 0);
	_exit(0);
}

/* --- in control --- */

struct probe {
	struct watch watch;
	int fd;
	pid_t pid;
	void (*text)(void *arg, const char *p, size_t len);
	void (*done)(void *arg);
	void *arg;
};

void
probe_stop(struct probe *p)
{
	watch_stop(&p->watch);
	close(p->fd);
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	free(p);
}

void
probe_escape(struct probe *p)
{
	kill(p->pid, SIGINT);
}

static void
ready(struct watch *w, unsigned int events)
{
	struct probe *p = container_of(w, struct probe, watch);
	void (*done)(void *) = p->done;
	void *arg = p->arg;
	char buf[2048];
	ssize_t n = read(p->fd, buf, sizeof(buf));

	(void)events;
	if (n > 0) {
		p->text(p->arg, buf, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		probe_stop(p);
		done(arg);
	}
}

struct probe *
probe_start(struct loop *l, probe_run *run, const void *options,
    void (*text)(void *arg, const char *p, size_t len), void (*done)(void *arg), void *arg)
{
	struct probe *p = calloc(1, sizeof(*p));
	int fds[2];

	if (p == NULL || pipe2(fds, O_CLOEXEC) < 0) {
		free(p);
		return NULL;
	}
	p->pid = fork();
	if (p->pid == 0)
		child(run, options, fds[1]);
	close(fds[1]);
	p->fd = fds[0];
	p->watch.run = ready;
	p->text = text;
	p->done = done;
	p->arg = arg;
	fcntl(p->fd, F_SETFL, O_NONBLOCK);
	if (p->pid < 0 || watch_start(&p->watch, l, p->fd, LOOP_READ) < 0) {
		if (p->pid > 0)
			probe_stop(p);
		else
			free(p);
		return NULL;
	}
	return p;
}
