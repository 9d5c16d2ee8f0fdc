/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mix.h"
#include "tun.h"

#define SELF 0x7f000001u
#define FIRST_HOP 0x0a0a0000u		/* 10.10.0.0 */
#define BATCH 256
#define PATIENCE_NS 20e9

static void
fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void
command(const char *line)
{
	if (system(line) != 0)
		fail(line);
}

double
bench_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* --- making it --- */

static void
open_device(struct solo *s, const struct solo_plan *plan)
{
	struct ipc_tunnel set = {.ifname = "Tunnel0", .name = "Tunnel0", .kind = plan->kind, .up = 1,
	    .mtu = 1400, .ttl = 255, .hairpin = plan->hairpin, .local = addr_v4(SELF), .protection = "solo"};
	static struct fib_entry on_link = {.hops = 1};
	static const uint8_t net[4] = {10, 10, 0, 0};
	int fd[WORKERS_MAX];
	unsigned int i;

	for (i = 0; i < s->tables.workers; i++) {
		fd[i] = tun_open("Tunnel0");
		if (fd[i] < 0)
			fail("Tunnel0");
	}
	s->tunnel = tunnel_add(&s->tables.tunnels, "Tunnel0", fd, s->tables.workers);
	if (plan->kind == TUNNEL_VTI)
		set.remote = addr_v4(SELF);
	tunnel_configure(&s->tables.tunnels, s->tunnel, &set, true);
	trie_set(&s->tunnel->fib4, s->loop, net, 16, &on_link);
	for (i = 0; i < s->tables.workers; i++)
		worker_watch_tunnel(&s->tables.worker[i], s->tunnel);
	command("ip link set lo up && ip addr add 10.9.0.1/32 dev Tunnel0 && "
	    "ip link set Tunnel0 mtu 1400 txqueuelen 65536 up && ip route add 10.10.0.0/16 dev Tunnel0");
	if (plan->routes)
		command("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 "
		    "net.ipv4.conf.Tunnel0.rp_filter=0 net.ipv4.conf.all.send_redirects=0 "
		    "net.ipv4.conf.Tunnel0.send_redirects=0");
}

/* What this SA seals it also opens. */
static struct sa *
install(struct solo *s, struct ipc_sa *set)
{
	const char *why;

	set->spi = set->peer_spi = sadb_reserve(&s->tables.sadb, set->peer_ref);
	why = sadb_set(&s->tables.sadb, &s->tables.peers, set);
	if (why != NULL) {
		fprintf(stderr, "SA: %s\n", why);
		exit(1);
	}
	return sadb_find(&s->tables.sadb, set->spi);
}

void
solo_rekey(struct solo *s, unsigned int peer)
{
	struct ipc_sa set = s->sa[peer]->kept->sa;
	unsigned int i;

	for (i = 0; i < set.in_key.len; i++)
		set.in_key.b[i]++;
	set.out_key = set.in_key;
	s->sa[peer] = install(s, &set);
}

static struct sa *
add_pair(struct solo *s, const struct solo_plan *plan, uint32_t ref)
{
	struct esp_transform t = plan->transform;
	struct ipc_sa set = {.peer_ref = ref, .stage = SA_CURRENT, .encap = !plan->raw,
	    .replay_window = plan->replay_window == 0 ? 1024 : plan->replay_window,
	    .mode = plan->kind == TUNNEL_VTI ? MODE_TUNNEL : MODE_TRANSPORT};
	struct ipc_peer peer = {.peer_ref = ref, .local = addr_v4(SELF), .remote = addr_v4(SELF),
	    .local_port = NATT_PORT, .remote_port = NATT_PORT, .encap = !plan->raw,
	    .protection = "solo"};

	if (t.cipher == 0 && t.integ == 0)
		t = (struct esp_transform){CIPHER_AES_GCM, 128, INTEG_NONE};
	set.cipher = t.cipher;
	set.key_bits = t.key_bits;
	set.integ = t.integ;
	set.in_key.len = (uint16_t)(t.key_bits / 8 + (t.cipher == CIPHER_AES_GCM ? ESP_SALT_LEN : 0));
	set.in_auth.len = (uint16_t)integ_key_len(t.integ);
	memset(set.in_key.b, (int)ref, set.in_key.len);
	memset(set.in_auth.b, (int)ref, set.in_auth.len);
	set.out_key = set.in_key;
	set.out_auth = set.in_auth;
	set.ts_local.addr.family = set.ts_remote.addr.family = ADDR_V4;
	peer_set(&s->tables.peers, &peer);
	return install(s, &set);
}

