/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show_addrs.h"

#include <stdio.h>

#include "control.h"
#include "kernel_arp.h"
#include "log.h"
#include "shell_reply.h"

static bool
ios_name(const struct control *c, int index, char name[IFACE_NAME_MAX])
{
	const struct kernel_link *l = kernel_link_at(&c->kernel, index);
	struct iface_id id;

	if (l == NULL || !nics_ios_id(&c->nics, l->name, &id))
		return false;
	iface_name(&id, name);
	return true;
}

uint64_t
show_addresses(struct shell *s, const struct ipc_msg *m, unsigned int family)
{
	const struct control *c = s->control;
	size_t n = (size_t)m->body->show.cursor;

	for (; n < c->kernel.addrs; n++) {
		const struct kernel_addr *a = &c->kernel.addr[n];
		struct ipc_row_address r = {.address = a->prefix, .tentative = a->tentative,
		    .duplicate = a->duplicate};

		if (a->prefix.addr.family != family || !ios_name(c, a->index, r.interface))
			continue;
		if (ipc_queued(s->conn) > IPC_SHOW_BYTES)
			return n;
		ipc_send_seq(s->conn, IPC_MSG_ROW_ADDRESS, m->seq, &r);
	}
	return 0;
}

/* --- ARP --- */

struct arp_view {
	struct shell *s;
	const struct ipc_msg *m;
	uint64_t at, full_at;		/* full_at: the first row that had no room; 0: none */
};

static void
put_mac(char *to, size_t room, const uint8_t mac[6])
{
	snprintf(to, room, "%02x%02x.%02x%02x.%02x%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static void
send_arp(struct arp_view *v, const struct ipc_row_arp *r)
{
	if (v->full_at != 0 || v->at++ < v->m->body->show.cursor)
		return;
	if (ipc_queued(v->s->conn) > IPC_SHOW_BYTES)
		v->full_at = v->at - 1;
	else
		ipc_send_seq(v->s->conn, IPC_MSG_ROW_ARP, v->m->seq, r);
}

static void
take_arp(void *arg, const struct kernel_arp *a)
{
	struct arp_view *v = arg;
	struct ipc_row_arp r = {.address = a->addr, .age_s = a->age_s, .fixed = a->fixed};

	if (!ios_name(v->s->control, a->index, r.interface))
		return;
	if (a->complete)
		put_mac(r.mac, sizeof(r.mac), a->mac);
	send_arp(v, &r);
}

/* Our own addresses are in IOS's table, too. */
static void
send_own(struct arp_view *v)
{
	const struct kernel *k = &v->s->control->kernel;
	size_t i;

	for (i = 0; i < k->addrs; i++) {
		const struct kernel_link *l = kernel_link_at(k, k->addr[i].index);
		struct ipc_row_arp r = {.address = k->addr[i].prefix.addr, .fixed = 1};
		struct iface_id id;

		if (k->addr[i].prefix.addr.family != ADDR_V4 || !kernel_link_usable(l) ||
		    !nics_ios_id(&v->s->control->nics, l->name, &id) || id.type != IFACE_GIGABIT)
			continue;
		iface_name(&id, r.interface);
		put_mac(r.mac, sizeof(r.mac), l->mac);
		send_arp(v, &r);
	}
}

uint64_t
show_arp(struct shell *s, const struct ipc_msg *m)
{
	struct arp_view v = {.s = s, .m = m};
	const char *why;

	send_own(&v);
	why = kernel_arp_each(&s->control->kernel, take_arp, &v);
	if (why != NULL)
		log_warn("the kernel's neighbours cannot be read: %s", why);
	return v.full_at;
}
