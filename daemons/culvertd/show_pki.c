/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show_pki.h"

#include <string.h>
#include <utlist.h>

#include "control.h"
#include "shell_reply.h"

void
show_pki_keys(struct shell *s, uint32_t seq)
{
	const struct stored_key *k;

	DL_FOREACH(s->control->keys.keys, k) {
		struct ipc_row_key row = {.kind = k->kind, .bits = k->bits, .exportable = k->exportable,
		    .made_wall_s = (uint64_t)k->made_s, .public_der = k->public_der};

		memcpy(row.label, k->label, sizeof(row.label));
		ipc_send_seq(s->conn, IPC_MSG_ROW_KEY, seq, &row);
	}
}

void
show_pki_crls(struct shell *s, uint32_t seq)
{
	const struct stored_crl *c;

	DL_FOREACH(s->control->crls.crls, c) {
		struct ipc_row_crl row = {.last_update_wall_s = (uint64_t)c->last_update_s,
		    .next_update_wall_s = (uint64_t)c->next_update_s,
		    .fetched_wall_s = (uint64_t)c->fetched_s, .bytes = (uint32_t)c->len,
		    .published = c->published};

		memcpy(row.trustpoint, c->trustpoint, sizeof(row.trustpoint));
		memcpy(row.issuer, c->issuer, sizeof(row.issuer));
		memcpy(row.url, c->url, sizeof(row.url));
		memcpy(row.why, c->why, sizeof(row.why));
		ipc_send_seq(s->conn, IPC_MSG_ROW_CRL, seq, &row);
	}
}
