/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every number of NHRP on the wire: RFC 2332, and what Cisco added to it.
 *
 *   fixed header (20 bytes)
 *     afn 2 | protocol 2 | SNAP 5 | hop count 1 | size 2 | checksum 2 |
 *     extension offset 2 | version 1 | type 1 | NBMA TL 1 | subaddress TL 1
 *   mandatory part
 *     source protocol len 1 | destination protocol len 1 | flags 2 |
 *     request ID 4 (errors and indications: code 2, offset 2) |
 *     source NBMA | source subaddress | source protocol | destination protocol |
 *     client information entries (errors and indications: a packet)
 *   client information entry
 *     code 1 | prefix len 1 | unused 2 | MTU 2 | hold time 2 | NBMA TL 1 |
 *     subaddress TL 1 | protocol len 1 | preference 1 | the three addresses
 *   extensions, each
 *     C bit and type 2 | length 2 | value
 *
 * Over GRE: protocol type 0x2001, inside the tunnel's key.
 */
#ifndef CULVERT_NHRP_WIRE_H
#define CULVERT_NHRP_WIRE_H

#define NHRP_FIXED_LEN 20
#define NHRP_MANDATORY_LEN 8	/* before its addresses */
#define NHRP_CIE_LEN 12		/* before its addresses */
#define NHRP_EXT_HEADER_LEN 4
#define NHRP_OFFSET_SIZE 10	/* of the packet size in the fixed header */
#define NHRP_OFFSET_CHECKSUM 12
#define NHRP_OFFSET_EXTENSIONS 14

#define NHRP_VERSION 1
#define NHRP_AFN_IPV4 1
#define NHRP_AFN_IPV6 2
#define NHRP_PROTO_IPV4 0x0800
#define NHRP_PROTO_IPV6 0x86dd
#define NHRP_TL_LEN_MASK 0x3f	/* type-and-length octets: 0x40 would say E.164 */

#define NHRP_HOPS 255		/* what Cisco originates */
#define NHRP_HOPS_INDICATION 1	/* a redirect is for the neighbour only */
#define NHRP_PREFIX_UNIQUE 0xff	/* RFC 2332: with the U bit; as 0, the whole address */

/* What `show ip nhrp traffic` calls them. */
#define NHRP_TYPES(X)								\
	X(1, RESOLUTION_REQUEST,   "Resolution Request")			\
	X(2, RESOLUTION_REPLY,     "Resolution Reply")				\
	X(3, REGISTRATION_REQUEST, "Registration Request")			\
	X(4, REGISTRATION_REPLY,   "Registration Reply")			\
	X(5, PURGE_REQUEST,        "Purge Request")				\
	X(6, PURGE_REPLY,          "Purge Reply")				\
	X(7, ERROR_INDICATION,     "Error Indication")				\
	X(8, TRAFFIC_INDICATION,   "Traffic Indication")	/* Cisco's */

enum nhrp_packet_type {
#define X(number, name, text) NHRP_##name = number,
	NHRP_TYPES(X)
#undef X
	NHRP_TYPE_COUNT
};

enum {		/* flags */
	NHRP_RES_ROUTER        = 0x8000,	/* Q: the source is a router */
	NHRP_RES_AUTHORITATIVE = 0x4000,	/* A */
	NHRP_RES_DST_STABLE    = 0x2000,	/* D */
	NHRP_RES_UNIQUE        = 0x1000,	/* U */
	NHRP_RES_SRC_STABLE    = 0x0800,	/* S: what we say of ourselves may be cached */
	NHRP_REG_UNIQUE        = 0x8000,
	NHRP_PURGE_NO_REPLY    = 0x8000,
	NHRP_CISCO_NAT         = 0x0002,	/* on all of them */
};

enum nhrp_code {	/* of a client information entry */
	NHRP_CODE_OK = 0,
	NHRP_CODE_PROHIBITED = 4,
	NHRP_CODE_NO_RESOURCES = 5,
	NHRP_CODE_NO_BINDING = 12,
	NHRP_CODE_NOT_UNIQUE = 13,
	NHRP_CODE_ALREADY_REGISTERED = 14,
};

#define NHRP_ERRORS(X)								\
	X(1,  UNKNOWN_EXTENSION,  "unrecognized extension")			\
	X(3,  LOOP,               "loop detected")				\
	X(6,  UNREACHABLE,        "protocol address unreachable")		\
	X(7,  PROTOCOL,           "protocol generic error")			\
	X(8,  TOO_BIG,            "SDU size exceeded")				\
	X(9,  INVALID_EXTENSION,  "invalid extension")				\
	X(10, INVALID_REPLY,      "invalid resolution reply received")		\
	X(11, AUTHENTICATION,     "authentication failure")			\
	X(15, HOPS,               "hop count exceeded")

enum nhrp_error {
#define X(number, name, text) NHRP_ERROR_##name = number,
	NHRP_ERRORS(X)
#undef X
};

enum nhrp_ext_type {	/* in the order in which IOS sends them */
	NHRP_EXT_END = 0,
	NHRP_EXT_RESPONDER = 3,
	NHRP_EXT_FORWARD_TRANSIT = 4,
	NHRP_EXT_REVERSE_TRANSIT = 5,
	NHRP_EXT_AUTHENTICATION = 7,
	NHRP_EXT_VENDOR = 8,
	NHRP_EXT_NAT = 9,		/* Cisco's; RFC 2735 gave 9 another meaning */
};
#define NHRP_EXT_COMPULSORY 0x8000
#define NHRP_EXT_TYPE_MASK 0x3fff

/* Cisco's authentication: this word, then the string in clear, not padded. */
#define NHRP_AUTH_CLEARTEXT 1
#define NHRP_AUTH_MAX 15	/* IOS takes 8 */

#endif
