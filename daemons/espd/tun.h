/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tunnel's network device: a TUN with the name the user gave.
 *
 * Packets cross with a 12-byte virtio-net header and up to 64 KB at once.  The
 * device lives as long as a descriptor of it is open.  One queue is therefore
 * detached, which carries no packets, and given to the monitor: with it the
 * device, its carrier and its routes survive the death of espd, and inner
 * packets cannot leave by the default route in clear meanwhile.
 */
#ifndef CULVERT_TUN_H
#define CULVERT_TUN_H

#include <stdbool.h>
#include <stdint.h>

#include "segment.h"

struct daemon;

bool tun_name_ok(const char *ifname);
/* A queue of the device, which is made if it is not there.  -1 with errno. */
int tun_open(const char *ifname);
int tun_open_detached(const char *ifname);	/* one that only keeps the device alive */
/* The same for a TAP, whose packets are whole Ethernet frames. */
int tap_open(const char *ifname);
int tap_open_detached(const char *ifname);
/*
 * The monitor has a detached queue of the device: the one that it held for us, or one from
 * `detached`.  Where there can be none the device ends with espd, which is logged.
 */
void tun_hold(struct daemon *d, const char *ifname, int (*detached)(const char *ifname));
int tun_ifindex(const char *ifname);		/* 0: there is none */
bool tun_set_mtu(const char *ifname, uint16_t mtu);
bool tun_set_carrier(int fd, bool up);

bool tun_takes_uso(int fd);			/* UDP super-packets as well as TCP ones */

/* The header in front of a packet as the kernel lays it out: little-endian on every machine. */
void vnet_read(struct vnet *v, const uint8_t p[VNET_HEADER_LEN]);
void vnet_write(uint8_t p[VNET_HEADER_LEN], const struct vnet *v);

#endif
