/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "admission.h"

#include <utlist.h>

#include "child.h"
#include "engine.h"
#include "ike_sa.h"
#include "ikev2_nego.h"
#include "log.h"
#include "peer.h"

enum { HALF_OPEN_MAX_1 = 512, HALF_OPEN_MAX_2 = 2048, HALF_OPEN_PEER_MAX = 32 };

const char *
admission_why(enum admission a)
{
	static const char *const why[] = {
		[ADMITTED] = "admitted",
		[ADMISSION_SAS] = "there are as many IKE SAs as may be",
		[ADMISSION_HALF_OPEN] = "too many negotiations are half open",
		[ADMISSION_SHARE] = "too many negotiations with that address are half open",
	};

	return why[a];
}

/* --- how many there are --- */

/* What is half open is counted until it is freed, a little longer than the table has it. */
static unsigned int
up(unsigned int in_table, unsigned int half_open)
{
	return in_table > half_open ? in_table - half_open : 0;
}

static unsigned int
up1(const struct ike_engine *e)
{
	return up(HASH_COUNT(e->sas), e->half_open + e->half_open_ours);
}

static unsigned int
up2(const struct ike_engine *e)
{
	return up(HASH_COUNT(e->sas2), e->half_open2 + e->half_open2_ours);
}

/* New requests are counted against limits; who is here already is not a new one. */
static bool
has_sa_between(const struct ike_engine *e, const struct addr *local, const struct addr *remote)
{
	const struct ikev2_sa *sa2, *tmp2;
	const struct ike_sa *sa, *tmp;

	DL_FOREACH_SAFE2 (sas_between(e, local, remote), sa, tmp, at_next)
		if (sa->established)
			return true;
	DL_FOREACH_SAFE2 (sas2_between(e, local, remote), sa2, tmp2, at_next)
		if (sa2->init == NULL && !sa2->half_open)
			return true;
	return false;
}

/* --- the limits --- */

static bool
reached(uint32_t limit, unsigned int n)
{
	return limit != 0 && n >= limit;
}

static unsigned int
half_open_max2(const struct ike_engine *e)
{
	uint32_t configured = e->conf.v2.global.max_negotiating;

	return configured != 0 ? configured : HALF_OPEN_MAX_2;
}

static bool
version_is_full(const struct ike_engine *e, unsigned int version)
{
	return version == 1 ? e->half_open >= HALF_OPEN_MAX_1 : e->half_open2 >= half_open_max2(e);
}

enum admission
admission_of_offer(struct ike_engine *e, unsigned int version, const struct ike_path *path)
{
	const struct ipc_admission *limit = &e->admission.limit;
	unsigned int ours = e->half_open_ours + e->half_open2_ours;
	unsigned int half_open = e->half_open + e->half_open2 + ours;

	if (version == 2 && reached(e->conf.v2.global.max_sas, HASH_COUNT(e->sas2)))
		return ADMISSION_SAS;
	if (reached(limit->ike_sas, up1(e) + up2(e) + ours) &&
	    !has_sa_between(e, &path->local, &path->remote))
		return ADMISSION_SAS;
	/* Of its version: forged first messages of IKEv1 come without cookies. */
	if ((version == 1 ? sa_half_open_with(e, &path->remote) :
	    ikev2_half_open_with(e, &path->remote)) >= HALF_OPEN_PEER_MAX)
		return ADMISSION_SHARE;
	if (version_is_full(e, version) || reached(limit->in_negotiation, half_open))
		return ADMISSION_HALF_OPEN;
	return ADMITTED;
}

static bool
count(struct admission_state *s, enum admission a, uint64_t *accepted, uint64_t *rejected)
{
	(*(a == ADMITTED ? accepted : rejected))++;
	s->by_sas += a == ADMISSION_SAS;
	s->by_negotiating += a == ADMISSION_HALF_OPEN || a == ADMISSION_SHARE;
	return a == ADMITTED;
}

