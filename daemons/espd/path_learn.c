/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path_learn.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "espd.h"
#include "log.h"
#include "path_icmp.h"

#define ICMP_FILTER 1			/* of linux/icmp.h, which does not go with net/if.h */

#define TICK_MS 250
#define LOOK_S 10
#define PEERS_A_TICK 512
#define MESSAGES_A_ROUND 32
#define MESSAGE_MAX 2048
#define HEARD_MS 5			/* one of mGRE in clear each, once a burst of so many is used up */
#define HEARD_BURST 100

static const struct path_trust of_crypto_maps = {576, 10};

/* --- the device --- */

struct look {			/* of one tick: most peers are behind the same device */
	int fd;			/* any socket */
	int ifindex;		/* of the device that was asked last; 0: none yet */
	uint16_t mtu;		/* of it */
};

static uint16_t
device_mtu(int fd, int ifindex)
{
	struct ifreq r = {0};

	if (if_indextoname((unsigned int)ifindex, r.ifr_name) == NULL ||
	    ioctl(fd, SIOCGIFMTU, &r) < 0)
		return 0;
	return r.ifr_mtu > UINT16_MAX ? UINT16_MAX : (uint16_t)r.ifr_mtu;
}

static uint16_t
link_mtu(struct espd *e, struct look *k, const struct addr *local, const struct addr *remote)
{
	int ifindex = fib_output_device(&e->tables.fib, local, remote);

	if (ifindex == 0)
		return 0;
	if (ifindex != k->ifindex)
		*k = (struct look){k->fd, ifindex, device_mtu(k->fd, ifindex)};
	return k->mtu;
}

/* Those of a share of the peers, from bucket *at on; false: the next tick goes on there. */
static bool
look_up(struct espd *e, struct look *k, uint32_t *at, bool only_new)
{
	const struct rtable *t = &e->tables.peers.by_ref;
	unsigned int done = 0;
	struct rnode *n;
	struct peer *p;

	for (; *at <= t->mask && done < PEERS_A_TICK; ++*at)
		for (n = t->bucket[*at]; n != NULL; n = n->next) {
			p = container_of(n, struct peer, by_ref);
			if (only_new && p->pmtu.looked_up)
				continue;
			path_mtu_set_link(&p->pmtu, link_mtu(e, k, &p->path->local, &p->path->remote));
			done++;
		}
	return *at > t->mask;
}

static void
look_up_tunnels(struct espd *e, struct look *k)
{
	struct tunnels *ts = &e->tables.tunnels;
	const struct ipc_tunnel *set;
	uint32_t i;

	for (i = 0; i < ts->top; i++) {
		if (ts->slot[i] == NULL)
			continue;
		set = &ts->slot[i]->conf->set;
		if (addr_is_set(&set->remote))
			path_mtu_set_link(&ts->slot[i]->pmtu, link_mtu(e, k, &set->local, &set->remote));
	}
}

static void
age(struct espd *e, mono_t now)
{
	const struct rtable *adjs = &e->tables.adjs.by_next_hop;
	struct tunnels *ts = &e->tables.tunnels;
	struct rnode *n;
	struct peer *p;
	uint32_t i;

	for (p = peer_next(&e->tables.peers, NULL); p != NULL; p = peer_next(&e->tables.peers, p))
		path_mtu_age(&p->pmtu, now);
	for (i = 0; i < ts->top; i++)
		if (ts->slot[i] != NULL)
			path_mtu_age(&ts->slot[i]->pmtu, now);
	for (i = 0; i <= adjs->mask; i++)
		for (n = adjs->bucket[i]; n != NULL; n = n->next)
			path_mtu_age(&container_of(n, struct adj, node)->pmtu, now);
}

static void
look_at_all(struct espd *e, struct look *k, mono_t now)
{
	struct path_learner *l = &e->paths;

	if (l->at == 0) {
		l->looked = now;
		age(e, now);
		look_up_tunnels(e, k);
	}
	if (!look_up(e, k, &l->at, false))
		return;
	l->at = 0;
	l->stale = false;
}

/* Did the kernel find a packet too big for its device since the last time? */
static bool
was_refused(struct espd *e)
{
	bool refused = false;
	unsigned int i;

	for (i = 0; i < e->tables.workers; i++)
		refused |= __atomic_exchange_n(&e->tables.worker[i].wire.too_big, false,
		    __ATOMIC_RELAXED);
	return refused;
}

static void
tick(struct timer *timer)
{
	struct espd *e = container_of(timer, struct espd, paths.tick);
	struct path_learner *l = &e->paths;
	mono_t now = loop_now(e->d.loop);
	struct look k = {0};

	if (was_refused(e) || now.us - l->looked.us >= mono_s(LOOK_S).us)
		l->stale = true;
	if (l->stale || l->news) {
		k.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (l->news)
			l->news = !look_up(e, &k, &(uint32_t){0}, true);
		if (l->stale)
			look_at_all(e, &k, now);
		close(k.fd);
	}
	timer_in(timer, e->d.loop, mono_ms(TICK_MS));
}

void
path_mtu_look_again(struct espd *e)
{
	e->paths.stale = true;
}

void
path_mtu_look_at_new(struct espd *e)
{
	e->paths.news = true;
}

/* --- what routers say --- */

static bool
is_of(const struct peer *p, const struct path_icmp *says)
{
	return p->out != NULL && p->out->peer_spi == says->spi &&
	    addr_eq(&p->path->remote, &says->remote) && addr_eq(&p->path->local, &says->local) &&
	    (p->out->encap != 0) == (says->proto == IPPROTO_UDP) &&
	    (says->proto == IPPROTO_ESP || (says->local_port == NATT_PORT &&
	        says->remote_port == p->path->remote_port));
}

