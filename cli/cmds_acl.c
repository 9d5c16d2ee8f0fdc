/* SPDX-License-Identifier: GPL-3.0-or-later */
/* access-list ... and ip access-list ...: numbered and named lists. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "cli/acl_text.h"
#include "cli/cmds_acl.h"
#include "conf_cmap.h"

/* --- a line of a list --- */

/* May this line stand in the list of that name, which crypto maps may use? */
static bool
suits_maps(struct cmd_call *c, const char *list, const struct acl_line *l)
{
	const struct conf_cmap *m = conf_cmap_of_acl(c->conf, list);
	const char *why = acl_line_map_trouble(l);

	if (m == NULL || why == NULL)
		return true;
	return cmd_refuse(c, "list %s is used by crypto map %s, and %s", list, m->name, why);
}

/* A line that is there already is left as it is, as IOS does it. */
static bool
add_line(struct cmd_call *c, struct conf_acl *a, const struct acl_line *l)
{
	bool remark = l->remark[0] != '\0';

	if (!remark && conf_acl_same(a, l) != NULL)
		return true;
	if (!remark && conf_acl_line(a, l->seq) != NULL)
		return cmd_refuse(c, "%% Duplicate sequence number %u", l->seq);
	conf_acl_add(a, l);
	return true;
}

/* --- access-list N ... --- */

static bool
is_extended(unsigned long number)
{
	return (number >= 100 && number <= 199) || (number >= 2000 && number <= 2699);
}

static bool
is_number(const char *name)
{
	return name[strspn(name, "0123456789")] == '\0';
}

/* Of a numbered list `no` takes all, whatever follows: IOS does the same. */
static bool
del_list(struct cmd_call *c, const char *name)
{
	struct conf_acl *a = conf_acl_find(c->conf, name);

	if (a != NULL)
		conf_acl_del(c->conf, a);
	return true;
}

bool
cmds_acl_numbered_run(struct cmd_call *c)
{
	const struct cmd_value *number = cmd_value(c, SLOT_NAME), *remark = cmd_value(c, SLOT_TEXT);
	bool extended = is_extended(number->number);
	struct acl_line l = {0};
	struct conf_acl *a;

	if (c->verb != CMD_SET)
		return del_list(c, number->text);
	if (remark != NULL)
		snprintf(l.remark, sizeof(l.remark), "%s", remark->text);
	else
		cmds_acl_read_line(c, extended, &l);
	if (!suits_maps(c, number->text, &l))
		return false;
	a = conf_acl_get(c->conf, number->text, extended);
	l.seq = conf_acl_next_seq(a);
	return add_line(c, a, &l);
}

/* Written as `access-list N`, where the numbers of its lines are what that would give them. */
static bool
written_by_number(const struct conf_acl *a)
{
	return is_number(a->name) && a->lines != NULL && conf_acl_numbered_plainly(a);
}

void
cmds_acl_numbered_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_acl *a;
	const struct acl_line *l;

	DL_FOREACH(((const struct conf *)obj)->acls, a) {
		if (!written_by_number(a))
			continue;
		DL_FOREACH(a->lines, l) {
			text_add(out, "%s %s ", before, a->name);
			acl_text_line(out, a, l);
			text_add(out, "\n");
		}
	}
}

#define ACTIONS(next)									\
	{ "permit", "Specify packets to forward", .slot = SLOT_LEVEL, .give = ACL_PERMIT,	\
	    .no_end = true, .sub = (next) },						\
	{ "deny", "Specify packets to reject", .slot = SLOT_LEVEL, .give = ACL_DENY,	\
	    .no_end = true, .sub = (next) },						\
	{ "remark", "Access list entry comment", ARG(line, "Comment up to 100 characters"),	\
	    .slot = SLOT_TEXT }

static const struct cmd extended_actions[] = {
	ACTIONS(cmds_acl_protocols),
	REFUSED("dynamic", ACL_NOT_MATCHED), REFUSED("evaluate", ACL_NOT_MATCHED),
	CMD_END
};
static const struct cmd standard_actions[] = { ACTIONS(cmds_acl_standard_side), CMD_END };

#define NUMBERS(low, high, text, actions)						\
	{ VALUE_NUM(low, high, text), .slot = SLOT_NAME, .no_end = true, .sub = (actions) }

const struct cmd cmds_acl_numbered[] = {
	NUMBERS(1, 99, "IP standard access list", standard_actions),
	NUMBERS(100, 199, "IP extended access list", extended_actions),
	NUMBERS(1300, 1999, "IP standard access list (expanded range)", standard_actions),
	NUMBERS(2000, 2699, "IP extended access list (expanded range)", extended_actions),
	CMD_END
};

/* --- inside of a list --- */

static bool
take_line(struct cmd_call *c, struct conf_acl *a, const struct acl_line *l)
{
	struct acl_line *at = NULL;

	if (l->remark[0] != '\0') {
		DL_FOREACH(a->lines, at)
			if (strcmp(at->remark, l->remark) == 0)
				break;
	} else {
		at = conf_acl_same(a, l);
	}
	if (at == NULL)
		return cmd_refuse(c, "%% Specified entry does not exist");
	conf_acl_line_del(a, at);
	return true;
}

