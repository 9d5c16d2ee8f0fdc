/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "addr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct addr
addr_v4(uint32_t v)
{
	return (struct addr){.family = ADDR_V4,
	    .b = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v}};
}

uint32_t
addr_to_v4(const struct addr *a)
{
	if (a->family != ADDR_V4)
		return 0;
	return (uint32_t)a->b[0] << 24 | (uint32_t)a->b[1] << 16 | (uint32_t)a->b[2] << 8 | a->b[3];
}

bool
addr_same_source(const struct addr *a, const struct addr *b)
{
	return a->family == b->family &&
	    memcmp(a->b, b->b, a->family == ADDR_V6 ? 8 : addr_bytes(a)) == 0;
}

int
addr_cmp(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->b, b->b, addr_bytes(a));
}

bool
addr_is_multicast(const struct addr *a)
{
	if (a->family == ADDR_V4)
		return (a->b[0] & 0xf0) == 0xe0;
	return a->family == ADDR_V6 && a->b[0] == 0xff;
}

bool
addr_is_any(const struct addr *a)
{
	static const uint8_t zero[16];

	return a->family != ADDR_NONE && memcmp(a->b, zero, addr_bytes(a)) == 0;
}

bool
addr_parse(struct addr *a, const char *s)
{
	uint8_t b[16];

	if (inet_pton(AF_INET, s, b) == 1)
		*a = addr_from_bytes(ADDR_V4, b);
	else if (inet_pton(AF_INET6, s, b) == 1)
		*a = addr_from_bytes(ADDR_V6, b);
	else
		return false;
	return true;
}

char *
addr_str(const struct addr *a, char buf[ADDR_STRLEN])
{
	int af = a->family == ADDR_V4 ? AF_INET : AF_INET6;
	char *p;

	if (a->family == ADDR_NONE || inet_ntop(af, a->b, buf, ADDR_STRLEN) == NULL)
		snprintf(buf, ADDR_STRLEN, "unset");
	else
		for (p = buf; *p != '\0'; p++)
			*p = (char)toupper((unsigned char)*p);
	return buf;
}

bool
prefix_contains(const struct prefix *p, const struct addr *a)
{
	unsigned int whole = p->len / 8, rest = p->len % 8;
	uint32_t net, host;

	if (p->addr.family != a->family)
		return false;
	if (p->len == 0)
		return true;
	if (a->family == ADDR_V4 && p->len <= 32) {	/* each packet of the forwarder, twice */
		memcpy(&net, p->addr.b, sizeof(net));
		memcpy(&host, a->b, sizeof(host));
		return ntohl(net ^ host) >> (32 - p->len) == 0;
	}
	if (memcmp(p->addr.b, a->b, whole) != 0)
		return false;
	return rest == 0 || ((p->addr.b[whole] ^ a->b[whole]) >> (8 - rest)) == 0;
}

bool
prefix_eq(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && addr_eq(&a->addr, &b->addr);
}

bool
prefix_overlaps(const struct prefix *a, const struct prefix *b)
{
	return a->len <= b->len ? prefix_contains(a, &b->addr) : prefix_contains(b, &a->addr);
}

struct addr
prefix_mask(int family, unsigned int len)
{
	struct addr m = {.family = (uint8_t)family};
	unsigned int i;

	for (i = 0; i < len && i < 8 * addr_bytes(&m); i++)
		m.b[i / 8] |= (uint8_t)(0x80 >> (i % 8));
	return m;
}

struct prefix
prefix_network(const struct prefix *p)
{
	struct addr mask = prefix_mask(p->addr.family, p->len);
	struct prefix n = *p;
	unsigned int i;

	for (i = 0; i < addr_bytes(&n.addr); i++)
		n.addr.b[i] &= mask.b[i];
	return n;
}

int
mask_len(const struct addr *mask)
{
	unsigned int len = 0;
	struct addr same;

	if (!addr_is_set(mask))
		return -1;
	while (len < 8 * addr_bytes(mask) && (mask->b[len / 8] & 0x80 >> len % 8) != 0)
		len++;
	same = prefix_mask(mask->family, len);
	return addr_eq(&same, mask) ? (int)len : -1;
}

bool
prefix_parse(struct prefix *p, const char *s)
{
	const char *slash = strchr(s, '/');
	char text[ADDR_STRLEN], *end;
	struct addr a;
	unsigned long len;

	if (slash == NULL || (size_t)(slash - s) >= sizeof(text))
		return false;
	memcpy(text, s, (size_t)(slash - s));
	text[slash - s] = '\0';
	len = strtoul(slash + 1, &end, 10);
	if (slash[1] < '0' || slash[1] > '9' || *end != '\0' || !addr_parse(&a, text) ||
	    len > 8 * addr_bytes(&a))
		return false;
	*p = (struct prefix){.addr = a, .len = (uint8_t)len};
	return true;
}

char *
prefix_str(const struct prefix *p, char buf[PREFIX_STRLEN])
{
	snprintf(buf, PREFIX_STRLEN, "%s/%u", ADDR_STR(&p->addr), p->len);
	return buf;
}

socklen_t
addr_to_sockaddr(const struct addr *a, uint16_t port, struct sockaddr_storage *ss)
{
	memset(ss, 0, sizeof(*ss));
	if (a->family == ADDR_V4) {
		struct sockaddr_in *in = (struct sockaddr_in *)ss;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, a->b, 4);
		return sizeof(*in);
	}
	if (a->family == ADDR_V6) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		memcpy(&in6->sin6_addr, a->b, 16);
		return sizeof(*in6);
	}
	return 0;
}

bool
addr_from_sockaddr(struct addr *a, uint16_t *port, const struct sockaddr *sa)
{
	uint16_t p;

	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)sa;

		*a = addr_from_bytes(ADDR_V4, (const uint8_t *)&in->sin_addr);
		p = ntohs(in->sin_port);
	} else if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;

		*a = addr_from_bytes(ADDR_V6, (const uint8_t *)&in6->sin6_addr);
		p = ntohs(in6->sin6_port);
	} else {
		return false;
	}
	if (port != NULL)
		*port = p;
	return true;
}
