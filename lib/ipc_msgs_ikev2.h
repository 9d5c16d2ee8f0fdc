/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of messages: what control configures of IKEv2 (RFC 7296). Included by ipc_msgs.h. */
#ifndef CULVERT_IPC_MSGS_IKEV2_H
#define CULVERT_IPC_MSGS_IKEV2_H

#define IPC_B_ikev2_global(F)							\
	F(u16, dpd_s, "crypto ikev2 dpd; 0: off")				\
	F(u16, dpd_retry_s, "")							\
	F(u8, dpd_periodic, "1: periodic; 0: on-demand")			\
	F(u16, natt_keepalive_s, "crypto ikev2 nat keepalive; 0: off")		\
	F(u8, fragmentation, "1: offer RFC 7383")				\
	F(u16, fragment_bytes, "IP packet size of a fragment")			\
	F(u16, cookie_challenge, "half-open SAs from which on a cookie is asked for; 0: not configured, iked has a limit of its own") \
	F(u32, max_negotiating, "crypto ikev2 limit max-in-negotiation-sa, incoming; 0: none") \
	F(u32, max_negotiating_ours, "the same, outgoing")			\
	F(u32, max_sas, "crypto ikev2 limit max-sa; 0: none")			\
	F(u8, window, "crypto ikev2 window: requests of the peer's at a time; 0: one")					\
	F(u16, diagnose, "crypto ikev2 diagnose error: how many are kept; 0: off")

#define IPC_B_ikev2_crash(F)							\
	F(key, secret, "of which our tokens are made; empty: we only take the peers'")

/* Each list is best first and ends with the first 0. */
#define IPC_B_ikev2_proposal(F)							\
	F(str64, name, "the key of this record")				\
	F(u8, encr0, "enum cipher") F(u16, bits0, "of its key")			\
	F(u8, encr1, "") F(u16, bits1, "") F(u8, encr2, "") F(u16, bits2, "")	\
	F(u8, encr3, "") F(u16, bits3, "") F(u8, encr4, "") F(u16, bits4, "")	\
	F(u8, encr5, "") F(u16, bits5, "") F(u8, encr6, "") F(u16, bits6, "")	\
	F(u8, encr7, "") F(u16, bits7, "")					\
	F(u8, integ0, "enum integ; none with an AEAD cipher") F(u8, integ1, "")	\
	F(u8, integ2, "") F(u8, integ3, "") F(u8, integ4, "") F(u8, integ5, "")	\
	F(u8, prf0, "enum hash") F(u8, prf1, "") F(u8, prf2, "") F(u8, prf3, "")	\
	F(u8, prf4, "") F(u8, prf5, "")						\
	F(u8, group0, "Diffie-Hellman group") F(u8, group1, "") F(u8, group2, "")	\
	F(u8, group3, "") F(u8, group4, "") F(u8, group5, "") F(u8, group6, "")	\
	F(u8, group7, "")

#define IPC_B_ikev2_policy(F)							\
	F(str64, name, "the key of this record; `default` is tried last")	\
	F(addr, local, "match address local; unset: any of ours")		\
	F(str64, proposal0, "best first; empty ends the list") F(str64, proposal1, "") F(str64, proposal2, "")	\
	F(str64, proposal3, "") F(str64, proposal4, "") F(str64, proposal5, "")	\
	F(str64, proposal6, "") F(str64, proposal7, "")

#define IPC_B_ikev2_key(F)							\
	F(str64, keyring, "") F(str64, peer, "with keyring the key of this record")	\
	F(prefix, address, "of the peer as we see it; family none: not by address")	\
	F(u8, id_kind, "enum ipc_match: which identities; 0: not by identity")	\
	F(str256, id, "an address, a name, a domain")				\
	F(key, local, "pre-shared key that we prove ourselves with; empty: none")	\
	F(key, remote, "the peer's")

