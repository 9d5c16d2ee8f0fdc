/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * access-list ... and ip access-list ...: numbered and named lists.
 *
 * A line's values are read in the order in which they were typed, for both sides
 * of a line use the same words.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "cli/acl_text.h"
#include "cli/cmds.h"
#include "conf_cmap.h"

enum { PERMIT = 1, DENY = 2 };

/* --- the words of a line, from its end to its beginning --- */

#define NOT_MATCHED "only networks, protocols and ports are matched here; leave the word out"
#define NOT_LOGGED "packets that match are not logged; leave the word out"
#define NO_ICMP_TYPES "a line is for all of ICMP; leave out the type"
#define NO_GROUPS "object groups are not built in; write a line for each network"

#define OPTION_ROWS								\
	REFUSED("log", NOT_LOGGED), REFUSED("log-input", NOT_LOGGED),		\
	REFUSED("dscp", NOT_MATCHED), REFUSED("precedence", NOT_MATCHED),	\
	REFUSED("tos", NOT_MATCHED), REFUSED("ttl", NOT_MATCHED),		\
	REFUSED("option", NOT_MATCHED), REFUSED("fragments", NOT_MATCHED),	\
	REFUSED("time-range", NOT_MATCHED), REFUSED("reflect", NOT_MATCHED)

static const struct cmd options[] = { OPTION_ROWS, CMD_END };

#define TCP_OPTION_ROWS								\
	OPTION_ROWS,								\
	REFUSED("established", NOT_MATCHED), REFUSED("match-all", NOT_MATCHED),	\
	REFUSED("match-any", NOT_MATCHED), REFUSED("ack", NOT_MATCHED),		\
	REFUSED("fin", NOT_MATCHED), REFUSED("psh", NOT_MATCHED),		\
	REFUSED("rst", NOT_MATCHED), REFUSED("syn", NOT_MATCHED),		\
	REFUSED("urg", NOT_MATCHED)

static const struct cmd tcp_options[] = { TCP_OPTION_ROWS, CMD_END };

static const struct cmd icmp_options[] = {
	OPTION_ROWS,
	REFUSED("administratively-prohibited", NO_ICMP_TYPES), REFUSED("echo", NO_ICMP_TYPES),
	REFUSED("echo-reply", NO_ICMP_TYPES), REFUSED("packet-too-big", NO_ICMP_TYPES),
	REFUSED("port-unreachable", NO_ICMP_TYPES), REFUSED("redirect", NO_ICMP_TYPES),
	REFUSED("time-exceeded", NO_ICMP_TYPES), REFUSED("traceroute", NO_ICMP_TYPES),
	REFUSED("ttl-exceeded", NO_ICMP_TYPES), REFUSED("unreachable", NO_ICMP_TYPES),
	CMD_END
};

/* An address, wherever it stands: `next` may follow, or the line may end. */
#define SIDE_ROWS(what, wildcard, next, last)						\
	{ "any", "Any " what " host", .slot = SLOT_FLAG, .end = (last), .sub = (next) },	\
	{ "host", "A single " what " host", ARG(addr, "Host address"), .slot = SLOT_NEXT,	\
	    .end = (last), .sub = (next) },						\
	{ VALUE(addr, "Address to match"), .slot = SLOT_ADDR, .sub = (wildcard) },	\
	REFUSED("object-group", NO_GROUPS)

#define WILDCARD_TABLE(name, next, last)						\
	static const struct cmd name[] = {						\
		{ VALUE(mask, "Wildcard bits"), .slot = SLOT_MASK, .end = (last), .sub = (next) },	\
		CMD_END									\
	}

/* Behind an address: which ports, and what may follow them. */
#define PORT_TABLES(name, type, next, last)						\
	static const struct cmd name##_port[] = {					\
		{ VALUE(type, "Port number"), .slot = SLOT_NUMBER, .end = (last), .sub = (next) },	\
		CMD_END									\
	};										\
	static const struct cmd name##_low_port[] = {					\
		{ VALUE(type, "Port number"), .slot = SLOT_NUMBER, .sub = name##_port },	\
		CMD_END									\
	}

