/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lab's YAML file into struct lab.
 *
 *	nodes:
 *	  hub:
 *	    type: router
 *	    config: dmvpn/hub.cfg
 *	    interfaces: {GigabitEthernet0/0: wan-hub, GigabitEthernet0/1: lan0}
 *	  host0: {type: host, link: lan0, address: 10.0.0.10/24, gateway: 10.0.0.1}
 *	  transit: {type: transit, links: [wan-hub, wan-spoke1]}
 *	  home:
 *	    type: nat
 *	    inside: {link: home-lan, address: 192.168.1.1/24}
 *	    outside: {link: wan-home, address: 203.0.113.30/24}
 *
 * The first thing wrong is what is reported, with its line.
 */
#include "lab.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>

#include <utlist.h>
#include <yaml.h>

#define LAB_FILE_MAX (1024 * 1024)

struct reader {
	yaml_document_t doc;
	struct lab *lab;
	char *err;		/* the first complaint; empty while all is well */
};

static void complain(struct reader *r, const yaml_node_t *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
complain(struct reader *r, const yaml_node_t *at, const char *fmt, ...)
{
	size_t n;
	va_list ap;

	if (r->err[0] != '\0')
		return;
	n = (size_t)snprintf(r->err, LAB_ERR_MAX, "%s:%zu: ", r->lab->file, at->start_mark.line + 1);
	if (n >= LAB_ERR_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(r->err + n, LAB_ERR_MAX - n, fmt, ap);
	va_end(ap);
}

/* The text of a scalar, or NULL after a complaint. */
static const char *
scalar(struct reader *r, const yaml_node_t *n, const char *expected)
{
	if (n->type == YAML_SCALAR_NODE && n->data.scalar.length > 0 &&
	    strlen((const char *)n->data.scalar.value) == n->data.scalar.length)
		return (const char *)n->data.scalar.value;
	complain(r, n, "expected %s", expected);
	return NULL;
}

static yaml_node_t *
mapping_get(struct reader *r, const yaml_node_t *map, const char *key)
{
	const yaml_node_pair_t *p;

	for (p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++) {
		yaml_node_t *k = yaml_document_get_node(&r->doc, p->key);

		if (strcmp((const char *)k->data.scalar.value, key) == 0)
			return yaml_document_get_node(&r->doc, p->value);
	}
	return NULL;
}

/* A mapping whose keys are words, each there once. */
static bool
mapping_check(struct reader *r, const yaml_node_t *map, const char *expected)
{
	const yaml_node_pair_t *p;

	if (map->type != YAML_MAPPING_NODE) {
		complain(r, map, "expected %s", expected);
		return false;
	}
	for (p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++) {
		yaml_node_t *k = yaml_document_get_node(&r->doc, p->key);
		const char *word = scalar(r, k, "a word, then a colon");

		if (word == NULL)
			return false;
		if (mapping_get(r, map, word) != yaml_document_get_node(&r->doc, p->value)) {
			complain(r, k, "\"%s\" is here twice", word);
			return false;
		}
	}
	return true;
}

/* --- words --- */

static bool
name_ok(const char *s, size_t max)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++)
		if (!isalnum((unsigned char)s[i]) && (i == 0 || strchr("-_.", s[i]) == NULL))
			return false;
	return i > 0 && i < max;
}

static bool
link_name_ok(const char *s)
{
	struct iface_id id;

	return name_ok(s, LAB_LINK_MAX) && strcmp(s, "lo") != 0 && strcmp(s, LAB_BRIDGE) != 0 &&
	    strcmp(s, "all") != 0 && strcmp(s, "default") != 0 && !iface_parse(&id, s);
}

static struct lab_end *
end_add(struct reader *r, struct lab_node *node, const yaml_node_t *at)
{
	const char *link = scalar(r, at, "the name of a link");
	struct lab_end *end;

	if (link == NULL)
		return NULL;
	if (!link_name_ok(link)) {
		complain(r, at, "expected the name of a link (at most %d letters, digits, '-', '_', '.';"
		    " not lo, %s or an interface's name), got \"%s\"", LAB_LINK_MAX - 1, LAB_BRIDGE, link);
		return NULL;
	}
	end = calloc(1, sizeof(*end));
	if (end == NULL)
		abort();
	snprintf(end->link, sizeof(end->link), "%s", link);
	end->line = (unsigned int)at->start_mark.line + 1;
	DL_APPEND(node->ends, end);
	return end;
}

