/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab_router.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <utlist.h>

#include "ipc.h"
#include "lab_netns.h"
#include "lab_run.h"
#include "mono.h"

#define START_S 30		/* a router with sanitizers on a busy machine */
#define POLL_MS 20
#define LOG_LINES 60	/* a sanitizer has much to say */

static const char *
copy(const char *from, const char *to)
{
	FILE *in = fopen(from, "re"), *out = fopen(to, "wxe");
	const char *why = NULL;
	char buf[4096];
	size_t n;

	if (in == NULL || out == NULL)
		why = lab_why("cannot copy %s to %s: %s", from, to, strerror(errno));
	while (why == NULL && (n = fread(buf, 1, sizeof(buf), in)) > 0)
		if (fwrite(buf, 1, n, out) != n)
			why = lab_why("cannot write %s: %s", to, strerror(errno));
	if (in != NULL)
		fclose(in);
	if (out != NULL && fclose(out) != 0 && why == NULL)
		why = lab_why("cannot write %s: %s", to, strerror(errno));
	return why;
}

static const char *
write_yaml(const struct lab_node *node, const char *path)
{
	const struct lab_end *end;
	FILE *f = fopen(path, "we");

	if (f == NULL)
		return lab_why("cannot write %s: %s", path, strerror(errno));
	fputs("interfaces:\n", f);
	DL_FOREACH(node->ends, end)
		fprintf(f, "  %s: %s\n", end->ios, end->link);
	return fclose(f) == 0 ? NULL : lab_why("cannot write %s: %s", path, strerror(errno));
}

const char *
router_prepare(const struct lab *lab, const struct lab_node *node)
{
	char path[PATH_MAX];
	mode_t old = umask(077);	/* a startup-config has keys in it */
	const char *why = copy(node->config,
	    lab_node_file(path, lab->name, node->name, "startup-config"));

	umask(old);
	if (why == NULL)
		why = write_yaml(node, lab_node_file(path, lab->name, node->name, "culvert.yaml"));
	return why;
}

pid_t
router_pid(const char *lab, const char *node)
{
	char path[PATH_MAX], netns[PATH_MAX];
	FILE *f = fopen(lab_node_file(path, lab, node, "lab.pid"), "re");
	int pid = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%d", &pid) != 1)
		pid = 0;
	fclose(f);
	/* A number that was given to somebody else since is not in our namespace. */
	return pid > 0 && netns_is_in(lab_netns_name(netns, lab, node), pid) ? pid : 0;
}

bool
router_answers(const char *lab, const char *node)
{
	char path[PATH_MAX];
	int fd = ipc_call_open(lab_node_file(path, lab, node, "control.sock"), IPC_SHELL);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

void
router_print_log(const char *lab, const char *node)
{
	static char lines[LOG_LINES][256];
	char path[PATH_MAX];
	unsigned int n = 0, i;
	FILE *f = fopen(lab_node_file(path, lab, node, "culvertd.log"), "re");

	while (f != NULL && fgets(lines[n % LOG_LINES], sizeof(lines[0]), f) != NULL)
		n++;
	if (f != NULL)
		fclose(f);
	for (i = n > LOG_LINES ? n - LOG_LINES : 0; i < n; i++)
		fprintf(stderr, "%s: %s", node, lines[i % LOG_LINES]);
}

/* Becomes culvertd: own session, no input, what it prints in culvertd.log. */
static void
child(const struct lab *lab, const struct lab_node *node)
{
	char dir[PATH_MAX], config[PATH_MAX], yaml[PATH_MAX], log[PATH_MAX], netns[PATH_MAX];
	const char *argv[] = {CULVERT_SBINDIR "/culvertd", "-f",
	    "-c", lab_node_file(config, lab->name, node->name, "startup-config"),
	    "-y", lab_node_file(yaml, lab->name, node->name, "culvert.yaml"),
	    "-r", lab_node_dir(dir, lab->name, node->name), NULL};
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int out = open(lab_node_file(log, lab->name, node->name, "culvertd.log"),
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	const char *why;

	if (null < 0 || out < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(127);
	why = netns_enter(lab_netns_name(netns, lab->name, node->name));
	if (why != NULL) {
		dprintf(2, "%s\n", why);
		_exit(127);
	}
	setsid();
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	run_exec(argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static const char *
remember(const struct lab *lab, const struct lab_node *node, pid_t pid)
{
	char path[PATH_MAX];
	FILE *f = fopen(lab_node_file(path, lab->name, node->name, "lab.pid"), "we");

	if (f == NULL || fprintf(f, "%d\n", (int)pid) < 0 || fclose(f) != 0)
		return lab_why("cannot write %s: %s", path, strerror(errno));
	return NULL;
}

static const char *
wait_ready(const struct lab *lab, const struct lab_node *node, pid_t pid)
{
	mono_t end = mono_add(mono_clock(), mono_s(START_S));
	int status;

	while (!router_answers(lab->name, node->name)) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return lab_why("culvertd ended at once");
		if (lab_interrupted())
			return lab_why("interrupted");
		if (mono_before(end, mono_clock()))
			return lab_why("culvertd did not answer in %d s", START_S);
		nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000 * 1000}, NULL);
	}
	return NULL;
}

const char *
router_start(const struct lab *lab, const struct lab_node *node)
{
	const char *why;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return lab_why("cannot start culvertd: %s", strerror(errno));
	if (pid == 0)
		child(lab, node);
	why = remember(lab, node, pid);
	return why != NULL ? why : wait_ready(lab, node, pid);
}
