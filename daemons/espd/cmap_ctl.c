/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmap_ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/if_packet.h>
#include <utlist.h>

#include "log.h"
#include "mark.h"
#include "tun.h"
#include "worker_run.h"

#define SEND_BUFFER (4 << 20)

/* --- coming into force --- */

static void
tell(struct espd *e, const struct crypto_map *m, struct ipc_conn *only)
{
	struct ipc_cmap_ready r = {0};

	memcpy(r.ifname, m->ifname, sizeof(r.ifname));
	memcpy(r.device, m->leaving_name, sizeof(r.device));
	memcpy(r.arriving, m->arriving_name, sizeof(r.arriving));
	if (only != NULL)
		ipc_send(only, IPC_MSG_CMAP_READY, &r);
	else
		espd_tell(e, IPC_CONTROL, IPC_MSG_CMAP_READY, &r);
}

void
cmap_tell_all(struct espd *e, struct ipc_conn *c)
{
	struct crypto_maps *ms = &e->tables.crypto_maps;
	uint32_t i;

	for (i = 0; i < CRYPTO_MAPS_MAX; i++)
		if (ms->slot[i] != NULL && ms->slot[i]->conf != NULL)
			tell(e, ms->slot[i], c);
}

/*
 * Half of its lines would let packets pass that the whole protects.  So the old
 * ones stay in force until all are there, and before the first time nothing is
 * read from the devices.
 */
static void
publish(struct espd *e, struct crypto_map *m)
{
	bool first = m->conf == NULL;
	unsigned int i;

	if (!crypto_map_is_whole(m))
		return;
	crypto_map_publish(&e->tables.crypto_maps, m, &e->tables.peers);
	if (!first)
		return;
	for (i = 0; i < e->tables.workers; i++)
		worker_watch_crypto_map(&e->tables.worker[i], m);
	tell(e, m, NULL);
}

static void
publish_all(struct timer *timer)
{
	struct espd *e = container_of(timer, struct espd, cmaps_due);
	struct crypto_maps *ms = &e->tables.crypto_maps;
	uint32_t i;

	for (i = 0; i < CRYPTO_MAPS_MAX; i++)
		if (ms->slot[i] != NULL)
			publish(e, ms->slot[i]);
}

void
cmap_publish_soon(struct espd *e)
{
	if (!crypto_maps_empty(&e->tables.crypto_maps) && !timer_armed(&e->cmaps_due))
		timer_in(&e->cmaps_due, e->d.loop, mono_ms(2));
}

void
cmap_publish_now(struct espd *e)
{
	if (!timer_armed(&e->cmaps_due))
		return;
	timer_stop(&e->cmaps_due);
	publish_all(&e->cmaps_due);
}

void
cmap_init(struct espd *e)
{
	e->cmaps_due.run = publish_all;
	crypto_maps_init(&e->tables.crypto_maps, e->d.loop);
}

void
cmap_stop(struct espd *e)
{
	timer_stop(&e->cmaps_due);
}

/* --- devices --- */

static bool
set_sysctl(const char *family, const char *ifname, const char *name, const char *value)
{
	char path[96];
	bool ok;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/%s", family, ifname, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ok = write(fd, value, strlen(value)) == (ssize_t)strlen(value);
	close(fd);
	return ok;
}

static bool
filters_reverse_path(void)
{
	int fd = open("/proc/sys/net/ipv4/conf/all/rp_filter", O_RDONLY | O_CLOEXEC);
	char all = '0';

	if (fd >= 0 && read(fd, &all, 1) != 1)
		all = '0';
	if (fd >= 0)
		close(fd);
	return all != '0';
}

/*
 * What comes out of it has sources that the NIC leads to.  The kernel takes the larger
 * of `all` and the device, so 2 (loose) is what remains when `all` filters; and
 * then a device without an address takes nothing.  It gets the dummy address (RFC 7600).
 */
