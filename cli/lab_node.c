/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What makes a namespace with NICs a router, a host, a NAT box or a bridge.
 */
#include "lab.h"

#include <stdio.h>
#include <string.h>
#include <errno.h>

#include <utlist.h>

#include "lab_net.h"
#include "lab_netns.h"
#include "lab_router.h"
#include "lab_run.h"

/* Every NIC up, with its address where the lab gives one. */
static const char *
nics_up(const struct lab_node *node)
{
	const char *why = net_up("lo");
	const struct lab_end *end;

	DL_FOREACH(node->ends, end) {
		if (why == NULL && addr_is_set(&end->address.addr))
			why = net_address(end->link, &end->address);
		if (why == NULL)
			why = net_up(end->link);
	}
	return why;
}

/* Hosts and segments are IPv4: no router solicitations and no listener reports in captures. */
static const char *
quiet(void)
{
	const char *why = net_sysctl("net/ipv6/conf/all/disable_ipv6", "1");

	return why != NULL ? why : net_sysctl("net/ipv6/conf/default/disable_ipv6", "1");
}

static const char *
host_start(const struct lab *lab, const struct lab_node *node)
{
	const char *why = quiet();

	(void)lab;
	if (why == NULL)
		why = nics_up(node);
	if (why == NULL && addr_is_set(&node->gateway))
		why = net_default_route(&node->gateway);
	return why;
}

static const char *
transit_start(const struct lab *lab, const struct lab_node *node)
{
	const char *why = quiet();
	const struct lab_end *end;

	(void)lab;
	if (why == NULL)
		why = net_bridge(LAB_BRIDGE);
	DL_FOREACH(node->ends, end)
		if (why == NULL)
			why = net_enslave(end->link, LAB_BRIDGE);
	if (why == NULL)
		why = net_up(LAB_BRIDGE);
	return why != NULL ? why : nics_up(node);
}

static const char *
nat_rules(const struct lab *lab, const struct lab_node *node)
{
	char path[PATH_MAX], netns[PATH_MAX], out[LAB_ERR_MAX];
	const char *argv[] = {"nft", "-f", lab_node_file(path, lab->name, node->name, "nat.nft"), NULL};
	const struct lab_end *end;
	const char *inside = "", *outside = "";
	FILE *f = fopen(path, "we");

	DL_FOREACH(node->ends, end)
		*(end->inside ? &inside : &outside) = end->link;
	if (f == NULL)
		return lab_why("cannot write %s: %s", path, strerror(errno));
	fprintf(f,
	    "table ip lab {\n"
	    "\tchain postrouting {\n"
	    "\t\ttype nat hook postrouting priority srcnat; policy accept;\n"
	    "\t\toifname \"%s\" masquerade\n"
	    "\t}\n"
	    "\tchain forward {\n"
	    "\t\ttype filter hook forward priority filter; policy drop;\n"
	    "\t\tct state established,related accept\n"
	    "\t\tiifname \"%s\" accept\n"
	    "\t}\n"
	    "}\n", outside, inside);
	if (fclose(f) != 0)
		return lab_why("cannot write %s: %s", path, strerror(errno));
	if (run_capture(lab_netns_name(netns, lab->name, node->name), argv, out, sizeof(out)) != 0)
		return lab_why("nft (package nftables): %.*s", (int)strcspn(out, "\n"), out);
	return NULL;
}

static const char *
nat_start(const struct lab *lab, const struct lab_node *node)
{
	/* The rules before the NICs: nothing goes out with its inside address. */
	const char *why = nat_rules(lab, node);

	if (why == NULL)
		why = host_start(lab, node);
	return why != NULL ? why : net_sysctl("net/ipv4/ip_forward", "1");
}

static const char *(*const starts[LAB_TYPES])(const struct lab *, const struct lab_node *) = {
	[LAB_HOST] = host_start,
	[LAB_TRANSIT] = transit_start,
	[LAB_NAT] = nat_start,
};

const char *
lab_node_start(const struct lab *lab, const struct lab_node *node)
{
	char netns[PATH_MAX];
	const char *why;
	int own;

	if (node->type == LAB_ROUTER) {
		why = router_prepare(lab, node);
		return why != NULL ? why : router_start(lab, node);
	}
	own = netns_open_own();
	if (own < 0)
		return lab_why("cannot open our own namespace: %s", strerror(errno));
	why = netns_enter(lab_netns_name(netns, lab->name, node->name));
	if (why == NULL)
		why = starts[node->type](lab, node);
	netns_return(own);
	return why;
}
