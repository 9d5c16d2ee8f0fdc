/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resolution, redirects, shortcuts and purges between routers in one process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "nhrp_ext.h"
#include "nhrp_sim.h"
#include "purge.h"

static struct sim *
registered(unsigned int spokes, const char *protection)
{
	struct sim *s = sim_dmvpn(spokes, protection);

	sim_run_s(s, 2);
	return s;
}

static void
next_hop_resolves_through_the_hub(void **state)
{
	struct sim *s = registered(2, "Tunnel0");
	struct sim_node *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	const struct nhrp_entry *e;

	(void)state;
	s->phase2 = true;
	sim_next_hop_want(a, &b->tunnel);
	assert_int_equal(sim_entry(a, &b->tunnel)->r.type, NHRP_INCOMPLETE);
	assert_null(sim_adjacency(a, &b->tunnel));
	sim_run_s(s, 1);
	e = sim_entry(a, &b->tunnel);
	assert_int_equal(e->r.type, NHRP_DYNAMIC);
	assert_int_equal(e->r.flags, NHRP_FLAG_ROUTER | NHRP_FLAG_NHOP | NHRP_FLAG_RIB |
	    NHRP_FLAG_USED);
	assert_true(addr_eq(&sim_adjacency(a, &b->tunnel)->nbma, &b->public));
	assert_int_not_equal(sim_adjacency(a, &b->tunnel)->peer_ref, 0);
	/* The one that was asked knows who asked, and how to get there. */
	e = sim_entry(b, &a->tunnel);
	assert_true(e->r.flags & NHRP_FLAG_IMPLICIT);
	assert_non_null(sim_adjacency(b, &a->tunnel));
	assert_true(sim_entry(b, &b->tunnel)->r.flags & NHRP_FLAG_LOCAL);
	/* It answered straight, not by the hub. */
	assert_int_equal(s->node[HUB].types_sent[NHRP_RESOLUTION_REPLY], 0);
	assert_int_equal(s->node[HUB].types_sent[NHRP_RESOLUTION_REQUEST], 1);
	assert_int_equal(s->node[HUB].last_of[NHRP_RESOLUTION_REQUEST].hops, 254);
	sim_free(s);
}