static bool
loosen_reverse_path(const char *ifname)
{
	struct ifreq ifr = {0};
	struct sockaddr_in dummy = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xc0000008)};
	int fd;
	bool ok;

	if (!filters_reverse_path())
		return true;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	memcpy(ifr.ifr_name, ifname, strnlen(ifname, IFNAMSIZ - 1));
	memcpy(&ifr.ifr_addr, &dummy, sizeof(dummy));
	ok = fd >= 0 && ioctl(fd, SIOCSIFADDR, &ifr) == 0;
	dummy.sin_addr.s_addr = htonl(INADDR_NONE);
	memcpy(&ifr.ifr_netmask, &dummy, sizeof(dummy));
	ok = ok && ioctl(fd, SIOCSIFNETMASK, &ifr) == 0 &&
	    set_sysctl("ipv4", ifname, "rp_filter", "2");
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Hidden: it asks nobody anything. */
static bool
bring_up(const char *ifname, uint8_t mac[6])
{
	struct ifreq ifr = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	set_sysctl("ipv6", ifname, "addr_gen_mode", "1");
	set_sysctl("ipv6", ifname, "accept_ra", "0");
	memcpy(ifr.ifr_name, ifname, strnlen(ifname, IFNAMSIZ - 1));
	ok = fd >= 0 && ioctl(fd, SIOCGIFHWADDR, &ifr) == 0;
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	ok = ok && ioctl(fd, SIOCGIFFLAGS, &ifr) == 0;
	ifr.ifr_flags = (short)((ifr.ifr_flags | IFF_UP | IFF_NOARP) & ~IFF_MULTICAST);
	ok = ok && ioctl(fd, SIOCSIFFLAGS, &ifr) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* A packet socket that hears nothing, and sends what the map lets pass. */
static int
open_nic(const struct ifreq *nic)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = nic->ifr_ifindex};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int mark = (int)WIRE_MARK, on = 1, room = SEND_BUFFER;

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&to, sizeof(to)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) < 0) {
		close(fd);
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	return fd;
}

/* NULL, or why it can have no map; the index is in `nic` then. */
static const char *
find_nic(const char *ifname, struct ifreq *nic)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const char *why = NULL;

	memset(nic, 0, sizeof(*nic));
	memcpy(nic->ifr_name, ifname, strnlen(ifname, IFNAMSIZ - 1));
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, nic) < 0)
		why = strerror(errno);
	else if (nic->ifr_hwaddr.sa_family != ARPHRD_ETHER)
		why = "it is no Ethernet interface";
	else if (ioctl(fd, SIOCGIFINDEX, nic) < 0)
		why = strerror(errno);
	if (fd >= 0)
		close(fd);
	return why;
}

static bool
open_devices(struct espd *e, struct crypto_map *m, const struct ifreq *nic)
{
	uint8_t mac[6];

	snprintf(m->leaving_name, sizeof(m->leaving_name), "cmap%d", nic->ifr_ifindex);
	snprintf(m->arriving_name, sizeof(m->arriving_name), "cmap%din", nic->ifr_ifindex);
	m->nic_fd = open_nic(nic);
	if (m->nic_fd < 0)
		return false;
	for (; m->queues < e->tables.workers; m->queues++) {
		m->leaving_fd[m->queues] = tap_open(m->leaving_name);
		if (m->leaving_fd[m->queues] < 0)
			return false;
		m->arriving_fd[m->queues] = tap_open(m->arriving_name);
		if (m->arriving_fd[m->queues] < 0) {
			close(m->leaving_fd[m->queues]);
			return false;
		}
	}
	m->uso = tun_takes_uso(m->arriving_fd[0]);
	tun_hold(&e->d, m->leaving_name, tap_open_detached);
	tun_hold(&e->d, m->arriving_name, tap_open_detached);
	if (!loosen_reverse_path(m->arriving_name))
		log_warn("%s: the kernel's reverse path filter may stop what %s lets in: %s", m->ifname,
		    m->arriving_name, strerror(errno));
	return bring_up(m->leaving_name, mac) && bring_up(m->arriving_name, m->arriving_mac);
}

