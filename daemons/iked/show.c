/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows for show commands.  The cursor is the number of rows already given:
 * tables change between two rounds, and a row missed or seen twice then is no
 * harm.
 */
#include "iked.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "dpd.h"
#include "ike_sa.h"
#include "ikev2_sa.h"
#include "peer.h"
#include "payload.h"
#include "show_ikev2.h"
#include "spi_recovery.h"

struct rows {			/* one round of an answer */
	struct ipc_conn *c;
	const struct ipc_msg *to;
	uint64_t skip, at;
	bool full;
};

static void
row(struct rows *r, enum ipc_type type, const void *body)
{
	if (r->full || r->at++ < r->skip)
		return;
	ipc_reply(r->c, r->to, type, body);
	r->full = ipc_queued(r->c) > IPC_SHOW_BYTES;
}

static uint32_t
left_s(const struct ike_engine *e, mono_t end)
{
	int64_t us = end.us - engine_now(e).us;

	return us < 0 ? 0 : (uint32_t)(us / 1000000);
}

/* --- show crypto isakmp sa --- */

static void
name_tunnel(struct ike_engine *e, const struct ike_sa *sa, struct ipc_row_ike_sa *out)
{
	struct ike_peer *p, *tmp;
	const struct conf_protection *prot;

	HASH_ITER (hh, e->peers, p, tmp)
		if (peer_uses_sa(p, sa)) {
			out->peer_ref = p->ref;
			snprintf(out->protection, sizeof(out->protection), "%s", p->protection);
			prot = conf_protection_find(&e->conf, p->protection);
			if (prot != NULL)
				snprintf(out->tunnel, sizeof(out->tunnel), "%s", prot->tunnel);
			return;
		}
}

static void
ike_sa_row(struct rows *r, struct ike_sa *sa)
{
	struct ipc_row_ike_sa out = {
	    .conn_id = sa->conn_id, .version = 1,
	    .local = sa->path.local, .remote = sa->path.remote,
	    .local_port = sa->path.local_port, .remote_port = sa->path.remote_port,
	    .state = sa_ipc_state(sa), .deleted = sa->replaced, .initiator = sa->initiator,
	    .cipher = sa->p1.cipher, .key_bits = sa->p1.key_bits, .hash = sa->p1.hash,
	    .group = sa->p1.group, .auth = sa->p1.auth,
	    .life_left_s = sa->established ? left_s(sa->engine, sa->dies_at) : 0,
	    .dpd = (sa->vendors & VENDOR_DPD) != 0 && dpd_settings(sa->engine, sa).interval_s != 0,
	    .natt = sa->natt && (sa->nat_local || sa->nat_remote),
	    .since_us = sa->established ? (uint64_t)sa->established_at.us : 0,
	};

	if (sa->peer_id != NULL)
		ident_str(IDENT_OF(sa->peer_id), out.identity);
	name_tunnel(sa->engine, sa, &out);
	row(r, IPC_MSG_ROW_IKE_SA, &out);
}

static void
show_ike_sas(struct ike_engine *e, const struct ipc_show *what, struct rows *r)
{
	struct ike_sa *sa, *tmp;

	HASH_ITER (hh, e->sas, sa, tmp)
		if (!addr_is_set(&what->address) || addr_eq(&what->address, &sa->path.remote))
			ike_sa_row(r, sa);
}

/* --- flows: pairs of ESP SAs --- */

static void
flow_of_peer(struct ike_peer *p, const struct conf_protection *prot, struct ipc_row_flow *out)
{
	struct proxy local, remote;

	*out = (struct ipc_row_flow){
	    .peer_ref = p->ref, .local = p->path.local, .remote = p->path.remote,
	    .local_port = p->path.local_port, .remote_port = p->path.remote_port,
	    .encap = p->encap, .state = p->status, .since_us = (uint64_t)p->up_since.us,
	};
	snprintf(out->protection, sizeof(out->protection), "%s", p->protection);
	if (prot == NULL)
		return;
	snprintf(out->tunnel, sizeof(out->tunnel), "%s", prot->tunnel);
	snprintf(out->profile, sizeof(out->profile), "%s", prot->profile);
	out->ike_version = prot->ikev2_profile[0] != '\0' ? 2 : 1;
	peer_proxies(p, &local, &remote);
	out->ts_local = local.net;
	out->ts_remote = remote.net;
	out->ts_proto = local.proto;
	out->ts_local_port = local.port;
	out->ts_remote_port = remote.port;
}

static void
flow_of_child(struct ike_child *c, struct ipc_row_flow *out)
{
	out->ts_local = c->sa.ts_local;
	out->ts_remote = c->sa.ts_remote;
	out->ts_proto = c->sa.ts_proto;
	out->ts_local_port = c->sa.ts_local_port;
	out->ts_remote_port = c->sa.ts_remote_port;
	out->spi_in = c->sa.spi;
	out->spi_out = c->sa.peer_spi;
	out->current = c->peer->current == c;
	out->mode = c->sa.mode;
	out->encap = c->sa.encap;
	out->cipher = c->sa.cipher;
	out->key_bits = c->sa.key_bits;
	out->integ = c->sa.integ;
	out->pfs_group = c->pfs_group;
	out->life_left_s = left_s(c->peer->engine, c->dies_at);
	out->life_kb = c->life_kb;
	out->replay_window = c->sa.replay_window;
	out->conn_id = c->conn_id;
}

