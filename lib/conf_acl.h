/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Access lists of the running-config, standard and extended, numbered and named.
 *
 * A list is data: what names it (a crypto map) gives it its meaning.  Lines stand
 * in the order of their sequence numbers, which is the order in which they are
 * tried.  A remark stands before the line that it has its number from, as IOS
 * does it, and takes no number of its own.
 */
#ifndef CULVERT_CONF_ACL_H
#define CULVERT_CONF_ACL_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"

#define ACL_NAME_MAX 64
#define ACL_REMARK_MAX 101	/* IOS cuts at 100 */

enum acl_op { ACL_ANY_PORT, ACL_EQ, ACL_NEQ, ACL_LT, ACL_GT, ACL_RANGE };

struct acl_port {
	uint8_t op;		/* enum acl_op */
	uint16_t low, high;	/* high of ACL_RANGE only */
};

struct acl_side {		/* source or destination; host order */
	uint32_t addr;		/* its wildcard bits are zero */
	uint32_t wildcard;	/* 1: any bit; 0: a host */
	struct acl_port port;
};

struct acl_line {
	uint32_t seq;
	bool permit;
	uint8_t proto;		/* 0: ip */
	struct acl_side src, dst;
	char remark[ACL_REMARK_MAX];	/* not empty: a remark, and nothing else */
	struct acl_line *prev, *next;
};

struct conf_acl {
	char name[ACL_NAME_MAX];	/* a numbered list's number */
	bool extended;
	struct acl_line *lines;
	struct conf_acl *prev, *next;
};

struct conf;

/* find: NULL when there is none.  get: makes it where there is none.  del: frees it. */
struct conf_acl *conf_acl_find(const struct conf *c, const char *name);
struct conf_acl *conf_acl_get(struct conf *c, const char *name, bool extended);
void conf_acl_del(struct conf *c, struct conf_acl *a);
void conf_acls_free(struct conf_acl **list);
struct conf_acl *conf_acls_copy(const struct conf_acl *from);	/* deep */

/* The number that a line gets which comes without one. */
uint32_t conf_acl_next_seq(const struct conf_acl *a);
/* The line (no remark) with that number, or NULL. */
struct acl_line *conf_acl_line(const struct conf_acl *a, uint32_t seq);
/* A line (no remark) that says the same, whatever its number; or NULL. */
struct acl_line *conf_acl_same(const struct conf_acl *a, const struct acl_line *l);
/* Copies *l into its place. */
void conf_acl_add(struct conf_acl *a, const struct acl_line *l);
void conf_acl_line_del(struct conf_acl *a, struct acl_line *l);
/* True: the lines are numbered 10, 20, 30 ... */
bool conf_acl_numbered_plainly(const struct conf_acl *a);
/* Has it a permit or deny line? */
bool conf_acl_has_lines(const struct conf_acl *a);

/* The prefix of a side whose wildcard is contiguous. */
struct prefix acl_side_prefix(const struct acl_side *s);
/* Why a crypto map cannot use this line; NULL: it can. */
const char *acl_line_map_trouble(const struct acl_line *l);

#endif