static void
redirect_makes_a_shortcut(void **state)
{
	struct sim *s = registered(2, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	struct addr dst = sim_host(b);

	(void)state;
	sim_redirect(hub, a, b);
	assert_int_equal(hub->types_sent[NHRP_TRAFFIC_INDICATION], 1);
	assert_int_equal(hub->last.hops, 1);
	assert_null(sim_shortcut(a, &dst));
	sim_run_s(s, 1);
	assert_non_null(sim_shortcut(a, &dst));
	assert_true(prefix_eq(&sim_shortcut(a, &dst)->prefix, &b->lan));
	assert_true(addr_eq(&sim_shortcut(a, &dst)->next_hop, &b->tunnel));
	assert_true(addr_eq(&sim_adjacency(a, &b->tunnel)->nbma, &b->public));
	assert_null(sim_entry(a, &dst));	/* the question is gone, the answer is there */
	assert_int_equal(a->shortcuts, 1);
	sim_free(s);
}

static void
redirects_are_limited_by_pair(void **state)
{
	struct sim *s = registered(3, "");
	struct sim_node *hub = &s->node[HUB];
	unsigned int i;

	(void)state;
	for (i = 0; i < 100; i++)
		sim_redirect(hub, &s->node[SPOKE1], &s->node[SPOKE2]);
	assert_int_equal(hub->types_sent[NHRP_TRAFFIC_INDICATION], 1);
	sim_redirect(hub, &s->node[SPOKE2], &s->node[SPOKE1]);
	assert_int_equal(hub->types_sent[NHRP_TRAFFIC_INDICATION], 2);
	sim_run_s(s, 8);
	sim_redirect(hub, &s->node[SPOKE1], &s->node[SPOKE2]);
	assert_int_equal(hub->types_sent[NHRP_TRAFFIC_INDICATION], 3);
	sim_free(s);
}

static void
redirect_about_others_is_not_believed(void **state)
{
	struct sim *s = registered(3, "");
	struct sim_node *a = &s->node[SPOKE1];
	struct nhrp_packet p = {.type = NHRP_TRAFFIC_INDICATION, .hops = 1,
	    .src_nbma = s->node[HUB].local, .src_proto = s->node[HUB].tunnel,
	    .dst_proto = sim_host(&s->node[SPOKE3])};
	uint8_t inner[40] = {0x45}, b[200];
	struct addr dst = sim_host(&s->node[SPOKE2]);
	struct nhrp_auth_room room;
	struct wbuf w;

	(void)state;
	memcpy(inner + 12, p.dst_proto.b, 4);
	memcpy(inner + 16, dst.b, 4);
	p.data = slice_of(inner, sizeof(inner));
	nhrp_ext_add_auth(&p, "culvert", &room);
	wbuf_init(&w, b, sizeof(b));
	nhrp_packet_write(&w, &p);
	sim_inject(a, &s->node[HUB].local, 0, b, wbuf_len(&w));
	assert_int_equal(sim_if(a)->drops[NHRP_DROP_REDIRECT], 1);
	assert_null(sim_entry(a, &dst));
	sim_free(s);
}

static void
without_shortcut_nothing_is_asked(void **state)
{
	struct sim *s = registered(2, "");
	struct sim_node *a = &s->node[SPOKE1];

	(void)state;
	a->conf.shortcut = 0;
	sim_configure(a);
	sim_redirect(&s->node[HUB], a, &s->node[SPOKE2]);
	sim_run_s(s, 1);
	assert_int_equal(a->types_sent[NHRP_RESOLUTION_REQUEST], 0);
	assert_int_equal(sim_if(a)->drops[NHRP_DROP_REDIRECT], 1);
	sim_free(s);
}

static void
used_shortcut_is_refreshed_unused_one_ends(void **state)
{
	struct sim *s = registered(2, "Tunnel0");
	struct sim_node *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	struct addr dst = sim_host(b);
	unsigned int i, gap = 0;

	(void)state;
	sim_redirect(&s->node[HUB], a, b);
	for (i = 0; i < 100; i++) {
		sim_run_s(s, 30);
		sim_used(a, &b->tunnel);
		gap += sim_shortcut(a, &dst) == NULL || sim_adjacency(a, &b->tunnel) == NULL;
	}
	assert_int_equal(gap, 0);
	assert_true(a->types_sent[NHRP_RESOLUTION_REQUEST] >= 5);
	assert_true(a->types_sent[NHRP_RESOLUTION_REQUEST] <= 15);
	sim_run_s(s, 1300);
	assert_null(sim_shortcut(a, &dst));
	assert_null(sim_adjacency(a, &b->tunnel));
	assert_int_equal(sim_if(a)->counts[CACHE_LEARNED], 0);
	sim_free(s);
}

static void
lost_requests_are_repeated(void **state)
{
	struct sim *s = registered(2, "");
	struct sim_node *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	uint32_t id;

	(void)state;
	s->lose_type = NHRP_RESOLUTION_REQUEST;
	sim_next_hop_want(a, &b->tunnel);
	id = a->last_id[NHRP_RESOLUTION_REQUEST];
	sim_run_s(s, 4);
	assert_int_equal(a->types_sent[NHRP_RESOLUTION_REQUEST], 3);
	assert_int_equal(a->last_id[NHRP_RESOLUTION_REQUEST], id);
	s->lose_type = 0;
	sim_run_s(s, 4);
	assert_non_null(sim_adjacency(a, &b->tunnel));
	sim_free(s);
}

/* IKEv1: what follows quick mode's last message at once comes before the SA that it makes. */
static void
answer_lets_a_new_session_settle(void **state)
{
	struct sim *s = registered(2, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	struct addr dst = sim_host(b);

	(void)state;
	s->late_ms = 40;
	sim_redirect(hub, a, b);
	sim_run_ms(s, 500);
	assert_int_equal(a->types_sent[NHRP_RESOLUTION_REQUEST], 1);
	assert_int_equal(b->types_sent[NHRP_RESOLUTION_REPLY], 1);
	assert_non_null(sim_shortcut(a, &dst));
	sim_free(s);
}

static void
in_vain_is_remembered_for_a_while(void **state)
{
	struct sim *s = registered(1, "");
	struct sim_node *a = &s->node[SPOKE1];
	struct addr nobody = addr_v4(0x0a0000c8);
	unsigned int i;

	(void)state;
	for (i = 0; i < 50; i++) {
		sim_next_hop_want(a, &nobody);
		sim_run_ms(s, 100);
	}
	assert_int_equal(a->types_sent[NHRP_RESOLUTION_REQUEST], 1);
	assert_int_equal(s->node[HUB].last_of[NHRP_RESOLUTION_REPLY].cies[0].code,
	    NHRP_CODE_NO_BINDING);
	assert_true(sim_entry(a, &nobody)->r.negative);
	sim_run_s(s, CACHE_HOLDOFF_S);
	assert_null(sim_entry(a, &nobody));
	sim_next_hop_want(a, &nobody);
	assert_int_equal(a->types_sent[NHRP_RESOLUTION_REQUEST], 2);
	sim_free(s);
}

static void
questions_are_bounded(void **state)
{
	struct sim *s = registered(1, "");
	struct sim_node *a = &s->node[SPOKE1];
	unsigned int i;

	(void)state;
	s->node[HUB].dead = true;
	for (i = 0; i < 2000; i++) {
		struct addr hop = addr_v4(0x0a000100 + i);

		sim_next_hop_want(a, &hop);
	}
	assert_true(sim_if(a)->counts[CACHE_INCOMPLETE] <= 512);
	assert_true(sim_if(a)->drops[NHRP_DROP_FULL] >= 1488);
	sim_run_s(s, 300);
	assert_int_equal(sim_if(a)->counts[CACHE_INCOMPLETE], 0);
	sim_free(s);
}

static void
one_nat_two_spokes_stay_with_the_hub(void **state)
{
	struct sim *s = registered(0, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *a, *b;
	struct addr dst;
	unsigned int i;

	(void)state;
	for (i = SPOKE1; i <= SPOKE2; i++) {
		struct sim_node *n = sim_node(s, i);

		n->local = addr_v4(0xac100000 + i);
		n->public = addr_v4(0xcb0071fe);
		n->unreachable = true;
		strcpy(n->conf.protection, "Tunnel0");
		strcpy(n->conf.auth, "culvert");
		n->conf.shortcut = 1;
		sim_configure(n);
		sim_add_nhs(n, hub);
	}
	a = &s->node[SPOKE1];
	b = &s->node[SPOKE2];
	sim_run_s(s, 2);
	sim_redirect(hub, a, b);
	sim_run_s(s, 2);
	dst = sim_host(b);
	/* The answer went back by the hub. */
	assert_int_equal(hub->types_sent[NHRP_RESOLUTION_REPLY], 1);
	assert_null(sim_shortcut(a, &dst));
	assert_null(sim_adjacency(a, &b->tunnel));
	assert_true(sim_entry(a, &dst)->r.negative);
	assert_int_equal(a->wants, 1);		/* the hub, and nobody else */
	assert_int_equal(b->wants, 1);
	sim_free(s);
}

static void
spoke_behind_nat_is_resolved_to_its_public_address(void **state)
{
	struct sim *s = registered(1, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1], *b = sim_node(s, SPOKE2);
	const struct nhrp_entry *e;

	(void)state;
	b->local = addr_v4(0xac100002);
	strcpy(b->conf.protection, "Tunnel0");
	strcpy(b->conf.auth, "culvert");
	b->conf.shortcut = 1;
	sim_configure(b);
	sim_add_nhs(b, hub);
	sim_run_s(s, 2);
	sim_redirect(hub, a, b);
	sim_run_s(s, 2);
	e = sim_entry(a, &b->tunnel);
	assert_true(addr_eq(&e->r.nbma, &b->public));
	assert_true(addr_eq(&e->r.claimed, &b->local));
	assert_true(e->r.flags & NHRP_FLAG_NAT);
	assert_int_equal(a->shortcuts, 1);
	/* And the other way: the hub says where the requester can be found. */
	sim_redirect(hub, b, a);
	sim_run_s(s, 2);
	assert_int_equal(b->shortcuts, 1);
	e = sim_entry(a, &b->tunnel);
	assert_true(addr_eq(&e->r.nbma, &b->public));
	sim_free(s);
}

static void
unreachable_spoke_stays_with_the_hub(void **state)
{
	struct sim *s = registered(2, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	struct addr dst = sim_host(b);

	(void)state;
	/* A firewall between the two: no session in either direction. */
	a->unreachable = b->unreachable = true;
	sim_redirect(hub, a, b);
	sim_run_s(s, 60);
	/* A repetition may cross the answer. */
	assert_in_range(hub->types_sent[NHRP_RESOLUTION_REPLY], 1, 2);
	assert_in_range(b->wants, 2, 2);		/* it tried once, and not again at once */
	assert_null(sim_shortcut(a, &dst));
	assert_null(sim_adjacency(a, &b->tunnel));
	assert_true(sim_responding(a));
	/* When the firewall is gone, and the hold-off over, there is a shortcut. */
	a->unreachable = b->unreachable = false;
	sim_run_s(s, 120);
	sim_redirect(hub, a, b);
	sim_run_s(s, 40);
	assert_non_null(sim_shortcut(a, &dst));
	sim_free(s);
}

static void
lost_session_takes_the_shortcut_with_it(void **state)
{
	struct sim *s = registered(2, "Tunnel0");
	struct sim_node *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];

	(void)state;
	sim_redirect(&s->node[HUB], a, b);
	sim_run_s(s, 2);
	assert_int_equal(a->shortcuts, 1);
	sim_session_down(a, b);
	assert_int_equal(a->shortcuts, 0);
	assert_null(sim_adjacency(a, &b->tunnel));
	assert_true(sim_responding(a));
	assert_int_equal(a->unwants, 1);
	sim_free(s);
}

static void
gone_route_is_purged(void **state)
{
	struct sim *s = registered(2, "Tunnel0");
	struct sim_node *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];

	(void)state;
	sim_redirect(&s->node[HUB], a, b);
	sim_run_s(s, 2);
	assert_int_equal(a->shortcuts, 1);
	purge_routes_changed(b->nhrp);
	assert_int_equal(b->types_sent[NHRP_PURGE_REQUEST], 0);
	b->lan_gone = true;
	s->lose_type = NHRP_PURGE_REQUEST;
	purge_routes_changed(b->nhrp);
	sim_run_ms(s, 500);
	assert_int_equal(a->shortcuts, 1);
	s->lose_type = 0;
	sim_run_s(s, 2);
	assert_int_equal(a->shortcuts, 0);
	assert_int_equal(a->types_sent[NHRP_PURGE_REPLY], 1);
	assert_int_equal(b->types_sent[NHRP_PURGE_REQUEST], 2);
	sim_run_s(s, 20);
	assert_int_equal(b->types_sent[NHRP_PURGE_REQUEST], 2);	/* answered: no more */
	sim_free(s);
}

static void
only_its_owner_purges_an_entry(void **state)
{
	struct sim *s = registered(2, "");
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	struct nhrp_packet p = {.type = NHRP_PURGE_REQUEST, .hops = 255, .src_nbma = a->local,
	    .src_proto = a->tunnel, .dst_proto = hub->tunnel, .cie_count = 1,
	    .cies = {{.prefix_len = 32, .proto = b->tunnel}}};
	struct nhrp_auth_room room;
	uint8_t bytes[200];
	struct wbuf w;

	(void)state;
	nhrp_ext_add_auth(&p, "culvert", &room);
	wbuf_init(&w, bytes, sizeof(bytes));
	nhrp_packet_write(&w, &p);
	sim_inject(hub, &a->local, 0, bytes, wbuf_len(&w));
	assert_non_null(sim_entry(hub, &b->tunnel));
	p.cies[0].proto = a->tunnel;
	wbuf_init(&w, bytes, sizeof(bytes));
	nhrp_packet_write(&w, &p);
	sim_inject(hub, &a->local, 0, bytes, wbuf_len(&w));
	assert_null(sim_entry(hub, &a->tunnel));
	assert_int_equal(hub->types_sent[NHRP_PURGE_REPLY], 2);
	sim_free(s);
}

/* Who is registered speaks from where it registered: another spoke cannot speak in its name. */
static void
nobody_speaks_in_a_clients_name(void **state)
{
	struct sim *s = registered(3, "");
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1], *b = &s->node[SPOKE2],
	    *c = &s->node[SPOKE3];
	struct nhrp_packet p = {.type = NHRP_PURGE_REQUEST, .hops = 255, .src_nbma = a->local,
	    .src_proto = b->tunnel, .dst_proto = hub->tunnel, .cie_count = 1,
	    .cies = {{.prefix_len = 32, .proto = b->tunnel}}};
	struct nhrp_auth_room room;
	uint8_t bytes[200];
	struct wbuf w;

	(void)state;
	nhrp_ext_add_auth(&p, "culvert", &room);
	wbuf_init(&w, bytes, sizeof(bytes));
	nhrp_packet_write(&w, &p);
	sim_inject(hub, &a->local, 0, bytes, wbuf_len(&w));
	assert_non_null(sim_entry(hub, &b->tunnel));
	assert_int_equal(hub->types_sent[NHRP_PURGE_REPLY], 0);
	/* "I am b, and am found at a's": nobody hears of it. */
	p.type = NHRP_RESOLUTION_REQUEST;
	p.flags = NHRP_RES_SRC_STABLE;
	p.dst_proto = c->tunnel;
	p.cies[0] = (struct nhrp_cie){.hold_s = 600};
	wbuf_init(&w, bytes, sizeof(bytes));
	nhrp_packet_write(&w, &p);
	sim_inject(hub, &a->local, 0, bytes, wbuf_len(&w));
	sim_run_s(s, 1);
	assert_null(sim_entry(c, &b->tunnel));
	assert_int_equal(sim_if(hub)->drops[NHRP_DROP_FORGED], 2);
	sim_free(s);
}

/* The hub hears from a, by its session: a packet that a did not make as a client does. */
static void
hub_hears(struct sim *s, struct nhrp_packet *p)
{
	struct sim_node *a = &s->node[SPOKE1];
	struct nhrp_auth_room room;
	uint8_t bytes[200];
	struct wbuf w;

	p->hops = 255;
	nhrp_ext_add_auth(p, "culvert", &room);
	wbuf_init(&w, bytes, sizeof(bytes));
	nhrp_packet_write(&w, p);
	sim_inject(&s->node[HUB], &a->local, sim_entry(&s->node[HUB], &a->tunnel)->r.peer_ref,
	    bytes, wbuf_len(&w));
}

static struct nhrp_packet
question(struct sim *s, uint32_t from, struct addr nbma)
{
	return (struct nhrp_packet){.type = NHRP_RESOLUTION_REQUEST, .flags = NHRP_RES_SRC_STABLE,
	    .src_nbma = nbma, .src_proto = addr_v4(from), .dst_proto = sim_host(&s->node[HUB]),
	    .request_id = from, .cie_count = 1, .cies = {{.hold_s = 600}}};
}

/* Whoever asks says where he is to be answered: not every address may be. */
static void
nobody_is_answered_where_none_can_be(void **state)
{
	static const uint32_t bad[] = {0xe0000001, 0xffffffff, 0x7f000001, 0x00000001, 0xf0000001};
	struct sim *s = registered(1, "Tunnel0");
	struct sim_node *hub = &s->node[HUB];
	unsigned int i, sent = hub->types_sent[NHRP_RESOLUTION_REPLY];
	struct nhrp_packet p;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		p = question(s, 0x0a000064 + i, addr_v4(bad[i]));
		hub_hears(s, &p);
		assert_null(sim_entry(hub, &p.src_proto));
	}
	assert_int_equal(hub->wants, 0);
	assert_int_equal(hub->types_sent[NHRP_RESOLUTION_REPLY], sent + i);	/* to a */
	sim_free(s);
}

