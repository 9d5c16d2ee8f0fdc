/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text that follows a command: a certificate in PEM or hex, the answer to a
 * question.  And what a configuration command asks its router to do once.
 *
 * A command's `run` answers with a cmd_paste; the session then takes lines as
 * text, not as commands, and calls `done` with all of it, which may answer with
 * the next cmd_paste.  What has to be remembered on the way is in the effect.
 *
 * An effect is nothing that the configuration remembers: keys are made,
 * requests printed, files read.  Only culvertd carries it out (pki_run.h).
 */
#ifndef CULVERT_PASTE_H
#define CULVERT_PASTE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "conf_pki.h"

#define PASTE_BYTES_MAX 16384
#define PASTE_LINE_MAX 4000

enum cmd_paste_kind {
	PASTE_HEX,	/* to `quit`; a line that is not hex ends it, too */
	PASTE_BASE64,	/* to a blank line or `quit` outside of PEM's BEGIN and END */
	PASTE_ANSWER,	/* one line */
	PASTE_SECRET,	/* the same, typed without an echo */
};

struct cmd_call;

struct cmd_paste {
	enum cmd_paste_kind kind;
	const char *say;	/* printed first */
	bool (*done)(struct cmd_call *c);	/* c->pasted is the text */
};

enum cmd_effect_kind {
	EFFECT_NONE,
	EFFECT_KEY_GENERATE, EFFECT_KEY_ZEROIZE, EFFECT_KEY_IMPORT, EFFECT_KEY_EXPORT,
	EFFECT_ENROLL, EFFECT_IMPORT_CERT, EFFECT_IMPORT_PEM, EFFECT_IMPORT_PKCS12,
	EFFECT_EXPORT_PEM, EFFECT_EXPORT_PKCS12, EFFECT_CRL_REQUEST,
	EFFECT_MASTER_KEY,	/* the password is it; empty: none any more */
};

struct cmd_effect {
	uint8_t kind;			/* enum cmd_effect_kind */
	char name[CONF_PKI_NAME_MAX];	/* of a trustpoint, or the label of a key */
	uint8_t alg;			/* enum cert_key_kind; CERT_KEY_OTHER: any */
	uint16_t bits;
	bool exportable;
	char password[CONF_PKI_TEXT_MAX];
	char file[CONF_PKI_TEXT_MAX];
	struct text text;		/* what was pasted, one part behind the other */
};

void cmd_effect_wipe(struct cmd_effect *e);

#endif
