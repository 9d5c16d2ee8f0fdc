/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev2_nego.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "log.h"
#include "payload2.h"
#include "proxies.h"

enum { SPI_MIN = 256 };

/* --- its life --- */

static struct ikev2_nego *
nego_new(struct ikev2_sa *sa, bool initiator)
{
	struct ikev2_nego *n = calloc(1, sizeof(*n));

	if (n == NULL)
		log_fatal("out of memory for a negotiation");
	n->sa = sa;
	n->initiator = initiator;
	DL_APPEND(sa->negos, n);
	admission_pair(sa->engine, initiator);
	return n;
}

struct ikev2_nego *
ikev2_nego_ask(struct ikev2_ask *a)
{
	struct ikev2_nego *n = nego_new(a->sa, true);

	n->ask = a;
	a->nego = n;
	return n;
}

struct ikev2_nego *
ikev2_nego_reply(struct ikev2_sa *sa, uint32_t msgid)
{
	struct ikev2_nego *n = nego_new(sa, false);

	n->reply = window_reply(&sa->window, msgid);
	return n;
}

void
ikev2_nego_end(struct ikev2_nego *n)
{
	struct ikev2_sa *sa = n->sa;
	struct ipc_spi_only release = {.spi = n->spi};

	DL_DELETE(sa->negos, n);
	if (n->ask != NULL)
		n->ask->nego = NULL;
	spi_wait_stop(sa->engine, &n->wait);
	if (n->spi != 0)
		sa->engine->ops->espd(sa->engine->user, IPC_MSG_SPI_RELEASE, &release);
	dh_free(n->dh);
	wipe(n, sizeof(*n));
	free(n);
}

static void
reserved(struct spi_wait *w, uint32_t spi)
{
	struct ikev2_nego *n = container_of(w, struct ikev2_nego, wait);
	struct ikev2_sa *sa = n->sa;

	n->spi = spi;
	n->ready(n);
	ikev2_task_next(sa);
	engine_reap_soon(sa->engine);
}

void
ikev2_nego_reserve(struct ikev2_nego *n, void (*ready)(struct ikev2_nego *n))
{
	n->ready = ready;
	n->wait.got = reserved;
	n->wait.peer_ref = n->peer->ref;
	spi_wait_start(n->sa->engine, &n->wait);
}

/* --- what is protected --- */

static struct ts
ts_of(const struct proxy *p)
{
	return (struct ts){.net = p->net, .proto = p->proto, .port = p->port};
}

static struct proxy
proxy_of(const struct ts *t)
{
	return (struct proxy){.net = t->net, .proto = t->proto, .port = t->port};
}

/* n->local and n->remote are known. */
static bool
load_profile(struct ikev2_nego *n, const struct conf_protection *prot)
{
	const struct conf_profile *prof = conf_profile_by_name(&n->sa->engine->conf, prot->profile);
	struct proxy local = proxy_of(&n->local), remote = proxy_of(&n->remote);
	bool transport = proxies_allow_transport(prot, &n->sa->path, &local, &remote);
	unsigned int i;

	if (prof == NULL || prof->count == 0)
		return false;
	n->wants = prof->count;
	memcpy(n->want, prof->want, prof->count * sizeof(n->want[0]));
	for (i = 0; i < prof->count && !transport; i++)
		n->want[i].mode = MODE_TUNNEL;
	n->mode = n->want[0].mode;
	return true;
}

/*
 * A host behind a NAT names its own, private address (RFC 7296 2.23.1): the
 * wire's is what counts, and the answer repeats what was said.
 */
static bool
side_fits(const struct ts_list *l, const struct ts *want, bool any_host, struct ts *out)
{
	unsigned int i;

	if (ts_narrow(l, want, out))
		return true;
	for (i = 0; any_host && ts_is_host(want) && i < l->count; i++)
		if (ts_is_host(&l->list[i]) && l->list[i].net.addr.family == want->net.addr.family &&
		    (l->list[i].proto == 0 || l->list[i].proto == want->proto)) {
			*out = l->list[i];
			out->proto = want->proto;
			return true;
		}
	return false;
}

