/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <signal.h>
#include <unistd.h>

#include "loop.h"

static char ran[64];		/* who ran, in order */

struct named {
	struct timer timer;
	char name;
};

static void
note(struct timer *t)
{
	struct named *n = container_of(t, struct named, timer);

	strncat(ran, (char[2]){n->name, '\0'}, sizeof(ran) - strlen(ran) - 1);
}

static int
fresh(void **state)
{
	ran[0] = '\0';
	*state = loop_new_test(mono_s(1000));
	return *state == NULL ? -1 : 0;
}

static int
gone(void **state)
{
	loop_free(*state);
	return 0;
}

static void
test_timers_run_in_order(void **state)
{
	struct loop *l = *state;
	struct named a = {{.run = note}, 'a'}, b = {{.run = note}, 'b'}, c = {{.run = note}, 'c'};

	timer_in(&c.timer, l, mono_s(3));
	timer_in(&a.timer, l, mono_s(1));
	timer_in(&b.timer, l, mono_s(1));
	loop_advance(l, mono_ms(999));
	assert_string_equal(ran, "");
	loop_advance(l, mono_ms(1));
	assert_string_equal(ran, "ab");
	assert_false(timer_armed(&a.timer));
	assert_true(timer_armed(&c.timer));
	loop_advance(l, mono_s(10));
	assert_string_equal(ran, "abc");
	assert_int_equal(mono_in_s(loop_now(l)), 1011);
}

static mono_t seen_at;
static struct loop *the_loop;

static void
again(struct timer *t)
{
	note(t);
	seen_at = loop_now(the_loop);
	timer_in(t, the_loop, mono_s(10));
}

/* Each timer runs at its own time, however far the test moves the clock. */
static void
test_an_hour_in_one_step(void **state)
{
	struct named a = {{.run = again}, 'a'};

	the_loop = *state;
	timer_in(&a.timer, the_loop, mono_s(10));
	loop_advance(the_loop, mono_s(45));
	assert_string_equal(ran, "aaaa");
	assert_int_equal(mono_in_s(seen_at), 1040);
	timer_stop(&a.timer);
}

/* Those of one tenth of a second come due together, none of them late, in their order. */
static void
test_near(void **state)
{
	struct named a = {{.run = note}, 'a'}, b = {{.run = note}, 'b'}, c = {{.run = note}, 'c'};
	struct loop *l = *state;

	loop_advance(l, mono_ms(10));
	timer_near(&a.timer, l, mono_s(2), mono_ms(100));
	loop_advance(l, mono_ms(80));
	timer_near(&b.timer, l, mono_s(2), mono_ms(100));
	loop_advance(l, mono_ms(10));
	timer_near(&c.timer, l, mono_s(2), mono_ms(100));
	loop_advance(l, mono_ms(1899));
	assert_string_equal(ran, "");
	loop_advance(l, mono_ms(1));
	assert_string_equal(ran, "ab");
	loop_advance(l, mono_ms(100));
	assert_string_equal(ran, "abc");
}

static void
test_stop_and_rearm(void **state)
{
	struct named many[50];
	struct loop *l = *state;

	for (int i = 0; i < 50; i++) {
		many[i] = (struct named){{.run = note}, (char)('A' + i % 26)};
		timer_in(&many[i].timer, l, mono_s((i * 37) % 50 + 1));
	}
	for (int i = 0; i < 50; i++)
		if (i != 7 && i != 9)
			timer_stop(&many[i].timer);
	timer_stop(&many[0].timer);		/* a stopped one is fine */
	timer_in(&many[9].timer, l, mono_s(1));	/* re-arm: H was due after 10 s */
	loop_advance(l, mono_s(60));
	assert_string_equal(ran, "JH");
}

struct stopper {
	struct watch watch;
	struct watch *victim;
	unsigned int events;
	int runs;
};

static void
on_ready(struct watch *w, unsigned int events)
{
	struct stopper *s = container_of(w, struct stopper, watch);

	s->events = events;
	s->runs++;
	if (s->victim != NULL)
		watch_stop(s->victim);
}

static void
test_watch(void **state)
{
	struct stopper s = {.watch.run = on_ready};
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(watch_start(&s.watch, *state, fds[0], LOOP_READ), 0);
	loop_once(*state, 0);
	assert_int_equal(s.runs, 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	loop_once(*state, 0);
	assert_int_equal(s.runs, 1);
	assert_int_equal(s.events, LOOP_READ);
	watch_want(&s.watch, 0);
	loop_once(*state, 0);
	assert_int_equal(s.runs, 1);
	close(fds[1]);
	loop_once(*state, 0);
	assert_true(s.events & LOOP_HANGUP);
	watch_stop(&s.watch);
	watch_stop(&s.watch);
	close(fds[0]);
}

/* Whoever runs first stops the other, whose event was already fetched. */
static void
test_stop_within_a_round(void **state)
{
	struct stopper a = {.watch.run = on_ready}, b = {.watch.run = on_ready};
	int one[2], two[2];

	a.victim = &b.watch;
	b.victim = &a.watch;
	assert_int_equal(pipe(one) | pipe(two), 0);
	assert_int_equal(watch_start(&a.watch, *state, one[0], LOOP_READ), 0);
	assert_int_equal(watch_start(&b.watch, *state, two[0], LOOP_READ), 0);
	assert_int_equal(write(one[1], "x", 1) + write(two[1], "x", 1), 2);
	loop_once(*state, 0);
	assert_int_equal(a.runs + b.runs, 1);
	watch_stop(&a.watch);
	watch_stop(&b.watch);
	for (int i = 0; i < 2; i++) {
		close(one[i]);
		close(two[i]);
	}
}

static void
on_usr1(struct loop *l, int signo)
{
	loop_stop(l, signo);
}

static void
test_signal_ends_the_loop(void **state)
{
	struct loop *l = loop_new();

	(void)state;
	assert_non_null(l);
	assert_int_equal(loop_on_signal(l, SIGUSR1, on_usr1), 0);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_int_equal(loop_run(l), SIGUSR1);
	loop_free(l);
}

/* A timer that is always due must not keep descriptors from being served. */
static void
at_once(struct timer *t)
{
	note(t);
	timer_in(t, the_loop, mono_us(0));
}

/* A process waits in single rounds for what its parent hands over; the signal that ends it
 * may come meanwhile. */
static void
test_stop_before_the_run(void **state)
{
	struct loop *l = *state;

	loop_stop(l, 3);
	assert_int_equal(loop_run(l), 3);
}

static void
test_zero_delay_does_not_starve(void **state)
{
	struct named a = {{.run = at_once}, 'a'};

	the_loop = *state;
	timer_in(&a.timer, the_loop, mono_us(0));
	loop_once(the_loop, 0);
	assert_string_equal(ran, "a");
	loop_once(the_loop, 0);
	assert_string_equal(ran, "aa");
	timer_stop(&a.timer);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, gone)
	const struct CMUnitTest tests[] = {
		TEST(test_timers_run_in_order),
		TEST(test_an_hour_in_one_step),
		TEST(test_near),
		TEST(test_stop_and_rearm),
		TEST(test_watch),
		TEST(test_stop_within_a_round),
		TEST(test_zero_delay_does_not_starve),
		cmocka_unit_test(test_signal_ends_the_loop),
		TEST(test_stop_before_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
