/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "master_key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/paste.h"
#include "control.h"
#include "log.h"
#include "secret_file.h"

static void
path_of(const struct key_store *s, char out[512])
{
	snprintf(out, 512, "%s/config-key", s->dir);
}

void
master_key_read(const struct key_store *s, struct conf *c)
{
	char path[512], buf[SECRET_FILE_MAX];
	struct secret master = {0};

	path_of(s, path);
	if (secret_file_read(path, buf) > 0)
		secret_set(&master, buf, strcspn(buf, "\n"));
	else if (errno != ENOENT)
		log_err("the master key of type 6 keys, %s: %s", path,
		    errno == 0 ? "it is empty" : strerror(errno));
	conf_type6_set_master(c, master.len > 0 ? &master : NULL);
	secret_wipe(&master);
	explicit_bzero(buf, sizeof(buf));
}

static const char *
forget(struct control *c)
{
	char path[512];

	if (conf_type6_used(c->conf))
		return "there are type 6 keys, which nobody could read without it; enter those keys "
		    "anew with `no password encryption aes` before";
	path_of(&c->keys, path);
	if (!secret_file_remove(path))
		return "the file of the master key cannot be removed";
	conf_type6_set_master(c->conf, NULL);
	return NULL;
}

const char *
master_key_run(struct control *c, const struct cmd_effect *e, struct text *out)
{
	static char why[600];
	struct secret master = {0};
	char path[512], line[MASTER_KEY_MAX + 2];
	bool ok;

	if (e->password[0] == '\0')
		return forget(c);
	path_of(&c->keys, path);
	snprintf(line, sizeof(line), "%.*s\n", MASTER_KEY_MAX, e->password);
	ok = secret_file_write(c->keys.dir, path, line, strlen(line));
	explicit_bzero(line, sizeof(line));
	if (!ok) {
		snprintf(why, sizeof(why), "cannot write %s: %s", path, strerror(errno));
		return why;
	}
	secret_set(&master, e->password, strlen(e->password));
	conf_type6_set_master(c->conf, &master);
	secret_wipe(&master);
	if (conf_type6_used(c->conf))
		text_add(out, "Type 6 keys are encrypted under the new master key; `write memory` "
		    "before the next reload.\n");
	return NULL;
}
