/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows about key pairs (their public half) and CRLs, for shells. */
#ifndef CULVERT_SHOW_PKI_H
#define CULVERT_SHOW_PKI_H

#include <stdint.h>

struct shell;

/* The rows of SHOW_KEYS and SHOW_CRLS; seq: of the SHOW.  SHOW_END is the caller's. */
void show_pki_keys(struct shell *s, uint32_t seq);
void show_pki_crls(struct shell *s, uint32_t seq);

#endif
