/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The master key of type 6 keys (conf_type6.h): what `key config-key password-encrypt`
 * said, in the file `config-key` of the directory of private keys.  No show prints it.
 */
#ifndef CULVERT_MASTER_KEY_H
#define CULVERT_MASTER_KEY_H

#include "buf.h"

struct cmd_effect;
struct conf;
struct control;
struct key_store;

/* Tells a new model of it, or that there is none.  Logs a file that cannot be read. */
void master_key_read(const struct key_store *s, struct conf *c);
/* Stores or removes it; type 6 keys of the running-config go with it.  NULL, or why not. */
const char *master_key_run(struct control *c, const struct cmd_effect *e, struct text *out);

#endif
