/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "Packet too big" (RFC 4443 3.2) about our raw IPv6 packets.
 *
 * The kernel keeps the MTU of a way and cuts by it what the wire's sockets
 * send.  But of raw packets it believes such a message only for a socket that
 * asks for errors, and on the sockets that packets go through those errors
 * would fail sends.  So there is one more socket for each raw protocol that
 * asks and does nothing else: it is never read, and when its small buffer is
 * full the kernel copies nothing more into it.  UDP needs none.
 */
#ifndef CULVERT_TOOBIG_H
#define CULVERT_TOOBIG_H

struct toobig {
	int esp, gre;		/* -1: none */
};

void toobig_open(struct toobig *t);	/* needs CAP_NET_RAW; without IPv6 there is nothing to do */
void toobig_close(struct toobig *t);

#endif
