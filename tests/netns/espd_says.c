/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "algs.h"
#include "drops.h"
#include "espd_says.h"

bool
nodes_can_run(void)
{
	if (geteuid() != 0)
		fprintf(stderr, "needs root for network namespaces\n");
	return geteuid() == 0;
}

bool
nodes_connect(struct node *a, struct node *b)
{
	return run("ip -n %s link add wan0 type veth peer name wan0 netns %s", a->ns, b->ns) &&
	    run("ip -n %s addr add 192.0.2.1/24 dev wan0 && ip -n %s link set wan0 up", a->ns, a->ns) &&
	    run("ip -n %s addr add 192.0.2.2/24 dev wan0 && ip -n %s link set wan0 up", b->ns, b->ns);
}

void
node_end(struct node *n)
{
	assert_int_equal(node_stop(n), 0);
	node_ns_delete(n);
}

FILE *
node_file(const struct node *n, const char *name)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", n->rundir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	return f;
}

struct addr
ip(const char *s)
{
	struct addr addr = {0};

	assert_true(addr_parse(&addr, s));
	return addr;
}

struct prefix
net(const char *s)
{
	struct prefix p = {0};

	assert_true(prefix_parse(&p, s));
	return p;
}

/* --- what control says --- */

void
tunnel(struct node *n, uint8_t kind, const char *local, const char *remote, const char *protection,
    const char *address)
{
	struct ipc_tunnel t = {.ifname = "Tunnel0", .name = "Tunnel0", .kind = kind, .up = 1,
	    .mtu = 1400, .ttl = 255, .has_key = 1, .key = 7, .nhrp_network = 1, .nhrp_redirect = 1};
	struct ipc_msg *m;

	t.local = ip(local);
	if (remote != NULL)
		t.remote = ip(remote);
	snprintf(t.protection, sizeof(t.protection), "%s", protection);
	say(n->control, IPC_MSG_TUNNEL_SET, &t);
	m = hear(n->control, IPC_MSG_TUNNEL_STATE, WAIT_MS);
	assert_non_null(m);
	/* A VTI's line is up when it has an SA. */
	assert_int_equal(m->body->tunnel_state.line_up, kind != TUNNEL_VTI);
	assert_true(run("ip -n %s addr add %s dev Tunnel0 && ip -n %s link set Tunnel0 up", n->ns,
	    address, n->ns));
}

void
await_control(struct node *n)
{
	struct ipc_clear barrier = {.what = CLEAR_COUNTERS};

	say(n->control, IPC_MSG_CLEAR, &barrier);
	assert_non_null(hear(n->control, IPC_MSG_DONE, WAIT_MS));
}

void
no_tunnel(struct node *n)
{
	struct ipc_ifname x = {.ifname = "Tunnel0"};
	struct ipc_nothing none = {0};

	say(n->control, IPC_MSG_TUNNEL_DEL, &x);
	say(n->nhrpd, IPC_MSG_BEGIN, &none);
	say(n->nhrpd, IPC_MSG_END, &none);
	await_control(n);
}

/* --- what iked says --- */

/* It answers in order, here that there is no SPI or one more. */
void
await_iked(struct node *n)
{
	struct ipc_spi_want w = {.txn = 2};

	say(n->iked, IPC_MSG_SPI_RESERVE, &w);
	assert_non_null(hear(n->iked, IPC_MSG_SPI_RESERVED, WAIT_MS));
}

uint32_t
reserve(struct half *h)
{
	struct ipc_spi_want want = {.txn = 1, .peer_ref = h->ref};
	struct ipc_msg *m;

	say(h->n->iked, IPC_MSG_SPI_RESERVE, &want);
	m = hear(h->n->iked, IPC_MSG_SPI_RESERVED, WAIT_MS);
	assert_non_null(m);
	assert_true(m->body->spi.spi > 255);
	return m->body->spi.spi;
}

