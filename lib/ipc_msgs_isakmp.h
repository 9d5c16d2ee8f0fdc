/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of messages: the ISAKMP profiles and peers of IKEv1. Included by ipc_msgs.h. */
#ifndef CULVERT_IPC_MSGS_ISAKMP_H
#define CULVERT_IPC_MSGS_ISAKMP_H

#define IPC_B_isakmp_global(F)							\
	F(u8, aggressive_off, "crypto isakmp aggressive-mode disable")		\
	F(u8, fragmentation, "crypto isakmp fragmentation")			\
	F(u8, udp, "enum ipc_udp: when ESP goes in UDP, in both versions of IKE") \
	F(u8, log_sessions, "crypto logging session") F(u8, log_ikev2_sessions, "crypto logging ikev2") \
	F(u8, id_type, "enum ipc_id_type: address, FQDN or DN; of what no profile says otherwise") \
	F(str256, id, "our FQDN")

#define IPC_B_isakmp_profile(F)							\
	F(str64, name, "the key of this record")				\
	F(str64, keyring, "empty: all keys")					\
	F(u8, id_type, "enum ipc_id_type of self-identity; 0: the global one")	\
	F(str256, id, "")							\
	F(u8, has_dpd, "1: the following replace the global ones")		\
	F(u16, dpd_s, "") F(u16, dpd_retry_s, "") F(u8, dpd_periodic, "")	\
	F(u8, aggressive, "initiate mode aggressive")				\
	F(addr, local, "local-address; unset: any of ours")			\
	F(str64, trustpoint0, "ca trust-point ...; all empty: any") F(str64, trustpoint1, "") \
	F(str64, trustpoint2, "") F(str64, trustpoint3, "")

#define IPC_B_isakmp_match(F)							\
	F(str64, profile, "") F(u16, position, "with profile the key of this record")	\
	F(u8, kind, "enum ipc_match")						\
	F(prefix, address, "") F(str256, text, "a name or a domain")

#define IPC_B_isakmp_peer(F)							\
	F(addr, peer, "the key of this record: whom we speak aggressive mode to")	\
	F(key, password, "pre-shared key; empty: the keys that others have")	\
	F(u8, id_type, "enum ipc_id_type of client-endpoint; 0: as else")	\
	F(str256, id, "")

#endif
