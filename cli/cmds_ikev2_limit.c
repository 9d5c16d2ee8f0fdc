/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto ikev2 limit: how many IKE SAs there may be, and how many of them half open. */
#include "cli/cmds_ikev2.h"

enum { INCOMING = 1, OUTGOING };

/* Without a word it is the incoming ones; `no` without a number is about both. */
static bool
negotiating_run(struct cmd_call *c)
{
	const struct cmd_value *n = cmd_value(c, SLOT_NUMBER), *way = cmd_value(c, SLOT_KIND);
	uint32_t limit = c->verb == CMD_SET ? n->number : 0;
	struct conf_ikev2 *v = &c->conf->ikev2;

	if (n == NULL || way == NULL || way->number == INCOMING)
		v->max_negotiating = limit;
	if (n == NULL || (way != NULL && way->number == OUTGOING))
		v->max_negotiating_ours = limit;
	return true;
}

static void
negotiating_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2 *v = &((const struct conf *)obj)->ikev2;

	if (v->max_negotiating != 0)
		text_add(out, "%s %u\n", before, v->max_negotiating);
	if (v->max_negotiating_ours != 0)
		text_add(out, "%s %u outgoing\n", before, v->max_negotiating_ours);
}

static const struct cmd ways[] = {
	{ "incoming", "Limit the maximum incoming in-negotiation SAs", .slot = SLOT_KIND,
	    .give = INCOMING },
	{ "outgoing", "Limit the maximum outgoing in-negotiation SAs", .slot = SLOT_KIND,
	    .give = OUTGOING },
	CMD_END
};

#define NEGOTIATING ARG_NUM(1, 60000, "Number of IKEv2 SAs"), .slot = SLOT_NUMBER, .sub = ways,	\
    .end = true, .no_end = true, .run = negotiating_run

const struct cmd cmds_ikev2_limits[] = {
	/* IOS spells it so; people do not.  It is written once. */
	{ "max-in-negotation-sa", "Limit the maximum in-negotiation SAs", NEGOTIATING,
	    .write = negotiating_write },
	{ "max-in-negotiation-sa", "", NEGOTIATING, .hidden = true },
	{ "max-sa", "Limit the maximum SAs", ARG_NUM(1, 60000, "Number of IKEv2 SAs"),
	    FIELD(conf, ikev2.max_sas) },
	REFUSED("queue", "requests do not wait in a queue; leave it out"),
	CMD_END
};
