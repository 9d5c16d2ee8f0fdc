/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "natt.h"

#include "log.h"
#include "payload.h"

/* HASH = hash(CKY-I | CKY-R | IP | Port), RFC 3947 3.2 */
static void
nat_d(const struct ike_sa *sa, const struct addr *a, uint16_t port, uint8_t *out)
{
	uint8_t p[] = {(uint8_t)(port >> 8), (uint8_t)port};
	struct slice in[] = {{sa->cky_i, IKE_COOKIE_LEN}, {sa->cky_r, IKE_COOKIE_LEN},
	    {a->b, addr_bytes(a)}, {p, sizeof(p)}};

	hash_all(sa->p1.hash, in, 4, out);
}

bool
natt_force(const struct ike_engine *e, bool likes)
{
	return e->conf.v1.global.udp == IPC_UDP_FORCE ||
	    (e->conf.v1.global.udp == IPC_UDP_CULVERTS && likes);
}

void
natt_write_d(struct ike_sa *sa, struct ike_build *b)
{
	uint8_t h[HASH_LEN_MAX], type = natt_is_draft(sa) ? PAYLOAD_NAT_D_DRAFT : PAYLOAD_NAT_D;
	bool force = natt_force(sa->engine, (sa->vendors & VENDOR_CULVERT_UDP) != 0);

	nat_d(sa, &sa->path.remote, sa->path.remote_port, h);
	ike_build_put(b, type, slice_of(h, hash_len(sa->p1.hash)));
	nat_d(sa, &sa->path.local, force ? 0 : sa->path.local_port, h);
	sa->forced |= force;
	ike_build_put(b, type, slice_of(h, hash_len(sa->p1.hash)));
}

/* The first names us as the peer sees us; the others are all of the peer's own addresses. */
void
natt_read_d(struct ike_sa *sa, const struct ike_msg *m)
{
	uint8_t ours[HASH_LEN_MAX], theirs[HASH_LEN_MAX], false_one[HASH_LEN_MAX];
	struct slice want_ours = {ours, hash_len(sa->p1.hash)};
	struct slice want_theirs = {theirs, hash_len(sa->p1.hash)};
	struct slice want_false = {false_one, hash_len(sa->p1.hash)};
	const struct ike_payload *p = ike_msg_find(m, PAYLOAD_NAT_D, 0);
	unsigned int i;

	if (p == NULL || ike_msg_find(m, PAYLOAD_NAT_D, 1) == NULL) {
		sa->natt = false;
		return;
	}
	nat_d(sa, &m->path.local, m->path.local_port, ours);
	nat_d(sa, &m->path.remote, m->path.remote_port, theirs);
	nat_d(sa, &m->path.remote, 0, false_one);
	sa->nat_local = !slice_eq(p->body, want_ours);
	sa->nat_remote = true;
	for (i = 1; (p = ike_msg_find(m, PAYLOAD_NAT_D, i)) != NULL; i++) {
		sa->forced |= slice_eq(p->body, want_false);
		if (slice_eq(p->body, want_theirs) || slice_eq(p->body, want_false))
			sa->nat_remote = false;
	}
	sa_debug(sa, "%s", sa->nat_local ? "NAT found, this node inside NAT" :
	    sa->nat_remote ? "NAT found, peer is inside NAT" :
	    sa->forced ? "No NAT found for self or peer, UDP encapsulation is forced" :
	    "No NAT found for self or peer");
}

bool
natt_is_draft(const struct ike_sa *sa)
{
	return (sa->vendors & VENDOR_NATT) == 0 && (sa->vendors & VENDOR_NATT_DRAFT) != 0;
}

bool
natt_between(const struct ike_sa *sa)
{
	return sa->natt && (sa->nat_local || sa->nat_remote || sa->forced);
}

void
natt_float(struct ike_sa *sa)
{
	sa->path.local_port = IKE_NATT_PORT;
	sa->path.remote_port = IKE_NATT_PORT;
}

bool
natt_may_float(const struct ike_engine *e, unsigned int version, const struct ike_path *from,
    const struct ike_path *to, bool nat_remote)
{
	return to->local_port == IKE_NATT_PORT && addr_eq(&to->local, &from->local) &&
	    (addr_eq(&to->remote, &from->remote) ||
	    (nat_remote && conf_answers(&e->conf, version, &to->local, &to->remote)));
}

static void
keepalive_due(struct timer *t)
{
	struct ike_sa *sa = container_of(t, struct ike_sa, keepalive_timer);
	struct ike_engine *e = sa->engine;

	e->ops->send(e->user, &sa->path, (struct slice){NULL, 0});
	natt_keepalive_start(sa);
}

void
natt_keepalive_start(struct ike_sa *sa)
{
	unsigned int s = sa->engine->conf.global.natt_keepalive_s;

	sa->keepalive_timer.run = keepalive_due;
	if (sa->nat_local && natt_between(sa) && !sa->replaced && s != 0)
		timer_in(&sa->keepalive_timer, sa->engine->loop, mono_s(s));
}
