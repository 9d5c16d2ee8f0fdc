/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What leaves: queued with where it goes, sealed and sent in batches. */
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <netinet/udp.h>

#include "wire_out.h"

static unsigned int
socket_of(const struct wire_to *to)
{
	return to->remote.family == ADDR_V6 ? WIRE_V6 + to->kind : to->kind;
}

static bool
with_df(const struct wire *w, const struct wire_to *to)
{
	return to->df && to->remote.family == ADDR_V4 && w->df_fd[to->kind] >= 0;
}

static unsigned int
queue_of(const struct wire *w, const struct wire_to *to)
{
	return with_df(w, to) ? WIRE_SOCKETS + to->kind : socket_of(to);
}

int
wire_fd_for(const struct wire *w, const struct wire_to *to)
{
	return with_df(w, to) ? w->df_fd[to->kind] : w->fd[socket_of(to)];
}

enum flush { FLUSH_ALL, FLUSH_WHOLE_RUNS };

static void flush_queue(struct wire *w, struct wire_queue *q, enum flush what);

enum { HALF = WIRE_ARENA_BYTES / 2 };

static size_t
half_end(const struct wire *w)
{
	return w->arena_at < HALF ? HALF : WIRE_ARENA_BYTES;
}

uint8_t *
wire_room(struct wire *w, size_t len)
{
	size_t need = (WIRE_HEADROOM + len + WIRE_TAILROOM + 15) & ~(size_t)15;
	uint8_t *p;

	/* Never up to the end itself: that would be the other half's beginning. */
	if (w->arena_at + need >= half_end(w)) {
		wire_flush(w);
		if (w->arena_at + need >= half_end(w))
			return NULL;
	}
	p = w->arena + w->arena_at + WIRE_HEADROOM;
	w->arena_at += need;
	return p;
}

/* Whether something that is queued lies in the half that begins there. */
static bool
half_is_used(const struct wire *w, size_t start)
{
	const uint8_t *half = w->arena + start;
	const struct wire_queue *q;
	unsigned int i;

	for (q = w->queue; q < w->queue + WIRE_QUEUES; q++)
		for (i = 0; i < q->count; i++)
			if (q->packet[i].p >= half && q->packet[i].p < half + HALF)
				return true;
	return false;
}

void
wire_make_room(struct wire *w)
{
	size_t start = half_end(w) - HALF, other = HALF - start;
	unsigned int i;

	if (w->arena_at - start <= WIRE_ARENA_NEAR)
		return;
	for (i = 0; i < WIRE_QUEUES; i++)
		flush_queue(w, &w->queue[i], FLUSH_WHOLE_RUNS);
	if (w->arena_floor != 0 || half_is_used(w, other))
		wire_flush(w);
	else
		w->arena_at = other;
}

void
wire_queue(struct wire *w, const struct wire_packet *p)
{
	struct wire_queue *q = &w->queue[queue_of(w, &p->to)];

	wire_send_runs(w);
	/* The arena is not empty then: this packet lies in it, and others may. */
	if (q->count == WIRE_BATCH)
		flush_queue(w, q, FLUSH_WHOLE_RUNS);
	q->packet[q->count++] = *p;
}

struct out_batch {
	struct mmsghdr msg[WIRE_BATCH];
	struct iovec iov[WIRE_BATCH];
	struct sockaddr_storage sa[WIRE_BATCH];
	struct out_control control[WIRE_BATCH];
	unsigned int first[WIRE_BATCH];		/* the queue's packet that a message starts with */
	unsigned int count;
};

static struct cmsghdr *
add_control(struct msghdr *m, struct cmsghdr *c, int level, int type, const void *p, size_t len)
{
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), p, len);
	m->msg_controllen += CMSG_SPACE(len);
	return (struct cmsghdr *)((char *)c + CMSG_SPACE(len));
}

