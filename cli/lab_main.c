/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * culvert-lab: labs of routers and hosts in network namespaces.
 *
 *	culvert-lab up | down | status LAB.yaml
 *	culvert-lab shell LAB.yaml NODE [-- ARGUMENT...]
 *	culvert-lab exec LAB.yaml NODE [--] COMMAND...
 *
 * Exit status: 0 done, 1 it failed (status: something is down), 2 it was asked
 * wrongly or the file is wrong and nothing was touched; of shell and exec, the
 * command's own.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"
#include "lab_netns.h"
#include "lab_run.h"

#define USAGE_STATUS 2

struct request {
	struct lab *lab;
	const struct lab_node *node;	/* shell and exec */
	char **argv;			/* what follows; may be empty */
};

static int
do_up(const struct request *q)
{
	lab_interruptible();
	return lab_up(q->lab);
}

static int
do_down(const struct request *q)
{
	return lab_down(q->lab->name);
}

static int
do_status(const struct request *q)
{
	return lab_status(q->lab);
}

/* Becomes argv in the node's namespace. */
static int
become(const struct request *q, const char *const argv[])
{
	char netns[PATH_MAX];
	const char *why;

	if (!netns_exists(lab_netns_name(netns, q->lab->name, q->node->name))) {
		fprintf(stderr, "culvert-lab: %s of %s is not up\n", q->node->name, q->lab->name);
		return 1;
	}
	why = netns_enter(netns);
	if (why != NULL) {
		fprintf(stderr, "culvert-lab: %s\n", why);
		return 1;
	}
	run_exec(argv);
	fprintf(stderr, "culvert-lab: %s: %s\n", argv[0], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}

static int
do_exec(const struct request *q)
{
	if (q->argv[0] == NULL) {
		fprintf(stderr, "culvert-lab: exec: expected a command\n");
		return USAGE_STATUS;
	}
	return become(q, (const char *const *)q->argv);
}

static int
do_shell(const struct request *q)
{
	char dir[PATH_MAX];
	const char *argv[64] = {"/bin/sh"};
	size_t n = 1, i;

	if (q->node->type == LAB_ROUTER) {
		argv[0] = CULVERT_BINDIR "/culvert";
		argv[n++] = "-r";
		argv[n++] = lab_node_dir(dir, q->lab->name, q->node->name);
	}
	for (i = 0; q->argv[i] != NULL && n < 63; i++)
		argv[n++] = q->argv[i];
	argv[n] = NULL;
	return become(q, argv);
}

static const struct command {
	const char *name;
	int (*run)(const struct request *q);
	bool node;		/* wants a node */
	bool root;		/* up and down are not for everybody */
} commands[] = {
	{"up", do_up, false, true},
	{"down", do_down, false, true},
	{"status", do_status, false, false},
	{"shell", do_shell, true, true},
	{"exec", do_exec, true, true},
};

static void
usage(FILE *to)
{
	fputs("usage: culvert-lab up|down|status LAB.yaml\n"
	    "       culvert-lab shell LAB.yaml NODE [-- ARGUMENT...]\n"
	    "       culvert-lab exec LAB.yaml NODE [--] COMMAND...\n", to);
}

/* -1: it is no question about the program itself. */
static int
about(const char *option)
{
	if (strcmp(option, "-h") == 0 || strcmp(option, "--help") == 0)
		usage(stdout);
	else if (strcmp(option, "-V") == 0 || strcmp(option, "--version") == 0)
		printf("culvert-lab %s\n", PACKAGE_VERSION);
	else
		return -1;
	return 0;
}

/* Names alone take a lab down: its file may have been broken since. */
static struct lab *
request_load(const struct command *c, const char *file, char *err)
{
	struct lab *lab;

	if (c->run != do_down) {
		lab = lab_load(file, err);
		if (lab == NULL || lab_check(lab, err))
			return lab;
		lab_free(lab);
		return NULL;
	}
	lab = calloc(1, sizeof(*lab));
	if (lab == NULL)
		abort();
	if (lab_name_from_file(lab->name, file))
		return lab;
	snprintf(err, LAB_ERR_MAX, "%s: no name of a lab", file);
	free(lab);
	return NULL;
}

static int
run(const struct command *c, char **argv)
{
	struct request q = {0};
	char err[LAB_ERR_MAX];
	int status;

	q.lab = request_load(c, argv[0], err);
	if (q.lab == NULL) {
		fprintf(stderr, "%s\n", err);
		return USAGE_STATUS;
	}
	q.argv = argv + 1;
	if (c->node) {
		q.node = lab_node_find(q.lab, *q.argv++);
		if (*q.argv != NULL && strcmp(*q.argv, "--") == 0)
			q.argv++;
	}
	if (c->node && q.node == NULL) {
		fprintf(stderr, "culvert-lab: %s has no node %s\n", argv[0], argv[1]);
		status = USAGE_STATUS;
	} else if (c->root && geteuid() != 0) {
		fprintf(stderr, "culvert-lab: %s needs root\n", c->name);
		status = 1;
	} else {
		status = c->run(&q);
	}
	lab_free(q.lab);
	return status;
}

int
main(int argc, char **argv)
{
	size_t i;

	if (argc == 2 && about(argv[1]) == 0)
		return 0;
	for (i = 0; argc > 2 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0 &&
		    (commands[i].node ? argc > 3 : argc == 3))
			return run(&commands[i], argv + 2);
	usage(stderr);
	return USAGE_STATUS;
}
