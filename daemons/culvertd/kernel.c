/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <net/if_arp.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

#define SETTLE_MS 5		/* events come in bursts */
#define LOWER_UP (1u << 16)	/* IFF_LOWER_UP: <linux/if.h> does not go with <net/if.h> */
#define EVENT_BUFFER_BYTES (1024 * 1024)

/* Room for one more at the end of an array. */
static void *
grow(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room == 0 ? 16 : 2 * *room;
	array = realloc(array, *room * size);
	if (array == NULL)
		log_fatal("out of memory for %zu kernel objects", *room);
	return array;
}

static struct addr
from_nl(const struct nl_addr *a)
{
	if (a != NULL && nl_addr_get_family(a) == AF_INET && nl_addr_get_len(a) == 4)
		return addr_from_bytes(ADDR_V4, nl_addr_get_binary_addr(a));
	if (a != NULL && nl_addr_get_family(a) == AF_INET6 && nl_addr_get_len(a) == 16)
		return addr_from_bytes(ADDR_V6, nl_addr_get_binary_addr(a));
	return (struct addr){0};
}

static int
af_of(const struct addr *a)
{
	return a->family == ADDR_V6 ? AF_INET6 : AF_INET;
}

static struct nl_addr *
to_nl(const struct addr *a, unsigned int len)
{
	struct nl_addr *n = nl_addr_build(af_of(a), a->b, addr_bytes(a));

	if (n == NULL)
		log_fatal("out of memory for an address");
	nl_addr_set_prefixlen(n, (int)len);
	return n;
}

/* --- reading --- */

static void
take_link(struct nl_object *o, void *arg)
{
	struct rtnl_link *l = (struct rtnl_link *)o;
	struct kernel *k = arg;
	struct kernel_link *to;
	const char *kind = rtnl_link_get_type(l);
	struct nl_addr *mac = rtnl_link_get_addr(l);

	if (rtnl_link_get_name(l) == NULL)
		return;
	k->link = grow(k->link, k->links, &k->link_room, sizeof(*k->link));
	to = &k->link[k->links++];
	*to = (struct kernel_link){.index = rtnl_link_get_ifindex(l),
	    .flags = rtnl_link_get_flags(l), .mtu = rtnl_link_get_mtu(l),
	    .ethernet = rtnl_link_get_arptype(l) == ARPHRD_ETHER,
	    .rx_packets = rtnl_link_get_stat(l, RTNL_LINK_RX_PACKETS),
	    .rx_bytes = rtnl_link_get_stat(l, RTNL_LINK_RX_BYTES),
	    .rx_errors = rtnl_link_get_stat(l, RTNL_LINK_RX_ERRORS),
	    .rx_dropped = rtnl_link_get_stat(l, RTNL_LINK_RX_DROPPED),
	    .rx_multicast = rtnl_link_get_stat(l, RTNL_LINK_MULTICAST),
	    .tx_packets = rtnl_link_get_stat(l, RTNL_LINK_TX_PACKETS),
	    .tx_bytes = rtnl_link_get_stat(l, RTNL_LINK_TX_BYTES),
	    .tx_errors = rtnl_link_get_stat(l, RTNL_LINK_TX_ERRORS),
	    .tx_dropped = rtnl_link_get_stat(l, RTNL_LINK_TX_DROPPED)};
	snprintf(to->name, sizeof(to->name), "%s", rtnl_link_get_name(l));
	snprintf(to->kind, sizeof(to->kind), "%s", kind == NULL ? "" : kind);
	if (mac != NULL && nl_addr_get_len(mac) == sizeof(to->mac))
		memcpy(to->mac, nl_addr_get_binary_addr(mac), sizeof(to->mac));
}

