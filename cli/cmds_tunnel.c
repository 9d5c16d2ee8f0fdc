/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In a tunnel: tunnel ... */
#include <stdio.h>
#include <string.h>

#include "cli/cmds.h"
#include "cli/elsewhere.h"

static struct conf_tunnel *
tunnel_of(struct cmd_call *c)
{
	return &((struct conf_iface *)c->obj)->tunnel;
}

static const struct conf_tunnel *
tunnel_in(const void *obj)
{
	return &((const struct conf_iface *)obj)->tunnel;
}

/* --- source and destination --- */

static const char *
link_local_end(char *why, size_t size, const char *address)
{
	snprintf(why, size, "A tunnel cannot end at the link-local address %s: no interface goes with "
	    "it; use a global one", address);
	return why;
}

static bool
source_run(struct cmd_call *c)
{
	struct conf_iface *i = c->obj;
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR), *iface = cmd_value(c, SLOT_IFACE);
	char why[CMD_WHY_MAX / 2];

	if (c->verb == CMD_SET && iface != NULL && iface_cmp(&iface->iface, &i->id) == 0)
		return cmd_refuse(c, "%% A tunnel cannot be its own source");
	if (c->verb == CMD_SET && addr != NULL && addr_is_link_local(&addr->addr))
		return cmd_refuse(c, "%% %s", link_local_end(why, sizeof(why), addr->text));
	i->tunnel.source = (struct addr){0};
	i->tunnel.source_if = (struct iface_id){0};
	if (c->verb == CMD_SET && addr != NULL)
		i->tunnel.source = addr->addr;
	else if (c->verb == CMD_SET)
		i->tunnel.source_if = iface->iface;
	return true;
}

static void
source_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_tunnel *t = tunnel_in(obj);
	char name[IFACE_NAME_MAX];

	if (addr_is_set(&t->source))
		text_add(out, "%s %s\n", before, ADDR_STR(&t->source));
	else if (t->source_if.type != IFACE_NONE)
		text_add(out, "%s %s\n", before, iface_name(&t->source_if, name));
}

static bool
destination_run(struct cmd_call *c)
{
	struct conf_tunnel *t = tunnel_of(c);
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR);
	char why[CMD_WHY_MAX / 2];

	if (c->verb == CMD_SET && t->kind == TUNNEL_MGRE)
		return cmd_refuse(c, "%% A multipoint tunnel has no destination; enter "
		    "`tunnel mode gre ip` or `tunnel mode ipsec ipv4` first");
	if (c->verb == CMD_SET && (addr_is_any(&addr->addr) || addr_is_multicast(&addr->addr)))
		return cmd_refuse(c, "%% Invalid tunnel destination %s", addr->text);
	if (c->verb == CMD_SET && addr_is_link_local(&addr->addr))
		return cmd_refuse(c, "%% %s", link_local_end(why, sizeof(why), addr->text));
	t->destination = c->verb == CMD_SET ? addr->addr : (struct addr){0};
	return true;
}

static void
destination_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_tunnel *t = tunnel_in(obj);

	if (addr_is_set(&t->destination))
		text_add(out, "%s %s\n", before, ADDR_STR(&t->destination));
}

static const struct cmd source[] = {
	{ VALUE(addr, "ip address"), .slot = SLOT_ADDR },
	{ VALUE(addr6, "IPv6 address"), .slot = SLOT_ADDR },
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};

static const struct cmd destination[] = {
	{ VALUE(addr, "ip address"), .slot = SLOT_ADDR },
	{ VALUE(addr6, "IPv6 address"), .slot = SLOT_ADDR },
	CMD_END
};

/* --- mode --- */

#define OVER_V6 0x100u		/* with the kind, in what a mode's word gives */

