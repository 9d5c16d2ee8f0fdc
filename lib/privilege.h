/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a daemon may still do once it runs.
 *
 * iked and nhrpd parse what strangers send; espd does, and keeps the keys.  Each
 * starts as root, opens what only root may open, and then keeps the few
 * capabilities it goes on needing:
 *
 *	iked	none		UDP 500 is bound, its buffers are sized
 *	nhrpd	none		it only asks netlink, and talks to the others
 *	espd	NET_ADMIN	tunnel devices come and go with the configuration
 *		NET_RAW		its wire sockets are protocols 47 and 50
 *
 * The bounding set goes too, and no_new_privs is set, so that nothing it could
 * run gets any of them back.  The user stays root, since the run directory and
 * its sockets are root's; without CAP_DAC_OVERRIDE that opens root's files and
 * no others.
 */
#ifndef CULVERT_PRIVILEGE_H
#define CULVERT_PRIVILEGE_H

#include <stddef.h>

/*
 * Keeps `count` capabilities (CAP_NET_RAW ...; those we never had are passed
 * over) and gives all others up.  To be called while the process has one thread:
 * capabilities are each thread's own.  Does not return when the kernel refuses.
 */
void privilege_keep(const unsigned int *caps, size_t count);

#endif