static void
add_peers(struct solo *s, const struct solo_plan *plan)
{
	struct ipc_adjacency next = {.ifname = "Tunnel0", .nbma = addr_v4(SELF)};
	unsigned int i;

	s->sa = calloc(plan->peers, sizeof(struct sa *));
	for (i = 0; i < plan->peers; i++)
		s->sa[i] = add_pair(s, plan, i + 1);
	for (i = 0; i < (plan->one_peer_hops != 0 ? plan->one_peer_hops : plan->peers); i++) {
		next.next_hop = addr_v4(FIRST_HOP + i);
		next.peer_ref = plan->one_peer_hops != 0 ? 1 : i + 1;
		adj_set(&s->tables.adjs, &next);
	}
	if (plan->kind == TUNNEL_VTI)
		shared_set(&s->tunnel->peer, peer_find(&s->tables.peers, 1));
}

bool
solo_can_run(void)
{
	if (geteuid() != 0)
		fprintf(stderr, "needs root for network namespaces\n");
	return geteuid() == 0;
}

void
solo_open(struct solo *s, const struct solo_plan *plan)
{
	static const int none[WIRE_HELD] = {-1, -1, -1, -1, -1, -1, -1, -1};
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x0a090001)};
	struct tables *t = &s->tables;
	int room = 64 << 20;
	const char *why;
	unsigned int i;

	memset(s, 0, sizeof(*s));
	if (unshare(CLONE_NEWNET) < 0)
		fail("network namespace");
	command("ip link set lo up");
	mix_seed();
	s->loop = loop_new_test(mono_s(100));
	tunnels_init(&t->tunnels, s->loop);
	peers_init(&t->peers, s->loop);
	adjs_init(&t->adjs, s->loop);
	trie_init(&t->fib.local4, 32);
	trie_init(&t->fib.local6, 128);
	t->workers = plan->workers == 0 ? 1 : plan->workers;
	sadb_open(&t->sadb, &t->peers, s->loop, -1, t->workers);
	t->worker = aligned_alloc(64, t->workers * sizeof(struct worker));
	memset(t->worker, 0, t->workers * sizeof(struct worker));
	for (i = 0; i < t->workers; i++) {
		why = worker_open(t, i, none);
		if (why != NULL) {
			fprintf(stderr, "worker: %s\n", why);
			exit(1);
		}
	}
	open_device(s, plan);
	add_peers(s, plan);
	s->sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s->sock < 0 || bind(s->sock, (struct sockaddr *)&from, sizeof(from)) < 0 ||
	    setsockopt(s->sock, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) < 0)
		fail("socket");
	if (t->workers == 1)
		shared_reader_start();
}

/* --- traffic --- */

static struct sockaddr_in
address_of(unsigned int peer, uint16_t port)
{
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(FIRST_HOP + peer)};
}

void
solo_fill(struct solo *s, const unsigned int *peers, unsigned int n, size_t payload,
    uint16_t ports)
{
	static uint8_t bytes[65536];
	struct sockaddr_in to[BATCH];
	struct mmsghdr m[BATCH];
	struct iovec iov = {bytes, payload};
	unsigned int at, i, k;

	for (at = 0; at < n; at += k) {
		k = n - at < BATCH ? n - at : BATCH;
		for (i = 0; i < k; i++) {
			to[i] = address_of(peers[at + i], (uint16_t)(5000 + (at + i) % ports));
			m[i] = (struct mmsghdr){.msg_hdr = {.msg_name = &to[i],
			    .msg_namelen = sizeof(to[i]), .msg_iov = &iov, .msg_iovlen = 1}};
		}
		for (i = 0; i < k;) {
			int sent = sendmmsg(s->sock, m + i, k - i, 0);

			if (sent <= 0)
				fail("sendmmsg");
			i += (unsigned int)sent;
		}
	}
}

