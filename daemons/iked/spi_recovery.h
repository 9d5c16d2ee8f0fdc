/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ESP came in with an SPI that is not ours: the sender believes in an SA that
 * we do not have.
 *
 * Each flow (source, destination, SPI) is remembered and logged at most once a
 * minute.  Where an IKE SA with the sender exists he is told over it, whatever
 * is configured.  IKEv1: a DELETE, and INVALID-SPI in a message of its own.
 * IKEv2: INVALID_SPI alone, since a DELETE is about pairs of the SA that carries
 * it (RFC 7296 1.4.1); no answer to it ends the IKE SA.
 *
 * Without an IKE SA, `crypto isakmp invalid-spi-recovery` decides.  With it,
 * and if the sender is a static peer (static_peer.h), a flow whose packets
 * still come 2 s after its first starts an IKE SA with that peer and he is told
 * over it; of IKEv2 INITIAL_CONTACT is what heals.  A younger flow may be a rekey in
 * flight.  Packets like these can be forged, so there is one recovery with a peer at a
 * time, one in 20 s, and no more than RECOVERIES_MAX half open; nobody else is ever
 * negotiated with.
 *
 * A flow about which this does nothing, because the command is off or the sender is no
 * static peer, gets a hint in clear instead where IKEv2's crash detection is on
 * (ikev2_crash.h): its sender asks, and hears proof.
 *
 * The table of flows is bounded; when it is full the one that was quiet
 * longest goes, a stranger's before those of senders that we know.  What a report costs
 * does not grow with the number of peers.
 */
#ifndef CULVERT_IKE_SPI_RECOVERY_H
#define CULVERT_IKE_SPI_RECOVERY_H

#include <uthash.h>

#include "engine.h"

enum { FLOWS_MAX = 1024, RECOVERIES_MAX = 32 };

struct spi_flow_key {
	struct addr src, dst;
	uint32_t spi;
};

struct spi_flow {
	struct spi_flow_key key;
	uint8_t proto;
	bool encap;
	uint16_t src_port;		/* of UDP */
	char ifname[16];
	mono_t first, last;
	uint64_t packets;
	mono_t logged_at, told_at, hinted_at;	/* 0: never */
	uint8_t decision;		/* enum ipc_spi_decision */
	bool known;			/* its sender has an IKE SA, or is a static peer */
	UT_hash_handle hh;
};

void spi_unknown(struct ike_engine *e, const struct ipc_spi_unknown *u);
/* Phase 1 is done: what was found meanwhile is told, if phase 1 was for that. */
void spi_recovery_established(struct ike_sa *sa);
void spi_recovery_established2(struct ikev2_sa *sa);	/* likewise, of version 2 */
void spi_flow_row(const struct ike_engine *e, const struct spi_flow *f,
    struct ipc_row_spi_flow *out);
void spi_recovery_free(struct ike_engine *e);

#endif
