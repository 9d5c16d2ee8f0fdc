/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

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

void
lab_free(struct lab *lab)
{
	struct lab_node *node, *next_node;
	struct lab_end *end, *next_end;

	if (lab == NULL)
		return;
	DL_FOREACH_SAFE(lab->nodes, node, next_node) {
		DL_FOREACH_SAFE(node->ends, end, next_end)
			free(end);
		free(node);
	}
	free(lab);
}

struct lab_node *
lab_node_find(const struct lab *lab, const char *name)
{
	struct lab_node *node;

	DL_FOREACH(lab->nodes, node)
		if (strcmp(node->name, name) == 0)
			break;
	return node;
}

const char *
lab_type_name(enum lab_type type)
{
	static const char *const names[LAB_TYPES] = {
		[LAB_ROUTER] = "router", [LAB_HOST] = "host", [LAB_NAT] = "nat",
		[LAB_TRANSIT] = "transit",
	};

	return names[type];
}
