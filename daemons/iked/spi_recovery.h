/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ESP came in with an SPI that is not ours: the sender believes in an SA that
 * we do not have.
 *
 * Each flow (source, destination, SPI) is logged at most once a minute, and
 * where an IKE SA with the sender exists he is told over it that this SPI is
 * gone (DELETE), whatever is configured.  Without an IKE SA the report ends
 * here, counted: nothing is sent to an address because of a packet that
 * anybody may have made.
 *
 * The table of flows is bounded; when it is full the oldest entry goes.
 */
#ifndef CULVERT_IKE_SPI_RECOVERY_H
#define CULVERT_IKE_SPI_RECOVERY_H

#include "engine.h"

void spi_unknown(struct ike_engine *e, const struct ipc_spi_unknown *u);
void spi_recovery_free(struct ike_engine *e);

#endif
