/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waiting for an SPI: espd owns them, and answers SPI_RESERVE a little later.
 * While espd is away the question stays open and is asked again when it is back.
 */
#ifndef CULVERT_IKE_SPI_WAIT_H
#define CULVERT_IKE_SPI_WAIT_H

#include <stdint.h>

struct ike_engine;

struct spi_wait {		/* a member of what waits */
	uint32_t txn;		/* 0: it does not */
	uint32_t peer_ref;	/* for whom */
	void (*got)(struct spi_wait *w, uint32_t spi);	/* spi 0: espd has none left */
	struct spi_wait *prev, *next;
};

void spi_wait_start(struct ike_engine *e, struct spi_wait *w);
void spi_wait_stop(struct ike_engine *e, struct spi_wait *w);
void spi_wait_again(struct ike_engine *e);	/* espd is back */
/* The answer; one that nobody waits for any more is given back. */
void spi_wait_answer(struct ike_engine *e, uint32_t txn, uint32_t spi);

#endif
