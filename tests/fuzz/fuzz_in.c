/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A packet from the wire on the whole way in: SPI, SA, GRE, tunnel, device.
 *
 * The first byte chooses.  Low bits 0 to 2: the input as it is, as raw GRE, raw
 * ESP or UDP 4500.  3 to 7: sealed with the key of an SA first (transport mode,
 * tunnel mode for a VTI, and for GRE; both modes for a crypto map), since no
 * fuzzer guesses a tag; the second byte is then the next header.  Bit 3: over IPv6.
 */
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/eventfd.h>

#include "algs.h"
#include "cmap_lines.h"
#include "in.h"
#include "in_cmap.h"
#include "secret.h"
#include "worker_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TRANSPORT, BARE, TUNNELLED, MAP_TRANSPORT, MAP_TUNNEL, MODES };

static struct tables tables;
static struct worker w;
static struct esp_key *seal[2][MODES];	/* by outer IP version */
static uint32_t spi[2][MODES];
static const struct addr here[2] = {
	{.family = ADDR_V4, .b = {192, 0, 2, 1}}, {.family = ADDR_V6, .b = {0x20, 1, 0xd, 0xb8, [15] = 1}}};
static const struct addr there[2] = {
	{.family = ADDR_V4, .b = {192, 0, 2, 2}}, {.family = ADDR_V6, .b = {0x20, 1, 0xd, 0xb8, [15] = 2}}};

static void
add_tunnel(bool v6, uint8_t kind, const char *ifname, const char *protection, uint32_t key)
{
	struct ipc_tunnel set = {.kind = kind, .up = 1, .local = here[v6], .has_key = key != 0,
	    .key = key, .mtu = 1400, .tcp_mss = 1360};
	struct tunnel *t;
	int fd;

	memcpy(set.ifname, ifname, strlen(ifname));
	memcpy(set.protection, protection, strlen(protection));
	if (kind != TUNNEL_MGRE)
		set.remote = there[v6];
	fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	t = tunnel_add(&tables.tunnels, ifname, &fd, 1);
	tunnel_configure(&tables.tunnels, t, &set, true);
}

static void
add_sa(bool v6, unsigned int mode, const char *protection)
{
	uint32_t ref = (v6 ? MODES : 0) + mode + 1;
	struct ipc_peer peer = {.peer_ref = ref, .local = here[v6], .remote = there[v6],
	    .local_port = 4500, .remote_port = 4500, .encap = 1};
	struct esp_transform t = {.cipher = CIPHER_NULL, .integ = INTEG_HMAC_SHA1_96};
	struct ipc_sa s = {.peer_spi = 0x12345678, .peer_ref = ref, .encap = 1,
	    .stage = SA_CURRENT, .mode = mode == TRANSPORT || mode == MAP_TRANSPORT ?
	    MODE_TRANSPORT : MODE_TUNNEL,
	    .cipher = CIPHER_NULL, .integ = INTEG_HMAC_SHA1_96,
	    .ts_local.addr.family = here[v6].family, .ts_remote.addr.family = here[v6].family};
	const char *why;

	memcpy(peer.protection, protection, strlen(protection));
	peer_set(&tables.peers, &peer);
	spi[v6][mode] = s.spi = sadb_reserve(&tables.sadb, peer.peer_ref);
	s.in_auth.len = s.out_auth.len = integ_key_len(INTEG_HMAC_SHA1_96);
	if (mode == TUNNELLED)
		s.ts_proto = IPPROTO_GRE;
	if (sadb_set(&tables.sadb, &tables.peers, &s) != NULL)
		abort();
	seal[v6][mode] = esp_key_new(ESP_SEAL, &t, false, s.spi, slice_of(NULL, 0),
	    slice_of(s.in_auth.b, s.in_auth.len), &why);
}

static void
add_map(const char *protection)
{
	struct crypto_map *m = calloc(1, sizeof(*m));
	struct ipc_cmap_rule r = {.order = 1, .permit = 1, .src_high = UINT16_MAX,
	    .dst_high = UINT16_MAX};

	if (m == NULL)
		abort();
	memcpy(r.protection, protection, strlen(protection));
	m->arriving_fd[0] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	cmap_lines_add(&m->set, &r);
	crypto_map_add(&tables.crypto_maps, m);
	crypto_map_rule_set(&tables.crypto_maps, m, &r);
	if (!crypto_map_is_whole(m))
		abort();
	crypto_map_publish(&tables.crypto_maps, m, &tables.peers);
}

