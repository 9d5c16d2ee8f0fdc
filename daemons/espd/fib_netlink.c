/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fib_netlink.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "shared.h"

#define DUMP_DELAY_MS 10	/* changes come in bursts */
#define RECEIVE_BUFFER (8 << 20)

struct request {
	struct nlmsghdr nh;
	union {
		struct rtmsg rt;
		struct ifinfomsg link;
	};
	uint8_t attributes[64];
};

/* --- reading a route --- */

static struct addr
addr_of(uint8_t family, const void *p, size_t len)
{
	struct addr none = {0};

	if (family == AF_INET && len >= 4)
		return addr_from_bytes(ADDR_V4, p);
	if (family == AF_INET6 && len >= 16)
		return addr_from_bytes(ADDR_V6, p);
	return none;
}

/* RTA_VIA: a gateway of the other family. */
static struct addr
via_of(const struct rtattr *a)
{
	const struct rtvia *via = RTA_DATA(a);
	struct addr none = {0};

	if (RTA_PAYLOAD(a) < sizeof(*via))
		return none;
	return addr_of((uint8_t)via->rtvia_family, via->rtvia_addr, RTA_PAYLOAD(a) - sizeof(*via));
}

static void
read_multipath(struct fib_news *n, uint8_t family, const struct rtattr *mp)
{
	const struct rtnexthop *h = RTA_DATA(mp);
	size_t left = RTA_PAYLOAD(mp);
	const struct rtattr *a;
	int len;

	for (; left >= sizeof(*h) && h->rtnh_len >= sizeof(*h) && h->rtnh_len <= left;
	     left -= NLMSG_ALIGN(h->rtnh_len), h = RTNH_NEXT(h)) {
		struct fib_hop *hop = &n->hop[n->hops];

		if (n->hops == sizeof(n->hop) / sizeof(n->hop[0]))
			return;
		hop->ifindex = h->rtnh_ifindex;
		a = RTNH_DATA(h);
		for (len = h->rtnh_len - (int)sizeof(*h); RTA_OK(a, len); a = RTA_NEXT(a, len)) {
			if (a->rta_type == RTA_GATEWAY)
				hop->via = addr_of(family, RTA_DATA(a), RTA_PAYLOAD(a));
			else if (a->rta_type == RTA_VIA)
				hop->via = via_of(a);
		}
		n->hops++;
		if (NLMSG_ALIGN(h->rtnh_len) >= left)
			return;
	}
}

static uint32_t
u32_of(const struct rtattr *a)
{
	uint32_t v = 0;

	if (RTA_PAYLOAD(a) >= sizeof(v))
		memcpy(&v, RTA_DATA(a), sizeof(v));
	return v;
}

static uint32_t
read_attributes(struct fib_news *n, const struct rtmsg *rt, const struct rtattr *a, int len)
{
	uint32_t table = rt->rtm_table;
	struct fib_hop one = {0};

	for (; RTA_OK(a, len); a = RTA_NEXT(a, len)) {
		switch (a->rta_type) {
		case RTA_DST:
			n->prefix.addr = addr_of(rt->rtm_family, RTA_DATA(a), RTA_PAYLOAD(a));
			break;
		case RTA_OIF:
			one.ifindex = (int)u32_of(a);
			break;
		case RTA_GATEWAY:
			one.via = addr_of(rt->rtm_family, RTA_DATA(a), RTA_PAYLOAD(a));
			break;
		case RTA_VIA:
			one.via = via_of(a);
			break;
		case RTA_PRIORITY:
			n->metric = u32_of(a);
			break;
		case RTA_TABLE:
			table = u32_of(a);
			break;
		case RTA_MULTIPATH:
			read_multipath(n, rt->rtm_family, a);
			break;
		}
	}
	if (n->hops == 0 && one.ifindex != 0)
		n->hop[n->hops++] = one;
	return table;
}