/* [N] {permit | deny | remark} ...; `no N` takes the line of that number. */
static bool
line_run(struct cmd_call *c)
{
	const struct cmd_value *seq = cmd_value(c, SLOT_MORE), *remark = cmd_value(c, SLOT_TEXT);
	struct conf_acl *a = c->obj;
	struct acl_line l = {.seq = seq != NULL ? seq->number : conf_acl_next_seq(a)}, *at;

	if (remark != NULL)
		snprintf(l.remark, sizeof(l.remark), "%s", remark->text);
	else if (c->n_values > 1 + (seq != NULL))
		cmds_acl_read_line(c, a->extended, &l);
	else if ((at = conf_acl_line(a, l.seq)) == NULL)
		return cmd_refuse(c, "%% Specified entry does not exist");
	else {
		conf_acl_line_del(a, at);
		return true;
	}
	if (c->verb != CMD_SET)
		return take_line(c, a, &l);
	return suits_maps(c, a->name, &l) && add_line(c, a, &l);
}

static void
lines_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_acl *a = obj;
	const struct acl_line *l;

	(void)before;
	DL_FOREACH(a->lines, l) {
		text_add(out, " %u ", l->seq);
		acl_text_line(out, a, l);
		text_add(out, "\n");
	}
}

#define LINE_ROWS(next, actions)								\
	{ VALUE_NUM(1, 2147483647, "Sequence Number"), .slot = SLOT_MORE, .no_end = true,	\
	    .sub = (actions), .run = line_run, .write = lines_write },			\
	{ "permit", "Specify packets to forward", .slot = SLOT_LEVEL, .give = ACL_PERMIT,	\
	    .sub = (next), .run = line_run },						\
	{ "deny", "Specify packets to reject", .slot = SLOT_LEVEL, .give = ACL_DENY,		\
	    .sub = (next), .run = line_run },						\
	{ "remark", "Access list entry comment", ARG(line, "Comment up to 100 characters"),	\
	    .slot = SLOT_TEXT, .run = line_run }

static const struct cmd extended_rows[] = {
	LINE_ROWS(cmds_acl_protocols, extended_actions),
	REFUSED("dynamic", ACL_NOT_MATCHED), REFUSED("evaluate", ACL_NOT_MATCHED),
	CMD_END
};
static const struct cmd standard_rows[] = {
	LINE_ROWS(cmds_acl_standard_side, standard_actions),
	CMD_END
};

static void *
list_find(struct conf *c, const struct cmd_key *key)
{
	return conf_acl_find(c, key->name);
}

static const struct cmd_mode cmd_mode_acl_extended = {"config-ext-nacl", extended_rows, list_find};
static const struct cmd_mode cmd_mode_acl_standard = {"config-std-nacl", standard_rows, list_find};

/* --- ip access-list ... --- */

static bool
good_name(struct cmd_call *c, const char *name, bool extended)
{
	unsigned long number = strtoul(name, NULL, 10);
	bool standard = (number >= 1 && number <= 99) || (number >= 1300 && number <= 1999);

	if (!is_number(name) && name[0] >= '0' && name[0] <= '9')
		return cmd_refuse(c, "%% Invalid access list name.");
	if (is_number(name) && (extended ? !is_extended(number) : !standard))
		return cmd_refuse(c, "%% Invalid access list number: %s are 1-99 and 1300-1999, "
		    "extended ones 100-199 and 2000-2699", "standard lists");
	return true;
}

bool
cmds_acl_named_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	bool extended = cmd_value(c, SLOT_KIND)->number == 1;
	const struct conf_acl *a = conf_acl_find(c->conf, name);

	if (c->verb != CMD_SET)
		return del_list(c, name);
	if (!good_name(c, name, extended))
		return false;
	if (a != NULL && a->extended != extended)
		return cmd_refuse(c, "%% A named %s IP access list with this name already exists",
		    extended ? "standard" : "extended");
	conf_acl_get(c->conf, name, extended);
	snprintf(c->key.name, sizeof(c->key.name), "%s", name);
	c->enter = extended ? &cmd_mode_acl_extended : &cmd_mode_acl_standard;
	return true;
}

void
cmds_acl_named_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_acl *a;

	DL_FOREACH(((const struct conf *)obj)->acls, a) {
		if (written_by_number(a))
			continue;
		text_add(out, "%s %s %s\n", before, a->extended ? "extended" : "standard", a->name);
		lines_write(out, "", a);
	}
}

static bool
resequence_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	const struct conf_acl *a = conf_acl_find(c->conf, name);
	uint32_t seq = cmd_value(c, SLOT_NUMBER)->number, step = cmd_value(c, SLOT_MORE)->number;
	struct acl_line *l;

	if (a == NULL)
		return cmd_refuse(c, "%% Access-list %s does not exist", name);
	DL_FOREACH(a->lines, l) {
		l->seq = seq;
		if (l->remark[0] == '\0')
			seq += step;
	}
	return true;
}

static const struct cmd list_name[] = {
	{ VALUE(word, "Access-list name or number"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd resequence_step[] = {
	{ VALUE_NUM(1, 65535, "Step to increment the sequence number"), .slot = SLOT_MORE },
	CMD_END
};

static const struct cmd resequence_start[] = {
	{ VALUE_NUM(1, 65535, "Starting Sequence Number"), .slot = SLOT_NUMBER,
	    .sub = resequence_step },
	CMD_END
};

static const struct cmd resequence[] = {
	{ VALUE(word, "Access-list name or number"), .slot = SLOT_NAME, .sub = resequence_start },
	CMD_END
};

const struct cmd cmds_acl_named[] = {
	{ "extended", "Extended Access List", .slot = SLOT_KIND, .give = 1, .sub = list_name },
	{ "standard", "Standard Access List", .slot = SLOT_KIND, .give = 0, .sub = list_name },
	{ "resequence", "Resequence Access List", .sub = resequence, .verbs = CMD_SET,
	    .run = resequence_run },
	REFUSED("log-update", ACL_NOT_LOGGED), REFUSED("logging", ACL_NOT_LOGGED),
	CMD_END
};
