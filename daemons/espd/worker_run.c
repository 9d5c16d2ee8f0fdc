/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker_run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "handover.h"
#include "in.h"
#include "in_cmap.h"
#include "log.h"
#include "out.h"
#include "out_cmap.h"
#include "segment.h"

#define UP_BYTES (2u << 20)
#define DOWN_BYTES (1u << 20)
#define EVENTS 64

/* What an epoll event's u64 says: the kind of descriptor, and which: a tunnel's slot, say. */
enum { ON_TUNNEL, ON_WIRE, ON_DOWN, ON_WORKER, ON_LEAVING, ON_ARRIVING };

static uint64_t
event_of(uint32_t what, uint32_t which)
{
	return (uint64_t)what << 32 | which;
}

static bool
watch_fd(struct worker *w, int fd, uint64_t event)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u64 = event};

	return epoll_ctl(w->epoll_fd, EPOLL_CTL_ADD, fd, &e) == 0;
}

/* The rings on which the other workers bring what is ours, and the one for what waits here. */
static void
open_rings(struct worker *w)
{
	unsigned int i;

	for (i = 0; i < w->tables->workers; i++) {
		ring_init(&w->from[i], i == w->id ? HANDOVER_WAITING_BYTES : HANDOVER_BYTES);
		if (!watch_fd(w, w->from[i].wake_fd, event_of(ON_WORKER, i)))
			log_fatal("cannot watch another worker's ring");
	}
}

void
worker_limit_peers(struct worker *w)
{
	static const struct ratelimit reports = RATELIMIT(100, 20);
	unsigned int i;

	for (i = 0; i < PEER_BUCKETS; i++)
		w->unknown_of_peers[i] = reports;
}

const char *
worker_open(struct tables *t, unsigned int id, const int held[WIRE_HELD])
{
	struct worker *w = &t->worker[id];
	const char *why;
	unsigned int i;

	w->tables = t;
	w->id = id;
	why = wire_open(&w->wire, &w->counters, &w->profile, id, t->workers, held);
	if (why != NULL)
		return why;
	join_init(&w->join, in_write, w);
	join_init(&w->cmap_join, in_cmap_write, w);
	hairpin_open(&w->hairpin);
	ring_init(&w->up, UP_BYTES);
	ring_init(&w->down, DOWN_BYTES);
	flowlimit_init(&w->unknown, mono_ms(500), 200);
	worker_limit_peers(w);
	flowlimit_init(&w->no_next_hop, mono_s(1), 1000);
	flowlimit_init(&w->redirect, mono_s(1), 500);
	flowlimit_init(&w->no_sa, mono_ms(500), 1000);
	flowlimit_init(&w->misfit, mono_s(10), 20);
	flowlimit_init(&w->not_ipsec, mono_s(60), 1);
	w->pending = calloc(ESP_JOBS_MAX, sizeof(*w->pending));
	w->tun_buf = malloc(VNET_HEADER_LEN + WIRE_ROOM + SEGMENT_BEHIND);
	w->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (w->tun_buf == NULL || w->pending == NULL || w->epoll_fd < 0)
		log_fatal("no memory or no epoll for a worker");
	open_rings(w);
	for (i = 0; i < WIRE_SOCKETS; i++)
		if (w->wire.fd[i] >= 0 && !watch_fd(w, w->wire.fd[i], event_of(ON_WIRE, i)))
			return strerror(errno);
	return watch_fd(w, w->down.wake_fd, event_of(ON_DOWN, 0)) ? NULL : strerror(errno);
}

void
worker_close(struct worker *w)
{
	unsigned int i;

	wire_close(&w->wire);
	hairpin_close(&w->hairpin);
	for (i = 0; i < w->tables->workers; i++)
		ring_close(&w->from[i]);
	ring_close(&w->up);
	ring_close(&w->down);
	free(w->tun_buf);
	free(w->pending);
	close(w->epoll_fd);
}

void
worker_watch_tunnel(struct worker *w, const struct tunnel *t)
{
	if (!watch_fd(w, t->fd[w->id], event_of(ON_TUNNEL, t->slot)))
		log_err("%s: cannot watch its device: %s", t->ifname, strerror(errno));
}

