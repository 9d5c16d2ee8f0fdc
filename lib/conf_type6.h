/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Type 6 keys of a configuration (type6.h): the master key, and which keys are written
 * encrypted under it.
 *
 * Only culvertd has the master key, which is no configuration: it is read from a file
 * (daemons/culvertd/master_key.h) and put into the model, so that lines can be
 * read.  A model without one belongs to who only looks at the text - a shell, `--check` -
 * and keeps type 6 strings as they are.
 */
#ifndef CULVERT_CONF_TYPE6_H
#define CULVERT_CONF_TYPE6_H

#include <stdbool.h>
#include <stdint.h>

#include "key_text.h"
#include "secret.h"

#define MASTER_KEY_MIN 8
#define MASTER_KEY_MAX 127

struct conf;

enum conf_master {
	CONF_MASTER_UNSEEN,	/* we are not the router: strings are kept unread */
	CONF_MASTER_NONE,	/* none is configured: type 6 is refused */
	CONF_MASTER_SET,
};

struct conf_type6 {		/* a member of struct conf */
	bool aes;		/* password encryption aes: keys that are typed become type 6 */
	uint8_t state;		/* enum conf_master */
	struct secret master;
};

/* Reads a type 6 string.  NULL, or why not, with nothing of the string in it. */
const char *conf_type6_read(const struct conf_type6 *t, struct key_text *k, const char *s, size_t len);
/* A key that was just typed, or all that the configuration has, becomes type 6 where that is asked for. */
void conf_type6_seal(const struct conf_type6 *t, struct key_text *k);
void conf_type6_seal_all(struct conf *c);
/* NULL: there is none.  Type 6 keys that can be read are written under the new one. */
void conf_type6_set_master(struct conf *c, const struct secret *master);
bool conf_type6_used(struct conf *c);		/* by a key; changes nothing */

#endif
