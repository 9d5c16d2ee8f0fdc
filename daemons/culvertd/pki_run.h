/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What configuration commands ask for that is no setting (cli/paste.h): keys are
 * made, imported, exported and removed, requests printed, certificates imported.
 * What comes of it in the configuration is there before the line is done.
 */
#ifndef CULVERT_PKI_RUN_H
#define CULVERT_PKI_RUN_H

#include "buf.h"

struct control;
struct cmd_effect;

/* Adds what is to be printed; NULL, or why it was not done.  The effect's secrets are the
 * caller's to wipe. */
const char *pki_run(struct control *c, const struct cmd_effect *e, struct text *out);

#endif