static bool
mode_run(struct cmd_call *c)
{
	struct conf_tunnel *t = tunnel_of(c);
	const struct cmd_value *v = cmd_value(c, SLOT_KIND);
	unsigned int mode = c->verb == CMD_SET ? v->number : TUNNEL_GRE, kind = mode & ~OVER_V6;

	if (kind == TUNNEL_MGRE && addr_is_set(&t->destination))
		return cmd_refuse(c, "%% A multipoint tunnel has no destination; enter "
		    "`no tunnel destination` first");
	if (kind != TUNNEL_MGRE && t->hairpin)
		return cmd_refuse(c, "%% Only a multipoint tunnel has a hairpin; enter "
		    "`no tunnel hairpin` first");
	if (kind == TUNNEL_VTI && t->has_key)
		return cmd_refuse(c, "%% IPsec tunnels have no key; enter `no tunnel key` first");
	if (kind == TUNNEL_MGRE && conf_ipv6_on(&((const struct conf_iface *)c->obj)->ipv6))
		return cmd_refuse(c, "%% A multipoint tunnel carries IPv4 only; enter `no ipv6 address` and "
		    "`no ipv6 enable` first");
	t->kind = kind == TUNNEL_GRE ? 0 : (uint8_t)kind;
	t->over_v6 = (mode & OVER_V6) != 0;
	t->overlay = cmd_value(c, SLOT_FLAG) != NULL;
	return true;
}

static void
mode_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_tunnel *t = tunnel_in(obj);

	if (t->kind == TUNNEL_MGRE)
		text_add(out, "%s gre multipoint\n", before);
	else if (t->kind == TUNNEL_VTI)
		text_add(out, "%s ipsec %s%s\n", before, t->over_v6 ? "ipv6" : "ipv4",
		    !t->overlay ? "" : t->over_v6 ? " v4-overlay" : " v6-overlay");
	else if (t->over_v6)
		text_add(out, "%s gre ipv6\n", before);
}

static const struct cmd mode_multipoint[] = {
	REFUSED("ipv6", "NHRP finds NBMA addresses of IPv4 only; use `tunnel mode gre multipoint`"),
	CMD_END
};

static const struct cmd mode_gre[] = {
	{ "ip", "over IP", .slot = SLOT_KIND, .give = TUNNEL_GRE },
	{ "ipv6", "over IPv6", .slot = SLOT_KIND, .give = TUNNEL_GRE | OVER_V6 },
	{ "multipoint", "over IP (multipoint)", .slot = SLOT_KIND, .give = TUNNEL_MGRE, .end = true,
	    .sub = mode_multipoint },
	CMD_END
};

static const struct cmd v6_overlay[] = {
	{ "v6-overlay", "Overlay is IPv6", .slot = SLOT_FLAG },
	CMD_END
};

static const struct cmd v4_overlay[] = {
	{ "v4-overlay", "Overlay is IPv4", .slot = SLOT_FLAG },
	CMD_END
};

static const struct cmd mode_ipsec[] = {
	{ "ipv4", "over IPv4", .slot = SLOT_KIND, .give = TUNNEL_VTI, .end = true,
	    .sub = v6_overlay },
	{ "ipv6", "over IPv6", .slot = SLOT_KIND, .give = TUNNEL_VTI | OVER_V6, .end = true,
	    .sub = v4_overlay },
	REFUSED("dual-overlay", "an SA carries one IP version; use `tunnel mode gre ip` for both"),
	CMD_END
};

static const struct cmd mode[] = {
	{ "gre", "generic route encapsulation protocol", .sub = mode_gre },
	{ "ipsec", "IPSec tunnel encapsulation", .sub = mode_ipsec },
	REFUSED("ipip", "IP in IP is not built in; use `tunnel mode gre ip`"),
	REFUSED("ipv6ip", "IPv6 in IP is not built in; use `tunnel mode gre ip`"),
	CMD_END
};

/* --- key --- */

static bool
key_run(struct cmd_call *c)
{
	struct conf_tunnel *t = tunnel_of(c);

	if (c->verb == CMD_SET && t->kind == TUNNEL_VTI)
		return cmd_refuse(c, "%% IPsec tunnels have no key; enter "
		    "`tunnel mode gre ip` first");
	t->has_key = c->verb == CMD_SET;
	t->key = t->has_key ? cmd_value(c, SLOT_NUMBER)->number : 0;
	return true;
}

