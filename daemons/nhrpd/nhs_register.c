/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhs_register.h"

#include <string.h>
#include <utlist.h>

#include "log.h"
#include "nhrp_ext.h"
#include "nhs_cluster.h"
#include "protect.h"

#define RETRY_LAST_S 64
#define TIRED_AFTER 3		/* unanswered requests, then the server counts as down */

static void
arm(struct nhrp_nhs *s, int64_t seconds)
{
	timer_in(&s->timer, s->ifp->nhrp->loop, mono_s(seconds));
	s->r.due_us = mono_in_us(s->timer.due);
}

static void
disarm(struct nhrp_nhs *s)
{
	timer_stop(&s->timer);
	s->r.due_us = 0;
}

/* --- the request --- */

static void
request_fill(struct nhrp_packet *p, const struct nhrp_nhs *s)
{
	const struct nhrp_if *ifp = s->ifp;
	struct nhrp_cie cie = {.prefix_len = (uint8_t)(8 * addr_bytes(nhrp_if_address(ifp))),
	    .mtu = ifp->conf.mtu, .hold_s = (uint16_t)ifp->conf.holdtime_s};
	struct nhrp_cie server = {.nbma = s->r.nbma, .proto = s->r.nhs};

	nhrp_packet_from_us(p, ifp, NHRP_REGISTRATION_REQUEST, &s->r.nhs);
	p->request_id = s->r.request_id;
	p->flags = NHRP_CISCO_NAT | (ifp->conf.unique ? NHRP_REG_UNIQUE : 0);
	p->cies[p->cie_count++] = cie;
	/* Who is asked, as we call it: the server appends what a NAT makes of us. */
	nhrp_ext_append(nhrp_ext_find(p, NHRP_EXT_NAT), &server);
}

static void
send_request(struct nhrp_nhs *s)
{
	struct nhrp_packet p;

	request_fill(&p, s);
	s->r.requests++;
	s->r.tries++;
	nhrp_send(s->ifp, &p, &s->r.nbma, s->peer->r.peer_ref);
	arm(s, s->r.retry_s);
	if (s->r.retry_s < RETRY_LAST_S)
		s->r.retry_s *= 2;
}

/* --- what the log says --- */

static void
log_up(const struct nhrp_nhs *s)
{
	log_event(LOG_SEV_NOTICE, "DMVPN", "NHRP_NHS_UP",
	    "%s: Next Hop Server : (Tunnel: %s NBMA: %s) for (Tunnel: %s NBMA: %s) is  UP",
	    s->ifp->conf.name, ADDR_STR(&s->r.nhs), ADDR_STR(&s->r.nbma),
	    ADDR_STR(nhrp_if_address(s->ifp)), ADDR_STR(&s->ifp->conf.local));
}

static void
log_down(const struct nhrp_nhs *s, const char *reason)
{
	if (s->ifp->nhrp->closing)
		return;
	log_event(LOG_SEV_NOTICE, "DMVPN", "NHRP_NHS_DOWN",
	    "%s: Next Hop Server : (Tunnel: %s NBMA: %s ) for (Tunnel: %s NBMA: %s) is DOWN, "
	    "Reason: %s",
	    s->ifp->conf.name, ADDR_STR(&s->r.nhs), ADDR_STR(&s->r.nbma),
	    ADDR_STR(nhrp_if_address(s->ifp)), ADDR_STR(&s->ifp->conf.local), reason);
}

/* --- what happens on the way from state to state --- */

static void
do_nothing(struct nhrp_nhs *s)
{
	(void)s;
}

static void
do_stop(struct nhrp_nhs *s)
{
	disarm(s);
}

static void
do_register(struct nhrp_nhs *s)
{
	s->r.request_id = nhrp_next_request_id(s->ifp->nhrp);
	s->r.retry_s = 1;
	s->r.tries = 0;
	send_request(s);
}

static void
do_repeat(struct nhrp_nhs *s)
{
	s->r.failed++;
	send_request(s);
}

static int64_t
refresh_s(const struct nhrp_if *ifp)
{
	uint32_t s = ifp->conf.register_s != 0 ? ifp->conf.register_s : ifp->conf.holdtime_s / 3;

	return s == 0 ? 1 : s;
}

