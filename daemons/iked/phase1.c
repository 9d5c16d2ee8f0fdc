/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase1.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth_psk.h"
#include "child.h"
#include "ikev1.h"
#include "ikev1_sig.h"
#include "log.h"
#include "natt.h"
#include "once.h"
#include "payload.h"
#include "peer.h"

enum step_result
phase1_fail(struct ike_sa *sa, const char *why)
{
	sa_failed(sa, why);
	return STEP_FAIL;
}

/* --- configuration --- */

const struct conf_profile1 *
phase1_profile(const struct ike_sa *sa)
{
	return conf1_profile(&sa->engine->conf.v1, sa->profile);
}

static const char *
keyring_of(const struct ike_conf *conf, const char *profile)
{
	const struct conf_profile1 *p = conf1_profile(&conf->v1, profile);

	return p == NULL ? "" : p->set.keyring;
}

static const struct secret *
find_psk(const struct ike_conf *conf, const char *profile, const struct addr *remote,
    const struct ident *peer_id)
{
	const struct conf_peer1 *peer = conf1_peer(&conf->v1, remote);
	const char *keyring = keyring_of(conf, profile);
	const struct secret *psk = NULL;

	if (peer != NULL && peer->set.password.len > 0)
		return &peer->set.password;
	if (peer_id != NULL)
		psk = conf_psk_host(conf, keyring, peer_id);
	return psk != NULL ? psk : conf_psk_in(conf, keyring, remote);
}

static void
log_no_psk(struct ike_engine *e, const struct addr *remote, const struct ident *peer_id)
{
	if (!ratelimit_take(&e->stranger_log, engine_now(e)))
		return;
	if (peer_id == NULL)
		log_warn("no pre-shared key for %s: in main mode keys are found by the peer's "
		    "address alone (crypto isakmp key ... address)", ADDR_STR(remote));
	else
		log_warn("no pre-shared key for %s, which says that it is %s", ADDR_STR(remote),
		    IDENT_STR(peer_id));
}

/*
 * The pre-shared key: the one of `crypto isakmp peer`, else by the peer's
 * identity if one is given, else by its address; of the profile's keyring, if
 * it names one.  NULL: none, which is said in the log.
 */
static const struct secret *
phase1_psk(const struct ike_sa *sa, const struct ident *peer_id)
{
	const struct secret *psk = find_psk(&sa->engine->conf, sa->profile, &sa->path.remote,
	    peer_id);

	if (psk != NULL)
		sa_debug(sa, "found peer pre-shared key matching %s",
		    ADDR_STR(&sa->path.remote));
	else
		log_no_psk(sa->engine, &sa->path.remote, peer_id);
	return psk;
}

const char *
phase1_secret(const struct ike_sa *sa, const struct ident *peer_id, const struct secret **psk)
{
	*psk = sa->p1.auth == IPC_AUTH_RSA ? NULL : phase1_psk(sa, peer_id);
	return sa->p1.auth == IPC_AUTH_RSA || *psk != NULL ? NULL : "no pre-shared key";
}

/* In aggressive mode a key may be found by a name that is not known yet. */
static bool
has_psk(const struct ike_conf *conf, const char *profile, const struct addr *remote,
    bool aggressive)
{
	return find_psk(conf, profile, remote, NULL) != NULL ||
	    (aggressive && conf_psk_host(conf, keyring_of(conf, profile), NULL) != NULL);
}

unsigned int
phase1_policies(const struct ike_sa *sa, struct p1_transform want[POLICIES_MAX])
{
	const struct ike_conf *conf = &sa->engine->conf;
	bool psk = has_psk(conf, sa->profile, &sa->path.remote, sa->main.type == EXCHANGE_AGGRESSIVE);
	bool signs = sig1_ready(conf, sa->profile);
	unsigned int i, n = 0, count = conf_policies(conf, want);

	for (i = 0; i < count; i++)
		if (want[i].auth == IPC_AUTH_RSA ? signs : psk)
			want[n++] = want[i];
	return n;
}

/* --- beginning --- */

static bool
speaks_aggressive(const struct ike_conf1 *conf, const char *profile, const struct addr *remote)
{
	const struct conf_profile1 *p = conf1_profile(conf, profile);

	return (p != NULL && p->set.aggressive) || conf1_peer(conf, remote) != NULL;
}

