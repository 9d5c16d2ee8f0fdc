/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * enable secret, username: who may use the shell.  What is typed as a password is
 * hashed here and kept as its hash only, as type 9 unless another is asked for.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds.h"
#include "secret.h"

#define READABLE "a password that is kept so that it can be read back guards nothing; use `secret`"

/* The hash that the sentence says, into `to`; refused otherwise. */
static bool
take_secret(struct cmd_call *c, char to[USER_SECRET_MAX])
{
	const struct cmd_value *v = cmd_value(c, SLOT_KEY), *type = cmd_value(c, SLOT_KIND);
	const struct cmd_value *made = cmd_value(c, SLOT_CIPHER);
	char hash[USER_SECRET_MAX], password[USER_PASSWORD_MAX + 1];
	size_t len = strlen(v->text);
	const char *why;
	bool made_it;

	if (type != NULL) {
		why = user_secret_form(type->number, v->text);
		if (why != NULL)
			return cmd_refuse(c, "%s", why);
		snprintf(to, USER_SECRET_MAX, "%s", v->text);
		return true;
	}
	while (len > 0 && isspace((unsigned char)v->text[len - 1]))
		len--;
	if (len > USER_PASSWORD_MAX)
		return cmd_refuse(c, "the password is longer than %d characters", USER_PASSWORD_MAX);
	snprintf(password, sizeof(password), "%.*s", (int)len, v->text);
	made_it = user_secret_make(made != NULL ? made->number : USER_SECRET_SCRYPT, password, hash);
	wipe(password, sizeof(password));
	if (!made_it)
		return cmd_refuse(c, "this machine's OpenSSL or libcrypt is told to have no such hash; "
		    "use another algorithm-type");
	memcpy(to, hash, USER_SECRET_MAX);
	wipe(hash, sizeof(hash));
	return true;
}

#define PLAIN { VALUE(line, "The UNENCRYPTED (cleartext) secret"), .slot = SLOT_KEY }
#define HASHED(n, text, values)								\
	{ n, text, .slot = SLOT_KIND, .give = (n)[0] - '0', .sub = (values) }

static const struct cmd plain[] = { PLAIN, CMD_END };
static const struct cmd hashed[] = {
	{ VALUE(word, "The HASHED secret"), .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd forms[] = {
	{ "0", "Specifies an UNENCRYPTED secret will follow", .sub = plain },
	REFUSED("4", "type 4 is broken, and routers dropped it; type the password itself"),
	HASHED("5", "Specifies a MD5 HASHED secret will follow", hashed),
	HASHED("8", "Specifies a PBKDF2 HASHED secret will follow", hashed),
	HASHED("9", "Specifies a SCRYPT HASHED secret will follow", hashed),
	REFUSED("level", "there is one privileged level, 15; leave `level` out"),
	PLAIN,
	CMD_END
};

static const struct cmd typed_secret[] = {
	{ "secret", "Specify the secret", .sub = plain },
	CMD_END
};

static const struct cmd algorithms[] = {
	{ "md5", "Encode the password using the MD5 algorithm", .slot = SLOT_CIPHER,
	    .give = USER_SECRET_MD5, .sub = typed_secret },
	{ "scrypt", "Encode the password using the SCRYPT hashing algorithm", .slot = SLOT_CIPHER,
	    .give = USER_SECRET_SCRYPT, .sub = typed_secret },
	{ "sha256", "Encode the password using the PBKDF2 hashing algorithm", .slot = SLOT_CIPHER,
	    .give = USER_SECRET_PBKDF2, .sub = typed_secret },
	CMD_END
};

static void
write_secret(struct text *out, const char *hash)
{
	text_add(out, " secret %u %s", user_secret_type(hash), hash);
}

/* --- enable --- */

static bool
enable_run(struct cmd_call *c)
{
	char *enable = c->conf->users.enable;

	if (c->verb == CMD_SET)
		return take_secret(c, enable);
	wipe(enable, USER_SECRET_MAX);
	return true;
}

void
cmds_enable_write(struct text *out, const char *before, const void *obj)
{
	const struct conf *c = obj;

	if (c->users.enable[0] == '\0')
		return;
	text_add(out, "%s", before);
	write_secret(out, c->users.enable);
	text_add(out, "\n");
}

const struct cmd cmds_enable[] = {
	{ "algorithm-type", "Algorithm to use for hashing the plain text 'enable' secret",
	    .sub = algorithms, .verbs = CMD_SET, .run = enable_run },
	{ "secret", "Assign the privileged level secret", .sub = forms, .no_end = true,
	    .run = enable_run },
	REFUSED("password", READABLE),
	CMD_END
};

/* --- username --- */

bool
cmds_username_run(struct cmd_call *c)
{
	const struct cmd_value *named = cmd_value(c, SLOT_NAME), *level = cmd_value(c, SLOT_NUMBER);
	const char *name = named == NULL ? "" : named->text;
	struct conf_user *u = conf_user_find(&c->conf->users, name);
	char hash[USER_SECRET_MAX] = "";

	if (named == NULL)
		return cmd_refuse(c, "say which one: `no username NAME`");
	if (c->verb != CMD_SET) {
		if (u != NULL)
			conf_user_del(&c->conf->users, u);
		return true;
	}
	if (level != NULL && level->number > 1 && level->number < USER_LEVEL_PRIVILEGED)
		return cmd_refuse(c, "no commands are moved between privilege levels; use 1 or %d",
		    USER_LEVEL_PRIVILEGED);
	if (cmd_value(c, SLOT_KEY) != NULL && !take_secret(c, hash))
		return false;
	u = conf_user_get(&c->conf->users, name);
	if (level != NULL)
		u->level = (uint8_t)level->number;
	if (hash[0] != '\0')
		memcpy(u->secret, hash, sizeof(u->secret));
	return true;
}

void
cmds_username_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_user *u;

	DL_FOREACH(((const struct conf *)obj)->users.users, u) {
		text_add(out, "%s %s", before, u->name);
		if (u->level != 1)
			text_add(out, " privilege %u", u->level);
		if (u->secret[0] != '\0')
			write_secret(out, u->secret);
		text_add(out, "\n");
	}
}

#define SECRETS									\
	{ "algorithm-type", "Algorithm to use for hashing the plain text secret for the user",	\
	    .sub = algorithms },						\
	{ "secret", "Specify the secret for the user", .sub = forms },		\
	REFUSED("password", READABLE),						\
	REFUSED("nopassword", "a user without a secret would be anybody; give a `secret`")

static const struct cmd user_secret[] = { SECRETS, CMD_END };

const struct cmd cmds_username[] = {
	SECRETS,
	{ "privilege", "Set user privilege level", ARG_NUM(0, 15, "User privilege level"),
	    .slot = SLOT_NUMBER, .end = true, .sub = user_secret },
	REFUSED("access-class", "the host's sshd says who may come from where"),
	REFUSED("autocommand", "nothing is run at login"),
	REFUSED("one-time", "users log in as often as they like"),
	REFUSED("view", "there are no views: privilege 1 or 15"),
	CMD_END
};
