/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of messages: how many SAs may be, and how many are. Included by ipc_msgs.h. */
#ifndef CULVERT_IPC_MSGS_ADMISSION_H
#define CULVERT_IPC_MSGS_ADMISSION_H

/* What an SPI says of its slot (espd): as many pairs there can be. */
#define IPC_SPI_SLOT_BITS 17

#define IPC_B_admission(F)							\
	F(u32, ike_sas, "crypto call admission limit ike sa; 0: no limit")	\
	F(u32, in_negotiation, "... in-negotiation-sa; 0: as many as each IKE version has room for")

/* Requests are counted since the start or the last `clear counters`. */
#define IPC_B_row_admission(F)							\
	F(u32, max_sas, "0: no limit") F(u32, max_negotiating, "")		\
	F(u32, active1, "IKEv1 SAs that are up") F(u32, active2, "IKEv2 SAs that are")	\
	F(u32, negotiating1, "IKEv1 SAs half open") F(u32, negotiating2, "")	\
	F(u64, in_accepted, "SAs that peers asked for") F(u64, in_rejected, "")	\
	F(u64, out_accepted, "SAs that we began") F(u64, out_rejected, "")	\
	F(u64, by_sas, "of the rejected: for the limit of SAs") F(u64, by_negotiating, "for that of half-open ones, or the peer's share of them") \
	F(u32, pairs, "pairs of ESP SAs") F(u32, pairs_negotiating, "")	\
	F(u64, pairs_in, "pairs that peers asked for") F(u64, pairs_in_rejected, "") F(u64, pairs_out, "pairs that we asked for") \
	F(u64, created1, "IKEv1 SAs that came up") F(u64, failed1, "") F(u64, created2, "IKEv2 SAs that did") F(u64, failed2, "") F(u64, ended2, "IKEv2 SAs that were up and ended") \
	F(u64, pairs_created, "") F(u64, pairs_failed, "")

#endif
