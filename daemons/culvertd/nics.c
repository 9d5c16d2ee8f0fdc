/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nics.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#define YAML_MAX_BYTES (256 * 1024)
#define WORKERS_MAX 8	/* of culvert-espd */

struct reader {
	struct nics *nics;
	const char *path;
	yaml_document_t doc;
	char *why;
};

static bool __attribute__((format(printf, 3, 4)))
wrong(struct reader *r, const yaml_node_t *at, const char *fmt, ...)
{
	va_list ap;
	int n = snprintf(r->why, 256, "%s:%zu: ", r->path, at->start_mark.line + 1);

	if (n < 0 || n > 255)
		return false;
	va_start(ap, fmt);
	vsnprintf(r->why + n, 256 - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

static const char *
scalar(const yaml_node_t *n)
{
	return n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : NULL;
}

static int
by_id(const void *a, const void *b)
{
	return iface_cmp(&((const struct nic *)a)->id, &((const struct nic *)b)->id);
}

static bool
linux_name_ok(const char *s)
{
	return s != NULL && s[0] != '\0' && strlen(s) <= 15 && strpbrk(s, "/ %") == NULL;
}

static const struct nic *
find_linux(const struct nics *n, const char *ifname)
{
	size_t i;

	for (i = 0; i < n->count; i++)
		if (strcmp(n->nic[i].ifname, ifname) == 0)
			return &n->nic[i];
	return NULL;
}

static bool
read_nic(struct reader *r, const yaml_node_t *key, const yaml_node_t *value)
{
	struct nics *n = r->nics;
	const char *ios = scalar(key), *dev = scalar(value);
	struct nic nic = {.line = (unsigned int)key->start_mark.line + 1};

	if (ios == NULL || !iface_parse(&nic.id, ios) || nic.id.type != IFACE_GIGABIT)
		return wrong(r, key, "expected an interface such as GigabitEthernet0/0, found \"%s\"",
		    ios == NULL ? "a list or mapping" : ios);
	if (!linux_name_ok(dev))
		return wrong(r, value, "expected the Linux name of the NIC that is %s (1 to 15 characters)",
		    ios);
	if (nics_find(n, &nic.id) != NULL)
		return wrong(r, key, "%s is there twice (line %u)", ios, nics_find(n, &nic.id)->line);
	if (find_linux(n, dev) != NULL)
		return wrong(r, value, "NIC %s is there twice (line %u)", dev,
		    find_linux(n, dev)->line);
	if (n->count == NICS_MAX)
		return wrong(r, key, "more than %d interfaces", NICS_MAX);
	snprintf(nic.ifname, sizeof(nic.ifname), "%s", dev);
	n->nic[n->count++] = nic;
	return true;
}

static bool
read_interfaces(struct reader *r, yaml_node_t *map)
{
	yaml_node_pair_t *p;

	if (map->type != YAML_MAPPING_NODE)
		return wrong(r, map, "expected lines of the form GigabitEthernet0/0: NIC under interfaces");
	for (p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++)
		if (!read_nic(r, yaml_document_get_node(&r->doc, p->key),
		    yaml_document_get_node(&r->doc, p->value)))
			return false;
	return true;
}

static bool
read_workers(struct reader *r, const yaml_node_t *value)
{
	const char *s = scalar(value);

	if (s == NULL || s[0] < '1' || s[0] > '0' + WORKERS_MAX || s[1] != '\0')
		return wrong(r, value, "expected a number of workers from 1 to %d", WORKERS_MAX);
	r->nics->workers = (unsigned int)(s[0] - '0');
	return true;
}

static bool
read_top(struct reader *r)
{
	yaml_node_t *top = yaml_document_get_root_node(&r->doc), *key, *value;
	yaml_node_pair_t *p;

	if (top == NULL || (scalar(top) != NULL && scalar(top)[0] == '\0'))
		return true;	/* an empty file */
	if (top->type != YAML_MAPPING_NODE)
		return wrong(r, top, "expected interfaces:");
	for (p = top->data.mapping.pairs.start; p < top->data.mapping.pairs.top; p++) {
		key = yaml_document_get_node(&r->doc, p->key);
		value = yaml_document_get_node(&r->doc, p->value);
		if (scalar(key) != NULL && strcmp(scalar(key), "interfaces") == 0) {
			if (!read_interfaces(r, value))
				return false;
		} else if (scalar(key) != NULL && strcmp(scalar(key), "workers") == 0) {
			if (!read_workers(r, value))
				return false;
		} else
			return wrong(r, key, "expected interfaces or workers, found \"%s\"",
			    scalar(key) == NULL ? "a list or mapping" : scalar(key));
	}
	return true;
}

bool
nics_parse(struct nics *n, const char *path, const char *text, size_t len, char why[256])
{
	struct reader r = {.nics = n, .path = path, .why = why};
	yaml_parser_t parser;
	bool ok;

	n->count = 0;
	n->workers = 0;
	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (!yaml_parser_load(&parser, &r.doc)) {
		snprintf(why, 256, "%s:%zu: not YAML: %s", path, parser.problem_mark.line + 1,
		    parser.problem == NULL ? "unreadable" : parser.problem);
		yaml_parser_delete(&parser);
		return false;
	}
	ok = read_top(&r);
	yaml_document_delete(&r.doc);
	yaml_parser_delete(&parser);
	qsort(n->nic, n->count, sizeof(n->nic[0]), by_id);
	return ok;
}

bool
nics_read(struct nics *n, const char *path, char why[256])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = malloc(YAML_MAX_BYTES);
	ssize_t len = fd < 0 || text == NULL ? -1 : read(fd, text, YAML_MAX_BYTES);
	bool ok = false;

	if (len < 0)
		snprintf(why, 256, "%s: %s", path, strerror(errno));
	else if (len == YAML_MAX_BYTES)
		snprintf(why, 256, "%s: larger than %d bytes", path, YAML_MAX_BYTES);
	else
		ok = nics_parse(n, path, text, (size_t)len, why);
	if (fd >= 0)
		close(fd);
	free(text);
	return ok;
}

static int
by_version(const void *a, const void *b)
{
	return strverscmp(((const struct nic *)a)->ifname, ((const struct nic *)b)->ifname);
}

void
nics_by_name(struct nics *n, const char (*names)[16], size_t count)
{
	size_t i;

	n->count = count < NICS_MAX ? count : NICS_MAX;
	for (i = 0; i < n->count; i++) {
		n->nic[i] = (struct nic){0};
		memcpy(n->nic[i].ifname, names[i], 16);
	}
	qsort(n->nic, n->count, sizeof(n->nic[0]), by_version);
	for (i = 0; i < n->count; i++)
		n->nic[i].id = (struct iface_id){.type = IFACE_GIGABIT, .has_slot = true,
		    .port = (unsigned int)i};
}

const struct nic *
nics_find(const struct nics *n, const struct iface_id *id)
{
	size_t i;

	for (i = 0; i < n->count; i++)
		if (iface_cmp(&n->nic[i].id, id) == 0)
			return &n->nic[i];
	return NULL;
}

bool
nics_linux_name(const struct nics *n, const struct iface_id *id, char ifname[16])
{
	const struct nic *nic;

	if (id->type != IFACE_GIGABIT) {
		iface_linux_name(id, ifname);
		return id->type != IFACE_NONE;
	}
	nic = nics_find(n, id);
	snprintf(ifname, 16, "%s", nic == NULL ? "" : nic->ifname);
	return nic != NULL;
}

bool
nics_ios_id(const struct nics *n, const char *ifname, struct iface_id *id)
{
	const struct nic *nic = find_linux(n, ifname);
	char again[16];

	if (nic != NULL) {
		*id = nic->id;
		return true;
	}
	if (!iface_parse(id, ifname) || id->type == IFACE_GIGABIT)
		return false;
	iface_linux_name(id, again);	/* "tu0" of somebody else is not our Tunnel0 */
	return strcmp(again, ifname) == 0;
}
