/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every encapsulation against another's ESP: Scapy's (scapy_esp.py), which is
 * the peer of an espd, in both directions and many sizes.
 *
 *	a  espd  wan0 192.0.2.1, 2001:db8::1 ---- 192.0.2.2, 2001:db8::2 wan0  Scapy  b
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "addr.h"
#include "algs.h"
#include "espd_scene.h"

#define PEER_SPI 0x0badcafe
#define GRE_KEY 4000000007u

struct encapsulation {
	uint8_t kind, mode;
	bool udp, key, v6;
};

static const struct transform {
	const char *cipher, *integ;	/* Scapy's names */
	struct esp_transform is;
	size_t key, auth;		/* bytes */
} transforms[] = {
	{"AES-GCM", "", {CIPHER_AES_GCM, 128, INTEG_NONE}, 20, 0},
	{"AES-GCM", "", {CIPHER_AES_GCM, 256, INTEG_NONE}, 36, 0},
	{"AES-CBC", "HMAC-SHA1-96", {CIPHER_AES_CBC, 128, INTEG_HMAC_SHA1_96}, 16, 20},
	{"AES-CBC", "SHA2-256-128", {CIPHER_AES_CBC, 256, INTEG_HMAC_SHA256_128}, 32, 32},
};

static const char *
end_of(const struct encapsulation *e, int host)
{
	static const char *const ends[2][2] = {
		{"192.0.2.1", "192.0.2.2"}, {"2001:db8::1", "2001:db8::2"},
	};

	return ends[e->v6][host];
}

static void
make_tunnel(const struct encapsulation *e)
{
	struct ipc_tunnel t = {.ifname = "Tunnel0", .name = "Tunnel0", .kind = e->kind, .up = 1,
	    .mtu = 8850, .ttl = 255, .has_key = e->key, .key = e->key ? GRE_KEY : 0,
	    .local = ip(end_of(e, 0)), .remote = ip(end_of(e, 1)), .protection = "Tunnel0"};

	say(a.control, IPC_MSG_TUNNEL_SET, &t);
	assert_non_null(hear(a.control, IPC_MSG_TUNNEL_STATE, WAIT_MS));
	/* The kernel's own IPv6 would go by the tunnel, too. */
	assert_true(run("ip netns exec %s sysctl -qw net.ipv6.conf.Tunnel0.disable_ipv6=1 && "
	    "ip -n %s addr add 10.0.0.1/30 dev Tunnel0 && "
	    "ip -n %s link set Tunnel0 mtu 8850 up", a.ns, a.ns, a.ns));
}

static void
fill(struct esp_secret *s, size_t len, unsigned int from)
{
	size_t i;

	s->len = (uint8_t)len;
	for (i = 0; i < len; i++)
		s->b[i] = (uint8_t)(from + 3 * i);
}

static char *
hex(const struct esp_secret *s, char buf[2 * sizeof(s->b) + 1])
{
	size_t i;

	buf[0] = '\0';
	for (i = 0; i < s->len; i++)
		snprintf(buf + 2 * i, 3, "%02x", s->b[i]);
	return buf;
}

static struct ipc_sa
install(const struct encapsulation *e, const struct transform *t)
{
	struct ipc_sa s;

	x.local = end_of(e, 0);
	y.local = end_of(e, 1);
	y.spi = PEER_SPI;
	peer(&x, &y, "Tunnel0", e->udp);
	x.spi = reserve(&x);
	s = make_sa(&x, &y, e->mode, e->udp, e->kind == TUNNEL_VTI ? 0 : 47);
	s.cipher = t->is.cipher;
	s.key_bits = t->is.key_bits;
	s.integ = t->is.integ;
	fill(&s.in_key, t->key, 1);
	fill(&s.in_auth, t->auth, 51);
	fill(&s.out_key, t->key, 101);
	fill(&s.out_auth, t->auth, 151);
	if (e->kind == TUNNEL_VTI)	/* IPv4 inside, whatever is outside */
		s.ts_local = s.ts_remote = net("0.0.0.0/0");
	say(a.iked, IPC_MSG_SA_SET, &s);
	return s;
}

