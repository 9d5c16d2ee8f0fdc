/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registration between routers in one process: RFC 2332 5.2.3 and IOS's habits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "mcast.h"
#include "nhrp_ext.h"
#include "nhrp_sim.h"
#include "protect.h"
#include "publish.h"

static void
spoke_registers(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];
	const struct nhrp_entry *e;

	(void)state;
	sim_run_s(s, 1);
	assert_true(sim_responding(spoke));
	assert_true(addr_eq(&spoke->nhs_route, &hub->tunnel));
	e = sim_entry(hub, &spoke->tunnel);
	assert_non_null(e);
	assert_int_equal(e->r.type, NHRP_DYNAMIC);
	assert_int_equal(e->r.flags, NHRP_FLAG_UNIQUE | NHRP_FLAG_REGISTERED | NHRP_FLAG_USED |
	    NHRP_FLAG_NHOP);
	assert_int_equal(e->r.hold_s, 600);
	assert_non_null(sim_adjacency(hub, &spoke->tunnel));
	assert_non_null(sim_adjacency(spoke, &hub->tunnel));
	assert_int_equal(hub->mcasts, 1);
	assert_int_equal(spoke->mcasts, 1);
	assert_int_equal(spoke->types_sent[NHRP_REGISTRATION_REQUEST], 1);
	sim_free(s);
}

static void
it_refreshes_each_third_of_the_hold_time(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *spoke = &s->node[SPOKE1];

	(void)state;
	sim_run_s(s, 199);
	assert_int_equal(spoke->types_sent[NHRP_REGISTRATION_REQUEST], 1);
	sim_run_s(s, 2);
	assert_int_equal(spoke->types_sent[NHRP_REGISTRATION_REQUEST], 2);
	sim_run_s(s, 3600);
	assert_int_equal(spoke->types_sent[NHRP_REGISTRATION_REQUEST], 20);
	assert_non_null(sim_entry(&s->node[HUB], &spoke->tunnel));
	sim_free(s);
}

static void
unanswered_requests_are_repeated_slower(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *spoke = &s->node[SPOKE1];
	static const unsigned int sent_by_s[][2] = {{0, 1}, {1, 2}, {3, 3}, {7, 4}, {15, 5},
	    {31, 6}, {63, 7}, {127, 8}, {191, 9}, {255, 10}};
	uint32_t id = spoke->last_id[NHRP_REGISTRATION_REQUEST];
	unsigned int i, now = 0;

	(void)state;
	s->node[HUB].dead = true;
	for (i = 0; i < sizeof(sent_by_s) / sizeof(sent_by_s[0]); i++) {
		sim_run_s(s, sent_by_s[i][0] - now);
		now = sent_by_s[i][0];
		assert_int_equal(spoke->types_sent[NHRP_REGISTRATION_REQUEST], sent_by_s[i][1]);
		assert_int_equal(spoke->last_id[NHRP_REGISTRATION_REQUEST], id);
	}
	assert_false(sim_responding(spoke));
	s->node[HUB].dead = false;
	sim_run_s(s, 65);
	assert_true(sim_responding(spoke));
	sim_free(s);
}

static void
silent_server_goes_down_after_three(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *spoke = &s->node[SPOKE1];

	(void)state;
	sim_run_s(s, 10);
	s->node[HUB].dead = true;
	sim_run_s(s, 194);		/* sent at 200, 201, 203 */
	assert_true(sim_responding(spoke));
	sim_run_s(s, 4);
	assert_false(sim_responding(spoke));
	assert_false(addr_is_set(&spoke->nhs_route));
	sim_free(s);
}

static void
silent_client_expires(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];

	(void)state;
	sim_run_s(s, 1);
	spoke->dead = true;
	sim_run_s(s, 598);
	assert_non_null(sim_entry(hub, &spoke->tunnel));
	sim_run_s(s, 3);
	assert_null(sim_entry(hub, &spoke->tunnel));
	assert_null(sim_adjacency(hub, &spoke->tunnel));
	assert_int_equal(hub->mcasts, 0);
	sim_free(s);
}

