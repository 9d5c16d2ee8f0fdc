/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP 500 of all our addresses: a socket for IPv4 and one for IPv6; and of UDP
 * 4500 the two that espd opened, to which the kernel gives what is IKE there.
 *
 * IP_PKTINFO says to which address a datagram came, and
 * an answer leaves from the same.
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
	bool v6, natt;
	int fd;			/* -1: the kernel has no IPv6, or espd has not handed it over yet */
};

struct ike_sock {
	struct ike_port v4, v6;
	struct ike_port natt_v4, natt_v6;
	void (*receive)(struct ike_sock *s, const struct ike_path *path, struct slice datagram);
};

/*
 * NULL, or a sentence for whoever started us.  `held_*`: the sockets of our
 * predecessor, taken over with what waits in them; -1: there was none.
 */
const char *sock_open(struct ike_sock *s, struct loop *l, int held_v4, int held_v6);
/* Of UDP 4500; takes fd.  The one before it is closed. */
void sock_take_natt(struct ike_sock *s, struct loop *l, bool v6, int fd);
void sock_close(struct ike_sock *s);
/* From port 4500 an empty one is a NAT keepalive. */
void sock_send(struct ike_sock *s, const struct ike_path *path, struct slice datagram);

#endif
