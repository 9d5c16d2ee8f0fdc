/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In a tunnel: ip nhrp ... */
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds.h"
#include "cli/elsewhere.h"
#include "log.h"

static void *
entry(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		log_fatal("out of memory");
	return p;
}

static struct conf_nhrp *
nhrp_of(struct cmd_call *c)
{
	return &((struct conf_iface *)c->obj)->nhrp;
}

static const struct conf_nhrp *
nhrp_in(const void *obj)
{
	return &((const struct conf_iface *)obj)->nhrp;
}

/* --- maps --- */

static bool
map_run(struct cmd_call *c)
{
	struct conf_nhrp *n = nhrp_of(c);
	const struct cmd_value *nbma = cmd_value(c, SLOT_NEXT);
	struct conf_nhrp_map *m;
	struct prefix address;

	if (!cmds_prefix(c, &address))
		return false;
	if (addr_is_any(&nbma->addr) || addr_is_multicast(&nbma->addr))
		return cmd_refuse(c, "%% Invalid NBMA address %s", nbma->text);
	DL_FOREACH(n->maps, m)
		if (prefix_eq(&m->address, &address))
			break;
	if (c->verb != CMD_SET) {
		if (m != NULL && addr_eq(&m->nbma, &nbma->addr)) {
			DL_DELETE(n->maps, m);
			free(m);
		}
		return true;
	}
	if (m == NULL) {
		m = entry(sizeof(*m));
		m->address = address;
		DL_APPEND(n->maps, m);
	}
	m->nbma = nbma->addr;
	return true;
}

static bool
multicast_run(struct cmd_call *c)
{
	struct conf_nhrp *n = nhrp_of(c);
	const struct cmd_value *to = cmd_value(c, SLOT_NEXT);
	struct conf_addr *m;

	DL_FOREACH(n->multicast_maps, m)
		if (addr_eq(&m->prefix.addr, &to->addr))
			break;
	if (c->verb != CMD_SET && m != NULL) {
		DL_DELETE(n->multicast_maps, m);
		free(m);
	} else if (c->verb == CMD_SET && m == NULL) {
		m = entry(sizeof(*m));
		m->prefix = (struct prefix){.addr = to->addr, .len = 32};
		DL_APPEND(n->multicast_maps, m);
	}
	return true;
}

static void
map_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_nhrp *n = nhrp_in(obj);
	const struct conf_nhrp_map *m;
	const struct conf_addr *a;
	struct addr mask;

	DL_FOREACH(n->maps, m) {
		mask = prefix_mask(ADDR_V4, m->address.len);
		text_add(out, "%s %s", before, ADDR_STR(&m->address.addr));
		if (m->address.len != 32)
			text_add(out, " %s", ADDR_STR(&mask));
		text_add(out, " %s\n", ADDR_STR(&m->nbma));
	}
	DL_FOREACH(n->multicast_maps, a)
		text_add(out, "%s multicast %s\n", before, ADDR_STR(&a->prefix.addr));
	if (n->multicast_dynamic)
		text_add(out, "%s multicast dynamic\n", before);
}

static bool
multicast_dynamic_run(struct cmd_call *c)
{
	nhrp_of(c)->multicast_dynamic = c->verb == CMD_SET;
	return true;
}

static const struct cmd multicast[] = {
	{ VALUE(addr, "IP NBMA address"), .slot = SLOT_NEXT, .run = multicast_run },
	{ "dynamic", "Dynamically learn destinations from client registrations on hub",
	    .run = multicast_dynamic_run },
	CMD_END
};

static const struct cmd map_nbma[] = {
	{ VALUE(addr, "IP NBMA address"), .slot = SLOT_NEXT },
	CMD_END
};

/*
 * A mask, then the NBMA address; or the NBMA address at once.  Told apart by what follows, and
 * where nothing does yet (`?`, or a blank at the end of a line) by being a mask.
 */
static unsigned int
mask_before_addr(const struct cmd *row, const struct cmd_words *w, unsigned int at,
    struct cmd_value *v)
{
	if (cmd_arg_mask.parse(row, w, at, v) == 0)
		return 0;
	return at + 1 < w->count || (w->blank_end && mask_len(&v->addr) > 0);
}

