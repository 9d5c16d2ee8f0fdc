/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show.h"

#include <stdio.h>
#include <string.h>

#include "cache.h"
#include "kept.h"
#include "nhs_cluster.h"
#include "nhs_register.h"
#include "protect.h"

struct asked {
	const struct nhrp *n;
	struct ipc_conn *c;
	const struct ipc_msg *m;
	const struct ipc_show *q;
};

static bool
is_asked(const struct asked *a, const struct nhrp_if *ifp)
{
	return a->q->name[0] == '\0' || strcmp(a->q->name, ifp->conf.name) == 0 ||
	    strcmp(a->q->name, ifp->conf.ifname) == 0;
}

static void
put_names(const struct nhrp_if *ifp, char name[32], char ifname[16])
{
	memcpy(name, ifp->conf.name, sizeof(ifp->conf.name));
	memcpy(ifname, ifp->conf.ifname, sizeof(ifp->conf.ifname));
}

/* --- cache --- */

void
show_nhrp_row(const struct nhrp_entry *e, struct ipc_row_nhrp *row)
{
	*row = (struct ipc_row_nhrp){.address = e->r.address, .next_hop = e->r.next_hop,
	    .nbma = e->r.nbma, .claimed = e->r.claimed, .type = e->r.type, .flags = e->r.flags,
	    .created_us = (uint64_t)e->r.created_us, .expires_us = (uint64_t)e->r.expires_us,
	    .request_id = e->r.request_id,
	    .preference = e->r.preference != 0 ? e->r.preference : 255};
	put_names(e->ifp, row->name, row->ifname);
	if (e->class == CACHE_LOCAL)
		row->requester = e->r.target;
	if (e->told.adjacency && e->class == CACHE_CONFIGURED)
		row->flags |= NHRP_FLAG_USED;
	if (e->peer == NULL)
		return;
	row->peer_state = e->peer->r.state;
	row->peer_since_us = (uint64_t)e->peer->r.since_us;
	row->peer_ref = e->peer->r.peer_ref;
}

static bool
show_entry(const struct asked *a, const void *owner)
{
	const struct nhrp_entry *e = owner;
	struct ipc_row_nhrp row;

	if (!is_asked(a, e->ifp) ||
	    (addr_is_set(&a->q->address) && !prefix_contains(&e->r.address, &a->q->address)))
		return true;
	show_nhrp_row(e, &row);
	return ipc_reply(a->c, a->m, IPC_MSG_ROW_NHRP, &row);
}

static bool
show_shortcut(const struct asked *a, const void *owner)
{
	const struct nhrp_entry *e = owner;
	struct ipc_row_route row = {.prefix = e->r.address, .gateway = e->r.next_hop, .code = 'H',
	    .distance = 250, .metric = 255, .since_us = (uint64_t)e->r.created_us};

	if (!e->told.shortcut || !is_asked(a, e->ifp))
		return true;
	memcpy(row.interface, e->ifp->conf.name, sizeof(row.interface));
	return ipc_reply(a->c, a->m, IPC_MSG_ROW_ROUTE, &row);
}

/* --- next hop servers --- */

static bool
show_nhs(const struct asked *a, const void *owner)
{
	const struct nhrp_nhs *s = owner;
	bool waits = s->r.state == NHS_TRY || s->r.state == NHS_LATE;
	struct ipc_row_nhs row = {.nhs = s->r.nhs, .nbma = s->r.nbma,
	    .priority = s->r.priority, .cluster = s->r.cluster,
	    .state = s->r.now.state, .queue = s->r.now.queue,
	    .was_state = s->r.before.state, .was_queue = s->r.before.queue,
	    .limited = nhs_cluster_is_limited(s),
	    .max_connections = s->ifp->clusters.of[s->r.cluster].max_connections,
	    .fallback_s = s->ifp->conf.nhs_fallback_s,
	    .requests = s->r.requests, .failed = s->r.failed, .replies = s->r.replies,
	    .last_reply_us = (uint64_t)s->r.last_reply_us,
	    .request_id = waits ? s->r.request_id : 0, .retry_s = waits ? s->r.retry_s : 0};

	if (!is_asked(a, s->ifp))
		return true;
	put_names(s->ifp, row.name, row.ifname);
	return ipc_reply(a->c, a->m, IPC_MSG_ROW_NHS, &row);
}