/*
 * What both lists have of what is wanted, for one protocol.  `exactly`: all of
 * it, since what a line of a crypto map protects never goes out in clear.
 */
static bool
both_fit(const struct ts_list *local, const struct ts_list *remote, const struct ts want[2],
    const bool any_host[2], bool exactly, struct ts out[2])
{
	struct ts there = want[1];

	if (!side_fits(local, &want[0], any_host[0], &out[0]))
		return false;
	if (there.proto == 0)
		there.proto = out[0].proto;
	if (!side_fits(remote, &there, any_host[1], &out[1]))
		return false;
	out[0].proto = out[1].proto;
	return !exactly || (ts_eq(&out[0], &want[0]) && ts_eq(&out[1], &want[1]));
}

static bool
protection_fits(const struct ikev2_nego *n, const struct conf_protection *prot,
    const struct ts_list *local, const struct ts_list *remote, struct ts out[2])
{
	const struct ikev2_sa *sa = n->sa;
	bool ends = prot->kind == TUNNEL_GRE || prot->kind == TUNNEL_MGRE;
	bool any_host[] = {ends && sa->nat_local, ends && sa->nat_remote};
	struct proxy here, there;

	if (n->peer != NULL && n->peer->brings != NULL)
		peer_proxies(n->peer, &here, &there);
	else
		protection_proxies(prot, &sa->path, &here, &there);
	return both_fit(local, remote, (struct ts[]){ts_of(&here), ts_of(&there)}, any_host,
	    prot->kind == TUNNEL_CMAP && (!prot->dynamic || n->peer != NULL), out);
}

/* All that it wants, and not a part: a VTI's all would take a GRE tunnel's hosts for its own. */
static bool
is_whole(const struct ikev2_nego *n, const struct conf_protection *prot, const struct ts got[2])
{
	struct proxy here, there;

	protection_proxies(prot, &n->sa->path, &here, &there);
	return got[0].net.len == here.net.len && got[0].proto == here.proto &&
	    got[1].net.len == there.net.len && got[1].proto == there.proto;
}

/* The one that is rekeyed; else the best under this IKE profile of those that are offered whole. */
static const struct conf_protection *
protection_for(struct ikev2_nego *n, const struct ts_list *local, const struct ts_list *remote)
{
	const struct ikev2_sa *sa = n->sa;
	const struct conf_protection *it, *best = NULL;
	bool whole, best_whole = false;
	struct ts got[2];

	DL_FOREACH (sa->engine->conf.protections, it) {
		if (n->peer != NULL ? strcmp(it->name, n->peer->protection) != 0 :
		    strcmp(it->ikev2_profile, sa->profile) != 0 ||
		    !conf_protection_admits(it, &sa->path.local, &sa->path.remote))
			continue;
		if (!protection_fits(n, it, local, remote, got))
			continue;
		whole = is_whole(n, it, got);
		if (best != NULL && (whole != best_whole ? best_whole : !protection_is_better(it, best)))
			continue;
		best = it;
		best_whole = whole;
		n->local = got[0];
		n->remote = got[1];
	}
	return best;
}

/* --- parts of both directions --- */

static void
write_selectors(const struct ikev2_nego *n, struct ikev2_build *b)
{
	ts_write(ikev2_build_payload(b, PAYLOAD2_TSI), n->initiator ? &n->local : &n->remote);
	ts_write(ikev2_build_payload(b, PAYLOAD2_TSR), n->initiator ? &n->remote : &n->local);
}

static const char *
read_selectors(const struct ikev2_nego *n, const struct ikev2_msg *m, struct ts_list *local,
    struct ts_list *remote)
{
	const char *why = ts_read(ikev2_msg_body(m, PAYLOAD2_TSI), n->initiator ? local : remote);