void
worker_watch_crypto_map(struct worker *w, const struct crypto_map *m)
{
	if (!watch_fd(w, m->leaving_fd[w->id], event_of(ON_LEAVING, m->slot)) ||
	    !watch_fd(w, m->arriving_fd[w->id], event_of(ON_ARRIVING, m->slot)))
		log_err("%s: cannot watch its crypto map's devices: %s", m->ifname, strerror(errno));
}

/* --- the other thread's wishes --- */

bool
worker_send_nhrp(struct worker *w, const struct ipc_nhrp *n)
{
	bool ok = ring_push(&w->down, IPC_MSG_NHRP_OUT, n, sizeof(*n), n->packet.p, n->packet.len);

	ring_wake(&w->down);
	return ok;
}

static void
take_down(struct worker *w)
{
	struct ipc_nhrp n;
	const uint8_t *rec;
	uint32_t kind;
	size_t len;

	ring_rest(&w->down);
	while ((rec = ring_peek(&w->down, &kind, &len)) != NULL) {
		memcpy(&n, rec, sizeof(n));
		n.packet = slice_of(rec + sizeof(n), len - sizeof(n));
		out_nhrp(w, &n);
		ring_pop(&w->down);
	}
}

/* --- running --- */

static void
wire_packet(void *arg, struct wire_in *in)
{
	in_packet(arg, in);
}

static void
serve_crypto_map(struct worker *w, uint32_t slot, void (*f)(struct worker *w, struct crypto_map *m))
{
	struct crypto_map *m = crypto_map_at(&w->tables->crypto_maps, slot);

	if (m != NULL)
		f(w, m);
}

static void
serve(struct worker *w, uint64_t event)
{
	struct tunnel *t;

	switch (event >> 32) {
	case ON_TUNNEL:
		t = tunnel_at(&w->tables->tunnels, (uint32_t)event);
		if (t != NULL)
			out_read(w, t);
		break;
	case ON_WIRE:
		wire_receive(&w->wire, (uint32_t)event, wire_packet, w);
		in_flush(w);
		join_flush(&w->join);
		join_flush(&w->cmap_join);
		break;
	case ON_LEAVING:
		serve_crypto_map(w, (uint32_t)event, out_cmap_read);
		break;
	case ON_ARRIVING:
		serve_crypto_map(w, (uint32_t)event, in_cmap_read);
		break;
	case ON_DOWN:
		take_down(w);
		break;
	case ON_WORKER:
		handover_take(w, &w->from[(uint32_t)event]);
		break;
	}
	wire_flush(&w->wire);
}

static void
wake(struct worker *w, struct ring *r)
{
	if (!r->told)
		return;
	ring_wake(r);
	stat_add(&w->counters.work.wakes, 1);
}

static void
wake_others(struct worker *w)
{
	unsigned int i;

	for (i = 0; i < w->tables->workers; i++)
		if (i != w->id)
			wake(w, &w->tables->worker[i].from[w->id]);
}

int
worker_turn(struct worker *w, int timeout_ms)
{
	struct epoll_event e[EVENTS];
	int i, n;

	shared_reader_sleep();
	n = epoll_wait(w->epoll_fd, e, EVENTS, timeout_ms);
	shared_reader_wake();
	stat_add(&w->counters.work.waits, 1);
	w->now = mono_clock();
	profile_begin(&w->profile, &w->counters.work);
	for (i = 0; i < n; i++) {
		serve(w, e[i].data.u64);
		wake_others(w);
	}
	wake(w, &w->up);
	profile_end(&w->profile, &w->counters.work);
	return n;
}

static void *
run(void *arg)
{
	struct worker *w = arg;

	shared_reader_start();
	while (!stat_get(&w->stop))
		worker_turn(w, -1);
	shared_reader_stop();
	return NULL;
}

void
worker_start(struct worker *w)
{
	sigset_t all, old;

	sigfillset(&all);	/* signals are the control thread's */
	pthread_sigmask(SIG_BLOCK, &all, &old);
	if (pthread_create(&w->thread, NULL, run, w) != 0)
		log_fatal("cannot start a worker");
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	w->running = true;
}

void
worker_stop(struct worker *w)
{
	if (!w->running)
		return;
	stat_set(&w->stop, true);
	w->down.told = true;
	ring_wake(&w->down);
	pthread_join(w->thread, NULL);
	w->running = false;
}
