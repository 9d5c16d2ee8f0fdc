/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show event manager: what control says of applets, and the variables of the configuration. */
#include <string.h>
#include <utlist.h>

#include "conf_eem.h"
#include "show_util.h"

const char *
show_event_manager_policies(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return show_text_of(src, SHOW_EEM_POLICIES, out);
}

const char *
show_event_manager_history(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return show_text_of(src, SHOW_EEM_HISTORY, out);
}

const char *
show_event_manager_statistics(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return show_text_of(src, SHOW_EEM_STATISTICS, out);
}

const char *
show_event_manager_environment(struct show_source *src, const struct show_args *a,
    struct text *out)
{
	struct conf *c;
	const char *why = show_conf_of(src, &c);
	const struct conf_eem_variable *v;
	unsigned int n = 0;

	DL_FOREACH(c->eem.variables, v) {
		if (a->name[0] != '\0' && strcmp(a->name, v->name) != 0)
			continue;
		if (n++ == 0)
			text_add(out, "%-5s%-30s%s\n", "No.", "Name", "Value");
		text_add(out, "%-5u%-30s%s\n", n, v->name, v->value);
	}
	conf_free(c);
	return why;
}
