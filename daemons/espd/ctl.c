/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl.h"

#include <string.h>
#include <unistd.h>
#include <utlist.h>

#include "cmap_ctl.h"
#include "handover.h"
#include "lifetime.h"
#include "line.h"
#include "log.h"
#include "show.h"
#include "tun.h"
#include "worker_run.h"

/* --- control: tunnels --- */

static void
tunnel_set(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	const char *why = line_tunnel_set(e, &m->body->tunnel);

	(void)c;
	if (why != NULL)
		log_err("%s: %s", m->body->tunnel.name, why);
}

static void
tunnel_del(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	line_tunnel_del(e, m->body->ifname.ifname);
}

static void
begin_control(struct espd *e)
{
	struct tunnels *ts = &e->tables.tunnels;
	uint32_t i;

	for (i = 0; i < ts->top; i++)
		if (ts->slot[i] != NULL)
			ts->slot[i]->named = false;
	cmap_begin(e);
}

static void
end_control(struct espd *e)
{
	struct tunnels *ts = &e->tables.tunnels;
	struct daemon_held *h;
	char name[16];
	uint32_t i;

	for (i = 0; i < ts->top; i++)
		if (ts->slot[i] != NULL && !ts->slot[i]->named) {
			memcpy(name, ts->slot[i]->ifname, sizeof(name));
			line_tunnel_del(e, name);
		}
	cmap_end(e);
	/* Devices of tunnels and maps that went out of the configuration while we were down. */
	while ((h = e->d.held) != NULL) {
		memcpy(name, h->name, sizeof(name));
		daemon_unhold(&e->d, name);
		fib_delete_device(&e->tables.fib, tun_ifindex(name));
		close(daemon_take_held(&e->d, name));
	}
}

static void
clear(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	cmap_publish_now(e);
	if (m->body->clear.what == CLEAR_DROPS) {
		show_clear_drops(e);
	} else if (m->body->clear.what == CLEAR_COUNTERS) {
		show_clear_counters(e);
	} else if (m->body->clear.what == CLEAR_ACL_COUNTS) {
		acl_count_clear(e->tables.crypto_maps.counts, m->body->clear.name);
	} else {
		ipc_done(c, m, "espd clears counters only", 0);
		return;
	}
	ipc_done(c, m, NULL, 0);
}

/* --- control: crypto maps --- */

static void
cmap_is(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	const char *why = cmap_set(e, &m->body->cmap);

	(void)c;
	if (why != NULL)
		log_err("%s: crypto map %s: %s", m->body->cmap.name, m->body->cmap.map, why);
}

static void
cmap_gone(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	cmap_del(e, m->body->cmap.ifname);
}

static void
rule_set(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	cmap_rule_set(e, &m->body->cmap_rule);
}

static void
rule_del(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	cmap_rule_del(e, &m->body->cmap_rule);
}

/* --- iked: SPIs, peers, SAs --- */

static void
spi_reserve(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	struct ipc_spi spi = {.txn = m->body->spi_want.txn,
	    .spi = sadb_reserve(&e->tables.sadb, m->body->spi_want.peer_ref)};

	if (spi.spi == 0)
		log_err("no SPI is free: all %u are in use", SPI_SLOTS);
	ipc_reply(c, m, IPC_MSG_SPI_RESERVED, &spi);
}

static struct sa *
sa_of(struct espd *e, const struct ipc_msg *m)
{
	return sadb_find(&e->tables.sadb, m->body->spi_only.spi);
}

static void
spi_release(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	struct sa *sa = sa_of(e, m);

	(void)c;
	if (sa != NULL && sa->larval)
		sadb_remove(&e->tables.sadb, sa);
}