/* --- interfaces --- */

static bool
show_if(const struct asked *a, const void *owner)
{
	const struct nhrp_if *ifp = owner;
	struct ipc_row_nhrp_if row = {.is_spoke = ifp->nhs != NULL,
	    .is_hub = ifp->nhs == NULL || ifp->counts[CACHE_REGISTERED] > 0,
	    .up = nhrp_if_ready(ifp), .address = ifp->conf.address, .local = ifp->conf.local,
	    .remote = ifp->conf.remote, .kind = ifp->conf.kind,
	    .sent = nhrp_if_total(ifp->sent, NHRP_TYPE_COUNT),
	    .received = nhrp_if_total(ifp->received, NHRP_TYPE_COUNT),
	    .dropped = nhrp_if_total(ifp->drops, NHRP_DROP_COUNT)};

	if (!is_asked(a, ifp) || ifp->conf.network == 0)
		return true;
	put_names(ifp, row.name, row.ifname);
	memcpy(row.protection, ifp->conf.protection, sizeof(row.protection));
	return ipc_reply(a->c, a->m, IPC_MSG_ROW_NHRP_IF, &row);
}

/* --- counters --- */

static void
counter(const struct asked *a, const char *scope, const char *direction, const char *name,
    uint64_t value)
{
	struct ipc_row_counter row = {.value = value};

	snprintf(row.scope, sizeof(row.scope), "%s", scope);
	snprintf(row.name, sizeof(row.name), "%s%s", direction, name);
	ipc_reply(a->c, a->m, IPC_MSG_ROW_COUNTER, &row);
}

static bool
show_counters(const struct asked *a, const void *owner)
{
	const struct nhrp_if *ifp = owner;
	unsigned int i;

	if (!is_asked(a, ifp))
		return true;
	for (i = 1; i < NHRP_TYPE_COUNT; i++)
		counter(a, ifp->conf.name, "sent ", nhrp_type_name(i), ifp->sent[i]);
	for (i = 1; i < NHRP_TYPE_COUNT; i++)
		counter(a, ifp->conf.name, "rcvd ", nhrp_type_name(i), ifp->received[i]);
	for (i = 0; i < NHRP_DROP_COUNT; i++)
		counter(a, ifp->conf.name, "Dropped ", nhrp_drop_texts[i], ifp->drops[i]);
	return true;
}

/* --- the walk --- */

static const struct show_kind {
	enum kept_what what;
	bool (*row)(const struct asked *a, const void *owner);
} kinds[] = {
	[SHOW_NHRP]      = {KEPT_ENTRY, show_entry},
	[SHOW_SHORTCUTS] = {KEPT_ENTRY, show_shortcut},
	[SHOW_NHS]       = {KEPT_NHS, show_nhs},
	[SHOW_NHRP_IF]   = {KEPT_IF, show_if},
	[SHOW_COUNTERS]  = {KEPT_IF, show_counters},
};

void
show_answer(const struct nhrp *n, struct ipc_conn *c, const struct ipc_msg *m,
    const struct show_extra *extra)
{
	const struct asked a = {.n = n, .c = c, .m = m, .q = &m->body->show};
	struct ipc_show_end end = {0};
	uint32_t slot = a.q->cursor < UINT32_MAX ? (uint32_t)a.q->cursor : UINT32_MAX;
	const struct show_kind *k = a.q->what < sizeof(kinds) / sizeof(kinds[0]) ?
	    &kinds[a.q->what] : NULL;
	const void *owner;

	if (k != NULL && k->row != NULL) {
		for (; (owner = kept_next(n, k->what, &slot)) != NULL; slot++) {
			if (ipc_queued(c) > IPC_SHOW_BYTES) {
				end.cursor = slot;
				break;
			}
			if (!k->row(&a, owner))
				return;
		}
	}
	if (end.cursor == 0 && a.q->what == SHOW_COUNTERS) {
		counter(&a, "nhrpd", "Dropped ", "no such interface", n->no_interface);
		counter(&a, "nhrpd", "Dropped ", "not taken by the forwarder",
		    extra->refused_by_espd);
	}
	ipc_reply(c, m, IPC_MSG_SHOW_END, &end);
}
