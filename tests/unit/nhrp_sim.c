/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp_sim.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <utlist.h>

#include "kept.h"
#include "log.h"
#include "nhrp_ext.h"
#include "protect.h"
#include "publish.h"
#include "redirect.h"
#include "resolve.h"

#define IFNAME "Tunnel0"

struct sim_flight {		/* a packet on its way */
	struct sim *sim;
	struct sim_node *to;
	struct addr nbma;
	uint32_t ref;
	size_t len;
	uint8_t bytes[NHRP_PACKET_MAX];
	struct timer timer;
	struct sim_flight *prev, *next;
};

static uint32_t
random_below(struct sim *s, uint32_t n)
{
	s->random = s->random * 1664525u + 1013904223u;
	return (s->random >> 8) % n;
}

/* --- the wire --- */

void
sim_inject(struct sim_node *n, const struct addr *nbma, uint32_t ref, const void *p, size_t len)
{
	struct ipc_nhrp m = {.ifname = IFNAME, .local = n->local, .nbma = *nbma, .peer_ref = ref,
	    .packet = slice_of(p, len)};

	nhrp_receive(n->nhrp, &m);
}

static struct sim_node *
node_by_public(struct sim *s, const struct addr *nbma)
{
	unsigned int i;

	for (i = 0; i < s->nodes; i++)
		if (addr_eq(&s->node[i].public, nbma))
			return &s->node[i];
	return NULL;
}

static struct sim_session *
session_by_ref(struct sim_node *n, uint32_t ref)
{
	unsigned int i;

	for (i = 0; i < SIM_TABLE; i++)
		if (n->sessions[i].used && n->sessions[i].ref == ref)
			return &n->sessions[i];
	return NULL;
}

static void
arrive(struct timer *t)
{
	struct sim_flight *f = container_of(t, struct sim_flight, timer);
	struct sim_session *x = session_by_ref(f->to, f->ref);

	DL_DELETE(f->sim->flights, f);
	if (!f->to->dead && (f->ref == 0 || (x != NULL && x->up)))
		sim_inject(f->to, &f->nbma, f->ref, f->bytes, f->len);
	free(f);
}

static void
transmit(struct sim_node *n, const struct ipc_nhrp *m)
{
	struct sim *s = n->sim;
	struct sim_flight *f;
	struct sim_node *to = node_by_public(s, &m->nbma);
	uint32_t ref = 0;
	unsigned int ms = 10;

	n->sent++;
	if (nhrp_packet_read(&n->last, m->packet.p, m->packet.len) == NULL) {
		n->types_sent[n->last.type]++;
		n->last_id[n->last.type] = n->last.request_id;
		n->last_of[n->last.type] = n->last;
	}
	if (n->conf.protection[0] != '\0') {
		struct sim_session *x = session_by_ref(n, m->peer_ref);

		if (x == NULL || !x->up)
			return;
		to = x->peer;
		ref = x->peer_ref;
	}
	if (to == NULL || n->dead || n->last.type == s->lose_type ||
	    random_below(s, 100) < s->loss_percent)
		return;
	if (s->reorder)
		ms += random_below(s, 400);
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		abort();
	*f = (struct sim_flight){.sim = s, .to = to, .nbma = n->public, .ref = ref,
	    .len = m->packet.len};
	memcpy(f->bytes, m->packet.p, m->packet.len);
	f->timer.run = arrive;
	DL_APPEND(s->flights, f);
	timer_in(&f->timer, s->loop, mono_ms(ms));
}

/* --- espd --- */

static unsigned int
find_adj(const struct sim_node *n, const struct addr *hop)
{
	unsigned int i;

	for (i = 0; i < n->adjs && !addr_eq(&n->adj[i].next_hop, hop); i++)
		;
	return i;
}

static void
set_adj(struct sim_node *n, bool set, const struct ipc_adjacency *m)
{
	unsigned int i = find_adj(n, &m->next_hop);

	if (set) {
		n->adj[i] = *m;
		n->adjs += i == n->adjs;
	} else if (i < n->adjs) {
		n->adj[i] = n->adj[--n->adjs];
	}
}

