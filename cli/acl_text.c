/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/acl_text.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct name {
	const char *word, *help;
	uint16_t number;
};

/* The names that IOS has, by word: an abbreviation must fit one of them only. */
static const struct name tcp_ports[] = {
	{"bgp", "Border Gateway Protocol", 179}, {"chargen", "Character generator", 19},
	{"cmd", "Remote commands (rcmd)", 514}, {"daytime", "Daytime", 13},
	{"discard", "Discard", 9}, {"domain", "Domain Name Service", 53}, {"echo", "Echo", 7},
	{"exec", "Exec (rsh)", 512}, {"finger", "Finger", 79}, {"ftp", "File Transfer Protocol", 21},
	{"ftp-data", "FTP data connections", 20}, {"gopher", "Gopher", 70},
	{"hostname", "NIC hostname server", 101}, {"ident", "Ident Protocol", 113},
	{"irc", "Internet Relay Chat", 194}, {"klogin", "Kerberos login", 543},
	{"kshell", "Kerberos shell", 544}, {"login", "Login (rlogin)", 513},
	{"lpd", "Printer service", 515}, {"nntp", "Network News Transport Protocol", 119},
	{"pim-auto-rp", "PIM Auto-RP", 496}, {"pop2", "Post Office Protocol v2", 109},
	{"pop3", "Post Office Protocol v3", 110}, {"smtp", "Simple Mail Transport Protocol", 25},
	{"sunrpc", "Sun Remote Procedure Call", 111}, {"tacacs", "TAC Access Control System", 49},
	{"talk", "Talk", 517}, {"telnet", "Telnet", 23}, {"time", "Time", 37},
	{"uucp", "Unix-to-Unix Copy Program", 540}, {"whois", "Nicname", 43},
	{"www", "World Wide Web (HTTP)", 80}, {NULL, NULL, 0},
};

static const struct name udp_ports[] = {
	{"biff", "Biff (mail notification)", 512}, {"bootpc", "Bootstrap Protocol (BOOTP) client", 68},
	{"bootps", "Bootstrap Protocol (BOOTP) server", 67}, {"discard", "Discard", 9},
	{"dnsix", "DNSIX security protocol auditing", 195}, {"domain", "Domain Name Service", 53},
	{"echo", "Echo", 7}, {"isakmp", "Internet Security Association and Key Management", 500},
	{"mobile-ip", "Mobile IP registration", 434}, {"nameserver", "IEN116 name service", 42},
	{"netbios-dgm", "NetBios datagram service", 138}, {"netbios-ns", "NetBios name service", 137},
	{"netbios-ss", "NetBios session service", 139},
	{"non500-isakmp", "Internet Security Association and Key Management", 4500},
	{"ntp", "Network Time Protocol", 123}, {"pim-auto-rp", "PIM Auto-RP", 496},
	{"rip", "Routing Information Protocol", 520},
	{"snmp", "Simple Network Management Protocol", 161}, {"snmptrap", "SNMP Traps", 162},
	{"sunrpc", "Sun Remote Procedure Call", 111}, {"syslog", "System Logger", 514},
	{"tacacs", "TAC Access Control System", 49}, {"talk", "Talk", 517},
	{"tftp", "Trivial File Transfer Protocol", 69}, {"time", "Time", 37},
	{"who", "Who service (rwho)", 513}, {"xdmcp", "X Display Manager Control Protocol", 177},
	{NULL, NULL, 0},
};

static const struct name protocols[] = {
	{"icmp", NULL, IPPROTO_ICMP}, {"igmp", NULL, IPPROTO_IGMP}, {"ipinip", NULL, IPPROTO_IPIP},
	{"tcp", NULL, IPPROTO_TCP}, {"udp", NULL, IPPROTO_UDP}, {"gre", NULL, IPPROTO_GRE},
	{"esp", NULL, IPPROTO_ESP}, {"ahp", NULL, IPPROTO_AH}, {"eigrp", NULL, 88},
	{"ospf", NULL, 89}, {"nos", NULL, 94}, {"pim", NULL, IPPROTO_PIM}, {"pcp", NULL, 108},
	{NULL, NULL, 0},
};

/* --- ports as values --- */

static const struct name *
find_word(const struct name *names, const char *word)
{
	const struct name *n, *found = NULL;
	unsigned int matches = 0;

	for (n = names; n->word != NULL; n++) {
		if (strcasecmp(n->word, word) == 0)
			return n;
		if (cmd_prefix(word, n->word)) {
			found = n;
			matches++;
		}
	}
	return matches == 1 ? found : NULL;
}

