/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens to the engine: datagrams come, control configures, espd tells. */
#ifndef CULVERT_IKE_EVENTS_H
#define CULVERT_IKE_EVENTS_H

#include "engine.h"

void engine_receive(struct ike_engine *e, const struct ike_path *path, struct slice datagram);

/* Configuration changed: bring up what is new, tear down what lost its protection. */
void engine_config_done(struct ike_engine *e);
/* A protection as it is now: peers that were wanted, or restored, before it was known are of it. */
void engine_protection_set(struct ike_engine *e, const struct ipc_protection *set);
void engine_protection_gone(struct ike_engine *e, const char *protection);

/* What espd says. */
void engine_espd_up(struct ike_engine *e, bool warm);	/* between BEGIN and END of ours */
void engine_spi_reserved(struct ike_engine *e, uint32_t txn, uint32_t spi);
void engine_sa_expire(struct ike_engine *e, const struct ipc_sa_expire *x);
void engine_sa_first_in(struct ike_engine *e, uint32_t spi);
void engine_sa_idle(struct ike_engine *e, uint32_t spi);
void engine_sa_want(struct ike_engine *e, uint32_t peer_ref);
void engine_not_ipsec(struct ike_engine *e, const struct ipc_not_ipsec *m);
void engine_peer_moved(struct ike_engine *e, const struct ipc_peer_moved *m);

#endif