/* Each answer may need a session: one client does not make us begin ever so many. */
static void
questions_do_not_make_sessions_without_end(void **state)
{
	struct sim *s = registered(1, "Tunnel0");
	struct sim_node *hub = &s->node[HUB];
	struct nhrp_packet p;
	unsigned int i;

	(void)state;
	for (i = 0; i < 180; i++) {
		p = question(s, 0x0a000010 + i, addr_v4(0xc6120000 + i));
		hub_hears(s, &p);
	}
	assert_int_equal(hub->wants, 128);
	assert_true(sim_if(hub)->drops[NHRP_DROP_FULL] >= 52);
	sim_run_s(s, 100);	/* all are given up */
	assert_int_equal(hub->nhrp->seeking, 0);
	sim_free(s);
}

static void
two_hubs_do_not_play_ball(void **state)
{
	struct sim *s = registered(2, "");
	struct sim_node *hub = &s->node[HUB], *other = &s->node[SPOKE2];
	struct addr nobody = addr_v4(0x0a0000c8);
	unsigned int before = hub->sent + other->sent;

	(void)state;
	/* Each is the other's NHS. */
	sim_add_nhs(hub, other);
	sim_run_s(s, 2);
	before = hub->sent + other->sent;
	sim_next_hop_want(&s->node[SPOKE1], &nobody);
	sim_run_s(s, 1);
	assert_true(hub->sent + other->sent - before < 6);
	assert_true(sim_entry(&s->node[SPOKE1], &nobody)->r.negative);
	sim_free(s);
}

