/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every message that crosses between culvert's processes: who may send it to
 * whom, and its body, field by field.  From these lists come the C structs,
 * their encoders and decoders (ipc_codec.c), the check of who may say what,
 * the tests that send each body there and back, and doc/ipc.md.
 *
 * Field kinds: u8 u16 u32 u64 (big-endian on the wire), addr, prefix, str16
 * .. str256 (a C array of that size, NUL-terminated; on the wire a length and
 * the bytes), key (a length and up to 128 secret bytes, wiped by the receiver
 * after use), ekey (the same, of up to 64 bytes), blob (of up to 4096), tail (a
 * slice: the rest of the message; last field only, and borrowed from the receive
 * buffer).
 *
 * Times are microseconds of CLOCK_BOOTTIME (mono_t) unless the name says wall.
 * Daemons' handles: `peer_ref` is iked's name for one peer (0: none); `spi` is
 * our inbound SPI and names the pair of SAs; `protection` names a group of
 * tunnels that share SAs (the tunnel's Linux name, or, for "shared", the
 * profile and the source address).
 */
#ifndef CULVERT_IPC_MSGS_H
#define CULVERT_IPC_MSGS_H

#include "ipc_msgs_admission.h"
#include "ipc_msgs_cmap.h"
#include "ipc_msgs_ikev2.h"
#include "ipc_msgs_isakmp.h"
#include "ipc_msgs_login.h"
#include "ipc_msgs_nhrp.h"
#include "ipc_msgs_pki.h"
#include "ipc_msgs_rows.h"
#include "ipc_values.h"

#define IPC_VERSION 5

/* Who speaks. */
enum ipc_role {
	IPC_CONTROL = 1, IPC_IKED = 2, IPC_NHRPD = 4, IPC_ESPD = 8,
	IPC_SHELL = 16, IPC_MONITOR = 32,
	IPC_DAEMON = IPC_IKED | IPC_NHRPD | IPC_ESPD,
	IPC_SERVER = IPC_DAEMON | IPC_CONTROL,
	IPC_ANY = 63,
};

/* --- bodies --- */

#define IPC_B_nothing(F)

#define IPC_B_hello(F)								\
	F(u16, version, "IPC_VERSION; another version closes the connection")	\
	F(u8, role, "enum ipc_role of the sender")				\
	F(u8, warm, "1: I still have my state; 0: I start with nothing")	\
	F(u32, pid, "process id")

#define IPC_B_done(F)								\
	F(u8, failed, "0: done; 1: refused, and why says so")			\
	F(u32, count, "how many things were touched, where that is known")	\
	F(str256, why, "a sentence for the operator")

#define IPC_B_log(F)								\
	F(u8, severity, "enum log_severity")					\
	F(u64, wall_us, "wall clock, microseconds since 1970")			\
	F(str16, facility, "CRYPTO, NHRP, IKED ...")				\
	F(str32, mnemonic, "empty for debug lines")				\
	F(u32, dropped, "lines before it for which there was no room")		\
	F(tail, text, "the line, without a newline")

#define IPC_B_debug(F)								\
	F(u64, mask, "bits of enum log_debug")					\
	F(addr, peer, "only crypto lines about this peer; unset: all")		\
	F(u64, unmatched, "bits: lines about nobody that are written all the same")

#define IPC_B_show(F)								\
	F(u16, what, "enum ipc_show_what")						\
	F(u64, cursor, "0 at first, then what SHOW_END said")			\
	F(str64, name, "an interface or other name that narrows the answer; may be empty") \
	F(addr, address, "a peer that narrows the answer; may be unset")

#define IPC_B_show_end(F)							\
	F(u64, cursor, "0: that was all; else ask again with it")

#define IPC_B_clear(F)								\
	F(u16, what, "enum ipc_clear_what")						\
	F(addr, peer, "only this peer; unset: all; NHRP: what covers it")	\
	F(addr, local, "only with this address of ours; unset: any")		\
	F(u16, peer_port, "of UDP; 0: any") F(u16, local_port, "")		\
	F(prefix, within, "NHRP: entries within it; family none: all")	\
	F(u32, id, "connection id or SPI; 0: all")				\
	F(str64, name, "interface, or access list; may be empty")

#define IPC_B_text(F)								\
	F(tail, text, "a piece of text; pieces follow each other")

/* shell -> control */
#define IPC_B_line(F)								\
	F(u8, privileged, "1: the shell is in privileged EXEC or configuration")\
	F(tail, text, "one command line as typed")

