/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of messages: the rows that `show` commands ask for.  Included by ipc_msgs.h. */
#ifndef CULVERT_IPC_MSGS_ROWS_H
#define CULVERT_IPC_MSGS_ROWS_H

#define IPC_B_row_interface(F)							\
	F(str32, name, "IOS name") F(str16, ifname, "Linux name")		\
	F(u8, type, "enum iface_type") F(u8, kind, "enum tunnel_kind, tunnels only") \
	F(u8, admin_up, "") F(u8, line_up, "") F(str64, line_why, "tunnels: linestate evaluation") \
	F(prefix, address, "") F(u8, address_saved, "1: NVRAM; 0: manual")	\
	F(str256, description, "") F(u32, mtu, "") F(u16, ip_mtu, "")		\
	F(u32, bandwidth_kbps, "") F(u32, delay_us, "") F(str32, mac, "aabb.cc00.0100; empty: none") \
	F(u64, in_packets, "") F(u64, in_bytes, "") F(u64, in_errors, "") F(u64, in_drops, "") \
	F(u64, out_packets, "") F(u64, out_bytes, "") F(u64, out_errors, "") F(u64, out_drops, "") \
	F(u64, in_multicast, "") F(u64, in_bps, "5 minute rates") F(u64, in_pps, "") F(u64, out_bps, "") F(u64, out_pps, "") \
	F(u64, last_in_us, "0: never; to a few seconds") F(u64, last_out_us, "") F(u64, cleared_us, "`clear counters`; 0: never") \
	F(addr, source, "tunnels") F(str32, source_if, "IOS name") F(addr, destination, "") \
	F(u8, has_key, "") F(u32, key, "") F(u8, ttl, "") F(u16, tcp_mss, "") F(str64, profile, "protection; empty: none") \
	F(u8, shared, "") F(u8, over_v6, "tunnels: the outer header is IPv6")	\
	F(u8, ipv6, "1: it speaks IPv6")					\
	F(u8, pmtud, "tunnels: 1: the path MTU is learned") F(u16, path_age_min, "0: infinite") F(u16, path_min, "") \
	F(u8, proxy_arp, "") F(u8, redirects, "1: ICMP redirects are sent")

#define IPC_B_row_address(F)							\
	F(str32, interface, "IOS name") F(prefix, address, "with host bits") \
	F(u8, tentative, "1: it is being looked for on the link") F(u8, duplicate, "1: another has it")

#define IPC_B_row_user(F)							\
	F(u8, way, "LOGIN_CONSOLE or LOGIN_VTY") F(u16, vty, "its number") F(str64, user, "empty: nobody was asked") \
	F(u32, pid, "of the shell") F(u32, idle_s, "since something was typed") F(addr, source, "unset: from here")

#define IPC_B_row_arp(F)							\
	F(str32, interface, "IOS name") F(addr, address, "IPv4") F(str32, mac, "aabb.cc00.0100; empty: it does not answer") \
	F(u32, age_s, "since it was confirmed or changed") F(u8, fixed, "1: ours, or given by hand, and has no age")

#define IPC_B_row_route(F)							\
	F(prefix, prefix, "") F(addr, gateway, "unset: connected") F(str32, interface, "IOS name, or the Linux name of others") \
	F(u8, code, "C L S H O D B R, K for what the kernel has from elsewhere") F(u8, distance, "") F(u32, metric, "") F(u64, since_us, "0: not known")

#define IPC_B_row_ike_sa(F)							\
	F(u32, conn_id, "") F(u8, version, "1 or 2") F(addr, local, "") F(addr, remote, "") \
	F(u16, local_port, "") F(u16, remote_port, "") F(u8, state, "enum ipc_ike_state") F(u8, deleted, "") \
	F(u8, initiator, "") F(u8, cipher, "enum cipher") F(u16, key_bits, "") F(u8, hash, "enum hash") F(u8, group, "") \
	F(u32, life_left_s, "") F(u8, dpd, "") F(u8, natt, "") F(str64, identity, "the peer's") F(str64, protection, "") F(str32, tunnel, "IOS name") \
	F(u64, since_us, "established") F(u32, peer_ref, "")						\
	F(u32, session_id, "of IKEv2; 0") F(u8, auth, "of IKEv1: enum ipc_auth")

#define IPC_B_row_flow(F)							\
	F(u32, peer_ref, "") F(str64, protection, "") F(str32, tunnel, "IOS name") F(str64, profile, "") \
	F(addr, local, "") F(addr, remote, "") F(u16, local_port, "") F(u16, remote_port, "") \
	F(prefix, ts_local, "") F(prefix, ts_remote, "") F(u8, ts_proto, "") F(u16, ts_local_port, "") F(u16, ts_remote_port, "") \
	F(u32, spi_in, "0: no SA yet") F(u32, spi_out, "") F(u8, current, "1: outbound traffic uses this pair") \
	F(u8, mode, "enum ipsec_mode") F(u8, encap, "") F(u8, cipher, "") F(u16, key_bits, "") F(u8, integ, "") F(u8, pfs_group, "") \
	F(u32, life_left_s, "") F(u64, life_kb, "0: no volume limit") F(u16, replay_window, "") F(u32, conn_id, "of the inbound SA; the outbound one's is the next") F(u8, state, "enum ipc_peer_status") \
	F(u64, since_us, "session up since; 0: not up") F(u8, ike_version, "of its protection: 1 or 2; 0: it is gone")

