/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why the forwarder dropped a packet: one list, one counter each.
 *
 * Every dropped packet lands in exactly one of these.  `view` says where IOS-XE
 * would show it: the global counter of `show platform hardware qfp active
 * statistics drop`.
 */
#ifndef CULVERT_DROPS_H
#define CULVERT_DROPS_H

#define DROPS(X)											\
	/* id              view                 what happened */					\
	X(IN_RUNT,         "IpsecInput",        "shorter than its headers say")				\
	X(IN_NO_SA,        "IpsecInput",        "no SA has this SPI")					\
	X(IN_NO_SA_V6,     "IpsecInput",        "no SA has this SPI (over IPv6)")			\
	X(IN_LARVAL,       "IpsecInput",        "the SPI is reserved but its keys are not in yet")	\
	X(IN_WRONG_PEER,   "IpsecInput",        "the packet's addresses or port are not the SA's")	\
	X(IN_WRONG_ENCAP,  "IpsecInput",        "UDP-encapsulated where the SA is not, or the other way round") \
	X(IN_REPLAY,       "IpsecInput",        "sequence number seen before or behind the window")	\
	X(IN_BAD_TAG,      "IpsecInput",        "integrity check failed")				\
	X(IN_BAD_PAD,      "IpsecInput",        "padding or next header is not what RFC 4303 says")	\
	X(IN_POLICY,       "IpsecInput",        "not what the SA was negotiated for")			\
	X(IN_EXPIRED,      "IpsecInput",        "the SA is past its hard lifetime")			\
	X(IN_DUMMY,        "IpsecInput",        "a dummy packet (next header 59), dropped as RFC 4303 asks") \
	X(IN_CLEAR_GRE,    "IpsecInput",        "GRE in clear for a tunnel that is protected")		\
	X(IN_NOT_IPSEC,    "IpsecInput",        "in clear, and a crypto map says that it comes protected") \
	X(IN_FRAGMENT,     "IpsecInput",        "an IP fragment where a whole packet is needed")	\
	X(IN_ECN,          "IpsecInput",        "congestion marked on the way, and its ends do not know ECN (RFC 6040)") \
	X(GRE_MALFORMED,   "Ipv4NoAdj",         "GRE header malformed or with flags we do not speak")	\
	X(GRE_NO_TUNNEL,   "Ipv4NoAdj",         "no tunnel has these addresses and this key")		\
	X(GRE_PROTOCOL,    "Ipv4NoAdj",         "GRE carries a protocol the tunnel does not")		\
	X(TUNNEL_DOWN,     "Ipv4NoAdj",         "the tunnel is shut down")				\
	X(TUN_FULL,        "TailDrop",          "the kernel did not take the inner packet")		\
	X(OUT_MALFORMED,   "IpsecOutput",       "the kernel handed over something that is no IP packet") \
	X(OUT_NO_ROUTE,    "Ipv4NoRoute",       "no route to the destination through this tunnel")	\
	X(OUT_NO_ADJACENCY,"Ipv4NoAdj",         "the next hop has no NBMA address yet")			\
	X(OUT_NO_MULTICAST,"Ipv4NoAdj",         "multicast, and the tunnel has no multicast map")	\
	X(OUT_NO_SA,       "IpsecIkeIndicate",  "protection is configured and no SA is up yet")		\
	X(OUT_POLICY,      "IpsecOutput",       "not what the SA was negotiated for")			\
	X(OUT_EXPIRED,     "IpsecInvalidSa",    "the outbound SA is past its hard lifetime")		\
	X(OUT_SEQUENCE,    "IpsecInvalidSa",    "the outbound SA has used up its sequence numbers")	\
	X(OUT_TOO_BIG,     "IpsecOutput",       "over the tunnel's MTU with DF set: ICMP was sent back")	\
	X(OUT_LOOP,        "IpsecOutput",       "the way to the tunnel's destination is the tunnel itself") \
	X(OUT_CRYPTO,      "IpsecOutput",       "the cipher refused")					\
	X(OUT_SEND,        "IpsecOutput",       "the kernel did not take the outer packet")		\
	X(OTHER_WORKER,    "TailDrop",          "the worker that owns the SA has not kept up")		\
	X(IKE_RELAY,       "IpsecTailDrop",     "an IKE packet on UDP 4500 that iked could not take")	\
	X(NHRP_RELAY,      "IpsecTailDrop",     "an NHRP packet that nhrpd could not take")		\
	X(NATT_KEEPALIVE,  "IpsecInput",        "a NAT keepalive (RFC 3948 2.3): nothing to forward")	\
	X(NATT_RUNT,       "IpsecInput",        "UDP 4500 with less than a marker")

enum drop {
#define X(id, view, what) DROP_##id,
	DROPS(X)
#undef X
	DROP_COUNT,
	DROP_NOT = 0xffff	/* not dropped */
};

extern const char *const drop_names[DROP_COUNT];	/* "IN_NO_SA" */
extern const char *const drop_views[DROP_COUNT];	/* "IpsecInput" */

#endif