static void
route_message(struct fib_netlink *k, const struct nlmsghdr *nh)
{
	const struct rtmsg *rt = NLMSG_DATA(nh);
	struct fib_news n = {.gone = nh->nlmsg_type == RTM_DELROUTE};
	uint32_t table;

	if (nh->nlmsg_len < NLMSG_LENGTH(sizeof(*rt)) ||
	    (rt->rtm_family != AF_INET && rt->rtm_family != AF_INET6) ||
	    (rt->rtm_flags & RTM_F_CLONED) != 0)
		return;
	n.prefix.addr.family = rt->rtm_family == AF_INET ? ADDR_V4 : ADDR_V6;
	n.prefix.len = rt->rtm_dst_len;
	table = read_attributes(&n, rt, RTM_RTA(rt), (int)RTM_PAYLOAD(nh));
	n.local = rt->rtm_type == RTN_LOCAL && table == RT_TABLE_LOCAL;
	n.replaces = !n.gone && (nh->nlmsg_flags & NLM_F_REPLACE) != 0;
	if (n.local || (rt->rtm_type == RTN_UNICAST && table == RT_TABLE_MAIN))
		k->news(k, &n);
}

/* --- dumps --- */

static void
start_dump(struct fib_netlink *k, uint8_t family)
{
	struct request q = {
		.nh = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)), .nlmsg_type = RTM_GETROUTE,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP, .nlmsg_seq = ++k->dump_seq},
		.rt = {.rtm_family = family},
	};

	k->dump_family = family;
	if (send(k->fd, &q, q.nh.nlmsg_len, 0) < 0) {
		k->dump_family = 0;
		fib_netlink_dump(k);
	}
}

static void
dump_now(struct timer *t)
{
	struct fib_netlink *k = container_of(t, struct fib_netlink, dump_due);

	if (k->dump_family != 0) {
		k->dump_again = true;
		return;
	}
	k->round++;
	start_dump(k, AF_INET);
}

static void
dump_ended(struct fib_netlink *k)
{
	uint8_t family = k->dump_family;

	k->dump_family = 0;
	if (family == AF_INET && !k->dump_again) {
		start_dump(k, AF_INET6);
		return;
	}
	if (!k->dump_again)
		k->dump_done(k);
	else
		fib_netlink_dump(k);
	k->dump_again = false;
	k->changed(k);
}

void
fib_netlink_dump(struct fib_netlink *k)
{
	if (!timer_armed(&k->dump_due))
		timer_in(&k->dump_due, k->loop, mono_ms(DUMP_DELAY_MS));
}

/* --- the socket --- */

/* Of a link that goes down the kernel drops the routes and does not say which. */
static void
link_message(struct fib_netlink *k, const struct nlmsghdr *nh)
{
	const struct ifinfomsg *link = NLMSG_DATA(nh);

	if (nh->nlmsg_len >= NLMSG_LENGTH(sizeof(*link)) &&
	    (link->ifi_change & IFF_UP || nh->nlmsg_type == RTM_DELLINK))
		fib_netlink_dump(k);
}