void
peer(const struct half *h, const struct half *other, const char *protection, bool encap)
{
	struct ipc_peer p = {.peer_ref = h->ref, .local = ip(h->local), .remote = ip(other->local),
	    .local_port = encap ? 4500 : 500, .remote_port = encap ? 4500 : 500, .encap = encap};

	snprintf(p.protection, sizeof(p.protection), "%s", protection);
	say(h->n->iked, IPC_MSG_PEER_SET, &p);
}

static void
fill_key(struct esp_secret *s, uint32_t spi, size_t len)
{
	memset(s, 0, sizeof(*s));
	s->len = (uint8_t)len;
	memset(s->b, (int)(spi >> 20 & 0xff) ^ 0x5a, len);
	memcpy(s->b, &spi, sizeof(spi));
}

struct ipc_sa
make_sa(const struct half *h, const struct half *other, uint8_t mode, bool encap, uint8_t ts_proto)
{
	struct ipc_sa s = {.spi = h->spi, .peer_spi = other->spi, .peer_ref = h->ref,
	    .stage = SA_CURRENT, .mode = mode, .encap = encap, .cipher = CIPHER_AES_GCM,
	    .key_bits = 256, .replay_window = 64, .ts_proto = ts_proto};

	fill_key(&s.in_key, h->spi, 36);
	fill_key(&s.out_key, other->spi, 36);
	s.ts_local.addr = ip(h->local);
	s.ts_remote.addr = ip(other->local);
	s.ts_local.len = s.ts_remote.len = (uint8_t)(8 * addr_bytes(&s.ts_local.addr));
	if (ts_proto == 0)	/* VTI */
		s.ts_local = s.ts_remote = net(s.ts_local.addr.family == ADDR_V6 ? "::/0" : "0.0.0.0/0");
	return s;
}

void
sa_pair(struct half *x, struct half *y, uint8_t mode, bool encap, uint8_t ts_proto)
{
	struct ipc_sa s;

	x->spi = reserve(x);
	y->spi = reserve(y);
	s = make_sa(x, y, mode, encap, ts_proto);
	say(x->n->iked, IPC_MSG_SA_SET, &s);
	s = make_sa(y, x, mode, encap, ts_proto);
	say(y->n->iked, IPC_MSG_SA_SET, &s);
}

void
no_peer(const struct half *h)
{
	struct ipc_peer_ref r = {.peer_ref = h->ref};

	say(h->n->iked, IPC_MSG_PEER_DEL, &r);
}

/* --- what nhrpd says --- */

void
adjacency(struct node *n, const char *next_hop, const char *nbma, uint32_t ref)
{
	struct ipc_adjacency x = {.ifname = "Tunnel0", .next_hop = ip(next_hop), .nbma = ip(nbma),
	    .peer_ref = ref};

	say(n->nhrpd, IPC_MSG_ADJ_SET, &x);
}

/* --- what is seen --- */

bool
ping(struct node *n, const char *dst, const char *more)
{
	return run("ip netns exec %s ping -q -c 3 -i 0.02 -W 2 %s %s > /dev/null", n->ns, more, dst);
}

/* Asks once a few times: what was said before takes a moment to be there. */
bool
ping_soon(struct node *n, const char *dst)
{
	int i;

	for (i = 0; i < 50; i++)
		if (run("ip netns exec %s ping -q -c 1 -W 0.1 %s > /dev/null", n->ns, dst))
			return true;
	return false;
}

/* The server serves one client and is waited for: the next one's would find its port taken. */
bool
send_file(struct node *client, const char *from, struct node *server, const char *address)
{
	return run("ip netns exec %s iperf3 -s -1 >%s/iperf & server=$!; "
	    "for i in $(seq 100); do ip netns exec %s ss -ltn | grep -q :5201 && break; sleep 0.05; done; "
	    "ip netns exec %s iperf3 -c %s %s %s -n 30M >%s/client; "
	    "sent=$?; [ $sent = 0 ] || kill $server; wait $server; exit $sent",
	    server->ns, server->rundir, server->ns, client->ns, address, from == NULL ? "" : "-B",
	    from == NULL ? "" : from, client->rundir);
}