/* iked forgot a spoke whose SAs were gone; that comes back by itself under another peer_ref. */
static void
spoke_comes_back_by_another_name(void **state)
{
	struct sim *s = sim_dmvpn(1, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];
	struct ipc_peer_state m = {.remote = spoke->public, .remote_port = 500,
	    .state = PEER_DOWN, .protection = "Tunnel0"};
	uint32_t known;

	(void)state;
	sim_run_s(s, 2);
	m.peer_ref = known = sim_adjacency(hub, &spoke->tunnel)->peer_ref;
	assert_int_not_equal(known, 0);
	protect_state(hub->nhrp, &m);
	assert_false(protect_is_up(sim_entry(hub, &spoke->tunnel)->peer));

	m.peer_ref = 77;
	m.state = PEER_UP;
	m.remote_port = 4500;		/* a NAT's address may be another spoke's, too */
	protect_state(hub->nhrp, &m);
	assert_false(protect_is_up(sim_entry(hub, &spoke->tunnel)->peer));
	m.remote_port = 500;
	protect_state(hub->nhrp, &m);
	assert_true(protect_is_up(sim_entry(hub, &spoke->tunnel)->peer));
	assert_int_equal(sim_adjacency(hub, &spoke->tunnel)->peer_ref, 77);
	assert_int_equal(sim_entry(hub, &spoke->tunnel)->r.peer_ref, 77);

	m.peer_ref = 78;		/* it is up: nobody takes its place */
	protect_state(hub->nhrp, &m);
	assert_int_equal(sim_adjacency(hub, &spoke->tunnel)->peer_ref, 77);
	sim_free(s);
}

/* Attempts that come to nothing are no news: it is down since it went down. */
static void
down_time_is_not_begun_anew(void **state)
{
	struct sim *s = sim_dmvpn(1, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];
	struct ipc_peer_state m = {.remote = hub->public, .remote_port = 500, .protection = "Tunnel0"};
	const struct nhrp_peer *p;
	int64_t up_us, down_us;
	unsigned int wants;

	(void)state;
	sim_run_s(s, 2);
	p = sim_entry(spoke, &hub->tunnel)->peer;
	up_us = p->r.since_us;
	sim_run_s(s, 10);
	hub->unreachable = true;
	spoke->sessions[0].up = false;
	m.peer_ref = p->r.peer_ref;
	m.state = PEER_DOWN;
	protect_state(spoke->nhrp, &m);
	down_us = p->r.since_us;
	assert_true(down_us >= up_us + 10000000);
	wants = spoke->wants;
	sim_run_s(s, 300);
	assert_true(spoke->wants > wants);
	assert_int_equal(p->r.since_us, down_us);
	hub->unreachable = false;
	sim_run_s(s, 300);
	assert_true(protect_is_up(p));
	assert_true(p->r.since_us > down_us + 300000000);
	sim_free(s);
}

static void
protected_spoke_waits_for_its_session(void **state)
{
	struct sim *s = sim_dmvpn(1, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];

	(void)state;
	assert_int_equal(spoke->wants, 1);
	assert_int_equal(hub->wants, 0);
	assert_int_equal(spoke->sent, 0);
	sim_run_s(s, 1);
	assert_true(sim_responding(spoke));
	assert_int_not_equal(sim_adjacency(hub, &spoke->tunnel)->peer_ref, 0);
	assert_int_not_equal(sim_adjacency(spoke, &hub->tunnel)->peer_ref, 0);
	assert_int_equal(spoke->mcast[0].peer_ref, sim_adjacency(spoke, &hub->tunnel)->peer_ref);
	sim_free(s);
}

static void
lost_session_means_registering_again(void **state)
{
	struct sim *s = sim_dmvpn(1, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];

	(void)state;
	sim_run_s(s, 1);
	sim_session_down(spoke, hub);
	assert_false(sim_responding(spoke));
	assert_int_equal(spoke->mcasts, 0);
	sim_run_s(s, 4);
	assert_int_equal(spoke->wants, 2);
	assert_true(sim_responding(spoke));
	assert_int_equal(spoke->types_sent[NHRP_REGISTRATION_REQUEST], 2);
	sim_free(s);
}

