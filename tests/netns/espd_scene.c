/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "espd_scene.h"

#include "algs.h"

struct node a, b;
struct half x, y;

static void
halves(void)
{
	x = (struct half){.n = &a, .local = "192.0.2.1", .ref = 11};
	y = (struct half){.n = &b, .local = "192.0.2.2", .ref = 22};
}

void
scene_open(void)
{
	node_ns_new(&a, "a");
	node_ns_new(&b, "b");
	halves();
}

int
scene_start(void)
{
	node_start(&a);
	node_start(&b);
	return 0;
}

int
scene_teardown(void **state)
{
	(void)state;
	node_end(&a);
	node_end(&b);
	return 0;
}

int
scene_clean(void **state)
{
	(void)state;
	no_peer(&x);
	no_peer(&y);
	no_tunnel(&a);
	no_tunnel(&b);
	hear_all(a.iked);
	halves();
	return 0;
}

void
scene_protect(uint8_t kind, bool encap)
{
	bool multipoint = kind == TUNNEL_MGRE;

	tunnel(&a, kind, x.local, multipoint ? NULL : y.local, "Tunnel0", "10.0.0.1/24");
	tunnel(&b, kind, y.local, multipoint ? NULL : x.local, "Tunnel0", "10.0.0.2/24");
	peer(&x, &y, "Tunnel0", encap);
	peer(&y, &x, "Tunnel0", encap);
}

void
scene_come_up(uint8_t kind, uint8_t mode, bool encap)
{
	scene_protect(kind, encap);
	sa_pair(&x, &y, mode, encap, kind == TUNNEL_VTI ? 0 : 47);
	if (kind == TUNNEL_MGRE) {
		adjacency(&a, "10.0.0.2", y.local, x.ref);
		adjacency(&b, "10.0.0.1", x.local, y.ref);
	}
	assert_true(ping_soon(&a, "10.0.0.2"));
}
