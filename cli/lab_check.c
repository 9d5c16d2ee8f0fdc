/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a lab as a whole: links with one end or three, addresses
 * that clash, gateways out of reach, files that are not there.
 *
 * Two ends are on one segment when a link, or links and transit bridges, join
 * them.  Addresses behind a NAT box are its own affair: only a clash within
 * their segment counts.
 */
#include "lab.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utlist.h>

#include "lab_run.h"

static bool complain(const struct lab *lab, unsigned int line, char *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static bool
complain(const struct lab *lab, unsigned int line, char *err, const char *fmt, ...)
{
	int n = snprintf(err, LAB_ERR_MAX, "%s:%u: ", lab->file, line);
	va_list ap;

	if (n > 0 && n < LAB_ERR_MAX) {
		va_start(ap, fmt);
		vsnprintf(err + n, LAB_ERR_MAX - (size_t)n, fmt, ap);
		va_end(ap);
	}
	return false;
}

/* The n-th end of a link (0, 1, ...) and its node, or NULL. */
static const struct lab_end *
link_end(const struct lab *lab, const char *link, unsigned int n, const struct lab_node **node)
{
	const struct lab_end *end;

	DL_FOREACH(lab->nodes, *node)
		DL_FOREACH((*node)->ends, end)
			if (strcmp(end->link, link) == 0 && n-- == 0)
				return end;
	return NULL;
}

static bool
link_check(const struct lab *lab, const struct lab_end *end, char *err)
{
	const struct lab_node *a, *b, *c;

	link_end(lab, end->link, 0, &a);
	if (link_end(lab, end->link, 1, &b) == NULL)
		return complain(lab, end->line, err, "link %s has one end, at %s: expected another"
		    " node that has it", end->link, a->name);
	if (a == b)
		return complain(lab, end->line, err, "link %s is used twice at %s", end->link,
		    a->name);
	if (link_end(lab, end->link, 2, &c) != NULL)
		return complain(lab, end->line, err, "link %s is at %s, %s and %s: expected two ends"
		    " (a transit node joins more)", end->link, a->name, b->name, c->name);
	return true;
}

static void
segments_join(const struct lab *lab, unsigned int from, unsigned int to)
{
	const struct lab_node *node;
	struct lab_end *end;

	DL_FOREACH(lab->nodes, node)
		DL_FOREACH(node->ends, end)
			if (end->segment == from)
				end->segment = to;
}

static void
segments_find(const struct lab *lab)
{
	const struct lab_node *node, *first;
	struct lab_end *end;
	unsigned int n = 0;

	DL_FOREACH(lab->nodes, node)
		DL_FOREACH(node->ends, end)
			end->segment = ++n;
	DL_FOREACH(lab->nodes, node)
		DL_FOREACH(node->ends, end) {
			segments_join(lab, end->segment,
			    link_end(lab, end->link, 0, &first)->segment);
			if (node->type == LAB_TRANSIT)
				segments_join(lab, end->segment, node->ends->segment);
		}
}

static bool
hidden(const struct lab *lab, unsigned int segment)
{
	const struct lab_node *node;
	const struct lab_end *end;

	DL_FOREACH(lab->nodes, node)
		DL_FOREACH(node->ends, end)
			if (end->inside && end->segment == segment)
				return true;
	return false;
}

static bool
address_check(const struct lab *lab, const struct lab_node *node, const struct lab_end *end,
    char *err)
{
	const struct lab_node *other;
	const struct lab_end *e;

	DL_FOREACH(lab->nodes, other)
		DL_FOREACH(other->ends, e) {
			if (e == end)
				return true;	/* the rest has met us, or will */
			if (!addr_is_set(&e->address.addr) ||
			    !prefix_overlaps(&e->address, &end->address))
				continue;
			if (e->segment == end->segment && !addr_eq(&e->address.addr, &end->address.addr))
				continue;
			if (e->segment != end->segment &&
			    (hidden(lab, e->segment) || hidden(lab, end->segment)))
				continue;
			return complain(lab, end->line, err, "%s of %s overlaps %s of %s, which is %s",
			    PREFIX_STR(&end->address), node->name, PREFIX_STR(&e->address), other->name,
			    e->segment == end->segment ? "on the same segment" : "elsewhere");
		}
	return true;
}

static bool
gateway_check(const struct lab *lab, const struct lab_node *node, char *err)
{
	const struct lab_end *end;

	if (!addr_is_set(&node->gateway))
		return true;
	DL_FOREACH(node->ends, end)
		if (!end->inside && prefix_contains(&end->address, &node->gateway) &&
		    !addr_eq(&end->address.addr, &node->gateway))
			return true;
	return complain(lab, node->line, err, "expected the gateway of %s on its own subnet, got %s",
	    node->name, ADDR_STR(&node->gateway));
}

/* It is copied as a whole: what has no end, or waits for somebody to write it, would never be there. */
static bool
is_config(const char *path)
{
	struct stat st;

	return strcmp(path, "/dev/null") == 0 || (stat(path, &st) == 0 && S_ISREG(st.st_mode));
}

static bool
node_check(const struct lab *lab, const struct lab_node *node, char *err)
{
	char path[PATH_MAX];

	if (node->type == LAB_ROUTER && access(node->config, R_OK) != 0)
		return complain(lab, node->line, err, "the startup-config of %s, %s, cannot be read",
		    node->name, node->config);
	if (node->type == LAB_ROUTER && !is_config(node->config))
		return complain(lab, node->line, err, "the startup-config of %s, %s, is not a file",
		    node->name, node->config);
	/* A Unix socket's path has 108 bytes. */
	if (strlen(lab_node_file(path, lab->name, node->name, "control.sock")) > 107)
		return complain(lab, node->line, err, "the names of lab and node are too long together");
	return gateway_check(lab, node, err);
}

bool
lab_check(struct lab *lab, char err[LAB_ERR_MAX])
{
	const struct lab_node *node;
	const struct lab_end *end;

	if (lab->nodes == NULL)
		return complain(lab, 1, err, "expected at least one node");
	DL_FOREACH(lab->nodes, node)
		DL_FOREACH(node->ends, end)
			if (!link_check(lab, end, err))
				return false;
	segments_find(lab);
	DL_FOREACH(lab->nodes, node) {
		DL_FOREACH(node->ends, end)
			if (addr_is_set(&end->address.addr) && !address_check(lab, node, end, err))
				return false;
		if (!node_check(lab, node, err))
			return false;
	}
	return true;
}

void
lab_check_configs(const struct lab *lab)
{
	const struct lab_node *node;
	char out[4096], *line, *rest;

	DL_FOREACH(lab->nodes, node) {
		const char *argv[] = {CULVERT_BINDIR "/culvert", "--check", node->config, NULL};

		if (node->type != LAB_ROUTER || run_capture(NULL, argv, out, sizeof(out)) != 1)
			continue;
		for (rest = out; (line = strsep(&rest, "\n")) != NULL;)
			if (*line != '\0')
				fprintf(stderr, "culvert-lab: warning: %s: %s:%s\n", node->name,
				    node->config, line);
	}
}