static bool
is_drop(const union ipc_body *body, const void *arg)
{
	return body->row_drop.drop == *(const uint16_t *)arg;
}

uint64_t
dropped(struct node *n, uint16_t drop)
{
	union ipc_body row;

	assert_true(show_row(n, SHOW_DROPS, IPC_MSG_ROW_DROP, is_drop, &drop, &row));
	return row.row_drop.packets;
}

uint64_t
dropped_soon(struct node *n, uint16_t drop, uint64_t expected)
{
	int tries;

	for (tries = 0; tries < 150 && dropped(n, drop) < expected; tries++)
		poll(NULL, 0, 20);
	return dropped(n, drop);
}

/* --- IKE on UDP 4500 --- */

void
say_4500(struct node *n, const char *to, struct slice datagram)
{
	struct addr a = ip(to);
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&a, 4500, &ss);

	assert_int_equal(sendto(ike_socket(n, a.family == ADDR_V6), datagram.p, datagram.len, 0,
	    (struct sockaddr *)&ss, len), datagram.len);
}

bool
heard_4500(struct node *n, const char *from, struct slice datagram)
{
	struct addr want = ip(from), src;
	struct pollfd ready = {.fd = ike_socket(n, want.family == ADDR_V6), .events = POLLIN};
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	uint8_t b[256];
	uint16_t port;
	ssize_t got = poll(&ready, 1, WAIT_MS) != 1 ? -1 :
	    recvfrom(ready.fd, b, sizeof(b), 0, (struct sockaddr *)&ss, &len);

	if (got < 0)
		return false;
	addr_from_sockaddr(&src, &port, (struct sockaddr *)&ss);
	return addr_eq(&src, &want) && port == 4500 && slice_eq(slice_of(b, (size_t)got), datagram);
}

bool
any_row(const union ipc_body *body, const void *arg)
{
	(void)body;
	(void)arg;
	return true;
}

static bool
is_named(const union ipc_body *body, const void *name)
{
	return strcmp(body->row_counter.name, name) == 0;
}

uint64_t
counter(struct node *n, const char *name)
{
	union ipc_body row;

	assert_true(show_row(n, SHOW_COUNTERS, IPC_MSG_ROW_COUNTER, is_named, name, &row));
	return row.row_counter.value;
}

static bool
is_spi(const union ipc_body *body, const void *arg)
{
	return body->row_esp_sa.spi == *(const uint32_t *)arg;
}

struct ipc_row_esp_sa
sa_row(struct node *n, uint32_t spi)
{
	union ipc_body row;

	assert_true(show_row(n, SHOW_ESP_SA, IPC_MSG_ROW_ESP_SA, is_spi, &spi, &row));
	return row.row_esp_sa;
}

/* Nothing is lost without being counted.  A packet may be on its way while we look: look again. */
struct ipc_row_tunnel
check_sums(struct node *n)
{
	union ipc_body row;
	const struct ipc_row_tunnel *t = &row.row_tunnel;
	int i;

	for (i = 0; i < 100; i++) {
		assert_true(show_row(n, SHOW_TUNNELS, IPC_MSG_ROW_TUNNEL, any_row, NULL, &row));
		if (t->tun_in + t->hairpin == t->gre_out + t->dropped_out &&
		    t->gre_in == t->tun_out + t->nhrp_in + t->dropped_in + t->hairpin)
			return *t;
		poll(NULL, 0, 20);
	}
	assert_int_equal(t->tun_in + t->hairpin, t->gre_out + t->dropped_out);
	assert_int_equal(t->gre_in, t->tun_out + t->nhrp_in + t->dropped_in + t->hairpin);
	return *t;
}

struct ipc_row_tunnel
when_taken(struct node *n, const struct ipc_row_tunnel *before, uint64_t packets)
{
	struct ipc_row_tunnel t = check_sums(n);
	int tries;

	for (tries = 0; tries < 150 && t.tun_out - before->tun_out < packets; tries++) {
		poll(NULL, 0, 20);
		t = check_sums(n);
	}
	return t;
}
