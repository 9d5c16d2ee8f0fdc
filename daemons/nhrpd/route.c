/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "log.h"

#define ANSWER_TIMEOUT_MS 200
#define SETTLE_S 1

struct route {
	struct loop *loop;
	int ask_fd;
	uint32_t seq;
	struct watch watch;		/* changes */
	struct timer settle;
	void (*changed)(void *arg);
	void *arg;
};

/* --- changes --- */

static void
settled(struct timer *t)
{
	struct route *r = container_of(t, struct route, settle);

	r->changed(r->arg);
}

static void
something_changed(struct watch *w, unsigned int events)
{
	struct route *r = container_of(w, struct route, watch);
	uint8_t buf[8192];

	(void)events;
	/* What changed does not matter, nor that some of it was lost (ENOBUFS). */
	while (recv(w->fd, buf, sizeof(buf), MSG_DONTWAIT) >= 0 || errno == ENOBUFS)
		;
	timer_in(&r->settle, r->loop, mono_s(SETTLE_S));
}

/* --- open and close --- */

static int
netlink_open(uint32_t groups)
{
	struct sockaddr_nl sa = {.nl_family = AF_NETLINK, .nl_groups = groups};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

struct route *
route_open(struct loop *l, void (*changed)(void *arg), void *arg)
{
	struct timeval timeout = {.tv_usec = ANSWER_TIMEOUT_MS * 1000};
	struct route *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->loop = l;
	r->changed = changed;
	r->arg = arg;
	r->settle.run = settled;
	r->watch.run = something_changed;
	r->ask_fd = netlink_open(0);
	r->watch.fd = netlink_open(RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE);
	if (r->ask_fd < 0 || r->watch.fd < 0 ||
	    setsockopt(r->ask_fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) < 0 ||
	    watch_start(&r->watch, l, r->watch.fd, LOOP_READ) < 0) {
		route_close(r);
		return NULL;
	}
	return r;
}

void
route_close(struct route *r)
{
	if (r == NULL)
		return;
	watch_stop(&r->watch);
	timer_stop(&r->settle);
	if (r->ask_fd >= 0)
		close(r->ask_fd);
	if (r->watch.fd >= 0)
		close(r->watch.fd);
	free(r);
}

/* --- one question --- */

static bool
ask(struct route *r, const struct addr *dst)
{
	struct {
		struct nlmsghdr nh;
		struct rtmsg rt;
		struct rtattr a;
		uint8_t b[16];
	} q = {.nh = {.nlmsg_type = RTM_GETROUTE, .nlmsg_flags = NLM_F_REQUEST}};
	unsigned int len = addr_bytes(dst);

	q.nh.nlmsg_len = NLMSG_LENGTH(sizeof(q.rt)) + RTA_LENGTH(len);
	q.nh.nlmsg_seq = ++r->seq;
	q.rt.rtm_family = dst->family == ADDR_V6 ? AF_INET6 : AF_INET;
	q.rt.rtm_dst_len = (unsigned char)(8 * len);
	q.rt.rtm_flags = RTM_F_FIB_MATCH;
	q.a.rta_type = RTA_DST;
	q.a.rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(q.b, dst->b, len);
	return send(r->ask_fd, &q, q.nh.nlmsg_len, 0) == (ssize_t)q.nh.nlmsg_len;
}

static void
read_hop(struct nhrp_route *out, int family, unsigned int type, const struct rtattr *a)
{
	const struct rtnexthop *hop;

	switch (type) {
	case RTA_GATEWAY:
		if (RTA_PAYLOAD(a) == (family == ADDR_V6 ? 16 : 4))
			out->gateway = addr_from_bytes(family, RTA_DATA(a));
		break;
	case RTA_OIF:
		if_indextoname(*(const unsigned int *)RTA_DATA(a), out->ifname);
		break;
	case RTA_MULTIPATH:	/* the first of them stands for all */
		hop = RTA_DATA(a);
		if (RTA_PAYLOAD(a) < sizeof(*hop))
			break;
		if_indextoname((unsigned int)hop->rtnh_ifindex, out->ifname);
		if (hop->rtnh_len >= RTNH_LENGTH(sizeof(*a)))
			read_hop(out, family, RTNH_DATA(hop)->rta_type, RTNH_DATA(hop));
		break;
	}
}

static bool
answer_read(const struct nlmsghdr *nh, const struct addr *dst, struct nhrp_route *out)
{
	const struct rtmsg *rt = NLMSG_DATA(nh);
	const struct rtattr *a = RTM_RTA(rt);
	int left = (int)RTM_PAYLOAD(nh);

	memset(out, 0, sizeof(*out));
	out->prefix = (struct prefix){.addr = *dst, .len = rt->rtm_dst_len};
	out->prefix = prefix_network(&out->prefix);
	out->local = rt->rtm_type == RTN_LOCAL;
	if (rt->rtm_type != RTN_UNICAST && !out->local)
		return false;
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left))
		read_hop(out, dst->family, a->rta_type, a);
	return out->ifname[0] != '\0';
}

bool
route_lookup(struct route *r, const struct addr *dst, struct nhrp_route *out)
{
	union {
		struct nlmsghdr nh;
		uint8_t b[4096];
	} buf;
	ssize_t len;

	if (!ask(r, dst))
		return false;
	/* A late answer to an earlier question is passed over. */
	do {
		len = recv(r->ask_fd, &buf, sizeof(buf), 0);
		if (len < 0) {
			log_warn("the kernel does not say which route leads to %s: %s",
			    ADDR_STR(dst), strerror(errno));
			return false;
		}
	} while (!NLMSG_OK(&buf.nh, (size_t)len) || buf.nh.nlmsg_seq != r->seq);
	return buf.nh.nlmsg_type == RTM_NEWROUTE && answer_read(&buf.nh, dst, out);
}