/* A request as spoke 1 would send it, to be patched. */
static size_t
request(struct sim *s, uint8_t bytes[300], uint8_t hops, const struct addr *passed)
{
	struct sim_node *a = &s->node[SPOKE1];
	struct nhrp_cie cie = {.nbma = addr_v4(1)};
	struct nhrp_auth_room room;
	struct nhrp_packet p;
	struct wbuf w;

	nhrp_packet_from_us(&p, sim_if(a), NHRP_RESOLUTION_REQUEST, &s->node[SPOKE2].tunnel);
	p.hops = hops;
	if (passed != NULL) {
		cie.proto = *passed;
		nhrp_ext_append(nhrp_ext_find(&p, NHRP_EXT_FORWARD_TRANSIT), &cie);
	}
	nhrp_ext_add_auth(&p, "culvert", &room);
	wbuf_init(&w, bytes, 300);
	nhrp_packet_write(&w, &p);
	return wbuf_len(&w);
}

static void
loops_and_hops_end(void **state)
{
	struct sim *s = registered(2, "");
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1];
	uint8_t b[300];
	size_t len;

	(void)state;
	len = request(s, b, 1, NULL);
	sim_inject(hub, &a->local, 0, b, len);
	assert_int_equal(sim_if(hub)->drops[NHRP_DROP_HOPS], 1);
	assert_int_equal(hub->last_of[NHRP_ERROR_INDICATION].error_code, NHRP_ERROR_HOPS);
	len = request(s, b, 9, &hub->tunnel);
	sim_inject(hub, &a->local, 0, b, len);
	assert_int_equal(sim_if(hub)->drops[NHRP_DROP_LOOP], 1);
	assert_int_equal(hub->last_of[NHRP_ERROR_INDICATION].error_code, NHRP_ERROR_LOOP);
	sim_inject(a, &hub->local, 0, b, len);	/* its own request comes back */
	assert_int_equal(sim_if(a)->drops[NHRP_DROP_LOOP], 1);
	sim_free(s);
}

