/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hairpin.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "log.h"
#include "mix.h"
#include "out.h"
#include "worker.h"

enum { WAYS = 4096, WAY_LIFE_S = 1, IPV4_HEADER_LEN = 20, TTL_AT = 8, SUM_AT = 10,
	ROUTED_TOS = 0x1c };	/* what rules and routes may look at */

struct hairpin_way {
	struct addr src, dst;
	uint32_t generation;	/* of the FIB when the kernel was asked */
	int in;			/* the device; 0: no way */
	uint8_t tos;
	bool back;		/* out by the same */
	mono_t until;
};

void
hairpin_open(struct hairpin *h)
{
	h->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	h->ways = calloc(WAYS, sizeof(*h->ways));
	if (h->ways == NULL)
		log_fatal("out of memory");
}

void
hairpin_close(struct hairpin *h)
{
	if (h->fd >= 0)
		close(h->fd);
	free(h->ways);
}

/* --- what the kernel would do --- */

struct question {
	struct nlmsghdr nh;
	struct rtmsg rt;
	uint8_t attributes[3 * RTA_SPACE(4)];
};

static void
add_attribute(struct question *q, uint16_t type, const void *value)
{
	struct rtattr *a = (struct rtattr *)((uint8_t *)q + q->nh.nlmsg_len);

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(4);
	memcpy(RTA_DATA(a), value, 4);
	q->nh.nlmsg_len += RTA_SPACE(4);
}

/* The device of the answer; 0 when the packet would not be forwarded. */
static int
device_of(const struct nlmsghdr *nh)
{
	const struct rtmsg *rt = NLMSG_DATA(nh);
	int len = (int)RTM_PAYLOAD(nh), device = 0;
	const struct rtattr *a;

	if (nh->nlmsg_type != RTM_NEWROUTE || nh->nlmsg_len < NLMSG_LENGTH(sizeof(*rt)) ||
	    rt->rtm_type != RTN_UNICAST)
		return 0;
	for (a = RTM_RTA(rt); RTA_OK(a, len); a = RTA_NEXT(a, len))
		if (a->rta_type == RTA_OIF && RTA_PAYLOAD(a) >= sizeof(device))
			memcpy(&device, RTA_DATA(a), sizeof(device));
	return device;
}

/* It has answered when send() returns. */
static bool
ask_kernel(struct hairpin *h, const struct inner *in, int ifindex)
{
	struct question q = {
		.nh = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)), .nlmsg_type = RTM_GETROUTE,
			.nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = ++h->seq},
		.rt = {.rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_src_len = 32,
			.rtm_tos = in->tos & ROUTED_TOS},
	};
	uint8_t buf[2048] __attribute__((aligned(8)));
	const struct nlmsghdr *nh = (const struct nlmsghdr *)buf;
	ssize_t len;

	add_attribute(&q, RTA_DST, in->dst.b);
	add_attribute(&q, RTA_SRC, in->src.b);
	add_attribute(&q, RTA_IIF, &ifindex);
	if (send(h->fd, &q, q.nh.nlmsg_len, 0) < 0)
		return false;
	do
		len = recv(h->fd, buf, sizeof(buf), MSG_DONTWAIT);
	while (len > 0 && NLMSG_OK(nh, (size_t)len) && nh->nlmsg_seq != h->seq);
	return len > 0 && NLMSG_OK(nh, (size_t)len) && device_of(nh) == ifindex;
}

static bool
goes_back(struct worker *w, const struct inner *in, int ifindex)
{
	struct hairpin *h = &w->hairpin;
	uint64_t flow = mix_two(mix_bytes(&in->src, sizeof(in->src)),
	    mix_bytes(&in->dst, sizeof(in->dst)));
	struct hairpin_way *way = &h->ways[flow % WAYS];
	uint32_t generation = stat_get(&w->tables->fib.kernel.generation);

	if (way->in == ifindex && way->tos == (in->tos & ROUTED_TOS) &&
	    way->generation == generation && w->now.us < way->until.us &&
	    addr_eq(&way->src, &in->src) && addr_eq(&way->dst, &in->dst))
		return way->back;
	*way = (struct hairpin_way){.src = in->src, .dst = in->dst, .generation = generation,
	    .in = ifindex, .tos = in->tos & ROUTED_TOS, .until = mono_add(w->now, mono_s(WAY_LIFE_S)),
	    .back = ask_kernel(h, in, ifindex)};
	return way->back;
}

/* --- the packet --- */

/* The TTL is the high byte of its word: HC' = ~(~HC + ~m + m'), which is HC + 0x0100. */
void
hairpin_age(uint8_t *ip)
{
	uint32_t sum = (uint32_t)(ip[SUM_AT] << 8 | ip[SUM_AT + 1]) + 0x0100;

	ip[TTL_AT]--;
	sum += sum >= 0xffff;		/* there is no sum of 0xffff: that is 0 */
	ip[SUM_AT] = (uint8_t)(sum >> 8);
	ip[SUM_AT + 1] = (uint8_t)sum;
}

static bool
is_plain(const struct tunnel_conf *c, const struct inner *in)
{
	return in->version == 4 && (in->p[0] & 0x0f) * 4 == IPV4_HEADER_LEN && in->p[TTL_AT] > 1 &&
	    (c->set.mtu == 0 || in->len <= c->set.mtu) && !inner_is_multicast(in) &&
	    checksum_fold(checksum_add(0, in->p, IPV4_HEADER_LEN)) == 0;
}

bool
hairpin_turn(struct worker *w, const struct tunnel_conf *c, const struct inner *in)
{
	uint8_t *p;

	if (w->hairpin.fd < 0 || !is_plain(c, in) || !goes_back(w, in, c->tunnel->ifindex))
		return false;
	p = wire_room(&w->wire, in->len);
	if (p == NULL)
		return false;
	memcpy(p, in->p, in->len);
	hairpin_age(p);
	stat_add(&worker_stats(w, c->tunnel)->hairpin, 1);
	stat_add(&w->counters.work.hairpins, 1);
	out_turned(w, c, p, in->len);
	return true;
}
