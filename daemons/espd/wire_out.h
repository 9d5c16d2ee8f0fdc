/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What both ways out share: of packets that are queued (wire_send.c), and of runs that
 * are sealed already (wire_run.c).  Nobody else includes it.
 */
#ifndef CULVERT_WIRE_OUT_H
#define CULVERT_WIRE_OUT_H

#include "wire.h"

#define WIRE_RUN_BYTES 65000		/* what one send takes, and a header */

struct out_control {
	union {
		char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + 2 * CMSG_SPACE(sizeof(int)) +
		    CMSG_SPACE(sizeof(uint16_t))];
		struct cmsghdr align;
	};
};

/* Where one datagram goes and what it wants; of a run, how long its pieces are, else 0. */
void wire_address(struct msghdr *m, struct sockaddr_storage *sa, struct out_control *control,
    const struct wire_to *to, uint16_t segment);
/* The socket for it. */
int wire_fd_for(const struct wire *w, const struct wire_to *to);
bool wire_same_way(const struct wire_to *a, const struct wire_to *b);
/* What errno says of a run: the way's device or the kernel has no UDP_SEGMENT. */
bool wire_no_segmentation(void);
/* The kernel refused a run: its packets go one by one. */
void wire_send_singly(struct wire *w, const struct wire_packet *p, unsigned int n);
/* wire_run.c: sends the runs that wait; then there is none. */
void wire_send_runs(struct wire *w);

#endif
