/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "in_esp.h"

#include <string.h>

#include "mix.h"
#include "replay.h"

#define MISFITS_TO_TELL 16

/* --- what is not ours --- */

static void
tell_flow(struct worker *w, const struct wire_in *in, uint32_t spi, struct flowlimit *limit,
    struct ratelimit *bucket, uint64_t least)
{
	struct up_unknown u = {.ifindex = in->ifindex, .body = {.src = in->src, .dst = in->dst,
		.proto = IPPROTO_ESP, .spi = spi, .encap = in->kind == WIRE_UDP,
		.src_port = in->kind == WIRE_UDP ? in->src_port : 0}};
	struct slice none = {0};
	uint64_t flow = mix_two(mix_bytes(&in->src, sizeof(in->src)), spi);

	flow = mix_two(flow ^ in->src_port, mix_bytes(&in->dst, sizeof(in->dst)));
	u.body.count = flowlimit_due_by(limit, bucket, flow, w->now, least);
	if (u.body.count != 0)
		worker_tell(w, IPC_MSG_SPI_UNKNOWN, &u, sizeof(u), none);
}

/* A peer is heard whatever a flood brings, of strangers or in another peer's name. */
static void
tell_unknown(struct worker *w, const struct wire_in *in, uint32_t spi)
{
	uint16_t port = in->kind == WIRE_UDP ? in->src_port : 0;
	const struct peer *p = peer_at(&w->tables->peers, &in->src, port, NULL);

	tell_flow(w, in, spi, &w->unknown,
	    p == NULL ? &w->unknown.all : &w->unknown_of_peers[p->ref % PEER_BUCKETS], 1);
}

/*
 * Packets that name a live SPI and do not fit it, again and again from one
 * place: a peer whose SA is out of step with ours, by bad luck of its number.
 */
static void
count_misfit(struct worker *w, const struct wire_in *in, uint32_t spi)
{
	tell_flow(w, in, spi, &w->misfit, &w->misfit.all, MISFITS_TO_TELL);
}

/* --- is this the SA's peer --- */

/* A NAT may move the peer's address and port (RFC 3948), so for UDP they decide nothing before the tag. */
static enum drop
check_place(const struct sa *sa, const struct peer_path *path, const struct wire_in *in)
{
	if ((in->kind == WIRE_UDP) != (sa->encap != 0))
		return DROP_IN_WRONG_ENCAP;
	if (!addr_eq(&in->dst, &path->local))
		return DROP_IN_WRONG_PEER;
	if (!sa->encap && !addr_eq(&in->src, &path->remote))
		return DROP_IN_WRONG_PEER;
	return DROP_NOT;
}

static bool
came_from(const struct peer_path *path, const struct wire_in *in)
{
	return addr_eq(&in->src, &path->remote) &&
	    (in->kind != WIRE_UDP || in->src_port == path->remote_port);
}

static void
tell_moved(struct worker *w, const struct sa *sa, const struct wire_in *in)
{
	struct ipc_peer_moved moved = {.peer_ref = sa->peer->ref, .remote = in->src,
	    .remote_port = in->src_port};
	struct slice none = {0};

	worker_tell(w, IPC_MSG_PEER_MOVED, &moved, sizeof(moved), none);
}

/* --- opening --- */

static enum drop
still_valid(const struct sa *sa, mono_t now)
{
	uint64_t hard_bytes = stat_get(&sa->hard_bytes);
	int64_t hard_at = stat_get(&sa->hard_at_us);

	if ((hard_bytes != 0 && sa->kept->in_bytes >= hard_bytes) ||
	    (hard_at != 0 && now.us >= hard_at))
		return DROP_IN_EXPIRED;
	return DROP_NOT;
}

static enum drop
begin(struct worker *w, struct in_pending *p, uint32_t seq_low)
{
	const struct esp_buf b = {.start = p->in.p, .end = p->in.p + p->in.len, .at = p->in.p,
	    .len = p->in.len};
	enum drop why = check_place(p->sa, shared_get(&p->sa->peer->path), &p->in);

	if (why == DROP_NOT)
		why = still_valid(p->sa, w->now);
	if (why != DROP_NOT)
		return why;
	p->seq = replay_infer(&p->sa->kept->replay, seq_low, p->sa->esn != 0);
	if (!replay_accepts(&p->sa->kept->replay, p->seq))
		return DROP_IN_REPLAY;
	return esp_open_begin(p->sa->in, &b, p->seq, &p->job);
}

