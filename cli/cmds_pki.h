/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of `crypto pki ...` and `crypto key ...` share. */
#ifndef CULVERT_CMDS_PKI_H
#define CULVERT_CMDS_PKI_H

#include "cli/cmds.h"

extern const struct cmd_mode cmd_mode_trustpoint;	/* ca-trustpoint */

extern const struct cmd cmds_pki[];		/* crypto pki ... */
extern const struct cmd cmds_key[];		/* crypto key ... */
extern const struct cmd cmds_trustpoint[];	/* in a trustpoint */
cmd_run cmds_pki_authenticate_run, cmds_pki_enroll_run, cmds_pki_import_run, cmds_pki_export_run,
    cmds_pki_crl_run;

#define PEM_END "% End with a blank line or \"quit\" on a line by itself.\n"

/* A label is a file's name, too: letters, digits, `.`, `_`, `-`, and no dot in front. */
bool cmds_label_ok(struct cmd_call *c, const char *label);
/* The effect's name, alg, password, file: of the values that were typed. */
void cmds_effect_begin(struct cmd_call *c, const char *name);
/* A file of a URL "file:/path" or of a plain path; false, refused. */
bool cmds_effect_file(struct cmd_call *c, const char *url);

#endif
