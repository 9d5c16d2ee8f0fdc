/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmap_read.h"

#include <sys/uio.h>

/* A turn ends after so many: what came in waits. */
#define READS 64
#define READ_PACKETS 512

void
cmap_read(struct worker *w, struct crypto_map *m, int fd, cmap_frame *take, enum drop runt)
{
	struct work *work = &w->counters.work;
	uint64_t enough = work->tun_read_segments + READ_PACKETS;
	struct frame f;
	struct iovec iov[2] = {{f.front, FRAME_FRONT}, {w->tun_buf, WIRE_ROOM}};
	enum profile_stage was;
	unsigned int i;
	enum drop why;
	ssize_t n;

	for (i = 0; i < READS && work->tun_read_segments < enough; i++) {
		was = profile_enter(&w->profile, PROFILE_READ);
		n = readv(fd, iov, 2);
		profile_enter(&w->profile, was);
		stat_add(&work->tun_reads, 1);
		if (n <= 0)
			return;
		stat_add(&work->tun_read_packets, 1);
		wire_make_room(&w->wire);
		why = n < FRAME_FRONT ? runt : take(w, m, &f, (size_t)n - FRAME_FRONT);
		if (why != DROP_NOT)
			count_drop(&w->counters, why, n < FRAME_FRONT ? 0 : (size_t)n - FRAME_FRONT);
	}
}