static enum drop
end(struct worker *w, struct in_pending *p, uint8_t *next_header)
{
	struct sa_kept *k = p->sa->kept;
	struct esp_buf b;
	enum drop why = esp_open_end(&p->job, &b, next_header);
	bool newest = p->seq > k->replay.highest;

	if (why != DROP_NOT)
		return why;
	/* Asked again: its double may have been before it in the same batch. */
	if (!replay_accepts(&k->replay, p->seq))
		return DROP_IN_REPLAY;
	replay_mark(&k->replay, p->seq);
	stat_set(&k->in_seq, k->replay.highest);
	/* An old packet on the old way moves nobody back. */
	if (newest && !came_from(shared_get(&p->sa->peer->path), &p->in))
		tell_moved(w, p->sa, &p->in);
	p->in.p = b.at;
	p->in.len = b.len;
	return DROP_NOT;
}

static void
count_failure(struct worker *w, struct sa *sa, const struct wire_in *in, enum drop why)
{
	struct sa_kept *k = sa->kept;
	struct peer *p = sa->peer;

	stat_add(&p->in_errors, 1);
	if (why == DROP_IN_REPLAY) {
		stat_add(&k->in_replay, 1);
		stat_add(&p->in_replay, 1);
	} else if (why == DROP_IN_BAD_TAG) {
		stat_add(&k->in_bad_tag, 1);
		stat_add(&p->in_bad_tag, 1);
	} else
		stat_add(&k->in_other, 1);
	if (why == DROP_IN_WRONG_PEER || why == DROP_IN_WRONG_ENCAP ||
	    (why == DROP_IN_BAD_TAG && !came_from(shared_get(&p->path), in)))
		count_misfit(w, in, sa->spi);
}

static void
count_success(struct worker *w, struct sa *sa, size_t len)
{
	struct ipc_spi_only first = {.spi = sa->spi};
	struct sa_kept *k = sa->kept;
	struct slice none = {0};

	stat_add(&k->in_packets, 1);
	stat_add(&k->in_bytes, len);
	worker_tell_volume(w, sa, k->in_bytes);
	stat_set(&k->last_in_us, w->now.us);
	stat_add(&sa->peer->decaps, 1);
	stat_set(&sa->peer->heard_us, w->now.us);
	stat_set(&sa->peer->unanswered_us, (int64_t)0);
	if (!k->first_in_told)
		k->first_in_told = worker_tell(w, IPC_MSG_SA_FIRST_IN, &first, sizeof(first), none);
}

/* --- what was it negotiated for (RFC 4301 5.2, step 4) --- */

/* A later fragment has no ports to look at. */
static bool
fits_protocol(const struct sa *sa, const struct inner *in)
{
	uint16_t src = 0, dst = 0;
	bool ports = inner_ports(in, &src, &dst);

	if (sa->ts_proto != 0 && sa->ts_proto != in->proto)
		return false;
	if (!in->first)
		return true;
	if (sa->ts_local_port != 0 && (!ports || dst != sa->ts_local_port))
		return false;
	return sa->ts_remote_port == 0 || (ports && src == sa->ts_remote_port);
}

static bool
fits_selectors(const struct sa *sa, const struct inner *in)
{
	return prefix_contains(&sa->ts_remote, &in->src) &&
	    prefix_contains(&sa->ts_local, &in->dst) && fits_protocol(sa, in);
}

/* Behind a NAT the negotiated addresses are not the ones seen here: the SA's key is what counts. */
static enum drop
check_transport(const struct sa *sa, const struct wire_in *in, uint8_t next_header,
    struct esp_in *out)
{
	struct inner inner = {.p = in->p, .len = in->len, .proto = next_header, .first = true};

	out->is_gre = next_header == ESP_NEXT_GRE;
	if (out->is_gre)
		return sa->ts_proto == 0 || sa->ts_proto == ESP_NEXT_GRE ? DROP_NOT : DROP_IN_POLICY;
	out->is_transport = true;
	out->transport = next_header;
	return out->map != NULL && fits_protocol(sa, &inner) ? DROP_NOT : DROP_IN_POLICY;
}