static void
message(struct fib_netlink *k, const struct nlmsghdr *nh)
{
	bool of_dump = k->dump_family != 0 && nh->nlmsg_seq == k->dump_seq && nh->nlmsg_pid != 0;

	if (of_dump && (nh->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
		k->dump_again = true;
	if (!of_dump)
		stat_add(&k->generation, 1);
	switch (nh->nlmsg_type) {
	case NLMSG_DONE:
	case NLMSG_ERROR:
		if (of_dump)
			dump_ended(k);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		route_message(k, nh);
		if (!of_dump)
			k->changed(k);
		break;
	case RTM_NEWLINK:
	case RTM_DELLINK:
		link_message(k, nh);
		k->changed(k);	/* its MTU, perhaps */
		break;
	case RTM_DELADDR:
		fib_netlink_dump(k);
		break;
	}
}

static void
readable(struct watch *w, unsigned int events)
{
	struct fib_netlink *k = container_of(w, struct fib_netlink, watch);
	static uint8_t buf[64 * 1024] __attribute__((aligned(8)));
	const struct nlmsghdr *nh;
	unsigned int i, left;
	ssize_t n;

	(void)events;
	for (i = 0; i < 64; i++) {
		n = recv(w->fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0 && errno == ENOBUFS) {
			k->dump_family = 0;
			fib_netlink_dump(k);
			continue;
		}
		if (n <= 0)
			return;
		left = (unsigned int)n;
		for (nh = (const struct nlmsghdr *)buf; NLMSG_OK(nh, left); nh = NLMSG_NEXT(nh, left))
			message(k, nh);
	}
}

static int
netlink(uint32_t groups)
{
	struct sockaddr_nl sa = {.nl_family = AF_NETLINK, .nl_groups = groups};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), size = RECEIVE_BUFFER;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

bool
fib_netlink_open(struct fib_netlink *k, struct loop *l)
{
	k->loop = l;
	k->fd = netlink(RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
	    RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_RULE);
	k->ask_fd = netlink(0);
	k->dump_due.run = dump_now;
	k->watch.run = readable;
	if (k->fd < 0 || k->ask_fd < 0 || watch_start(&k->watch, k->loop, k->fd, LOOP_READ) < 0)
		return false;
	fib_netlink_dump(k);
	return true;
}

void
fib_netlink_close(struct fib_netlink *k)
{
	timer_stop(&k->dump_due);
	watch_stop(&k->watch);
	close(k->fd);
	close(k->ask_fd);
}

/* --- questions; the kernel has answered when send() returns --- */

static ssize_t
ask(struct fib_netlink *k, struct request *q, void *answer, size_t room)
{
	static uint32_t seq;

	q->nh.nlmsg_seq = ++seq;
	if (send(k->ask_fd, q, q->nh.nlmsg_len, 0) < 0)
		return -1;
	return recv(k->ask_fd, answer, room, MSG_DONTWAIT);
}

static void
add_address(struct request *q, uint16_t type, const struct addr *a)
{
	struct rtattr *rta = (struct rtattr *)((uint8_t *)q + NLMSG_ALIGN(q->nh.nlmsg_len));

	rta->rta_type = type;
	rta->rta_len = (unsigned short)RTA_LENGTH(addr_bytes(a));
	memcpy(RTA_DATA(rta), a->b, addr_bytes(a));
	q->nh.nlmsg_len = NLMSG_ALIGN(q->nh.nlmsg_len) + RTA_ALIGN(rta->rta_len);
}

int
fib_netlink_output_device(struct fib_netlink *k, const struct addr *local, const struct addr *remote)
{
	struct request q = {
		.nh = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)), .nlmsg_type = RTM_GETROUTE,
			.nlmsg_flags = NLM_F_REQUEST},
		.rt = {.rtm_family = remote->family == ADDR_V4 ? AF_INET : AF_INET6,
			.rtm_dst_len = (uint8_t)(addr_bytes(remote) * 8)},
	};
	uint8_t buf[4096] __attribute__((aligned(8)));
	const struct nlmsghdr *nh = (const struct nlmsghdr *)buf;
	struct fib_news n = {0};
	ssize_t len;

	add_address(&q, RTA_DST, remote);
	if (addr_is_set(local))
		add_address(&q, RTA_SRC, local);
	len = ask(k, &q, buf, sizeof(buf));
	if (len <= 0 || !NLMSG_OK(nh, (unsigned int)len) || nh->nlmsg_type != RTM_NEWROUTE)
		return 0;
	read_attributes(&n, NLMSG_DATA(nh), RTM_RTA(NLMSG_DATA(nh)), (int)RTM_PAYLOAD(nh));
	return n.hops > 0 ? n.hop[0].ifindex : 0;
}

bool
fib_netlink_delete_device(struct fib_netlink *k, int ifindex)
{
	struct request q = {
		.nh = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_DELLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
		.link = {.ifi_index = ifindex},
	};
	uint8_t buf[4096] __attribute__((aligned(8)));
	const struct nlmsghdr *nh = (const struct nlmsghdr *)buf;
	const struct nlmsgerr *err = NLMSG_DATA(nh);
	ssize_t len = ask(k, &q, buf, sizeof(buf));

	return len > 0 && NLMSG_OK(nh, (unsigned int)len) && nh->nlmsg_type == NLMSG_ERROR &&
	    err->error == 0;
}
