/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a line of an access list, from its end to its beginning, and what they mean.
 *
 * A line's values are read in the order in which they were typed, for both sides
 * of a line use the same words.
 */
#include <netinet/in.h>

#include "cli/acl_text.h"
#include "cli/cmds_acl.h"

#define NO_ICMP_TYPES "a line is for all of ICMP; leave out the type"
#define NO_GROUPS "object groups are not built in; write a line for each network"

#define OPTION_ROWS									\
	REFUSED("log", ACL_NOT_LOGGED), REFUSED("log-input", ACL_NOT_LOGGED),		\
	REFUSED("dscp", ACL_NOT_MATCHED), REFUSED("precedence", ACL_NOT_MATCHED),	\
	REFUSED("tos", ACL_NOT_MATCHED), REFUSED("ttl", ACL_NOT_MATCHED),		\
	REFUSED("option", ACL_NOT_MATCHED), REFUSED("fragments", ACL_NOT_MATCHED),	\
	REFUSED("time-range", ACL_NOT_MATCHED), REFUSED("reflect", ACL_NOT_MATCHED)

static const struct cmd options[] = { OPTION_ROWS, CMD_END };

#define TCP_OPTION_ROWS									\
	OPTION_ROWS,									\
	REFUSED("established", ACL_NOT_MATCHED), REFUSED("match-all", ACL_NOT_MATCHED),	\
	REFUSED("match-any", ACL_NOT_MATCHED), REFUSED("ack", ACL_NOT_MATCHED),		\
	REFUSED("fin", ACL_NOT_MATCHED), REFUSED("psh", ACL_NOT_MATCHED),		\
	REFUSED("rst", ACL_NOT_MATCHED), REFUSED("syn", ACL_NOT_MATCHED),		\
	REFUSED("urg", ACL_NOT_MATCHED)

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
#define SIDE_ROWS(what, wildcard, next, last)							\
	{ "any", "Any " what " host", .slot = SLOT_FLAG, .end = (last), .sub = (next) },	\
	{ "host", "A single " what " host", ARG(addr, "Host address"), .slot = SLOT_NEXT,	\
	    .end = (last), .sub = (next) },							\
	{ VALUE(addr, "Address to match"), .slot = SLOT_ADDR, .sub = (wildcard) },		\
	REFUSED("object-group", NO_GROUPS)

#define WILDCARD_TABLE(name, next, last)								\
	static const struct cmd name[] = {								\
		{ VALUE(mask, "Wildcard bits"), .slot = SLOT_MASK, .end = (last), .sub = (next) },	\
		CMD_END											\
	}

/* Behind an address: which ports, and what may follow them. */
#define PORT_TABLES(name, type, next, last)								\
	static const struct cmd name##_port[] = {							\
		{ VALUE(type, "Port number"), .slot = SLOT_NUMBER, .end = (last), .sub = (next) },	\
		CMD_END											\
	};												\
	static const struct cmd name##_low_port[] = {							\
		{ VALUE(type, "Port number"), .slot = SLOT_NUMBER, .sub = name##_port },		\
		CMD_END											\
	}

#define PORT_ROWS(name)										\
	{ "eq", "Match only packets on a given port number", .slot = SLOT_KIND,			\
	    .give = ACL_EQ, .sub = name##_port },						\
	{ "gt", "Match only packets with a greater port number", .slot = SLOT_KIND,		\
	    .give = ACL_GT, .sub = name##_port },						\
	{ "lt", "Match only packets with a lower port number", .slot = SLOT_KIND,		\
	    .give = ACL_LT, .sub = name##_port },						\
	{ "neq", "Match only packets not on a given port number", .slot = SLOT_KIND,		\
	    .give = ACL_NEQ, .sub = name##_port },						\
	{ "range", "Match only packets in the range of port numbers", .slot = SLOT_KIND,	\
	    .give = ACL_RANGE, .sub = name##_low_port }

/* Both sides of a protocol that has ports. */
#define PORT_PROTOCOL(name, type, opts, opt_rows)						\
	PORT_TABLES(name##_dst, type, opts, true);						\
	static const struct cmd name##_dst_next[] = {						\
		PORT_ROWS(name##_dst), opt_rows, CMD_END					\
	};											\
	WILDCARD_TABLE(name##_dst_wildcard, name##_dst_next, true);				\
	static const struct cmd name##_dst_side[] = {						\
		SIDE_ROWS("destination", name##_dst_wildcard, name##_dst_next, true), CMD_END	\
	};											\
	PORT_TABLES(name##_src, type, name##_dst_side, false);					\
	static const struct cmd name##_src_next[] = {						\
		PORT_ROWS(name##_src),								\
		SIDE_ROWS("destination", name##_dst_wildcard, name##_dst_next, true),		\
		CMD_END										\
	};											\
	WILDCARD_TABLE(name##_src_wildcard, name##_src_next, false);				\
	static const struct cmd name##_src_side[] = {						\
		SIDE_ROWS("source", name##_src_wildcard, name##_src_next, false), CMD_END	\
	}

/* Both sides of one that has none. */
#define PLAIN_PROTOCOL(name, opts)								\
	WILDCARD_TABLE(name##_dst_wildcard, opts, true);					\
	static const struct cmd name##_dst_side[] = {						\
		SIDE_ROWS("destination", name##_dst_wildcard, opts, true), CMD_END		\
	};											\
	WILDCARD_TABLE(name##_src_wildcard, name##_dst_side, false);				\
	static const struct cmd name##_src_side[] = {						\
		SIDE_ROWS("source", name##_src_wildcard, name##_dst_side, false), CMD_END	\
	}

PORT_PROTOCOL(tcp, tcp_port, tcp_options, TCP_OPTION_ROWS);
PORT_PROTOCOL(udp, udp_port, options, OPTION_ROWS);
PLAIN_PROTOCOL(icmp, icmp_options);
PLAIN_PROTOCOL(plain, options);

#define PROTOCOL(w, text, number)							\
	{ (w), (text), .slot = SLOT_BITS, .give = (number), .sub = plain_src_side }

const struct cmd cmds_acl_protocols[] = {
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

const struct cmd cmds_acl_standard_side[] = {
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

void
cmds_acl_read_line(const struct cmd_call *c, bool extended, struct acl_line *l)
{
	unsigned int i = 0;

	while (c->values[i].slot != SLOT_LEVEL)
		i++;
	l->permit = c->values[i++].number == ACL_PERMIT;
	if (extended)
		l->proto = (uint8_t)c->values[i++].number;
	read_side(c, &i, &l->src);
	if (!extended)
		return;
	read_side(c, &i, &l->dst);
	order_range(&l->src.port);
	order_range(&l->dst.port);
}