static void
do_answered(struct nhrp_nhs *s)
{
	arm(s, refresh_s(s->ifp));
}

static void
do_came_up(struct nhrp_nhs *s)
{
	do_answered(s);
	log_up(s);
}

static void
do_lost_session(struct nhrp_nhs *s)
{
	disarm(s);
	log_down(s, "External(NHRP: no error)");
}

static void
do_stopped(struct nhrp_nhs *s)
{
	disarm(s);
	log_down(s, nhs_cluster_uses(s) ? "administratively prohibited" :
	    "External(NHRP: no error)");
}

static void
do_tired(struct nhrp_nhs *s)
{
	log_down(s, "NHRP Registration Failure");
}

static void
do_refused(struct nhrp_nhs *s)
{
	/* Repeated in the same rhythm as if nobody had answered. */
	s->r.failed++;
}

static void
do_refused_late(struct nhrp_nhs *s)
{
	do_refused(s);
	log_down(s, "NHRP Registration Failure");
}

/* --- the machine --- */

static const struct nhs_step {
	const char *story;
	void (*run)(struct nhrp_nhs *s);
	enum nhs_state to;
} steps[NHS_STATES][NHS_EVENTS] = {
	[NHS_IDLE] = {
		[NHS_GO]           = {"waits for the session", do_nothing, NHS_WAIT},
	},
	[NHS_WAIT] = {
		[NHS_SESSION_UP]   = {"registers", do_register, NHS_TRY},
		[NHS_STOP]         = {"stops", do_stop, NHS_IDLE},
	},
	[NHS_TRY] = {
		[NHS_REPLY]        = {"is registered", do_came_up, NHS_UP},
		[NHS_REFUSED]      = {"was refused", do_refused, NHS_TRY},
		[NHS_TIMEOUT]      = {"repeats its request", do_repeat, NHS_TRY},
		[NHS_SESSION_DOWN] = {"lost the session", do_stop, NHS_WAIT},
		[NHS_STOP]         = {"stops", do_stop, NHS_IDLE},
	},
	[NHS_UP] = {
		[NHS_TIMEOUT]      = {"registers again", do_register, NHS_LATE},
		[NHS_SESSION_DOWN] = {"lost the session", do_lost_session, NHS_WAIT},
		[NHS_STOP]         = {"stops", do_stopped, NHS_IDLE},
	},
	[NHS_LATE] = {
		[NHS_REPLY]        = {"is registered still", do_answered, NHS_UP},
		[NHS_REFUSED]      = {"was refused", do_refused_late, NHS_TRY},
		[NHS_TIMEOUT]      = {"repeats its request", do_repeat, NHS_LATE},
		[NHS_TIRED]        = {"gets no answer", do_tired, NHS_TRY},
		[NHS_SESSION_DOWN] = {"lost the session", do_lost_session, NHS_WAIT},
		[NHS_STOP]         = {"stops", do_stopped, NHS_IDLE},
	},
};

static void
event(struct nhrp_nhs *s, enum nhs_event ev)
{
	const struct nhs_step *step = &steps[s->r.state][ev];
	bool answered = nhs_is_responding(s);

	if (step->run == NULL)
		return;
	log_debug(LOG_DEBUG_NHRP, "NHRP", "%s: client of NHS %s %s", s->ifp->conf.name,
	    ADDR_STR(&s->r.nhs), step->story);
	s->r.state = (uint8_t)step->to;
	step->run(s);
	nhs_keep(s);
	if (nhs_is_responding(s) != answered || ev == NHS_REFUSED)
		nhs_cluster_heard(s, nhs_is_responding(s));
	nhs_route_changed(s->ifp);
}

static void
timed_out(struct timer *t)
{
	struct nhrp_nhs *s = container_of(t, struct nhrp_nhs, timer);

	if (s->r.state == NHS_LATE && s->r.tries == TIRED_AFTER)
		event(s, NHS_TIRED);
	event(s, NHS_TIMEOUT);
}

/* --- beginning and end --- */

void
nhs_register_init(struct nhrp_nhs *s)
{
	s->timer.run = timed_out;
}

