/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab_netns.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "lab.h"
#include "mono.h"

#define NETNS_DIR "/run/netns"
#define ASK_S 5			/* a daemon says goodbye to its peers first */
#define FORCE_S 3

static char *
netns_path(char buf[PATH_MAX], const char *name)
{
	snprintf(buf, PATH_MAX, NETNS_DIR "/%s", name);
	return buf;
}

bool
netns_exists(const char *name)
{
	char path[PATH_MAX];

	return access(netns_path(path, name), F_OK) == 0;
}

int
netns_open(const char *name)
{
	char path[PATH_MAX];
	struct statfs fs;
	int fd = open(netns_path(path, name), O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && (fstatfs(fd, &fs) != 0 || fs.f_type != NSFS_MAGIC)) {
		close(fd);	/* a name that lost its namespace, after a crash */
		errno = ENOENT;
		return -1;
	}
	return fd;
}

int
netns_open_own(void)
{
	return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

void
netns_return(int own)
{
	if (setns(own, CLONE_NEWNET) != 0) {
		/* Going on in the wrong namespace could hurt a stranger. */
		perror("culvert-lab: cannot return to the first namespace");
		abort();
	}
	close(own);
}

const char *
netns_enter(const char *name)
{
	int fd = netns_open(name);
	int rc = fd < 0 ? -1 : setns(fd, CLONE_NEWNET);
	int saved = errno;

	if (fd >= 0)
		close(fd);
	return rc == 0 ? NULL : lab_why("cannot enter namespace %s: %s", name, strerror(saved));
}

/* Mounts made below /run/netns must be seen in every mount namespace, as ip(8) does it. */
static const char *
netns_dir_prepare(void)
{
	if (mkdir(NETNS_DIR, 0755) != 0 && errno != EEXIST)
		return lab_why("cannot make " NETNS_DIR ": %s", strerror(errno));
	if (mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL) == 0)
		return NULL;
	if (errno != EINVAL || mount(NETNS_DIR, NETNS_DIR, "none", MS_BIND | MS_REC, NULL) != 0 ||
	    mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL) != 0)
		return lab_why("cannot share " NETNS_DIR ": %s", strerror(errno));
	return NULL;
}

const char *
netns_make(const char *name)
{
	char path[PATH_MAX];
	const char *why = netns_dir_prepare();
	int own, fd;

	if (why != NULL)
		return why;
	fd = open(netns_path(path, name), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (fd < 0)
		return lab_why("cannot make namespace %s: %s", name, strerror(errno));
	close(fd);
	own = netns_open_own();
	if (own < 0 || unshare(CLONE_NEWNET) != 0) {
		why = lab_why("cannot make namespace %s: %s", name, strerror(errno));
	} else {
		if (mount("/proc/self/ns/net", path, "none", MS_BIND, NULL) != 0)
			why = lab_why("cannot mount namespace %s: %s", name, strerror(errno));
		netns_return(own);
	}
	if (why != NULL)
		unlink(path);
	return why;
}

const char *
netns_delete(const char *name)
{
	char path[PATH_MAX];

	if (umount2(netns_path(path, name), MNT_DETACH) != 0 && errno != EINVAL && errno != ENOENT)
		return lab_why("cannot unmount %s: %s", path, strerror(errno));
	if (unlink(path) != 0 && errno != ENOENT)
		return lab_why("cannot remove %s: %s", path, strerror(errno));
	return NULL;
}

/* --- who is in there --- */

bool
netns_is_in(const char *name, pid_t pid)
{
	char path[64];
	struct stat want, got;
	int fd = netns_open(name);
	bool ok = fd >= 0 && fstat(fd, &want) == 0;

	if (fd >= 0)
		close(fd);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	return ok && stat(path, &got) == 0 && got.st_ino == want.st_ino && got.st_dev == want.st_dev;
}

/* Sends sig to every process in there but ourselves; sig 0 only counts them. */
static unsigned int
netns_signal(const char *name, int sig)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	unsigned int n = 0;

	while (proc != NULL && (e = readdir(proc)) != NULL) {
		pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);

		if (pid <= 0 || pid == getpid() || !netns_is_in(name, pid))
			continue;
		n++;
		if (sig != 0)
			kill(pid, sig);
	}
	if (proc != NULL)
		closedir(proc);
	return n;
}

void
netns_ask_to_end(const char *name)
{
	netns_signal(name, SIGTERM);
}

bool
netns_end_processes(const char *name)
{
	mono_t start = mono_clock();
	mono_t force = mono_add(start, mono_s(ASK_S)), give_up = mono_add(force, mono_s(FORCE_S));

	if (netns_signal(name, SIGTERM) == 0)
		return true;
	while (netns_signal(name, mono_before(mono_clock(), force) ? 0 : SIGKILL) > 0) {
		if (mono_before(give_up, mono_clock()))
			return false;
		nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
	}
	return true;
}
