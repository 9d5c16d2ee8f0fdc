/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SA payloads: what is offered, and what is chosen from it (RFC 2408 3.4-3.6,
 * RFC 2407 4.5, RFC 2409 appendix A).
 *
 * An SA payload is read into a flat list of transforms; choosing is a loop
 * over what we want, best first, and over what was offered.  The answer
 * repeats the chosen transform byte for byte, as RFC 2408 4.2 asks.
 */
#ifndef CULVERT_IKE_PROPOSAL_H
#define CULVERT_IKE_PROPOSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "algs.h"
#include "buf.h"

#define OFFERS_MAX 128		/* transforms read of one SA payload; the rest is not looked at */

struct offer {			/* one transform as it stands in the payload */
	uint8_t proposal, proto, number, id;
	uint8_t protos;		/* how many protocols this proposal number bundles */
	struct slice spi, attributes, raw;
};

struct offers {
	unsigned int count;
	struct offer list[OFFERS_MAX];
};

const char *offers_read(struct slice sa_body, struct offers *o);	/* NULL or a sentence */

struct p1_transform {		/* a phase 1 policy, or what was agreed */
	uint8_t cipher;		/* enum cipher */
	uint16_t key_bits;
	uint8_t hash;		/* enum hash */
	uint8_t group;
	uint8_t auth;		/* IPC_AUTH_PSK or IPC_AUTH_RSA */
	uint32_t life_s;	/* 0: not said */
};

struct p2_transform {		/* the same for phase 2 */
	struct esp_transform esp;
	uint8_t mode;		/* enum ipsec_mode */
	bool encap;		/* in UDP */
	bool draft_encap;	/* ... by the number of the drafts before RFC 3947, when offered */
	uint8_t pfs_group;	/* 0: none */
	uint32_t life_s;	/* 0: not said */
	uint64_t life_kb;	/* 0: none, or not said */
};

const char *p1_read(const struct offer *o, struct p1_transform *t);
const char *p2_read(const struct offer *o, struct p2_transform *t);

/* Whether IKEv1 has a number for it; what it has none for is left out of an offer. */
bool p2_has(const struct esp_transform *t);

void p1_offer_write(struct wbuf *w, const struct p1_transform *list, unsigned int count);
/* With `spi` in each proposal. */
void p2_offer_write(struct wbuf *w, uint32_t spi, const struct p2_transform *list,
    unsigned int count);
/* Attributes of a NOTIFY RESPONDER-LIFETIME (RFC 2407 4.6.3.1), of phase 1 and 2; 0: not said. */
void p1_life_write(struct wbuf *w, uint32_t life_s);
void p2_life_write(struct wbuf *w, uint32_t life_s, uint64_t life_kb);
uint32_t p1_life_read(struct slice attributes);
/* The answer: one proposal with the chosen transform; spi 0: without one. */
void offer_answer_write(struct wbuf *w, const struct offer *chosen, uint32_t spi);

/*
 * The first of `want` that was offered, or NULL.  *got is what was agreed: of
 * lifetimes the shorter.
 */
const struct offer *p1_choose(const struct offers *o, const struct p1_transform *want,
    unsigned int count, struct p1_transform *got);
const struct offer *p2_choose(const struct offers *o, const struct p2_transform *want,
    unsigned int count, struct p2_transform *got);

#endif
