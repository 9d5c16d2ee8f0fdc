/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of messages: NHRP, and where its next hops are.  Included by ipc_msgs.h. */
#ifndef CULVERT_IPC_MSGS_NHRP_H
#define CULVERT_IPC_MSGS_NHRP_H

/* nhrpd -> espd and back */
#define IPC_B_adjacency(F)							\
	F(str16, ifname, "")							\
	F(addr, next_hop, "protocol address; with ifname the key")		\
	F(addr, nbma, "where GRE for it goes")					\
	F(u32, peer_ref, "0: in clear, or not up yet under protection")

#define IPC_B_multicast(F)							\
	F(str16, ifname, "")							\
	F(addr, nbma, "")							\
	F(u32, peer_ref, "with nbma and ifname the key")

#define IPC_B_shortcut(F)							\
	F(str16, ifname, "")							\
	F(prefix, prefix, "what lies behind the next hop; with ifname the key")	\
	F(addr, next_hop, "protocol address of the peer that owns it")

#define IPC_B_nhs_route(F)							\
	F(str16, ifname, "")							\
	F(addr, next_hop, "the NHS that carries packets while their next hop resolves; unset: none")

#define IPC_B_nhrp(F)								\
	F(str16, ifname, "")							\
	F(addr, local, "outer address of ours")					\
	F(addr, nbma, "outer address of the peer")				\
	F(u32, peer_ref, "which authenticated peer it came from or goes to; 0: in clear") \
	F(tail, packet, "from the NHRP fixed header on")

#define IPC_B_next_hop(F)							\
	F(str16, ifname, "")							\
	F(addr, next_hop, "asked for by a packet, not known")			\
	F(addr, dst, "the packet's destination")

#define IPC_B_redirect(F)							\
	F(str16, ifname, "")							\
	F(addr, src, "of the inner packet")					\
	F(addr, dst, "")							\
	F(addr, src_next_hop, "who sent it to us: the redirect goes there")	\
	F(addr, dst_next_hop, "where we sent it on")				\
	F(tail, packet, "the inner packet's beginning")

/* control -> nhrpd */
#define IPC_B_nhrp_if(F)							\
	F(str16, ifname, "the key of this record")				\
	F(str32, name, "IOS name")						\
	F(u32, vrf, "0")							\
	F(u8, up, "1: not shut down")						\
	F(u8, kind, "enum tunnel_kind")						\
	F(prefix, address, "tunnel address")					\
	F(addr, local, "our NBMA address")					\
	F(addr, remote, "P2P GRE: tunnel destination")				\
	F(u16, mtu, "to announce: 17916, 17912 with a key")			\
	F(str64, protection, "empty: in clear")					\
	F(u32, network, "ip nhrp network-id")					\
	F(str16, auth, "ip nhrp authentication; empty: none")			\
	F(u32, holdtime_s, "")							\
	F(u8, redirect, "")							\
	F(u16, redirect_interval_s, "")						\
	F(u8, shortcut, "")							\
	F(u8, unique, "0: ip nhrp registration no-unique")			\
	F(u32, register_s, "ip nhrp registration timeout; 0: a third of the hold time") \
	F(u8, multicast_dynamic, "ip nhrp map multicast dynamic")		\
	F(u8, nhs_fallback_s, "ip nhrp nhs fallback; 0: none")

#define IPC_B_nhrp_map(F)							\
	F(str16, ifname, "")							\
	F(prefix, address, "protocol address or network; length 0 family none: multicast map") \
	F(addr, nbma, "")

#define IPC_B_nhs(F)								\
	F(str16, ifname, "")							\
	F(addr, nhs, "protocol address; with ifname the key")			\
	F(addr, nbma, "from `ip nhrp nhs A nbma B`, else from the static map; may be unset") \
	F(u8, multicast, "1: also a multicast map")				\
	F(u8, priority, "0: the best")						\
	F(u8, cluster, "0 to 10")

#define IPC_B_nhs_cluster(F)							\
	F(str16, ifname, "")							\
	F(u8, cluster, "0 to 10; with ifname the key")				\
	F(u8, max_connections, "how many of its servers are used at a time; without the record, all")

#endif
