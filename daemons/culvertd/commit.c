/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commit.h"

#include <stdio.h>
#include <string.h>

#include "control.h"
#include "crypto_hook.h"
#include "derive.h"
#include "derive_ikev2.h"
#include "derive_pki.h"
#include "log.h"

static void
send_to(void *arg, enum ipc_type type, const void *body)
{
	ipc_send(arg, type, body);
}

/* Lines of `now` that `before` did not have. */
static void
log_new_notes(const char *now, const char *before)
{
	size_t n;

	for (; *now != '\0'; now += n + 1) {
		char line[300];

		n = strcspn(now, "\n");
		snprintf(line, sizeof(line), "%.*s\n", (int)n, now);
		if (strstr(before, line) == NULL)
			log_warn("%.*s", (int)n, now);
	}
}

void
commit_changes(struct control *c)
{
	struct wishes want = {0};
	struct text notes = {0};
	size_t i;

	derive(c->conf, &c->nics, &want, &notes);
	derive_pki(&c->conf->pki, &c->keys, &c->crls, &want, &notes);
	derive_crash_detection(&c->conf->ikev2, &c->keys, &want, &notes);
	crypto_hook_sum(&want);
	for (i = 0; i < LINKS; i++)
		if (c->link[i].synced)
			wishes_diff(&c->wishes, &want, c->link[i].role, send_to,
			    ipc_client_conn(c->link[i].client));
	log_new_notes(text_str(&notes), text_str(&c->notes));
	wishes_free(&c->wishes);
	c->wishes = want;
	text_free(&c->notes);
	c->notes = notes;
}

void
commit_all(struct control *c, struct link *l)
{
	struct ipc_conn *conn = ipc_client_conn(l->client);
	struct ipc_debug debug = {.mask = c->debug_mask, .peer = c->debug_condition.peer,
	    .unmatched = c->debug_condition.unmatched};

	ipc_send(conn, IPC_MSG_BEGIN, NULL);
	wishes_all(&c->wishes, l->role, send_to, conn);
	ipc_send(conn, IPC_MSG_END, NULL);
	ipc_send(conn, IPC_MSG_DEBUG, &debug);
}

void
commit_debug(struct control *c)
{
	struct ipc_debug debug = {.mask = c->debug_mask, .peer = c->debug_condition.peer,
	    .unmatched = c->debug_condition.unmatched};
	size_t i;

	for (i = 0; i < LINKS; i++)
		ipc_send(ipc_client_conn(c->link[i].client), IPC_MSG_DEBUG, &debug);
}
