/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "lab_netns.h"

void
run_exec(const char *const argv[])
{
	const char *path = getenv("PATH");
	char with_sbin[4096];

	/* nft and friends live in sbin, which is in no ordinary user's PATH. */
	snprintf(with_sbin, sizeof(with_sbin), "%s:/usr/local/sbin:/usr/sbin:/sbin",
	    path == NULL || *path == '\0' ? "/usr/local/bin:/usr/bin:/bin" : path);
	setenv("PATH", with_sbin, 1);
	execvp(argv[0], (char *const *)(unsigned long)argv);
}

static void
child(const char *netns, const char *const argv[], int out)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const char *why = netns == NULL ? NULL : netns_enter(netns);

	if (why != NULL || null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) {
		dprintf(out, "%s", why != NULL ? why : strerror(errno));
		_exit(127);
	}
	run_exec(argv);
	dprintf(2, "%s: %s", argv[0], strerror(errno));
	_exit(127);
}

int
run_capture(const char *netns, const char *const argv[], char *out, size_t size)
{
	char sink[512];
	size_t len = 0;
	ssize_t n;
	int fd[2], status;
	pid_t pid;

	out[0] = '\0';
	if (pipe2(fd, O_CLOEXEC) != 0)
		return 127;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		child(netns, argv, fd[1]);
	close(fd[1]);
	while (pid > 0 && (n = read(fd[0], sink, sizeof(sink))) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		if (n < 0)
			continue;
		if ((size_t)n > size - 1 - len)
			n = (ssize_t)(size - 1 - len);
		memcpy(out + len, sink, (size_t)n);
		len += (size_t)n;
	}
	close(fd[0]);
	out[len] = '\0';
	while (len > 0 && out[len - 1] == '\n')
		out[--len] = '\0';
	if (pid < 0)
		return 127;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
