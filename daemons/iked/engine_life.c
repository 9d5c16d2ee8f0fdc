/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine_life.h"

#include <utlist.h>

#include "child.h"
#include "ike_sa.h"
#include "ikev1.h"
#include "ikev2_sa.h"
#include "kept.h"
#include "kept.h"
#include "peer.h"
#include "spi_recovery.h"

static void
reap_due(struct timer *t)
{
	engine_reap(container_of(t, struct ike_engine, reap_timer));
}

void
engine_init(struct ike_engine *e, struct loop *l, const struct ike_ops *ops, void *user,
    struct kept *kept)
{
	*e = (struct ike_engine){
	    .loop = l, .ops = ops, .user = user, .kept = kept,
	    .next_conn = 1001, .next_txn = 1, .next_session = 1,
	    .reap_timer = {.run = reap_due},
	    .stranger_log = RATELIMIT(10000, 5), .peer_log = RATELIMIT(1000, 50),
	    .clear_packets = RATELIMIT(6000, 10),	/* at most 20 in any minute */
	    .stranger_answers = RATELIMIT(200, 10),
	    .crash_answers = RATELIMIT(5, 200), .crash_hints = RATELIMIT(10, 100),
	    .aggressive_offers = RATELIMIT(10, 200),
	    /* Together at most 100 lines in any minute. */
	    .stranger_spis = RATELIMIT(2000, 20), .known_spis = RATELIMIT(2000, 20),
	};
	kept_restore(e);
}

void
engine_reap(struct ike_engine *e)
{
	struct ike_quick *q;
	struct ikev2_sa *sa2;
	struct ike_sa *sa;

	while ((q = e->dead_quicks) != NULL) {
		e->dead_quicks = q->next;
		ikev1_quick_free(q);
	}
	while ((sa = e->dead_sas) != NULL) {
		e->dead_sas = sa->next_dead;
		sa_free(sa);
	}
	while ((sa2 = e->dead_sas2) != NULL) {
		e->dead_sas2 = sa2->next_dead;
		ikev2_sa_free(sa2);
	}
}

static void
forget_children(struct ike_peer *p)
{
	struct ike_child *c, *tmp;

	DL_FOREACH_SAFE (p->children, c, tmp) {
		timer_stop(&c->stage_timer);
		timer_stop(&c->life_timer);
		HASH_DEL(p->engine->children, c);
		child_free(c);
	}
}

/* Memory only: what is kept stays kept, espd and the peers hear nothing. */
void
engine_free(struct ike_engine *e)
{
	struct ike_sa *sa, *tmp;
	struct ike_peer *p, *tmp2;
	struct ikev2_sa *sa2, *tmp3;
	struct ike_quick *q, *next;

	diagnose_free(&e->diagnose);
	HASH_ITER (hh, e->sas, sa, tmp) {
		DL_FOREACH_SAFE (sa->quicks, q, next)
			ikev1_quick_end(q);
		sa->keep_slot = KEEP_NONE;
		sa_remove(sa);
	}
	HASH_ITER (hh, e->sas2, sa2, tmp3) {
		kept_leave_sa2(sa2);
		ikev2_sa_remove(sa2);
	}
	engine_reap(e);
	timer_stop(&e->reap_timer);
	HASH_ITER (hh, e->peers, p, tmp2) {
		forget_children(p);
		timer_stop(&p->retry_timer);
		between_leave_peer(p);
		HASH_DEL(e->peers, p);
		peer_free(p);
	}
	spi_recovery_free(e);
	conf_clear(&e->conf);
}
