/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_acl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "conf_list.h"

enum { SEQ_STEP = 10 };

static void
free_acl(struct conf_acl *a)
{
	while (a->lines != NULL)
		conf_acl_line_del(a, a->lines);
	free(a);
}

struct conf_acl *
conf_acl_find(const struct conf *c, const char *name)
{
	struct conf_acl *a;

	DL_FOREACH(c->acls, a)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

/* Standard lists first, numbers before names, numbers in their order; 0101 is another than 101. */
static int
by_kind_and_number(const struct conf_acl *a, const struct conf_acl *b)
{
	unsigned long x = strtoul(a->name, NULL, 10), y = strtoul(b->name, NULL, 10);

	if (a->extended != b->extended)
		return a->extended ? 1 : -1;
	if (x != 0 && y != 0 && x != y)
		return x > y ? 1 : -1;
	if ((x == 0) != (y == 0))
		return x == 0 ? 1 : -1;
	return strcmp(a->name, b->name);
}

struct conf_acl *
conf_acl_get(struct conf *c, const char *name, bool extended)
{
	struct conf_acl *a = conf_acl_find(c, name);

	if (a == NULL) {
		a = conf_zeroed(sizeof(*a));
		snprintf(a->name, sizeof(a->name), "%s", name);
		a->extended = extended;
		DL_INSERT_INORDER(c->acls, a, by_kind_and_number);
	}
	return a;
}

void
conf_acl_del(struct conf *c, struct conf_acl *a)
{
	DL_DELETE(c->acls, a);
	free_acl(a);
}

void
conf_acls_free(struct conf_acl **list)
{
	while (*list != NULL) {
		struct conf_acl *a = *list;

		DL_DELETE(*list, a);
		free_acl(a);
	}
}

struct conf_acl *
conf_acls_copy(const struct conf_acl *from)
{
	struct conf_acl *to, *a;

	CONF_LIST_COPY(to, from);
	DL_FOREACH(to, a)
		CONF_LIST_COPY(a->lines, a->lines);
	return to;
}

/* --- lines --- */

static bool
is_remark(const struct acl_line *l)
{
	return l->remark[0] != '\0';
}

uint32_t
conf_acl_next_seq(const struct conf_acl *a)
{
	const struct acl_line *l;
	uint32_t last = 0;

	DL_FOREACH(a->lines, l)
		if (!is_remark(l))
			last = l->seq;
	return last > UINT32_MAX - SEQ_STEP ? last : last + SEQ_STEP;
}

struct acl_line *
conf_acl_line(const struct conf_acl *a, uint32_t seq)
{
	struct acl_line *l;

	DL_FOREACH(a->lines, l)
		if (l->seq == seq && !is_remark(l))
			return l;
	return NULL;
}

static bool
same_side(const struct acl_side *a, const struct acl_side *b)
{
	return a->addr == b->addr && a->wildcard == b->wildcard && a->port.op == b->port.op &&
	    a->port.low == b->port.low && a->port.high == b->port.high;
}

struct acl_line *
conf_acl_same(const struct conf_acl *a, const struct acl_line *l)
{
	struct acl_line *x;

	DL_FOREACH(a->lines, x)
		if (!is_remark(x) && x->permit == l->permit && x->proto == l->proto &&
		    same_side(&x->src, &l->src) && same_side(&x->dst, &l->dst))
			return x;
	return NULL;
}

/* Of one number the remarks come first, in the order in which they were typed. */
static bool
stands_behind(const struct acl_line *there, const struct acl_line *l)
{
	return there->seq > l->seq || (there->seq == l->seq && is_remark(l) && !is_remark(there));
}

void
conf_acl_add(struct conf_acl *a, const struct acl_line *l)
{
	struct acl_line *line = conf_zeroed(sizeof(*line)), *at;

	*line = *l;
	DL_FOREACH(a->lines, at)
		if (stands_behind(at, l))
			break;
	if (at != NULL)
		DL_PREPEND_ELEM(a->lines, at, line);
	else
		DL_APPEND(a->lines, line);
}

void
conf_acl_line_del(struct conf_acl *a, struct acl_line *l)
{
	DL_DELETE(a->lines, l);
	free(l);
}

bool
conf_acl_numbered_plainly(const struct conf_acl *a)
{
	const struct acl_line *l;
	uint32_t want = SEQ_STEP;

	DL_FOREACH(a->lines, l) {
		if (l->seq != want)
			return false;
		if (!is_remark(l))
			want += SEQ_STEP;
	}
	return true;
}

bool
conf_acl_has_lines(const struct conf_acl *a)
{
	const struct acl_line *l;

	DL_FOREACH(a->lines, l)
		if (!is_remark(l))
			return true;
	return false;
}

/* --- what a line means --- */

struct prefix
acl_side_prefix(const struct acl_side *s)
{
	struct prefix p = {.addr = addr_v4(s->addr), .len = 32};
	uint32_t w;

	for (w = s->wildcard; w != 0; w >>= 1)
		p.len--;
	return p;
}

static bool
is_contiguous(uint32_t wildcard)
{
	return (wildcard & (wildcard + 1)) == 0;
}

const char *
acl_line_map_trouble(const struct acl_line *l)
{
	if (is_remark(l))
		return NULL;
	if (!is_contiguous(l->src.wildcard) || !is_contiguous(l->dst.wildcard))
		return "a crypto map needs networks: use wildcard bits without gaps, as 0.0.0.255";
	if (l->permit && (l->src.port.op > ACL_EQ || l->dst.port.op > ACL_EQ))
		return "a security association is for one port or for all: use `eq`, or no port";
	return NULL;
}