#define IPC_B_line_done(F)							\
	F(u8, status, "enum ipc_line_status")					\
	F(u16, caret, "column of the offending word in the line as sent")	\
	F(str32, mode, "prompt suffix of the mode now: config, config-if ...; empty: EXEC") \
	F(str64, hostname, "for the prompt")					\
	F(str256, why, "text to print; may be empty")

/* monitor and its children */
#define IPC_B_held(F)								\
	F(str16, name, "keep: the daemon's memfd; a tunnel's Linux name: its detached queue. A descriptor rides along")

#define IPC_B_hold_end(F)							\
	F(u32, restarts, "how often this daemon was restarted before")

#define IPC_B_process(F)							\
	F(str16, name, "control, iked, nhrpd, espd, monitor")			\
	F(u32, pid, "0: not running")						\
	F(u32, restarts, "since the monitor started")				\
	F(u64, since_us, "when it was started")					\
	F(str64, last_exit, "why the last one ended; empty: none did")

/* control -> espd */
#define IPC_B_tunnel(F)								\
	F(str16, ifname, "Linux name; the key of this record")			\
	F(str32, name, "IOS name")						\
	F(u32, vrf, "0")							\
	F(u8, kind, "enum tunnel_kind")						\
	F(u8, up, "0: shutdown")						\
	F(addr, local, "tunnel source, resolved; unset: line protocol down")	\
	F(addr, remote, "tunnel destination; unset for mGRE")			\
	F(u8, has_key, "")							\
	F(u32, key, "GRE key")							\
	F(u16, mtu, "of the device (what a packet may have before GRE and ESP)")\
	F(u16, tcp_mss, "ip tcp adjust-mss; 0: off")				\
	F(u8, ttl, "of the outer header")					\
	F(str64, protection, "empty: in clear")					\
	F(u32, nhrp_network, "ip nhrp network-id; 0: no NHRP")			\
	F(u8, nhrp_redirect, "1: report packets that leave the way they came") \
	F(u8, hairpin, "1: packets that leave the way they came do not cross the kernel") \
	F(u8, df, "enum ipc_df, of outer packets where the path MTU is learned") \
	F(u8, cut_after, "1: what is too long is fragmented after encryption") \
	F(u8, pmtud, "1: the path MTU is learned; 0: outer packets never have DF") \
	F(u16, path_min, "no path MTU below it is believed")			\
	F(u16, path_age_min, "minutes until it is forgotten; 0: never")

#define IPC_B_ifname(F)								\
	F(str16, ifname, "")

#define IPC_B_nic(F)								\
	F(str16, ifname, "Linux name of a physical interface")			\
	F(str32, name, "IOS name")

#define IPC_B_tunnel_state(F)							\
	F(str16, ifname, "")							\
	F(u8, line_up, "line protocol")						\
	F(str64, why, "as `Tunnel linestate evaluation` prints: down - no output interface")

/* iked -> espd */
#define IPC_B_spi_want(F)							\
	F(u32, txn, "the asker's number, echoed")				\
	F(u32, peer_ref, "for whom")

#define IPC_B_spi(F)								\
	F(u32, txn, "")								\
	F(u32, spi, "reserved, larval until SA_SET; 0: no slot is free")

#define IPC_B_peer(F)								\
	F(u32, peer_ref, "the key of this record")				\
	F(u32, vrf, "0")							\
	F(str64, protection, "")						\
	F(addr, local, "")							\
	F(addr, remote, "")							\
	F(u16, local_port, "500, or 4500 when encapsulated")			\
	F(u16, remote_port, "500, or the peer's UDP port when encapsulated")	\
	F(u8, encap, "1: ESP goes in UDP 4500")

#define IPC_B_peer_ref(F)							\
	F(u32, peer_ref, "")

