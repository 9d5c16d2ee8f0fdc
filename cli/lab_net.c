/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab_net.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/if.h>

#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/bridge.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>

#include "lab.h"

/* A socket of the present namespace; each call has its own, since we move about. */
static struct nl_sock *
net_open(void)
{
	struct nl_sock *s = nl_socket_alloc();

	if (s != NULL && nl_connect(s, NETLINK_ROUTE) == 0)
		return s;
	nl_socket_free(s);
	return NULL;
}

static int
net_index(struct nl_sock *s, const char *name)
{
	struct rtnl_link *l = NULL;
	int index = s != NULL && rtnl_link_get_kernel(s, 0, name, &l) == 0 ? rtnl_link_get_ifindex(l) : 0;

	rtnl_link_put(l);
	return index;
}

/* A link by its name, for rtnl_link_change(); NULL when there is none. */
static struct rtnl_link *
net_link(struct nl_sock *s, const char *name)
{
	struct rtnl_link *l = NULL;

	return s != NULL && rtnl_link_get_kernel(s, 0, name, &l) == 0 ? l : NULL;
}

static const char *
result(const char *what, const char *name, int rc)
{
	return rc == 0 ? NULL : lab_why("cannot %s %s: %s", what, name, nl_geterror(rc));
}

static void
set_mac(struct rtnl_link *l, const char *mac)
{
	struct nl_addr *a;

	if (nl_addr_parse(mac, AF_LLC, &a) != 0)
		return;
	rtnl_link_set_addr(l, a);
	nl_addr_put(a);
}

const char *
net_veth(const char *name, const char *mac, int peer_netns, const char *peer_mac)
{
	struct nl_sock *s = net_open();
	struct rtnl_link *l = rtnl_link_veth_alloc();
	struct rtnl_link *peer = l == NULL ? NULL : rtnl_link_veth_get_peer(l);
	int rc = -NLE_NOMEM;

	if (s != NULL && peer != NULL) {
		rtnl_link_set_name(l, name);
		set_mac(l, mac);
		rtnl_link_set_name(peer, name);
		set_mac(peer, peer_mac);
		rtnl_link_set_ns_fd(peer, peer_netns);
		rc = rtnl_link_add(s, l, NLM_F_CREATE | NLM_F_EXCL);
	}
	if (peer != NULL)
		rtnl_link_put(peer);
	if (l != NULL)
		rtnl_link_put(l);
	nl_socket_free(s);
	return result("make link", name, rc);
}

const char *
net_bridge(const char *name)
{
	struct nl_sock *s = net_open();
	int rc = s == NULL ? -NLE_NOMEM : rtnl_link_bridge_add(s, name);

	nl_socket_free(s);
	return result("make bridge", name, rc);
}

const char *
net_enslave(const char *name, const char *bridge)
{
	struct nl_sock *s = net_open();
	int rc = s == NULL ? -NLE_NOMEM :
	    rtnl_link_enslave_ifindex(s, net_index(s, bridge), net_index(s, name));

	nl_socket_free(s);
	return result("join to the bridge", name, rc);
}

bool
net_is_up(const char *name)
{
	struct nl_sock *s = net_open();
	struct rtnl_link *l = net_link(s, name);
	bool yes = l != NULL && rtnl_link_get_operstate(l) == IF_OPER_UP;

	rtnl_link_put(l);
	nl_socket_free(s);
	return yes;
}

const char *
net_up(const char *name)
{
	struct nl_sock *s = net_open();
	struct rtnl_link *l = net_link(s, name), *change = rtnl_link_alloc();
	int rc = -NLE_NODEV;

	if (l != NULL && change != NULL) {
		rtnl_link_set_flags(change, IFF_UP);
		rc = rtnl_link_change(s, l, change, 0);
	}
	rtnl_link_put(l);
	rtnl_link_put(change);
	nl_socket_free(s);
	return result("set up", name, rc);
}

const char *
net_address(const char *name, const struct prefix *address)
{
	struct nl_sock *s = net_open();
	struct rtnl_addr *a = rtnl_addr_alloc();
	struct nl_addr *local = NULL;
	int rc = -NLE_NOMEM;

	if (s != NULL && a != NULL && nl_addr_parse(PREFIX_STR(address), AF_INET, &local) == 0) {
		rtnl_addr_set_ifindex(a, net_index(s, name));
		rtnl_addr_set_local(a, local);
		rc = rtnl_addr_add(s, a, 0);
	}
	nl_addr_put(local);
	rtnl_addr_put(a);
	nl_socket_free(s);
	return result("give an address to", name, rc);
}

const char *
net_default_route(const struct addr *gateway)
{
	struct nl_sock *s = net_open();
	struct rtnl_route *r = rtnl_route_alloc();
	struct rtnl_nexthop *nh = rtnl_route_nh_alloc();
	struct nl_addr *via = NULL, *dst = NULL;
	int rc = -NLE_NOMEM;

	if (s != NULL && r != NULL && nh != NULL &&
	    nl_addr_parse(ADDR_STR(gateway), AF_INET, &via) == 0 &&
	    nl_addr_parse("default", AF_INET, &dst) == 0) {
		rtnl_route_set_family(r, AF_INET);
		rtnl_route_set_dst(r, dst);
		rtnl_route_nh_set_gateway(nh, via);
		rtnl_route_add_nexthop(r, nh);
		nh = NULL;	/* the route's now */
		rc = rtnl_route_add(s, r, 0);
	}
	if (nh != NULL)
		rtnl_route_nh_free(nh);
	nl_addr_put(via);
	nl_addr_put(dst);
	rtnl_route_put(r);
	nl_socket_free(s);
	return result("set the gateway", ADDR_STR(gateway), rc);
}

const char *
net_sysctl(const char *path, const char *value)
{
	char full[PATH_MAX];
	size_t len = strlen(value);
	int fd;
	bool ok;

	snprintf(full, sizeof(full), "/proc/sys/%s", path);
	fd = open(full, O_WRONLY | O_CLOEXEC);
	ok = fd >= 0 && write(fd, value, len) == (ssize_t)len;
	if (fd >= 0)
		close(fd);
	return ok ? NULL : lab_why("cannot set %s to %s: %s", path, value, strerror(errno));
}
