/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which next hop servers a client uses: three hubs and a spoke in one process, on our clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <utlist.h>
#include <cmocka.h>

#include "nhs_cluster.h"
#include "nhs_register.h"
#include "nhrp_sim.h"

enum { HUB1, HUB2, HUB3, CLIENT };	/* nodes of the simulation */

struct scene {
	struct sim *s;
	struct sim_node *hub, *spoke;
};

static void
add_hub(struct scene *x, unsigned int i, unsigned int priority, unsigned int cluster)
{
	struct ipc_nhs m = {.ifname = "Tunnel0", .nhs = x->hub[i].tunnel, .nbma = x->hub[i].public,
	    .multicast = 1, .priority = (uint8_t)priority, .cluster = (uint8_t)cluster};

	nhs_set(sim_if(x->spoke), &m);
}

static void
limit(struct scene *x, unsigned int cluster, unsigned int max)
{
	nhs_cluster_set(sim_if(x->spoke), cluster, true, max);
}

/* Hubs without clients; a spoke without servers. */
static struct scene
begin(const char *protection, unsigned int fallback_s)
{
	struct scene x = {.s = sim_new()};
	unsigned int i;

	for (i = HUB1; i <= CLIENT; i++) {
		struct sim_node *n = sim_node(x.s, i);

		snprintf(n->conf.protection, sizeof(n->conf.protection), "%s", protection);
		n->conf.multicast_dynamic = i != CLIENT;
		n->conf.nhs_fallback_s = i == CLIENT ? (uint8_t)fallback_s : 0;
		sim_configure(n);
	}
	x.hub = x.s->node;
	x.spoke = &x.s->node[CLIENT];
	return x;
}

/* One of three is used: priorities 1, 2 and 3. */
static struct scene
begin_one_of_three(const char *protection, unsigned int fallback_s)
{
	struct scene x = begin(protection, fallback_s);
	unsigned int i;

	limit(&x, 1, 1);
	for (i = HUB1; i <= HUB3; i++)
		add_hub(&x, i, i + 1, 1);
	sim_run_s(x.s, 2);
	return x;
}

static const struct nhrp_nhs *
server(const struct scene *x, unsigned int i)
{
	const struct nhrp_nhs *s;

	DL_FOREACH(sim_if(x->spoke)->nhs, s)
		if (addr_eq(&s->r.nhs, &x->hub[i].tunnel))
			return s;
	return NULL;
}

/* W waiting, T tried, A active, P probed, H held, F free: of hub 1, 2 and 3. */
static const char *
places(const struct scene *x)
{
	static const char letters[PLACES] = {
		[PLACE_FREE] = 'F', [PLACE_WAITING] = 'W', [PLACE_TRIED] = 'T',
		[PLACE_ACTIVE] = 'A', [PLACE_PROBED] = 'P', [PLACE_HELD] = 'H',
	};
	static char text[CLIENT + 1];
	unsigned int i;

	for (i = HUB1; i <= HUB3; i++)
		text[i] = server(x, i) != NULL ? letters[server(x, i)->r.place] : '-';
	return text;
}

static bool
is_registered(const struct scene *x, unsigned int hub)
{
	const struct nhrp_entry *e = sim_entry(&x->hub[hub], &x->spoke->tunnel);

	return e != NULL && e->class == CACHE_REGISTERED;
}

static bool
gets_multicast(const struct scene *x, unsigned int hub)
{
	unsigned int i;

	for (i = 0; i < x->spoke->mcasts; i++)
		if (addr_eq(&x->spoke->mcast[i].nbma, &x->hub[hub].public))
			return true;
	return false;
}

/* The spoke's traffic goes by this hub, and by it alone. */
static void
assert_uses(const struct scene *x, unsigned int hub)
{
	unsigned int i;

	assert_true(addr_eq(&x->spoke->nhs_route, &x->hub[hub].tunnel));
	assert_int_equal(x->spoke->mcasts, 1);
	assert_true(gets_multicast(x, hub));
	assert_non_null(sim_adjacency(x->spoke, &x->hub[hub].tunnel));
	for (i = HUB1; i <= HUB3; i++)
		assert_int_equal(is_registered(x, i), i == hub);
}

/* After this many seconds it is so, and a second before it was not. */
static void
turns(struct scene *x, unsigned int seconds, const char *before, const char *after)
{
	sim_run_s(x->s, seconds - 1);
	assert_string_equal(places(x), before);
	sim_run_s(x->s, 1);
	sim_run_ms(x->s, 100);
	assert_string_equal(places(x), after);
}