#define IPC_B_sa(F)								\
	F(u32, spi, "ours, inbound; names the pair")				\
	F(u32, peer_spi, "outbound; 0 while stage is SA_INBOUND only")		\
	F(u32, peer_ref, "")							\
	F(u8, stage, "enum ipc_sa_stage; sending it again with a later stage moves the pair on") \
	F(u8, mode, "enum ipsec_mode")						\
	F(u8, encap, "1: in UDP")						\
	F(u8, cipher, "enum cipher")						\
	F(u16, key_bits, "of the cipher")					\
	F(u8, integ, "enum integ")						\
	F(u8, esn, "1: 64-bit sequence numbers")				\
	F(ekey, in_key, "cipher key, for GCM with the salt behind it")		\
	F(ekey, in_auth, "HMAC key")						\
	F(ekey, out_key, "")							\
	F(ekey, out_auth, "")							\
	F(u16, replay_window, "packets; 0: no check")				\
	F(prefix, ts_local, "our side of the proxy identity")			\
	F(prefix, ts_remote, "their side")					\
	F(u8, ts_proto, "0: any; 47: GRE")					\
	F(u16, ts_local_port, "0: any")						\
	F(u16, ts_remote_port, "0: any")					\
	F(u64, soft_bytes, "0: none")						\
	F(u64, hard_bytes, "0: none")						\
	F(u64, soft_at_us, "0: none")						\
	F(u64, hard_at_us, "0: none")

#define IPC_B_spi_only(F)							\
	F(u32, spi, "ours, inbound")

#define IPC_B_sa_expire(F)							\
	F(u32, spi, "")								\
	F(u8, hard, "0: rekey now; 1: it is gone")				\
	F(u8, why, "enum ipc_expiry")

#define IPC_B_spi_unknown(F)							\
	F(addr, src, "outer source of the packet, not authenticated")		\
	F(addr, dst, "")							\
	F(u8, proto, "50")							\
	F(u32, spi, "")								\
	F(u8, encap, "1: it came in UDP 4500")					\
	F(u16, src_port, "of UDP; 0 otherwise")					\
	F(str16, ifname, "Linux name of the interface it came in by")		\
	F(u64, count, "packets of this flow since the last report")

#define IPC_B_peer_moved(F)							\
	F(u32, peer_ref, "")							\
	F(addr, remote, "where authenticated packets come from now")		\
	F(u16, remote_port, "")

/* an IKE datagram on UDP 4500, without the non-ESP marker */
#define IPC_B_ike_socket(F)							\
	F(u8, v6, "1: of IPv6")

#define IPC_B_ike(F)								\
	F(addr, local, "")							\
	F(addr, remote, "")							\
	F(u16, local_port, "")							\
	F(u16, remote_port, "")							\
	F(tail, datagram, "")

/* control -> iked */
#define IPC_B_ike_global(F)							\
	F(u8, enabled, "crypto isakmp enable")					\
	F(u16, dpd_s, "crypto isakmp keepalive; 0: off")			\
	F(u16, dpd_retry_s, "")							\
	F(u8, dpd_periodic, "1: periodic; 0: on-demand")			\
	F(u16, natt_keepalive_s, "")						\
	F(u8, recovery, "crypto isakmp invalid-spi-recovery")			\
	F(u8, spi_recvd, "1: logging crypto invalid-spi mnemonic recvd")	\
	F(u8, spi_log_interface, "1: the log line names the input interface")

#define IPC_B_ike_policy(F)							\
	F(u16, priority, "1..10000; the key of this record")			\
	F(u8, cipher, "enum cipher")						\
	F(u16, key_bits, "")							\
	F(u8, hash, "enum hash")						\
	F(u8, group, "Diffie-Hellman group")					\
	F(u32, life_s, "")							\
	F(u8, auth, "IPC_AUTH_RSA; else a pre-shared key")

#define IPC_B_ike_key(F)							\
	F(str64, keyring, "empty: global")					\
	F(prefix, peer, "whom it is for; 0.0.0.0/0: anybody; family none: not by address")	\
	F(str256, host, "whom it is for, by identity (aggressive mode); empty: by address")	\
	F(key, secret, "the pre-shared key")

#define IPC_B_ipsec_profile(F)							\
	F(str64, name, "the key of this record")				\
	F(u8, transforms, "how many of the following are used, best first")	\
	F(u8, cipher0, "") F(u16, bits0, "") F(u8, integ0, "") F(u8, mode0, "enum ipsec_mode") \
	F(u8, cipher1, "") F(u16, bits1, "") F(u8, integ1, "") F(u8, mode1, "")	\
	F(u8, cipher2, "") F(u16, bits2, "") F(u8, integ2, "") F(u8, mode2, "")	\
	F(u8, cipher3, "") F(u16, bits3, "") F(u8, integ3, "") F(u8, mode3, "")	\
	F(u8, cipher4, "") F(u16, bits4, "") F(u8, integ4, "") F(u8, mode4, "")	\
	F(u8, cipher5, "") F(u16, bits5, "") F(u8, integ5, "") F(u8, mode5, "")	\
	F(u8, pfs_group, "0: no PFS")						\
	F(u32, life_s, "")							\
	F(u64, life_kb, "0: no volume limit")					\
	F(u16, replay_window, "0: no check")