static void
peer_is(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	struct peer *p;

	(void)c;
	if (m->body->peer.peer_ref == 0 || !addr_is_set(&m->body->peer.remote) ||
	    m->body->peer.remote.family != m->body->peer.local.family) {
		log_err("peer %u at %s: not a peer", m->body->peer.peer_ref,
		    ADDR_STR(&m->body->peer.remote));
		return;
	}
	p = peer_set(&e->tables.peers, &m->body->peer);
	p->named = true;
	sadb_keep_peer(&e->tables.sadb, p);
	line_peers_changed(e);
}

static void
remove_peer(struct espd *e, struct peer *p)
{
	struct tunnels *ts = &e->tables.tunnels;
	uint32_t i;

	for (i = 0; i < ts->top; i++)
		if (ts->slot[i] != NULL && ts->slot[i]->peer == p)
			shared_set(&ts->slot[i]->peer, NULL);
	sadb_remove_peer(&e->tables.sadb, &e->tables.peers, p);
	line_peers_changed(e);
}

static void
peer_del(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	struct peer *p = peer_find(&e->tables.peers, m->body->peer_ref.peer_ref);

	(void)c;
	if (p != NULL)
		remove_peer(e, p);
}

static void
sa_set(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	const char *why = sadb_set(&e->tables.sadb, &e->tables.peers, &m->body->sa);

	(void)c;
	if (why == NULL) {
		handover_keys_came(&e->tables);
		line_peers_changed(e);
		return;
	}
	log_err("SA with SPI 0x%08x refused: %s", m->body->sa.spi, why);
	lifetime_unknown(e, m->body->sa.spi);
}

static void
sa_keep(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	struct sa *sa = sa_of(e, m);

	(void)c;
	if (sa == NULL || sa->larval)
		lifetime_unknown(e, m->body->spi_only.spi);
	else
		sa->named = true;
}

static void
sa_remove(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	struct sa *sa = sa_of(e, m);

	(void)c;
	if (sa != NULL) {
		sadb_remove(&e->tables.sadb, sa);
		line_peers_changed(e);
	}
}

/* It reads and writes by them itself; they are ours so that they are open whoever restarts. */
static void
hand_ike_sockets(struct espd *e, struct ipc_conn *c)
{
	const int *fd = &e->tables.worker[0].wire.fd[WIRE_IKE];
	struct ipc_ike_socket body;

	for (body.v6 = 0; body.v6 <= 1; body.v6++)
		if (fd[body.v6] >= 0)
			ipc_send_fd(c, IPC_MSG_IKE_SOCKET, &body, fd[body.v6]);
}

static void
begin_iked(struct espd *e)
{
	struct peer *p;
	struct sa *sa;

	DL_FOREACH(e->tables.sadb.all, sa)
		sa->named = false;
	for (p = peer_next(&e->tables.peers, NULL); p != NULL; p = peer_next(&e->tables.peers, p))
		p->named = false;
}

static void
end_iked(struct espd *e, struct ipc_conn *c)
{
	struct peer *p, *gone;
	struct sa *sa, *next;

	/* An iked that lost its memory says nothing about SAs: they live to their own ends. */
	if (!ipc_conn_warm(c))
		return;
	DL_FOREACH_SAFE(e->tables.sadb.all, sa, next)
		if (!sa->named && !sa->larval)
			sadb_remove(&e->tables.sadb, sa);
	for (p = peer_next(&e->tables.peers, NULL); p != NULL;) {
		gone = p->named ? NULL : p;
		p = peer_next(&e->tables.peers, p);
		if (gone != NULL)
			remove_peer(e, gone);
	}
	line_peers_changed(e);
}

/* --- nhrpd: next hops --- */

static void
adjacency_set(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	adj_set(&e->tables.adjs, &m->body->adjacency);
}

static void
adjacency_del(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	adj_del(&e->tables.adjs, &m->body->adjacency);
}

static void
mcast_set(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	adj_mcast_set(&e->tables.adjs, &m->body->multicast);
}

static void
mcast_del(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	adj_mcast_del(&e->tables.adjs, &m->body->multicast);
}

static void
shortcut_set(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	fib_shortcut_set(&e->tables.fib, &m->body->shortcut);
}

