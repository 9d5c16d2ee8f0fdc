/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bodies of single IKEv2 payloads: N, D, NONCE, KE, IDi and IDr, AUTH.
 * Proposals (proposal2.h) and traffic selectors (ts.h) have their own files.
 */
#ifndef CULVERT_IKE_PAYLOAD2_H
#define CULVERT_IKE_PAYLOAD2_H

#include "buf.h"
#include "ident.h"
#include "ikev2_msg.h"

struct notify2 {		/* RFC 7296 3.10 */
	uint8_t proto;
	uint16_t type;
	struct slice spi, data;
};

struct delete2 {		/* RFC 7296 3.11; `spis` holds count of spi_len bytes each */
	uint8_t proto, spi_len;
	uint16_t count;
	struct slice spis;
};

/* Readers give NULL or a sentence. */
const char *notify2_read(struct slice body, struct notify2 *n);
const char *delete2_read(struct slice body, struct delete2 *d);
const char *nonce2_read(struct slice body, struct slice *nonce);
const char *ke2_read(struct slice body, uint16_t *group, struct slice *ke);
const char *ident2_read(struct slice body, struct ident *id);
const char *auth2_read(struct slice body, uint8_t *method, struct slice *data);

void notify2_write(struct ikev2_build *b, uint8_t proto, uint16_t type, struct slice spi,
    struct slice data);
void notify2_put(struct ikev2_build *b, uint16_t type);	/* nothing but its type */
void delete2_write(struct ikev2_build *b, uint8_t proto, struct slice spi);
void ke2_write(struct ikev2_build *b, uint16_t group, struct slice ke);
struct slice ident2_write(struct ikev2_build *b, uint8_t type, const struct ident *id);	/* its body */
void auth2_write(struct ikev2_build *b, uint8_t method, struct slice data);

/* The nth (from 0) notification of this type, or false. */
bool notify2_find(const struct ikev2_msg *m, uint16_t type, unsigned int nth, struct notify2 *n);
bool notify2_has(const struct ikev2_msg *m, uint16_t type);
/* The first that is an error; 0: none. */
uint16_t notify2_error(const struct ikev2_msg *m);
const char *notify2_name(uint16_t type);

#endif
