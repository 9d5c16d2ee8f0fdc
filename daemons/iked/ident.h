/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ID payloads (RFC 2407 4.6.2): who a peer says it is (phase 1), and which
 * traffic an SA is for (phase 2).
 */
#ifndef CULVERT_IKE_IDENT_H
#define CULVERT_IKE_IDENT_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "buf.h"

#define IDENT_MAX 250	/* a name of a certificate is long */

struct ident {			/* a phase 1 identity; type 0: none yet */
	uint8_t type, len;	/* enum ike_id_type */
	uint8_t b[IDENT_MAX];
};

/* One that is held for long: as many bytes as it has, for whoever shares it.  NULL: none. */
struct held_ident {
	unsigned int holders;
	uint8_t type, len;
	uint8_t b[];
};

struct proxy {			/* a phase 2 identity */
	struct prefix net;
	uint8_t proto;		/* 0: any */
	uint8_t pad;		/* named, so that a kept one has no byte without a value */
	uint16_t port;		/* 0: any */
};

/* Readers give NULL or a sentence. */
const char *ident_read(struct slice body, struct ident *id);
const char *proxy_read(struct slice body, struct proxy *p);

/* An address as an identity; the body is 17/port as Cisco writes it, or 0/0. */
void ident_from_addr(struct ident *id, const struct addr *a);
void ident_write(struct wbuf *w, const struct ident *id, uint8_t proto, uint16_t port);
void proxy_write(struct wbuf *w, const struct proxy *p);
bool proxy_eq(const struct proxy *a, const struct proxy *b);

bool ident_is_set(const struct ident *id);
/* *held becomes a copy of the identity, or shares that of another; what it was is let go. */
void ident_hold(struct held_ident **held, const struct ident *id);
void ident_share(struct held_ident **held, struct held_ident *other);
void ident_release(struct held_ident **held);
/* As a value again, into *id; returns that. */
struct ident *ident_value(const struct held_ident *held, struct ident *id);
#define IDENT_OF(held) ident_value((held), &(struct ident){0})
bool held_ident_eq(const struct held_ident *a, const struct held_ident *b);
#define IDENT_STRLEN 64
char *ident_str(const struct ident *id, char buf[IDENT_STRLEN]);	/* returns buf */
#define IDENT_STR(id) ident_str((id), (char[IDENT_STRLEN]){0})

#endif