static void
unique_address_is_not_given_away(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *hub = &s->node[HUB], *thief = sim_node(s, SPOKE2);

	(void)state;
	sim_run_s(s, 1);
	thief->tunnel = s->node[SPOKE1].tunnel;
	strcpy(thief->conf.auth, "culvert");
	sim_configure(thief);
	sim_add_nhs(thief, hub);
	sim_run_s(s, 1);
	assert_false(sim_responding(thief));
	assert_int_equal(hub->last_of[NHRP_REGISTRATION_REPLY].cies[0].code,
	    NHRP_CODE_ALREADY_REGISTERED);
	assert_true(addr_eq(&sim_entry(hub, &thief->tunnel)->r.nbma, &s->node[SPOKE1].local));
	assert_true(thief->types_sent[NHRP_REGISTRATION_REQUEST] >= 1);
	sim_free(s);
}

static void
without_unique_the_last_one_counts(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];

	(void)state;
	spoke->conf.unique = 0;
	sim_configure(spoke);
	sim_run_s(s, 1);
	spoke->local = spoke->public = addr_v4(0xcb0071c8);	/* a new lease */
	sim_configure(spoke);
	sim_run_s(s, 1);
	assert_true(sim_responding(spoke));
	assert_true(addr_eq(&sim_adjacency(hub, &spoke->tunnel)->nbma, &spoke->local));
	sim_free(s);
}

/* A request of spoke 1's for any address, as one that means harm makes it. */
static unsigned int
registers(struct sim *s, struct addr proto)
{
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1];
	struct nhrp_packet p = {.type = NHRP_REGISTRATION_REQUEST, .hops = 255,
	    .src_nbma = a->local, .src_proto = a->tunnel, .dst_proto = hub->tunnel, .cie_count = 1,
	    .cies = {{.prefix_len = 32, .hold_s = 600, .proto = proto}}};
	struct nhrp_auth_room room;
	uint8_t bytes[200];
	struct wbuf w;

	nhrp_ext_add_auth(&p, "culvert", &room);
	wbuf_init(&w, bytes, sizeof(bytes));
	nhrp_packet_write(&w, &p);
	sim_inject(hub, &a->local, 0, bytes, wbuf_len(&w));
	return hub->last_of[NHRP_REGISTRATION_REPLY].cies[0].code;
}

/* What is asked about spoke 2's hosts would be answered by spoke 1. */
static void
what_is_behind_another_is_not_registered(void **state)
{
	struct sim *s = sim_dmvpn(2, "");
	struct sim_node *hub = &s->node[HUB];
	struct addr others = sim_host(&s->node[SPOKE2]), ours = sim_host(hub);

	(void)state;
	sim_run_s(s, 1);
	assert_int_equal(registers(s, others), NHRP_CODE_PROHIBITED);
	assert_null(sim_entry(hub, &others));
	assert_int_equal(registers(s, addr_v4(0xac100001)), NHRP_CODE_OK);	/* nobody's */
	assert_int_equal(registers(s, ours), NHRP_CODE_OK);	/* never asked for: we answer */
	sim_free(s);
}

/* A routing protocol may tell of a client's own address, by way of itself. */
static void
client_by_way_of_itself_is_registered(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1];

	(void)state;
	hub->conf.address.len = 32;
	a->lan = cache_host(&a->tunnel);
	sim_configure(hub);
	assert_int_equal(registers(s, a->tunnel), NHRP_CODE_OK);
	assert_non_null(sim_entry(hub, &a->tunnel));
	sim_free(s);
}

/* What a refused request names is not touched. */
static void
refused_registration_removes_nothing(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *hub = &s->node[HUB];
	struct prefix own = cache_host(&hub->tunnel);

	(void)state;
	sim_run_s(s, 1);
	assert_non_null(cache_add(sim_if(hub), &own, CACHE_LOCAL));
	assert_int_equal(registers(s, hub->tunnel), NHRP_CODE_PROHIBITED);
	assert_non_null(sim_entry(hub, &hub->tunnel));
	sim_free(s);
}

