/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "protect.h"

/* More than the headers of all pieces of a super-packet come to: of IP, of TCP and GRE's. */
#define SLACK (SEGMENT_MAX * 256u)

/* Near its end it is asked packet by packet whether it may be used. */
static bool
far_from_end(const struct sa *sa, size_t len)
{
	uint64_t hard_bytes = stat_get(&sa->hard_bytes);

	return (hard_bytes == 0 || sa->kept->out_bytes + len + SLACK < hard_bytes) &&
	    (sa->esn || sa->kept->out_seq < UINT32_MAX - SEGMENT_MAX);
}

bool
run_fits(struct run *r, uint8_t version, size_t len)
{
	const struct sa *sa = r->sa;

	r->next_header = r->gre != NULL ? ESP_NEXT_GRE : version == 4 ? ESP_NEXT_IPV4 : ESP_NEXT_IPV6;
	return sa != NULL && sa->worker == r->w->id && sa->encap && r->w->wire.udp_segment &&
	    !esp_key_batches(sa->out) && (r->gre == NULL || sa->mode != MODE_TUNNEL) &&
	    far_from_end(sa, len) && protect_may_send(r->w, sa, r->next_header) == DROP_NOT;
}

static void
piece_put(void *arg, uint8_t *p, size_t len)
{
	struct run *r = arg;
	size_t payload = r->gre_len + len, sealed = esp_key_sealed(r->sa->out, payload);
	uint8_t *to = wire_run_room(&r->w->wire, &r->to, r->tunnel, sealed);
	enum profile_stage was;
	enum drop why;

	_Static_assert(ESP_TRAILER_MAX <= SEGMENT_BEHIND, "the trailer goes behind the piece");
	p -= r->gre_len;
	if (r->gre != NULL)
		gre_write(p, r->gre);
	was = profile_enter(&r->w->profile, PROFILE_SEAL);
	why = protect_seal_to(r->sa, p, payload, to, r->next_header);
	profile_enter(&r->w->profile, was);
	if (why != DROP_NOT) {
		r->lost++;
		count_drop(&r->w->counters, why, len);
		return;
	}
	wire_run_add(&r->w->wire, sealed);
	r->count++;
	r->bytes += len;
}

bool
run_send(struct run *r, const struct vnet *v, uint8_t *p, size_t len)
{
	const struct peer_path *path = shared_get(&r->peer->path);

	r->to.kind = WIRE_UDP;
	r->to.local = path->local;
	r->to.remote = path->remote;
	r->to.remote_port = path->remote_port;
	r->gre_len = r->gre == NULL ? 0 : gre_len(r->gre->has_key);
	if (!segment_cut_in_place(v, p, len, piece_put, r))
		return false;
	protect_count(r->w, r->peer, r->sa, r->count, r->bytes + r->count * r->gre_len);
	if (r->lost > 0)
		protect_count_errors(r->peer, r->sa, r->lost);
	return true;
}
