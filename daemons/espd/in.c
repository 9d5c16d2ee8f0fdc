/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "in.h"

#include <string.h>
#include <sys/uio.h>

#include "ecn.h"
#include "gre.h"
#include "handover.h"
#include "in_cmap.h"
#include "in_esp.h"
#include "mss.h"
#include "tun.h"

/* --- to the device --- */

static void
to_device(struct worker *w, const struct tunnel_conf *c, const struct esp_in *from,
    struct inner *in)
{
	struct tunnel *t = c->tunnel;

	if (!c->line_up) {
		worker_drop_in(w, t, DROP_TUNNEL_DOWN, in->len);
		return;
	}
	if (!ecn_combine(in, from->tos)) {
		worker_drop_in(w, t, DROP_IN_ECN, in->len);
		return;
	}
	mss_clamp(in, c->set.tcp_mss);
	if (c->set.hairpin && hairpin_turn(w, c, in))
		return;
	join_add(&w->join, t, in, t->uso);
}

static void
gre_to_device(struct worker *w, const struct tunnel_conf *c, const struct esp_in *from,
    struct slice payload, uint8_t version)
{
	struct inner in;

	if (inner_read(&in, (uint8_t *)payload.p, payload.len) && in.version == version)
		to_device(w, c, from, &in);
	else
		worker_drop_in(w, c->tunnel, DROP_IN_RUNT, payload.len);
}

void
in_write(void *arg, const struct join_out *out)
{
	struct worker *w = arg;
	struct work *work = &w->counters.work;
	uint8_t header[VNET_HEADER_LEN];
	struct tunnel *t = out->to;
	enum profile_stage was;
	unsigned int i;
	ssize_t written;

	vnet_write(header, &out->vnet);
	out->iov[0] = (struct iovec){header, sizeof(header)};
	stat_add(&work->tun_writes, 1);
	stat_add(&work->tun_written_segments, out->packets);
	was = profile_enter(&w->profile, PROFILE_WRITE);
	written = writev(t->fd[w->id], out->iov, (int)out->iovs);
	profile_enter(&w->profile, was);
	if (written < 0) {
		for (i = 0; i < out->packets; i++)
			worker_drop_in(w, t, DROP_TUN_FULL, out->bytes / out->packets);
		return;
	}
	stat_add(&worker_stats(w, t)->tun_out, out->packets);
	stat_add(&worker_stats(w, t)->tun_out_bytes, out->bytes);
}

/* --- GRE --- */

static void
to_nhrpd(struct worker *w, const struct tunnel_conf *c, const struct esp_in *from,
    struct slice packet)
{
	struct ipc_nhrp n = {.local = from->local, .nbma = from->remote,
	    .peer_ref = from->peer == NULL ? 0 : from->peer->ref};
	struct tunnel *t = c->tunnel;

	if (!c->line_up) {
		worker_drop_in(w, t, DROP_TUNNEL_DOWN, packet.len);
		return;
	}
	memcpy(n.ifname, t->ifname, sizeof(n.ifname));
	if (worker_tell(w, IPC_MSG_NHRP_IN, &n, sizeof(n), packet))
		stat_add(&worker_stats(w, t)->nhrp_in, 1);
	else
		worker_drop_in(w, t, DROP_NHRP_RELAY, packet.len);
}

/*
 * A protected tunnel takes nothing in clear, and no tunnel takes another's.  GRE
 * of a tunnel without protection may be what a crypto map protects.
 */
static enum drop
check_protection(const struct tunnel_conf *c, const struct esp_in *from)
{
	const struct peer *peer = from->peer;

	if (peer == NULL || from->map != NULL)
		return c->protection == 0 ? DROP_NOT :
		    peer == NULL ? DROP_IN_CLEAR_GRE : DROP_IN_POLICY;
	return c->protection == peer->protection ? DROP_NOT : DROP_IN_POLICY;
}