static void
without_a_limit_all_are_used(void **state)
{
	struct scene x = begin("", 0);
	unsigned int i;

	(void)state;
	for (i = HUB1; i <= HUB3; i++)
		add_hub(&x, i, 3 - i, 0);
	sim_run_s(x.s, 2);
	assert_string_equal(places(&x), "FFF");
	assert_int_equal(x.spoke->mcasts, 3);
	for (i = HUB1; i <= HUB3; i++)
		assert_true(is_registered(&x, i));
	/* Whom to ask first is a matter of priority even so. */
	assert_true(addr_eq(&x.spoke->nhs_route, &x.hub[HUB3].tunnel));
	x.hub[HUB3].dead = true;
	sim_run_s(x.s, 300);
	assert_string_equal(places(&x), "FFF");
	assert_int_equal(x.spoke->mcasts, 3);
	assert_true(addr_eq(&x.spoke->nhs_route, &x.hub[HUB2].tunnel));
	sim_free(x.s);
}

static void
the_best_is_used_and_the_others_hear_nothing(void **state)
{
	struct scene x = begin_one_of_three("", 0);

	(void)state;
	assert_string_equal(places(&x), "AWW");
	assert_uses(&x, HUB1);
	assert_null(sim_adjacency(x.spoke, &x.hub[HUB2].tunnel));
	assert_int_equal(x.spoke->types_sent[NHRP_REGISTRATION_REQUEST], 1);
	sim_free(x.s);
}

static void
a_waiting_hub_has_no_session(void **state)
{
	struct scene x = begin_one_of_three("Tunnel0", 0);

	(void)state;
	assert_string_equal(places(&x), "AWW");
	assert_uses(&x, HUB1);
	assert_int_equal(x.spoke->wants, 1);
	sim_session_down(x.spoke, &x.hub[HUB1]);
	x.hub[HUB1].unreachable = true;
	sim_run_s(x.s, 2);
	assert_string_equal(places(&x), "PAW");
	assert_true(addr_eq(&x.spoke->nhs_route, &x.hub[HUB2].tunnel));
	sim_free(x.s);
}

/* PROBE in the documentation: one after the other takes the place, each is asked on. */
static void
the_next_takes_the_place_of_one_that_fails(void **state)
{
	struct scene x = begin_one_of_three("", 0);

	(void)state;
	x.hub[HUB1].dead = true;
	/* Registers again at 200 s, at 201 and 203; at 207 it is down. */
	turns(&x, 206, "AWW", "PAW");
	assert_true(addr_eq(&x.spoke->nhs_route, &x.hub[HUB2].tunnel));
	assert_true(gets_multicast(&x, HUB2));
	assert_false(gets_multicast(&x, HUB1));
	x.hub[HUB2].dead = true;
	turns(&x, 206, "PAW", "PPA");
	x.hub[HUB3].dead = true;
	turns(&x, 207, "PPA", "PPP");
	assert_false(addr_is_set(&x.spoke->nhs_route));
	sim_free(x.s);
}

static void
one_that_never_answered_is_tried_for_seven_seconds(void **state)
{
	struct scene x = begin("", 0);
	unsigned int i;

	(void)state;
	x.hub[HUB1].dead = true;
	limit(&x, 1, 1);
	for (i = HUB1; i <= HUB3; i++)
		add_hub(&x, i, i + 1, 1);
	turns(&x, 7, "TWW", "PAW");
	sim_free(x.s);
}

static void
without_fallback_the_better_is_taken_back_at_once(void **state)
{
	struct scene x = begin_one_of_three("", 0);

	(void)state;
	x.hub[HUB1].dead = true;
	sim_run_s(x.s, 210);
	assert_string_equal(places(&x), "PAW");
	x.hub[HUB1].dead = false;
	sim_run_s(x.s, 65);
	assert_string_equal(places(&x), "AWW");
	assert_uses(&x, HUB1);
	sim_free(x.s);
}

static void
with_fallback_it_must_have_answered_for_so_long(void **state)
{
	struct scene x = begin_one_of_three("", 60);
	unsigned int i;

	(void)state;
	x.hub[HUB1].dead = true;
	sim_run_s(x.s, 210);
	x.hub[HUB1].dead = false;
	for (i = 0; i < 65 && strcmp(places(&x), "HAW") != 0; i++)
		sim_run_s(x.s, 1);
	assert_string_equal(places(&x), "HAW");
	assert_true(is_registered(&x, HUB1));
	assert_true(addr_eq(&x.spoke->nhs_route, &x.hub[HUB2].tunnel));
	assert_false(gets_multicast(&x, HUB1));
	sim_run_s(x.s, 58);
	assert_string_equal(places(&x), "HAW");
	sim_run_s(x.s, 3);
	assert_string_equal(places(&x), "AWW");
	assert_uses(&x, HUB1);
	sim_free(x.s);
}

