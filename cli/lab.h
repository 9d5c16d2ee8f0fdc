/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lab: routers, hosts, NAT boxes and bridges in network namespaces of their
 * own, joined by links, as a YAML file describes it (doc/culvert-lab.1).
 *
 * The file is read (lab_yaml.c) and checked as a whole (lab_check.c) before
 * anything is touched.  What runs is found again from the kernel and from
 * RUNDIR/LAB, which has one directory a node and is made before the node's
 * namespace; so a lab can be taken down after any crash, and a namespace that
 * another lab made is never mistaken for ours.
 *
 * Functions that can fail return NULL, or a sentence saying why that lives
 * until the next one is made (lab_why).
 */
#ifndef CULVERT_LAB_H
#define CULVERT_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <limits.h>

#include "addr.h"
#include "names.h"

#define LAB_NAME_MAX 32		/* of labs and nodes, with NUL */
#define LAB_LINK_MAX 16		/* a link's name is its NICs' name in Linux */
#define LAB_BRIDGE "br0"	/* in the namespace of a transit node */
#define LAB_ERR_MAX 512

enum lab_type { LAB_ROUTER, LAB_HOST, LAB_NAT, LAB_TRANSIT, LAB_TYPES };

struct lab_end {		/* one end of a link: a NIC of its node */
	char link[LAB_LINK_MAX];
	char ios[IFACE_NAME_MAX];	/* routers: GigabitEthernet0/0 */
	struct prefix address;		/* hosts and NAT boxes; keeps host bits */
	bool inside;			/* NAT boxes: the side that is hidden */
	unsigned int segment;		/* ends with the same number can talk without a router */
	unsigned int line;
	struct lab_end *prev, *next;
};

struct lab_node {
	char name[LAB_NAME_MAX];
	enum lab_type type;
	char config[PATH_MAX];		/* routers: the startup-config */
	struct addr gateway;		/* hosts and NAT boxes; may be unset */
	unsigned int line;
	struct lab_end *ends;
	struct lab_node *prev, *next;
};

struct lab {
	char name[LAB_NAME_MAX];
	char file[PATH_MAX];		/* as it was given */
	struct lab_node *nodes;		/* in the order of the file */
};

const char *lab_why(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
const char *lab_type_name(enum lab_type type);
struct lab_node *lab_node_find(const struct lab *lab, const char *name);
void lab_free(struct lab *lab);

/* lab_yaml.c.  NULL with err filled ("FILE:LINE: what was expected"). */
struct lab *lab_load(const char *file, char err[LAB_ERR_MAX]);
struct lab *lab_parse(const char *file, const char *text, size_t len, char err[LAB_ERR_MAX]);
bool lab_name_from_file(char name[LAB_NAME_MAX], const char *file);	/* false: no name to be had */

/* lab_check.c: what one line alone cannot tell.  False with err filled. */
bool lab_check(struct lab *lab, char err[LAB_ERR_MAX]);
/* Shows what `culvert --check` says about each startup-config; warns only. */
void lab_check_configs(const struct lab *lab);

/* Where things are; in a buffer of PATH_MAX that the caller brings. */
char *lab_dir(char *buf, const char *lab);
char *lab_node_dir(char *buf, const char *lab, const char *node);
char *lab_node_file(char *buf, const char *lab, const char *node, const char *file);
char *lab_netns_name(char *buf, const char *lab, const char *node);

/* lab_up.c.  Exit statuses. */
int lab_up(struct lab *lab);
int lab_down(const char *name);
int lab_status(const struct lab *lab);

/* lab_node.c: a node whose namespace and NICs are there gets its life. */
const char *lab_node_start(const struct lab *lab, const struct lab_node *node);

/* After lab_interruptible, SIGINT and SIGTERM are remembered instead of ending the
 * program; `up` then stops and takes down what it made. */
void lab_interruptible(void);
bool lab_interrupted(void);

#endif
