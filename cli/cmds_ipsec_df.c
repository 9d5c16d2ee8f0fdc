/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crypto ipsec df-bit and crypto ipsec fragmentation: what a crypto map does
 * with packets that are too long once they are protected.
 *
 * They are cut before that, and outer packets have no DF.  So `copy` answers
 * a long packet that has DF with ICMP, and `clear` cuts it all the same.
 */
#include "cli/cmds.h"
#include "cli/cmds_crypto.h"

bool
cmds_df_run(struct cmd_call *c)
{
	const struct cmd_value *v = cmd_value(c, SLOT_KIND);

	c->conf->df = c->verb == CMD_SET && v->number == CONF_DF_CLEAR ? CONF_DF_CLEAR : 0;
	return true;
}

void
cmds_df_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf *)obj)->df == CONF_DF_CLEAR)
		text_add(out, "%s clear\n", before);
}

static bool
iface_df_run(struct cmd_call *c)
{
	struct conf_iface *i = c->obj;

	i->df = c->verb == CMD_SET ? (uint8_t)cmd_value(c, SLOT_KIND)->number : 0;
	return true;
}

static void
iface_df_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_iface *i = obj;

	if (i->df != 0)
		text_add(out, "%s %s\n", before, i->df == CONF_DF_CLEAR ? "clear" : "copy");
}

const struct cmd cmds_df_bits[] = {
	{ "clear", "Clear DF bit in outer IP header", .slot = SLOT_KIND, .give = CONF_DF_CLEAR },
	{ "copy", "Copy DF bit from inner to outer header", .slot = SLOT_KIND,
	    .give = CONF_DF_COPY },
	REFUSED("set", "outer packets have no DF, so that routers on the way may cut them; use "
	    "`crypto ipsec df-bit copy`"),
	CMD_END
};

const struct cmd cmds_fragmentations[] = {
	NOTED("before-encryption"),
	REFUSED("after-encryption", "packets are cut before they are encrypted, so that the peer "
	    "need not put them together first"),
	CMD_END
};

const struct cmd cmds_iface_ipsec[] = {
	{ "df-bit", "Handling of encapsulated DF bit.", .sub = cmds_df_bits, .no_end = true,
	    .run = iface_df_run, .write = iface_df_write },
	{ "fragmentation", "Handling of fragmentation of near-MTU sized packets",
	    .sub = cmds_fragmentations },
	CMD_END
};