#define IPC_B_protection(F)							\
	F(str64, protection, "the key of this record")				\
	F(str32, tunnel, "IOS name of the (first) tunnel, for show and log")	\
	F(str64, profile, "")							\
	F(u32, vrf, "0")							\
	F(addr, local, "")							\
	F(addr, remote, "unset: mGRE, peers come by NHRP or by themselves")	\
	F(u8, kind, "enum tunnel_kind: says what the proxy identities are")	\
	F(str64, ikev2_profile, "IKEv2 with this profile; empty: IKEv1")	\
	F(str64, isakmp_profile, "IKEv1 with this profile; empty: the global settings") \
	F(str64, map, "crypto map; empty: a tunnel") F(u16, seq, "of its entry")	\
	F(u8, dynamic, "1: of a dynamic map: never initiated, peers bring their proxy identities")	\
	F(u8, proxy_proto, "of a crypto map: the proxy identity, ours first")	\
	F(prefix, proxy_local, "") F(u16, proxy_local_port, "0: any")		\
	F(prefix, proxy_remote, "") F(u16, proxy_remote_port, "0: any")

/* nhrpd -> iked and back */
#define IPC_B_peer_want(F)							\
	F(u32, txn, "echoed in PEER_STATE")					\
	F(str64, protection, "")						\
	F(addr, local, "")							\
	F(addr, remote, "NBMA address")						\
	F(u8, is_static, "1: from ip nhrp map or nhs; 0: learned")

#define IPC_B_peer_state(F)							\
	F(u32, txn, "of the PEER_WANT it answers; 0: it changed by itself")	\
	F(u32, peer_ref, "")							\
	F(str64, protection, "")						\
	F(addr, remote, "")							\
	F(u16, remote_port, "")							\
	F(u8, state, "enum ipc_peer_status")

/* --- the list --- */

