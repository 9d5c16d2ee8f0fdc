/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel_arp.h"

#include <linux/neighbour.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>
#include <unistd.h>

struct reader {
	void (*take)(void *arg, const struct kernel_arp *a);
	void *arg;
	long ticks;			/* a second, in which the kernel gives ages */
};

/* A new neighbour counts as confirmed a while ago, so that it is asked soon. */
static uint32_t
age_s(const struct nlattr *attr, long ticks)
{
	struct nda_cacheinfo c;

	if (attr == NULL || nla_len(attr) < (int)sizeof(c))
		return 0;
	memcpy(&c, nla_data(attr), sizeof(c));
	return (uint32_t)((c.ndm_confirmed < c.ndm_updated ? c.ndm_confirmed : c.ndm_updated) / ticks);
}

/* libnl keeps no ages, so the message is read here. */
static int
take_neighbour(struct nl_msg *m, void *arg)
{
	const struct reader *r = arg;
	const struct ndmsg *n = nlmsg_data(nlmsg_hdr(m));
	struct nlattr *attr[NDA_MAX + 1];
	struct kernel_arp a = {0};

	if (nlmsg_hdr(m)->nlmsg_type != RTM_NEWNEIGH ||
	    nlmsg_parse(nlmsg_hdr(m), sizeof(*n), attr, NDA_MAX, NULL) < 0 ||
	    n->ndm_family != AF_INET || (n->ndm_state & NUD_NOARP) != 0 || n->ndm_state == NUD_NONE ||
	    attr[NDA_DST] == NULL || nla_len(attr[NDA_DST]) != 4)
		return NL_OK;
	a.index = n->ndm_ifindex;
	a.addr = addr_from_bytes(ADDR_V4, nla_data(attr[NDA_DST]));
	a.fixed = (n->ndm_state & NUD_PERMANENT) != 0;
	if ((n->ndm_state & (NUD_INCOMPLETE | NUD_FAILED)) == 0 && attr[NDA_LLADDR] != NULL &&
	    nla_len(attr[NDA_LLADDR]) == sizeof(a.mac)) {
		a.complete = true;
		memcpy(a.mac, nla_data(attr[NDA_LLADDR]), sizeof(a.mac));
	}
	a.age_s = age_s(attr[NDA_CACHEINFO], r->ticks);
	r->take(r->arg, &a);
	return NL_OK;
}

const char *
kernel_arp_each(struct kernel *k, void (*take)(void *arg, const struct kernel_arp *a), void *arg)
{
	struct reader r = {.take = take, .arg = arg, .ticks = sysconf(_SC_CLK_TCK)};
	struct ndmsg ask = {.ndm_family = AF_INET};
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err;

	if (cb == NULL)
		return "out of memory";
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, take_neighbour, &r);
	err = nl_send_simple(k->ask, RTM_GETNEIGH, NLM_F_DUMP, &ask, sizeof(ask));
	if (err >= 0)
		err = nl_recvmsgs(k->ask, cb);
	nl_cb_put(cb);
	return err < 0 ? nl_geterror(err) : NULL;
}
