/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of `crypto ...` share. */
#ifndef CULVERT_CMDS_CRYPTO_H
#define CULVERT_CMDS_CRYPTO_H

#include "cli/cmds.h"

extern const struct cmd cmds_isakmp[];		/* crypto isakmp ... */
extern const struct cmd cmds_aes_bits[];	/* [128 | 192 | 256] */
/* Done, with a warning: `what` is weak, and what is better. */
bool cmds_weak(struct cmd_call *c, const char *what, const char *better);
cmd_run cmds_keyring_run;
cmd_write cmds_keyring_write;

#endif
