/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spi_wait.h"

#include <utlist.h>

#include "engine.h"

static void
ask(struct ike_engine *e, const struct spi_wait *w)
{
	struct ipc_spi_want want = {.txn = w->txn, .peer_ref = w->peer_ref};

	e->ops->espd(e->user, IPC_MSG_SPI_RESERVE, &want);
}

void
spi_wait_start(struct ike_engine *e, struct spi_wait *w)
{
	w->txn = e->next_txn++;
	if (w->txn == 0)
		w->txn = e->next_txn++;
	DL_APPEND(e->spi_waits, w);
	ask(e, w);
}

void
spi_wait_stop(struct ike_engine *e, struct spi_wait *w)
{
	if (w->txn != 0)
		DL_DELETE(e->spi_waits, w);
	w->txn = 0;
}

void
spi_wait_again(struct ike_engine *e)
{
	const struct spi_wait *w;

	DL_FOREACH (e->spi_waits, w)
		ask(e, w);
}

void
spi_wait_answer(struct ike_engine *e, uint32_t txn, uint32_t spi)
{
	struct ipc_spi_only release = {.spi = spi};
	struct spi_wait *w;

	DL_FOREACH (e->spi_waits, w)
		if (w->txn == txn)
			break;
	if (w != NULL) {
		spi_wait_stop(e, w);
		w->got(w, spi);
	} else if (spi != 0) {
		e->ops->espd(e->user, IPC_MSG_SPI_RELEASE, &release);
	}
}
