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

struct proxy {			/* a phase 2 identity */
	struct prefix net;
	uint8_t proto;		/* 0: any */
	uint16_t port;		/* 0: any */
};

/* Readers give NULL or a sentence. */
const char *ident_read(struct slice body, struct ident *id);
const char *proxy_read(struct slice body, struct proxy *p);

/* An address as an identity; the body is 17/port as Cisco writes it, or 0/0. */
void ident_from_addr(struct ident *id, const struct addr *a);
void ident_write(struct wbuf *w, const struct ident *id, uint8_t proto, uint16_t port);
void proxy_write(struct wbuf *w, const struct proxy *p);

bool ident_eq(const struct ident *a, const struct ident *b);
bool ident_is_set(const struct ident *id);
#define IDENT_STRLEN 64
char *ident_str(const struct ident *id, char buf[IDENT_STRLEN]);	/* returns buf */
#define IDENT_STR(id) ident_str((id), (char[IDENT_STRLEN]){0})

#endif
