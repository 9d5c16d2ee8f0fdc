/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a pair of ESP SAs is in espd, as iked has it: struct ipc_sa, which carries
 * it there, without the room for the longest keys that any transform has.  The
 * keys stand apart, as long as they are, and only while they may be told again.
 */
#ifndef CULVERT_IKE_CHILD_ESP_H
#define CULVERT_IKE_CHILD_ESP_H

#include <stdint.h>

#include "ipc.h"

struct child_esp_keys;

struct child_esp {		/* the fields' meaning is that of struct ipc_sa */
	uint32_t spi, peer_spi;
	uint8_t stage, mode, encap, esn;
	uint8_t cipher, integ;
	uint16_t key_bits, replay_window;
	uint8_t ts_proto;
	uint16_t ts_local_port, ts_remote_port;
	struct prefix ts_local, ts_remote;
	uint64_t soft_bytes, hard_bytes, soft_at_us, hard_at_us;
	struct child_esp_keys *keys;	/* owned; NULL: none yet, or none any more */
};

/* All of it, keys too, which are copied. */
void child_esp_from_ipc(struct child_esp *esp, const struct ipc_sa *m);
/* The caller fills in peer_ref, and wipes *m when it is sent. */
void child_esp_to_ipc(const struct child_esp *esp, struct ipc_sa *m);
/* The keys alone: of `m` both directions have the same lengths. */
void child_esp_set_keys(struct child_esp *esp, const struct ipc_sa *m);
void child_esp_drop_keys(struct child_esp *esp);	/* wiped */

#endif
