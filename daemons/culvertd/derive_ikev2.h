/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The IKEv2 part of derive.h: what iked should have of proposals, policies,
 * keyrings and profiles.
 *
 * What is incomplete is not sent, and said in the notes.  The proposal and the policy
 * `default` are sent unless they were taken away, so iked has no defaults of its own.
 */
#ifndef CULVERT_DERIVE_IKEV2_H
#define CULVERT_DERIVE_IKEV2_H

#include "buf.h"
#include "conf.h"
#include "key_store.h"
#include "wish.h"

void derive_ikev2(const struct conf *c, struct wishes *out, struct text *notes);
/* What iked should have for quick crash detection, which peers of any profile speak. */
void derive_crash_detection(const struct conf_ikev2 *v, struct key_store *keys, struct wishes *out,
    struct text *notes);
/* Whether there is an IKEv2 profile of that name by which sessions can be made. */
bool derive_ikev2_usable(const struct conf *c, const char *profile);

#endif
