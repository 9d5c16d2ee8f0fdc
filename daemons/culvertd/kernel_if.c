/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel_if.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "kernel_ipv6.h"
#include "log.h"

#define FORWARD "net/ipv4/ip_forward"
#define ALL_REDIRECTS "net/ipv4/conf/all/send_redirects"

static void
complain(const char *what, const char *name, const char *why)
{
	if (why != NULL)
		log_err("%s %s: %s", what, name, why);
}

/* --- addresses --- */

static bool
in_kernel(const struct kernel *k, int index, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < k->addrs; i++)
		if (k->addr[i].index == index && prefix_eq(&k->addr[i].prefix, p))
			return true;
	return false;
}

struct at {			/* where an address is looked at */
	struct kernel *k;
	struct owned *o;
	const struct conf_iface *i;
	const struct kernel_link *link;
	const char *ifname;
};

static void
want_address(const struct at *at, const struct prefix *p)
{
	const struct kernel_link *l = at->link;
	const char *why;

	owned_want(at->o, "addr %s %s", l->name, PREFIX_STR(p));
	if (in_kernel(at->k, l->index, p) || (p->addr.family == ADDR_V6 && l->mtu < IPV6_MTU_MIN))
		return;
	why = kernel_addr_add(at->k, l->index, p, at->i->id.type != IFACE_GIGABIT);
	complain("address", PREFIX_STR(p), why);
	if (why == NULL)
		owned_add(at->o, "addr %s %s", l->name, PREFIX_STR(p));
}

static void
still_wanted(const struct at *at, const struct prefix *p)
{
	owned_want(at->o, "addr %s %s", at->ifname, PREFIX_STR(p));
}

static void
each_address(const struct at *at, void (*f)(const struct at *at, const struct prefix *p))
{
	const struct conf_iface *i = at->i;
	struct prefix link_local = {.addr = i->ipv6.link_local, .len = 64};
	const struct conf_addr *a;

	if (addr_is_set(&i->address.addr))
		f(at, &i->address);
	DL_FOREACH(i->secondaries, a)
		f(at, &a->prefix);
	if (addr_is_set(&link_local.addr))
		f(at, &link_local);
	DL_FOREACH(i->ipv6.addresses, a)
		f(at, &a->prefix);
}

/* Old addresses go before new ones come: a secondary may be tomorrow's primary. */
static void
sweep_addresses(struct kernel *k, const struct conf *c, const struct nics *n, struct owned *o)
{
	const struct conf_iface *i;
	struct owned_line *l, *next;
	struct prefix p;
	char ifname[16], text[64];

	owned_unmark(o, "addr");
	DL_FOREACH(c->ifaces, i)
		if (nics_linux_name(n, &i->id, ifname))
			each_address(&(struct at){.o = o, .i = i, .ifname = ifname}, still_wanted);
	HASH_ITER(hh, o->lines, l, next) {
		const struct kernel_link *link;

		if (l->wanted || sscanf(l->line, "addr %15s %63s", ifname, text) != 2)
			continue;
		link = kernel_link(k, ifname);
		if (link != NULL && prefix_parse(&p, text) && in_kernel(k, link->index, &p))
			complain("address", text, kernel_addr_del(k, link->index, &p));
		owned_del(o, l);
	}
}

/* --- links --- */

static void
make_loopback(struct kernel *k, const char *ifname, struct owned *o)
{
	const char *why;

	if (kernel_link(k, ifname) != NULL)
		return;
	/* A dummy device; or, where the kernel has none, a bridge without ports. */
	why = kernel_link_add(k, ifname, "dummy");
	if (why != NULL)
		why = kernel_link_add(k, ifname, "bridge");
	complain("interface", ifname, why);
	if (why == NULL)
		owned_add(o, "link %s", ifname);
}

static void
sweep_loopbacks(struct kernel *k, const struct conf *c, struct owned *o)
{
	const struct conf_iface *i;
	struct owned_line *l, *next;
	char ifname[16];

	owned_unmark(o, "link");
	DL_FOREACH(c->ifaces, i) {
		if (i->id.type != IFACE_LOOPBACK)
			continue;
		iface_linux_name(&i->id, ifname);
		owned_want(o, "link %s", ifname);
		make_loopback(k, ifname, o);
	}
	HASH_ITER(hh, o->lines, l, next) {
		if (l->wanted || sscanf(l->line, "link %15s", ifname) != 1)
			continue;
		complain("interface", ifname, kernel_link_del(k, ifname));
		owned_del(o, l);
	}
}