static void
answer_without_a_question_is_dropped(void **state)
{
	struct sim *s = registered(2, "");
	struct sim_node *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	struct nhrp_packet p;
	struct nhrp_auth_room room;
	uint8_t bytes[300];
	struct wbuf w;

	(void)state;
	nhrp_packet_from_us(&p, sim_if(a), NHRP_RESOLUTION_REPLY, &b->tunnel);
	p.request_id = 4711;
	p.cies[p.cie_count++] = nhrp_own_cie(sim_if(b));
	nhrp_ext_add_auth(&p, "culvert", &room);
	wbuf_init(&w, bytes, sizeof(bytes));
	nhrp_packet_write(&w, &p);
	sim_inject(a, &b->local, 0, bytes, wbuf_len(&w));
	assert_int_equal(sim_if(a)->drops[NHRP_DROP_UNSOLICITED], 1);
	assert_int_equal(a->last_of[NHRP_ERROR_INDICATION].error_code, NHRP_ERROR_INVALID_REPLY);
	assert_null(sim_entry(a, &b->tunnel));
	sim_free(s);
}

static void
shortcuts_survive_a_restart(void **state)
{
	struct sim *s = registered(2, "Tunnel0");
	struct sim_node *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	struct addr dst = sim_host(b);
	unsigned int sent;

	(void)state;
	sim_redirect(&s->node[HUB], a, b);
	sim_run_s(s, 2);
	sent = a->sent + b->sent;
	a->adjs = a->shortcuts = a->mcasts = 0;
	sim_restart(a);
	sim_restart(b);
	sim_run_s(s, 2);
	assert_int_equal(a->sent + b->sent, sent);
	assert_non_null(sim_shortcut(a, &dst));
	assert_non_null(sim_adjacency(a, &b->tunnel));
	/* The purge still knows whom to tell. */
	b->lan_gone = true;
	purge_routes_changed(b->nhrp);
	sim_run_s(s, 1);
	assert_null(sim_shortcut(a, &dst));
	sim_free(s);
}