static void
one_client_does_not_fill_the_cache(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	unsigned int i, code = NHRP_CODE_OK;

	(void)state;
	sim_run_s(s, 1);
	for (i = 0; i < 400 && code == NHRP_CODE_OK; i++)
		code = registers(s, addr_v4(0xac100000 + i));
	assert_int_equal(code, NHRP_CODE_NO_RESOURCES);
	assert_int_equal(i, 256);
	assert_int_equal(sim_if(&s->node[HUB])->drops[NHRP_DROP_FULL], 1);
	assert_int_equal(registers(s, s->node[SPOKE1].tunnel), NHRP_CODE_OK);	/* as it was */
	sim_free(s);
}

/* A member is who is there, not an address: it stays until its last address goes. */
static void
second_address_does_not_end_multicast(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *hub = &s->node[HUB], *a = &s->node[SPOKE1];
	struct addr second = addr_v4(0xac100001);

	(void)state;
	sim_run_s(s, 1);
	assert_int_equal(registers(s, second), NHRP_CODE_OK);
	assert_int_equal(hub->mcasts, 1);
	cache_remove(cache_find_host(sim_if(hub), &second));
	assert_int_equal(hub->mcasts, 1);
	mcast_add(sim_if(hub), &a->local, MCAST_BY_MAP);
	mcast_del(sim_if(hub), &a->local, MCAST_BY_MAP);
	assert_int_equal(hub->mcasts, 1);
	cache_remove(cache_find_host(sim_if(hub), &a->tunnel));
	assert_int_equal(hub->mcasts, 0);
	sim_free(s);
}

static void
wrong_string_is_refused_and_said(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *hub = &s->node[HUB], *spoke = sim_node(s, SPOKE2);

	(void)state;
	strcpy(spoke->conf.auth, "wrong");
	sim_configure(spoke);
	sim_add_nhs(spoke, hub);
	sim_run_ms(s, 1500);
	assert_false(sim_responding(spoke));
	assert_null(sim_entry(hub, &spoke->tunnel));
	assert_int_equal(sim_if(hub)->drops[NHRP_DROP_AUTH], 2);
	assert_int_equal(hub->last_of[NHRP_ERROR_INDICATION].error_code, NHRP_ERROR_AUTHENTICATION);
	assert_int_equal(sim_if(spoke)->received[NHRP_ERROR_INDICATION], 2);
	assert_true(sim_responding(&s->node[SPOKE1]));
	sim_free(s);
}

static void
client_behind_nat_is_known_by_both(void **state)
{
	struct sim *s = sim_dmvpn(0, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *spoke = sim_node(s, SPOKE1);
	const struct nhrp_entry *e;

	(void)state;
	spoke->local = addr_v4(0xac100002);
	spoke->unreachable = true;
	strcpy(spoke->conf.protection, "Tunnel0");
	strcpy(spoke->conf.auth, "culvert");
	sim_configure(spoke);
	sim_add_nhs(spoke, hub);
	sim_run_s(s, 1);
	e = sim_entry(hub, &spoke->tunnel);
	assert_non_null(e);
	assert_true(addr_eq(&e->r.nbma, &spoke->public));
	assert_true(addr_eq(&e->r.claimed, &spoke->local));
	assert_true(e->r.flags & NHRP_FLAG_NAT);
	assert_true(addr_eq(&sim_if(spoke)->public_nbma, &spoke->public));
	sim_free(s);
}

static void
two_behind_one_nat_are_kept_apart(void **state)
{
	struct sim *s = sim_dmvpn(0, "Tunnel0");
	struct sim_node *hub = &s->node[HUB];
	unsigned int i;

	(void)state;
	for (i = SPOKE1; i <= SPOKE2; i++) {
		struct sim_node *spoke = sim_node(s, i);

		spoke->local = addr_v4(0xac100000 + i);
		spoke->public = addr_v4(0xcb0071fe);
		strcpy(spoke->conf.protection, "Tunnel0");
		strcpy(spoke->conf.auth, "culvert");
		sim_configure(spoke);
		sim_add_nhs(spoke, hub);
	}
	sim_run_s(s, 1);
	assert_int_equal(hub->adjs, 2);
	assert_int_equal(hub->mcasts, 2);
	assert_true(addr_eq(&hub->adj[0].nbma, &hub->adj[1].nbma));
	assert_int_not_equal(hub->adj[0].peer_ref, hub->adj[1].peer_ref);
	sim_free(s);
}

static void
leaving_is_said(void **state)
{
	struct sim *s = sim_dmvpn(1, "");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];

	(void)state;
	sim_run_s(s, 1);
	spoke->conf.up = 0;
	sim_configure(spoke);
	sim_run_s(s, 1);
	assert_null(sim_entry(hub, &spoke->tunnel));
	assert_int_equal(spoke->adjs, 0);
	spoke->conf.up = 1;
	sim_configure(spoke);
	sim_run_s(s, 1);
	assert_true(sim_responding(spoke));
	assert_non_null(sim_adjacency(spoke, &hub->tunnel));
	sim_free(s);
}

