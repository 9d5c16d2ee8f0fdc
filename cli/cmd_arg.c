/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types of values: cmd.h's cmd_arg_*. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"

static unsigned int
number_parse(const struct cmd *row, const struct cmd_words *w, unsigned int at, struct cmd_value *v)
{
	const char *s = w->word[at];
	unsigned long n;
	size_t digits = strspn(s, "0123456789");

	if (digits == 0 || digits > 10 || s[digits] != '\0')
		return 0;
	n = strtoul(s, NULL, 10);
	if (n < row->min || n > row->max)
		return 0;
	v->text = s;
	v->number = (uint32_t)n;
	return 1;
}

static void
number_store(void *field, size_t size, const struct cmd_value *v)
{
	uint8_t n8 = (uint8_t)v->number;
	uint16_t n16 = (uint16_t)v->number;

	memcpy(field, size == 1 ? (void *)&n8 : size == 2 ? (void *)&n16 : (const void *)&v->number,
	    size);
}

static void
number_print(struct text *out, const void *field, size_t size)
{
	uint8_t n8;
	uint16_t n16;
	uint32_t n32;

	if (size == 1) {
		memcpy(&n8, field, 1);
		n32 = n8;
	} else if (size == 2) {
		memcpy(&n16, field, 2);
		n32 = n16;
	} else {
		memcpy(&n32, field, 4);
	}
	text_add(out, "%u", n32);
}

const struct cmd_arg cmd_arg_number = {
	.parse = number_parse, .store = number_store, .print = number_print,
};

/* A name, kept in a char array; `max` may set a lower limit than CONF_NAME_MAX. */
static unsigned int
word_parse(const struct cmd *row, const struct cmd_words *w, unsigned int at, struct cmd_value *v)
{
	size_t room = row->size != 0 ? row->size - 1u : row->max != 0 ? row->max : CONF_NAME_MAX - 1;

	if (strlen(w->word[at]) > room)
		return 0;
	v->text = w->word[at];
	return 1;
}

static void
text_store(void *field, size_t size, const struct cmd_value *v)
{
	snprintf(field, size, "%s", v->text);
}

static void
text_print(struct text *out, const void *field, size_t size)
{
	text_add(out, "%.*s", (int)size, (const char *)field);
}

const struct cmd_arg cmd_arg_word = {
	.shape = "WORD", .parse = word_parse, .store = text_store, .print = text_print,
	.wanted = "that is longer than a name may be",
};

/* The rest of the line, without blanks at its end.  IOS cuts what is too long; so do we. */
static unsigned int
line_parse(const struct cmd *row, const struct cmd_words *w, unsigned int at, struct cmd_value *v)
{
	(void)row;
	v->text = w->raw + w->at[at];
	return w->count - at;
}

static void
line_store(void *field, size_t size, const struct cmd_value *v)
{
	char *to = field;
	size_t len = strlen(v->text);

	if (len >= size)
		len = size - 1;
	while (len > 0 && isspace((unsigned char)v->text[len - 1]))
		len--;
	memcpy(to, v->text, len);
	to[len] = '\0';
}

const struct cmd_arg cmd_arg_line = {
	.shape = "LINE", .parse = line_parse, .store = line_store, .print = text_print,
};

/* A word, or words between quotes; `text` begins with the quote then. */
static unsigned int
string_parse(const struct cmd *row, const struct cmd_words *w, unsigned int at, struct cmd_value *v)
{
	const char *p, *end;
	unsigned int used = 1;

	(void)row;
	v->text = w->word[at];
	if (v->text[0] != '"')
		return 1;
	v->text = w->raw + w->at[at];
	for (p = v->text + 1; *p != '\0' && *p != '"'; p++)
		p += *p == '\\' && p[1] == '"';
	if (*p == '\0')
		return 0;
	for (end = p + 1; at + used < w->count && w->raw + w->at[at + used] < end;)
		used++;
	return *end == '\0' || isspace((unsigned char)*end) ? used : 0;
}

bool
cmd_string(const struct cmd_value *v, char *to, size_t room)
{
	const char *p = v->text;
	bool quoted = *p == '"';
	size_t n = 0;

	for (p += quoted; *p != '\0' && !(quoted && *p == '"'); p++) {
		p += quoted && *p == '\\' && p[1] == '"';
		if (n + 1 >= room)
			return false;
		to[n++] = *p;
	}
	to[n] = '\0';
	return true;
}

const struct cmd_arg cmd_arg_string = {
	.shape = "WORD", .parse = string_parse,
	.wanted = "a string of more than one word stands between double quotes",
};

static unsigned int
addr_parse_arg(const struct cmd *row, const struct cmd_words *w, unsigned int at,
    struct cmd_value *v)
{
	(void)row;
	if (!addr_parse(&v->addr, w->word[at]) || v->addr.family != ADDR_V4)
		return 0;
	v->text = w->word[at];
	return 1;
}