void
ikev1_start(struct ike_engine *e, const struct addr *local, const struct addr *remote)
{
	const struct conf_protection *prot = conf_protection_between(&e->conf, local, remote);
	const char *profile = prot == NULL ? "" : prot->isakmp_profile;
	bool aggressive = speaks_aggressive(&e->conf.v1, profile, remote);
	struct ike_path path = {*local, *remote, IKE_PORT, IKE_PORT};
	struct ike_sa *sa;

	if (!has_psk(&e->conf, profile, remote, aggressive) && !sig1_ready(&e->conf, profile)) {
		log_no_psk(e, remote, NULL);
		return;
	}
	if (!admission_begin(e, 1, local, remote))
		return;
	sa = sa_new(e, &path, aggressive ? EXCHANGE_AGGRESSIVE : EXCHANGE_MAIN, true);
	sa->profile = name_once(profile);
	random_bytes(sa->cky_i, IKE_COOKIE_LEN);
	memcpy(sa->ours, sa->cky_i, IKE_COOKIE_LEN);
	sa_enter_table(sa);
	sa_debug(sa, aggressive ? "beginning Aggressive mode with %s" :
	    "Can not start Aggressive mode, trying Main mode with %s",
	    ADDR_STR(remote));
	step_begin(&sa->main);
}

/* The oldest whose initiator has not repeated our cookie yet: its source may be forged. */
static struct ike_sa *
oldest_unproven(struct ike_engine *e, const struct addr *remote)
{
	struct ike_sa *sa;

	DL_FOREACH2 (e->half_open_sas, sa, half_next)	/* in the order of their beginning */
		if ((sa->main.state == MM_R_SENT2 || sa->main.state == AG_R_SENT2) &&
		    (remote == NULL || addr_same_source(&sa->path.remote, remote)))
			return sa;
	return NULL;
}

/* Where there are too many, the newest takes the oldest's place: forgers push out each other. */
static enum admission
admission_with_room(struct ike_engine *e, const struct ike_path *path)
{
	enum admission a = admission_of_offer(e, 1, path);
	struct ike_sa *old;

	if (a != ADMISSION_HALF_OPEN && a != ADMISSION_SHARE)
		return a;
	old = oldest_unproven(e, a == ADMISSION_SHARE ? &path->remote : NULL);
	if (old == NULL)
		return a;
	engine_count(e, IKE_DROP_HALF_OPEN);
	sa_remove(old);
	return ADMITTED;
}

void
phase1_offered(struct ike_engine *e, struct ike_msg *m)
{
	enum admission a = admission_with_room(e, &m->path);
	struct ike_sa *sa;

	if (!admission_answer(e, a)) {
		ike_drop(e, m, a == ADMISSION_SAS ? IKE_DROP_ADMISSION : IKE_DROP_HALF_OPEN,
		    admission_why(a));
		return;
	}
	sa = sa_new(e, &m->path, m->h.exchange, false);
	memcpy(sa->cky_i, m->h.cky_i, IKE_COOKIE_LEN);
	random_bytes(sa->cky_r, IKE_COOKIE_LEN);
	memcpy(sa->ours, sa->cky_r, IKE_COOKIE_LEN);
	sa_enter_table(sa);
	log_debug_about(LOG_DEBUG_ISAKMP, &m->path.remote, "ISAKMP",
	    "(0):received packet from %s dport %u sport %u Global (N) NEW SA",
	    ADDR_STR(&m->path.remote), m->path.local_port, m->path.remote_port);
	sa_debug(sa, "Created a peer struct for %s, peer port %u", ADDR_STR(&m->path.remote),
	    m->path.remote_port);
	step_receive(sa, m);
	if (!sa->gone && !sa->main.has_last_in)
		sa_remove(sa);
}

/* --- parts of messages --- */

void
phase1_begin(struct ike_sa *sa, struct ike_build *b)
{
	ike_build_begin(b, sa->cky_i, sa->cky_r, sa->main.type, 0);
}