static void
set_mcast(struct sim_node *n, bool set, const struct ipc_multicast *m)
{
	unsigned int i;

	for (i = 0; i < n->mcasts; i++)
		if (addr_eq(&n->mcast[i].nbma, &m->nbma) && n->mcast[i].peer_ref == m->peer_ref)
			break;
	if (set) {
		n->mcast[i] = *m;
		n->mcasts += i == n->mcasts;
	} else if (i < n->mcasts) {
		n->mcast[i] = n->mcast[--n->mcasts];
	}
}

static void
set_shortcut(struct sim_node *n, bool set, const struct ipc_shortcut *m)
{
	unsigned int i;

	for (i = 0; i < n->shortcuts && !prefix_eq(&n->shortcut[i].prefix, &m->prefix); i++)
		;
	if (set) {
		n->shortcut[i] = *m;
		n->shortcuts += i == n->shortcuts;
	} else if (i < n->shortcuts) {
		n->shortcut[i] = n->shortcut[--n->shortcuts];
	}
}

static void
to_espd(void *arg, enum ipc_type type, const void *body)
{
	struct sim_node *n = arg;

	if (type == IPC_MSG_NHRP_OUT) {
		transmit(n, body);
		return;
	}
	n->espd_messages++;
	switch (type) {
	case IPC_MSG_ADJ_SET:
	case IPC_MSG_ADJ_DEL:
		set_adj(n, type == IPC_MSG_ADJ_SET, body);
		break;
	case IPC_MSG_MCAST_SET:
	case IPC_MSG_MCAST_DEL:
		set_mcast(n, type == IPC_MSG_MCAST_SET, body);
		break;
	case IPC_MSG_SHORTCUT_SET:
	case IPC_MSG_SHORTCUT_DEL:
		set_shortcut(n, type == IPC_MSG_SHORTCUT_SET, body);
		break;
	case IPC_MSG_NHS_ROUTE:
		n->nhs_route = ((const struct ipc_nhs_route *)body)->next_hop;
		break;
	default:
		break;
	}
}

/* --- iked --- */

static void
tell_state(struct sim_session *x, uint32_t txn, unsigned int state)
{
	struct ipc_peer_state m = {.txn = txn, .peer_ref = x->ref, .remote = x->remote,
	    .remote_port = 500, .state = (uint8_t)state};

	memcpy(m.protection, x->node->conf.protection, sizeof(m.protection));
	protect_state(x->node->nhrp, &m);
}

static struct sim_session *
session_new(struct sim_node *n, struct sim_node *peer, const struct addr *remote)
{
	unsigned int i;

	for (i = 0; i < SIM_TABLE; i++) {
		struct sim_session *x = &n->sessions[i];

		if (x->used)
			continue;
		*x = (struct sim_session){.used = true, .ref = ++n->sim->next_ref, .peer = peer,
		    .remote = *remote, .node = n};
		return x;
	}
	abort();
}

static void
installed(struct timer *t)
{
	struct sim_session *y = container_of(t, struct sim_session, timer);

	y->up = true;
	tell_state(y, 0, PEER_UP);
}

static void
negotiated(struct timer *t)
{
	struct sim_session *x = container_of(t, struct sim_session, timer), *y;

	if (x->up)
		return;
	if (x->peer == NULL || x->peer->dead || x->peer->unreachable || x->node->dead) {
		tell_state(x, 0, PEER_DOWN);
		return;
	}
	y = session_by_ref(x->peer, x->peer_ref);
	if (y == NULL)
		y = session_new(x->peer, x->node, &x->node->public);
	x->up = true;
	x->peer_ref = y->ref;
	y->peer_ref = x->ref;
	tell_state(x, 0, PEER_UP);
	y->timer.run = installed;
	if (x->node->sim->late_ms == 0)
		installed(&y->timer);
	else
		timer_in(&y->timer, x->node->sim->loop, mono_ms(x->node->sim->late_ms));
}

static void
want(struct sim_node *n, const struct ipc_peer_want *m)
{
	struct sim_session *x = NULL;
	unsigned int i;

	n->wants++;
	for (i = 0; i < SIM_TABLE && x == NULL; i++)
		if (n->sessions[i].used && addr_eq(&n->sessions[i].remote, &m->remote))
			x = &n->sessions[i];
	if (x == NULL)
		x = session_new(n, node_by_public(n->sim, &m->remote), &m->remote);
	x->timer.run = negotiated;
	tell_state(x, m->txn, x->up ? PEER_UP : PEER_IKE);
	if (!x->up && !timer_armed(&x->timer)) {
		bool hopeless = x->peer == NULL || x->peer->dead || x->peer->unreachable;

		timer_in(&x->timer, n->sim->loop, mono_ms(hopeless ? 3000 : 50));
	}
}

