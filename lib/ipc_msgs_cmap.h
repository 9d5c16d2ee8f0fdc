/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bodies of messages: crypto maps.  Included by ipc_msgs.h.
 *
 * Each permit line of a static entry's access list is a protection of its own,
 * for it is a proxy identity of its own: "MAP SEQ LINE@ifname".  So a peer has
 * one pair of SAs here as everywhere.  A dynamic entry is one protection whose
 * peers bring their proxy identities with them.
 */
#ifndef CULVERT_IPC_MSGS_CMAP_H
#define CULVERT_IPC_MSGS_CMAP_H

/* control -> espd: a map on an interface */
#define IPC_B_cmap(F)								\
	F(str16, ifname, "Linux name of the NIC; the key of this record")	\
	F(str32, name, "its IOS name")						\
	F(str64, map, "")							\
	F(addr, local, "address that ESP comes from and goes to; unset: everything that matches is dropped") \
	F(u16, mtu, "of the NIC")						\
	F(u8, df, "enum ipc_df")						\
	F(u32, lines, "how many CMAP_RULEs it has") F(u64, sum, "of them: they come into force together, once all that this speaks of are there (cmap_lines.h)")

/* Lines in the order in which they are tried; the first that matches decides. */
#define IPC_B_cmap_rule(F)							\
	F(str16, ifname, "") F(u32, order, "with ifname the key: rising")	\
	F(u8, permit, "0: in clear, as if no map were there")			\
	F(u8, dynamic, "1: matches, of what the line covers, that for which SAs of this protection were negotiated") \
	F(str64, protection, "empty with permit 0")				\
	F(u8, proto, "0: any")							\
	F(prefix, src, "as packets that leave have it") F(prefix, dst, "")	\
	F(u16, src_low, "") F(u16, src_high, "0..65535: any port") F(u16, dst_low, "") F(u16, dst_high, "") \
	F(str64, acl, "the access list that it comes of, empty: none") F(u32, acl_line, "and its line, for the count of matches")

/* espd -> control: the devices that catch its packets are there, so the hooks can point at them */
#define IPC_B_cmap_ready(F)							\
	F(str16, ifname, "of the NIC") F(str16, device, "of the hidden device for packets that leave") \
	F(str16, arriving, "and for those that come in in clear")

/* espd -> iked, for the log: %CRYPTO-4-RECVD_PKT_NOT_IPSEC, at most some a minute */
#define IPC_B_not_ipsec(F)							\
	F(str16, ifname, "") F(addr, src, "") F(addr, dst, "") F(u8, proto, "") F(u64, count, "")

/* iked -> control: for reverse routes; all that are up again after END */
#define IPC_B_cmap_flow(F)							\
	F(u32, peer_ref, "the key of this record") F(str64, protection, "") F(addr, remote, "the peer") \
	F(prefix, net, "what lies behind it: its side of the proxy identity") F(u8, up, "")

/* control -> iked: further peers of a protection, in order; the first stands in it */
#define IPC_B_protect_peer(F)							\
	F(str64, protection, "") F(u8, position, "1..; with protection the key") F(addr, remote, "")

#endif