	return why != NULL ? why :
	    ts_read(ikev2_msg_body(m, PAYLOAD2_TSR), n->initiator ? remote : local);
}

static uint32_t
spi_of(const struct offer2 *o)
{
	struct rbuf r;

	rbuf_init(&r, o->spi.p, o->spi.len);
	return rbuf_be32(&r);
}

static const char *
read_nonce(struct ike_nonce *n, const struct ikev2_msg *m)
{
	struct slice nonce;
	const char *why = nonce2_read(ikev2_msg_body(m, PAYLOAD2_NONCE), &nonce);

	if (why == NULL)
		nonce_set(n, nonce);
	return why;
}

/* --- as initiator --- */

bool
ikev2_nego_want(struct ikev2_nego *n, struct ike_peer *p)
{
	const struct conf_protection *prot = conf_protection_find(&p->engine->conf, p->protection);

	struct proxy local, remote;

	n->peer = p;
	if (prot == NULL)
		return false;
	/* Of a tunnel its ends, where the SA goes: the peer hears of them when the pair is there. */
	if (p->brings != NULL)
		peer_proxies(p, &local, &remote);
	else
		protection_proxies(prot, &n->sa->path, &local, &remote);
	n->local = ts_of(&local);
	n->remote = ts_of(&remote);
	if (!load_profile(n, prot))
		return false;
	if (n->with_ke)
		n->group = n->want[0].pfs_group != 0 ? n->want[0].pfs_group : n->sa->child_group;
	return true;
}

bool
ikev2_nego_offer(struct ikev2_nego *n, struct ikev2_build *b)
{
	prop2_esp_offer(ikev2_build_payload(b, PAYLOAD2_SA), n->want, n->wants, n->group, n->spi);
	if (n->with_ke) {
		nonce_new(&n->ni);
		ikev2_build_put(b, PAYLOAD2_NONCE, nonce_slice(&n->ni));
	}
	if (n->group != 0) {
		n->dh = dh_new(n->group);
		if (n->dh == NULL)
			return false;
		ke2_write(b, n->group, dh_public(n->dh));
	}
	write_selectors(n, b);
	if (n->mode == MODE_TRANSPORT)
		notify2_put(b, N2_USE_TRANSPORT_MODE);
	return true;
}

static bool
is_gone(const struct ikev2_nego *n)
{
	unsigned int i;

	for (i = 0; i < sizeof(n->gone) / sizeof(n->gone[0]); i++)
		if (n->gone[i] == n->peer_spi)
			return true;
	return false;
}

static const char *
take_answered_ke(struct ikev2_nego *n, const struct ikev2_msg *m)
{
	const char *why = read_nonce(&n->nr, m);
	uint16_t group;
	struct slice ke;

	if (why != NULL || n->group == 0)
		return why;
	why = ke2_read(ikev2_msg_body(m, PAYLOAD2_KE), &group, &ke);
	if (why == NULL && group != n->group)
		why = "KE is for another group than ours";
	return why != NULL ? why : dh_shared(n->dh, ke, &n->gxy);
}

static bool
take_answered_selectors(struct ikev2_nego *n, const struct ts_list *local,
    const struct ts_list *remote)
{
	const struct conf_protection *prot =
	    conf_protection_find(&n->sa->engine->conf, n->peer->protection);
	struct ts got[2];

	if (prot == NULL || !both_fit(local, remote, (struct ts[]){n->local, n->remote},
	    (bool[]){false, false}, prot->kind == TUNNEL_CMAP, got))
		return false;
	n->local = got[0];
	n->remote = got[1];
	return true;
}

