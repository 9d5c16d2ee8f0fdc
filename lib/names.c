/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	enum iface_type type;
	const char *word, *brief;
	size_t least;		/* letters that IOS wants at least */
} types[] = {
	{IFACE_GIGABIT, "GigabitEthernet", "Gi", 1},
	{IFACE_LOOPBACK, "Loopback", "Lo", 1},
	{IFACE_TUNNEL, "Tunnel", "Tu", 1},
};

/* Reads digits; false when there are none or they do not end in a sane number. */
static bool
number(const char **s, unsigned int *v)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)**s))
		return false;
	n = strtoul(*s, &end, 10);
	if (n > 2147483647)
		return false;
	*s = end;
	*v = (unsigned int)n;
	return true;
}

bool
iface_parse(struct iface_id *id, const char *s)
{
	size_t i, letters = 0;
	struct iface_id got = {0};

	while (isalpha((unsigned char)s[letters]))
		letters++;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (letters >= types[i].least && letters <= strlen(types[i].word) &&
		    strncasecmp(s, types[i].word, letters) == 0)
			break;
	if (i == sizeof(types) / sizeof(types[0]))
		return false;
	got.type = types[i].type;
	s += letters;
	while (*s == ' ')
		s++;
	if (got.type != IFACE_GIGABIT) {
		if (!number(&s, &got.unit) || *s != '\0')
			return false;
	} else {
		if (!number(&s, &got.port))
			return false;
		if (*s == '/') {
			s++;
			got.has_slot = true;
			got.slot = got.port;
			if (!number(&s, &got.port))
				return false;
		}
		if (*s != '\0')
			return false;
	}
	*id = got;
	return true;
}

static char *
print(const struct iface_id *id, const char *word, char buf[IFACE_NAME_MAX])
{
	if (id->type != IFACE_GIGABIT)
		snprintf(buf, IFACE_NAME_MAX, "%s%u", word, id->unit);
	else if (id->has_slot)
		snprintf(buf, IFACE_NAME_MAX, "%s%u/%u", word, id->slot, id->port);
	else
		snprintf(buf, IFACE_NAME_MAX, "%s%u", word, id->port);
	return buf;
}

char *
iface_name(const struct iface_id *id, char buf[IFACE_NAME_MAX])
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == id->type)
			return print(id, types[i].word, buf);
	buf[0] = '\0';
	return buf;
}

char *
iface_short_name(const struct iface_id *id, char buf[IFACE_NAME_MAX])
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == id->type)
			return print(id, types[i].brief, buf);
	buf[0] = '\0';
	return buf;
}

/* IOS writes loopbacks, then tunnels, then what is soldered in. */
static int
rank(enum iface_type t)
{
	return t == IFACE_LOOPBACK ? 0 : t == IFACE_TUNNEL ? 1 : 2;
}

int
iface_cmp(const struct iface_id *a, const struct iface_id *b)
{
	if (a->type != b->type)
		return rank(a->type) - rank(b->type);
	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	if (a->has_slot != b->has_slot)		/* GigabitEthernet0 is not GigabitEthernet0/0 */
		return a->has_slot ? 1 : -1;
	if (a->slot != b->slot)
		return a->slot < b->slot ? -1 : 1;
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	return 0;
}

void
iface_linux_name(const struct iface_id *id, char buf[16])
{
	char full[IFACE_NAME_MAX];

	/* Loopback2147483647 and Tunnel2147483647 are too long for Linux: the
	 * short name is unique as well, since nothing else is called so. */
	if (strlen(iface_name(id, full)) > 15)
		iface_short_name(id, full);
	snprintf(buf, 16, "%.15s", full);
}