static void
set_up(void)
{
	struct loop *l = loop_new_test(mono_s(100));

	tunnels_init(&tables.tunnels, l);
	peers_init(&tables.peers, l);
	sadb_open(&tables.sadb, &tables.peers, l, -1, 1);
	add_tunnel(false, TUNNEL_MGRE, "clear", "", 0);
	add_tunnel(false, TUNNEL_MGRE, "cloud", "cloud", 1);
	add_tunnel(false, TUNNEL_GRE, "gre", "gre", 2);
	add_tunnel(false, TUNNEL_VTI, "vti", "vti", 0);
	add_sa(false, TRANSPORT, "cloud");
	add_sa(false, BARE, "vti");
	add_sa(false, TUNNELLED, "gre");
	add_tunnel(true, TUNNEL_GRE, "clear6", "", 0);
	add_tunnel(true, TUNNEL_GRE, "host6", "host6", 1);
	add_tunnel(true, TUNNEL_GRE, "gre6", "gre6", 2);
	add_tunnel(true, TUNNEL_VTI, "vti6", "vti6", 0);
	add_sa(true, TRANSPORT, "host6");
	add_sa(true, BARE, "vti6");
	add_sa(true, TUNNELLED, "gre6");
	crypto_maps_init(&tables.crypto_maps, l);
	add_map("map");
	add_sa(false, MAP_TRANSPORT, "map");
	add_sa(false, MAP_TUNNEL, "map");
	add_sa(true, MAP_TRANSPORT, "map");
	add_sa(true, MAP_TUNNEL, "map");
	w.tables = &tables;
	tables.worker = &w;
	tables.workers = 1;
	w.now = mono_s(100);
	w.pending = calloc(ESP_JOBS_MAX, sizeof(*w.pending));
	join_init(&w.join, in_write, &w);
	join_init(&w.cmap_join, in_cmap_write, &w);
	w.tun_buf = malloc(WIRE_ROOM);
	ring_init(&w.up, 1 << 20);
	flowlimit_init(&w.unknown, mono_s(1), 200);
	worker_limit_peers(&w);
	flowlimit_init(&w.misfit, mono_s(10), 20);
}

/* The text sealed, in memory of just its size. */
static uint8_t *
sealed(struct esp_key *key, const uint8_t *text, size_t *len, uint8_t next_header)
{
	static uint64_t seq;
	uint8_t room[ESP_HEADROOM + 70000 + ESP_TAILROOM], *p;
	struct esp_buf b = {.start = room, .end = room + sizeof(room), .at = room + ESP_HEADROOM,
	    .len = *len};

	memcpy(b.at, text, *len);
	if (esp_seal(key, &b, ++seq, next_header) != DROP_NOT)
		return NULL;
	p = malloc(b.len);
	memcpy(p, b.at, b.len);
	*len = b.len;
	return p;
}

static void
empty_ring(void)
{
	uint32_t kind;
	size_t len;

	while (ring_peek(&w.up, &kind, &len) != NULL)
		ring_pop(&w.up);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_in in = {.src_port = 4500};
	unsigned int how;
	bool v6;
	uint8_t *p;

	if (w.tables == NULL)
		set_up();
	if (size < 2 || size > 65000)
		return 0;
	how = data[0] & 7u;
	in.kind = how < 3 ? (enum wire_kind)how : WIRE_UDP;
	v6 = (data[0] & 8) != 0;
	in.src = there[v6];
	in.dst = here[v6];
	in.len = size - 2;
	if (how < 3) {
		p = malloc(in.len + (in.len == 0));
		memcpy(p, data + 2, in.len);
	} else {
		p = sealed(seal[v6][how - 3], data + 2, &in.len, data[1]);
	}
	in.p = p;
	if (p != NULL) {
		in_packet(&w, &in);
		in_flush(&w);
	}
	join_flush(&w.join);
	join_flush(&w.cmap_join);
	free(p);
	empty_ring();
	return 0;
}