const char *
ikev2_nego_take_answer(struct ikev2_nego *n, const struct ikev2_msg *m)
{
	struct ts_list local, remote;
	struct offers2 offers;
	const struct offer2 *chosen;
	const char *why = offers2_read(ikev2_msg_body(m, PAYLOAD2_SA), &offers);

	if (why == NULL)
		why = read_selectors(n, m, &local, &remote);
	if (why == NULL && n->with_ke)
		why = take_answered_ke(n, m);
	if (why != NULL)
		return why;
	chosen = prop2_esp_choose(&offers, n->want, n->wants, n->mode,
	    n->with_ke ? PFS_AS_WANTED : PFS_IGNORE, n->group, &n->agreed);
	if (chosen == NULL || !offers2_is_answer(&offers) ||
	    (n->with_ke && n->agreed.group != n->group))
		return "the answer is none of our proposals";
	n->peer_spi = spi_of(chosen);
	if (n->peer_spi < SPI_MIN)
		return "the peer's SPI is a reserved number";
	if (is_gone(n))
		return "the peer has deleted the pair meanwhile";
	if (notify2_has(m, N2_USE_TRANSPORT_MODE) != (n->mode == MODE_TRANSPORT))
		return "the peer does not want transport mode, or nothing else";
	return take_answered_selectors(n, &local, &remote) ? NULL :
	    "the answer's traffic selectors are not within ours, or only a part of them";
}

/* --- as responder --- */

/* Transport mode only where it is asked for and configured; tunnel mode else (RFC 7296 1.3.1). */
static const struct offer2 *
choose(struct ikev2_nego *n, const struct offers2 *offers, bool transport, unsigned int ke_group)
{
	enum prop2_pfs pfs = n->with_ke ? PFS_AS_WANTED : PFS_IGNORE;
	const struct offer2 *chosen = NULL;

	n->mode = MODE_TRANSPORT;
	if (transport)
		chosen = prop2_esp_choose(offers, n->want, n->wants, n->mode, pfs, ke_group, &n->agreed);
	if (chosen != NULL)
		return chosen;
	n->mode = MODE_TUNNEL;
	return prop2_esp_choose(offers, n->want, n->wants, n->mode, pfs, ke_group, &n->agreed);
}

static uint16_t
take_offered_ke(struct ikev2_nego *n, struct slice ke, uint16_t group)
{
	n->group = n->agreed.group;
	if (n->group == 0)
		return 0;
	if (group != n->group)
		return N2_INVALID_KE_PAYLOAD;
	n->dh = dh_new(n->group);
	return n->dh != NULL && dh_shared(n->dh, ke, &n->gxy) == NULL ? 0 : N2_INVALID_SYNTAX;
}

static struct ike_peer *
peer_of_offer(const struct ikev2_nego *n, const struct conf_protection *prot)
{
	const struct ikev2_sa *sa = n->sa;
	struct peer_end end = {&ikev2_version, &sa->path, sa->peer_id, sa->nat_remote,
	    ikev2_natt_between(sa)};
	struct proxy local = proxy_of(&n->local), remote = proxy_of(&n->remote);

	return peer_for_proxies(sa->engine, &end, prot, &local, &remote);
}

uint16_t
ikev2_nego_take_offer(struct ikev2_nego *n, const struct ikev2_msg *m)
{
	const struct conf_protection *prot;
	struct ts_list local, remote;
	const struct offer2 *chosen;
	struct offers2 offers;
	struct slice ke = {NULL, 0};
	uint16_t group = 0, refusal;

	if (offers2_read(ikev2_msg_body(m, PAYLOAD2_SA), &offers) != NULL ||
	    read_selectors(n, m, &local, &remote) != NULL ||
	    ((m->seen & P2(KE)) != 0 &&
	    ke2_read(ikev2_msg_body(m, PAYLOAD2_KE), &group, &ke) != NULL) ||
	    (n->with_ke && read_nonce(&n->ni, m) != NULL))
		return N2_INVALID_SYNTAX;
	prot = protection_for(n, &local, &remote);
	if (prot == NULL)
		return N2_TS_UNACCEPTABLE;
	if (!load_profile(n, prot))
		return N2_NO_PROPOSAL_CHOSEN;
	chosen = choose(n, &offers, notify2_has(m, N2_USE_TRANSPORT_MODE), group);
	if (chosen == NULL || (n->peer_spi = spi_of(chosen)) < SPI_MIN)
		return N2_NO_PROPOSAL_CHOSEN;
	refusal = n->with_ke ? take_offered_ke(n, ke, group) : 0;
	if (refusal != 0 || n->peer != NULL)
		return refusal;
	n->peer = peer_of_offer(n, prot);
	return n->peer != NULL ? 0 : N2_NO_ADDITIONAL_SAS;
}