static void
set_up(struct kernel *k, const struct kernel_link *l, bool up, struct owned *o)
{
	struct owned_line *line;

	if (((l->flags & IFF_UP) != 0) == up)
		return;
	complain(up ? "no shutdown" : "shutdown", l->name, kernel_link_set_up(k, l->index, up));
	if (up)
		owned_add(o, "up %s", l->name);
	for (line = o->lines; line != NULL && !up; line = line->hh.next)
		if (strncmp(line->line, "up ", 3) == 0 && strcmp(line->line + 3, l->name) == 0)
			break;
	if (!up && line != NULL)
		owned_del(o, line);
}

/*
 * Packets for one prefix come in by several ways while NHRP finds shorter ones, so the
 * tunnel must not filter by reverse path.  The kernel takes the larger
 * of `all` and the device: 2 (loose) is what remains when `all` is strict.
 * Sending ICMP redirects is off for the same reason: a hub sends packets back out
 * of the tunnel they came from, and tells the spokes by NHRP.
 */
static void
set_tunnel_sysctls(const char *ifname, struct owned *o)
{
	char name[64];
	int old = kernel_sysctl_get(ALL_REDIRECTS);

	snprintf(name, sizeof(name), "net/ipv4/conf/%s/rp_filter", ifname);
	kernel_sysctl_set(name, kernel_sysctl_get("net/ipv4/conf/all/rp_filter") == 1 ? 2 : 0);
	snprintf(name, sizeof(name), "net/ipv4/conf/%s/send_redirects", ifname);
	kernel_sysctl_set(name, 0);
	if (old > 0 && kernel_sysctl_set(ALL_REDIRECTS, 0))
		owned_add(o, "sysctl %s %d", ALL_REDIRECTS, old);
}

static void
apply_interface(struct kernel *k, const struct conf_iface *i, const char *ifname,
    bool hooked, struct owned *o)
{
	const struct kernel_link *l = kernel_link(k, ifname);

	if (l == NULL)
		return;		/* a tunnel whose device espd has not made yet */
	if (i->id.type == IFACE_TUNNEL && !(l->flags & IFF_UP))
		set_tunnel_sysctls(ifname, o);
	kernel_ipv6_interface(k, i, l, o);
	each_address(&(struct at){.k = k, .o = o, .i = i, .link = l}, want_address);
	set_up(k, l, !i->shutdown && (hooked || i->cmap[0] == '\0'), o);
}

void
kernel_if_apply(struct kernel *k, const struct conf *c, const struct nics *n, bool hooked,
    struct owned *o)
{
	const struct conf_iface *i;
	char ifname[16];

	sweep_loopbacks(k, c, o);
	sweep_addresses(k, c, n, o);
	if (kernel_read(k) != NULL)	/* the event that follows brings us here again */
		return;
	DL_FOREACH(c->ifaces, i)
		if (nics_linux_name(n, &i->id, ifname))
			apply_interface(k, i, ifname, hooked, o);
}

void
kernel_if_forward(struct owned *o)
{
	int old = kernel_sysctl_get(FORWARD);

	if (old == 1)
		return;
	if (kernel_sysctl_set(FORWARD, 1))
		owned_add(o, "sysctl %s %d", FORWARD, old < 0 ? 0 : old);
	else
		log_err("cannot switch IP forwarding on: /proc/sys/" FORWARD " is not writable");
}

void
kernel_if_stop_forwarding(const struct owned *o)
{
	if (owned_has(o, "sysctl %s 0", FORWARD))
		kernel_sysctl_set(FORWARD, 0);
	kernel_ipv6_stop_forwarding(o);
}

void
kernel_if_remove(struct kernel *k, struct owned *o)
{
	struct owned_line *l, *next;
	char word[64], text[64];
	struct prefix p;
	int old;

	HASH_ITER(hh, o->lines, l, next) {
		const struct kernel_link *link;

		if (sscanf(l->line, "addr %63s %63s", word, text) == 2) {
			link = kernel_link(k, word);
			if (link != NULL && prefix_parse(&p, text))
				kernel_addr_del(k, link->index, &p);
		} else if (sscanf(l->line, "up %63s", word) == 1 && kernel_link(k, word) != NULL) {
			kernel_link_set_up(k, kernel_link(k, word)->index, false);
		} else if (sscanf(l->line, "link %63s", word) == 1) {
			kernel_link_del(k, word);
		} else if (sscanf(l->line, "sysctl %63s %d", word, &old) == 2) {
			kernel_sysctl_set(word, old);
		}
		owned_del(o, l);
	}
}
