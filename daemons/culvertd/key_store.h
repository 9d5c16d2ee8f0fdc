/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Private keys: one file each, mode 0600, in the directory `keys` (0700) beside the
 * startup-config.  They are no configuration: no show prints them, no log line has
 * one in it, and control, which reads them, leaves no core dump.
 *
 * A file is PKCS #8 in PEM, unencrypted, behind lines that say when the key was made
 * and whether `export` may give it out.  Its name is the label.
 */
#ifndef CULVERT_KEY_STORE_H
#define CULVERT_KEY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "cert.h"
#include "secret.h"

#define KEY_LABEL_MAX 64

struct stored_key {
	char label[KEY_LABEL_MAX];
	uint8_t kind;			/* enum cert_key_kind */
	uint16_t bits;
	bool exportable;
	int64_t made_s;			/* since 1970 */
	struct blob der;		/* PKCS #8 */
	struct blob public_der;		/* SubjectPublicKeyInfo */
	struct stored_key *prev, *next;
};

struct key_store {
	char dir[256];
	struct stored_key *keys;	/* by label */
	struct secret crash;		/* see key_store_crash_secret(); empty: not asked for yet */
};

/* Reads what is there; a directory that is not there is empty.  Logs files that cannot be read. */
void key_store_open(struct key_store *s, const char *startup_path);
void key_store_close(struct key_store *s);	/* wipes */

struct stored_key *key_store_find(const struct key_store *s, const char *label);
/* der: PKCS #8, or what OpenSSL reads as a private key.  Replaces nothing.  NULL, or why not. */
const char *key_store_put(struct key_store *s, const char *label, struct slice der, bool exportable);
/* NULL, or why not: fewer bits, another kind. */
const char *key_store_generate(struct key_store *s, const char *label, enum cert_key_kind kind,
    unsigned int bits, bool exportable);
/*
 * The secret of which iked makes its crash detection tokens: 32 random bytes in the file
 * `crash-detection`, made when it is asked for and not there.  NULL, or why it is not kept.
 */
const char *key_store_crash_secret(struct key_store *s, const struct secret **secret);
/* The file is overwritten before it is removed. */
const char *key_store_remove(struct key_store *s, struct stored_key *k);

#endif
