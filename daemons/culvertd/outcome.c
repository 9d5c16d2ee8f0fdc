/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outcome.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

/* The pipe ends with the word that the router is up, or with the monitor. */
static void __attribute__((noreturn))
await(int fd)
{
	char why[512] = "";
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(why) && (n = read(fd, why + len, sizeof(why) - len)) > 0)
		len += (size_t)n;
	if (len == 0)
		snprintf(why, sizeof(why), "the monitor ended before the router was up");
	why[sizeof(why) - 1] = '\0';
	if (why[0] != '\0')
		fprintf(stderr, "culvertd: %s\n", why);
	exit(why[0] != '\0');
}

bool
outcome_daemonize(struct outcome *o)
{
	int said[2], null;
	pid_t pid;

	if (pipe2(said, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		return false;
	if (pid > 0) {
		close(said[1]);
		await(said[0]);
	}
	close(said[0]);
	o->fd = said[1];
	setsid();
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	return null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
	    chdir("/") == 0;
}

void
outcome_say(struct outcome *o, const char *why_not)
{
	const char *text = why_not == NULL ? "" : why_not;

	if (o->said)
		return;
	o->said = true;
	o->failed = why_not != NULL;
	if (o->fd < 0) {
		if (o->failed)
			fprintf(stderr, "culvertd: %s\n", why_not);
		return;
	}
	if (write(o->fd, text, strlen(text) + 1) < 0)
		log_warn("monitor: nobody waits for us to be up");
	if (o->failed)
		return;		/* open until we have ended: then nothing is left of us */
	close(o->fd);
	dup2(STDOUT_FILENO, STDERR_FILENO);	/* a daemon's is /dev/null */
}
