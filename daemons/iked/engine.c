/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine.h"

const char *const ike_counter_texts[IKE_COUNTER_COUNT] = {
#define X(id, text) text,
	IKE_COUNTERS(X)
#undef X
};

void
engine_reap_soon(struct ike_engine *e)
{
	timer_in(&e->reap_timer, e->loop, mono_us(0));
}

mono_t
engine_now(const struct ike_engine *e)
{
	return loop_now(e->loop);
}

void
engine_count(struct ike_engine *e, enum ike_counter what)
{
	e->counter[what]++;
}