static void
show_flows(struct ike_engine *e, const struct ipc_show *what, struct rows *r)
{
	struct ike_peer *p, *tmp;
	struct ike_child *c;

	HASH_ITER (hh, e->peers, p, tmp) {
		const struct conf_protection *prot = conf_protection_find(&e->conf, p->protection);
		struct ipc_row_flow out;

		if (addr_is_set(&what->address) && !addr_eq(&what->address, &p->path.remote))
			continue;
		if (what->name[0] != '\0' && (prot == NULL || strcmp(prot->tunnel, what->name) != 0))
			continue;
		flow_of_peer(p, prot, &out);
		if (p->children == NULL)
			row(r, IPC_MSG_ROW_FLOW, &out);
		DL_FOREACH (p->children, c) {
			flow_of_child(c, &out);
			row(r, IPC_MSG_ROW_FLOW, &out);
		}
	}
}

/* --- show crypto isakmp policy --- */

static void
show_ike_policies(struct ike_engine *e, struct rows *r)
{
	const struct conf_policy *p;

	DL_FOREACH (e->conf.policies, p) {
		struct ipc_ike_policy out = {
		    .priority = p->priority, .cipher = p->want.cipher,
		    .key_bits = p->want.key_bits, .hash = p->want.hash,
		    .group = p->want.group, .life_s = p->want.life_s, .auth = p->want.auth,
		};

		row(r, IPC_MSG_ROW_IKE_POLICY, &out);
	}
}

/* --- show crypto ikev2 sa, session --- */

static void
show_ikev2_sas(struct ike_engine *e, const struct ipc_show *what, struct rows *r)
{
	struct ipc_row_ikev2_sa out;
	struct ikev2_sa *sa, *tmp;

	HASH_ITER (hh, e->sas2, sa, tmp) {
		if (addr_is_set(&what->address) && !addr_eq(&what->address, &sa->path.remote))
			continue;
		show_ikev2_row(sa, &out);
		row(r, IPC_MSG_ROW_IKEV2_SA, &out);
	}
}

/* --- show crypto ikev2 proposal, policy, profile, and the limits of its stats --- */

static void
show_ikev2_conf(const struct ike_conf2 *c, struct rows *r)
{
	const struct conf_proposal2 *proposal;
	const struct conf_policy2 *policy;
	const struct conf_profile2 *profile;
	const struct conf_match2 *match;

	row(r, IPC_MSG_ROW_IKEV2_GLOBAL, &c->global);
	DL_FOREACH (c->proposals, proposal)
		row(r, IPC_MSG_ROW_IKEV2_PROPOSAL, &proposal->set);
	DL_FOREACH (c->policies, policy)
		row(r, IPC_MSG_ROW_IKEV2_POLICY, &policy->set);
	DL_FOREACH (c->profiles, profile)
		row(r, IPC_MSG_ROW_IKEV2_PROFILE, &profile->set);
	DL_FOREACH (c->matches, match)
		row(r, IPC_MSG_ROW_IKEV2_MATCH, &match->set);
}

static void
show_spi_flows(struct ike_engine *e, const struct ipc_show *what, struct rows *r)
{
	const struct spi_flow *f, *tmp;

	HASH_ITER (hh, e->spi_flows, f, tmp) {
		struct ipc_row_spi_flow out;

		if (addr_is_set(&what->address) && !addr_eq(&what->address, &f->key.src))
			continue;
		spi_flow_row(e, f, &out);
		row(r, IPC_MSG_ROW_SPI_FLOW, &out);
	}
}

static void
show_admission(struct ike_engine *e, struct rows *r)
{
	struct ipc_row_admission out;

	admission_row(e, &out);
	row(r, IPC_MSG_ROW_ADMISSION, &out);
}

static void
show_ikev2_errors(struct ike_engine *e, struct rows *r)
{
	const struct diagnose_entry *d;
	struct ipc_row_ikev2_errors head;

	diagnose_head(e, &head);
	row(r, IPC_MSG_ROW_IKEV2_ERRORS, &head);
	DL_FOREACH(e->diagnose.entries, d) {
		struct ipc_row_ikev2_error out = {.count = d->count};

		snprintf(out.text, sizeof(out.text), "%s", d->text);
		row(r, IPC_MSG_ROW_IKEV2_ERROR, &out);
	}
}

static void
show_counters(struct ike_engine *e, struct rows *r)
{
	unsigned int i;

	for (i = 0; i < IKE_COUNTER_COUNT; i++) {
		struct ipc_row_counter out = {.scope = "iked", .value = e->counter[i]};

		snprintf(out.name, sizeof(out.name), "%s", ike_counter_texts[i]);
		row(r, IPC_MSG_ROW_COUNTER, &out);
	}
}

void
show_message(struct iked *k, struct ipc_conn *c, struct ipc_msg *m)
{
	const struct ipc_show *what = &m->body->show;
	struct rows r = {.c = c, .to = m, .skip = what->cursor};
	struct ipc_show_end end = {0};

	switch (what->what) {
	case SHOW_IKE_SA:
		show_ike_sas(&k->engine, what, &r);
		break;
	case SHOW_IKE_POLICIES:
		show_ike_policies(&k->engine, &r);
		break;
	case SHOW_IKEV2_SA:
		show_ikev2_sas(&k->engine, what, &r);
		break;
	case SHOW_IKEV2_CONF:
		show_ikev2_conf(&k->engine.conf.v2, &r);
		break;
	case SHOW_FLOWS:
		show_flows(&k->engine, what, &r);
		break;
	case SHOW_SPI_FLOWS:
		show_spi_flows(&k->engine, what, &r);
		break;
	case SHOW_ADMISSION:
		show_admission(&k->engine, &r);
		break;
	case SHOW_IKEV2_ERRORS:
		show_ikev2_errors(&k->engine, &r);
		break;
	case SHOW_COUNTERS:
		show_counters(&k->engine, &r);
		break;
	default:
		break;
	}
	end.cursor = r.full ? r.at : 0;
	ipc_reply(c, m, IPC_MSG_SHOW_END, &end);
}