static void
take_addr(struct nl_object *o, void *arg)
{
	struct rtnl_addr *a = (struct rtnl_addr *)o;
	struct kernel *k = arg;
	struct kernel_addr *to;

	if (rtnl_addr_get_family(a) != AF_INET && rtnl_addr_get_family(a) != AF_INET6)
		return;
	k->addr = grow(k->addr, k->addrs, &k->addr_room, sizeof(*k->addr));
	to = &k->addr[k->addrs++];
	*to = (struct kernel_addr){.index = rtnl_addr_get_ifindex(a),
	    .tentative = (rtnl_addr_get_flags(a) & IFA_F_TENTATIVE) != 0,
	    .duplicate = (rtnl_addr_get_flags(a) & IFA_F_DADFAILED) != 0};
	to->prefix.addr = from_nl(rtnl_addr_get_local(a));
	to->prefix.len = (uint8_t)rtnl_addr_get_prefixlen(a);
}

static void
take_hop(struct kernel *k, struct rtnl_route *r, struct rtnl_nexthop *hop)
{
	struct nl_addr *dst = rtnl_route_get_dst(r);
	struct kernel_route *to;

	k->route = grow(k->route, k->routes, &k->route_room, sizeof(*k->route));
	to = &k->route[k->routes++];
	*to = (struct kernel_route){.protocol = rtnl_route_get_protocol(r),
	    .type = rtnl_route_get_type(r), .metric = rtnl_route_get_priority(r)};
	if (nl_addr_get_len(dst) == 0)
		to->prefix.addr.family = rtnl_route_get_family(r) == AF_INET6 ? ADDR_V6 : ADDR_V4;
	else
		to->prefix.addr = from_nl(dst);
	to->prefix.len = (uint8_t)nl_addr_get_prefixlen(dst);
	if (hop == NULL)
		return;
	to->gateway = from_nl(rtnl_route_nh_get_gateway(hop));
	to->index = rtnl_route_nh_get_ifindex(hop);
	to->linkdown = (rtnl_route_nh_get_flags(hop) & RTNH_F_LINKDOWN) != 0;
}

static void
take_route(struct nl_object *o, void *arg)
{
	struct rtnl_route *r = (struct rtnl_route *)o;
	int i, n = rtnl_route_get_nnexthops(r);

	if (rtnl_route_get_table(r) != RT_TABLE_MAIN)
		return;
	if (n == 0)
		take_hop(arg, r, NULL);
	for (i = 0; i < n; i++)
		take_hop(arg, r, rtnl_route_nexthop_n(r, i));
}

static const char *
sentence(int err)
{
	return err < 0 ? nl_geterror(err) : NULL;
}

static const char *
take_cache(struct kernel *k, struct nl_cache *cache, void (*take)(struct nl_object *, void *))
{
	nl_cache_foreach(cache, take, k);
	nl_cache_free(cache);
	return NULL;
}

const char *
kernel_read_links(struct kernel *k)
{
	struct nl_cache *cache;
	int err = rtnl_link_alloc_cache(k->ask, AF_UNSPEC, &cache);

	if (err < 0)
		return sentence(err);
	k->links = 0;
	return take_cache(k, cache, take_link);
}

static const char *
read_routes(struct kernel *k, int family)
{
	struct nl_cache *cache;
	int err = rtnl_route_alloc_cache(k->ask, family, 0, &cache);

	return err < 0 ? sentence(err) : take_cache(k, cache, take_route);
}

const char *
kernel_read(struct kernel *k)
{
	const char *why = kernel_read_links(k);
	struct nl_cache *cache;
	int err;

	if (why != NULL)
		return why;
	err = rtnl_addr_alloc_cache(k->ask, &cache);
	if (err < 0)
		return sentence(err);
	k->addrs = 0;
	take_cache(k, cache, take_addr);
	k->routes = 0;
	why = read_routes(k, AF_INET);
	return why != NULL ? why : read_routes(k, AF_INET6);
}

const struct kernel_link *
kernel_link(const struct kernel *k, const char *name)
{
	size_t i;

	for (i = 0; i < k->links; i++)
		if (strcmp(k->link[i].name, name) == 0)
			return &k->link[i];
	return NULL;
}

const struct kernel_link *
kernel_link_at(const struct kernel *k, int index)
{
	size_t i;

	for (i = 0; i < k->links; i++)
		if (k->link[i].index == index)
			return &k->link[i];
	return NULL;
}

