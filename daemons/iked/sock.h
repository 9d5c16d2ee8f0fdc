/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP 500 of all our addresses: a socket for IPv4 and one for IPv6.
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

struct ike_sock;

struct ike_port {
	struct watch watch;
	struct ike_sock *sock;
	bool v6;
	int fd;			/* -1: the kernel has no IPv6 */
};

struct ike_sock {
	struct ike_port v4, v6;
	void (*receive)(struct ike_sock *s, const struct ike_path *path, struct slice datagram);
};

/*
 * NULL, or a sentence for whoever started us.  `held_*`: the sockets of our
 * predecessor, taken over with what waits in them; -1: there was none.
 */
const char *sock_open(struct ike_sock *s, struct loop *l, int held_v4, int held_v6);
void sock_close(struct ike_sock *s);
void sock_send(struct ike_sock *s, const struct ike_path *path, struct slice datagram);

#endif
