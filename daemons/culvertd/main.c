/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * culvertd: options, the lock on the run directory, becoming a daemon; then
 * the monitor, or, when the monitor started us, control.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "control_run.h"
#include "log.h"
#include "monitor.h"
#include "nics.h"
#include "outcome.h"

#define LOCK_PAUSE_MS 20
#define LOCK_TRIES 25

static void
usage(FILE *to)
{
	fprintf(to, "usage: culvertd [-f] [-c STARTUP-CONFIG] [-y CULVERT.YAML] [-r RUNDIR]\n"
	    "  -f  stay in the foreground\n"
	    "  -c  startup-config (" CULVERT_SYSCONFDIR "/startup-config)\n"
	    "  -y  what IOS has no word for (" CULVERT_SYSCONFDIR "/culvert.yaml)\n"
	    "  -r  run directory: sockets and lock (" CULVERT_RUNSTATEDIR ")\n");
}

static void __attribute__((noreturn, format(printf, 1, 2)))
refuse(const char *fmt, ...)
{
	va_list ap;

	fputs("culvertd: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* Absolute, since the daemon changes its directory. */
static void
set_path(char to[PATH_LEN], const char *path, char option)
{
	char cwd[PATH_MAX];
	int n;

	if (path[0] == '/')
		n = snprintf(to, PATH_LEN, "%s", path);
	else if (getcwd(cwd, sizeof(cwd)) == NULL)
		refuse("-%c %s: the current directory is gone", option, path);
	else
		n = snprintf(to, PATH_LEN, "%s/%s", cwd, path);
	if (path[0] == '\0' || n >= PATH_LEN)
		refuse("-%c %s: not a path of 1 to %d characters", option, path, PATH_LEN - 1);
}

static void
parse_options(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{"control", no_argument, NULL, 'C'}, {"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'}, {0},
	};
	const char *libexec = getenv("CULVERT_LIBEXECDIR");
	int opt;

	set_path(o->startup, CULVERT_SYSCONFDIR "/startup-config", 'c');
	set_path(o->yaml, CULVERT_SYSCONFDIR "/culvert.yaml", 'y');
	set_path(o->rundir, CULVERT_RUNSTATEDIR, 'r');
	/* A build tree is run before it is installed. */
	set_path(o->libexec, libexec != NULL ? libexec : CULVERT_LIBEXECDIR, 'L');
	while ((opt = getopt_long(argc, argv, "fc:y:r:hV", longs, NULL)) != -1) {
		switch (opt) {
		case 'f':
			o->foreground = true;
			break;
		case 'c':
			set_path(o->startup, optarg, 'c');
			break;
		case 'y':
			set_path(o->yaml, optarg, 'y');
			o->yaml_given = true;
			break;
		case 'r':
			set_path(o->rundir, optarg, 'r');
			break;
		case 'C':
			o->control = true;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		case 'V':
			puts("culvertd " PACKAGE_VERSION);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	}
	if (optind != argc) {
		fprintf(stderr, "culvertd: %s: not expected\n", argv[optind]);
		usage(stderr);
		exit(2);
	}
	/* The sockets' names must fit in a sockaddr_un. */
	if (strlen(o->rundir) > 90)
		refuse("-r %s: longer than 90 characters", o->rundir);
}

/* Whatever answers on a socket there is taken for the daemon of its name. */
static void
make_rundir(const char *path)
{
	char part[PATH_LEN];
	struct stat st;
	char *slash;

	snprintf(part, sizeof(part), "%s", path);
	for (slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			refuse("run directory %s: cannot make %s: %s", path, part, strerror(errno));
		*slash = '/';
	}
	if ((mkdir(path, 0750) < 0 && errno != EEXIST) || stat(path, &st) < 0)
		refuse("run directory %s: %s", path, strerror(errno));
	if (st.st_uid != geteuid() || (st.st_mode & S_IWOTH) != 0)
		refuse("run directory %s: it must be root's, and nobody else may write to it", path);
}

/* One that was just killed may not have let go of it yet. */
static bool
lock(int fd)
{
	const struct timespec pause = {.tv_nsec = LOCK_PAUSE_MS * 1000000L};
	int tries;

	for (tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (errno != EWOULDBLOCK || tries == LOCK_TRIES)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

/* Holds the lock for as long as the descriptor is open: until the monitor ends. */
static int
lock_rundir(const struct options *o, char path[PATH_LEN + 16])
{
	struct stat here, there;
	int fd;

	snprintf(path, PATH_LEN + 16, "%s/culvertd.lock", o->rundir);
	do {	/* the one before us may have removed the file that we opened */
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0)
			refuse("%s: %s", path, strerror(errno));
		if (!lock(fd))
			refuse("another culvertd runs with run directory %s (-r chooses another one)",
			    o->rundir);
		if (fstat(fd, &here) == 0 && stat(path, &there) == 0 && here.st_ino == there.st_ino)
			break;
		close(fd);
	} while (true);
	return fd;
}

static void
check_files(const struct options *o)
{
	if (access(o->startup, R_OK) < 0 && errno != ENOENT)
		refuse("-c %s: %s", o->startup, strerror(errno));
	if (o->yaml_given && access(o->yaml, R_OK) < 0)
		refuse("-y %s: %s", o->yaml, strerror(errno));
	if (geteuid() != 0)
		refuse("must be root: it makes tunnel devices, addresses and routes");
}

/* An error in the file is control's to tell, which reads all of it. */
static void
read_workers(struct options *o)
{
	static struct nics n;
	char why[256];

	if (nics_read(&n, o->yaml, why) && n.workers != 0)
		snprintf(o->workers, sizeof(o->workers), "%u", n.workers);
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	char self[PATH_MAX] = "", lock[PATH_LEN + 16];
	struct outcome outcome = {.fd = -1};
	int status, locked;

	parse_options(&o, argc, argv);
	log_init("SYS");
	umask(077);
	if (o.control)
		return control_run(&o);
	check_files(&o);
	read_workers(&o);
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		refuse("cannot find our own program: %s", strerror(errno));
	o.self = self;
	signal(SIGPIPE, SIG_IGN);
	make_rundir(o.rundir);
	locked = lock_rundir(&o, lock);
	if (!o.foreground && !outcome_daemonize(&outcome))
		refuse("cannot become a daemon: %s", strerror(errno));
	if (ftruncate(locked, 0) == 0)
		dprintf(locked, "%d\n", (int)getpid());
	/* Descriptors of keys pass through here. */
	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	status = monitor_run(&o, &outcome);
	unlink(lock);
	return status;
}