static struct crypto_map *
make(struct espd *e, const char *ifname, const char **why)
{
	struct crypto_map *m = calloc(1, sizeof(*m));
	struct ifreq nic;

	if (m == NULL)
		log_fatal("out of memory");
	*why = find_nic(ifname, &nic);
	if (*why != NULL) {
		free(m);
		return NULL;
	}
	memcpy(m->ifname, ifname, strnlen(ifname, sizeof(m->ifname) - 1));
	if (!open_devices(e, m, &nic)) {
		*why = strerror(errno);
		crypto_map_free(m);
		return NULL;
	}
	return m;
}

/* --- what control says --- */

const char *
cmap_set(struct espd *e, const struct ipc_cmap *set)
{
	struct crypto_maps *ms = &e->tables.crypto_maps;
	struct crypto_map *m = crypto_map_by_name(ms, set->ifname);
	bool new = m == NULL;
	const char *why;

	if (new)
		m = make(e, set->ifname, &why);
	if (m == NULL)
		return why;
	m->set = *set;
	m->named = true;
	if (new && !crypto_map_add(ms, m)) {
		crypto_map_free(m);
		return "too many crypto maps";
	}
	cmap_publish_soon(e);
	return NULL;
}

static void
delete_device(struct espd *e, const char *ifname)
{
	daemon_unhold(&e->d, ifname);
	/* The monitor closes its queue a moment later: do not wait for that. */
	fib_delete_device(&e->tables.fib, tun_ifindex(ifname));
}

void
cmap_del(struct espd *e, const char *ifname)
{
	struct crypto_map *m = crypto_map_by_name(&e->tables.crypto_maps, ifname);
	char leaving[16], arriving[16];

	if (m == NULL)
		return;
	memcpy(leaving, m->leaving_name, sizeof(leaving));
	memcpy(arriving, m->arriving_name, sizeof(arriving));
	crypto_map_remove(&e->tables.crypto_maps, m);
	delete_device(e, leaving);
	delete_device(e, arriving);
}

/* Of a map that is not there: it was refused, and that was logged. */
void
cmap_rule_set(struct espd *e, const struct ipc_cmap_rule *set)
{
	struct crypto_map *m = crypto_map_by_name(&e->tables.crypto_maps, set->ifname);

	if (m == NULL)
		return;
	crypto_map_rule_set(&e->tables.crypto_maps, m, set);
	cmap_publish_soon(e);
}

void
cmap_rule_del(struct espd *e, const struct ipc_cmap_rule *which)
{
	struct crypto_map *m = crypto_map_by_name(&e->tables.crypto_maps, which->ifname);

	if (m == NULL)
		return;
	crypto_map_rule_del(m, which->order);
	cmap_publish_soon(e);
}

void
cmap_begin(struct espd *e)
{
	struct crypto_maps *ms = &e->tables.crypto_maps;
	struct crypto_map_rule *r;
	uint32_t i;

	for (i = 0; i < CRYPTO_MAPS_MAX; i++) {
		if (ms->slot[i] == NULL)
			continue;
		ms->slot[i]->named = false;
		DL_FOREACH(ms->slot[i]->rules, r)
			r->named = false;
	}
}

void
cmap_end(struct espd *e)
{
	struct crypto_maps *ms = &e->tables.crypto_maps;
	struct crypto_map_rule *r, *next;
	char ifname[16];
	uint32_t i;

	for (i = 0; i < CRYPTO_MAPS_MAX; i++) {
		if (ms->slot[i] == NULL)
			continue;
		DL_FOREACH_SAFE(ms->slot[i]->rules, r, next)
			if (!r->named)
				crypto_map_rule_del(ms->slot[i], r->set.order);
		if (!ms->slot[i]->named) {
			memcpy(ifname, ms->slot[i]->ifname, sizeof(ifname));
			cmap_del(e, ifname);
		}
	}
	cmap_publish_soon(e);
}
