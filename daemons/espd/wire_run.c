/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of packets that are sealed where they lie, and leave by UDP_SEGMENT (struct wire_run). */
#include <sys/uio.h>

#include "wire_out.h"

static void
run_left(struct wire *w, const struct wire_run *r)
{
	stat_add(&w->counters->work.wire_sent_runs, 1);
	stat_add(&w->counters->work.wire_sent_packets, r->count);
	if (r->tunnel != NULL)
		stat_add(&r->tunnel->stats[w->worker].gre_out, r->count);
}

static void
run_refused(struct wire *w, const struct wire_run *r)
{
	struct wire_packet p = {.to = r->to, .p = r->bytes, .tunnel = r->tunnel, .as = WIRE_AS_PACKET};
	size_t left = r->len;

	if (r->count > 1 && wire_no_segmentation())
		w->udp_segment = false;
	for (; left > 0; left -= p.len, p.p += p.len) {
		p.len = left < r->each ? left : r->each;
		wire_send_singly(w, &p, 1);
	}
	stat_add(&w->counters->work.wire_sent_packets, r->count);
}

/* Those from `at` on that go by the same socket; how many left or were refused. */
static unsigned int
send_some(struct wire *w, struct mmsghdr *m, unsigned int at)
{
	int fd = wire_fd_for(w, &w->run[at].to), sent, i;
	unsigned int n = 1;

	while (at + n < w->runs && wire_fd_for(w, &w->run[at + n].to) == fd)
		n++;
	stat_add(&w->counters->work.wire_sends, 1);
	sent = sendmmsg(fd, m + at, n, 0);
	for (i = 0; i < sent; i++)
		run_left(w, &w->run[at + (unsigned int)i]);
	if (sent > 0)
		return (unsigned int)sent;
	run_refused(w, &w->run[at]);
	return 1;
}

/* Nothing came of what room was made for last, if the cipher refused it. */
static void
drop_empty_run(struct wire *w)
{
	if (w->runs > 0 && w->run[w->runs - 1].count == 0)
		w->runs--;
}

void
wire_send_runs(struct wire *w)
{
	enum profile_stage was;
	struct mmsghdr m[WIRE_RUNS];
	struct iovec iov[WIRE_RUNS];
	struct out_control control[WIRE_RUNS];
	struct sockaddr_storage sa[WIRE_RUNS];
	const struct wire_run *r;
	unsigned int i;

	drop_empty_run(w);
	if (w->runs == 0)
		return;
	for (i = 0; i < w->runs; i++) {
		r = &w->run[i];
		iov[i] = (struct iovec){r->bytes, r->len};
		m[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i], .msg_iovlen = 1};
		wire_address(&m[i].msg_hdr, &sa[i], &control[i], &r->to,
		    r->count > 1 ? (uint16_t)r->each : 0);
	}
	was = profile_enter(w->profile, PROFILE_SEND);
	for (i = 0; i < w->runs;)
		i += send_some(w, m, i);
	profile_enter(w->profile, was);
	w->runs = 0;
}

/* A shorter one is the last, as UDP_SEGMENT has it. */
static bool
goes_with_run(const struct wire_run *r, const struct wire_to *to, const struct tunnel *tunnel,
    size_t len)
{
	return r->len == r->count * r->each && len <= r->each && r->count < WIRE_BATCH &&
	    r->len + len <= WIRE_RUN_BYTES && r->tunnel == tunnel && r->to.df == to->df &&
	    wire_same_way(&r->to, to);
}

uint8_t *
wire_run_room(struct wire *w, const struct wire_to *to, struct tunnel *tunnel, size_t len)
{
	struct wire_run *r;

	drop_empty_run(w);
	if (w->runs == 0 || !goes_with_run(&w->run[w->runs - 1], to, tunnel, len)) {
		if (w->runs == 0 || w->runs == WIRE_RUNS)
			wire_flush(w);
		r = &w->run[w->runs++];
		r->len = r->count = 0;
		r->each = len;
		r->to = *to;
		r->tunnel = tunnel;
	}
	r = &w->run[w->runs - 1];
	return r->bytes + r->len;
}

void
wire_run_add(struct wire *w, size_t len)
{
	struct wire_run *r = &w->run[w->runs - 1];

	r->count++;
	r->len += len;
}
