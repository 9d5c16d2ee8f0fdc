/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SPIs: 17 bits of slot, and 15 bits from the kernel's random generator, drawn
 * anew at each allocation.  The slot finds the SA with one read; the random
 * bits make sure that a stale peer's SPI does not meet a new SA by its slot's
 * number, after a reboot least of all.  The slot is the low part, and its
 * remainder by the number of workers is the one that owns the SA.
 */
#ifndef CULVERT_SPI_H
#define CULVERT_SPI_H

#include <stdint.h>

#include "ipc.h"

#define SPI_SLOT_BITS IPC_SPI_SLOT_BITS
#define SPI_SLOTS (1u << SPI_SLOT_BITS)
#define SPI_RESERVED_MAX 255	/* RFC 4303 2.1: 1 to 255 are IANA's, 0 is local */

static inline uint32_t
spi_slot(uint32_t spi)
{
	return spi & (SPI_SLOTS - 1);
}

/* Whose SA it is, of so many. */
static inline unsigned int
spi_worker(uint32_t spi, unsigned int workers)
{
	return spi_slot(spi) % workers;
}

/* `random` is 32 fresh random bits; 0 when they make a reserved number: draw again. */
static inline uint32_t
spi_make(uint32_t slot, uint32_t random)
{
	uint32_t spi = (random & ~(SPI_SLOTS - 1)) | slot;

	return spi > SPI_RESERVED_MAX ? spi : 0;
}

#endif