static void
clear_forgets_what_was_learned(void **state)
{
	struct sim *s = registered(2, "Tunnel0");
	struct sim_node *a = &s->node[SPOKE1];
	struct ipc_clear q = {.what = CLEAR_NHRP, .name = "Tunnel9"};

	(void)state;
	sim_redirect(&s->node[HUB], a, &s->node[SPOKE2]);
	sim_run_s(s, 2);
	assert_int_equal(cache_clear(a->nhrp, &q), 0);
	q = (struct ipc_clear){.what = CLEAR_DMVPN, .peer = s->node[HUB].public};
	assert_int_equal(cache_clear(a->nhrp, &q), 0);	/* it is configured */
	q = (struct ipc_clear){.what = CLEAR_NHRP, .within = {.addr = addr_v4(0x0a000000), .len = 8}};
	assert_int_equal(cache_clear(a->nhrp, &q), 1);
	q = (struct ipc_clear){.what = CLEAR_DMVPN, .peer = s->node[SPOKE2].public};
	assert_int_equal(cache_clear(a->nhrp, &q), 1);
	q = (struct ipc_clear){.what = CLEAR_NHRP};
	assert_int_equal(cache_clear(a->nhrp, &q), 0);
	assert_int_equal(a->shortcuts, 0);
	assert_int_equal(a->adjs, 1);
	sim_free(s);
}

