/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * up, down, status.
 *
 * up:	a directory a node, namespaces, links, then node after node; last the
 *	file ".up", which says that the lab was complete once.
 * down: what the directories under RUNDIR/LAB name, whether it was ever
 *	complete or not; the file is not asked.
 */
#include "lab.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>

#include <utlist.h>

#include "lab_net.h"
#include "lab_netns.h"
#include "lab_router.h"
#include "mono.h"

#define SETTLE_S 2

/* --- up --- */

/* The same node has the same MAC address each time: captures can be compared. */
static char *
mac(char buf[18], const struct lab *lab, const struct lab_node *node, const char *link)
{
	const char *const parts[] = {lab->name, node->name, link};
	uint64_t h = 14695981039346656037u;	/* FNV-1a */
	const char *p;
	size_t i;

	for (i = 0; i < 3; i++) {
		for (p = parts[i]; *p != '\0'; p++)
			h = (h ^ (unsigned char)*p) * 1099511628211u;
		h = (h ^ '/') * 1099511628211u;
	}
	snprintf(buf, 18, "02:%02x:%02x:%02x:%02x:%02x", (unsigned)(h & 0xff), (unsigned)(h >> 8 & 0xff),
	    (unsigned)(h >> 16 & 0xff), (unsigned)(h >> 24 & 0xff), (unsigned)(h >> 32 & 0xff));
	return buf;
}

static const char *
namespace_up(const struct lab *lab, const struct lab_node *node)
{
	char netns[PATH_MAX], dir[PATH_MAX];
	const char *why = NULL;
	int own;

	lab_netns_name(netns, lab->name, node->name);
	if (netns_exists(netns))
		return lab_why("namespace %s exists and is not this lab's"
		    " (`ip netns delete %s` removes it)", netns, netns);
	if (mkdir(lab_node_dir(dir, lab->name, node->name), 0755) != 0)
		return lab_why("cannot make %s: %s", dir, strerror(errno));
	why = netns_make(netns);
	if (why != NULL || node->type != LAB_ROUTER)
		return why;
	own = netns_open_own();
	why = netns_enter(netns);
	if (why == NULL)
		why = net_up("lo");
	if (own >= 0)
		netns_return(own);
	return why;
}

static const char *
link_up(const struct lab *lab, const struct lab_node *a, const struct lab_node *b,
    const char *link)
{
	char ours[PATH_MAX], theirs[PATH_MAX];
	int own = netns_open_own();
	int peer = netns_open(lab_netns_name(theirs, lab->name, b->name));
	const char *why;

	if (own < 0 || peer < 0) {
		why = lab_why("cannot open namespace %s: %s", theirs, strerror(errno));
		if (own >= 0)
			close(own);
	} else {
		why = netns_enter(lab_netns_name(ours, lab->name, a->name));
		if (why == NULL)
			why = net_veth(link, mac((char[18]){0}, lab, a, link), peer,
			    mac((char[18]){0}, lab, b, link));
		netns_return(own);
	}
	if (peer >= 0)
		close(peer);
	return why;
}

/* The links of a node to nodes that come after it. */
static const char *
links_up(const struct lab *lab, const struct lab_node *node)
{
	const struct lab_end *end, *far;
	const struct lab_node *other;
	const char *why = NULL;

	DL_FOREACH(node->ends, end)
		for (other = node->next; other != NULL; other = other->next)
			DL_FOREACH(other->ends, far)
				if (why == NULL && strcmp(far->link, end->link) == 0)
					why = link_up(lab, node, other, end->link);
	return why;
}

static bool
each_node(const struct lab *lab, const char *(*f)(const struct lab *, const struct lab_node *),
    bool show)
{
	const struct lab_node *node;
	const char *why;

	DL_FOREACH(lab->nodes, node) {
		why = lab_interrupted() ? "interrupted" : f(lab, node);
		if (why != NULL) {
			printf("%s ... failed: %s\n", node->name, why);
			fflush(stdout);
			router_print_log(lab->name, node->name);
			return false;
		}
		if (show)
			printf("%s ... up\n", node->name);
		fflush(stdout);
	}
	return true;
}

static char *
complete_file(char *buf, const char *lab)
{
	snprintf(buf, PATH_MAX, CULVERT_RUNSTATEDIR "/%s/.up", lab);
	return buf;
}

