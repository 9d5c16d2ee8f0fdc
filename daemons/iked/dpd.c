/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpd.h"

#include <string.h>

#include "ikev1.h"
#include "kept.h"
#include "log.h"
#include "payload.h"

enum { RETRY_DEFAULT_S = 2 };

static void
dpd_send(struct ike_sa *sa, uint16_t type, uint32_t seq)
{
	uint8_t spi[2 * IKE_COOKIE_LEN];
	uint8_t data[] = {(uint8_t)(seq >> 24), (uint8_t)(seq >> 16), (uint8_t)(seq >> 8),
	    (uint8_t)seq};

	memcpy(spi, sa->cky_i, IKE_COOKIE_LEN);
	memcpy(spi + IKE_COOKIE_LEN, sa->cky_r, IKE_COOKIE_LEN);
	ikev1_send_notify(sa, PROTO_ISAKMP, type, slice_of(spi, sizeof(spi)),
	    slice_of(data, sizeof(data)));
}

struct dpd_settings
dpd_settings(const struct ike_engine *e, const struct ike_sa *sa)
{
	const struct ipc_ike_global *g = &e->conf.global;
	const struct conf_profile1 *p = sa == NULL ? NULL : conf1_profile(&e->conf.v1, sa->profile);

	if (p != NULL && p->set.has_dpd)
		return (struct dpd_settings){p->set.dpd_s, p->set.dpd_retry_s, p->set.dpd_periodic};
	return (struct dpd_settings){g->dpd_s, g->dpd_retry_s, g->dpd_periodic};
}

static mono_t
retry_interval(const struct ike_sa *sa)
{
	unsigned int s = dpd_settings(sa->engine, sa).retry_s;

	return mono_s(s != 0 ? s : RETRY_DEFAULT_S);
}

static void
probe_due(struct timer *t)
{
	struct ike_sa *sa = container_of(t, struct ike_sa, dpd.timer);

	if (sa->dpd.running && sa->dpd.unanswered >= DPD_TRIES) {
		sa_dead(sa, "it does not answer DPD");
		return;
	}
	if (!sa->dpd.running) {
		sa->dpd.running = true;
		sa->dpd.unanswered = 0;
	}
	/* RFC 3706 5.4: a new number each time; the answer to any of them will do. */
	sa->dpd.seq_out++;
	sa->dpd.unanswered++;
	kept_save_sa(sa);
	timer_in(&sa->dpd.timer, sa->engine->loop, retry_interval(sa));
	dpd_send(sa, NOTIFY_R_U_THERE, sa->dpd.seq_out);
}

static void
dpd_next(struct ike_sa *sa)
{
	struct dpd_settings s = dpd_settings(sa->engine, sa);

	sa->dpd.running = false;
	timer_stop(&sa->dpd.timer);
	if ((sa->vendors & VENDOR_DPD) == 0 || s.interval_s == 0 || !s.periodic)
		return;
	timer_in(&sa->dpd.timer, sa->engine->loop, mono_s(s.interval_s));
}

void
dpd_start(struct ike_sa *sa)
{
	sa->dpd.timer.run = probe_due;
	if (sa->dpd.seq_out == 0)
		sa->dpd.seq_out = random_u32() >> 1;	/* RFC 3706 6.2: random, top bit clear */
	dpd_next(sa);
}

void
dpd_stop(struct ike_sa *sa)
{
	sa->dpd.running = false;
	timer_stop(&sa->dpd.timer);
}

void
dpd_probe(struct ike_sa *sa)
{
	if ((sa->vendors & VENDOR_DPD) == 0 || sa->dpd.running)
		return;
	probe_due(&sa->dpd.timer);
}

void
dpd_asked(struct ike_sa *sa, const struct ike_path *path, uint32_t seq)
{
	int32_t ahead = (int32_t)(seq - sa->dpd.seq_in);

	/* A number seen before is a replay, but a peer that started anew may begin anywhere:
	 * it says so with a new SA, so within one SA numbers only rise (RFC 3706 6.2).  The
	 * last one again is a peer that missed our answer. */
	if (sa->dpd.seq_in != 0 && ahead < 0) {
		sa_debug(sa, "DPD/R_U_THERE with an old number");
		return;
	}
	if (sa->dpd.seq_in == 0 || ahead > 0)
		sa_moved(sa, path);
	sa->dpd.seq_in = seq;
	kept_save_sa(sa);
	dpd_send(sa, NOTIFY_R_U_THERE_ACK, seq);
}

void
dpd_answered(struct ike_sa *sa, const struct ike_path *path, uint32_t seq)
{
	uint32_t first = sa->dpd.seq_out - sa->dpd.unanswered + 1;

	if (!sa->dpd.running || seq - first > sa->dpd.seq_out - first)
		return;
	sa_moved(sa, path);
	dpd_next(sa);
}
