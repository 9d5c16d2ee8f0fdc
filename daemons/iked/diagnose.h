/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `crypto ikev2 diagnose error`: which errors IKEv2 met, and how often each.
 *
 * The sentence is what names an error, so peers and strangers that do the same
 * add to one count; nothing of theirs is in it.  Of more than may be kept the one that
 * was not met for longest goes.
 */
#ifndef CULVERT_IKE_DIAGNOSE_H
#define CULVERT_IKE_DIAGNOSE_H

#include "ipc.h"

#define DIAGNOSE_TEXT_MAX 128
#define DIAGNOSE_DEFAULT 50

struct ike_engine;

struct diagnose_entry {
	char text[DIAGNOSE_TEXT_MAX];
	uint32_t count;
	struct diagnose_entry *prev, *next;
};

struct diagnose {		/* a member of struct ike_engine */
	struct diagnose_entry *entries;	/* the one met last is first */
	unsigned int count;
	uint32_t deleted;
};

/* Nothing unless it is configured. */
void diagnose_note(struct ike_engine *e, const char *why);
void diagnose_head(const struct ike_engine *e, struct ipc_row_ikev2_errors *out);
void diagnose_free(struct diagnose *d);

#endif