static const struct tunnel_conf *
gre_tunnel(struct worker *w, const struct esp_in *from, const struct gre *g)
{
	const struct tunnel_conf *c = tunnel_find(&w->tables->tunnels, &from->local, &from->remote,
	    g->has_key, g->key);
	const struct peer_path *path;

	if (c != NULL || from->peer == NULL)
		return c;
	/* Behind a NAT the delivery header has other addresses than ours. */
	path = shared_get(&from->peer->path);
	return tunnel_find(&w->tables->tunnels, &path->local, &path->remote, g->has_key, g->key);
}

/*
 * Which tunnel it is: that of the packet before it in the batch, if it came from the
 * same peer with the same addresses and key.
 */
static const struct tunnel_conf *
find_tunnel(struct worker *w, const struct esp_in *from, const struct gre *g)
{
	struct in_last *last = &w->last;

	if (last->peer != NULL && last->peer == from->peer && last->is_gre == (g != NULL) &&
	    (g == NULL || (last->has_key == g->has_key && last->key == g->key)) &&
	    addr_eq(&last->local, &from->local) && addr_eq(&last->remote, &from->remote))
		return last->conf;
	last->peer = from->peer;
	last->local = from->local;
	last->remote = from->remote;
	last->is_gre = g != NULL;
	last->has_key = g != NULL && g->has_key;
	last->key = g != NULL ? g->key : 0;
	last->conf = g != NULL ? gre_tunnel(w, from, g) :
	    tunnel_find_vti(&w->tables->tunnels, from->peer->protection, &from->local,
	    &from->remote);
	return last->conf;
}

static void
gre_packet(struct worker *w, struct slice packet, const struct esp_in *from)
{
	const struct tunnel_conf *c;
	struct slice payload;
	enum drop why;
	struct gre g;

	if (gre_read(&g, packet, &payload) != NULL) {
		count_drop(&w->counters, DROP_GRE_MALFORMED, packet.len);
		return;
	}
	c = find_tunnel(w, from, &g);
	if (c == NULL) {
		count_drop(&w->counters, DROP_GRE_NO_TUNNEL, packet.len);
		return;
	}
	stat_add(&worker_stats(w, c->tunnel)->gre_in, 1);
	why = check_protection(c, from);
	if (why != DROP_NOT)
		worker_drop_in(w, c->tunnel, why, packet.len);
	else if (g.protocol == GRE_NHRP)
		to_nhrpd(w, c, from, payload);
	else if (g.protocol == GRE_IPV4 || g.protocol == GRE_IPV6)
		gre_to_device(w, c, from, payload, g.protocol == GRE_IPV4 ? 4 : 6);
	else
		worker_drop_in(w, c->tunnel, DROP_GRE_PROTOCOL, packet.len);
}

/* --- ESP --- */

static void
vti_packet(struct worker *w, struct esp_in *from)
{
	const struct tunnel_conf *c = find_tunnel(w, from, NULL);

	if (c == NULL) {
		count_drop(&w->counters, DROP_GRE_NO_TUNNEL, from->inner.len);
		return;
	}
	stat_add(&worker_stats(w, c->tunnel)->gre_in, 1);
	to_device(w, c, from, &from->inner);
}

/* The worker whose SA has this SPI, or would have. */
static unsigned int
owner_of(const struct worker *w, const struct wire_in *in)
{
	uint32_t spi, seq_low;

	if (w->tables->workers == 1 || !esp_peek(slice_of(in->p, in->len), &spi, &seq_low))
		return w->id;
	return spi_worker(spi, w->tables->workers);
}

static void
opened(struct worker *w, struct in_pending *p)
{
	struct esp_in from;
	enum drop why = in_esp_end(w, p, &from);

	if (why != DROP_NOT)
		count_drop(&w->counters, why, p->packet.len);
	else if (from.is_gre)
		gre_packet(w, slice_of(p->in.p, p->in.len), &from);
	else if (from.map != NULL)
		in_cmap_opened(w, p->packet, &p->in, &from);
	else
		vti_packet(w, &from);
}

