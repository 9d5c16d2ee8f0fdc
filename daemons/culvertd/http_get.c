/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http_get.h"

#include <cap-ng.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TIMEOUT_S = 20 };

struct http_url {
	char host[256], port[8], path[256];
};

/* Cuts a URL; false when it is none that http_get() can fetch. */
static bool
cut(const char *url, struct http_url *u)
{
	const char *at, *end, *host_end;
	size_t i;

	memset(u, 0, sizeof(*u));
	if (strncasecmp(url, "http://", 7) != 0)
		return false;
	for (i = 0; url[i] != '\0'; i++)
		if (!isgraph((unsigned char)url[i]))
			return false;
	at = url + 7;
	end = at + strcspn(at, "/");
	if (*at == '[') {
		host_end = strchr(++at, ']');
		if (host_end == NULL || host_end > end)
			return false;
	} else {
		host_end = at + strcspn(at, ":/");
	}
	if (host_end == at || (size_t)(host_end - at) >= sizeof(u->host))
		return false;
	memcpy(u->host, at, (size_t)(host_end - at));
	host_end += *host_end == ']';
	if (*host_end == ':') {
		host_end++;
		if (end - host_end < 1 || end - host_end > 5 ||
		    strspn(host_end, "0123456789") != (size_t)(end - host_end))
			return false;
		memcpy(u->port, host_end, (size_t)(end - host_end));
	} else if (host_end != end) {
		return false;
	} else {
		memcpy(u->port, "80", 3);
	}
	return snprintf(u->path, sizeof(u->path), "%s", *end == '/' ? end : "/") <
	    (int)sizeof(u->path);
}

struct slice
http_body(struct slice answer, const char **why)
{
	const struct slice none = {NULL, 0};
	const uint8_t *end = answer.p == NULL ? NULL : memmem(answer.p, answer.len, "\r\n\r\n", 4);
	size_t head;

	*why = NULL;
	if (answer.len == 0)
		*why = "the server does not answer";
	else if (answer.len < 12 || memcmp(answer.p, "HTTP/1.", 7) != 0 || end == NULL)
		*why = "the server's answer is not HTTP";
	else if (memcmp(answer.p + 8, " 200", 4) != 0)
		*why = "the server answers with another status than 200";
	if (*why != NULL)
		return none;
	head = (size_t)(end - answer.p) + 4;
	return slice_of(answer.p + head, answer.len - head);
}

/* --- the child --- */

static int
connected(const struct http_url *u)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list, *a;
	int fd = -1;

	if (getaddrinfo(u->host, u->port, &hints, &list) != 0)
		return -1;
	for (a = list; a != NULL && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(list);
	return fd;
}

static void
fetch(const struct http_url *u, size_t max_bytes, int out)
{
	char buf[4096];
	size_t total = 0;
	ssize_t n;
	int fd, len;

	fd = connected(u);
	len = snprintf(buf, sizeof(buf), "GET %s HTTP/1.0\r\nHost: %s%s%s\r\nUser-Agent: culvert\r\n\r\n",
	    u->path, strchr(u->host, ':') != NULL ? "[" : "", u->host,
	    strchr(u->host, ':') != NULL ? "]" : "");
	if (fd < 0 || send(fd, buf, (size_t)len, MSG_NOSIGNAL) != len)
		return;
	while (total <= max_bytes && (n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		if (write(out, buf, (size_t)n) != n)
			return;
		total += (size_t)n;
	}
}

static void __attribute__((noreturn))
child(const struct http_url *u, size_t max_bytes, int out)
{
	sigset_t none;

	/* The pipe becomes 3, and all behind it goes. */
	if (dup2(out, 3) != 3)
		_exit(1);
	close_range(4, ~0u, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_BOTH) != 0)
		_exit(1);
	alarm(TIMEOUT_S);
	fetch(u, max_bytes, 3);
	_exit(0);
}

int
http_get(const char *url, size_t max_bytes, pid_t *pid, const char **why)
{
	struct http_url u;
	int p[2];

	*why = NULL;
	if (!cut(url, &u)) {
		*why = "only http://HOST[:PORT]/PATH is fetched";
		return -1;
	}
	if (pipe2(p, O_CLOEXEC | O_NONBLOCK) != 0) {
		*why = strerror(errno);
		return -1;
	}
	*pid = fork();
	if (*pid == 0) {
		fcntl(p[1], F_SETFL, 0);	/* the child may wait */
		child(&u, max_bytes, p[1]);
	}
	close(p[1]);
	if (*pid > 0)
		return p[0];
	*why = strerror(errno);
	close(p[0]);
	return -1;
}
