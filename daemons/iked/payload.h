/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bodies of single payloads: NOTIFY, DELETE, NONCE, KE, NAT-OA, VENDOR.
 * Proposals have their own file (proposal.h), and so have identities (ident.h).
 */
#ifndef CULVERT_IKE_PAYLOAD_H
#define CULVERT_IKE_PAYLOAD_H

#include "addr.h"
#include "buf.h"
#include "ike_msg.h"

struct ike_notify_body {	/* RFC 2408 3.14 */
	uint32_t doi;
	uint8_t proto;
	uint16_t type;
	struct slice spi, data;
};

struct ike_delete_body {	/* RFC 2408 3.15; `spis` holds count of spi_len bytes each */
	uint32_t doi;
	uint8_t proto, spi_len;
	uint16_t count;
	struct slice spis;
};

/* Readers give NULL or a sentence. */
const char *notify_read(struct slice body, struct ike_notify_body *n);
const char *delete_read(struct slice body, struct ike_delete_body *d);
const char *nonce_read(struct slice body, struct slice *nonce);
const char *ke_read(struct slice body, unsigned int group, struct slice *ke);
const char *nat_oa_read(struct slice body, struct addr *a);

void notify_write(struct ike_build *b, uint8_t proto, uint16_t type, struct slice spi,
    struct slice data);
void delete_write(struct ike_build *b, uint8_t proto, struct slice spi);
void nat_oa_write(struct ike_build *b, bool draft, const struct addr *a);
const char *notify_name(uint16_t type);

/* Vendor IDs: what a peer says it can do. */
enum {
	VENDOR_NATT = 1, VENDOR_DPD = 2, VENDOR_CULVERT = 4, VENDOR_XAUTH = 8, VENDOR_UNITY = 16,
	VENDOR_NATT_02 = 32, VENDOR_NATT_03 = 64, VENDOR_NATT_02_OLD = 128,
	VENDOR_FRAGMENTS = 256,
	VENDOR_CULVERT_UDP = 512,	/* a culvert that likes ESP in UDP, a NAT or none */
	VENDOR_NATT_DRAFT = VENDOR_NATT_02 | VENDOR_NATT_03 | VENDOR_NATT_02_OLD,
};
unsigned int vendors_read(const struct ike_msg *m);	/* VENDOR_ bits */
struct slice vendor_id(unsigned int which);	/* one bit */
void vendor_write(struct ike_build *b, unsigned int which);	/* one bit */

#endif
