/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show crypto ikev2 diagnose error.  IOS adds where in its code each was; here its sentence is that. */
#include "show_util.h"

const char *
show_crypto_ikev2_diagnose_error(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows head, errors = {0};
	const char *why = rows_ask(&head, src, IPC_IKED, SHOW_IKEV2_ERRORS, IPC_MSG_ROW_IKEV2_ERRORS);
	const struct ipc_row_ikev2_errors *h;
	const struct ipc_row_ikev2_error *e;

	(void)a;
	if (why == NULL)
		why = rows_ask(&errors, src, IPC_IKED, SHOW_IKEV2_ERRORS, IPC_MSG_ROW_IKEV2_ERROR);
	h = rows_at(&head, 0);
	if (why == NULL && h != NULL) {
		text_add(out, "Exit Path Table - status: %s, current entry %u, deleted %u, max allow %u\n",
		    h->on ? "enable" : "disable", h->entries, h->deleted, h->max);
		ROWS_EACH(e, &errors)
			text_add(out, "\nError(%u): %s\n", e->count, e->text);
	}
	rows_free(&head);
	rows_free(&errors);
	return why;
}