static void
addr_store(void *field, size_t size, const struct cmd_value *v)
{
	memcpy(field, &v->addr, size);
}

static void
addr_print(struct text *out, const void *field, size_t size)
{
	struct addr a;

	memcpy(&a, field, size);
	text_add(out, "%s", ADDR_STR(&a));
}

const struct cmd_arg cmd_arg_addr = {
	.shape = "A.B.C.D", .parse = addr_parse_arg, .store = addr_store, .print = addr_print,
};
/* Whether it is a good mask is for the sentence to say, which knows the address. */
const struct cmd_arg cmd_arg_mask = {
	.shape = "A.B.C.D", .parse = addr_parse_arg, .store = addr_store, .print = addr_print,
};

static unsigned int
addr6_parse_arg(const struct cmd *row, const struct cmd_words *w, unsigned int at,
    struct cmd_value *v)
{
	(void)row;
	if (!addr_parse(&v->addr, w->word[at]) || v->addr.family != ADDR_V6)
		return 0;
	v->text = w->word[at];
	return 1;
}

static unsigned int
addr_any_parse_arg(const struct cmd *row, const struct cmd_words *w, unsigned int at,
    struct cmd_value *v)
{
	return addr_parse_arg(row, w, at, v) == 1 ? 1 : addr6_parse_arg(row, w, at, v);
}

static unsigned int
prefix6_parse_arg(const struct cmd *row, const struct cmd_words *w, unsigned int at,
    struct cmd_value *v)
{
	struct prefix p;

	(void)row;
	if (!prefix_parse(&p, w->word[at]) || p.addr.family != ADDR_V6)
		return 0;
	v->text = w->word[at];
	v->addr = p.addr;
	v->number = p.len;
	return 1;
}

const struct cmd_arg cmd_arg_addr6 = {
	.shape = "X:X:X:X::X", .parse = addr6_parse_arg, .store = addr_store, .print = addr_print,
};
const struct cmd_arg cmd_arg_addr_any = {
	.shape = "A.B.C.D|X:X:X:X::X", .parse = addr_any_parse_arg, .store = addr_store,
	.print = addr_print,
};
const struct cmd_arg cmd_arg_prefix6 = {
	.shape = "X:X:X:X::X/<0-128>", .parse = prefix6_parse_arg,
};

/* "Tunnel0", "tu 0": a blank may stand before the number. */
static unsigned int
iface_parse_arg(const struct cmd *row, const struct cmd_words *w, unsigned int at,
    struct cmd_value *v)
{
	char name[IFACE_NAME_MAX * 2];

	(void)row;
	v->text = w->word[at];
	if (iface_parse(&v->iface, w->word[at]))
		return 1;
	if (at + 1 >= w->count || !isdigit((unsigned char)w->word[at + 1][0]))
		return 0;
	snprintf(name, sizeof(name), "%.30s%.30s", w->word[at], w->word[at + 1]);
	return iface_parse(&v->iface, name) ? 2 : 0;
}

static unsigned int
tunnel_if_parse(const struct cmd *row, const struct cmd_words *w, unsigned int at,
    struct cmd_value *v)
{
	unsigned int used = iface_parse_arg(row, w, at, v);

	return v->iface.type == IFACE_TUNNEL ? used : 0;
}

static void
iface_store(void *field, size_t size, const struct cmd_value *v)
{
	memcpy(field, &v->iface, size);
}

static void
iface_print(struct text *out, const void *field, size_t size)
{
	struct iface_id id;
	char name[IFACE_NAME_MAX];

	memcpy(&id, field, size);
	text_add(out, "%s", iface_name(&id, name));
}

static const char *const iface_choices[][2] = {
	{"GigabitEthernet", "GigabitEthernet IEEE 802.3z"},
	{"Loopback", "Loopback interface"},
	{"Tunnel", "Tunnel interface"},
	{NULL, NULL},
};

static const char *
iface_second(const char *word)
{
	struct iface_id id;
	char name[IFACE_NAME_MAX];

	snprintf(name, sizeof(name), "%.20s0", word);
	if (!iface_parse(&id, name))
		return NULL;
	return id.type == IFACE_TUNNEL ? "Tunnel interface number" :
	    id.type == IFACE_LOOPBACK ? "Loopback interface number" :
	    "GigabitEthernet interface number";
}

const struct cmd_arg cmd_arg_iface = {
	.choices = iface_choices, .wanted = "GigabitEthernet, Loopback and Tunnel are what there is",
	.second = iface_second,
	.parse = iface_parse_arg, .store = iface_store, .print = iface_print,
};
const struct cmd_arg cmd_arg_tunnel_if = {
	.choices = iface_choices + 2, .second = iface_second,
	.parse = tunnel_if_parse, .store = iface_store, .print = iface_print,
};