static unsigned int
port_parse(const struct name *names, const char *word, struct cmd_value *v)
{
	const struct name *n = find_word(names, word);
	size_t digits = strspn(word, "0123456789");

	v->text = word;
	if (n != NULL)
		v->number = n->number;
	else if (digits == 0 || digits > 5 || word[digits] != '\0')
		return 0;
	else
		v->number = (uint32_t)strtoul(word, NULL, 10);
	return v->number <= UINT16_MAX ? 1 : 0;
}

static unsigned int
tcp_port_parse(const struct cmd *row, const struct cmd_words *w, unsigned int at,
    struct cmd_value *v)
{
	(void)row;
	return port_parse(tcp_ports, w->word[at], v);
}

static unsigned int
udp_port_parse(const struct cmd *row, const struct cmd_words *w, unsigned int at,
    struct cmd_value *v)
{
	(void)row;
	return port_parse(udp_ports, w->word[at], v);
}

const struct cmd_arg cmd_arg_tcp_port = {.shape = "<0-65535>", .parse = tcp_port_parse};
const struct cmd_arg cmd_arg_udp_port = {.shape = "<0-65535>", .parse = udp_port_parse};

/* --- lines as text --- */

static const char *
word_of(const struct name *names, unsigned int number)
{
	const struct name *n;

	for (n = names; n->word != NULL; n++)
		if (n->number == number)
			return n->word;
	return NULL;
}

static void
add_number(struct text *out, const struct name *names, unsigned int number)
{
	const char *word = word_of(names, number);

	if (word != NULL)
		text_add(out, " %s", word);
	else
		text_add(out, " %u", number);
}

static void
add_port(struct text *out, uint8_t proto, const struct acl_port *p)
{
	static const char *const ops[] = {
		[ACL_EQ] = "eq", [ACL_NEQ] = "neq", [ACL_LT] = "lt", [ACL_GT] = "gt",
		[ACL_RANGE] = "range",
	};
	const struct name *names = proto == IPPROTO_TCP ? tcp_ports : udp_ports;

	if (p->op == ACL_ANY_PORT)
		return;
	text_add(out, " %s", ops[p->op]);
	add_number(out, names, p->low);
	if (p->op == ACL_RANGE)
		add_number(out, names, p->high);
}

static void
add_side(struct text *out, const struct acl_side *s)
{
	struct addr addr = addr_v4(s->addr), wildcard = addr_v4(s->wildcard);

	if (s->wildcard == UINT32_MAX)
		text_add(out, " any");
	else if (s->wildcard == 0)
		text_add(out, " host %s", ADDR_STR(&addr));
	else
		text_add(out, " %s %s", ADDR_STR(&addr), ADDR_STR(&wildcard));
}

/* Of a standard list: a host stands alone. */
static void
add_standard(struct text *out, const struct acl_side *s, const char *between)
{
	struct addr addr = addr_v4(s->addr), wildcard = addr_v4(s->wildcard);

	if (s->wildcard == UINT32_MAX)
		text_add(out, "any");
	else if (s->wildcard == 0)
		text_add(out, "%s", ADDR_STR(&addr));
	else
		text_add(out, "%s%s%s", ADDR_STR(&addr), between, ADDR_STR(&wildcard));
}

static void
add_extended(struct text *out, const struct acl_line *l)
{
	text_add(out, "%s", l->permit ? "permit" : "deny");
	if (l->proto == 0)
		text_add(out, " ip");
	else
		add_number(out, protocols, l->proto);
	add_side(out, &l->src);
	add_port(out, l->proto, &l->src.port);
	add_side(out, &l->dst);
	add_port(out, l->proto, &l->dst.port);
}

void
acl_text_line(struct text *out, const struct conf_acl *a, const struct acl_line *l)
{
	if (l->remark[0] != '\0') {
		text_add(out, "remark %s", l->remark);
	} else if (a->extended) {
		add_extended(out, l);
	} else {
		text_add(out, "%s ", l->permit ? "permit" : "deny");
		add_standard(out, &l->src, " ");
	}
}

void
acl_text_show_line(struct text *out, const struct conf_acl *a, const struct acl_line *l)
{
	if (a->extended) {
		add_extended(out, l);
		return;
	}
	text_add(out, "%-6s ", l->permit ? "permit" : "deny");
	add_standard(out, &l->src, ", wildcard bits ");
}
