/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tun.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_tun.h>

#include "daemon.h"
#include "log.h"

#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif
#define OFFLOADS (TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN)

/* The kernel cuts a long name silently and takes % for a template. */
bool
tun_name_ok(const char *ifname)
{
	size_t len = strlen(ifname);

	return len > 0 && len < IFNAMSIZ && strpbrk(ifname, "/% \t\n:") == NULL &&
	    strcmp(ifname, ".") != 0 && strcmp(ifname, "..") != 0;
}

/* A source address that came by another way is no reason to drop here: tunnels are asymmetric. */
static void
no_rp_filter(const char *ifname)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/%s/rp_filter", ifname);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, "0", 1) != 1)
		errno = 0;	/* a read-only /proc/sys: the operator's choice */
	close(fd);
}

/* UDP segmentation came with Linux 6.2. */
bool
tun_takes_uso(int fd)
{
	return ioctl(fd, TUNSETOFFLOAD, OFFLOADS | TUN_F_USO4 | TUN_F_USO6) == 0;
}

static int
open_queue(const char *ifname, short kind)
{
	struct ifreq ifr = {.ifr_flags = (short)(kind | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE)};
	int fd, size = VNET_HEADER_LEN, little = 1;

	if (!tun_name_ok(ifname)) {
		errno = EINVAL;
		return -1;
	}
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	memcpy(ifr.ifr_name, ifname, strlen(ifname));
	if (ioctl(fd, TUNSETIFF, &ifr) < 0 || ioctl(fd, TUNSETVNETHDRSZ, &size) < 0 ||
	    ioctl(fd, TUNSETVNETLE, &little) < 0)
		goto fail;
	if (!tun_takes_uso(fd) && ioctl(fd, TUNSETOFFLOAD, OFFLOADS) < 0)
		goto fail;
	no_rp_filter(ifname);
	return fd;
fail:
	size = errno;
	close(fd);
	errno = size;
	return -1;
}

static int
open_detached(const char *ifname, short kind)
{
	struct ifreq ifr = {.ifr_flags = IFF_DETACH_QUEUE};
	int fd = open_queue(ifname, kind);

	if (fd >= 0 && ioctl(fd, TUNSETQUEUE, &ifr) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int
tun_open(const char *ifname)
{
	return open_queue(ifname, IFF_TUN);
}

int
tun_open_detached(const char *ifname)
{
	return open_detached(ifname, IFF_TUN);
}

int
tap_open(const char *ifname)
{
	return open_queue(ifname, IFF_TAP);
}

int
tap_open_detached(const char *ifname)
{
	return open_detached(ifname, IFF_TAP);
}

void
tun_hold(struct daemon *d, const char *ifname, int (*detached)(const char *ifname))
{
	int fd = daemon_take_held(d, ifname);

	if (fd < 0)
		fd = detached(ifname);
	if (fd < 0) {
		log_warn("%s: no second queue: the device will not outlive espd: %s", ifname,
		    strerror(errno));
		return;
	}
	daemon_hold(d, ifname, fd);
	close(fd);
}

int
tun_ifindex(const char *ifname)
{
	return (int)if_nametoindex(ifname);
}

bool
tun_set_mtu(const char *ifname, uint16_t mtu)
{
	struct ifreq ifr = {.ifr_mtu = mtu};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return false;
	memcpy(ifr.ifr_name, ifname, strnlen(ifname, IFNAMSIZ - 1));
	ok = ioctl(fd, SIOCSIFMTU, &ifr) == 0;
	close(fd);
	return ok;
}

bool
tun_set_carrier(int fd, bool up)
{
	int on = up;

	return ioctl(fd, TUNSETCARRIER, &on) == 0;
}

static uint16_t
le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

void
vnet_read(struct vnet *v, const uint8_t p[VNET_HEADER_LEN])
{
	v->flags = p[0];
	v->gso_type = p[1];
	v->hdr_len = le16(p + 2);
	v->gso_size = le16(p + 4);
	v->csum_start = le16(p + 6);
	v->csum_offset = le16(p + 8);
	v->num_buffers = le16(p + 10);
}

static void
put_le16(uint8_t *p, uint16_t n)
{
	p[0] = (uint8_t)n;
	p[1] = (uint8_t)(n >> 8);
}

void
vnet_write(uint8_t p[VNET_HEADER_LEN], const struct vnet *v)
{
	p[0] = v->flags;
	p[1] = v->gso_type;
	put_le16(p + 2, v->hdr_len);
	put_le16(p + 4, v->gso_size);
	put_le16(p + 6, v->csum_start);
	put_le16(p + 8, v->csum_offset);
	put_le16(p + 10, v->num_buffers);
}