static enum drop
check_policy(struct sa *sa, struct wire_in *in, uint8_t next_header, struct esp_in *out)
{
	struct inner *inner = &out->inner;

	if (next_header == ESP_NEXT_NONE)
		return DROP_IN_DUMMY;
	if (sa->mode == MODE_TRANSPORT)
		return check_transport(sa, in, next_header, out);
	if (next_header != ESP_NEXT_IPV4 && next_header != ESP_NEXT_IPV6)
		return DROP_IN_POLICY;
	if (!inner_read(inner, in->p, in->len) ||
	    inner->version != (next_header == ESP_NEXT_IPV4 ? 4 : 6))
		return DROP_IN_RUNT;
	if (!fits_selectors(sa, inner))
		return DROP_IN_POLICY;
	in->len = inner->len;
	if (inner->proto != IPPROTO_GRE || sa->ts_proto != IPPROTO_GRE)
		return DROP_NOT;
	if (inner->fragment)	/* what a map cut the kernel puts together, and hands us as GRE */
		return out->map != NULL ? DROP_NOT : DROP_IN_FRAGMENT;
	out->is_gre = true;
	out->local = inner->dst;
	out->remote = inner->src;
	in->p += inner->l4;
	in->len -= inner->l4;
	return DROP_NOT;
}

enum drop
in_esp_begin(struct worker *w, struct in_pending *p)
{
	uint32_t spi, seq_low;
	enum drop why;

	if (!esp_peek(p->packet, &spi, &seq_low))
		return DROP_IN_RUNT;
	p->sa = sadb_find(&w->tables->sadb, spi);
	if (p->sa == NULL && p->in.waits_us != 0)
		return DROP_IN_LARVAL;		/* its negotiation failed meanwhile */
	if (p->sa == NULL) {
		tell_unknown(w, &p->in, spi);
		return p->in.dst.family == ADDR_V6 ? DROP_IN_NO_SA_V6 : DROP_IN_NO_SA;
	}
	if (p->sa->larval)
		return DROP_IN_LARVAL;
	why = begin(w, p, seq_low);
	if (why != DROP_NOT)
		count_failure(w, p->sa, &p->in, why);
	return why;
}

enum drop
in_esp_end(struct worker *w, struct in_pending *p, struct esp_in *out)
{
	const struct peer_path *path;
	struct sa *sa = p->sa;
	uint8_t next_header;
	enum drop why = end(w, p, &next_header);

	if (why == DROP_NOT) {
		count_success(w, sa, p->in.len);
		path = shared_get(&sa->peer->path);
		out->peer = sa->peer;
		out->map = crypto_map_of(&w->tables->crypto_maps, sa->peer->protection);
		out->is_gre = false;
		out->is_transport = false;
		out->tos = p->in.tos;
		out->local = path->local;
		out->remote = path->remote;
		why = check_policy(sa, &p->in, next_header, out);
		if (why == DROP_NOT || why == DROP_IN_DUMMY)
			return why;
	}
	count_failure(w, sa, &p->in, why);
	return why;
}

/* The SPIs of what waits, once each for those that follow one another. */
static unsigned int
different_spis(const struct worker *w, uint32_t *spis)
{
	const struct in_pending *p, *last = w->pending + w->pending_count;
	uint32_t spi, seq_low;
	unsigned int n = 0;

	for (p = w->pending; p < last; p++)
		if (esp_peek(p->packet, &spi, &seq_low) && (n == 0 || spis[n - 1] != spi))
			spis[n++] = spi;
	return n;
}

/*
 * With thousands of SAs each packet's lies far away in memory, behind pointers.
 * A step at a time for all of them, they come while others are asked for.
 */
void
in_esp_fetch(struct worker *w)
{
	const struct sadb *db = &w->tables->sadb;
	uint32_t spis[ESP_JOBS_MAX];
	struct sa *sa[ESP_JOBS_MAX];
	unsigned int n = different_spis(w, spis), live = 0, i;

	for (i = 0; i < n; i++)
		__builtin_prefetch(&db->slot[spi_slot(spis[i])]);
	for (i = 0; i < n; i++) {
		sa[i] = sadb_find_slot(db, spis[i]);
		if (sa[i] != NULL)
			sadb_prefetch(sa[i]);
	}
	for (i = 0; i < n; i++) {
		if (sa[i] == NULL || sa[i]->larval)
			continue;
		__builtin_prefetch(sa[i]->in);
		__builtin_prefetch(sa[i]->peer);
		__builtin_prefetch((char *)sa[i]->peer + 64);
		__builtin_prefetch(&sa[i]->kept->in_packets, 1);
		__builtin_prefetch(&sa[i]->kept->replay, 1);
		sa[live++] = sa[i];
	}
	for (i = 0; i < live; i++) {
		esp_key_prefetch(sa[i]->in);
		__builtin_prefetch(shared_get(&sa[i]->peer->path));
	}
}
