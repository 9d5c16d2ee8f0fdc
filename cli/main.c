/* SPDX-License-Identifier: GPL-3.0-or-later */
/* culvert: the shell. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/node.h"
#include "cli/shell.h"
#include "cli/terminal.h"
#include "config.h"

enum { EXIT_OK, EXIT_REFUSED, EXIT_UNREACHABLE };
enum { OPTION_CHECK = 256 };

static void
usage(FILE *to)
{
	fputs("usage: culvert [-r RUNDIR | -n NODE] [-c COMMAND]...\n"
	    "       culvert --check[=all] FILE\n", to);
}

struct options {
	char rundir[200];
	const char **commands;
	unsigned int n_commands;
	bool check, check_all;
};

static int
set_node(struct options *o, const char *name)
{
	char why[256];

	if (node_rundir(CULVERT_RUNSTATEDIR, name, o->rundir, sizeof(o->rundir), why))
		return -1;
	fprintf(stderr, "culvert: %s\n", why);
	return EXIT_UNREACHABLE;
}

/* -1: go on; else the exit status. */
static int
parse_options(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{"check", optional_argument, NULL, OPTION_CHECK},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	int opt, status;

	while ((opt = getopt_long(argc, argv, "r:n:c:hV", longs, NULL)) != -1) {
		switch (opt) {
		case 'r':
			snprintf(o->rundir, sizeof(o->rundir), "%s", optarg);
			break;
		case 'n':
			if ((status = set_node(o, optarg)) >= 0)
				return status;
			break;
		case 'c':
			o->commands[o->n_commands++] = optarg;
			break;
		case OPTION_CHECK:
			o->check = true;
			o->check_all = optarg != NULL && strcmp(optarg, "all") == 0;
			if (optarg != NULL && !o->check_all) {
				usage(stderr);
				return EXIT_UNREACHABLE;
			}
			break;
		case 'h':
			usage(stdout);
			return EXIT_OK;
		case 'V':
			printf("culvert %s\n", PACKAGE_VERSION);
			return EXIT_OK;
		default:
			usage(stderr);
			return EXIT_UNREACHABLE;
		}
	}
	if (optind + (o->check ? 1 : 0) == argc)
		return -1;
	usage(stderr);
	return EXIT_UNREACHABLE;
}

static void
run_commands(struct shell *sh, const struct options *o)
{
	unsigned int i;

	for (i = 0; i < o->n_commands && !sh->quit && !sh->lost; i++)
		shell_line(sh, o->commands[i]);
}

static void
run_input(struct shell *sh)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (!sh->quit && !sh->lost && (n = getline(&line, &room, stdin)) > 0) {
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			line[--n] = '\0';
		shell_line(sh, line);
	}
	if (line != NULL)
		explicit_bzero(line, room);
	free(line);
}

static int
run(const struct options *o)
{
	struct shell sh;
	bool typed = o->n_commands == 0 && isatty(STDIN_FILENO);

	shell_init(&sh, typed);
	if (!session_open(&sh.session, o->rundir)) {
		fprintf(stderr, "culvert: no router at %s: %m\n", o->rundir);
		return EXIT_UNREACHABLE;
	}
	shell_learn_hostname(&sh);
	sh.privileged = !typed;
	if (o->n_commands > 0)
		run_commands(&sh, o);
	else if (typed)
		terminal_run(&sh);
	else
		run_input(&sh);
	shell_free(&sh);
	return sh.lost ? EXIT_UNREACHABLE : sh.refused && !typed ? EXIT_REFUSED : EXIT_OK;
}

int
main(int argc, char **argv)
{
	struct options o = {.rundir = CULVERT_RUNSTATEDIR};
	int status;

	/* What is typed may be a key. */
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	o.commands = calloc((size_t)argc, sizeof(*o.commands));
	if (o.commands == NULL)
		return EXIT_UNREACHABLE;
	status = parse_options(&o, argc, argv);
	if (status < 0)
		status = o.check ? check_file(argv[optind], o.check_all) : run(&o);
	free(o.commands);
	return status;
}
