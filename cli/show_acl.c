/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show access-lists and show ip access-lists: the lists are the running-config's,
 * and how often a line matched is the forwarder's, which counts those that a
 * crypto map uses (daemons/espd/acl_count.h).  Without a forwarder there are lists.
 */
#include <string.h>
#include <utlist.h>

#include "cli/acl_text.h"
#include "show_util.h"

static uint64_t
matches_of(const struct rows *counts, const struct conf_acl *a, uint32_t line)
{
	const struct ipc_row_acl_count *n;

	ROWS_EACH(n, counts)
		if (n->line == line && strcmp(n->acl, a->name) == 0)
			return n->packets;
	return 0;
}

static void
add_list(struct text *out, const struct conf_acl *a, const struct rows *counts)
{
	const struct acl_line *l;
	uint64_t matches;

	text_add(out, "%s IP access list %s\n", a->extended ? "Extended" : "Standard", a->name);
	DL_FOREACH(a->lines, l) {
		if (l->remark[0] != '\0')
			continue;
		text_add(out, "    %u ", l->seq);
		acl_text_show_line(out, a, l);
		matches = matches_of(counts, a, l->seq);
		if (matches != 0)
			text_add(out, " (%llu match%s)", (unsigned long long)matches,
			    matches == 1 ? "" : "es");
		text_add(out, "\n");
	}
}

const char *
show_access_lists(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct conf *c;
	const char *why = show_conf_of(src, &c);
	const struct conf_acl *acl;
	struct rows counts;

	rows_ask(&counts, src, IPC_ESPD, SHOW_ACL_COUNTS, IPC_MSG_ROW_ACL_COUNT);
	if (why == NULL)
		DL_FOREACH(c->acls, acl)
			if (a->tag[0] == '\0' || strcmp(a->tag, acl->name) == 0)
				add_list(out, acl, &counts);
	rows_free(&counts);
	conf_free(c);
	return why;
}
