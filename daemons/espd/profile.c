/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "profile.h"

#include <string.h>

#include "log.h"

void
profile_switch(struct profile *p, enum profile_stage to)
{
	uint64_t now = profile_clock();

	p->cycles[p->stage] += now - p->at;
	p->at = now;
	p->stage = to;
}

void
profile_begin(struct profile *p, const struct work *work)
{
	p->on = (stat_get(&log_debug_mask) & 1ull << LOG_DEBUG_PROFILE) != 0;
	if (!p->on)
		return;
	memset(p->cycles, 0, sizeof(p->cycles));
	p->stage = PROFILE_FORWARD;
	p->sent = work->wire_sent_packets;
	p->received = work->wire_received_packets;
	p->at = profile_clock();
}

void
profile_end(struct profile *p, struct work *work)
{
	if (!p->on)
		return;
	profile_switch(p, PROFILE_FORWARD);
#define X(id, counter) stat_add(&work->counter, p->cycles[PROFILE_##id]);
	PROFILE_STAGES(X)
#undef X
	stat_add(&work->profiled_sent, work->wire_sent_packets - p->sent);
	stat_add(&work->profiled_received, work->wire_received_packets - p->received);
	p->on = false;
}