static void
same_settings_disturb_nothing(void **state)
{
	struct sim *s = sim_dmvpn(1, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];
	struct prefix everybody = {0};
	unsigned int espd, sent;

	(void)state;
	nhrp_map_set(sim_if(spoke), &everybody, &hub->public);
	sim_run_s(s, 1);
	espd = spoke->espd_messages;
	sent = spoke->sent;
	nhrp_config_begin(spoke->nhrp);
	sim_configure(spoke);
	sim_add_nhs(spoke, hub);
	nhrp_map_set(sim_if(spoke), &everybody, &hub->public);
	nhrp_config_end(spoke->nhrp);
	sim_run_s(s, 1);
	assert_int_equal(spoke->espd_messages, espd);
	assert_int_equal(spoke->sent, sent);
	assert_int_equal(spoke->wants, 1);
	/* Without the NHS: it is told, and its adjacency goes. */
	nhrp_config_begin(spoke->nhrp);
	sim_configure(spoke);
	nhrp_config_end(spoke->nhrp);
	sim_run_s(s, 1);
	assert_int_equal(spoke->adjs, 0);
	assert_int_equal(spoke->mcasts, 0);
	assert_null(sim_entry(hub, &spoke->tunnel));
	/* Without the interface: nothing is left. */
	nhrp_config_begin(spoke->nhrp);
	nhrp_config_end(spoke->nhrp);
	assert_null(sim_if(spoke));
	assert_int_equal(spoke->unwants, 1);
	sim_free(s);
}

static void
restart_is_not_noticed(void **state)
{
	struct sim *s = sim_dmvpn(2, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];
	struct ipc_row_nhrp before, after;
	unsigned int sent, wants, n;

	(void)state;
	sim_run_s(s, 5);
	show_nhrp_row(sim_entry(hub, &spoke->tunnel), &before);
	sent = hub->sent + spoke->sent;
	wants = spoke->wants;
	hub->adjs = hub->mcasts = spoke->adjs = spoke->mcasts = 0;
	memset(&spoke->nhs_route, 0, sizeof(spoke->nhs_route));
	sim_restart(hub);
	sim_restart(spoke);
	sim_run_s(s, 5);
	assert_int_equal(hub->sent + spoke->sent, sent);
	assert_int_equal(spoke->wants, wants + 1);	/* iked is told again */
	assert_int_equal(hub->adjs, 2);
	assert_int_equal(hub->mcasts, 2);
	assert_int_equal(spoke->adjs, 1);
	assert_int_equal(spoke->mcasts, 1);
	assert_true(addr_eq(&spoke->nhs_route, &hub->tunnel));
	show_nhrp_row(sim_entry(hub, &spoke->tunnel), &after);
	assert_memory_equal(&before, &after, sizeof(before));
	/* The same configuration from control changes nothing either. */
	n = spoke->espd_messages;
	nhrp_config_begin(spoke->nhrp);
	sim_configure(spoke);
	sim_add_nhs(spoke, hub);
	nhrp_config_end(spoke->nhrp);
	assert_int_equal(spoke->espd_messages, n);
	/* And it goes on in its old rhythm. */
	sim_run_s(s, 189);
	assert_int_equal(spoke->types_sent[NHRP_REGISTRATION_REQUEST], 1);
	sim_run_s(s, 2);
	assert_int_equal(spoke->types_sent[NHRP_REGISTRATION_REQUEST], 2);
	sim_free(s);
}