/* The session of hub i is gone and does not come again; or may. */
static void
cut(struct scene *x, unsigned int i, bool off)
{
	x->hub[i].unreachable = off;
	if (off)
		sim_session_down(x->spoke, &x->hub[i]);
}

static void
run_until(struct scene *x, const char *wanted, unsigned int seconds)
{
	unsigned int ms;

	for (ms = 0; ms < 1000 * seconds && strcmp(places(x), wanted) != 0; ms += 100)
		sim_run_ms(x->s, 100);
	assert_string_equal(places(x), wanted);
}

static void
who_fails_while_it_is_held_starts_again(void **state)
{
	struct scene x = begin_one_of_three("Tunnel0", 30);

	(void)state;
	cut(&x, HUB1, true);
	run_until(&x, "PAW", 5);
	cut(&x, HUB1, false);
	run_until(&x, "HAW", 200);
	sim_run_s(x.s, 20);
	cut(&x, HUB1, true);
	run_until(&x, "PAW", 1);
	cut(&x, HUB1, false);
	run_until(&x, "HAW", 200);
	sim_run_s(x.s, 29);
	assert_string_equal(places(&x), "HAW");
	run_until(&x, "AWW", 2);
	sim_free(x.s);
}

/* Nothing that works is given up for it, so nothing is waited for. */
static void
a_held_one_is_taken_at_once_when_the_active_one_fails(void **state)
{
	struct scene x = begin_one_of_three("Tunnel0", 60);

	(void)state;
	cut(&x, HUB1, true);
	run_until(&x, "PAW", 5);
	cut(&x, HUB1, false);
	run_until(&x, "HAW", 200);
	cut(&x, HUB2, true);
	run_until(&x, "AWW", 1);
	sim_free(x.s);
}

/* And so is the first that comes back when all are down. */
static void
the_first_to_answer_is_taken_when_none_does(void **state)
{
	struct scene x = begin_one_of_three("Tunnel0", 60);
	unsigned int i;

	(void)state;
	for (i = HUB1; i <= HUB3; i++)
		cut(&x, i, true);
	run_until(&x, "PPP", 30);
	cut(&x, HUB2, false);
	run_until(&x, "PAW", 200);
	assert_true(addr_eq(&x.spoke->nhs_route, &x.hub[HUB2].tunnel));
	assert_int_equal(x.spoke->mcasts, 1);
	assert_true(gets_multicast(&x, HUB2));
	sim_free(x.s);
}

/* One move to the best, none to each that returned before it. */
static void
those_that_return_together_make_one_move(void **state)
{
	struct scene x = begin_one_of_three("Tunnel0", 60);

	(void)state;
	cut(&x, HUB1, true);
	run_until(&x, "PAW", 5);
	cut(&x, HUB2, true);
	run_until(&x, "PPA", 5);
	cut(&x, HUB2, false);
	run_until(&x, "PHA", 200);
	cut(&x, HUB1, false);
	x.s->late_ms = 0;
	run_until(&x, "HHA", 59);
	sim_run_s(x.s, 60 - 2);
	assert_true(strcmp(places(&x), "HHA") == 0 || strcmp(places(&x), "AWW") == 0);
	run_until(&x, "AWW", 61);
	assert_uses(&x, HUB1);
	sim_free(x.s);
}

static void
equals_do_not_displace_each_other(void **state)
{
	struct scene x = begin("Tunnel0", 0);
	unsigned int i;

	(void)state;
	limit(&x, 0, 1);
	for (i = HUB1; i <= HUB3; i++)
		add_hub(&x, i, 0, 0);
	run_until(&x, "AWW", 3);
	cut(&x, HUB1, true);
	run_until(&x, "WAW", 3);
	cut(&x, HUB1, false);
	sim_run_s(x.s, 300);
	assert_string_equal(places(&x), "WAW");
	sim_free(x.s);
}

/* The documentation's table for three connections: B1 fails, one of the second rank stands in. */
static void
of_two_the_worse_gives_way(void **state)
{
	struct scene x = begin("Tunnel0", 0);

	(void)state;
	limit(&x, 0, 2);
	add_hub(&x, HUB1, 1, 0);
	add_hub(&x, HUB2, 1, 0);
	add_hub(&x, HUB3, 2, 0);
	run_until(&x, "AAW", 3);
	assert_int_equal(x.spoke->mcasts, 2);
	cut(&x, HUB2, true);
	run_until(&x, "APA", 3);
	cut(&x, HUB2, false);
	run_until(&x, "AAW", 200);
	assert_false(is_registered(&x, HUB3));
	sim_free(x.s);
}