static void
key_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_tunnel *t = tunnel_in(obj);

	if (t->has_key)
		text_add(out, "%s %u\n", before, t->key);
}

/* --- hairpin --- */

static bool
hairpin_run(struct cmd_call *c)
{
	struct conf_tunnel *t = tunnel_of(c);

	if (c->verb == CMD_SET && t->kind != TUNNEL_MGRE)
		return cmd_refuse(c, "%% Only a multipoint tunnel has a hairpin; enter "
		    "`tunnel mode gre multipoint` first");
	t->hairpin = c->verb == CMD_SET;
	return true;
}

static void
hairpin_write(struct text *out, const char *before, const void *obj)
{
	if (tunnel_in(obj)->hairpin)
		text_add(out, "%s\n", before);
}

/* --- path-mtu-discovery --- */

static bool
pmtud_run(struct cmd_call *c)
{
	const struct cmd_value *age = cmd_value(c, SLOT_MORE), *least = cmd_value(c, SLOT_NUMBER);
	struct conf_pmtud *p = &tunnel_of(c)->pmtud;

	*p = (struct conf_pmtud){0};
	if (c->verb != CMD_SET)
		return true;
	p->on = true;
	p->forever = cmd_value(c, SLOT_FLAG) != NULL;
	p->age_min = age == NULL ? 0 : (uint8_t)age->number;
	p->least = least == NULL ? 0 : (uint16_t)least->number;
	return true;
}

static void
pmtud_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_pmtud *p = &tunnel_in(obj)->pmtud;

	if (!p->on)
		return;
	text_add(out, "%s", before);
	if (p->forever)
		text_add(out, " age-timer infinite");
	else if (p->age_min != 0)
		text_add(out, " age-timer %u", p->age_min);
	if (p->least != 0)
		text_add(out, " min-mtu %u", p->least);
	text_add(out, "\n");
}

static const struct cmd pmtud_least[] = {
	{ "min-mtu", "Min pmtud mtu allowed", ARG_NUM(92, 65535, "Min pmtud mtu (bytes)"),
	    .slot = SLOT_NUMBER },
	CMD_END
};

static const struct cmd pmtud_age[] = {
	{ VALUE(number, "aging-mins"), .min = 10, .max = 30, .slot = SLOT_MORE, .end = true,
	    .sub = pmtud_least },
	{ "infinite", "Disable pmtud aging timer", .slot = SLOT_FLAG, .end = true,
	    .sub = pmtud_least },
	CMD_END
};

static const struct cmd pmtud[] = {
	{ "age-timer", "Set PMTUD aging timer", .sub = pmtud_age },
	{ "min-mtu", "Min pmtud mtu allowed", ARG_NUM(92, 65535, "Min pmtud mtu (bytes)"),
	    .slot = SLOT_NUMBER },
	CMD_END
};

/* --- protection --- */

static bool
protection_run(struct cmd_call *c)
{
	struct conf_tunnel *t = tunnel_of(c);
	const struct cmd_value *name = cmd_value(c, SLOT_NAME), *ikev2 = cmd_value(c, SLOT_MORE);
	const struct cmd_value *isakmp = cmd_value(c, SLOT_KIND);

	memset(t->profile, 0, sizeof(t->profile));
	memset(t->ikev2_profile, 0, sizeof(t->ikev2_profile));
	memset(t->isakmp_profile, 0, sizeof(t->isakmp_profile));
	t->shared = false;
	if (c->verb != CMD_SET)
		return true;
	snprintf(t->profile, sizeof(t->profile), "%s", name->text);
	t->shared = cmd_value(c, SLOT_FLAG) != NULL;
	if (ikev2 != NULL)
		snprintf(t->ikev2_profile, sizeof(t->ikev2_profile), "%s", ikev2->text);
	if (isakmp != NULL)
		snprintf(t->isakmp_profile, sizeof(t->isakmp_profile), "%s", isakmp->text);
	/* Refused, the tunnel would be up without any protection. */
	if (conf_profile_known(c->conf, name->text) == NULL)
		snprintf(c->why, sizeof(c->why), "%% There is no ipsec profile %.60s: the tunnel drops all "
		    "packets until `crypto ipsec profile %.60s` is configured", name->text, name->text);
	return true;
}

