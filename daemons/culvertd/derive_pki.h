/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From trustpoints, keys, CRLs and certificate maps to what iked should have. */
#ifndef CULVERT_DERIVE_PKI_H
#define CULVERT_DERIVE_PKI_H

#include "buf.h"
#include "conf_pki.h"
#include "crl_store.h"
#include "key_store.h"
#include "wish.h"

/* As derive() of derive.h: pure, adds to both. */
void derive_pki(const struct conf_pki *p, const struct key_store *keys,
    const struct crl_store *crls, struct wishes *out, struct text *notes);

#endif
