/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "espd_node.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ipc_socket.h"
#include "keep.h"

#define FD_MAX 256
#define ESPD "daemons/espd/culvert-espd"

static void
fail(const char *what)
{
	fprintf(stderr, "espd test: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* What came in one datagram with a message that was taken, for each connection. */
static struct datagram {
	size_t at, len;
	int ike[2];		/* sockets of IKE, of IPv4 and IPv6, that were handed over; 0: none */
	uint8_t b[IPC_DATAGRAM_MAX + 1];
} *datagrams[FD_MAX];

bool
run(const char *fmt, ...)
{
	char cmd[1024];
	va_list ap;
	int status;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	status = system(cmd);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* --- what is left behind when the test ends early --- */

#define NODES_MAX 4

static struct node *nodes[NODES_MAX];
static pid_t maker;

static void
clean_up(void)
{
	unsigned int i;

	for (i = 0; i < NODES_MAX && getpid() == maker; i++) {
		if (nodes[i] == NULL)
			continue;
		if (nodes[i]->pid > 0)
			node_kill(nodes[i]);
		node_ns_delete(nodes[i]);
	}
}

static void
ended_by(int signal)
{
	exit(128 + signal);
}

static void
remember(struct node *n)
{
	unsigned int i;

	if (maker == 0) {
		maker = getpid();
		atexit(clean_up);
		signal(SIGTERM, ended_by);
		signal(SIGINT, ended_by);
	}
	for (i = 0; i < NODES_MAX && nodes[i] != NULL; i++)
		;
	if (i == NODES_MAX)
		fail("too many nodes");
	nodes[i] = n;
}

static void
forget(const struct node *n)
{
	unsigned int i;

	for (i = 0; i < NODES_MAX; i++)
		if (nodes[i] == n)
			nodes[i] = NULL;
}

void
node_rundir(struct node *n, const char *name)
{
	const char *dir = getenv("TMPDIR");

	snprintf(n->rundir, sizeof(n->rundir), "%s/%s", dir != NULL ? dir : "/var/tmp", name);
	mkdir(n->rundir, 0700);
}

void
node_ns_new(struct node *n, const char *name)
{
	memset(n, 0, sizeof(*n));
	n->monitor = n->control = n->iked = n->nhrpd = n->shell = n->queue_fd = -1;
	snprintf(n->ns, sizeof(n->ns), "espd-%s-%d", name, (int)getpid());
	node_rundir(n, n->ns);
	n->keep_fd = keep_memfd("keep");
	remember(n);
	/* No link-local addresses: the kernel would solicit routers, and that would be counted. */
	if (!run("ip netns add %s && ip -n %s link set lo up && ip netns exec %s sysctl -qw "
	    "net.ipv6.conf.default.addr_gen_mode=1", n->ns, n->ns, n->ns) || n->keep_fd < 0)
		fail("network namespace");
}

void
node_ns_delete(struct node *n)
{
	forget(n);
	close(n->keep_fd);
	if (n->queue_fd >= 0)
		close(n->queue_fd);
	while (n->cmaps > 0)
		close(n->cmap[--n->cmaps].fd);
	run("ip netns del %s; rm -rf %s", n->ns, n->rundir);
}

/* --- the monitor's part --- */

static void
hand_over(int fd, const char *name, int passed)
{
	uint8_t bytes[64];
	struct ipc_held held = {0};
	struct wbuf w;

	snprintf(held.name, sizeof(held.name), "%s", name);
	wbuf_init(&w, bytes, sizeof(bytes));
	if (!ipc_message_write(&w, IPC_MSG_HELD, 0, &held))
		fail("writing what is held");
	if (!ipc_socket_send(fd, bytes, wbuf_len(&w), passed))
		fail("handing over");
}

static void
play_monitor(struct node *n)
{
	struct ipc_hello hello = {.version = IPC_VERSION, .role = IPC_MONITOR,
	    .pid = (uint32_t)getpid()};
	struct ipc_hold_end end = {0};
	unsigned int i;

	say(n->monitor, IPC_MSG_HELLO, &hello);
	hand_over(n->monitor, "keep", n->keep_fd);
	if (n->queue_fd >= 0)
		hand_over(n->monitor, n->queue, n->queue_fd);
	for (i = 0; i < n->cmaps; i++)
		hand_over(n->monitor, n->cmap[i].name, n->cmap[i].fd);
	say(n->monitor, IPC_MSG_HELD_END, &end);
}

/* --- starting and ending --- */

static int
connect_as(struct node *n, enum ipc_role role)
{
	char path[128];
	int i, fd = -1;

	snprintf(path, sizeof(path), "%s/espd.sock", n->rundir);
	for (i = 0; i < 500 && fd < 0; i++) {
		fd = ipc_call_open(path, role);
		if (fd < 0)
			poll(NULL, 0, 20);	/* it is starting */
	}
	if (fd < 0)
		fail("espd does not answer");
	return fd;
}

static void
become_espd(struct node *n, int monitor)
{
	char program[512], ns[64], workers[12];
	const char *top = getenv("top_builddir");

	snprintf(program, sizeof(program), "%s/" ESPD, top != NULL ? top : ".");
	snprintf(ns, sizeof(ns), "%s", n->ns);
	dup2(monitor, 3);
	fcntl(3, F_SETFD, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setenv("CULVERT_MONITOR", "3", 1);
	snprintf(workers, sizeof(workers), "%u", n->workers);
	execlp("ip", "ip", "netns", "exec", ns, program, "-r", n->rundir,
	    n->workers == 0 ? (char *)NULL : "-w", workers, (char *)NULL);
	_exit(127);
}

void
node_start(struct node *n)
{
	char path[128];
	int pair[2];

	snprintf(path, sizeof(path), "%s/espd.sock", n->rundir);
	unlink(path);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		fail("socketpair");
	n->pid = fork();
	if (n->pid == 0)
		become_espd(n, pair[1]);
	close(pair[1]);
	n->monitor = pair[0];
	play_monitor(n);
	n->control = connect_as(n, IPC_CONTROL);
	n->iked = connect_as(n, IPC_IKED);
	n->nhrpd = connect_as(n, IPC_NHRPD);
	n->shell = connect_as(n, IPC_SHELL);
}

static void
keep_cmap(struct node *n, const char *name, int fd)
{
	unsigned int i;

	for (i = 0; i < n->cmaps && strcmp(n->cmap[i].name, name) != 0; i++)
		;
	if (i == sizeof(n->cmap) / sizeof(n->cmap[0]))
		fail("too many devices of crypto maps");
	if (i == n->cmaps)
		n->cmaps++;
	else
		close(n->cmap[i].fd);
	snprintf(n->cmap[i].name, sizeof(n->cmap[i].name), "%s", name);
	n->cmap[i].fd = fd;
}

static void
keep_queue(struct node *n, const char *name, int fd)
{
	if (n->queue_fd >= 0)
		close(n->queue_fd);
	snprintf(n->queue, sizeof(n->queue), "%s", name);
	n->queue_fd = fd;
}

/* What the monitor was given before the end. */
static void
collect_held(struct node *n)
{
	static uint8_t bytes[IPC_DATAGRAM_MAX + 1];
	union ipc_body body;
	struct ipc_msg m = {.body = &body};
	struct rbuf r;
	ssize_t len;

	while ((len = ipc_socket_receive(n->monitor, bytes, &m.fd)) > 0) {
		rbuf_init(&r, bytes, (size_t)len);
		if (ipc_message_read(&r, &m) != NULL || m.type != IPC_MSG_HOLD || m.fd < 0)
			continue;
		if (strncmp(body.held.name, "cmap", 4) == 0)
			keep_cmap(n, body.held.name, m.fd);
		else if (strncmp(body.held.name, "wire", 4) == 0)
			close(m.fd);	/* the next one opens its own */
		else
			keep_queue(n, body.held.name, m.fd);
	}
}

/* What was not read of it goes with it: the next connection may have its number. */
static void
hang_up(int fd)
{
	unsigned int i;

	for (i = 0; i < 2 && datagrams[fd] != NULL; i++)
		if (datagrams[fd]->ike[i] > 0)
			close(datagrams[fd]->ike[i]);
	free(datagrams[fd]);
	datagrams[fd] = NULL;
	close(fd);
}

static int
ended(struct node *n)
{
	int status;

	collect_held(n);
	waitpid(n->pid, &status, 0);
	close(n->monitor);
	close(n->control);
	hang_up(n->iked);
	hang_up(n->nhrpd);
	close(n->shell);
	n->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void
node_kill(struct node *n)
{
	kill(n->pid, SIGKILL);
	ended(n);
}

int
node_stop(struct node *n)
{
	kill(n->pid, SIGTERM);
	return ended(n);
}

/* --- talking --- */

void
say(int fd, enum ipc_type type, const void *body)
{
	static uint32_t seq;

	if (!ipc_call_send(fd, type, ++seq, body))
		fail(ipc_type_name(type));
}

static void
keep_ike_socket(struct datagram *d, const struct ipc_msg *m, int fd)
{
	if (m->type == IPC_MSG_IKE_SOCKET)
		d->ike[m->body->ike_socket.v6] = fd;
	else if (fd >= 0)
		close(fd);
}

static bool
next_message(int fd, struct ipc_msg *m, int timeout_ms)
{
	static union ipc_body body;
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	struct datagram *d = datagrams[fd];
	int passed = -1;
	struct rbuf r;
	ssize_t n;

	if (d == NULL)
		d = datagrams[fd] = calloc(1, sizeof(*d));
	if (d->at == d->len) {
		n = poll(&ready, 1, timeout_ms) == 1 ? ipc_socket_receive(fd, d->b, &passed) : 0;
		d->at = 0;
		d->len = n > 0 ? (size_t)n : 0;
		if (n <= 0)
			return false;
	}
	rbuf_init(&r, d->b + d->at, d->len - d->at);
	m->body = &body;
	if (ipc_message_read(&r, m) != NULL)
		fail("a message that is none");
	keep_ike_socket(d, m, passed);
	d->at = d->len - rbuf_left(&r);
	return true;
}

int
ike_socket(struct node *n, bool v6)
{
	struct ipc_msg m;

	while (datagrams[n->iked] == NULL || datagrams[n->iked]->ike[v6] == 0)
		if (!next_message(n->iked, &m, 3000))
			return -1;
	return datagrams[n->iked]->ike[v6];
}

void
hear_all(int fd)
{
	struct ipc_msg m;

	while (next_message(fd, &m, 0))
		continue;
}

struct ipc_msg *
hear(int fd, enum ipc_type type, int timeout_ms)
{
	static struct ipc_msg m;

	while (next_message(fd, &m, timeout_ms))
		if (m.type == type)
			return &m;
	return NULL;
}

bool
heard(int fd, enum ipc_type type)
{
	return hear(fd, type, 0) != NULL;
}

bool
show_row(struct node *n, enum ipc_show_what what, enum ipc_type row,
    bool (*want)(const union ipc_body *b, const void *arg), const void *arg, union ipc_body *found)
{
	struct ipc_show q = {.what = (uint16_t)what};
	struct ipc_msg m;
	bool ok = false;

	do {
		say(n->shell, IPC_MSG_SHOW, &q);
		while (ipc_call_recv(n->shell, &m, 3000) == 1 && m.type != IPC_MSG_SHOW_END)
			if (m.type == row && !ok && want(m.body, arg)) {
				memcpy(found, m.body, ipc_body_size(row));
				ok = true;
			}
		q.cursor = m.body->show_end.cursor;
	} while (q.cursor != 0);
	return ok;
}
