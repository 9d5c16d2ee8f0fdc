/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What outlives nhrpd: interfaces, multicast maps, cache entries, next hop
 * servers and sessions, a slot each in the kept table.  A restarted nhrpd
 * reads them back and goes on where its predecessor stood: nobody registers
 * again, nothing is resolved again.
 */
#ifndef CULVERT_NHRP_KEPT_H
#define CULVERT_NHRP_KEPT_H

#include "nhrp.h"

#define KEPT_KIND "nhrpd\0\0"
#define KEPT_VERSION 4
#define KEPT_SLOTS 40960
#define KEPT_NONE UINT32_MAX
#define KEPT_RECORD_MAX 416

enum kept_what { KEPT_IF = 1, KEPT_MCAST, KEPT_NHS, KEPT_PEER, KEPT_ENTRY };

/* The record is one of those that cache.h, mcast.h, nhrp_if.h, nhs.h and protect.h call kept. */
struct kept_slot {
	uint32_t what;		/* enum kept_what */
	uint32_t sum;		/* of record */
	uint8_t record[KEPT_RECORD_MAX];
};

size_t kept_slot_size(void);
/* A slot for owner; KEPT_NONE when all are taken. */
uint32_t kept_take(struct nhrp *n, void *owner);
/* Copies the record into its slot, so that it is there whole or not at all. */
void kept_write(struct nhrp *n, uint32_t slot, enum kept_what what, const void *record, size_t len);
void kept_release(struct nhrp *n, uint32_t slot);
/* The owner of the first slot of this kind at or after *slot, which then names it; or NULL. */
void *kept_next(const struct nhrp *n, enum kept_what what, uint32_t *slot);

#endif