#define IPC_B_row_esp_sa(F)							\
	F(u32, spi, "") F(u32, peer_spi, "") F(u32, peer_ref, "") F(u8, stage, "") F(u8, cipher, "") F(u8, worker, "its owner") F(u8, backend, "enum esp_backend") \
	F(u64, out_packets, "") F(u64, out_bytes, "") F(u64, in_packets, "") F(u64, in_bytes, "")	\
	F(u64, in_replay, "") F(u64, in_bad_tag, "") F(u64, in_other, "other inbound errors") F(u64, out_errors, "") \
	F(u64, out_seq, "last number used") F(u64, in_seq, "highest that authenticated") F(u64, last_in_us, "") F(u64, last_out_us, "")

#define IPC_B_row_esp_peer(F)							\
	F(u32, peer_ref, "") F(addr, local, "") F(addr, remote, "") F(u16, path_mtu, "") F(u16, plain_mtu, "what fits in one packet") \
	F(u64, encaps, "packets, over all SAs since the peer is known") F(u64, decaps, "") F(u64, in_errors, "") F(u64, out_errors, "") F(u64, in_replay, "") F(u64, in_bad_tag, "")

#define IPC_B_row_drop(F)							\
	F(u16, drop, "enum drop") F(u64, packets, "") F(u64, octets, "")

#define IPC_B_row_acl_count(F)							\
	F(str64, acl, "") F(u32, line, "its number") F(u64, packets, "that it decided")

#define IPC_B_row_tunnel(F)							\
	F(str16, ifname, "") F(u8, line_up, "") F(str64, why, "") \
	F(u64, tun_in, "packets read from the device") F(u64, tun_out, "packets written to it") F(u64, gre_in, "packets from peers") F(u64, gre_out, "packets to peers") \
	F(u64, tun_in_bytes, "") F(u64, tun_out_bytes, "") F(u64, dropped_out, "counted drops on the way out") F(u64, dropped_in, "on the way in") F(u64, nhrp_in, "") F(u64, nhrp_out, "") \
	F(u64, hairpin, "from a peer to another without the device")		\
	F(u16, path_mtu, "learned, of a tunnel with one peer; 0: none") F(u64, path_until_us, "when it is forgotten; 0: never")

#define IPC_B_row_adjacency(F)							\
	F(str16, ifname, "") F(addr, next_hop, "") F(addr, nbma, "") F(u32, peer_ref, "") F(u64, packets, "sent to it")

#define IPC_B_row_nhrp(F)							\
	F(str32, name, "IOS name") F(str16, ifname, "") F(prefix, address, "what it is for") F(addr, next_hop, "via") F(addr, nbma, "") F(addr, claimed, "behind NAT: what the client calls itself; unset otherwise") \
	F(u8, type, "enum ipc_nhrp_type") F(u16, flags, "bits of IPC_NHRP_FLAGS") F(u64, created_us, "") F(u64, expires_us, "0: never") \
	F(u8, peer_state, "enum ipc_peer_status") F(u64, peer_since_us, "up or down since; 0: never") F(addr, requester, "") F(u32, request_id, "") F(u32, peer_ref, "") F(u8, preference, "")

#define IPC_B_row_nhs(F)							\
	F(str32, name, "") F(str16, ifname, "") F(addr, nhs, "") F(addr, nbma, "") F(u8, priority, "") F(u8, cluster, "") \
	F(u8, state, "enum ipc_nhs_state") F(u8, queue, "enum ipc_nhs_queue") F(u8, was_state, "before it changed; 0: it came so") F(u8, was_queue, "") \
	F(u8, limited, "max_connections of its cluster counts") F(u8, max_connections, "") F(u8, fallback_s, "") \
	F(u32, requests, "") F(u32, failed, "") F(u32, replies, "") F(u64, last_reply_us, "0: none") F(u32, request_id, "pending; 0: none") F(u32, retry_s, "")

#define IPC_B_row_nhrp_if(F)							\
	F(str32, name, "") F(str16, ifname, "") F(u8, is_hub, "serves registrations") F(u8, is_spoke, "has an NHS") F(u8, up, "") F(prefix, address, "") F(addr, local, "") F(addr, remote, "") F(u8, kind, "") F(str64, protection, "") \
	F(u64, sent, "NHRP packets") F(u64, received, "") F(u64, dropped, "refused: malformed, unauthenticated, looping")

#define IPC_B_row_spi_flow(F)							\
	F(addr, src, "") F(addr, dst, "") F(u32, spi, "") F(u8, proto, "50") F(u8, encap, "1: in UDP 4500") F(u16, src_port, "of UDP") \
	F(str32, interface, "IOS name of the input interface") F(u64, first_us, "") F(u64, last_us, "") F(u64, packets, "") \
	F(u8, repeated, "1: packets still came 2 s after the first") F(u8, decision, "enum ipc_spi_decision")

#define IPC_B_row_counter(F)							\
	F(str32, scope, "interface, by its IOS name, or area") F(str64, name, "nhrpd: `sent` or `rcvd` and the kind of packet: sent Purge Reply") F(u64, value, "")

#endif