static void
learn(struct espd *e, struct path_mtu *way, const struct path_icmp *says,
    const struct path_trust *trust)
{
	if (path_mtu_learn(way, says->mtu, trust, loop_now(e->d.loop)))
		log_debug_about(LOG_DEBUG_TUNNEL, &says->remote, "path MTU", "to %s is %u",
		    ADDR_STR(&says->remote), way->mtu);
}

/* What the tunnel of this protection is told to believe; false: nothing. */
static bool
trust_of(struct espd *e, uint16_t protection, struct path_trust *trust)
{
	struct tunnels *ts = &e->tables.tunnels;
	const struct tunnel_conf *c;
	bool found = false;
	uint32_t i;

	*trust = of_crypto_maps;
	for (i = 0; i < ts->top; i++) {
		c = ts->slot[i] == NULL ? NULL : ts->slot[i]->conf;
		if (c == NULL || c->protection != protection)
			continue;
		found = true;
		if (!c->set.pmtud)
			continue;
		*trust = (struct path_trust){c->set.path_min, c->set.path_age_min};
		return true;
	}
	return !found;
}

/* What quotes no SPI of ours costs a look-up, so it needs no limit that would be everybody's. */
static void
believe_esp(struct espd *e, const struct path_icmp *says)
{
	const struct peers *peers = &e->tables.peers;
	uint16_t port = says->proto == IPPROTO_UDP ? says->remote_port : 0;
	struct path_trust trust;
	struct peer *p = NULL;

	while ((p = peer_at(peers, &says->remote, port, p)) != NULL)
		if (is_of(p, says) && trust_of(e, p->protection, &trust))
			learn(e, &p->pmtu, says, &trust);
}

static void
believe_gre(struct espd *e, const struct path_icmp *says)
{
	const struct tunnel_conf *c = tunnel_find(&e->tables.tunnels, &says->local, &says->remote,
	    says->has_key, says->key);
	const struct rtable *adjs = &e->tables.adjs.by_next_hop;
	struct path_trust trust;
	struct rnode *n;
	struct adj *a;
	uint32_t i;

	if (c == NULL || c->protection != 0 || !c->set.pmtud)
		return;
	trust = (struct path_trust){c->set.path_min, c->set.path_age_min};
	if (c->set.kind != TUNNEL_MGRE) {
		learn(e, &c->tunnel->pmtu, says, &trust);
		return;
	}
	/* All next hops are walked, and nothing in the message proves that it is a router's. */
	if (!ratelimit_take(&e->paths.heard, loop_now(e->d.loop)))
		return;
	for (i = 0; i <= adjs->mask; i++)
		for (n = adjs->bucket[i]; n != NULL; n = n->next) {
			a = container_of(n, struct adj, node);
			if (addr_eq(&a->to->nbma, &says->remote) &&
			    strcmp(a->ifname, c->tunnel->ifname) == 0)
				learn(e, &a->pmtu, says, &trust);
		}
}

static void
read_all(struct espd *e, int fd, bool v6)
{
	struct path_icmp says;
	uint8_t buf[MESSAGE_MAX];
	unsigned int i;
	ssize_t n;

	for (i = 0; i < MESSAGES_A_ROUND; i++) {
		n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0)
			return;
		if (!path_icmp_read(&says, slice_of(buf, (size_t)n), v6))
			continue;
		if (says.proto == IPPROTO_GRE)
			believe_gre(e, &says);
		else
			believe_esp(e, &says);
	}
}

static void
readable_v4(struct watch *watch, unsigned int events)
{
	(void)events;
	read_all(container_of(watch, struct espd, paths.v4), watch->fd, false);
}

static void
readable_v6(struct watch *watch, unsigned int events)
{
	(void)events;
	read_all(container_of(watch, struct espd, paths.v6), watch->fd, true);
}

/* --- the sockets --- */

/* The kernel sorts out all but the one type. */
static bool
only_too_big(int fd, bool v6)
{
	uint32_t v4 = ~(1u << ICMP_DEST_UNREACH);
	struct icmp6_filter six;

	if (!v6)
		return setsockopt(fd, SOL_RAW, ICMP_FILTER, &v4, sizeof(v4)) == 0;
	ICMP6_FILTER_SETBLOCKALL(&six);
	ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &six);
	return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &six, sizeof(six)) == 0;
}

static void
listen_to(struct espd *e, struct watch *watch, bool v6)
{
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);

	if (fd < 0 && errno == EAFNOSUPPORT)
		return;
	watch->run = v6 ? readable_v6 : readable_v4;
	if (fd >= 0 && only_too_big(fd, v6) && watch_start(watch, e->d.loop, fd, LOOP_READ) == 0)
		return;
	log_warn("path MTUs of IPv%c are not learned: %s", v6 ? '6' : '4', strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void
stop_listening(struct watch *watch)
{
	int fd = watch->fd;

	if (watch->loop == NULL)
		return;
	watch_stop(watch);
	close(fd);
}

void
path_mtu_start(struct espd *e)
{
	struct path_learner *l = &e->paths;

	l->heard = (struct ratelimit)RATELIMIT(HEARD_MS, HEARD_BURST);
	listen_to(e, &l->v4, false);
	listen_to(e, &l->v6, true);
	l->stale = true;
	l->tick.run = tick;
	timer_in(&l->tick, e->d.loop, mono_ms(TICK_MS));
}

void
path_mtu_stop(struct espd *e)
{
	timer_stop(&e->paths.tick);
	stop_listening(&e->paths.v4);
	stop_listening(&e->paths.v6);
}
