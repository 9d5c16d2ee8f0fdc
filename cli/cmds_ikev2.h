/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of `crypto ikev2 ...` share. */
#ifndef CULVERT_CMDS_IKEV2_H
#define CULVERT_CMDS_IKEV2_H

#include "cli/cmds.h"

extern const struct cmd cmds_ikev2[];			/* crypto ikev2 ... */
extern const struct cmd cmds_ikev2_limits[];		/* limit ... */
cmd_run cmds_ikev2_keyring_run, cmds_ikev2_profile_run, cmds_ikev2_proposal_run;
cmd_write cmds_ikev2_keyring_write, cmds_ikev2_profile_write, cmds_ikev2_proposal_write;
extern const struct cmd cmds_ikev2_match[];		/* match ..., of a profile */
cmd_run cmds_ikev2_match_run;
cmd_write cmds_ikev2_match_write;
/*
 * Of a proposal or a policy, whose `default` is there unless `no` says otherwise; what was
 * changed in it goes either way.  False: refused.
 */
bool cmds_ikev2_entry_name(struct cmd_call *c, const char *what, bool *no_default,
    const char **name);
void cmds_ikev2_enter(struct cmd_call *c, const char *name, const struct cmd_mode *mode);

/* dpd INTERVAL RETRY {on-demand | periodic}, of all and of a profile. */
extern const struct cmd cmds_ikev2_dpd_retry[];
#define IKEV2_DPD_ARG ARG_NUM(10, 3600, "DPD R-U-THERE interval")
void cmds_ikev2_dpd_read(const struct cmd_call *c, struct conf_ikev2_dpd *d);
void cmds_ikev2_dpd_write(struct text *out, const char *before, const struct conf_ikev2_dpd *d);

/*
 * An identity as it stands in a line: address, fqdn [domain], email [domain], key-id.
 * The rows' kinds are those of enum ipc_match.
 */
extern const struct cmd cmds_ikev2_fqdn[], cmds_ikev2_email[], cmds_ikev2_key_id[];
uint8_t cmds_ikev2_kind(const struct cmd_call *c);
const char *cmds_ikev2_kind_words(uint8_t kind);	/* "fqdn domain" */

#endif