bool
kernel_link_usable(const struct kernel_link *l)
{
	return l != NULL && (l->flags & IFF_UP) && (l->flags & LOWER_UP);
}

/* --- events --- */

static int
ignore(struct nl_msg *m, void *arg)
{
	(void)m;
	(void)arg;
	return NL_OK;
}

static void
settled(struct timer *t)
{
	struct kernel *k = container_of(t, struct kernel, settle);
	const char *why = kernel_read(k);

	if (why != NULL) {	/* a dump that was interrupted; come back */
		timer_in(&k->settle, k->loop, mono_ms(10 * SETTLE_MS));
		return;
	}
	k->changed(k);
}

static void
events_ready(struct watch *w, unsigned int events)
{
	struct kernel *k = container_of(w, struct kernel, watch);

	(void)events;
	/* Lost events (ENOBUFS) are no loss: everything is read anew. */
	while (nl_recvmsgs_default(k->events) >= 0)
		;
	if (!timer_armed(&k->settle))
		timer_in(&k->settle, k->loop, mono_ms(SETTLE_MS));
}

bool
kernel_open(struct kernel *k, struct loop *l, void (*changed)(struct kernel *k))
{
	*k = (struct kernel){.loop = l, .changed = changed};
	k->settle.run = settled;
	k->watch.run = events_ready;
	k->ask = nl_socket_alloc();
	k->events = nl_socket_alloc();
	if (k->ask == NULL || k->events == NULL)
		return false;
	nl_socket_disable_seq_check(k->events);
	nl_socket_modify_cb(k->events, NL_CB_VALID, NL_CB_CUSTOM, ignore, NULL);
	if (nl_connect(k->ask, NETLINK_ROUTE) < 0 || nl_connect(k->events, NETLINK_ROUTE) < 0)
		return false;
	nl_socket_set_buffer_size(k->events, EVENT_BUFFER_BYTES, 0);
	if (nl_socket_add_memberships(k->events, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
	    RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_ROUTE, 0) < 0)
		return false;
	nl_socket_set_nonblocking(k->events);
	return watch_start(&k->watch, l, nl_socket_get_fd(k->events), LOOP_READ) == 0;
}

void
kernel_close(struct kernel *k)
{
	watch_stop(&k->watch);
	timer_stop(&k->settle);
	nl_socket_free(k->ask);
	nl_socket_free(k->events);
	free(k->link);
	free(k->addr);
	free(k->route);
}

/* --- changing --- */

const char *
kernel_link_add(struct kernel *k, const char *name, const char *kind)
{
	struct rtnl_link *l = rtnl_link_alloc();
	int err;

	rtnl_link_set_name(l, name);
	err = rtnl_link_set_type(l, kind);
	if (err >= 0)
		err = rtnl_link_add(k->ask, l, NLM_F_CREATE | NLM_F_EXCL);
	rtnl_link_put(l);
	return err == -NLE_EXIST ? NULL : sentence(err);
}

const char *
kernel_link_del(struct kernel *k, const char *name)
{
	struct rtnl_link *l = rtnl_link_alloc();
	int err;

	rtnl_link_set_name(l, name);
	err = rtnl_link_delete(k->ask, l);
	rtnl_link_put(l);
	return err == -NLE_NODEV || err == -NLE_OBJ_NOTFOUND ? NULL : sentence(err);
}

const char *
kernel_link_set_up(struct kernel *k, int index, bool up)
{
	struct rtnl_link *l = rtnl_link_alloc(), *change = rtnl_link_alloc();
	int err;

	rtnl_link_set_ifindex(l, index);
	if (up)
		rtnl_link_set_flags(change, IFF_UP);
	else
		rtnl_link_unset_flags(change, IFF_UP);
	err = rtnl_link_change(k->ask, l, change, 0);
	rtnl_link_put(change);
	rtnl_link_put(l);
	return sentence(err);
}