#define IPC_B_ikev2_profile(F)							\
	F(str64, name, "the key of this record")				\
	F(u8, auth_local, "one bit of enum ipc_auth; 0: not configured, nothing is negotiated")	\
	F(u8, auth_remote, "bits of enum ipc_auth that the peer may use")	\
	F(u8, id_type, "enum ipc_id_type of identity local; 0: our address, or with certificates the subject's name")	\
	F(str256, id, "")							\
	F(str64, keyring, "")							\
	F(str64, trustpoint0, "pki trustpoint ...; empty: any") F(str64, trustpoint1, "") F(str64, trustpoint2, "") F(str64, trustpoint3, "") \
	F(u8, use0, "of trustpoint0: enum ipc_trust, 0: both") F(u8, use1, "") F(u8, use2, "") F(u8, use3, "") \
	F(u32, life_s, "of the IKE SA")						\
	F(u8, has_dpd, "1: the following replace the global ones")		\
	F(u16, dpd_s, "") F(u16, dpd_retry_s, "") F(u8, dpd_periodic, "")	\
	F(u16, natt_keepalive_s, "0: the global one")				\
	F(u8, initial_contact, "1: initial-contact force")

#define IPC_B_ikev2_match(F)							\
	F(str64, profile, "") F(u16, position, "with profile the key of this record")	\
	F(u8, kind, "enum ipc_match")						\
	F(prefix, address, "") F(str256, text, "a name, a domain, a certificate map")

/* --- show rows --- */

#define IPC_B_row_ikev2_sa(F)							\
	F(u32, conn_id, "tunnel id") F(u32, session_id, "kept when the SA is rekeyed")	\
	F(addr, local, "") F(addr, remote, "") F(u16, local_port, "") F(u16, remote_port, "")	\
	F(u8, state, "enum ipc_ikev2_state") F(u8, initiator, "")		\
	F(u8, cipher, "enum cipher") F(u16, key_bits, "") F(u8, integ, "enum integ; none with an AEAD")	\
	F(u8, prf, "enum hash") F(u8, group, "")				\
	F(u8, auth_sign, "enum ipc_auth: how we proved ourselves") F(u8, auth_verify, "and the peer")	\
	F(u32, life_s, "") F(u32, active_s, "since it is up")			\
	F(u64, local_spi, "") F(u64, remote_spi, "")				\
	F(str64, local_id, "") F(str64, remote_id, "")				\
	F(u32, local_asked, "our oldest request without an answer, or the next") F(u32, local_msgid, "of our next request") \
	F(u32, remote_asked, "the peer's oldest that is not answered, or the next") F(u32, remote_msgid, "of the peer's next request") \
	F(u32, local_queued, "of our requests that wait") F(u8, local_window, "requests of the peer's at a time") F(u8, remote_window, "of ours")	\
	F(u16, dpd_s, "0: not configured") F(u16, dpd_retry_s, "") F(u8, dpd_periodic, "")	\
	F(u64, heard_us, "the last message that authenticated")			\
	F(u8, nat_local, "we are behind a NAT") F(u8, nat_remote, "the peer is")	\
	F(u8, fragmentation, "both sides can RFC 7383")				\
	F(str64, profile, "") F(str64, protection, "of one of its pairs") F(str32, tunnel, "IOS name") F(u32, children, "pairs of ESP SAs")

#define IPC_B_row_ikev2_errors(F)						\
	F(u8, on, "they are kept") F(u16, entries, "rows that follow") F(u32, deleted, "for want of room")	\
	F(u16, max, "as many are kept")

#define IPC_B_row_ikev2_error(F)						\
	F(u32, count, "how often it was met") F(str256, text, "a sentence")

/* --- values --- */

enum ipc_ikev2_state {
	IPC_IKEV2_INIT,		/* IKE_SA_INIT is under way */
	IPC_IKEV2_AUTH,		/* IKE_AUTH is */
	IPC_IKEV2_READY,
	IPC_IKEV2_REKEYED,		/* a newer SA has its pairs, this one waits to be deleted */
	IPC_IKEV2_DELETING,
};

#endif
