/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SA payloads of IKEv2: what is offered, and what is chosen (RFC 7296 3.3).
 *
 * A payload is read into a flat list of transforms, each with the number of
 * its proposal.  Choosing goes through what we want, best first, and looks for
 * the first proposal that has it all.  An answer is read by choosing from it.
 */
#ifndef CULVERT_IKE_PROPOSAL2_H
#define CULVERT_IKE_PROPOSAL2_H

#include <stdbool.h>
#include <stdint.h>

#include "algs.h"
#include "buf.h"
#include "policy2.h"
#include "proposal.h"

enum { OFFERS2_MAX = 32, TRANSFORMS2_MAX = 256 };

struct transform2 {
	uint8_t type;			/* enum transform2_type */
	uint16_t id, key_bits;
	bool strange;			/* has an attribute that we do not know: cannot be chosen */
};

struct offer2 {
	uint8_t number, proto;
	struct slice spi;
	unsigned int first, count;	/* of its transforms */
};

struct offers2 {
	unsigned int count, transforms;
	struct offer2 list[OFFERS2_MAX];
	struct transform2 transform[TRANSFORMS2_MAX];
};

struct prop2 {			/* what was agreed, in our own numbers */
	uint8_t cipher, integ, prf, group;	/* group 0: none */
	uint16_t key_bits;
	bool esn;
	uint8_t number;			/* of the proposal: the answer repeats it */
	uint32_t row;			/* which of what we want it is */
};

const char *offers2_read(struct slice sa_body, struct offers2 *o);	/* NULL or a sentence */
/* An answer has one proposal with at most one transform of each type. */
bool offers2_is_answer(const struct offers2 *o);

/* Offers for an IKE SA; spi is empty unless it replaces another. */
void prop2_ike_offer(struct wbuf *w, const struct conf_proposal2 *const *want, unsigned int count,
    struct slice spi);
/* Offers for a pair of ESP SAs; group 0: without Diffie-Hellman. */
void prop2_esp_offer(struct wbuf *w, const struct p2_transform *want, unsigned int count,
    uint8_t group, uint32_t spi);
void prop2_answer(struct wbuf *w, const struct prop2 *agreed, uint8_t proto, struct slice spi);

/*
 * The first of what we want that is offered, or NULL.  ke_group: what the
 * peer's KE payload is for; if it will do it is chosen, for it saves a round.
 */
const struct offer2 *prop2_ike_choose(const struct offers2 *o,
    const struct conf_proposal2 *const *want, unsigned int count, unsigned int ke_group,
    struct prop2 *got);

enum prop2_pfs {		/* Diffie-Hellman for a pair of ESP SAs */
	PFS_IGNORE,		/* IKE_AUTH: there is none */
	PFS_AS_WANTED,		/* the group that we want; where we want none, what the peer offers */
};
const struct offer2 *prop2_esp_choose(const struct offers2 *o, const struct p2_transform *want,
    unsigned int count, uint8_t mode, enum prop2_pfs pfs, unsigned int ke_group, struct prop2 *got);

#endif