void
phase1_vendors_write(const struct ike_sa *sa, struct ike_build *b)
{
	static const unsigned int natt[] = {VENDOR_NATT, VENDOR_NATT_03, VENDOR_NATT_02,
	    VENDOR_NATT_02_OLD};
	bool chosen = false;
	size_t i;

	/* An initiator offers all but the oldest; a responder takes the best that it heard. */
	for (i = 0; i < sizeof(natt) / sizeof(natt[0]) && !chosen; i++) {
		if (sa->initiator ? natt[i] == VENDOR_NATT_02_OLD : (sa->vendors & natt[i]) == 0)
			continue;
		vendor_write(b, natt[i]);
		chosen = !sa->initiator;
	}
	if (sa->engine->conf.v1.global.fragmentation)
		vendor_write(b, VENDOR_FRAGMENTS);
	vendor_write(b, VENDOR_DPD);
	vendor_write(b, VENDOR_CULVERT);
	if (sa->engine->conf.v1.global.udp != IPC_UDP_NAT)
		vendor_write(b, VENDOR_CULVERT_UDP);
}

void
phase1_vendors_write_late(struct ike_build *b)
{
	vendor_write(b, VENDOR_UNITY);
	vendor_write(b, VENDOR_DPD);
	vendor_write(b, VENDOR_XAUTH);
}

