/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "retransmit.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"

enum { FIRST_DELAY_S = 1, LONGEST_DELAY_S = 16 };

void
retransmit_store(struct retransmit *r, struct slice datagram)
{
	uint8_t *copy = calloc(1, datagram.len);

	if (copy == NULL)
		log_fatal("out of memory for a message");
	memcpy(copy, datagram.p, datagram.len);
	timer_stop(&r->timer);
	free(r->datagram);
	r->datagram = copy;
	r->len = datagram.len;
}

static mono_t
delay(const struct retransmit *r)
{
	unsigned int s = r->tries < 5 ? (unsigned int)FIRST_DELAY_S << r->tries : LONGEST_DELAY_S;

	if (r->every_s != 0)
		return mono_s(r->every_s);
	return mono_s(s < LONGEST_DELAY_S ? s : LONGEST_DELAY_S);
}

static void
retransmit_due(struct timer *t)
{
	struct retransmit *r = container_of(t, struct retransmit, timer);

	if (r->tries >= r->most) {
		r->give_up(r);
		return;
	}
	r->tries++;
	timer_in(t, r->loop, delay(r));
	r->send(r);
}

void
retransmit_start(struct retransmit *r, struct loop *l, unsigned int most)
{
	r->loop = l;
	r->tries = 0;
	r->most = most;
	r->every_s = 0;
	r->timer.run = retransmit_due;
	timer_in(&r->timer, l, delay(r));
}

void
retransmit_every(struct retransmit *r, unsigned int s)
{
	r->every_s = s;
	timer_in(&r->timer, r->loop, delay(r));
}

void
retransmit_stop(struct retransmit *r)
{
	timer_stop(&r->timer);
}

bool
retransmit_repeat(struct retransmit *r, mono_t now)
{
	if (r->datagram == NULL || !ratelimit_take(&r->repeats, now))
		return false;
	r->send(r);
	return true;
}

void
retransmit_free(struct retransmit *r)
{
	timer_stop(&r->timer);
	free(r->datagram);
	r->datagram = NULL;
}