static void
static_map_needs_no_registration(void **state)
{
	struct sim *s = sim_dmvpn(0, "");
	struct sim_node *hub = &s->node[HUB];
	struct prefix p = {.addr = addr_v4(0x0a000063), .len = 32};
	struct addr nbma = addr_v4(0xcb007163);

	(void)state;
	nhrp_map_set(sim_if(hub), &p, &nbma);
	assert_true(addr_eq(&sim_adjacency(hub, &p.addr)->nbma, &nbma));
	nhrp_map_del(sim_if(hub), &p, &nbma);
	assert_null(sim_adjacency(hub, &p.addr));
	sim_free(s);
}

static void
loss_and_reordering_heal(void **state)
{
	struct sim *s = sim_dmvpn(3, "Tunnel0");
	unsigned int i, hour;

	(void)state;
	s->loss_percent = 30;
	s->reorder = true;
	for (hour = 0; hour < 10; hour++) {
		sim_run_s(s, 3600);
		for (i = SPOKE1; i <= SPOKE3; i++)
			assert_non_null(sim_adjacency(&s->node[HUB], &s->node[i].tunnel));
	}
	s->loss_percent = 0;
	sim_run_s(s, 300);
	for (i = SPOKE1; i <= SPOKE3; i++)
		assert_true(sim_responding(&s->node[i]));
	sim_free(s);
}

static void
refused_packets_have_one_counter_each(void **state)
{
	struct sim *s = sim_dmvpn(1, "Tunnel0");
	struct sim_node *hub = &s->node[HUB], *spoke = &s->node[SPOKE1];
	static const uint8_t junk[30];
	struct ipc_nhrp nowhere = {.ifname = "Tunnel9", .packet = {junk, sizeof(junk)}};

	(void)state;
	sim_run_s(s, 1);
	sim_inject(hub, &spoke->public, 0, junk, sizeof(junk));
	assert_int_equal(sim_if(hub)->drops[NHRP_DROP_CLEAR], 1);
	sim_inject(hub, &spoke->public, 1, junk, sizeof(junk));
	assert_int_equal(sim_if(hub)->drops[NHRP_DROP_MALFORMED], 1);
	nhrp_receive(hub->nhrp, &nowhere);
	assert_int_equal(hub->nhrp->no_interface, 1);
	assert_int_equal(nhrp_if_total(sim_if(hub)->drops, NHRP_DROP_COUNT), 2);
	sim_free(s);
}

/* RFC 2332 5.2.3: who does not know its server asks for its own address, and learns the server's. */
static void
client_of_an_unknown_server_learns_it(void **state)
{
	struct sim *s = sim_dmvpn(0, "");
	struct sim_node *hub = &s->node[HUB];
	struct nhrp_packet p = {.type = NHRP_REGISTRATION_REQUEST, .hops = 1,
	    .src_nbma = addr_v4(0xcb007105), .src_proto = addr_v4(0x0a000005),
	    .dst_proto = addr_v4(0x0a000005), .cie_count = 1, .cies = {{.hold_s = 600}}};
	struct nhrp_auth_room room;
	uint8_t b[200];
	struct wbuf w;

	(void)state;
	nhrp_ext_add_auth(&p, "culvert", &room);
	wbuf_init(&w, b, sizeof(b));
	nhrp_packet_write(&w, &p);
	sim_inject(hub, &p.src_nbma, 0, b, wbuf_len(&w));
	assert_int_equal(hub->types_sent[NHRP_REGISTRATION_REPLY], 1);
	assert_true(addr_eq(&hub->last.src_proto, &p.src_proto));
	assert_true(addr_eq(&hub->last.dst_proto, &hub->tunnel));
	assert_int_equal(hub->last.cies[0].code, NHRP_CODE_OK);
	assert_non_null(sim_adjacency(hub, &p.src_proto));
	sim_free(s);
}