#define PORT_ROWS(name)									\
	{ "eq", "Match only packets on a given port number", .slot = SLOT_KIND,		\
	    .give = ACL_EQ, .sub = name##_port },					\
	{ "gt", "Match only packets with a greater port number", .slot = SLOT_KIND,	\
	    .give = ACL_GT, .sub = name##_port },					\
	{ "lt", "Match only packets with a lower port number", .slot = SLOT_KIND,	\
	    .give = ACL_LT, .sub = name##_port },					\
	{ "neq", "Match only packets not on a given port number", .slot = SLOT_KIND,	\
	    .give = ACL_NEQ, .sub = name##_port },					\
	{ "range", "Match only packets in the range of port numbers", .slot = SLOT_KIND,	\
	    .give = ACL_RANGE, .sub = name##_low_port }

/* Both sides of a protocol that has ports. */
#define PORT_PROTOCOL(name, type, opts, opt_rows)					\
	PORT_TABLES(name##_dst, type, opts, true);					\
	static const struct cmd name##_dst_next[] = {					\
		PORT_ROWS(name##_dst), opt_rows, CMD_END				\
	};										\
	WILDCARD_TABLE(name##_dst_wildcard, name##_dst_next, true);			\
	static const struct cmd name##_dst_side[] = {					\
		SIDE_ROWS("destination", name##_dst_wildcard, name##_dst_next, true), CMD_END	\
	};										\
	PORT_TABLES(name##_src, type, name##_dst_side, false);				\
	static const struct cmd name##_src_next[] = {					\
		PORT_ROWS(name##_src),							\
		SIDE_ROWS("destination", name##_dst_wildcard, name##_dst_next, true),	\
		CMD_END									\
	};										\
	WILDCARD_TABLE(name##_src_wildcard, name##_src_next, false);			\
	static const struct cmd name##_src_side[] = {					\
		SIDE_ROWS("source", name##_src_wildcard, name##_src_next, false), CMD_END	\
	}

/* Both sides of one that has none. */
#define PLAIN_PROTOCOL(name, opts)							\
	WILDCARD_TABLE(name##_dst_wildcard, opts, true);				\
	static const struct cmd name##_dst_side[] = {					\
		SIDE_ROWS("destination", name##_dst_wildcard, opts, true), CMD_END	\
	};										\
	WILDCARD_TABLE(name##_src_wildcard, name##_dst_side, false);			\
	static const struct cmd name##_src_side[] = {					\
		SIDE_ROWS("source", name##_src_wildcard, name##_dst_side, false), CMD_END	\
	}

PORT_PROTOCOL(tcp, tcp_port, tcp_options, TCP_OPTION_ROWS);
PORT_PROTOCOL(udp, udp_port, options, OPTION_ROWS);
PLAIN_PROTOCOL(icmp, icmp_options);
PLAIN_PROTOCOL(plain, options);

#define PROTOCOL(w, text, number)							\
	{ (w), (text), .slot = SLOT_BITS, .give = (number), .sub = plain_src_side }

static const struct cmd protocols[] = {
	{ "ip", "Any Internet Protocol", .slot = SLOT_BITS, .give = 0, .sub = plain_src_side },
	{ "tcp", "Transmission Control Protocol", .slot = SLOT_BITS, .give = IPPROTO_TCP,
	    .sub = tcp_src_side },
	{ "udp", "User Datagram Protocol", .slot = SLOT_BITS, .give = IPPROTO_UDP,
	    .sub = udp_src_side },
	{ "icmp", "Internet Control Message Protocol", .slot = SLOT_BITS, .give = IPPROTO_ICMP,
	    .sub = icmp_src_side },
	PROTOCOL("ahp", "Authentication Header Protocol", IPPROTO_AH),
	PROTOCOL("eigrp", "EIGRP routing protocol", 88),
	PROTOCOL("esp", "Encapsulation Security Payload", IPPROTO_ESP),
	PROTOCOL("gre", "GRE tunneling", IPPROTO_GRE),
	PROTOCOL("igmp", "Internet Gateway Message Protocol", IPPROTO_IGMP),
	PROTOCOL("ipinip", "IP in IP tunneling", IPPROTO_IPIP),
	PROTOCOL("nos", "KA9Q NOS compatible IP over IP tunneling", 94),
	PROTOCOL("ospf", "OSPF routing protocol", 89),
	PROTOCOL("pcp", "Payload Compression Protocol", 108),
	PROTOCOL("pim", "Protocol Independent Multicast", IPPROTO_PIM),
	{ VALUE_NUM(0, 255, "An IP protocol number"), .slot = SLOT_BITS, .sub = plain_src_side },
	REFUSED("object-group", NO_GROUPS),
	CMD_END
};

/* In a standard list an address alone is a host. */
static const struct cmd standard_wildcard[] = {
	{ VALUE(mask, "Wildcard bits"), .slot = SLOT_MASK, .sub = options, .end = true },
	OPTION_ROWS,
	CMD_END
};

static const struct cmd standard_side[] = {
	{ "any", "Any source host", .slot = SLOT_FLAG, .end = true, .sub = options },
	{ "host", "A single host address", ARG(addr, "Host address"), .slot = SLOT_NEXT,
	    .end = true, .sub = options },
	{ VALUE(addr, "Address to match"), .slot = SLOT_ADDR, .end = true,
	    .sub = standard_wildcard },
	CMD_END
};

/* --- reading a line --- */

/* The values of one side, from *i on. */
static void
read_side(const struct cmd_call *c, unsigned int *i, struct acl_side *s)
{
	const struct cmd_value *v = &c->values[(*i)++];

	s->wildcard = v->slot == SLOT_FLAG ? UINT32_MAX : 0;
	s->addr = v->slot == SLOT_FLAG ? 0 : addr_to_v4(&v->addr);
	if (*i < c->n_values && v->slot == SLOT_ADDR && c->values[*i].slot == SLOT_MASK)
		s->wildcard = addr_to_v4(&c->values[(*i)++].addr);
	s->addr &= ~s->wildcard;
	if (*i >= c->n_values || c->values[*i].slot != SLOT_KIND)
		return;
	s->port.op = (uint8_t)c->values[(*i)++].number;
	s->port.low = (uint16_t)c->values[(*i)++].number;
	if (s->port.op == ACL_RANGE)
		s->port.high = (uint16_t)c->values[(*i)++].number;
}

static void
order_range(struct acl_port *p)
{
	uint16_t low = p->low;

	if (p->op != ACL_RANGE || low <= p->high)
		return;
	p->low = p->high;
	p->high = low;
}

/* From the value permit or deny on. */
static void
read_line(const struct cmd_call *c, bool extended, struct acl_line *l)
{
	unsigned int i = 0;

	while (c->values[i].slot != SLOT_LEVEL)
		i++;
	l->permit = c->values[i++].number == PERMIT;
	if (extended)
		l->proto = (uint8_t)c->values[i++].number;
	read_side(c, &i, &l->src);
	if (!extended)
		return;
	read_side(c, &i, &l->dst);
	order_range(&l->src.port);
	order_range(&l->dst.port);
}

/* May this line stand in the list of that name, which crypto maps may use? */
static bool
suits_maps(struct cmd_call *c, const char *list, const struct acl_line *l)
{
	const struct conf_cmap *m = conf_cmap_of_acl(c->conf, list);
	const char *why = acl_line_map_trouble(l);

	if (m == NULL || why == NULL)
		return true;
	return cmd_refuse(c, "list %s is used by crypto map %s, and %s", list, m->name, why);
}

/* A line that is there already is left as it is, as IOS does it. */
static bool
add_line(struct cmd_call *c, struct conf_acl *a, const struct acl_line *l)
{
	bool remark = l->remark[0] != '\0';

	if (!remark && conf_acl_same(a, l) != NULL)
		return true;
	if (!remark && conf_acl_line(a, l->seq) != NULL)
		return cmd_refuse(c, "%% Duplicate sequence number %u", l->seq);
	conf_acl_add(a, l);
	return true;
}

/* --- access-list N ... --- */

static bool
is_extended(unsigned long number)
{
	return (number >= 100 && number <= 199) || (number >= 2000 && number <= 2699);
}

static bool
is_number(const char *name)
{
	return name[strspn(name, "0123456789")] == '\0';
}

/* Of a numbered list `no` takes all, whatever follows: IOS does the same. */
static bool
del_list(struct cmd_call *c, const char *name)
{
	struct conf_acl *a = conf_acl_find(c->conf, name);

	if (a != NULL)
		conf_acl_del(c->conf, a);
	return true;
}

bool
cmds_acl_numbered_run(struct cmd_call *c)
{
	const struct cmd_value *number = cmd_value(c, SLOT_NAME), *remark = cmd_value(c, SLOT_TEXT);
	bool extended = is_extended(number->number);
	struct acl_line l = {0};
	struct conf_acl *a;

	if (c->verb != CMD_SET)
		return del_list(c, number->text);
	if (remark != NULL)
		snprintf(l.remark, sizeof(l.remark), "%s", remark->text);
	else
		read_line(c, extended, &l);
	if (!suits_maps(c, number->text, &l))
		return false;
	a = conf_acl_get(c->conf, number->text, extended);
	l.seq = conf_acl_next_seq(a);
	return add_line(c, a, &l);
}

/* Written as `access-list N`, where the numbers of its lines are what that would give them. */
static bool
written_by_number(const struct conf_acl *a)
{
	return is_number(a->name) && a->lines != NULL && conf_acl_numbered_plainly(a);
}

void
cmds_acl_numbered_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_acl *a;
	const struct acl_line *l;

	DL_FOREACH(((const struct conf *)obj)->acls, a) {
		if (!written_by_number(a))
			continue;
		DL_FOREACH(a->lines, l) {
			text_add(out, "%s %s ", before, a->name);
			acl_text_line(out, a, l);
			text_add(out, "\n");
		}
	}
}

#define ACTIONS(next)									\
	{ "permit", "Specify packets to forward", .slot = SLOT_LEVEL, .give = PERMIT,	\
	    .no_end = true, .sub = (next) },						\
	{ "deny", "Specify packets to reject", .slot = SLOT_LEVEL, .give = DENY,	\
	    .no_end = true, .sub = (next) },						\
	{ "remark", "Access list entry comment", ARG(line, "Comment up to 100 characters"),	\
	    .slot = SLOT_TEXT }

static const struct cmd extended_actions[] = {
	ACTIONS(protocols),
	REFUSED("dynamic", NOT_MATCHED), REFUSED("evaluate", NOT_MATCHED),
	CMD_END
};
static const struct cmd standard_actions[] = { ACTIONS(standard_side), CMD_END };

#define NUMBERS(low, high, text, actions)						\
	{ VALUE_NUM(low, high, text), .slot = SLOT_NAME, .no_end = true, .sub = (actions) }

const struct cmd cmds_acl_numbered[] = {
	NUMBERS(1, 99, "IP standard access list", standard_actions),
	NUMBERS(100, 199, "IP extended access list", extended_actions),
	NUMBERS(1300, 1999, "IP standard access list (expanded range)", standard_actions),
	NUMBERS(2000, 2699, "IP extended access list (expanded range)", extended_actions),
	CMD_END
};

/* --- inside of a list --- */

static bool
take_line(struct cmd_call *c, struct conf_acl *a, const struct acl_line *l)
{
	struct acl_line *at = NULL;

	if (l->remark[0] != '\0') {
		DL_FOREACH(a->lines, at)
			if (strcmp(at->remark, l->remark) == 0)
				break;
	} else {
		at = conf_acl_same(a, l);
	}
	if (at == NULL)
		return cmd_refuse(c, "%% Specified entry does not exist");
	conf_acl_line_del(a, at);
	return true;
}

/* [N] {permit | deny | remark} ...; `no N` takes the line of that number. */
static bool
line_run(struct cmd_call *c)
{
	const struct cmd_value *seq = cmd_value(c, SLOT_MORE), *remark = cmd_value(c, SLOT_TEXT);
	struct conf_acl *a = c->obj;
	struct acl_line l = {.seq = seq != NULL ? seq->number : conf_acl_next_seq(a)}, *at;

	if (remark != NULL)
		snprintf(l.remark, sizeof(l.remark), "%s", remark->text);
	else if (c->n_values > 1 + (seq != NULL))
		read_line(c, a->extended, &l);
	else if ((at = conf_acl_line(a, l.seq)) == NULL)
		return cmd_refuse(c, "%% Specified entry does not exist");
	else {
		conf_acl_line_del(a, at);
		return true;
	}
	if (c->verb != CMD_SET)
		return take_line(c, a, &l);
	return suits_maps(c, a->name, &l) && add_line(c, a, &l);
}

static void
lines_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_acl *a = obj;
	const struct acl_line *l;

	(void)before;
	DL_FOREACH(a->lines, l) {
		text_add(out, " %u ", l->seq);
		acl_text_line(out, a, l);
		text_add(out, "\n");
	}
}

#define LINE_ROWS(next, actions)								\
	{ VALUE_NUM(1, 2147483647, "Sequence Number"), .slot = SLOT_MORE, .no_end = true,	\
	    .sub = (actions), .run = line_run, .write = lines_write },			\
	{ "permit", "Specify packets to forward", .slot = SLOT_LEVEL, .give = PERMIT,	\
	    .sub = (next), .run = line_run },						\
	{ "deny", "Specify packets to reject", .slot = SLOT_LEVEL, .give = DENY,		\
	    .sub = (next), .run = line_run },						\
	{ "remark", "Access list entry comment", ARG(line, "Comment up to 100 characters"),	\
	    .slot = SLOT_TEXT, .run = line_run }

static const struct cmd extended_rows[] = {
	LINE_ROWS(protocols, extended_actions),
	REFUSED("dynamic", NOT_MATCHED), REFUSED("evaluate", NOT_MATCHED),
	CMD_END
};
static const struct cmd standard_rows[] = {
	LINE_ROWS(standard_side, standard_actions),
	CMD_END
};

static void *
list_find(struct conf *c, const struct cmd_key *key)
{
	return conf_acl_find(c, key->name);
}

static const struct cmd_mode cmd_mode_acl_extended = {"config-ext-nacl", extended_rows, list_find};
static const struct cmd_mode cmd_mode_acl_standard = {"config-std-nacl", standard_rows, list_find};

/* --- ip access-list ... --- */

static bool
good_name(struct cmd_call *c, const char *name, bool extended)
{
	unsigned long number = strtoul(name, NULL, 10);
	bool standard = (number >= 1 && number <= 99) || (number >= 1300 && number <= 1999);

	if (!is_number(name) && name[0] >= '0' && name[0] <= '9')
		return cmd_refuse(c, "%% Invalid access list name.");
	if (is_number(name) && (extended ? !is_extended(number) : !standard))
		return cmd_refuse(c, "%% Invalid access list number: %s are 1-99 and 1300-1999, "
		    "extended ones 100-199 and 2000-2699", "standard lists");
	return true;
}

bool
cmds_acl_named_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	bool extended = cmd_value(c, SLOT_KIND)->number == 1;
	const struct conf_acl *a = conf_acl_find(c->conf, name);

	if (c->verb != CMD_SET)
		return del_list(c, name);
	if (!good_name(c, name, extended))
		return false;
	if (a != NULL && a->extended != extended)
		return cmd_refuse(c, "%% A named %s IP access list with this name already exists",
		    extended ? "standard" : "extended");
	conf_acl_get(c->conf, name, extended);
	snprintf(c->key.name, sizeof(c->key.name), "%s", name);
	c->enter = extended ? &cmd_mode_acl_extended : &cmd_mode_acl_standard;
	return true;
}

void
cmds_acl_named_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_acl *a;

	DL_FOREACH(((const struct conf *)obj)->acls, a) {
		if (written_by_number(a))
			continue;
		text_add(out, "%s %s %s\n", before, a->extended ? "extended" : "standard", a->name);
		lines_write(out, "", a);
	}
}

static bool
resequence_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	const struct conf_acl *a = conf_acl_find(c->conf, name);
	uint32_t seq = cmd_value(c, SLOT_NUMBER)->number, step = cmd_value(c, SLOT_MORE)->number;
	struct acl_line *l;

	if (a == NULL)
		return cmd_refuse(c, "%% Access-list %s does not exist", name);
	DL_FOREACH(a->lines, l) {
		l->seq = seq;
		if (l->remark[0] == '\0')
			seq += step;
	}
	return true;
}

static const struct cmd list_name[] = {
	{ VALUE(word, "Access-list name or number"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd resequence_step[] = {
	{ VALUE_NUM(1, 65535, "Step to increment the sequence number"), .slot = SLOT_MORE },
	CMD_END
};

static const struct cmd resequence_start[] = {
	{ VALUE_NUM(1, 65535, "Starting Sequence Number"), .slot = SLOT_NUMBER,
	    .sub = resequence_step },
	CMD_END
};

static const struct cmd resequence[] = {
	{ VALUE(word, "Access-list name or number"), .slot = SLOT_NAME, .sub = resequence_start },
	CMD_END
};

const struct cmd cmds_acl_named[] = {
	{ "extended", "Extended Access List", .slot = SLOT_KIND, .give = 1, .sub = list_name },
	{ "standard", "Standard Access List", .slot = SLOT_KIND, .give = 0, .sub = list_name },
	{ "resequence", "Resequence Access List", .sub = resequence, .verbs = CMD_SET,
	    .run = resequence_run },
	REFUSED("log-update", NOT_LOGGED), REFUSED("logging", NOT_LOGGED),
	CMD_END
};