/*
 * A few packets at a time, so that what was opened is still near when it is summed;
 * all of them where the cipher gains by that.
 */
static void
open_all(struct worker *w, struct in_pending **begun, struct esp_job *const *jobs, unsigned int n)
{
	unsigned int at, few, i;
	enum profile_stage was;

	for (at = 0; at < n; at += few) {
		few = esp_run_few(jobs + at, n - at);
		was = profile_enter(&w->profile, PROFILE_OPEN);
		esp_run(jobs + at, few);
		profile_enter(&w->profile, was);
		for (i = at; i < at + few; i++)
			opened(w, begun[i]);
	}
}

void
in_flush(struct worker *w)
{
	struct in_pending *p, *last = w->pending + w->pending_count, *begun[ESP_JOBS_MAX];
	struct esp_job *jobs[ESP_JOBS_MAX];
	unsigned int n = 0;
	enum drop why;

	w->last.peer = NULL;	/* it may be gone since the last batch */
	in_esp_fetch(w);
	for (p = w->pending; p < last; p++) {
		why = in_esp_begin(w, p);
		if (why == DROP_IN_LARVAL && p->sa != NULL && handover_wait(w, &p->in, p->sa->spi))
			continue;
		if (why != DROP_NOT) {
			count_drop(&w->counters, why, p->packet.len);
			continue;
		}
		jobs[n] = &p->job;
		begun[n++] = p;
	}
	open_all(w, begun, jobs, n);
	w->pending_count = 0;
}

static void
esp_packet(struct worker *w, struct wire_in *in)
{
	unsigned int owner = owner_of(w, in);
	struct in_pending *p;
	enum drop why;

	if (owner != w->id) {
		why = handover_in(w, owner, in);
		if (why != DROP_NOT)
			count_drop(&w->counters, why, in->len);
		return;
	}
	if (w->pending_count == ESP_JOBS_MAX)
		in_flush(w);
	p = &w->pending[w->pending_count++];
	p->in = *in;
	p->packet = slice_of(in->p, in->len);
}

/*
 * --- UDP 4500 (RFC 3948 2.2): four zero bytes are IKE, one 0xff is a keepalive ---
 *
 * IKE comes here only behind ESP to which the kernel joined it: it has a socket of its own.
 */

static void
ike_packet(struct worker *w, const struct wire_in *in)
{
	struct ipc_ike ike = {.local = in->dst, .remote = in->src, .local_port = NATT_PORT,
	    .remote_port = in->src_port};

	if (!worker_tell(w, IPC_MSG_IKE_IN, &ike, sizeof(ike), slice_of(in->p + 4, in->len - 4)))
		count_drop(&w->counters, DROP_IKE_RELAY, in->len);
}

static void
udp_packet(struct worker *w, struct wire_in *in)
{
	static const uint8_t marker[4];

	if (in->len == 1 && in->p[0] == 0xff)
		count_drop(&w->counters, DROP_NATT_KEEPALIVE, 1);
	else if (in->len < sizeof(marker))
		count_drop(&w->counters, DROP_NATT_RUNT, in->len);
	else if (memcmp(in->p, marker, sizeof(marker)) == 0)
		ike_packet(w, in);
	else
		esp_packet(w, in);
}

static void
clear_gre(struct worker *w, const struct wire_in *in)
{
	struct esp_in from = {.local = in->dst, .remote = in->src, .tos = in->tos};

	gre_packet(w, slice_of(in->p, in->len), &from);
}

void
in_packet(struct worker *w, struct wire_in *in)
{
	switch (in->kind) {
	case WIRE_GRE:
		clear_gre(w, in);
		break;
	case WIRE_ESP:
		esp_packet(w, in);
		break;
	default:
		udp_packet(w, in);
	}
}
