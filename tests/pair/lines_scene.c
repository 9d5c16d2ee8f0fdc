/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGES_MAX = 4000 };

const char *const lines_nets_a[LINES] = {"10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24",
    "10.1.3.0/24", "10.1.4.0/24", "10.1.5.0/24", "10.1.6.0/24", "10.1.7.0/24"};
const char *const lines_nets_b[LINES] = {"10.2.0.0/24", "10.2.1.0/24", "10.2.2.0/24",
    "10.2.3.0/24", "10.2.4.0/24", "10.2.5.0/24", "10.2.6.0/24", "10.2.7.0/24"};

/* --- what was on the wire --- */

static struct lines_message seen[MESSAGES_MAX];
unsigned int lines_messages;
bool lines_changed;
unsigned int lines_repeated;

struct lines_message *
lines_note(struct pair *p, const struct flight *f)
{
	struct lines_message s = {.to_a = f->to == &p->a, .answer = pair_is_answer(f),
	    .msgid = pair_msgid_of(f), .len = f->len};
	unsigned int i;

	if (f->len > sizeof(s.b) || lines_messages == MESSAGES_MAX)
		abort();
	memcpy(s.spis, f->b, sizeof(s.spis));
	memcpy(s.b, f->b, f->len);
	for (i = 0; i < lines_messages; i++) {
		if (seen[i].to_a != s.to_a || seen[i].answer != s.answer ||
		    seen[i].msgid != s.msgid || memcmp(seen[i].spis, s.spis, sizeof(s.spis)) != 0)
			continue;
		lines_repeated += s.answer;
		lines_changed |= seen[i].len != s.len || memcmp(seen[i].b, s.b, s.len) != 0;
		return &seen[i];
	}
	seen[lines_messages] = s;
	return &seen[lines_messages++];
}

unsigned int
lines_requests_to(bool to_a)
{
	unsigned int i, n = 0;

	for (i = 0; i < lines_messages; i++)
		n += seen[i].to_a == to_a && !seen[i].answer;
	return n;
}

void
lines_forget(void)
{
	lines_messages = lines_repeated = 0;
	lines_changed = false;
}

bool
lines_watch(struct pair *p, const struct flight *f)
{
	lines_note(p, f);
	return true;
}

bool
lines_lose_answers(struct pair *p, const struct flight *f)
{
	lines_note(p, f);
	return !pair_is_answer(f);
}

/* --- two routers with so many lines --- */

static struct cmap_line
line(unsigned int i, bool of_a)
{
	return (struct cmap_line){.seq = 10 + i, .local = of_a ? lines_nets_a[i] : lines_nets_b[i],
	    .remote = of_a ? lines_nets_b[i] : lines_nets_a[i]};
}

struct ike_peer *
lines_peer(struct pair_side *s, unsigned int i)
{
	char name[64];

	snprintf(name, sizeof(name), "M 10 %u@wan0", 10 + i);
	return peer_of_line(&s->e, name);
}

void
lines_want(struct pair_side *s, unsigned int i)
{
	struct ike_peer *p = lines_peer(s, i);

	assert_non_null(p);
	engine_sa_want(&s->e, p->ref);
}

void
lines_init(struct pair *p, uint8_t window_a, uint8_t window_b)
{
	unsigned int i;

	pair_init2(p, "k", "k");
	p->a.e.conf.v2.global.window = window_a;
	p->b.e.conf.v2.global.window = window_b;
	for (i = 0; i < LINES; i++) {
		struct cmap_line a = line(i, true), b = line(i, false);

		cmap_both(p, &a, &b);
	}
	lines_want(&p->a, 0);
	pair_pass(p, 3000);
	cmap_check_flow(p, lines_nets_a[0], lines_nets_b[0]);
	lines_forget();
	p->filter = lines_watch;
}

struct ikev2_sa *
lines_sa(struct pair_side *s)
{
	struct ikev2_sa *sa = pair_only_ikev2_sa(s);

	assert_non_null(sa);
	return sa;
}

void
lines_settled(struct pair *p, unsigned int lines)
{
	struct ikev2_sa *a = lines_sa(&p->a), *b = lines_sa(&p->b);
	unsigned int i;

	assert_memory_equal(a->spi_i, b->spi_i, IKE_SPI_LEN);
	assert_memory_equal(a->spi_r, b->spi_r, IKE_SPI_LEN);
	for (i = 0; i < lines; i++)
		cmap_check_flow(p, lines_nets_a[i], lines_nets_b[i]);
	assert_int_equal(pair_children(&p->a), lines);
	assert_int_equal(pair_children(&p->b), lines);
	assert_true(window_is_idle(&a->window) && window_is_idle(&b->window));
	assert_null(a->tasks);
	assert_null(b->tasks);
	assert_null(a->negos);
	assert_null(b->negos);
	assert_int_equal(a->window.next_out, b->window.next_in);
	assert_int_equal(b->window.next_out, a->window.next_in);
	assert_int_equal(p->a.e.counter[IKE_PEER_DEAD] + p->b.e.counter[IKE_PEER_DEAD], 0);
	assert_int_equal(p->a.e.counter[IKE_DROP_WINDOW] + p->b.e.counter[IKE_DROP_WINDOW], 0);
	assert_false(lines_changed);
}