static void
shortcut_del(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	fib_shortcut_del(&e->tables.fib, &m->body->shortcut);
}

static void
nhs_route(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	adj_nhs_set(&e->tables.adjs, &m->body->nhs_route);
}

static void
nhrp_out(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	if (!worker_send_nhrp(&e->tables.worker[0], &m->body->nhrp))
		count_drop(&e->counters, DROP_NHRP_RELAY, m->body->nhrp.packet.len);
}

/* --- all --- */

static void
begin(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)m;
	switch (ipc_conn_role(c)) {
	case IPC_CONTROL:
		begin_control(e);
		break;
	case IPC_IKED:
		begin_iked(e);
		break;
	case IPC_NHRPD:
		adjs_unname(&e->tables.adjs);
		fib_unname(&e->tables.fib);
		break;
	}
}

static void
end(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)m;
	switch (ipc_conn_role(c)) {
	case IPC_CONTROL:
		end_control(e);
		break;
	case IPC_IKED:
		end_iked(e, c);
		break;
	case IPC_NHRPD:
		adjs_sweep(&e->tables.adjs);
		fib_sweep(&e->tables.fib);
		break;
	}
}

static void
nothing(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	(void)e;
	(void)c;
	(void)m;
}

static void (*const handlers[IPC_TYPE_COUNT])(struct espd *, struct ipc_conn *, struct ipc_msg *) = {
	[IPC_MSG_BEGIN] = begin,
	[IPC_MSG_END] = end,
	[IPC_MSG_SHOW] = show,
	[IPC_MSG_CLEAR] = clear,
	[IPC_MSG_TUNNEL_SET] = tunnel_set,
	[IPC_MSG_TUNNEL_DEL] = tunnel_del,
	[IPC_MSG_NIC_SET] = nothing,	/* IOS names of NICs: rows carry Linux names */
	[IPC_MSG_CMAP_SET] = cmap_is,
	[IPC_MSG_CMAP_DEL] = cmap_gone,
	[IPC_MSG_CMAP_RULE_SET] = rule_set,
	[IPC_MSG_CMAP_RULE_DEL] = rule_del,
	[IPC_MSG_SPI_RESERVE] = spi_reserve,
	[IPC_MSG_SPI_RELEASE] = spi_release,
	[IPC_MSG_PEER_SET] = peer_is,
	[IPC_MSG_PEER_DEL] = peer_del,
	[IPC_MSG_SA_SET] = sa_set,
	[IPC_MSG_SA_KEEP] = sa_keep,
	[IPC_MSG_SA_REMOVE] = sa_remove,
	[IPC_MSG_ADJ_SET] = adjacency_set,
	[IPC_MSG_ADJ_DEL] = adjacency_del,
	[IPC_MSG_MCAST_SET] = mcast_set,
	[IPC_MSG_MCAST_DEL] = mcast_del,
	[IPC_MSG_SHORTCUT_SET] = shortcut_set,
	[IPC_MSG_SHORTCUT_DEL] = shortcut_del,
	[IPC_MSG_NHS_ROUTE] = nhs_route,
	[IPC_MSG_NHRP_OUT] = nhrp_out,
};

static void
message(struct ipc_conn *c, struct ipc_msg *m)
{
	if (handlers[m->type] != NULL)
		handlers[m->type](espd_of(c), c, m);
}

static void
up(struct ipc_conn *c)
{
	if (ipc_conn_role(c) == IPC_CONTROL || ipc_conn_role(c) == IPC_NHRPD)
		line_tell_all(espd_of(c), c);
	if (ipc_conn_role(c) == IPC_CONTROL)
		cmap_tell_all(espd_of(c), c);
	if (ipc_conn_role(c) == IPC_IKED) {
		ipc_gather(c);
		hand_ike_sockets(espd_of(c), c);
	}
}

const struct ipc_handlers ctl_handlers = {.up = up, .message = message};
