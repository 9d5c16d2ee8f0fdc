/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

#define WEIGHT 0.016529	/* 1 - exp(-5 s / 300 s) */

static struct rate *
get(struct rates *r, const char *ifname)
{
	struct rate *x;

	HASH_FIND_STR(r->all, ifname, x);
	if (x != NULL)
		return x;
	x = calloc(1, sizeof(*x));
	if (x == NULL)
		log_fatal("out of memory");
	snprintf(x->ifname, sizeof(x->ifname), "%s", ifname);
	HASH_ADD_STR(r->all, ifname, x);
	return x;
}

static void
average(double *rate, uint64_t now, uint64_t before, double unit)
{
	double sample = now >= before ? (double)(now - before) * unit / RATES_SAMPLE_S : 0;

	*rate += (sample - *rate) * WEIGHT;
}

void
rates_sample(struct rates *r, const struct kernel *k, mono_t now)
{
	size_t i;

	for (i = 0; i < k->links; i++) {
		const struct kernel_link *l = &k->link[i];
		struct rate *x = get(r, l->name);

		if (!x->seen || x->last.index != l->index) {
			/* A new device of that name counts from nothing. */
			if (x->seen)
				memset(&x->zero, 0, sizeof(x->zero));
			x->seen = true;
			x->last = *l;
			x->last_in = l->rx_packets != 0 ? now : mono_us(0);
			x->last_out = l->tx_packets != 0 ? now : mono_us(0);
			continue;
		}
		if (l->rx_packets != x->last.rx_packets)
			x->last_in = now;
		if (l->tx_packets != x->last.tx_packets)
			x->last_out = now;
		average(&x->in_bps, l->rx_bytes, x->last.rx_bytes, 8);
		average(&x->in_pps, l->rx_packets, x->last.rx_packets, 1);
		average(&x->out_bps, l->tx_bytes, x->last.tx_bytes, 8);
		average(&x->out_pps, l->tx_packets, x->last.tx_packets, 1);
		x->last = *l;
	}
}

const struct rate *
rates_find(const struct rates *r, const char *ifname)
{
	struct rate *x;

	HASH_FIND_STR(r->all, ifname, x);
	return x;
}

void
rates_clear_counters(struct rates *r, const struct kernel *k, mono_t now)
{
	size_t i;

	for (i = 0; i < k->links; i++) {
		struct rate *x = get(r, k->link[i].name);

		x->zero = k->link[i];
		x->cleared = now;
	}
}

void
rates_free(struct rates *r)
{
	struct rate *x, *next;

	HASH_ITER(hh, r->all, x, next) {
		HASH_DEL(r->all, x);
		free(x);
	}
}
