/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * key config-key, password encryption: keys that the configuration holds encrypted
 * (conf_type6.h).  The master key is an effect: it is in no configuration.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cmds.h"
#include "cli/elsewhere.h"

/* --- key config-key password-encrypt --- */

static bool
fits(struct cmd_call *c, const char *key)
{
	size_t len = strlen(key);

	if (len < MASTER_KEY_MIN || len > MASTER_KEY_MAX)
		return cmd_refuse(c, "a master key has %d to %d characters", MASTER_KEY_MIN, MASTER_KEY_MAX);
	if (strchr("!#;", key[0]) != NULL)
		return cmd_refuse(c, "a master key does not begin with ! # or ;");
	snprintf(c->effect->password, sizeof(c->effect->password), "%s", key);
	return true;
}

static bool
confirmed(struct cmd_call *c)
{
	if (strcmp(c->pasted, c->effect->password) != 0)
		return cmd_refuse(c, "the two are not the same; the master key is what it was");
	c->effect->kind = EFFECT_MASTER_KEY;
	return true;
}

static const struct cmd_paste confirm_paste = {PASTE_SECRET, "Confirm key: ", confirmed};

static bool
answered(struct cmd_call *c)
{
	if (!fits(c, c->pasted))
		return false;
	c->paste = &confirm_paste;
	return true;
}

static const struct cmd_paste new_paste = {PASTE_SECRET, "New key: ", answered};

static bool
master_run(struct cmd_call *c)
{
	const struct cmd_value *key = cmd_value(c, SLOT_KEY);

	cmd_effect_wipe(c->effect);
	if (c->verb == CMD_SET && key == NULL) {
		c->paste = &new_paste;
		return true;
	}
	if (c->verb == CMD_SET && !fits(c, key->text))
		return false;
	c->effect->kind = EFFECT_MASTER_KEY;
	return true;
}

static const struct cmd master[] = {
	{ VALUE(word, "The master key, at least 8 characters"), .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd config_key[] = {
	{ "password-encrypt", "Configure the master key of encrypted passwords", .sub = master,
	    .end = true, .run = master_run },
	CMD_END
};

const struct cmd cmds_config_key[] = {
	{ "config-key", "Set a private configuration key", .sub = config_key },
	REFUSED("chain", WHY_ROUTING),
	CMD_END
};

/* --- password encryption aes --- */

static bool
aes_run(struct cmd_call *c)
{
	struct conf_type6 *t = &c->conf->type6;

	t->aes = c->verb == CMD_SET;
	conf_type6_seal_all(c->conf);
	if (t->aes && t->state == CONF_MASTER_NONE)
		snprintf(c->why, sizeof(c->why), "Keys are encrypted once there is a master key: "
		    "`key config-key password-encrypt`");
	return true;
}

static void
aes_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf *)obj)->type6.aes)
		text_add(out, "%s\n", before);
}

static const struct cmd encryption[] = {
	{ "aes", "Encrypt pre-shared keys of the configuration with AES", .run = aes_run,
	    .write = aes_write },
	CMD_END
};

const struct cmd cmds_password[] = {
	{ "encryption", "Encrypt passwords", .sub = encryption },
	CMD_END
};