static struct cmsghdr *
control_v4(struct msghdr *m, struct cmsghdr *c, const struct wire_to *to)
{
	struct in_pktinfo from = {0};
	int tos = to->tos, ttl = to->ttl;

	memcpy(&from.ipi_spec_dst, to->local.b, sizeof(from.ipi_spec_dst));
	c = add_control(m, c, IPPROTO_IP, IP_PKTINFO, &from, sizeof(from));
	if (tos != 0)	/* else what the socket has */
		c = add_control(m, c, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	if (ttl != 0)
		c = add_control(m, c, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	return c;
}

/* The flow label is the kernel's (RFC 6438 wants one for each flow, and it hashes them). */
static struct cmsghdr *
control_v6(struct msghdr *m, struct cmsghdr *c, const struct wire_to *to)
{
	struct in6_pktinfo from = {0};
	int traffic_class = to->tos, hop_limit = to->ttl;

	memcpy(&from.ipi6_addr, to->local.b, sizeof(from.ipi6_addr));
	c = add_control(m, c, IPPROTO_IPV6, IPV6_PKTINFO, &from, sizeof(from));
	if (traffic_class != 0)
		c = add_control(m, c, IPPROTO_IPV6, IPV6_TCLASS, &traffic_class,
		    sizeof(traffic_class));
	if (hop_limit != 0)
		c = add_control(m, c, IPPROTO_IPV6, IPV6_HOPLIMIT, &hop_limit, sizeof(hop_limit));
	return c;
}

void
wire_address(struct msghdr *m, struct sockaddr_storage *sa, struct out_control *control,
    const struct wire_to *to, uint16_t segment)
{
	struct cmsghdr *c = &control->align;

	/* A raw socket of IPv6 takes its own protocol, or 0, for a port. */
	m->msg_namelen = addr_to_sockaddr(&to->remote, to->kind == WIRE_UDP ? to->remote_port : 0, sa);
	m->msg_name = sa;
	m->msg_control = control->bytes;
	m->msg_controllen = 0;
	memset(control, 0, sizeof(*control));
	c = to->remote.family == ADDR_V6 ? control_v6(m, c, to) : control_v4(m, c, to);
	if (segment != 0)
		add_control(m, c, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment));
}

bool
wire_same_way(const struct wire_to *a, const struct wire_to *b)
{
	return addr_eq(&a->remote, &b->remote) && a->remote_port == b->remote_port &&
	    addr_eq(&a->local, &b->local) && a->tos == b->tos && a->ttl == b->ttl;
}

/* How many packets from `at` on can leave as one: equal sizes, the last may be shorter. */
static unsigned int
run_length(const struct wire *w, const struct wire_queue *q, unsigned int at)
{
	const struct wire_packet *first = &q->packet[at];
	size_t sum = first->len;
	unsigned int n = 1;

	if (first->to.kind != WIRE_UDP || !w->udp_segment)
		return 1;
	while (at + n < q->count && wire_same_way(&first->to, &q->packet[at + n].to) &&
	    q->packet[at + n].len <= first->len && sum + q->packet[at + n].len <= WIRE_RUN_BYTES) {
		sum += q->packet[at + n].len;
		n++;
		if (q->packet[at + n - 1].len < first->len)
			break;
	}
	return n;
}

static void
make_batch(const struct wire *w, const struct wire_queue *q, struct out_batch *b)
{
	unsigned int i, n, k;
	struct msghdr *m;

	b->count = 0;
	for (i = 0; i < q->count; i += n) {
		n = run_length(w, q, i);
		for (k = i; k < i + n; k++)
			b->iov[k] = (struct iovec){q->packet[k].p, q->packet[k].len};
		b->first[b->count] = i;
		m = &b->msg[b->count].msg_hdr;
		*m = (struct msghdr){.msg_iov = &b->iov[i], .msg_iovlen = n};
		wire_address(m, &b->sa[b->count], &b->control[b->count], &q->packet[i].to,
		    n > 1 ? (uint16_t)q->packet[i].len : 0);
		b->count++;
	}
}

static void
account(struct wire *w, const struct wire_packet *p, enum drop why)
{
	bool sent = why == DROP_NOT;
	struct tunnel_stats *stats;

	if (!sent)
		count_drop(w->counters, why, p->len);
	if (p->tunnel == NULL || p->as == WIRE_AS_NOTHING)
		return;
	stats = &p->tunnel->stats[w->worker];
	if (p->as == WIRE_AS_NHRP && sent)
		stat_add(&stats->nhrp_out, 1);
	else if (p->as == WIRE_AS_PACKET)
		stat_add(sent ? &stats->gre_out : &stats->dropped_out, 1);
}

/* What errno says of a packet that the kernel did not take. */
static enum drop
refused(struct wire *w)
{
	if (errno != EMSGSIZE)
		return DROP_OUT_SEND;
	stat_set(&w->too_big, true);
	return DROP_OUT_TOO_BIG;
}

bool
wire_no_segmentation(void)
{
	return errno == EIO || errno == ENOPROTOOPT;
}

void
wire_send_singly(struct wire *w, const struct wire_packet *p, unsigned int n)
{
	struct out_control control;
	struct sockaddr_storage sa;
	struct iovec iov;
	struct msghdr m;
	unsigned int i;

	for (i = 0; i < n; i++) {
		iov = (struct iovec){p[i].p, p[i].len};
		m = (struct msghdr){.msg_iov = &iov, .msg_iovlen = 1};
		wire_address(&m, &sa, &control, &p[i].to, 0);
		stat_add(&w->counters->work.wire_sends, 1);
		account(w, &p[i], sendmsg(wire_fd_for(w, &p[i].to), &m, 0) >= 0 ? DROP_NOT : refused(w));
	}
}

/* The whole batch at once; what the cipher refused leaves the queue. */
static void
seal_queue(struct wire *w, struct wire_queue *q)
{
	struct esp_job *jobs[WIRE_BATCH];
	unsigned int i, n = 0;
	enum profile_stage was;

	for (i = 0; i < q->count; i++)
		if (q->packet[i].job.crypt != NULL)
			jobs[n++] = &q->packet[i].job;
	if (n == 0)
		return;
	was = profile_enter(w->profile, PROFILE_SEAL);
	esp_run(jobs, n);
	profile_enter(w->profile, was);
	for (i = n = 0; i < q->count; i++) {
		if (q->packet[i].job.crypt != NULL && !q->packet[i].job.ok) {
			account(w, &q->packet[i], DROP_OUT_CRYPTO);
			continue;
		}
		q->packet[i].job.crypt = NULL;	/* done: it may stay for the next flush */
		if (n != i)
			q->packet[n] = q->packet[i];
		n++;
	}
	q->count = n;
}

/*
 * How many packets of the batch's last run can wait for more of their kind.  Sixty-four
 * are not a whole number of full sends, and it is sends that cost.
 */
static unsigned int
unfinished(const struct wire *w, const struct wire_queue *q, const struct out_batch *b)
{
	unsigned int n = (unsigned int)b->msg[b->count - 1].msg_hdr.msg_iovlen;
	size_t len = q->packet[q->count - n].len;

	if ((b->count < 2 && q->count == WIRE_BATCH) || q->packet[q->count - n].to.kind != WIRE_UDP || !w->udp_segment ||
	    q->packet[q->count - 1].len != len || (n + 1) * len > WIRE_RUN_BYTES)
		return 0;
	return n;
}

static void
send_batch(struct wire *w, const struct wire_queue *q, struct out_batch *b)
{
	enum profile_stage was = profile_enter(w->profile, PROFILE_SEND);
	unsigned int at = 0, n, k;
	int sent;

	while (at < b->count) {
		stat_add(&w->counters->work.wire_sends, 1);
		sent = sendmmsg(wire_fd_for(w, &q->packet[0].to), &b->msg[at], b->count - at, 0);
		for (; sent > 0; sent--, at++)
			for (k = 0; k < b->msg[at].msg_hdr.msg_iovlen; k++)
				account(w, &q->packet[b->first[at] + k], DROP_NOT);
		if (at == b->count || sent == 0)
			continue;
		n = (unsigned int)b->msg[at].msg_hdr.msg_iovlen;
		if (n > 1) {
			if (wire_no_segmentation())
				w->udp_segment = false;
			wire_send_singly(w, &q->packet[b->first[at]], n);
		} else
			account(w, &q->packet[b->first[at]], refused(w));
		at++;
	}
	profile_enter(w->profile, was);
}

static void
flush_queue(struct wire *w, struct wire_queue *q, enum flush what)
{
	unsigned int kept = 0;
	struct out_batch b;

	if (q->count == 0)
		return;
	seal_queue(w, q);
	make_batch(w, q, &b);
	if (what == FLUSH_WHOLE_RUNS && b.count > 0)
		kept = unfinished(w, q, &b);
	if (kept > 0)
		b.count--;
	stat_add(&w->counters->work.wire_sent_runs, b.count);
	stat_add(&w->counters->work.wire_sent_packets, q->count - kept);
	send_batch(w, q, &b);
	memmove(q->packet, &q->packet[q->count - kept], kept * sizeof(q->packet[0]));
	q->count = kept;
}

void
wire_flush(struct wire *w)
{
	unsigned int i;

	wire_send_runs(w);
	for (i = 0; i < WIRE_QUEUES; i++)
		flush_queue(w, &w->queue[i], FLUSH_ALL);
	w->arena_at = w->arena_floor;
}
