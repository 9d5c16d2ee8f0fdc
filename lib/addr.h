/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Network addresses of either family, as values.
 *
 * The all-zero struct is "no address" (family ADDR_NONE), which is what an
 * unset field of a configuration or a message holds.  Bytes are in network
 * order; unused bytes are zero, so addresses compare and hash as memory.
 */
#ifndef CULVERT_ADDR_H
#define CULVERT_ADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { ADDR_NONE = 0, ADDR_V4 = 4, ADDR_V6 = 6 };

struct addr {
	uint8_t family;		/* ADDR_* */
	uint8_t pad[3];
	uint8_t b[16];
};

struct prefix {
	struct addr addr;	/* may have host bits: an interface address keeps them */
	uint8_t len;
	uint8_t pad[3];
};

#define ADDR_STRLEN 48
#define PREFIX_STRLEN 52

/* Inline is what every packet of the forwarder passes.  Of an address 0, 4 or 16 bytes count. */
static inline unsigned int
addr_bytes(const struct addr *a)
{
	return a->family == ADDR_V4 ? 4 : a->family == ADDR_V6 ? 16 : 0;
}

/* ADDR_V4: 4 bytes, ADDR_V6: 16 */
static inline struct addr
addr_from_bytes(int family, const uint8_t *bytes)
{
	struct addr a = {.family = (uint8_t)family};

	if (family == ADDR_V4)
		memcpy(a.b, bytes, 4);
	else if (family == ADDR_V6)
		memcpy(a.b, bytes, 16);
	return a;
}

static inline bool
addr_is_set(const struct addr *a)
{
	return a->family != ADDR_NONE;
}

static inline bool
addr_eq(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return false;
	if (a->family == ADDR_V4)
		return memcmp(a->b, b->b, 4) == 0;
	return a->family != ADDR_V6 || memcmp(a->b, b->b, 16) == 0;
}

struct addr addr_v4(uint32_t host_order);
uint32_t addr_to_v4(const struct addr *a);		/* host order; 0 for other families */
/* What limits of strangers go by: of IPv6 one host may have a whole /64. */
bool addr_same_source(const struct addr *a, const struct addr *b);
int addr_cmp(const struct addr *a, const struct addr *b);	/* numeric order, v4 before v6 */
bool addr_is_multicast(const struct addr *a);
bool addr_is_any(const struct addr *a);			/* 0.0.0.0 or :: */
bool addr_parse(struct addr *a, const char *s);		/* literal only; false leaves *a untouched */
/* Text of an address ("unset" if it has no family), IPv6 in capitals as IOS has it.  Returns buf. */
char *addr_str(const struct addr *a, char buf[ADDR_STRLEN]);
#define ADDR_STR(a) addr_str((a), (char[ADDR_STRLEN]){0})

bool prefix_contains(const struct prefix *p, const struct addr *a);
bool prefix_eq(const struct prefix *a, const struct prefix *b);
bool prefix_overlaps(const struct prefix *a, const struct prefix *b);
struct prefix prefix_network(const struct prefix *p);	/* host bits cleared */
struct addr prefix_mask(int family, unsigned int len);
/* Length of a contiguous netmask, or -1.  A wildcard mask is not accepted. */
int mask_len(const struct addr *mask);
bool prefix_parse(struct prefix *p, const char *s);	/* A.B.C.D/LEN */
char *prefix_str(const struct prefix *p, char buf[PREFIX_STRLEN]);
#define PREFIX_STR(p) prefix_str((p), (char[PREFIX_STRLEN]){0})

/* Socket addresses; port in host order. */
socklen_t addr_to_sockaddr(const struct addr *a, uint16_t port, struct sockaddr_storage *ss);
bool addr_from_sockaddr(struct addr *a, uint16_t *port, const struct sockaddr *sa);

#endif
