/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel_ipv6.h"

#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

#define FORWARD "net/ipv6/conf/all/forwarding"

/* Sets it, and remembers what it was. */
static void
change(const char *name, int value, struct owned *o)
{
	int old = kernel_sysctl_get(name);

	if (old >= 0 && old != value && kernel_sysctl_set(name, value))
		owned_add(o, "sysctl %s %d", name, old);
}

/* A link-local address that is configured is the only one. */
static void
remove_other_link_locals(struct kernel *k, int index, const struct addr *configured)
{
	size_t n;

	for (n = 0; n < k->addrs; n++) {
		const struct kernel_addr *a = &k->addr[n];

		if (a->index == index && addr_is_link_local(&a->prefix.addr) &&
		    !addr_eq(&a->prefix.addr, configured))
			kernel_addr_del(k, index, &a->prefix);
	}
}

void
kernel_ipv6_interface(struct kernel *k, const struct conf_iface *i, const struct kernel_link *l,
    struct owned *o)
{
	bool on = conf_ipv6_on(&i->ipv6);
	char name[64];

	snprintf(name, sizeof(name), "net/ipv6/conf/%s/disable_ipv6", l->name);
	if (i->id.type == IFACE_TUNNEL) {	/* its device is ours: there is nothing to give back */
		if (kernel_sysctl_get(name) == on)
			kernel_sysctl_set(name, !on);
	} else if (on)
		change(name, 0, o);
	if (!addr_is_set(&i->ipv6.link_local))
		return;
	snprintf(name, sizeof(name), "net/ipv6/conf/%s/addr_gen_mode", l->name);
	if (i->id.type == IFACE_TUNNEL)
		kernel_sysctl_set(name, IN6_ADDR_GEN_MODE_NONE);
	else
		change(name, IN6_ADDR_GEN_MODE_NONE, o);
	remove_other_link_locals(k, l->index, &i->ipv6.link_local);
}

static struct owned_line *
forwarding_was_off(const struct owned *o)
{
	struct owned_line *l;

	for (l = o->lines; l != NULL; l = l->hh.next)
		if (strcmp(l->line, "sysctl " FORWARD " 0") == 0)
			return l;
	return NULL;
}

void
kernel_ipv6_forward(bool on, struct owned *o)
{
	struct owned_line *ours = forwarding_was_off(o);
	static bool told;	/* we come here with each event of the kernel's */
	bool ok;

	if (on) {
		change(FORWARD, 1, o);
		ok = kernel_sysctl_get(FORWARD) == 1;
		if (!ok && !told)
			log_err("cannot switch IPv6 forwarding on: /proc/sys/" FORWARD " is not there or "
			    "not writable");
		told = !ok;
	} else if (ours != NULL) {
		kernel_sysctl_set(FORWARD, 0);
		owned_del(o, ours);
	}
}

void
kernel_ipv6_stop_forwarding(const struct owned *o)
{
	if (forwarding_was_off(o) != NULL)
		kernel_sysctl_set(FORWARD, 0);
}
