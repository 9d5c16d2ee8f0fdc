/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One NHRP packet, as a struct and as bytes.
 *
 * Decoding reads everything into one struct of fixed size and borrows from the
 * bytes only what is opaque (unknown extensions, a packet inside an
 * indication).  Encoding writes lengths, checksum and the extensions in the
 * order of the struct.  Neither knows of interfaces or of anybody's state.
 */
#ifndef CULVERT_NHRP_PACKET_H
#define CULVERT_NHRP_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "buf.h"
#include "nhrp_wire.h"

#define NHRP_CIES_MAX 8
#define NHRP_EXTS_MAX 12
#define NHRP_EXT_CIES_MAX 16	/* of a transit record: more hops than any network has */
#define NHRP_PACKET_MAX 1400

struct nhrp_cie {
	uint8_t code;		/* enum nhrp_code */
	uint8_t prefix_len;
	uint16_t mtu;
	uint16_t hold_s;
	struct addr nbma, proto;	/* unset: length 0 */
	uint8_t preference;
};

struct nhrp_ext {
	uint16_t type;		/* enum nhrp_ext_type, or one that we do not know */
	bool compulsory;
	uint16_t offset;	/* where it was in the packet, for error indications */
	uint8_t cie_count;	/* of the types that carry entries ... */
	struct nhrp_cie cies[NHRP_EXT_CIES_MAX];
	struct slice raw;	/* ... and the value of the others */
};

struct nhrp_packet {
	uint8_t type;		/* enum nhrp_packet_type */
	uint8_t hops;
	uint16_t flags;
	uint32_t request_id;
	uint16_t error_code, error_offset;	/* indications have these and no ID */
	struct addr src_nbma, src_proto, dst_proto;
	uint8_t cie_count;
	struct nhrp_cie cies[NHRP_CIES_MAX];
	struct slice data;	/* indications: the packet that caused it */
	uint8_t ext_count;
	struct nhrp_ext exts[NHRP_EXTS_MAX];
};

/* NULL, or why it is no NHRP packet.  `data` and `raw` point into the bytes. */
const char *nhrp_packet_read(struct nhrp_packet *p, const void *bytes, size_t len);
/* w->bad when it does not fit.  `hops`, addresses and extensions are written as they are. */
void nhrp_packet_write(struct wbuf *w, const struct nhrp_packet *p);

bool nhrp_packet_is_indication(const struct nhrp_packet *p);
bool nhrp_packet_is_reply(const struct nhrp_packet *p);
const char *nhrp_type_name(unsigned int type);
const char *nhrp_error_name(unsigned int code);

#endif
