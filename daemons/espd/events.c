/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "events.h"

#include <net/if.h>
#include <string.h>

#include "log.h"

#define RECORDS_A_ROUND 128

struct telling {
	enum ipc_type type;
	const void *body;
	bool lost;
};

static bool
is_droppable(enum ipc_type type)
{
	return type == IPC_MSG_IKE_IN || type == IPC_MSG_NHRP_IN || type == IPC_MSG_REDIRECT_WANT ||
	    type == IPC_MSG_NEXT_HOP_WANT || type == IPC_MSG_SPI_UNKNOWN ||
	    type == IPC_MSG_SA_WANT || type == IPC_MSG_NOT_IPSEC;
}

static void
tell_one(struct ipc_conn *c, void *arg)
{
	struct telling *t = arg;
	bool ok = is_droppable(t->type) ? ipc_send_droppable(c, t->type, t->body) :
	    ipc_send(c, t->type, t->body);

	if (ok)
		t->lost = false;
}

bool
espd_tell(struct espd *e, unsigned int roles, enum ipc_type type, const void *body)
{
	struct telling t = {.type = type, .body = body, .lost = true};

	ipc_server_each(e->d.server, roles, tell_one, &t);
	return !t.lost;
}

/* Asking the kernel takes three calls, and a flood comes by one device. */
static void
name_device(struct espd *e, int ifindex, char name[IF_NAMESIZE])
{
	struct named_device *d = &e->came_by;
	mono_t now = loop_now(e->d.loop);

	if (d->ifindex != ifindex || mono_before(d->until, now)) {
		d->ifindex = ifindex;
		d->until = mono_add(now, mono_s(1));
		if (ifindex == 0 || if_indextoname((unsigned int)ifindex, d->name) == NULL)
			d->name[0] = '\0';
	}
	memcpy(name, d->name, IF_NAMESIZE);
}

static void
spi_unknown(struct espd *e, const uint8_t *rec)
{
	struct up_unknown u;

	memcpy(&u, rec, sizeof(u));
	name_device(e, u.ifindex, u.body.ifname);
	log_debug_about(LOG_DEBUG_IPSEC, &u.body.src, "IPSEC",
	    "SPI 0x%08x from %s is not ours (%llu packets)", u.body.spi, ADDR_STR(&u.body.src), (unsigned long long)u.body.count);
	espd_tell(e, IPC_IKED, IPC_MSG_SPI_UNKNOWN, &u.body);
}

static void
peer_moved(struct espd *e, const uint8_t *rec)
{
	struct ipc_peer_moved moved;
	struct peer *p;

	memcpy(&moved, rec, sizeof(moved));
	p = peer_find(&e->tables.peers, moved.peer_ref);
	if (p == NULL || (addr_eq(&p->path->remote, &moved.remote) &&
	    p->path->remote_port == moved.remote_port))
		return;		/* told twice before it was heard once */
	log_info("peer %s moved to %s port %u", ADDR_STR(&p->path->remote), ADDR_STR(&moved.remote),
	    moved.remote_port);
	peer_move(&e->tables.peers, p, &moved.remote, moved.remote_port);
	sadb_keep_peer(&e->tables.sadb, p);
	espd_tell(e, IPC_IKED, IPC_MSG_PEER_MOVED, &moved);
}

static void
ike_in(struct espd *e, const uint8_t *rec, size_t len)
{
	struct ipc_ike ike;

	memcpy(&ike, rec, sizeof(ike));
	ike.datagram = slice_of(rec + sizeof(ike), len - sizeof(ike));
	if (!espd_tell(e, IPC_IKED, IPC_MSG_IKE_IN, &ike))
		count_drop(&e->counters, DROP_IKE_RELAY, ike.datagram.len);
}

static void
nhrp_in(struct espd *e, const uint8_t *rec, size_t len)
{
	struct ipc_nhrp n;

	memcpy(&n, rec, sizeof(n));
	n.packet = slice_of(rec + sizeof(n), len - sizeof(n));
	if (!espd_tell(e, IPC_NHRPD, IPC_MSG_NHRP_IN, &n))
		count_drop(&e->counters, DROP_NHRP_RELAY, n.packet.len);
}

static void
redirect_want(struct espd *e, const uint8_t *rec, size_t len)
{
	struct ipc_redirect r;

	memcpy(&r, rec, sizeof(r));
	r.packet = slice_of(rec + sizeof(r), len - sizeof(r));
	espd_tell(e, IPC_NHRPD, IPC_MSG_REDIRECT_WANT, &r);
}

static void
first_in(struct espd *e, const uint8_t *rec)
{
	struct ipc_spi_only first;

	memcpy(&first, rec, sizeof(first));
	sadb_first_in(&e->tables.sadb, first.spi);
	espd_tell(e, IPC_IKED, IPC_MSG_SA_FIRST_IN, &first);
}

static void
one(struct espd *e, uint32_t kind, const uint8_t *rec, size_t len)
{
	union ipc_body body;

	switch (kind) {
	case IPC_MSG_SPI_UNKNOWN:
		spi_unknown(e, rec);
		return;
	case IPC_MSG_PEER_MOVED:
		peer_moved(e, rec);
		return;
	case IPC_MSG_SA_FIRST_IN:
		first_in(e, rec);
		return;
	case IPC_MSG_IKE_IN:
		ike_in(e, rec, len);
		return;
	case IPC_MSG_NHRP_IN:
		nhrp_in(e, rec, len);
		return;
	case IPC_MSG_REDIRECT_WANT:
		redirect_want(e, rec, len);
		return;
	}
	memcpy(&body, rec, len);
	espd_tell(e, kind == IPC_MSG_NEXT_HOP_WANT ? IPC_NHRPD : IPC_IKED, (enum ipc_type)kind,
	    &body);
}

/* Some at a time: who floods the ring must not keep timers and the other daemons waiting. */
static void
readable(struct watch *watch, unsigned int events)
{
	struct worker *w = container_of(watch, struct worker, up_watch);
	struct espd *e = espd_of_worker(w);
	struct ring *r = &w->up;
	const uint8_t *rec;
	unsigned int i;
	uint32_t kind;
	size_t len;

	(void)events;
	ring_rest(r);
	for (i = 0; (rec = ring_peek(r, &kind, &len)) != NULL; i++) {
		if (i == RECORDS_A_ROUND) {
			ring_again(r);
			return;
		}
		one(e, kind, rec, len);
		ring_pop(r);
	}
}

void
events_start(struct espd *e)
{
	struct worker *w = e->tables.worker;
	unsigned int i;

	for (i = 0; i < e->tables.workers; i++) {
		w[i].up_watch.run = readable;
		if (watch_start(&w[i].up_watch, e->d.loop, w[i].up.wake_fd, LOOP_READ) < 0)
			log_fatal("cannot watch a worker's ring");
	}
}

void
events_stop(struct espd *e)
{
	unsigned int i;

	for (i = 0; i < e->tables.workers; i++)
		watch_stop(&e->tables.worker[i].up_watch);
}