static bool
scapy(const struct encapsulation *e, const struct transform *t, const struct ipc_sa *s)
{
	char key[4][2 * sizeof(s->in_key.b) + 1], gre_key[16] = "null";

	if (e->key)
		snprintf(gre_key, sizeof(gre_key), "%u", GRE_KEY);
	/* What is ours to receive with is the peer's to send with. */
	return run("ip netns exec %s /usr/bin/python3 %s '{\"local\": \"%s\", \"remote\": \"%s\", "
	    "\"cipher\": \"%s\", \"integ\": \"%s\", \"tunnel_mode\": %s, \"udp\": %s, \"gre\": %s, "
	    "\"gre_key\": %s, \"spi_out\": %u, \"key_out\": \"%s\", \"auth_out\": \"%s\", "
	    "\"spi_in\": %u, \"key_in\": \"%s\", \"auth_in\": \"%s\"}'", b.ns,
	    SCAPY_ESP, end_of(e, 1), end_of(e, 0), t->cipher, t->integ,
	    e->mode == MODE_TUNNEL ? "true" : "false", e->udp ? "true" : "false",
	    e->kind == TUNNEL_VTI ? "false" : "true", gre_key, s->spi, hex(&s->in_key, key[0]),
	    hex(&s->in_auth, key[1]), s->peer_spi, hex(&s->out_key, key[2]),
	    hex(&s->out_auth, key[3]));
}

static void
with(const struct encapsulation *e, const struct transform *t)
{
	struct ipc_sa s;

	make_tunnel(e);
	s = install(e, t);
	assert_true(scapy(e, t, &s));
	assert_int_equal(sa_row(&a, s.spi).in_replay, 1);
	assert_int_equal(sa_row(&a, s.spi).in_bad_tag, 1);
	check_sums(&a);
	no_peer(&x);
	no_tunnel(&a);
}

static void
every_encapsulation(void **state)
{
	static const struct encapsulation all[] = {
		{.kind = TUNNEL_GRE, .mode = MODE_TRANSPORT},
		{.kind = TUNNEL_GRE, .mode = MODE_TRANSPORT, .key = true, .udp = true},
		{.kind = TUNNEL_GRE, .mode = MODE_TUNNEL, .udp = true},
		{.kind = TUNNEL_GRE, .mode = MODE_TUNNEL, .key = true},
		{.kind = TUNNEL_VTI, .mode = MODE_TUNNEL},
		{.kind = TUNNEL_VTI, .mode = MODE_TUNNEL, .udp = true},
		{.kind = TUNNEL_GRE, .mode = MODE_TRANSPORT, .key = true, .v6 = true},
		{.kind = TUNNEL_VTI, .mode = MODE_TUNNEL, .v6 = true},
	};
	size_t i, n = sizeof(transforms) / sizeof(transforms[0]);

	(void)state;
	for (i = 0; i < 2 * sizeof(all) / sizeof(all[0]); i++)	/* each with two of the four */
		with(&all[i / 2], &transforms[(i / 2 + i % 2) % n]);
}

static int
setup(void **state)
{
	(void)state;
	scene_open();
	if (!run("ip -n %s link add wan0 mtu 9000 type veth peer name wan0 mtu 9000 netns %s", a.ns,
	        b.ns) ||
	    !run("ip -n %s addr add 192.0.2.1/24 dev wan0; ip -n %s addr add 2001:db8::1/64 dev wan0 "
	        "nodad; ip -n %s link set wan0 up", a.ns, a.ns, a.ns) ||
	    !run("ip -n %s addr add 192.0.2.2/24 dev wan0; ip -n %s addr add 2001:db8::2/64 dev wan0 "
	        "nodad; ip -n %s link set lo up; ip -n %s link set wan0 up", b.ns, b.ns, b.ns, b.ns))
		return -1;
	node_start(&a);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	node_end(&a);
	node_ns_delete(&b);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_encapsulation),
	};

	if (!run("/usr/bin/python3 -c 'import scapy.layers.ipsec' 2>/dev/null")) {
		fprintf(stderr, "needs python3-scapy\n");
		return 77;
	}
	return nodes_run_tests(tests, setup, teardown);
}