static void
read_prefix(struct reader *r, struct prefix *p, const yaml_node_t *at)
{
	const char *s = scalar(r, at, "an address with its prefix length, such as 10.0.0.10/24");
	struct addr network;

	if (s == NULL)
		return;
	if (!prefix_parse(p, s) || p->addr.family != ADDR_V4 || p->len < 1) {
		complain(r, at, "expected an IPv4 address with its prefix length, such as 10.0.0.10/24,"
		    " got \"%s\"", s);
		return;
	}
	network = prefix_network(p).addr;
	if (addr_is_multicast(&p->addr) || (p->len < 31 && addr_eq(&p->addr, &network)))
		complain(r, at, "expected the address of a host, got \"%s\"", s);
}

/* --- the fields of a node --- */

static void
read_config(struct reader *r, struct lab_node *node, const yaml_node_t *at)
{
	const char *s = scalar(r, at, "the path of a startup-config");
	const char *slash = strrchr(r->lab->file, '/');
	int dir = slash == NULL || (s != NULL && s[0] == '/') ? 0 : (int)(slash + 1 - r->lab->file);

	if (s != NULL && snprintf(node->config, sizeof(node->config), "%.*s%s", dir, r->lab->file,
	    s) >= (int)sizeof(node->config))
		complain(r, at, "the path of the startup-config is too long");
}

static void
read_interfaces(struct reader *r, struct lab_node *node, const yaml_node_t *at)
{
	const yaml_node_pair_t *p;

	if (!mapping_check(r, at, "a map of interfaces, such as GigabitEthernet0/0: wan"))
		return;
	for (p = at->data.mapping.pairs.start; p < at->data.mapping.pairs.top; p++) {
		yaml_node_t *key = yaml_document_get_node(&r->doc, p->key);
		const char *word = (const char *)key->data.scalar.value;
		struct lab_end *end, *other;
		struct iface_id id;

		if (!iface_parse(&id, word) || id.type != IFACE_GIGABIT) {
			complain(r, key, "expected GigabitEthernet and its number, got \"%s\"", word);
			return;
		}
		end = end_add(r, node, yaml_document_get_node(&r->doc, p->value));
		if (end == NULL)
			return;
		iface_name(&id, end->ios);
		DL_FOREACH(node->ends, other)
			if (other != end && strcmp(other->ios, end->ios) == 0)
				complain(r, key, "%s is here twice", end->ios);
	}
}

static void
read_link(struct reader *r, struct lab_node *node, const yaml_node_t *at)
{
	end_add(r, node, at);
}

static void
read_address(struct reader *r, struct lab_node *node, const yaml_node_t *at)
{
	if (node->ends != NULL)
		read_prefix(r, &node->ends->address, at);
}

static void
read_gateway(struct reader *r, struct lab_node *node, const yaml_node_t *at)
{
	const char *s = scalar(r, at, "the address of a gateway");

	if (s != NULL && (!addr_parse(&node->gateway, s) || node->gateway.family != ADDR_V4))
		complain(r, at, "expected the IPv4 address of a gateway, got \"%s\"", s);
}

static void
read_side(struct reader *r, struct lab_node *node, const yaml_node_t *at, bool inside)
{
	static const char expected[] = "a link and an address, such as"
	    " {link: wan, address: 203.0.113.30/24}";
	const yaml_node_t *link, *address;
	struct lab_end *end;

	if (!mapping_check(r, at, expected))
		return;
	link = mapping_get(r, at, "link");
	address = mapping_get(r, at, "address");
	if (link == NULL || address == NULL ||
	    at->data.mapping.pairs.top - at->data.mapping.pairs.start != 2) {
		complain(r, at, "expected %s", expected);
		return;
	}
	end = end_add(r, node, link);
	if (end == NULL)
		return;
	end->inside = inside;
	read_prefix(r, &end->address, address);
}

