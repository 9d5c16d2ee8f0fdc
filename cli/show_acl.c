/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show access-lists and show ip access-lists, from the running-config.
 *
 * IOS prints how often a line matched where something counts it.  Nothing does
 * here for each line, so nothing is printed.
 */
#include <string.h>
#include <utlist.h>

#include "cli/acl_text.h"
#include "show_util.h"

static void
add_list(struct text *out, const struct conf_acl *a)
{
	const struct acl_line *l;

	text_add(out, "%s IP access list %s\n", a->extended ? "Extended" : "Standard", a->name);
	DL_FOREACH(a->lines, l) {
		if (l->remark[0] != '\0')
			continue;
		text_add(out, "    %u ", l->seq);
		acl_text_show_line(out, a, l);
		text_add(out, "\n");
	}
}

const char *
show_access_lists(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct conf *c;
	const char *why = show_conf_of(src, &c);
	const struct conf_acl *acl;

	if (why == NULL)
		DL_FOREACH(c->acls, acl)
			if (a->tag[0] == '\0' || strcmp(a->tag, acl->name) == 0)
				add_list(out, acl);
	conf_free(c);
	return why;
}
