/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Extensions of an NHRP packet: finding and adding them, and what each means.
 * RFC 2332 5.3; the NAT address extension and the form of the authentication
 * are Cisco's.
 */
#ifndef CULVERT_NHRP_EXT_H
#define CULVERT_NHRP_EXT_H

#include "nhrp_packet.h"

bool nhrp_ext_has_cies(unsigned int type);	/* its value is client information entries */
bool nhrp_ext_is_known(unsigned int type);
struct nhrp_ext *nhrp_ext_find(struct nhrp_packet *p, unsigned int type);	/* or NULL */
/* The extension of this type, new and empty if it was not there.  NULL when there is no room. */
struct nhrp_ext *nhrp_ext_add(struct nhrp_packet *p, unsigned int type, bool compulsory);
void nhrp_ext_remove(struct nhrp_packet *p, unsigned int type);
/* Appends an entry; false when the record is full. */
bool nhrp_ext_append(struct nhrp_ext *e, const struct nhrp_cie *cie);
/* The entry with this protocol address, or NULL; e may be NULL. */
const struct nhrp_cie *nhrp_ext_entry(const struct nhrp_ext *e, const struct addr *proto);

/* The empty records that a request carries, in IOS's order. */
void nhrp_ext_add_records(struct nhrp_packet *p);
/* Puts the extensions in IOS's order, whatever order they were added in. */
void nhrp_ext_sort(struct nhrp_packet *p);

/*
 * Authentication goes hop by hop: strip on receipt, add before sending.
 * `room` holds the value until the packet is written.
 */
struct nhrp_auth_room {
	uint8_t b[4 + NHRP_AUTH_MAX + 1];
};
void nhrp_ext_add_auth(struct nhrp_packet *p, const char *auth, struct nhrp_auth_room *room);
/* NULL, or what is wrong with it.  An empty `auth` accepts everything. */
const char *nhrp_ext_check_auth(struct nhrp_packet *p, const char *auth);

#endif