static void
protection_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_tunnel *t = tunnel_in(obj);

	if (t->profile[0] == '\0')
		return;
	text_add(out, "%s ipsec profile %s%s", before, t->profile, t->shared ? " shared" : "");
	if (t->ikev2_profile[0] != '\0')
		text_add(out, " ikev2-profile %s", t->ikev2_profile);
	if (t->isakmp_profile[0] != '\0')
		text_add(out, " isakmp-profile %s", t->isakmp_profile);
	text_add(out, "\n");
}

/* IOS writes `shared` first and takes either order. */
static const struct cmd protection_then_shared[] = {
	{ "shared", "Share the security associations of tunnels with the same source",
	    .slot = SLOT_FLAG },
	CMD_END
};

static const struct cmd protection_ikev2[] = {
	{ "ikev2-profile", "Specify ikev2 profile", ARG(word, "Name of the ikev2 profile"),
	    .slot = SLOT_MORE },
	{ "isakmp-profile", "Specify isakmp profile", ARG(word, "Name of the isakmp profile"),
	    .slot = SLOT_KIND },
	CMD_END
};

static const struct cmd protection_shared[] = {
	{ "shared", "Share the security associations of tunnels with the same source",
	    .slot = SLOT_FLAG, .end = true, .sub = protection_ikev2 },
	{ "ikev2-profile", "Specify ikev2 profile", ARG(word, "Name of the ikev2 profile"),
	    .slot = SLOT_MORE, .end = true, .sub = protection_then_shared },
	{ "isakmp-profile", "Specify isakmp profile", ARG(word, "Name of the isakmp profile"),
	    .slot = SLOT_KIND, .end = true, .sub = protection_then_shared },
	CMD_END
};

static const struct cmd protection_profile[] = {
	{ "profile", "Determine the ipsec policy profile to use.",
	    ARG(word, "IPSec profile Name"), .slot = SLOT_NAME, .end = true, .no_end = true,
	    .sub = protection_shared },
	CMD_END
};

static const struct cmd protection[] = {
	{ "ipsec", "Use ipsec to protect this tunnel interface", .no_end = true,
	    .sub = protection_profile },
	CMD_END
};

const struct cmd cmds_tunnel[] = {
	{ "source", "source of tunnel packets", .sub = source, .no_end = true, .run = source_run,
	    .write = source_write },
	{ "destination", "destination of tunnel", .sub = destination, .no_end = true,
	     .run = destination_run, .write = destination_write },
	{ "mode", "tunnel encapsulation method", .sub = mode, .no_end = true, .run = mode_run,
	    .write = mode_write },
	{ "key", "security or selector key", ARG_NUM(0, 4294967295u, "key"), .slot = SLOT_NUMBER,
	    .no_end = true, .run = key_run, .write = key_write },
	{ "hairpin", "spoke to spoke past the kernel and its filters", .run = hairpin_run,
	    .write = hairpin_write },
	{ "path-mtu-discovery", "Enable Path MTU Discovery on tunnel", .sub = pmtud, .end = true,
	    .no_end = true, .run = pmtud_run, .write = pmtud_write },
	{ "ttl", "set time to live", ARG_NUM(1, 255, "ttl"), FIELD(conf_iface, tunnel.ttl) },
	{ "protection", "Enable tunnel protection", .sub = protection, .no_end = true,
	    .run = protection_run, .write = protection_write },
	REFUSED("vrf", "there is one routing table; leave out `tunnel vrf`"),
	ELSEWHERE_TUNNEL,
	CMD_END
};
