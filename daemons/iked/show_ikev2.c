/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show_ikev2.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "ikev2_sa.h"
#include "peer.h"

static uint64_t
spi_number(const uint8_t spi[IKE_SPI_LEN])
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < IKE_SPI_LEN; i++)
		n = n << 8 | spi[i];
	return n;
}

/* Of one of its pairs: which tunnel it is for. */
static void
name_tunnel(const struct ikev2_sa *sa, struct ipc_row_ikev2_sa *out)
{
	const struct ike_child *c;
	const struct conf_protection *prot;

	for (c = sa->children; c != NULL; c = c->ike_next)
		out->children++;
	if (sa->children == NULL)
		return;
	snprintf(out->protection, sizeof(out->protection), "%s", sa->children->peer->protection);
	prot = conf_protection_find(&sa->engine->conf, out->protection);
	if (prot != NULL)
		snprintf(out->tunnel, sizeof(out->tunnel), "%s", prot->tunnel);
}

static void
put_agreed(const struct ikev2_sa *sa, struct ipc_row_ikev2_sa *out)
{
	out->cipher = sa->agreed.cipher;
	out->key_bits = sa->agreed.key_bits;
	out->integ = sa->agreed.integ;
	out->prf = sa->agreed.prf;
	out->group = sa->agreed.group;
	out->auth_sign = sa->auth_sign;
	out->auth_verify = sa->auth_verify;
}

void
show_ikev2_row(const struct ikev2_sa *sa, struct ipc_row_ikev2_sa *out)
{
	const struct conf_profile2 *p = ikev2_profile_of(sa);
	struct ikev2_dpd dpd = ikev2_dpd_of(sa);
	const struct ikev2_task *t;

	*out = (struct ipc_row_ikev2_sa){
	    .conn_id = sa->conn_id, .session_id = sa->session_id,
	    .local = sa->path.local, .remote = sa->path.remote,
	    .local_port = sa->path.local_port, .remote_port = sa->path.remote_port,
	    .state = ikev2_ipc_state(sa), .initiator = sa->initiator,
	    .life_s = p != NULL ? p->set.life_s : 0,
	    .local_spi = spi_number(sa->ours),
	    .remote_spi = spi_number(sa->initiator ? sa->spi_r : sa->spi_i),
	    .local_asked = window_oldest(&sa->window), .local_msgid = sa->window.next_out,
	    .remote_asked = window_first_in(&sa->window), .remote_msgid = sa->window.top_in,
	    .local_window = sa->window.local, .remote_window = sa->window.remote,
	    .dpd_s = dpd.interval_s, .dpd_retry_s = dpd.retry_s, .dpd_periodic = dpd.periodic,
	    .heard_us = (uint64_t)sa->heard_at.us,
	    .nat_local = sa->natt && sa->nat_local, .nat_remote = sa->natt && sa->nat_remote,
	    .fragmentation = sa->fragments,
	};
	put_agreed(sa, out);
	if (ikev2_sa_is_up(sa))
		out->active_s = (uint32_t)((engine_now(sa->engine).us - sa->established_at.us) / 1000000);
	DL_FOREACH (sa->tasks, t)
		out->local_queued++;
	if (sa->id != NULL)
		ident_str(IDENT_OF(sa->id), out->local_id);
	if (sa->peer_id != NULL)
		ident_str(IDENT_OF(sa->peer_id), out->remote_id);
	snprintf(out->profile, sizeof(out->profile), "%s", sa->profile);
	name_tunnel(sa, out);
}
