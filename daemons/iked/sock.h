/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP 500 of all our addresses.
 *
 * IP_PKTINFO says to which address a datagram came, and
 * an answer leaves from the same.  Port 4500 is espd's.
 */
#ifndef CULVERT_IKE_SOCK_H
#define CULVERT_IKE_SOCK_H

#include <stdbool.h>

#include "buf.h"
#include "loop.h"
#include "path.h"

struct ike_sock {
	struct watch watch;
	int fd;
	void (*receive)(struct ike_sock *s, const struct ike_path *path, struct slice datagram);
};

/*
 * NULL, or a sentence for whoever started us.  `held`: the socket of our
 * predecessor, taken over with what waits in it; -1: there was none.
 */
const char *sock_open(struct ike_sock *s, struct loop *l, int held);
void sock_close(struct ike_sock *s);
void sock_send(struct ike_sock *s, const struct ike_path *path, struct slice datagram);

#endif