void
solo_fill_super(struct solo *s, unsigned int peer, unsigned int n, size_t payload, uint16_t port)
{
	static uint8_t bytes[65536];
	struct sockaddr_in to = address_of(peer, port);
	int segment = (int)payload;

	if (setsockopt(s->sock, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment)) < 0 ||
	    sendto(s->sock, bytes, n * payload, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		fail("UDP_SEGMENT");
	segment = 0;
	setsockopt(s->sock, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment));
}

void
solo_fill_hops(struct solo *s, unsigned int n, size_t payload, uint8_t ttl)
{
	enum { IP = 20, UDP = 8 };
	uint8_t p[IP + UDP + 2048] = {0x45, [8] = ttl, [9] = IPPROTO_UDP,
	    [12] = 10, 10, 200, 1, 10, 10, 0, 0};
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), room = 64 << 20;
	struct sockaddr_in to = address_of(0, 0);
	unsigned int i;

	(void)s;
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
	for (i = 0; i < n; i++) {
		/* Of as many flows: nothing can be joined. */
		p[IP] = (uint8_t)(i >> 8 | 0x80);
		p[IP + 1] = (uint8_t)i;
		p[IP + 4] = (uint8_t)((UDP + payload) >> 8);
		p[IP + 5] = (uint8_t)(UDP + payload);
		if (sendto(fd, p, IP + UDP + payload, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			fail("raw socket");
	}
	close(fd);
}

/* --- running --- */

struct work
solo_work(const struct solo *s)
{
	struct work sum = {0};
	unsigned int i;

	for (i = 0; i < s->tables.workers; i++) {
#define X(member) sum.member += stat_get(&s->tables.worker[i].counters.work.member);
		WORK_COUNTERS(X)
#undef X
	}
	return sum;
}

static void
lost(const struct solo *s, uint64_t want, uint64_t had)
{
	const struct counters *c;
	unsigned int i;
	int why;

	fprintf(stderr, "only %llu of %llu packets came through\n", (unsigned long long)had,
	    (unsigned long long)want);
	for (i = 0; i < s->tables.workers; i++)
		for (why = 0, c = &s->tables.worker[i].counters; why < DROP_COUNT; why++)
			if (c->drop[why].packets != 0)
				fprintf(stderr, "worker %u: %s %llu\n", i, drop_names[why],
				    (unsigned long long)c->drop[why].packets);
	exit(1);
}

static double
run_until(struct solo *s, const uint64_t *counter, uint64_t n)
{
	uint64_t want = *counter + n;
	double start = bench_now_ns();

	while (*counter < want)
		if (worker_turn(s->tables.worker, 1000) == 0)
			lost(s, n, n - (want - *counter));
	return bench_now_ns() - start;
}

double
solo_run(struct solo *s, uint64_t n)
{
	return run_until(s, &s->tables.worker->counters.work.tun_written_segments, n);
}

double
solo_run_sent(struct solo *s, uint64_t n)
{
	return run_until(s, &s->tables.worker->counters.work.wire_sent_packets, n);
}

void
solo_start(struct solo *s)
{
	unsigned int i;

	for (i = 0; i < s->tables.workers; i++)
		worker_start(&s->tables.worker[i]);
}

void
solo_stop(struct solo *s)
{
	unsigned int i;

	for (i = 0; i < s->tables.workers; i++) {
		worker_stop(&s->tables.worker[i]);
		s->tables.worker[i].stop = false;
	}
}

double
solo_wait(struct solo *s, uint64_t n)
{
	double start = bench_now_ns();
	struct timespec nap = {.tv_nsec = 100000};

	while (solo_work(s).tun_written_segments < n) {
		nanosleep(&nap, NULL);
		if (bench_now_ns() - start > PATIENCE_NS)
			lost(s, n, solo_work(s).tun_written_segments);
	}
	return bench_now_ns() - start;
}
