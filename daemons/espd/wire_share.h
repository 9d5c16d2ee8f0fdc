/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the sockets of several workers share what comes in.
 *
 * ESP goes to the worker whose SA it names (spi.h), sorted by the kernel: UDP
 * sockets of one port form a group, of which a program picks one; of raw
 * sockets each is shown every packet, and a filter keeps what is its own.
 * IKE on UDP 4500 has four zero bytes where the SPI would be and goes to a
 * socket of its own, which iked reads; GRE in clear is sorted by its source.
 * A packet that arrives elsewhere, as when the kernel has joined datagrams of
 * two SAs, is no harm: workers hand over what is another's.
 */
#ifndef CULVERT_WIRE_SHARE_H
#define CULVERT_WIRE_SHARE_H

#include "wire.h"

/* For worker `id` of so many; false with errno. */
bool wire_share(int fd, unsigned int socket, unsigned int id, unsigned int workers);

#endif
