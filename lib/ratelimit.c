/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ratelimit.h"

bool
ratelimit_take(struct ratelimit *r, mono_t now)
{
	mono_t room = mono_us(r->interval.us * ((int64_t)r->burst - 1));

	if (mono_before(r->full_at, now))
		r->full_at = now;
	if (mono_before(room, mono_sub(r->full_at, now))) {
		r->refused++;
		return false;
	}
	r->full_at = mono_add(r->full_at, r->interval);
	return true;
}