void
nhs_register_go(struct nhrp_nhs *s)
{
	if (!nhrp_if_ready(s->ifp) || !addr_is_set(&s->r.nbma))
		return;
	if (s->peer == NULL)
		s->peer = protect_want(s->ifp, &s->r.nbma, true);
	if (s->peer == NULL)
		return;
	event(s, NHS_GO);
	if (protect_is_up(s->peer))
		event(s, NHS_SESSION_UP);
}

void
nhs_register_stop(struct nhrp_nhs *s)
{
	event(s, NHS_STOP);
	disarm(s);
	protect_release(s->peer);
	s->peer = NULL;
}

void
nhs_register_session(struct nhrp_nhs *s)
{
	event(s, protect_is_up(s->peer) ? NHS_SESSION_UP : NHS_SESSION_DOWN);
}

void
nhs_register_line_up(struct nhrp_nhs *s)
{
	if (s->r.state != NHS_TRY)
		return;
	s->r.retry_s = 1;
	send_request(s);
	nhs_keep(s);
}

void
nhs_register_restore(struct nhrp_nhs *s)
{
	if (s->r.state != NHS_IDLE)
		s->peer = protect_want(s->ifp, &s->r.nbma, true);
	if (s->r.due_us != 0)
		timer_at(&s->timer, s->ifp->nhrp->loop, mono_us(s->r.due_us));
}

/* --- what the server says --- */

static void
learn_public_nbma(struct nhrp_if *ifp, struct nhrp_packet *p)
{
	const struct nhrp_cie *nat =
	    nhrp_ext_entry(nhrp_ext_find(p, NHRP_EXT_NAT), nhrp_if_address(ifp));

	memset(&ifp->public_nbma, 0, sizeof(ifp->public_nbma));
	if (nat != NULL && !addr_eq(&nat->nbma, &ifp->conf.local))
		ifp->public_nbma = nat->nbma;
}

static void
refused(struct nhrp_nhs *s, unsigned int code)
{
	if (ratelimit_take(&s->ifp->nhrp->log_limit, nhrp_now(s->ifp->nhrp)))
		log_event(LOG_SEV_ERR, "DMVPN", "DMVPN_NHRP_ERROR",
		    " %s: Registration refused, Reason: %s (%u) on (Tunnel: %s NBMA: %s)",
		    s->ifp->conf.name,
		    code == NHRP_CODE_ALREADY_REGISTERED ? "unique address already registered" :
		    code == NHRP_CODE_NO_RESOURCES ? "insufficient resources" :
		    "administratively prohibited", code, ADDR_STR(nhrp_if_address(s->ifp)),
		    ADDR_STR(&s->r.nbma));
	event(s, NHS_REFUSED);
}

void
nhs_reply(struct nhrp_rx *rx)
{
	struct nhrp_nhs *s;
	unsigned int code;

	DL_FOREACH(rx->ifp->nhs, s)
		if (s->r.request_id == rx->p.request_id &&
		    (s->r.state == NHS_TRY || s->r.state == NHS_LATE))
			break;
	if (s == NULL) {
		/* The second answer to a repeated request is no surprise. */
		DL_FOREACH(rx->ifp->nhs, s)
			if (s->r.request_id == rx->p.request_id)
				return;
		nhrp_dropped(rx->ifp, NHRP_DROP_UNSOLICITED);
		return;
	}
	s->r.replies++;
	s->r.last_reply_us = mono_in_us(nhrp_now(rx->ifp->nhrp));
	code = rx->p.cie_count > 0 ? rx->p.cies[0].code : (unsigned int)NHRP_CODE_OK;
	if (code != NHRP_CODE_OK) {
		refused(s, code);
		return;
	}
	learn_public_nbma(rx->ifp, &rx->p);
	nhrp_if_keep(rx->ifp);
	event(s, NHS_REPLY);
}

void
nhs_error(struct nhrp_if *ifp, uint32_t request_id, unsigned int code)
{
	struct nhrp_nhs *s;

	(void)code;
	DL_FOREACH(ifp->nhs, s)
		if (s->r.request_id == request_id && s->r.state == NHS_TRY)
			event(s, NHS_REFUSED);
}