static const struct cmd_arg mask_arg = {.shape = "A.B.C.D", .parse = mask_before_addr};

static const struct cmd map_next[] = {
	{ .arg = &mask_arg, .help = "IP mask of destination", .slot = SLOT_MASK, .sub = map_nbma },
	{ VALUE(addr, "IP NBMA address"), .slot = SLOT_NEXT },
	CMD_END
};

static const struct cmd map[] = {
	{ VALUE(addr, "IP address of destination"), .slot = SLOT_ADDR, .sub = map_next,
	    .run = map_run },
	{ "multicast", "Use this NBMA mapping for broadcasts/multicasts", .sub = multicast },
	CMD_END
};

/* --- next hop servers --- */

static bool
nhs_run(struct cmd_call *c)
{
	struct conf_nhrp *n = nhrp_of(c);
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR), *nbma = cmd_value(c, SLOT_NEXT);
	const struct cmd_value *priority = cmd_value(c, SLOT_NUMBER);
	const struct cmd_value *cluster = cmd_value(c, SLOT_MORE);
	struct conf_nhs *s;

	DL_FOREACH(n->nhs, s)
		if (addr_eq(&s->nhs, &addr->addr))
			break;
	if (c->verb != CMD_SET) {
		if (s != NULL) {
			DL_DELETE(n->nhs, s);
			free(s);
		}
		return true;
	}
	if (s == NULL) {
		s = entry(sizeof(*s));
		s->nhs = addr->addr;
		DL_APPEND(n->nhs, s);
	}
	s->nbma = nbma != NULL ? nbma->addr : (struct addr){0};
	s->multicast = cmd_value(c, SLOT_FLAG) != NULL;
	s->priority = priority != NULL ? (uint8_t)priority->number : 0;
	s->cluster = cluster != NULL ? (uint8_t)cluster->number : 0;
	return true;
}

static bool
nhs_cluster_run(struct cmd_call *c)
{
	struct conf_nhs_cluster *k =
	    &nhrp_of(c)->nhs_clusters[cmd_value(c, SLOT_MORE)->number];

	*k = (struct conf_nhs_cluster){0};
	if (c->verb == CMD_SET)
		*k = (struct conf_nhs_cluster){.limited = true,
		    .max_connections = (uint8_t)cmd_value(c, SLOT_NUMBER)->number};
	return true;
}

static bool
nhs_fallback_run(struct cmd_call *c)
{
	nhrp_of(c)->nhs_fallback_s = c->verb == CMD_SET ?
	    (uint8_t)cmd_value(c, SLOT_NUMBER)->number : 0;
	return true;
}

static void
nhs_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_nhrp *n = nhrp_in(obj);
	const struct conf_nhs *s;
	unsigned int i;

	DL_FOREACH(n->nhs, s) {
		text_add(out, "%s %s", before, ADDR_STR(&s->nhs));
		if (addr_is_set(&s->nbma))
			text_add(out, " nbma %s", ADDR_STR(&s->nbma));
		text_add(out, "%s", s->multicast ? " multicast" : "");
		if (s->priority != 0)
			text_add(out, " priority %u", s->priority);
		if (s->cluster != 0)
			text_add(out, " cluster %u", s->cluster);
		text_add(out, "\n");
	}
	for (i = 0; i < CONF_NHS_CLUSTERS; i++)
		if (n->nhs_clusters[i].limited)
			text_add(out, "%s cluster %u max-connections %u\n", before, i,
			    n->nhs_clusters[i].max_connections);
	if (n->nhs_fallback_s != 0)
		text_add(out, "%s fallback %u\n", before, n->nhs_fallback_s);
}

#define CLUSTER_ROW									\
	{ "cluster", "Cluster (group) of the NHS", ARG_NUM(0, 10, "Cluster number"),	\
	    .slot = SLOT_MORE }
#define PRIORITY_ROW									\
	{ "priority", "Priority of the NHS", ARG_NUM(0, 255, "Priority; the lowest value is the best"), \
	    .slot = SLOT_NUMBER, .end = true, .sub = nhs_cluster }

