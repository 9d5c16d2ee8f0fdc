/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crypto ipsec df-bit and crypto ipsec fragmentation: what is done with packets
 * that are too long once they are protected, for all or, by a physical
 * interface, for its crypto map.
 */
#include "cli/cmds.h"
#include "cli/cmds_crypto.h"

/* --- df-bit --- */

static void
write_df(struct text *out, const char *before, uint8_t df)
{
	static const char *const words[] = {
		[CONF_DF_COPY] = "copy", [CONF_DF_CLEAR] = "clear", [CONF_DF_SET] = "set",
	};

	if (df != 0)
		text_add(out, "%s %s\n", before, words[df]);
}

bool
cmds_df_run(struct cmd_call *c)
{
	uint8_t df = c->verb == CMD_SET ? (uint8_t)cmd_value(c, SLOT_KIND)->number : 0;

	c->conf->df = df == CONF_DF_COPY ? 0 : df;
	return true;
}

void
cmds_df_write(struct text *out, const char *before, const void *obj)
{
	write_df(out, before, ((const struct conf *)obj)->df);
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
	write_df(out, before, ((const struct conf_iface *)obj)->df);
}

const struct cmd cmds_df_bits[] = {
	{ "clear", "Clear DF bit in outer IP header", .slot = SLOT_KIND, .give = CONF_DF_CLEAR },
	{ "copy", "Copy DF bit from inner to outer header", .slot = SLOT_KIND,
	    .give = CONF_DF_COPY },
	{ "set", "Set DF bit in outer IP header", .slot = SLOT_KIND, .give = CONF_DF_SET },
	CMD_END
};

/* --- fragmentation --- */

static void
write_frag(struct text *out, const char *before, uint8_t frag)
{
	if (frag != 0)
		text_add(out, "%s %s-encryption\n", before,
		    frag == CONF_FRAG_AFTER ? "after" : "before");
}

bool
cmds_frag_run(struct cmd_call *c)
{
	uint8_t frag = c->verb == CMD_SET ? (uint8_t)cmd_value(c, SLOT_KIND)->number : 0;

	c->conf->frag = frag == CONF_FRAG_BEFORE ? 0 : frag;
	return true;
}

void
cmds_frag_write(struct text *out, const char *before, const void *obj)
{
	write_frag(out, before, ((const struct conf *)obj)->frag);
}

static bool
iface_frag_run(struct cmd_call *c)
{
	struct conf_iface *i = c->obj;

	i->frag = c->verb == CMD_SET ? (uint8_t)cmd_value(c, SLOT_KIND)->number : 0;
	return true;
}

static void
iface_frag_write(struct text *out, const char *before, const void *obj)
{
	write_frag(out, before, ((const struct conf_iface *)obj)->frag);
}

const struct cmd cmds_fragmentations[] = {
	{ "after-encryption", "Perform fragmentation after encryption", .slot = SLOT_KIND,
	    .give = CONF_FRAG_AFTER },
	{ "before-encryption", "Perform fragmentation before encryption", .slot = SLOT_KIND,
	    .give = CONF_FRAG_BEFORE },
	CMD_END
};

const struct cmd cmds_iface_ipsec[] = {
	{ "df-bit", "Handling of encapsulated DF bit.", .sub = cmds_df_bits, .no_end = true,
	    .run = iface_df_run, .write = iface_df_write },
	{ "fragmentation", "Handling of fragmentation of near-MTU sized packets",
	    .sub = cmds_fragmentations, .no_end = true, .run = iface_frag_run,
	    .write = iface_frag_write },
	CMD_END
};