static void
to_iked(void *arg, enum ipc_type type, const void *body)
{
	struct sim_node *n = arg;

	if (type == IPC_MSG_PEER_WANT)
		want(n, body);
	else if (type == IPC_MSG_PEER_UNWANT)
		n->unwants++;
}

void
sim_session_down(struct sim_node *a, struct sim_node *b)
{
	unsigned int i;

	for (i = 0; i < SIM_TABLE; i++) {
		struct sim_session *x = &a->sessions[i], *y;

		if (!x->used || x->peer != b || !x->up)
			continue;
		y = session_by_ref(b, x->peer_ref);
		x->up = y->up = false;
		tell_state(x, 0, PEER_DOWN);
		tell_state(y, 0, PEER_DOWN);
	}
}

/* --- the kernel --- */

static struct sim_node *
owner_of(struct sim *s, const struct addr *a)
{
	unsigned int i;

	for (i = 0; i < s->nodes; i++)
		if (prefix_contains(&s->node[i].lan, a))
			return &s->node[i];
	return NULL;
}

static bool
route(void *arg, const struct addr *dst, struct nhrp_route *r)
{
	struct sim_node *n = arg, *owner = owner_of(n->sim, dst);

	memset(r, 0, sizeof(*r));
	r->prefix = cache_host(dst);
	snprintf(r->ifname, sizeof(r->ifname), "%s", IFNAME);
	if (addr_eq(dst, &n->tunnel)) {
		r->local = true;
		return true;
	}
	if (prefix_contains(&n->conf.address, dst)) {
		r->prefix = prefix_network(&n->conf.address);
		return true;
	}
	if (owner == NULL || (owner == n && n->lan_gone))
		return false;
	r->prefix = owner->lan;
	if (owner == n)
		snprintf(r->ifname, sizeof(r->ifname), "eth1");
	else if (n == &n->sim->node[HUB] || n->sim->phase2)
		r->gateway = owner->tunnel;
	else
		r->gateway = n->sim->node[HUB].tunnel;
	return true;
}

static const struct nhrp_ops ops = {.to_espd = to_espd, .to_iked = to_iked, .route = route};

/* --- nodes --- */

struct sim *
sim_new(void)
{
	struct sim *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->loop = loop_new_test(mono_s(1000));
	s->random = 1;
	return s;
}

static void
start(struct sim_node *n)
{
	bool warm;
	struct keep *k = keep_open(n->keep_fd, KEPT_KIND, KEPT_VERSION, kept_slot_size(), SIM_SLOTS,
	    &warm);

	if (k == NULL)
		abort();
	n->nhrp = nhrp_new(n->sim->loop, &ops, n, k);
}

struct sim_node *
sim_node(struct sim *s, unsigned int i)
{
	struct sim_node *n = &s->node[i];

	if (n->nhrp != NULL)
		return n;
	s->nodes = i + 1 > s->nodes ? i + 1 : s->nodes;
	n->sim = s;
	n->tunnel = addr_v4(0x0a000001 + i);
	n->local = n->public = addr_v4(0xcb007101 + i);
	n->lan = (struct prefix){.addr = addr_v4(0xc0a80000 + ((i + 1) << 8)), .len = 24};
	n->conf = (struct ipc_nhrp_if){.ifname = IFNAME, .name = IFNAME, .up = 1, .kind = 2,
	    .address = {.addr = n->tunnel, .len = 24}, .local = n->local, .mtu = 17916,
	    .network = 1, .holdtime_s = 600, .redirect_interval_s = 8, .unique = 1};
	n->keep_fd = keep_memfd("test");
	start(n);
	return n;
}

struct nhrp_if *
sim_if(struct sim_node *n)
{
	return nhrp_if_find(n->nhrp, IFNAME);
}

void
sim_configure(struct sim_node *n)
{
	n->conf.address.addr = n->tunnel;
	n->conf.local = n->local;
	nhrp_if_set(n->nhrp, &n->conf);
}