bool
admission_answer(struct ike_engine *e, enum admission a)
{
	return count(&e->admission, a, &e->admission.in_accepted, &e->admission.in_rejected);
}

bool
admission_begin(struct ike_engine *e, unsigned int version, const struct addr *local,
    const struct addr *remote)
{
	const struct ipc_admission *limit = &e->admission.limit;
	unsigned int ours = e->half_open_ours + e->half_open2_ours;
	enum admission a = ADMITTED;

	if (reached(limit->ike_sas, up1(e) + up2(e) + ours) && !has_sa_between(e, local, remote))
		a = ADMISSION_SAS;
	else if (reached(limit->in_negotiation, ours))
		a = ADMISSION_HALF_OPEN;
	else if (version == 2 && reached(e->conf.v2.global.max_negotiating_ours, e->half_open2_ours))
		a = ADMISSION_HALF_OPEN;
	if (a != ADMITTED && ratelimit_take(&e->stranger_log, engine_now(e)))
		log_warn("no IKE SA is begun with %s: %s (crypto call admission limit%s)",
		    ADDR_STR(remote), admission_why(a), version == 2 ? ", crypto ikev2 limit" : "");
	return count(&e->admission, a, &e->admission.out_accepted, &e->admission.out_rejected);
}

void
admission_pair(struct ike_engine *e, bool initiator)
{
	(*(initiator ? &e->admission.pairs_out : &e->admission.pairs_in))++;
}

/* --- show crypto call admission statistics, show crypto eli --- */

static void
count_pairs(struct ike_engine *e, struct ipc_row_admission *out)
{
	const struct ikev2_sa *sa2, *tmp2;
	const struct ike_peer *p, *tmp3;
	const struct ike_sa *sa, *tmp;
	const struct ike_quick *q;
	const struct ike_child *c;

	HASH_ITER (hh, e->peers, p, tmp3)
		DL_FOREACH (p->children, c)
			out->pairs++;
	HASH_ITER (hh, e->sas, sa, tmp)
		DL_FOREACH (sa->quicks, q)
			out->pairs_negotiating += !q->over;
	HASH_ITER (hh, e->sas2, sa2, tmp2)
		out->pairs_negotiating += ikev2_negos_count(sa2);
}

void
admission_row(struct ike_engine *e, struct ipc_row_admission *out)
{
	const struct admission_state *s = &e->admission;

	*out = (struct ipc_row_admission){
	    .max_sas = s->limit.ike_sas,
	    .max_negotiating = s->limit.in_negotiation != 0 ? s->limit.in_negotiation :
		HALF_OPEN_MAX_1 + half_open_max2(e),
	    .active1 = up1(e), .active2 = up2(e),
	    .negotiating1 = e->half_open + e->half_open_ours,
	    .negotiating2 = e->half_open2 + e->half_open2_ours,
	    .in_accepted = s->in_accepted, .in_rejected = s->in_rejected,
	    .out_accepted = s->out_accepted, .out_rejected = s->out_rejected,
	    .by_sas = s->by_sas, .by_negotiating = s->by_negotiating,
	    .pairs_in = s->pairs_in, .pairs_in_rejected = s->pairs_in_rejected,
	    .pairs_out = s->pairs_out,
	    .created1 = e->counter[IKE_MAIN_DONE], .failed1 = e->counter[IKE_MAIN_FAILED],
	    .created2 = e->counter[IKE_V2_DONE], .failed2 = e->counter[IKE_V2_FAILED],
	    .ended2 = e->counter[IKE_V2_ENDED],
	    .pairs_created = e->counter[IKE_QUICK_DONE] + e->counter[IKE_V2_CHILD_DONE],
	    .pairs_failed = e->counter[IKE_QUICK_FAILED] + e->counter[IKE_V2_CHILD_FAILED],
	};
	count_pairs(e, out);
}

void
admission_clear(struct ike_engine *e)
{
	e->admission = (struct admission_state){.limit = e->admission.limit};
}