static const struct cmd nhs_cluster[] = { CLUSTER_ROW, CMD_END };
static const struct cmd nhs_priority[] = { PRIORITY_ROW, CLUSTER_ROW, CMD_END };
static const struct cmd nhs_multicast[] = {
	{ "multicast", "Use this NBMA mapping for broadcasts/multicasts", .slot = SLOT_FLAG,
	    .end = true, .sub = nhs_priority },
	PRIORITY_ROW,
	CLUSTER_ROW,
	CMD_END
};

static const struct cmd nhs_nbma[] = {
	{ "nbma", "NBMA address of NHS", ARG(addr, "IP address of NHS"), .slot = SLOT_NEXT,
	    .end = true, .sub = nhs_multicast },
	PRIORITY_ROW,
	CLUSTER_ROW,
	CMD_END
};

static const struct cmd nhs_max_connections[] = {
	{ "max-connections", "How many of its servers are used at a time",
	    ARG_NUM(0, 255, "Number of connections"), .slot = SLOT_NUMBER, .no_end = true },
	CMD_END
};

static const struct cmd nhs_fallback[] = {
	{ VALUE_NUM(0, 60, "Number of seconds"), .slot = SLOT_NUMBER },
	CMD_END
};

static const struct cmd nhs[] = {
	{ VALUE(addr, "IP address of NHS"), .slot = SLOT_ADDR, .end = true, .sub = nhs_nbma },
	REFUSED("dynamic", "the NHS is named by its address: `ip nhrp nhs A.B.C.D nbma A.B.C.D`"),
	{ "cluster", "Settings of a cluster", ARG_NUM(0, 10, "Cluster number"), .slot = SLOT_MORE,
	    .sub = nhs_max_connections, .run = nhs_cluster_run },
	{ "fallback", "How long a better server must answer before it is used again",
	    .no_end = true, .sub = nhs_fallback, .run = nhs_fallback_run },
	CMD_END
};

/* --- redirect, shortcut, registration --- */

static bool
redirect_run(struct cmd_call *c)
{
	struct conf_nhrp *n = nhrp_of(c);
	const struct cmd_value *timeout = cmd_value(c, SLOT_NUMBER);

	n->redirect = c->verb == CMD_SET;
	n->redirect_timeout_s = n->redirect && timeout != NULL && timeout->number != 8 ?
	    (uint16_t)timeout->number : 0;
	return true;
}

static void
redirect_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_nhrp *n = nhrp_in(obj);

	if (n->redirect && n->redirect_timeout_s != 0)
		text_add(out, "%s timeout %u\n", before, n->redirect_timeout_s);
	else if (n->redirect)
		text_add(out, "%s\n", before);
}

static const struct cmd redirect[] = {
	{ "timeout", "Interval between redirects of one flow",
	    ARG_NUM(2, 30, "Interval in seconds"), .slot = SLOT_NUMBER },
	CMD_END
};

static const struct cmd registration[] = {
	{ "no-unique", "Don't set unique flag in registrations", FIELD(conf_iface, nhrp.no_unique) },
	{ "timeout", "Set the registration timeout period",
	    ARG_NUM(1, 65535, "Number of seconds between registrations"),
	    FIELD(conf_iface, nhrp.registration_s) },
	CMD_END
};

const struct cmd cmds_nhrp[] = {
	{ "authentication", "Authentication string", ARG(word, "Up to 8 characters"),
	    .slot = SLOT_KEY, FIELD(conf_iface, nhrp.auth) },
	{ "map", "Map dest IP addresses to NBMA addresses", .sub = map, .write = map_write },
	{ "network-id", "NBMA network identifier", ARG_NUM(1, 4294967295u, "Network identifier"),
	    FIELD(conf_iface, nhrp.network_id) },
	{ "holdtime", "Advertised holdtime",
	    ARG_NUM(1, 65535, "Number of seconds to advertise"), FIELD(conf_iface, nhrp.holdtime_s) },
	{ "nhs", "Specify a next hop server", .sub = nhs, .run = nhs_run, .write = nhs_write },
	{ "registration", "Settings for registrations", .sub = registration },
	{ "shortcut", "Enable shortcut switching", FIELD(conf_iface, nhrp.shortcut) },
	{ "redirect", "Enable NHRP redirect traffic indication", .sub = redirect, .end = true,
	    .run = redirect_run, .write = redirect_write },
	ELSEWHERE_NHRP,
	CMD_END
};
