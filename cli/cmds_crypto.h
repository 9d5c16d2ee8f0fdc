/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of `crypto ...` share. */
#ifndef CULVERT_CMDS_CRYPTO_H
#define CULVERT_CMDS_CRYPTO_H

#include "cli/cmds.h"

extern const struct cmd cmds_isakmp[];		/* crypto isakmp ... */
extern const struct cmd cmds_isakmp_key[];	/* crypto isakmp key ... */
extern const struct cmd cmds_isakmp_peer[];	/* crypto isakmp peer ... */
extern const struct cmd cmds_isakmp_name[];	/* of an identity */
cmd_run cmds_isakmp_key_run;
cmd_write cmds_isakmp_key_write;
cmd_run cmds_isakmp_profile_run, cmds_isakmp_peer_run;
cmd_write cmds_isakmp_profile_write, cmds_isakmp_peer_write;
extern const struct cmd cmds_call_admission[];	/* crypto call ... */
/* Done, with a warning: `what` is weak, and what is better. */
bool cmds_weak(struct cmd_call *c, const char *what, const char *better);
extern const struct cmd cmds_tset[];		/* behind crypto ipsec transform-set */
cmd_run cmds_tset_run;
cmd_write cmds_tset_write;
extern const struct cmd cmds_cmap[], cmds_dynamic_map[];
extern const struct cmd cmds_cmap_entry[];	/* in an entry of either (cmds_cmap_entry.c) */
cmd_run cmds_cmap_run, cmds_dynamic_map_run;
cmd_write cmds_cmap_write, cmds_dynamic_map_write;
/* `set` of an IPsec profile and of a crypto map: the object begins with a struct conf_ipsec_profile. */
extern const struct cmd cmds_set_association[], cmds_tset_names[], cmds_pfs_groups[];
cmd_run cmds_set_tsets_run, cmds_set_pfs_run, cmds_set_life_run;
cmd_write cmds_set_tsets_write, cmds_set_pfs_write, cmds_set_life_write;
#define NO_EASY_VPN "Easy VPN (XAUTH, mode configuration) is not built in; leave out the line"
#define REVOKED_PEERS "a certificate is looked at when an SA is set up; `clear crypto session` ends one"
extern const struct cmd cmds_keyring_vrf[];	/* behind crypto keyring NAME */
cmd_run cmds_keyring_run;
cmd_write cmds_keyring_write;

/* crypto ipsec df-bit, and crypto ipsec fragmentation (cmds_ipsec_df.c). */
bool cmds_df_run(struct cmd_call *c);
void cmds_df_write(struct text *out, const char *before, const void *obj);
bool cmds_frag_run(struct cmd_call *c);
void cmds_frag_write(struct text *out, const char *before, const void *obj);
extern const struct cmd cmds_df_bits[], cmds_fragmentations[];

#endif