void
sim_add_nhs(struct sim_node *n, const struct sim_node *hub)
{
	struct ipc_nhs m = {.ifname = IFNAME, .nhs = hub->tunnel, .nbma = hub->public,
	    .multicast = 1};

	nhs_set(sim_if(n), &m);
}

struct sim *
sim_dmvpn(unsigned int spokes, const char *protection)
{
	struct sim *s = sim_new();
	unsigned int i;

	for (i = 0; i <= spokes; i++) {
		struct sim_node *n = sim_node(s, i);

		snprintf(n->conf.protection, sizeof(n->conf.protection), "%s", protection);
		snprintf(n->conf.auth, sizeof(n->conf.auth), "culvert");
		n->conf.redirect = n->conf.multicast_dynamic = i == HUB;
		n->conf.shortcut = i != HUB;
		sim_configure(n);
		if (i != HUB)
			sim_add_nhs(n, sim_node(s, HUB));
	}
	return s;
}

void
sim_free(struct sim *s)
{
	struct sim_flight *f, *next;
	unsigned int i, j;

	DL_FOREACH_SAFE(s->flights, f, next) {
		timer_stop(&f->timer);
		free(f);
	}
	for (i = 0; i < s->nodes; i++) {
		if (s->node[i].nhrp == NULL)
			continue;
		nhrp_free(s->node[i].nhrp);
		close(s->node[i].keep_fd);
		for (j = 0; j < SIM_TABLE; j++)
			timer_stop(&s->node[i].sessions[j].timer);
	}
	loop_free(s->loop);
	free(s);
}

void
sim_run_s(struct sim *s, unsigned int seconds)
{
	loop_advance(s->loop, mono_s(seconds));
}

void
sim_run_ms(struct sim *s, unsigned int ms)
{
	loop_advance(s->loop, mono_ms(ms));
}

void
sim_restart(struct sim_node *n)
{
	nhrp_free(n->nhrp);
	start(n);
	protect_resync(n->nhrp);
	publish_resync(n->nhrp);
}

/* --- what espd would say --- */

void
sim_next_hop_want(struct sim_node *n, const struct addr *hop)
{
	struct ipc_next_hop m = {.ifname = IFNAME, .next_hop = *hop, .dst = *hop};

	resolve_next_hop(n->nhrp, &m);
}

void
sim_used(struct sim_node *n, const struct addr *hop)
{
	struct ipc_next_hop m = {.ifname = IFNAME, .next_hop = *hop};

	resolve_in_use(n->nhrp, &m);
}

struct addr
sim_host(const struct sim_node *n)
{
	struct addr a = n->lan.addr;

	a.b[3] = 10;
	return a;
}

void
sim_redirect(struct sim_node *hub, const struct sim_node *from, const struct sim_node *to)
{
	struct ipc_redirect m = {.ifname = IFNAME, .src = sim_host(from), .dst = sim_host(to),
	    .src_next_hop = from->tunnel, .dst_next_hop = to->tunnel};
	uint8_t packet[84] = {0x45, 0, 0, 84};

	packet[8] = 64;
	packet[9] = 1;
	memcpy(packet + 12, m.src.b, 4);
	memcpy(packet + 16, m.dst.b, 4);
	m.packet = slice_of(packet, sizeof(packet));
	redirect_wanted(hub->nhrp, &m);
}

/* --- what is there --- */

const struct ipc_adjacency *
sim_adjacency(const struct sim_node *n, const struct addr *hop)
{
	unsigned int i = find_adj(n, hop);

	return i < n->adjs ? &n->adj[i] : NULL;
}

const struct ipc_shortcut *
sim_shortcut(const struct sim_node *n, const struct addr *dst)
{
	unsigned int i;

	for (i = 0; i < n->shortcuts; i++)
		if (prefix_contains(&n->shortcut[i].prefix, dst))
			return &n->shortcut[i];
	return NULL;
}

const struct nhrp_entry *
sim_entry(struct sim_node *n, const struct addr *a)
{
	return cache_find_host(sim_if(n), a);
}

bool
sim_responding(struct sim_node *n)
{
	return nhs_responding(sim_if(n), NULL) != NULL;
}