static struct rtnl_addr *
make_addr(int index, const struct prefix *p)
{
	struct rtnl_addr *a = rtnl_addr_alloc();
	struct nl_addr *local = to_nl(&p->addr, p->len);

	if (a == NULL)
		log_fatal("out of memory for an address");
	rtnl_addr_set_ifindex(a, index);
	rtnl_addr_set_local(a, local);
	nl_addr_put(local);
	return a;
}

const char *
kernel_addr_add(struct kernel *k, int index, const struct prefix *p, bool alone)
{
	struct rtnl_addr *a = make_addr(index, p);
	int err;

	if (alone && p->addr.family == ADDR_V6)
		rtnl_addr_set_flags(a, IFA_F_NODAD);
	err = rtnl_addr_add(k->ask, a, 0);
	rtnl_addr_put(a);
	return err == -NLE_EXIST ? NULL : sentence(err);
}

const char *
kernel_addr_del(struct kernel *k, int index, const struct prefix *p)
{
	struct rtnl_addr *a = make_addr(index, p);
	int err = rtnl_addr_delete(k->ask, a, 0);

	rtnl_addr_put(a);
	return err == -NLE_NOADDR ? NULL : sentence(err);
}

static struct rtnl_route *
make_route(const struct prefix *p)
{
	struct rtnl_route *r = rtnl_route_alloc();
	struct nl_addr *dst = to_nl(&p->addr, p->len);

	if (r == NULL)
		log_fatal("out of memory for a route");
	rtnl_route_set_family(r, (uint8_t)af_of(&p->addr));
	rtnl_route_set_table(r, RT_TABLE_MAIN);
	rtnl_route_set_protocol(r, RTPROT_STATIC);
	rtnl_route_set_dst(r, dst);
	nl_addr_put(dst);
	return r;
}

const char *
kernel_route_set(struct kernel *k, const struct kernel_route_want *w)
{
	struct rtnl_route *r = make_route(&w->prefix);
	struct nl_addr *via;
	size_t i;
	int err;

	rtnl_route_set_type(r, w->blackhole ? RTN_BLACKHOLE : RTN_UNICAST);
	rtnl_route_set_scope(r, !w->blackhole && w->hops > 0 && !addr_is_set(&w->hop[0].gateway) ?
	    RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
	for (i = 0; i < w->hops && !w->blackhole; i++) {
		struct rtnl_nexthop *hop = rtnl_route_nh_alloc();

		rtnl_route_nh_set_ifindex(hop, w->hop[i].index);
		if (addr_is_set(&w->hop[i].gateway)) {
			via = to_nl(&w->hop[i].gateway, 8 * addr_bytes(&w->hop[i].gateway));
			rtnl_route_nh_set_gateway(hop, via);
			nl_addr_put(via);
			rtnl_route_nh_set_flags(hop, RTNH_F_ONLINK);
		}
		rtnl_route_add_nexthop(r, hop);
	}
	err = rtnl_route_add(k->ask, r, NLM_F_CREATE | NLM_F_REPLACE);
	rtnl_route_put(r);
	return sentence(err);
}

const char *
kernel_route_del(struct kernel *k, const struct prefix *p)
{
	struct rtnl_route *r = make_route(p);
	int err;

	rtnl_route_set_scope(r, RT_SCOPE_NOWHERE);	/* any */
	rtnl_route_set_type(r, RTN_UNSPEC);
	err = rtnl_route_delete(k->ask, r, 0);
	rtnl_route_put(r);
	return err == -NLE_OBJ_NOTFOUND || err == -NLE_NODEV ? NULL : sentence(err);
}

/* --- sysctl --- */

static int
sysctl_open(const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	return open(path, flags | O_CLOEXEC);
}

int
kernel_sysctl_get(const char *name)
{
	int fd = sysctl_open(name, O_RDONLY);
	char text[16] = "";
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	return n <= 0 ? -1 : atoi(text);
}

bool
kernel_sysctl_set(const char *name, int value)
{
	int fd = sysctl_open(name, O_WRONLY);
	bool ok = fd >= 0 && dprintf(fd, "%d\n", value) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}