static void
max_send_holds(void **state)
{
	struct sim *s = registered(1, "");
	struct sim_node *a = &s->node[SPOKE1];
	unsigned int i, before = a->sent;

	(void)state;
	for (i = 0; i < 12000; i++) {
		struct nhrp_packet p;

		nhrp_packet_from_us(&p, sim_if(a), NHRP_PURGE_REQUEST, &s->node[HUB].tunnel);
		nhrp_send(sim_if(a), &p, &a->local, 0);
	}
	assert_int_equal(a->sent - before, 10000);
	assert_int_equal(sim_if(a)->drops[NHRP_DROP_MAX_SEND], 2000);
	sim_free(s);
}

static void
loss_and_reordering_heal(void **state)
{
	struct sim *s = registered(3, "Tunnel0");
	struct sim_node *a = &s->node[SPOKE1], *b = &s->node[SPOKE2];
	struct addr dst = sim_host(b);
	unsigned int i;

	(void)state;
	s->loss_percent = 30;
	s->reorder = true;
	for (i = 0; i < 200; i++) {
		if (sim_shortcut(a, &dst) == NULL)
			sim_redirect(&s->node[HUB], a, b);
		else
			sim_used(a, &b->tunnel);
		sim_run_s(s, 30);
	}
	s->loss_percent = 0;
	for (i = 0; i < 10 && sim_shortcut(a, &dst) == NULL; i++) {
		sim_redirect(&s->node[HUB], a, b);
		sim_run_s(s, 30);
	}
	assert_non_null(sim_shortcut(a, &dst));
	sim_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_hop_resolves_through_the_hub),
		cmocka_unit_test(redirect_makes_a_shortcut),
		cmocka_unit_test(redirects_are_limited_by_pair),
		cmocka_unit_test(redirect_about_others_is_not_believed),
		cmocka_unit_test(without_shortcut_nothing_is_asked),
		cmocka_unit_test(used_shortcut_is_refreshed_unused_one_ends),
		cmocka_unit_test(lost_requests_are_repeated),
		cmocka_unit_test(answer_lets_a_new_session_settle),
		cmocka_unit_test(in_vain_is_remembered_for_a_while),
		cmocka_unit_test(questions_are_bounded),
		cmocka_unit_test(one_nat_two_spokes_stay_with_the_hub),
		cmocka_unit_test(spoke_behind_nat_is_resolved_to_its_public_address),
		cmocka_unit_test(unreachable_spoke_stays_with_the_hub),
		cmocka_unit_test(lost_session_takes_the_shortcut_with_it),
		cmocka_unit_test(gone_route_is_purged),
		cmocka_unit_test(only_its_owner_purges_an_entry),
		cmocka_unit_test(nobody_speaks_in_a_clients_name),
		cmocka_unit_test(nobody_is_answered_where_none_can_be),
		cmocka_unit_test(questions_do_not_make_sessions_without_end),
		cmocka_unit_test(two_hubs_do_not_play_ball),
		cmocka_unit_test(loops_and_hops_end),
		cmocka_unit_test(answer_without_a_question_is_dropped),
		cmocka_unit_test(shortcuts_survive_a_restart),
		cmocka_unit_test(clear_forgets_what_was_learned),
		cmocka_unit_test(max_send_holds),
		cmocka_unit_test(loss_and_reordering_heal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