static void
read_inside(struct reader *r, struct lab_node *node, const yaml_node_t *at)
{
	read_side(r, node, at, true);
}

static void
read_outside(struct reader *r, struct lab_node *node, const yaml_node_t *at)
{
	read_side(r, node, at, false);
}

static void
read_links(struct reader *r, struct lab_node *node, const yaml_node_t *at)
{
	const yaml_node_item_t *i;

	if (at->type != YAML_SEQUENCE_NODE ||
	    at->data.sequence.items.top == at->data.sequence.items.start) {
		complain(r, at, "expected a list of links, such as [wan-hub, wan-spoke1]");
		return;
	}
	for (i = at->data.sequence.items.start; i < at->data.sequence.items.top; i++)
		end_add(r, node, yaml_document_get_node(&r->doc, *i));
}

#define ON(type) (1u << LAB_##type)

/* Read in this order, whatever the order in the file. */
static const struct field {
	const char *key;
	unsigned int on;	/* which types of nodes have it ... */
	unsigned int needed;	/* ... and which must */
	void (*read)(struct reader *r, struct lab_node *node, const yaml_node_t *at);
} fields[] = {
	{"config", ON(ROUTER), ON(ROUTER), read_config},
	{"interfaces", ON(ROUTER), ON(ROUTER), read_interfaces},
	{"link", ON(HOST), ON(HOST), read_link},
	{"address", ON(HOST), ON(HOST), read_address},
	{"inside", ON(NAT), ON(NAT), read_inside},
	{"outside", ON(NAT), ON(NAT), read_outside},
	{"gateway", ON(HOST) | ON(NAT), 0, read_gateway},
	{"links", ON(TRANSIT), ON(TRANSIT), read_links},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static bool
read_type(struct reader *r, struct lab_node *node, const yaml_node_t *map)
{
	const yaml_node_t *at = mapping_get(r, map, "type");
	const char *s;

	if (at == NULL) {
		complain(r, map, "node %s has no type: expected router, host, nat or transit", node->name);
		return false;
	}
	s = scalar(r, at, "router, host, nat or transit");
	if (s == NULL)
		return false;
	for (node->type = 0; node->type < LAB_TYPES; node->type++)
		if (strcmp(s, lab_type_name(node->type)) == 0)
			return true;
	complain(r, at, "expected router, host, nat or transit, got \"%s\"", s);
	return false;
}

static bool
keys_known(struct reader *r, const struct lab_node *node, const yaml_node_t *map)
{
	const yaml_node_pair_t *p;
	size_t i;

	for (p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = yaml_document_get_node(&r->doc, p->key);
		const char *word = (const char *)k->data.scalar.value;

		for (i = 0; i < FIELDS; i++)
			if (strcmp(word, fields[i].key) == 0 && (fields[i].on & 1u << node->type) != 0)
				break;
		if (i == FIELDS && strcmp(word, "type") != 0) {
			complain(r, k, "a %s has no \"%s\"", lab_type_name(node->type), word);
			return false;
		}
	}
	return true;
}

static void
read_node(struct reader *r, struct lab_node *node, const yaml_node_t *map)
{
	size_t i;

	if (!mapping_check(r, map, "what the node is, such as type: router") ||
	    !read_type(r, node, map) || !keys_known(r, node, map))
		return;
	for (i = 0; i < FIELDS && r->err[0] == '\0'; i++) {
		const yaml_node_t *at = mapping_get(r, map, fields[i].key);

		if (at != NULL)
			fields[i].read(r, node, at);
		else if ((fields[i].needed & 1u << node->type) != 0)
			complain(r, map, "%s %s has no \"%s\"", lab_type_name(node->type),
			    node->name, fields[i].key);
	}
}

static void
read_nodes(struct reader *r, const yaml_node_t *map)
{
	const yaml_node_pair_t *p;

	if (!mapping_check(r, map, "a map of nodes by their names"))
		return;
	for (p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = yaml_document_get_node(&r->doc, p->key);
		const char *name = (const char *)k->data.scalar.value;
		struct lab_node *node;

		if (!name_ok(name, LAB_NAME_MAX)) {
			complain(r, k, "expected a node's name (at most %d letters, digits, '-', '_',"
			    " '.'), got \"%s\"", LAB_NAME_MAX - 1, name);
			return;
		}
		node = calloc(1, sizeof(*node));
		if (node == NULL)
			abort();
		snprintf(node->name, sizeof(node->name), "%s", name);
		node->line = (unsigned int)k->start_mark.line + 1;
		DL_APPEND(r->lab->nodes, node);
		read_node(r, node, yaml_document_get_node(&r->doc, p->value));
		if (r->err[0] != '\0')
			return;
	}
}

static void
read_root(struct reader *r)
{
	const yaml_node_t *root = yaml_document_get_root_node(&r->doc);
	const yaml_node_pair_t *p;
	const yaml_node_t *nodes;

	if (root == NULL) {
		snprintf(r->err, LAB_ERR_MAX, "%.400s:1: expected \"nodes:\", the file is empty",
		    r->lab->file);
		return;
	}
	if (!mapping_check(r, root, "\"nodes:\" and the nodes under it"))
		return;
	for (p = root->data.mapping.pairs.start; p < root->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = yaml_document_get_node(&r->doc, p->key);

		if (strcmp((const char *)k->data.scalar.value, "nodes") != 0)
			complain(r, k, "expected \"nodes:\", got \"%s\"", k->data.scalar.value);
	}
	nodes = mapping_get(r, root, "nodes");
	if (nodes == NULL)
		complain(r, root, "expected \"nodes:\" and the nodes under it");
	else
		read_nodes(r, nodes);
}

bool
lab_name_from_file(char name[LAB_NAME_MAX], const char *file)
{
	const char *base = strrchr(file, '/');
	size_t len;

	base = base == NULL ? file : base + 1;
	len = strlen(base);
	if (len > 5 && strcmp(base + len - 5, ".yaml") == 0)
		len -= 5;
	if (len >= LAB_NAME_MAX)
		return false;
	memcpy(name, base, len);
	name[len] = '\0';
	return name_ok(name, LAB_NAME_MAX);
}

struct lab *
lab_parse(const char *file, const char *text, size_t len, char err[LAB_ERR_MAX])
{
	struct reader r = {.err = err};
	yaml_parser_t parser;

	err[0] = '\0';
	r.lab = calloc(1, sizeof(*r.lab));
	if (r.lab == NULL || !yaml_parser_initialize(&parser))
		abort();
	snprintf(r.lab->file, sizeof(r.lab->file), "%s", file);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (!lab_name_from_file(r.lab->name, file)) {
		snprintf(err, LAB_ERR_MAX, "%s: a lab is named after its file: expected at most %d"
		    " letters, digits, '-', '_', '.' before .yaml", file, LAB_NAME_MAX - 1);
	} else if (!yaml_parser_load(&parser, &r.doc)) {
		snprintf(err, LAB_ERR_MAX, "%s:%zu: %s%s%s", file, parser.problem_mark.line + 1,
		    parser.problem == NULL ? "not YAML" : parser.problem,
		    parser.context == NULL ? "" : ", ", parser.context == NULL ? "" : parser.context);
	} else {
		read_root(&r);
		yaml_document_delete(&r.doc);
	}
	yaml_parser_delete(&parser);
	if (err[0] == '\0')
		return r.lab;
	lab_free(r.lab);
	return NULL;
}

struct lab *
lab_load(const char *file, char err[LAB_ERR_MAX])
{
	FILE *f = fopen(file, "re");
	struct lab *lab = NULL;
	char *text = malloc(LAB_FILE_MAX);
	size_t len;

	if (text == NULL)
		abort();
	len = f == NULL ? 0 : fread(text, 1, LAB_FILE_MAX, f);
	if (f == NULL || ferror(f))
		snprintf(err, LAB_ERR_MAX, "%s: %s", file, strerror(errno));
	else if (len == LAB_FILE_MAX)
		snprintf(err, LAB_ERR_MAX, "%s: too long to be a lab", file);
	else
		lab = lab_parse(file, text, len, err);
	if (f != NULL)
		fclose(f);
	free(text);
	return lab;
}