/* However the map came about: hello packets to it would make a neighbour of it. */
static void
a_multicast_map_of_a_waiting_server_waits_too(void **state)
{
	struct scene x = begin("Tunnel0", 0);
	const struct prefix multicast = {0};

	(void)state;
	nhrp_map_set(sim_if(x.spoke), &multicast, &x.hub[HUB2].public);
	sim_run_s(x.s, 1);
	assert_true(gets_multicast(&x, HUB2));
	limit(&x, 1, 1);
	add_hub(&x, HUB1, 1, 1);
	add_hub(&x, HUB2, 2, 1);
	run_until(&x, "AW-", 2);
	assert_false(gets_multicast(&x, HUB2));
	cut(&x, HUB1, true);
	run_until(&x, "PA-", 2);
	assert_true(gets_multicast(&x, HUB2));
	cut(&x, HUB1, false);
	run_until(&x, "AW-", 200);
	assert_false(gets_multicast(&x, HUB2));
	nhs_del(sim_if(x.spoke), &x.hub[HUB2].tunnel);
	sim_run_s(x.s, 1);
	assert_true(gets_multicast(&x, HUB2));
	sim_free(x.s);
}

static void
clusters_are_chosen_from_each_by_itself(void **state)
{
	struct scene x = begin("", 0);

	(void)state;
	limit(&x, 1, 1);
	limit(&x, 2, 0);
	add_hub(&x, HUB1, 5, 1);
	add_hub(&x, HUB2, 9, 0);
	add_hub(&x, HUB3, 1, 2);
	sim_run_s(x.s, 20);
	assert_string_equal(places(&x), "AFW");
	sim_free(x.s);
}

static void
limits_come_and_go(void **state)
{
	struct scene x = begin("", 0);
	unsigned int i;

	(void)state;
	for (i = HUB1; i <= HUB3; i++)
		add_hub(&x, i, i, 3);
	sim_run_s(x.s, 2);
	assert_string_equal(places(&x), "FFF");
	limit(&x, 3, 2);
	run_until(&x, "AAW", 1);
	assert_false(is_registered(&x, HUB3));
	limit(&x, 3, 1);
	run_until(&x, "AWW", 1);
	limit(&x, 3, 0);
	run_until(&x, "WWW", 1);
	assert_int_equal(x.spoke->mcasts, 0);
	limit(&x, 3, 255);
	run_until(&x, "AAA", 1);
	nhs_cluster_set(sim_if(x.spoke), 3, false, 0);
	assert_string_equal(places(&x), "FFF");
	sim_run_s(x.s, 1);
	for (i = HUB1; i <= HUB3; i++)
		assert_true(is_registered(&x, i));
	sim_free(x.s);
}

static void
a_better_one_that_is_added_is_asked_and_taken(void **state)
{
	struct scene x = begin("", 0);

	(void)state;
	limit(&x, 1, 1);
	add_hub(&x, HUB2, 2, 1);
	run_until(&x, "-A-", 2);
	add_hub(&x, HUB3, 3, 1);
	add_hub(&x, HUB1, 1, 1);
	run_until(&x, "AWW", 2);
	/* Another rank, without a word to the server: it is where it was. */
	add_hub(&x, HUB1, 200, 1);
	run_until(&x, "WAW", 2);
	nhs_del(sim_if(x.spoke), &x.hub[HUB2].tunnel);
	run_until(&x, "W-A", 2);
	sim_free(x.s);
}

static void
a_shutdown_chooses_anew(void **state)
{
	struct scene x = begin_one_of_three("", 30);

	(void)state;
	x.hub[HUB1].dead = true;
	sim_run_s(x.s, 210);
	assert_string_equal(places(&x), "PAW");
	x.spoke->conf.up = 0;
	nhrp_if_set(x.spoke->nhrp, &x.spoke->conf);
	sim_run_s(x.s, 20);
	assert_string_equal(places(&x), "WWW");
	assert_int_equal(x.spoke->mcasts, 0);
	x.spoke->conf.up = 1;
	nhrp_if_set(x.spoke->nhrp, &x.spoke->conf);
	run_until(&x, "TWW", 1);
	run_until(&x, "PAW", 10);
	sim_free(x.s);
}