static void
compulsory_stranger_is_refused(void **state)
{
	struct sim *s = sim_dmvpn(0, "");
	struct sim_node *hub = &s->node[HUB];
	struct nhrp_packet p = {.type = NHRP_REGISTRATION_REQUEST, .hops = 255,
	    .src_nbma = addr_v4(0xcb007105), .src_proto = addr_v4(0x0a000005),
	    .dst_proto = hub->tunnel, .cie_count = 1, .cies = {{.hold_s = 600}}};
	struct nhrp_auth_room room;
	uint8_t b[200];
	struct wbuf w;

	(void)state;
	nhrp_ext_add_auth(&p, "culvert", &room);
	nhrp_ext_add(&p, 0x123, false);
	wbuf_init(&w, b, sizeof(b));
	nhrp_packet_write(&w, &p);
	sim_inject(hub, &p.src_nbma, 0, b, wbuf_len(&w));
	assert_int_equal(hub->types_sent[NHRP_REGISTRATION_REPLY], 1);
	nhrp_ext_find(&p, 0x123)->compulsory = true;
	wbuf_init(&w, b, sizeof(b));
	nhrp_packet_write(&w, &p);
	sim_inject(hub, &p.src_nbma, 0, b, wbuf_len(&w));
	assert_int_equal(hub->types_sent[NHRP_REGISTRATION_REPLY], 1);
	assert_int_equal(hub->last_of[NHRP_ERROR_INDICATION].error_code,
	    NHRP_ERROR_UNKNOWN_EXTENSION);
	assert_int_equal(hub->last_of[NHRP_ERROR_INDICATION].error_offset, 52 + 15);
	assert_int_equal(sim_if(hub)->drops[NHRP_DROP_EXTENSION], 1);
	sim_free(s);
}

static void
errors_are_limited(void **state)
{
	struct sim *s = sim_dmvpn(0, "");
	struct sim_node *hub = &s->node[HUB];
	struct nhrp_packet p = {.type = NHRP_REGISTRATION_REQUEST, .hops = 255,
	    .src_nbma = addr_v4(0xcb007105), .src_proto = addr_v4(0x0a000005),
	    .dst_proto = hub->tunnel};
	uint8_t b[200];
	struct wbuf w;
	unsigned int i;

	(void)state;
	wbuf_init(&w, b, sizeof(b));
	nhrp_packet_write(&w, &p);
	for (i = 0; i < 1000; i++)
		sim_inject(hub, &p.src_nbma, 0, b, wbuf_len(&w));
	assert_int_equal(sim_if(hub)->drops[NHRP_DROP_AUTH], 1000);
	assert_int_equal(hub->types_sent[NHRP_ERROR_INDICATION], 10);
	sim_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spoke_registers),
		cmocka_unit_test(it_refreshes_each_third_of_the_hold_time),
		cmocka_unit_test(unanswered_requests_are_repeated_slower),
		cmocka_unit_test(silent_server_goes_down_after_three),
		cmocka_unit_test(down_time_is_not_begun_anew),
		cmocka_unit_test(silent_client_expires),
		cmocka_unit_test(spoke_comes_back_by_another_name),
		cmocka_unit_test(protected_spoke_waits_for_its_session),
		cmocka_unit_test(lost_session_means_registering_again),
		cmocka_unit_test(unique_address_is_not_given_away),
		cmocka_unit_test(without_unique_the_last_one_counts),
		cmocka_unit_test(what_is_behind_another_is_not_registered),
		cmocka_unit_test(client_by_way_of_itself_is_registered),
		cmocka_unit_test(refused_registration_removes_nothing),
		cmocka_unit_test(one_client_does_not_fill_the_cache),
		cmocka_unit_test(second_address_does_not_end_multicast),
		cmocka_unit_test(wrong_string_is_refused_and_said),
		cmocka_unit_test(client_behind_nat_is_known_by_both),
		cmocka_unit_test(two_behind_one_nat_are_kept_apart),
		cmocka_unit_test(leaving_is_said),
		cmocka_unit_test(same_settings_disturb_nothing),
		cmocka_unit_test(restart_is_not_noticed),
		cmocka_unit_test(static_map_needs_no_registration),
		cmocka_unit_test(loss_and_reordering_heal),
		cmocka_unit_test(refused_packets_have_one_counter_each),
		cmocka_unit_test(client_of_an_unknown_server_learns_it),
		cmocka_unit_test(compulsory_stranger_is_refused),
		cmocka_unit_test(errors_are_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
