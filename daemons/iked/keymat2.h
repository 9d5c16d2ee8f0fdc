/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of IKEv2: prf+, SKEYSEED and its children, KEYMAT (RFC 7296 2.13, 2.14, 2.17, 2.18). */
#ifndef CULVERT_IKE_KEYMAT2_H
#define CULVERT_IKE_KEYMAT2_H

#include <stdbool.h>
#include <stdint.h>

#include "algs.h"
#include "buf.h"
#include "crypto.h"
#include "ipc.h"
#include "proposal2.h"

struct keymat2 {		/* of one IKE SA; arrays are filled from their beginning */
	uint8_t prf;			/* enum hash */
	uint8_t cipher;			/* enum cipher */
	uint16_t key_bits;
	uint8_t integ;			/* enum integ; none with an AEAD */
	uint8_t d[HASH_LEN_MAX];
	uint8_t ai[HASH_LEN_MAX], ar[HASH_LEN_MAX];
	uint8_t ei[ESP_KEY_MAX], er[ESP_KEY_MAX];
};

struct keymat2_auth {		/* SK_pi and SK_pr: only AUTH needs them */
	uint8_t i[HASH_LEN_MAX], r[HASH_LEN_MAX];
};

struct keymat2_seed {
	struct slice ni, nr;
	const uint8_t *spi_i, *spi_r;
	struct slice gxy;
};

/* T1 | T2 | ... as RFC 7296 2.13 writes it; false when it would need more than 255 blocks. */
bool prf_plus(enum hash h, struct slice key, const struct slice *seed, size_t n, uint8_t *out,
    size_t len);

/* Of the first IKE SA, and of one that replaces `old` (RFC 7296 2.18). */
bool keymat2_derive(struct keymat2 *k, struct keymat2_auth *p, const struct prop2 *agreed,
    const struct keymat2_seed *s);
bool keymat2_rekey(struct keymat2 *k, const struct keymat2 *old, const struct prop2 *agreed,
    const struct keymat2_seed *s);
void keymat2_wipe(struct keymat2 *k);
struct slice keymat2_key(const struct keymat2 *k, bool initiator);	/* SK_ei or SK_er */
struct slice keymat2_integ_key(const struct keymat2 *k, bool initiator);

/*
 * Keys of a pair of ESP SAs into esp->in_key and so on; `initiator`: we began
 * the exchange that made it.  gxy is empty without PFS.
 */
bool keymat2_esp(const struct keymat2 *k, const struct esp_transform *t, struct slice gxy,
    struct slice ni, struct slice nr, bool initiator, struct ipc_sa *esp);

#endif