void
ikev2_nego_answer(struct ikev2_nego *n, struct ikev2_build *b)
{
	uint8_t spi[] = {(uint8_t)(n->spi >> 24), (uint8_t)(n->spi >> 16), (uint8_t)(n->spi >> 8),
	    (uint8_t)n->spi};

	prop2_answer(ikev2_build_payload(b, PAYLOAD2_SA), &n->agreed, PROTO_ESP,
	    slice_of(spi, sizeof(spi)));
	if (n->with_ke) {
		nonce_new(&n->nr);
		ikev2_build_put(b, PAYLOAD2_NONCE, nonce_slice(&n->nr));
	}
	if (n->dh != NULL)
		ke2_write(b, n->group, dh_public(n->dh));
	write_selectors(n, b);
	if (n->mode == MODE_TRANSPORT)
		notify2_put(b, N2_USE_TRANSPORT_MODE);
}

/* --- the pair --- */

/* In transport mode ESP carries what goes between the ends on the wire. */
static struct prefix
selector(const struct ikev2_nego *n, const struct ts *t, const struct addr *on_wire)
{
	return n->mode == MODE_TRANSPORT ? ts_host(on_wire, 0).net : t->net;
}

struct ike_child *
ikev2_nego_child(struct ikev2_nego *n, struct slice ni, struct slice nr)
{
	struct ikev2_sa *sa = n->sa;
	struct p2_transform got = n->want[n->agreed.row];
	const struct conf_protection *prot =
	    conf_protection_find(&sa->engine->conf, n->peer->protection);
	const struct conf_profile *prof =
	    prot == NULL ? NULL : conf_profile_by_name(&sa->engine->conf, prot->profile);
	struct child_spec s = {
	    .spi = n->spi, .peer_spi = n->peer_spi, .agreed = &got, .initiator = n->initiator,
	    .replay_window = prof == NULL ? 64 : prof->replay_window,
	    .ts_local = selector(n, &n->local, &sa->path.local),
	    .ts_remote = selector(n, &n->remote, &sa->path.remote),
	    .ts_proto = n->local.proto,
	    .ts_local_port = n->local.port, .ts_remote_port = n->remote.port,
	};
	struct ike_child *c;
	struct ipc_sa m = {0};
	bool ok;

	got.mode = n->mode;
	got.encap = ikev2_natt_between(sa);
	got.pfs_group = (uint8_t)n->group;
	peer_take_path(n->peer, &sa->path, sa->peer_id, got.encap);
	c = child_new(n->peer, &s);
	ikev2_child_adopt(sa, c);
	c->replaces = n->old != 0;
	c->sa.esn = n->agreed.esn;
	ok = keymat2_esp(&sa->keys, &got.esp, slice_of(n->gxy.b, n->gxy.len), ni, nr, n->initiator, &m);
	if (ok)
		child_esp_set_keys(&c->sa, &m);
	wipe(&m, sizeof(m));
	if (!ok) {
		child_remove(c, false);
		return NULL;
	}
	n->spi = 0;
	if (n->reply != NULL)
		n->reply->pair = c->sa.spi;
	return c;
}

/* --- nonces of a collision --- */

bool
ikev2_is_lower(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.p, b.p, n);

	return order != 0 ? order < 0 : a.len < b.len;
}

struct slice
ikev2_lowest(const struct ike_nonce *ni, const struct ike_nonce *nr)
{
	return ikev2_is_lower(nonce_slice(ni), nonce_slice(nr)) ? nonce_slice(ni) : nonce_slice(nr);
}