static void
log_vendors(const struct ike_sa *sa, unsigned int heard)
{
	static const struct {
		unsigned int bit;
		const char *what;
	} names[] = {
		{VENDOR_NATT, "NAT-T RFC 3947"}, {VENDOR_NATT_03, "NAT-T v3"},
		{VENDOR_NATT_02, "NAT-T v2"}, {VENDOR_NATT_02_OLD, "NAT-T v2"},
		{VENDOR_DPD, "DPD"}, {VENDOR_UNITY, "Unity"}, {VENDOR_XAUTH, "XAUTH"},
		{VENDOR_FRAGMENTS, "IKE fragmentation"}, {VENDOR_CULVERT, "culvert"},
		{VENDOR_CULVERT_UDP, "culvert, ESP in UDP"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((heard & names[i].bit) != 0)
			sa_debug(sa, "vendor ID is %s", names[i].what);
}

void
phase1_vendors_take(struct ike_sa *sa, const struct ike_msg *m)
{
	unsigned int heard = vendors_read(m);

	log_vendors(sa, heard);
	sa->vendors |= heard;
	sa->natt = (sa->vendors & (VENDOR_NATT | VENDOR_NATT_DRAFT)) != 0;
}

static void
keep_sa_i(struct ike_main *mm, struct slice body)
{
	free(mm->sa_i);
	mm->sa_i = malloc(body.len);
	if (mm->sa_i == NULL)
		log_fatal("out of memory for an SA payload");
	memcpy(mm->sa_i, body.p, body.len);
	mm->sa_i_len = body.len;
}

void
phase1_offer_write(struct ike_sa *sa, struct ike_build *b, const struct p1_transform *want,
    unsigned int count)
{
	struct wbuf *w = ike_build_payload(b, PAYLOAD_SA);
	size_t at = wbuf_len(w);

	p1_offer_write(w, want, count);
	keep_sa_i(sa->mm, slice_of(b->buf + at, wbuf_len(w) - at));
}

/* As an operator of IOS reads it: an attribute a line, then what was made of them. */
static void
log_choice(struct ike_sa *sa, unsigned int transform)
{
	const char *cipher = sa->p1.cipher == CIPHER_3DES_CBC ? "3DES-CBC" :
	    sa->p1.cipher == CIPHER_DES_CBC ? "DES-CBC" : "AES-CBC";
	char hash[16];
	size_t i;

	if (!log_debug_on(LOG_DEBUG_ISAKMP))
		return;
	snprintf(hash, sizeof(hash), "%s", hash_name(sa->p1.hash));
	for (i = 0; hash[i] != '\0'; i++)
		hash[i] = (char)toupper((unsigned char)hash[i]);
	sa_debug(sa, "Checking ISAKMP transform %u against priority %u policy", transform,
	    conf_policy_priority(&sa->engine->conf, &sa->p1));
	sa_debug(sa, "      encryption %s", cipher);
	if (sa->p1.cipher == CIPHER_AES_CBC)
		sa_debug(sa, "      keylength of %u", sa->p1.key_bits);
	sa_debug(sa, "      hash %s", hash);
	sa_debug(sa, "      default group %u", sa->p1.group);
	sa_debug(sa, "      auth %s", sa->p1.auth == IPC_AUTH_RSA ? "RSA sig" : "pre-share");
	sa_debug(sa, "      life type in seconds");
	sa_debug(sa, "      life duration (basic) of %u", sa->p1.life_s);
	sa_debug(sa, "atts are acceptable. Next payload is 0");
}

const struct offer *
phase1_choose(struct ike_sa *sa, struct ike_msg *m, struct offers *offers)
{
	struct slice body = ike_msg_body(m, PAYLOAD_SA);
	struct p1_transform want[POLICIES_MAX], offered;
	const struct offer *chosen;

	if (offers_read(body, offers) != NULL ||
	    (chosen = p1_choose(offers, want, phase1_policies(sa, want), &sa->p1)) == NULL) {
		ike_drop(sa->engine, m, IKE_DROP_NO_PROPOSAL, "no acceptable phase 1 proposal");
		ikev1_send_clear_notify(sa->engine, m, NOTIFY_NO_PROPOSAL_CHOSEN);
		return NULL;
	}
	log_choice(sa, chosen->number);
	keep_sa_i(sa->mm, body);
	(void)p1_read(chosen, &offered);
	sa->mm->offered_life_s = offered.life_s;
	return chosen;
}

const char *
phase1_take_choice(struct ike_sa *sa, struct ike_msg *m)
{
	struct p1_transform want[POLICIES_MAX];
	unsigned int count = phase1_policies(sa, want);
	struct offers offers;
	const char *why = offers_read(ike_msg_body(m, PAYLOAD_SA), &offers);

	if (why != NULL)
		return why;
	if (offers.count != 1 || p1_choose(&offers, want, count, &sa->p1) == NULL) {
		log_event(LOG_SEV_INFO, "CRYPTO", "IKMP_SA_NOT_OFFERED",
		    "Remote peer %s responded with attribute not offered or changed",
		    ADDR_STR(&sa->path.remote));
		return "the answer is none of our proposals";
	}
	log_choice(sa, offers.list[0].number);
	return NULL;
}

bool
phase1_ke_write(struct ike_sa *sa, struct ike_build *b)
{
	struct ike_main *mm = sa->mm;
	struct ike_nonce *ours = sa->initiator ? &mm->ni : &mm->nr;

	if (mm->dh == NULL) {
		mm->dh = dh_new(sa->p1.group);
		nonce_new(ours);
	}
	if (mm->dh == NULL)
		return false;
	ike_build_put(b, PAYLOAD_KE, dh_public(mm->dh));
	ike_build_put(b, PAYLOAD_NONCE, nonce_slice(ours));
	return true;
}

const char *
phase1_ke_take(struct ike_sa *sa, struct ike_msg *m, struct slice *ke)
{
	struct slice nonce;
	const char *why = nonce_read(ike_msg_body(m, PAYLOAD_NONCE), &nonce);

	if (why == NULL)
		why = ke_read(ike_msg_body(m, PAYLOAD_KE), sa->p1.group, ke);
	if (why == NULL)
		nonce_set(sa->initiator ? &sa->mm->nr : &sa->mm->ni, nonce);
	return why;
}

const char *
phase1_derive(struct ike_sa *sa, const struct secret *psk, struct slice ke)
{
	struct ike_main *mm = sa->mm;
	struct slice ours = dh_public(mm->dh), gxi = sa->initiator ? ours : ke,
	    gxr = sa->initiator ? ke : ours;
	struct dh_secret gxy;
	const char *why = dh_shared(mm->dh, ke, &gxy);

	log_debug_about(LOG_DEBUG_ENGINE, &sa->path.remote, "crypto_engine",
	    "Create DH shared secret, group %u: %s", sa->p1.group, why == NULL ? "done" : why);
	if (why != NULL)
		return why;
	memcpy(mm->gxi.b, gxi.p, mm->gxi.len = gxi.len);
	memcpy(mm->gxr.b, gxr.p, mm->gxr.len = gxr.len);
	sa->keys.hash = sa->p1.hash;
	if (psk == NULL) {
		sig1_skeyid(&sa->keys, nonce_slice(&mm->ni), nonce_slice(&mm->nr),
		    slice_of(gxy.b, gxy.len));
	} else {
		mm->psk = *psk;
		auth_psk_skeyid(&sa->keys, psk, nonce_slice(&mm->ni), nonce_slice(&mm->nr));
	}
	keymat1_derive(&sa->keys, slice_of(gxy.b, gxy.len), sa->cky_i, sa->cky_r, sa->p1.cipher,
	    sa->p1.key_bits);
	keymat1_first_iv(&sa->keys, gxi, gxr, sa->main.iv);
	dh_secret_wipe(&gxy);
	return NULL;
}

/* --- identities and proof --- */

static void
hash_of(const struct ike_sa *sa, bool of_initiator, struct slice id, uint8_t *out)
{
	const struct ike_main *mm = sa->mm;
	struct slice gxi = {mm->gxi.b, mm->gxi.len}, gxr = {mm->gxr.b, mm->gxr.len};
	struct auth_hash_input in = {
	    .gx_own = of_initiator ? gxi : gxr, .gx_peer = of_initiator ? gxr : gxi,
	    .cky_own = of_initiator ? sa->cky_i : sa->cky_r,
	    .cky_peer = of_initiator ? sa->cky_r : sa->cky_i,
	    .sa_i = {mm->sa_i, mm->sa_i_len}, .id = id,
	};

	auth_hash(&sa->keys, &in, out);
}

/* Cisco's way: protocol UDP, port 500, or 0 once a NAT was seen. */
const char *
phase1_id_write(struct ike_sa *sa, struct ike_build *b, struct slice *body)
{
	const struct ike_conf1 *conf = &sa->engine->conf.v1;
	struct wbuf *w = ike_build_payload(b, PAYLOAD_ID);
	size_t at = wbuf_len(w);
	struct ident id;
	const char *why = NULL;

	conf1_ident_local(conf, phase1_profile(sa), conf1_peer(conf, &sa->path.remote),
	    &sa->path.local, &id);
	if (sa->p1.auth == IPC_AUTH_RSA)
		why = sig1_ident(sa, &id);
	else if (id.type == ID_DER_DN)
		ident_from_addr(&id, &sa->path.local);	/* a key has no subject */
	ident_write(w, &id, 17, natt_between(sa) ? 0 : IKE_PORT);
	*body = slice_of(b->buf + at, wbuf_len(w) - at);
	return why;
}

const char *
phase1_prove(struct ike_sa *sa, struct ike_build *b, struct slice id_body)
{
	uint8_t hash[HASH_LEN_MAX];
	struct slice ours = slice_of(hash, hash_len(sa->keys.hash));

	hash_of(sa, sa->initiator, id_body, hash);
	if (sa->p1.auth == IPC_AUTH_RSA)
		return sig1_prove(sa, b, ours);
	ike_build_put(b, PAYLOAD_HASH, ours);
	return NULL;
}

const char *
phase1_verify(struct ike_sa *sa, const struct ike_msg *m, struct slice id_body)
{
	struct slice hash = ike_msg_body(m, PAYLOAD_HASH);
	uint8_t want[HASH_LEN_MAX];

	hash_of(sa, !sa->initiator, id_body, want);
	if (sa->p1.auth == IPC_AUTH_RSA)
		return sig1_check(sa, m, slice_of(want, hash_len(sa->keys.hash)));
	if (hash.len != hash_len(sa->keys.hash) || !equal_in_constant_time(hash.p, want, hash.len))
		return "the peer's proof is wrong: the pre-shared keys differ";
	return NULL;
}

void
phase1_find_profile(struct ike_sa *sa)
{
	const struct ident *id = &sa->mm->peer_id;
	const struct conf_profile1 *profile = conf1_profile_for(&sa->engine->conf.v1, id,
	    sa->mm->maps, &sa->path.local);

	if (profile == NULL)
		return;
	sa->profile = name_once(profile->set.name);
	sa_debug(sa, "Found ISAKMP profile %s for %s", sa->profile, IDENT_STR(id));
}

static bool
is_same_secret(const struct secret *a, const struct secret *b)
{
	return a != NULL && a->len == b->len && equal_in_constant_time(a->b, b->b, a->len);
}

const char *
phase1_accept(struct ike_sa *sa)
{
	const struct ike_conf *conf = &sa->engine->conf;
	const char *ring;

	ident_hold(&sa->peer_id, &sa->mm->peer_id);
	if (sa->initiator)
		return NULL;
	phase1_find_profile(sa);
	ring = keyring_of(conf, sa->profile);
	if (ring[0] == '\0' || sa->p1.auth == IPC_AUTH_RSA ||
	    is_same_secret(conf_psk_in(conf, ring, &sa->path.remote), &sa->mm->psk) ||
	    is_same_secret(conf_psk_host(conf, ring, &sa->mm->peer_id), &sa->mm->psk))
		return NULL;
	return "its ISAKMP profile's keyring has another pre-shared key for it";
}

static void
cookies_write(const struct ike_sa *sa, uint8_t to[2 * IKE_COOKIE_LEN])
{
	memcpy(to, sa->cky_i, IKE_COOKIE_LEN);
	memcpy(to + IKE_COOKIE_LEN, sa->cky_r, IKE_COOKIE_LEN);
}

void
phase1_lifetime_write(struct ike_sa *sa, struct ike_build *b)
{
	uint8_t cookies[2 * IKE_COOKIE_LEN], attributes[16];
	struct wbuf w;

	if (sa->mm->offered_life_s == sa->p1.life_s)
		return;
	cookies_write(sa, cookies);
	wbuf_init(&w, attributes, sizeof(attributes));
	p1_life_write(&w, sa->p1.life_s);
	notify_write(b, PROTO_ISAKMP, NOTIFY_RESPONDER_LIFETIME, slice_of(cookies, sizeof(cookies)),
	    slice_of(attributes, wbuf_len(&w)));
}

void
phase1_lifetime_take(struct ike_sa *sa, const struct ike_msg *m)
{
	const struct ike_payload *p;
	struct ike_notify_body n;
	unsigned int i;
	uint32_t s;

	for (i = 0; (p = ike_msg_find(m, PAYLOAD_NOTIFY, i)) != NULL; i++) {
		if (notify_read(p->body, &n) != NULL || n.type != NOTIFY_RESPONDER_LIFETIME ||
		    n.proto != PROTO_ISAKMP)
			continue;
		s = p1_life_read(n.data);
		if (s != 0 && (sa->p1.life_s == 0 || s < sa->p1.life_s))
			sa->p1.life_s = s;
	}
}

/* "I knew nothing of you when I began": only true without another SA with that peer. */
static bool
is_initial_contact(const struct ike_sa *sa)
{
	struct ike_sa *other, *tmp;
	struct ike_peer *p, *tmp2;

	DL_FOREACH_SAFE2 (sas_beside(sa), other, tmp, at_next)
		if (other != sa && other->established)
			return false;
	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp2, at_next)
		if (p->children != NULL)
			return false;
	return true;
}

void
phase1_initial_contact_write(struct ike_sa *sa, struct ike_build *b)
{
	uint8_t cookies[2 * IKE_COOKIE_LEN];

	if (!is_initial_contact(sa))
		return;
	sa_debug(sa, "Send initial contact");
	cookies_write(sa, cookies);
	notify_write(b, PROTO_ISAKMP, NOTIFY_INITIAL_CONTACT, slice_of(cookies, sizeof(cookies)),
	    (struct slice){NULL, 0});
}

/* Everything we have with that peer, but what came up since this exchange began: the peer lives. */
static void
clear_for_initial_contact(struct ike_sa *sa)
{
	struct ike_sa *other, *tmp;
	struct ike_peer *p, *tmp2;
	struct ike_child *c, *next;

	sa_debug(sa, "Process initial contact, bring down existing phase 1 and 2 SA's with local %s "
	    "remote %s remote port %u",
	    ADDR_STR(&sa->path.local), ADDR_STR(&sa->path.remote), sa->path.remote_port);
	DL_FOREACH_SAFE2 (sas_beside(sa), other, tmp, at_next)
		if (other != sa && other->established && sa_same_peer(other, sa) &&
		    mono_before(other->established_at, sa->created))
			sa_remove(other);
	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp2, at_next) {
		if (!peer_uses_sa(p, sa))
			continue;
		for (c = p->children; c != NULL; c = next) {
			next = c->next;
			if (mono_before(c->created, sa->created))
				child_remove(c, false);
		}
		peer_update(p);
	}
}

static bool
says_initial_contact(const struct ike_msg *m)
{
	const struct ike_payload *p;
	struct ike_notify_body n;
	unsigned int i;

	for (i = 0; (p = ike_msg_find(m, PAYLOAD_NOTIFY, i)) != NULL; i++)
		if (notify_read(p->body, &n) == NULL && n.type == NOTIFY_INITIAL_CONTACT)
			return true;
	return false;
}

void
phase1_initial_contact_take(struct ike_sa *sa, const struct ike_msg *m)
{
	if (says_initial_contact(m))
		clear_for_initial_contact(sa);
}