static bool
mark_complete(const struct lab *lab)
{
	char path[PATH_MAX];
	int fd = open(complete_file(path, lab->name), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		fprintf(stderr, "culvert-lab: cannot make %s: %s\n", path, strerror(errno));
	else
		close(fd);
	return fd >= 0;
}

/* The lab is there: start what died in it (a monitor leaves its daemons running for this). */
static int
up_again(const struct lab *lab)
{
	const struct lab_node *node;
	char netns[PATH_MAX];
	unsigned int started = 0;
	const char *why;

	if (access(complete_file(netns, lab->name), F_OK) != 0) {
		printf("%s is up in part only: take it down first\n", lab->name);
		return 1;
	}
	DL_FOREACH(lab->nodes, node) {
		if (!netns_exists(lab_netns_name(netns, lab->name, node->name))) {
			printf("%s is up in part, without %s: take it down first\n", lab->name, node->name);
			return 1;
		}
		if (node->type != LAB_ROUTER || router_pid(lab->name, node->name) != 0)
			continue;
		why = router_start(lab, node);
		if (why != NULL) {
			printf("%s ... failed: %s\n", node->name, why);
			fflush(stdout);
			router_print_log(lab->name, node->name);
			return 1;
		}
		printf("%s ... up again\n", node->name);
		started++;
	}
	if (started == 0)
		printf("%s is already up\n", lab->name);
	return 0;
}

/* Waits until the bridges pass packets.  A port whose far end is shut never will: go on then. */
static const char *
settle(const struct lab *lab, const struct lab_node *node)
{
	mono_t give_up = mono_add(mono_clock(), mono_s(SETTLE_S));
	char netns[PATH_MAX];
	const struct lab_end *end;
	const char *why;
	int own;

	if (node->type != LAB_TRANSIT)
		return NULL;
	own = netns_open_own();
	why = netns_enter(lab_netns_name(netns, lab->name, node->name));
	DL_FOREACH(node->ends, end)
		while (why == NULL && !net_is_up(end->link) &&
		    mono_before(mono_clock(), give_up))
			nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
	if (own >= 0)
		netns_return(own);
	return why;
}

int
lab_up(struct lab *lab)
{
	char dir[PATH_MAX];

	mkdir(CULVERT_RUNSTATEDIR, 0755);	/* what is wrong with it, the next one says */
	if (mkdir(lab_dir(dir, lab->name), 0755) != 0) {
		if (errno == EEXIST)
			return up_again(lab);
		fprintf(stderr, "culvert-lab: cannot make %s: %s\n", dir, strerror(errno));
		return 1;
	}
	lab_check_configs(lab);
	if (each_node(lab, namespace_up, false) && each_node(lab, links_up, false) &&
	    each_node(lab, lab_node_start, true) && each_node(lab, settle, false) &&
	    mark_complete(lab))
		return 0;
	lab_down(lab->name);
	return 1;
}

/* --- down --- */

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static const char *
node_down(const char *lab, const char *node)
{
	char netns[PATH_MAX], dir[PATH_MAX];
	const char *why;

	lab_netns_name(netns, lab, node);
	if (!netns_end_processes(netns))
		return lab_why("a process in namespace %s does not end", netns);
	why = netns_delete(netns);
	if (why == NULL && nftw(lab_node_dir(dir, lab, node), remove_one, 16,
	    FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0 && errno != ENOENT)
		why = lab_why("cannot remove %s: %s", dir, strerror(errno));
	return why;
}

int
lab_down(const char *name)
{
	char path[PATH_MAX], buf[PATH_MAX];
	DIR *dir = opendir(lab_dir(path, name));
	struct dirent *e;
	int status = 0;

	if (dir == NULL && errno == ENOENT) {
		fprintf(stderr, "culvert-lab: %s is not up\n", name);
		return 1;
	}
	unlink(complete_file(buf, name));
	while (dir != NULL && (e = readdir(dir)) != NULL)	/* they say goodbye side by side */
		if (e->d_name[0] != '.')
			netns_ask_to_end(lab_netns_name(buf, name, e->d_name));
	if (dir != NULL)
		rewinddir(dir);
	while (dir != NULL && (e = readdir(dir)) != NULL) {
		const char *why = e->d_name[0] == '.' ? NULL : node_down(name, e->d_name);

		if (why == NULL)
			continue;
		fprintf(stderr, "culvert-lab: %s: %s\n", e->d_name, why);
		status = 1;
	}
	if (dir != NULL)
		closedir(dir);
	if (status == 0 && rmdir(path) != 0) {
		fprintf(stderr, "culvert-lab: cannot remove %s: %s\n", path, strerror(errno));
		status = 1;
	}
	if (status == 0)
		printf("%s is down\n", name);
	return status;
}

/* --- status --- */

int
lab_status(const struct lab *lab)
{
	const struct lab_node *node;
	char netns[PATH_MAX], pid_text[16];
	int status = 0;

	printf("%-16s %-8s %-32s %-6s %s\n", "Node", "Type", "Namespace", "State", "PID");
	DL_FOREACH(lab->nodes, node) {
		pid_t pid = router_pid(lab->name, node->name);
		bool up = netns_exists(lab_netns_name(netns, lab->name, node->name));

		if (node->type == LAB_ROUTER)
			up = up && pid != 0 && router_answers(lab->name, node->name);
		snprintf(pid_text, sizeof(pid_text), "%d", (int)pid);
		printf("%-16s %-8s %-32s %-6s %s\n", node->name, lab_type_name(node->type), netns,
		    up ? "up" : "down", pid == 0 ? "-" : pid_text);
		if (!up)
			status = 1;
	}
	return status;
}