/* What was there before the crash is there after it, and nobody registers again. */
static void
places_outlive_a_crash(void **state)
{
	struct scene x = begin_one_of_three("", 60);
	unsigned int sent;

	(void)state;
	x.hub[HUB1].dead = true;
	sim_run_s(x.s, 210);
	x.hub[HUB1].dead = false;
	run_until(&x, "HAW", 65);
	sim_run_s(x.s, 40);
	sent = x.spoke->types_sent[NHRP_REGISTRATION_REQUEST];
	sim_restart(x.spoke);
	sim_run_s(x.s, 1);
	assert_string_equal(places(&x), "HAW");
	assert_int_equal(x.spoke->types_sent[NHRP_REGISTRATION_REQUEST], sent);
	sim_run_s(x.s, 17);
	assert_string_equal(places(&x), "HAW");
	run_until(&x, "AWW", 3);
	sim_free(x.s);
}

/* BEGIN and END without the limit: it is gone. */
static void
a_limit_that_is_not_named_is_swept(void **state)
{
	struct scene x = begin_one_of_three("", 0);
	unsigned int i;

	(void)state;
	nhrp_config_begin(x.spoke->nhrp);
	nhrp_if_set(x.spoke->nhrp, &x.spoke->conf);
	for (i = HUB1; i <= HUB3; i++)
		add_hub(&x, i, i + 1, 1);
	nhrp_config_end(x.spoke->nhrp);
	assert_string_equal(places(&x), "FFF");
	nhrp_config_begin(x.spoke->nhrp);
	nhrp_if_set(x.spoke->nhrp, &x.spoke->conf);
	limit(&x, 1, 1);
	for (i = HUB1; i <= HUB3; i++)
		add_hub(&x, i, i + 1, 1);
	nhrp_config_end(x.spoke->nhrp);
	run_until(&x, "AWW", 1);
	sim_free(x.s);
}

static void
assert_view(const struct nhs_view *v, unsigned int state, unsigned int queue)
{
	assert_int_equal(v->state, state);
	assert_int_equal(v->queue, queue);
}

static void
what_is_shown_and_what_was_before(void **state)
{
	struct scene x = begin_one_of_three("", 60);
	const struct nhrp_nhs *first = server(&x, HUB1);

	(void)state;
	assert_view(&first->r.now, NHS_SHOWN_RESPONDING, NHS_QUEUE_RUNNING);
	assert_view(&first->r.before, NHS_SHOWN_EXPECTING, NHS_QUEUE_RUNNING);
	assert_view(&server(&x, HUB3)->r.now, NHS_SHOWN_WAITING, NHS_QUEUE_WAITING);
	assert_view(&server(&x, HUB3)->r.before, 0, 0);
	x.hub[HUB1].dead = true;
	sim_run_s(x.s, 210);
	assert_view(&first->r.now, NHS_SHOWN_EXPECTING, NHS_QUEUE_PROBING);
	x.hub[HUB1].dead = false;
	run_until(&x, "HAW", 65);
	assert_view(&first->r.now, NHS_SHOWN_RESPONDING, NHS_QUEUE_HOLDING);
	sim_free(x.s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_limit_all_are_used),
		cmocka_unit_test(the_best_is_used_and_the_others_hear_nothing),
		cmocka_unit_test(a_waiting_hub_has_no_session),
		cmocka_unit_test(the_next_takes_the_place_of_one_that_fails),
		cmocka_unit_test(one_that_never_answered_is_tried_for_seven_seconds),
		cmocka_unit_test(without_fallback_the_better_is_taken_back_at_once),
		cmocka_unit_test(with_fallback_it_must_have_answered_for_so_long),
		cmocka_unit_test(who_fails_while_it_is_held_starts_again),
		cmocka_unit_test(a_held_one_is_taken_at_once_when_the_active_one_fails),
		cmocka_unit_test(the_first_to_answer_is_taken_when_none_does),
		cmocka_unit_test(those_that_return_together_make_one_move),
		cmocka_unit_test(equals_do_not_displace_each_other),
		cmocka_unit_test(of_two_the_worse_gives_way),
		cmocka_unit_test(a_multicast_map_of_a_waiting_server_waits_too),
		cmocka_unit_test(clusters_are_chosen_from_each_by_itself),
		cmocka_unit_test(limits_come_and_go),
		cmocka_unit_test(a_better_one_that_is_added_is_asked_and_taken),
		cmocka_unit_test(a_shutdown_chooses_anew),
		cmocka_unit_test(places_outlive_a_crash),
		cmocka_unit_test(a_limit_that_is_not_named_is_swept),
		cmocka_unit_test(what_is_shown_and_what_was_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
