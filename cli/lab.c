/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

static volatile sig_atomic_t interrupted;

bool
lab_interrupted(void)
{
	return interrupted != 0;
}

static void
on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

void
lab_interruptible(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

const char *
lab_why(const char *fmt, ...)
{
	static char text[2][LAB_ERR_MAX];	/* a reason may be made of the last one */
	static unsigned int turn;
	va_list ap;

	turn ^= 1;
	va_start(ap, fmt);
	vsnprintf(text[turn], sizeof(text[turn]), fmt, ap);
	va_end(ap);
	return text[turn];
}

/* --- where things are --- */

char *
lab_dir(char *buf, const char *lab)
{
	snprintf(buf, PATH_MAX, CULVERT_RUNSTATEDIR "/%s", lab);
	return buf;
}

char *
lab_node_dir(char *buf, const char *lab, const char *node)
{
	snprintf(buf, PATH_MAX, CULVERT_RUNSTATEDIR "/%s/%s", lab, node);
	return buf;
}

char *
lab_node_file(char *buf, const char *lab, const char *node, const char *file)
{
	snprintf(buf, PATH_MAX, CULVERT_RUNSTATEDIR "/%s/%s/%s", lab, node, file);
	return buf;
}

char *
lab_netns_name(char *buf, const char *lab, const char *node)
{
	snprintf(buf, PATH_MAX, "%s-%s", lab, node);
	return buf;
}