#define IPC_MESSAGES(X)										\
	/* name            from                      to                        body */		\
	X(HELLO,          IPC_ANY,                  IPC_ANY,                  hello,        "First message of each side.") \
	X(BEGIN,          IPC_CONTROL|IPC_IKED|IPC_NHRPD, IPC_DAEMON,         nothing,      "All that should exist follows.") \
	X(END,            IPC_CONTROL|IPC_IKED|IPC_NHRPD, IPC_DAEMON,         nothing,      "What was not named since BEGIN goes, if this client owns it.") \
	X(DONE,           IPC_SERVER|IPC_MONITOR,   IPC_ANY,                  done,         "Answers the message whose sequence number it carries.") \
	X(LOG,            IPC_DAEMON,               IPC_CONTROL,              log,          "A log line, to be stamped, stored and printed.") \
	X(DEBUG,          IPC_CONTROL,              IPC_DAEMON,               debug,        "Which debug lines are wanted.") \
	X(SHOW,           IPC_SHELL|IPC_CONTROL,    IPC_SERVER|IPC_MONITOR,   show,         "Asks for rows; they follow, then SHOW_END.") \
	X(SHOW_END,       IPC_SERVER|IPC_MONITOR,   IPC_SHELL|IPC_CONTROL,    show_end,     "No more rows in this round.") \
	X(CLEAR,          IPC_CONTROL,              IPC_DAEMON,               clear,        "clear ...; answered by DONE.") \
	X(TEXT,           IPC_CONTROL,              IPC_SHELL,                text,         "Text to print.") \
	X(EXEC_LINE,      IPC_SHELL,                IPC_CONTROL,              line,         "An EXEC command that control runs; TEXT, then LINE_DONE.") \
	X(CONFIG_LINE,    IPC_SHELL,                IPC_CONTROL,              line,         "A configuration line, in this connection's mode.") \
	X(LINE_DONE,      IPC_CONTROL,              IPC_SHELL,                line_done,    "What became of the line.") \
	X(LOGIN,          IPC_SHELL,                IPC_CONTROL,              login,        "A shell at a terminal: may its user go on?") \
	X(LOGIN_DONE,     IPC_CONTROL,              IPC_SHELL,                login_done,   "") \
	X(TERMINAL_MONITOR, IPC_SHELL,              IPC_CONTROL,              peer_ref,     "peer_ref 1: log lines to this shell as TEXT; 0: no more.") \
	X(ESCAPE,         IPC_SHELL,                IPC_CONTROL,              nothing,      "The escape sequence was typed: the ping that runs sums up and ends.") \
	X(HOLD,           IPC_DAEMON|IPC_CONTROL,   IPC_MONITOR,              held,         "Keep this descriptor for my successor.") \
	X(UNHOLD,         IPC_ESPD,                 IPC_MONITOR,              held,         "Close it: the thing it stood for is gone.") \
	X(HELD,           IPC_MONITOR,              IPC_SERVER,               held,         "What was held, one by one, at start.") \
	X(HELD_END,       IPC_MONITOR,              IPC_SERVER,               hold_end,     "That was all.") \
	X(ADOPT,          IPC_MONITOR,              IPC_SERVER,               nothing,      "A new monitor asks for what you hold: HOLD for each, then DONE.") \
	X(PROCESS,        IPC_MONITOR|IPC_CONTROL,  IPC_CONTROL|IPC_SHELL,    process,      "A row of show processes, and a message when one changed.") \
	X(RELOAD,         IPC_CONTROL,              IPC_MONITOR,              nothing,      "End everything, forget everything, boot again.") \
	X(TUNNEL_SET,     IPC_CONTROL,              IPC_ESPD,                 tunnel,       "A tunnel and all of its settings.") \
	X(TUNNEL_DEL,     IPC_CONTROL,              IPC_ESPD,                 ifname,       "") \
	X(NIC_SET,        IPC_CONTROL,              IPC_ESPD|IPC_IKED,        nic,          "What IOS calls this NIC.") \
	X(TUNNEL_STATE,   IPC_ESPD,                 IPC_CONTROL|IPC_NHRPD,    tunnel_state, "Line protocol changed.") \
	X(SPI_RESERVE,    IPC_IKED,                 IPC_ESPD,                 spi_want,     "Answered by SPI_RESERVED.") \
	X(SPI_RESERVED,   IPC_ESPD,                 IPC_IKED,                 spi,          "") \
	X(SPI_RELEASE,    IPC_IKED,                 IPC_ESPD,                 spi_only,     "A larval SPI that came to nothing.") \
	X(PEER_SET,       IPC_IKED,                 IPC_ESPD,                 peer,         "") \
	X(PEER_DEL,       IPC_IKED,                 IPC_ESPD,                 peer_ref,     "The peer and its SAs are gone.") \
	X(SA_SET,         IPC_IKED,                 IPC_ESPD,                 sa,           "Install or move on a pair of SAs; one that exists keeps counter and window.") \
	X(SA_KEEP,        IPC_IKED,                 IPC_ESPD,                 spi_only,     "Between BEGIN and END: this pair should still exist. Unknown ones are answered by SA_EXPIRE.") \
	X(SA_REMOVE,      IPC_IKED,                 IPC_ESPD,                 spi_only,     "Both directions.") \
	X(SA_EXPIRE,      IPC_ESPD,                 IPC_IKED,                 sa_expire,    "") \
	X(SA_FIRST_IN,    IPC_ESPD,                 IPC_IKED,                 spi_only,     "The first authenticated packet came in on this pair.") \
	X(SA_IDLE,        IPC_ESPD,                 IPC_IKED,                 spi_only,     "Packets went out on this pair, and none came in for the DPD interval.") \
	X(SA_WANT,        IPC_ESPD,                 IPC_IKED,                 peer_ref,     "A packet waits for an SA with this peer.") \
	X(SPI_UNKNOWN,    IPC_ESPD,                 IPC_IKED,                 spi_unknown,  "ESP with an SPI that is not ours.") \
	X(PEER_MOVED,     IPC_ESPD,                 IPC_IKED,                 peer_moved,   "A NAT gave the peer another address or port.") \
	X(IKE_SOCKET,     IPC_ESPD,                 IPC_IKED,                 ike_socket,   "UDP 4500 as far as it is IKE: a descriptor rides along.") \
	X(IKE_IN,         IPC_ESPD,                 IPC_IKED,                 ike,          "What came by another socket of UDP 4500 all the same.") \
	X(IKE_GLOBAL,     IPC_CONTROL,              IPC_IKED,                 ike_global,   "") \
	X(IKE_POLICY,     IPC_CONTROL,              IPC_IKED,                 ike_policy,   "") \
	X(IKE_POLICY_DEL, IPC_CONTROL,              IPC_IKED,                 ike_policy,   "By priority.") \
	X(IKE_KEY,        IPC_CONTROL,              IPC_IKED,                 ike_key,      "") \
	X(IKE_KEY_DEL,    IPC_CONTROL,              IPC_IKED,                 ike_key,      "By keyring, peer and host.") \
	X(ADMISSION,      IPC_CONTROL,              IPC_IKED,                 admission,    "") \
	X(ISAKMP_GLOBAL,  IPC_CONTROL,              IPC_IKED,                 isakmp_global, "") \
	X(ISAKMP_PROFILE_SET, IPC_CONTROL,          IPC_IKED,                 isakmp_profile, "") \
	X(ISAKMP_PROFILE_DEL, IPC_CONTROL,          IPC_IKED,                 isakmp_profile, "By name.") \
	X(ISAKMP_MATCH_SET, IPC_CONTROL,            IPC_IKED,                 isakmp_match, "") \
	X(ISAKMP_MATCH_DEL, IPC_CONTROL,            IPC_IKED,                 isakmp_match, "By profile and position.") \
	X(ISAKMP_PEER_SET, IPC_CONTROL,             IPC_IKED,                 isakmp_peer,  "") \
	X(ISAKMP_PEER_DEL, IPC_CONTROL,             IPC_IKED,                 isakmp_peer,  "By peer.") \
	X(PROFILE_SET,    IPC_CONTROL,              IPC_IKED,                 ipsec_profile,"") \
	X(PROFILE_DEL,    IPC_CONTROL,              IPC_IKED,                 ipsec_profile,"By name.") \
	X(PROTECT_SET,    IPC_CONTROL,              IPC_IKED,                 protection,   "") \
	X(PROTECT_DEL,    IPC_CONTROL,              IPC_IKED,                 protection,   "By protection.") \
	X(PROTECT_PEER_SET, IPC_CONTROL,            IPC_IKED,                 protect_peer, "Tried when the peers before it do not answer.") \
	X(PROTECT_PEER_DEL, IPC_CONTROL,            IPC_IKED,                 protect_peer, "By protection and position.") \
	X(IKEV2_GLOBAL,   IPC_CONTROL,              IPC_IKED,                 ikev2_global, "") \
	X(IKEV2_PROPOSAL_SET, IPC_CONTROL,          IPC_IKED,                 ikev2_proposal, "") \
	X(IKEV2_PROPOSAL_DEL, IPC_CONTROL,          IPC_IKED,                 ikev2_proposal, "By name.") \
	X(IKEV2_POLICY_SET, IPC_CONTROL,            IPC_IKED,                 ikev2_policy, "") \
	X(IKEV2_POLICY_DEL, IPC_CONTROL,            IPC_IKED,                 ikev2_policy, "By name.") \
	X(IKEV2_KEY_SET,  IPC_CONTROL,              IPC_IKED,                 ikev2_key,    "") \
	X(IKEV2_KEY_DEL,  IPC_CONTROL,              IPC_IKED,                 ikev2_key,    "By keyring and peer.") \
	X(IKEV2_PROFILE_SET, IPC_CONTROL,           IPC_IKED,                 ikev2_profile, "") \
	X(IKEV2_PROFILE_DEL, IPC_CONTROL,           IPC_IKED,                 ikev2_profile, "By name.") \
	X(IKEV2_MATCH_SET, IPC_CONTROL,             IPC_IKED,                 ikev2_match,  "") \
	X(IKEV2_MATCH_DEL, IPC_CONTROL,             IPC_IKED,                 ikev2_match,  "By profile and position.") \
	X(IKEV2_CRASH_SET, IPC_CONTROL,             IPC_IKED,                 ikev2_crash,  "Quick crash detection (RFC 6290) is on.") \
	X(IKEV2_CRASH_DEL, IPC_CONTROL,             IPC_IKED,                 ikev2_crash,  "It is off; the secret does not matter.") \
	X(TRUSTPOINT_SET, IPC_CONTROL,              IPC_IKED,                 trustpoint,   "") \
	X(TRUSTPOINT_DEL, IPC_CONTROL,              IPC_IKED,                 trustpoint,   "By name.") \
	X(TRUST_CERT_SET, IPC_CONTROL,              IPC_IKED,                 trust_cert,   "") \
	X(TRUST_CERT_DEL, IPC_CONTROL,              IPC_IKED,                 trust_cert,   "By trustpoint, ca and serial.") \
	X(PKI_KEY_SET,    IPC_CONTROL,              IPC_IKED,                 pki_key,      "") \
	X(PKI_KEY_DEL,    IPC_CONTROL,              IPC_IKED,                 pki_key,      "By label.") \
	X(CRL_PART_SET,   IPC_CONTROL,              IPC_IKED,                 crl_part,     "") \
	X(CRL_PART_DEL,   IPC_CONTROL,              IPC_IKED,                 crl_part,     "By trustpoint and part.") \
	X(CERT_RULE_SET,  IPC_CONTROL,              IPC_IKED,                 cert_rule,    "") \
	X(CERT_RULE_DEL,  IPC_CONTROL,              IPC_IKED,                 cert_rule,    "By map, seq and position.") \
	X(CMAP_SET,       IPC_CONTROL,              IPC_ESPD,                 cmap,         "") \
	X(CMAP_DEL,       IPC_CONTROL,              IPC_ESPD,                 cmap,         "By ifname.") \
	X(CMAP_RULE_SET,  IPC_CONTROL,              IPC_ESPD,                 cmap_rule,    "") \
	X(CMAP_RULE_DEL,  IPC_CONTROL,              IPC_ESPD,                 cmap_rule,    "By ifname and order.") \
	X(CMAP_READY,     IPC_ESPD,                 IPC_CONTROL,              cmap_ready,   "") \
	X(CMAP_FLOW,      IPC_IKED,                 IPC_CONTROL,              cmap_flow,    "A flow of a crypto map came up or went.") \
	X(NOT_IPSEC,      IPC_ESPD,                 IPC_IKED,                 not_ipsec,    "Packets in clear that should have come protected.") \
	X(PEER_WANT,      IPC_NHRPD,                IPC_IKED,                 peer_want,    "A session to this NBMA address, please.") \
	X(PEER_UNWANT,    IPC_NHRPD,                IPC_IKED,                 peer_ref,     "") \
	X(PEER_STATE,     IPC_IKED,                 IPC_NHRPD,                peer_state,   "") \
	X(ADJ_SET,        IPC_NHRPD,                IPC_ESPD,                 adjacency,    "") \
	X(ADJ_DEL,        IPC_NHRPD,                IPC_ESPD,                 adjacency,    "By ifname and next hop.") \
	X(MCAST_SET,      IPC_NHRPD,                IPC_ESPD,                 multicast,    "") \
	X(MCAST_DEL,      IPC_NHRPD,                IPC_ESPD,                 multicast,    "") \
	X(SHORTCUT_SET,   IPC_NHRPD,                IPC_ESPD,                 shortcut,     "") \
	X(SHORTCUT_DEL,   IPC_NHRPD,                IPC_ESPD,                 shortcut,     "By ifname and prefix.") \
	X(NHS_ROUTE,      IPC_NHRPD,                IPC_ESPD,                 nhs_route,    "") \
	X(NHRP_OUT,       IPC_NHRPD,                IPC_ESPD,                 nhrp,         "") \
	X(NHRP_IN,        IPC_ESPD,                 IPC_NHRPD,                nhrp,         "") \
	X(NEXT_HOP_WANT,  IPC_ESPD,                 IPC_NHRPD,                next_hop,     "") \
	X(ADJ_USED,       IPC_ESPD,                 IPC_NHRPD,                next_hop,     "Packets went to this adjacency since the last report, sent at most every 30 s; dst may be unset.") \
	X(REDIRECT_WANT,  IPC_ESPD,                 IPC_NHRPD,                redirect,     "") \
	X(NHRP_IF_SET,    IPC_CONTROL,              IPC_NHRPD,                nhrp_if,      "") \
	X(NHRP_IF_DEL,    IPC_CONTROL,              IPC_NHRPD,                ifname,       "") \
	X(NHRP_MAP_SET,   IPC_CONTROL,              IPC_NHRPD,                nhrp_map,     "") \
	X(NHRP_MAP_DEL,   IPC_CONTROL,              IPC_NHRPD,                nhrp_map,     "") \
	X(NHS_SET,        IPC_CONTROL,              IPC_NHRPD,                nhs,          "") \
	X(NHS_DEL,        IPC_CONTROL,              IPC_NHRPD,                nhs,          "By ifname and nhs.") \
	X(NHS_CLUSTER_SET, IPC_CONTROL,             IPC_NHRPD,                nhs_cluster,  "") \
	X(NHS_CLUSTER_DEL, IPC_CONTROL,             IPC_NHRPD,                nhs_cluster,  "By ifname and cluster.") \
	X(ROW_INTERFACE,  IPC_CONTROL,              IPC_SHELL,                row_interface,"") \
	X(ROW_ROUTE,      IPC_CONTROL|IPC_NHRPD,    IPC_SHELL|IPC_CONTROL,    row_route,    "") \
	X(ROW_IKE_POLICY, IPC_IKED,                 IPC_SHELL|IPC_CONTROL,    ike_policy,   "") \
	X(ROW_IKE_SA,     IPC_IKED,                 IPC_SHELL|IPC_CONTROL,    row_ike_sa,   "") \
	X(ROW_ADMISSION,  IPC_IKED,                 IPC_SHELL|IPC_CONTROL,    row_admission, "") \
	X(ROW_IKEV2_SA,   IPC_IKED,                 IPC_SHELL|IPC_CONTROL,    row_ikev2_sa, "") \
	X(ROW_IKEV2_ERRORS, IPC_IKED,               IPC_SHELL|IPC_CONTROL,    row_ikev2_errors, "") \
	X(ROW_IKEV2_ERROR, IPC_IKED,                IPC_SHELL|IPC_CONTROL,    row_ikev2_error, "The one met last is first.") \
	X(ROW_IKEV2_GLOBAL, IPC_IKED,               IPC_SHELL|IPC_CONTROL,    ikev2_global, "What is in force, as control sent it; so the following.") \
	X(ROW_IKEV2_PROPOSAL, IPC_IKED,             IPC_SHELL|IPC_CONTROL,    ikev2_proposal, "") \
	X(ROW_IKEV2_POLICY, IPC_IKED,               IPC_SHELL|IPC_CONTROL,    ikev2_policy, "") \
	X(ROW_IKEV2_PROFILE, IPC_IKED,              IPC_SHELL|IPC_CONTROL,    ikev2_profile, "") \
	X(ROW_IKEV2_MATCH, IPC_IKED,                IPC_SHELL|IPC_CONTROL,    ikev2_match,  "") \
	X(ROW_FLOW,       IPC_IKED,                 IPC_SHELL|IPC_CONTROL,    row_flow,     "One for each pair of SAs, or one with spi_in 0 for a peer without.") \
	X(ROW_ESP_SA,     IPC_ESPD,                 IPC_SHELL|IPC_CONTROL,    row_esp_sa,   "") \
	X(ROW_ESP_PEER,   IPC_ESPD,                 IPC_SHELL|IPC_CONTROL,    row_esp_peer, "") \
	X(ROW_DROP,       IPC_ESPD,                 IPC_SHELL|IPC_CONTROL,    row_drop,     "") \
	X(ROW_ACL_COUNT,  IPC_ESPD,                 IPC_SHELL|IPC_CONTROL,    row_acl_count, "") \
	X(ROW_TUNNEL,     IPC_ESPD,                 IPC_SHELL|IPC_CONTROL,    row_tunnel,   "") \
	X(ROW_ADJACENCY,  IPC_ESPD,                 IPC_SHELL|IPC_CONTROL,    row_adjacency,"") \
	X(ROW_NHRP,       IPC_NHRPD,                IPC_SHELL|IPC_CONTROL,    row_nhrp,     "") \
	X(ROW_NHS,        IPC_NHRPD,                IPC_SHELL|IPC_CONTROL,    row_nhs,      "") \
	X(ROW_NHRP_IF,    IPC_NHRPD,                IPC_SHELL|IPC_CONTROL,    row_nhrp_if,  "") \
	X(ROW_COUNTER,    IPC_SERVER,               IPC_SHELL|IPC_CONTROL,    row_counter,  "A named counter.") \
	X(ROW_KEY,        IPC_CONTROL,              IPC_SHELL,                row_key,      "A key pair; the private half stays where it is.") \
	X(ROW_CRL,        IPC_CONTROL,              IPC_SHELL,                row_crl,      "") \
	X(ROW_SPI_FLOW,   IPC_IKED,                 IPC_SHELL|IPC_CONTROL,    row_spi_flow, "ESP with an SPI that is not ours, by source, destination and SPI.") \
	X(ROW_ADDRESS,    IPC_CONTROL,              IPC_SHELL,                row_address,  "An address that the kernel has on an interface.") \
	X(ROW_USER,       IPC_CONTROL,              IPC_SHELL,                row_user,     "A shell at a terminal.") \
	X(ROW_ARP,        IPC_CONTROL,              IPC_SHELL,                row_arp,      "A neighbour of the kernel's, or an address of ours.")

#endif
