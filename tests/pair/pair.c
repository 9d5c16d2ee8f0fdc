/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pair.h"

#include "ike_wire.h"
#include "ikev2_sa.h"
#include "log.h"
#include "proposal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the wire --- */

static void
translate(struct pair *p, struct pair_side *from, struct ike_path *path)
{
	if (!addr_is_set(&p->nat))
		return;
	if (from == &p->a) {
		path->remote = p->nat;
		path->remote_port = path->remote_port == 4500 ? p->nat_port_4500 : p->nat_port_500;
	} else {
		path->local = p->a.addr;
		path->local_port = path->local_port == p->nat_port_4500 ? 4500 : 500;
	}
}

static void
wire_put(struct pair *p, struct flight *f)
{
	if (p->on_wire == WIRE_MAX)
		abort();
	p->wire[p->on_wire++] = f;
}

static void
op_send(void *user, const struct ike_path *path, struct slice datagram)
{
	struct pair_side *s = user;
	struct pair *p = s->pair;
	struct flight *f = calloc(1, sizeof(*f)), *again;

	p->sent++;
	f->to = s == &p->a ? &p->b : &p->a;
	f->path = (struct ike_path){path->remote, path->local, path->remote_port, path->local_port};
	translate(p, s, &f->path);
	f->len = datagram.len;
	if (datagram.len != 0)
		memcpy(f->b, datagram.p, datagram.len);
	if (datagram.len == 0 || (p->filter != NULL && !p->filter(p, f))) {
		free(f);
		return;
	}
	wire_put(p, f);
	if (p->double_all) {
		again = malloc(sizeof(*again));
		*again = *f;
		wire_put(p, again);
	}
}

/* --- a forwarder that remembers --- */

static struct ipc_sa *
held(struct pair_side *s, uint32_t spi)
{
	unsigned int i;

	for (i = 0; i < PAIRS_MAX; i++)
		if (s->sas[i].spi == spi)
			return &s->sas[i];
	return NULL;
}

static void
check(struct pair *p)
{
	if (p->a.out_spi != 0 && held(&p->b, p->a.out_spi) == NULL)
		p->lacking++;
	if (p->b.out_spi != 0 && held(&p->a, p->b.out_spi) == NULL)
		p->lacking++;
}

static void
sa_set(struct pair_side *s, const struct ipc_sa *sa)
{
	struct ipc_sa *at = held(s, sa->spi);

	if (at == NULL)
		at = held(s, 0);
	if (at == NULL)
		abort();
	*at = *sa;
	if (sa->stage == SA_CURRENT)
		s->out_spi = sa->peer_spi;
	check(s->pair);
}

static void
sa_unset(struct pair_side *s, uint32_t spi)
{
	struct ipc_sa *at = held(s, spi);
	unsigned int i;

	s->removed++;
	if (at == NULL)
		return;
	if (s->out_spi == at->peer_spi) {
		s->out_spi = 0;
		for (i = 0; i < PAIRS_MAX; i++)
			if (&s->sas[i] != at && s->sas[i].spi != 0 && s->sas[i].stage >= SA_BOTH)
				s->out_spi = s->sas[i].peer_spi;
	}
	memset(at, 0, sizeof(*at));
}

static bool
op_espd(void *user, enum ipc_type type, const void *body)
{
	struct pair_side *s = user;
	const struct ipc_spi_only *only = body;
	const struct ipc_spi_want *want = body;

	if (type == IPC_MSG_SA_SET)
		sa_set(s, body);
	else if (type == IPC_MSG_SA_REMOVE)
		sa_unset(s, only->spi);
	else if (type == IPC_MSG_SPI_RESERVE && !s->espd_silent && s->reserves < 64)
		s->reserved[s->reserves++] = want->txn;
	return true;
}

static void
op_nhrpd(void *user, const struct ipc_peer_state *state)
{
	struct pair_side *s = user;

	s->peer_states++;
	s->downs += state->state == PEER_DOWN;
	s->last_state = *state;
}

static const struct ike_ops ops = {.send = op_send, .espd = op_espd, .nhrpd = op_nhrpd};

/* --- the pair --- */

static void
side_init(struct pair *p, struct pair_side *s, const char *addr, const char *psk, uint32_t spi)
{
	struct ipc_ike_global global = {.enabled = 1, .dpd_s = 10, .dpd_retry_s = 2};
	struct ipc_ike_policy policy = {.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 256,
	    .hash = HASH_SHA256, .group = 19, .life_s = 86400};
	struct ipc_ike_key key = {0};
	bool warm;

	s->pair = p;
	s->next_spi = spi;
	addr_parse(&s->addr, addr);
	key.peer.addr.family = s->addr.family;
	s->kept = kept_open(-1, &warm);
	engine_init(&s->e, p->loop, &ops, s, s->kept);
	conf_set_global(&s->e.conf, &global);
	conf_set_policy(&s->e.conf, &policy);
	secret_set(&key.secret, psk, strlen(psk));
	conf_set_psk(&s->e.conf, &key);
}

static void
sides_init(struct pair *p, const char *const addr[2], const char *const psk[2])
{
	memset(p, 0, sizeof(*p));
	p->loop = loop_new_test(mono_s(1000));
	side_init(p, &p->a, addr[0], psk[0], 0x10000);
	side_init(p, &p->b, addr[1], psk[1], 0x20000);
}

void
pair_init(struct pair *p, const char *psk_a, const char *psk_b)
{
	sides_init(p, (const char *const[]){"192.0.2.1", "192.0.2.2"}, (const char *const[]){psk_a, psk_b});
}

void
pair_init_v6(struct pair *p)
{
	sides_init(p, (const char *const[]){"2001:db8::1", "2001:db8::2"}, (const char *const[]){"k", "k"});
}

/* One proposal, one keyring for everybody, one profile that matches everybody. */
static void
configure2(struct pair_side *s, const char *psk)
{
	struct ike_conf2 *c = &s->e.conf.v2;
	struct ipc_ikev2_global global = {.dpd_s = 10, .dpd_retry_s = 2, .fragmentation = 1,
	    .window = PAIR_WINDOW};
	struct ipc_ikev2_proposal proposal = {.name = "P", .encr0 = CIPHER_AES_GCM, .bits0 = 128,
	    .encr1 = CIPHER_AES_CBC, .bits1 = 128, .integ0 = INTEG_HMAC_SHA256_128,
	    .prf0 = HASH_SHA256, .group0 = 19, .group1 = 14};
	struct ipc_ikev2_policy policy = {.name = "default", .proposal0 = "P"};
	struct ipc_ikev2_key key = {.keyring = "K", .peer = "any",
	    .address = {.addr = {.family = ADDR_V4}}};
	struct ipc_ikev2_profile profile = {.name = "V2", .auth_local = IPC_AUTH_PSK,
	    .auth_remote = IPC_AUTH_PSK, .keyring = "K", .life_s = 86400};
	struct ipc_ikev2_match match = {.profile = "V2", .position = 1, .kind = IPC_MATCH_ANY};

	secret_set(&key.local, psk, strlen(psk));
	secret_set(&key.remote, psk, strlen(psk));
	conf2_message(c, IPC_MSG_IKEV2_GLOBAL, &global);
	conf2_message(c, IPC_MSG_IKEV2_PROPOSAL_SET, &proposal);
	conf2_message(c, IPC_MSG_IKEV2_POLICY_SET, &policy);
	conf2_message(c, IPC_MSG_IKEV2_KEY_SET, &key);
	conf2_message(c, IPC_MSG_IKEV2_PROFILE_SET, &profile);
	conf2_message(c, IPC_MSG_IKEV2_MATCH_SET, &match);
}

void
pair_init2(struct pair *p, const char *psk_a, const char *psk_b)
{
	pair_init(p, psk_a, psk_b);
	p->version = 2;
	configure2(&p->a, psk_a);
	configure2(&p->b, psk_b);
}

void
pair_init_version(struct pair *p, unsigned int version)
{
	(version == 1 ? pair_init : pair_init2)(p, "k", "k");
}

void
pair_behind_nat(struct pair *p)
{
	addr_parse(&p->a.addr, "10.1.1.2");
	addr_parse(&p->nat, "198.51.100.7");
	p->nat_port_500 = 1024;
	p->nat_port_4500 = 61234;
}

void
pair_free(struct pair *p)
{
	unsigned int i;

	for (i = 0; i < p->on_wire; i++)
		free(p->wire[i]);
	engine_free(&p->a.e);
	engine_free(&p->b.e);
	kept_close(p->a.kept);
	kept_close(p->b.kept);
	loop_free(p->loop);
}

void
pair_protect(struct pair_side *s, uint8_t kind, uint8_t mode, const struct addr *remote)
{
	struct ipc_ipsec_profile prof = {.name = "PROF", .transforms = 1,
	    .cipher0 = CIPHER_AES_GCM, .bits0 = 128, .mode0 = mode,
	    .life_s = 3600, .life_kb = 4608000, .replay_window = 64};
	struct ipc_protection prot = {.protection = "Tunnel0", .tunnel = "Tunnel0",
	    .profile = "PROF", .local = s->addr, .kind = kind};

	if (s->pair->version == 2)
		snprintf(prot.ikev2_profile, sizeof(prot.ikev2_profile), "V2");
	if (remote != NULL)
		prot.remote = *remote;
	conf_set_profile(&s->e.conf, &prof);
	engine_protection_set(&s->e, &prot);
	engine_config_done(&s->e);
}

static bool
answer_reserves(struct pair_side *s)
{
	uint32_t txn;

	if (s->reserves == 0)
		return false;
	txn = s->reserved[0];
	memmove(s->reserved, s->reserved + 1, --s->reserves * sizeof(s->reserved[0]));
	engine_spi_reserved(&s->e, txn, ++s->next_spi);
	return true;
}

void
pair_run(struct pair *p)
{
	struct flight *f;
	unsigned int at;

	while (answer_reserves(&p->a) || answer_reserves(&p->b) || p->on_wire > 0) {
		if (p->on_wire == 0)
			continue;
		at = p->reverse ? p->on_wire - 1 :
		    p->shuffle != 0 ? pair_chance(&p->shuffle, p->on_wire) : 0;
		f = p->wire[at];
		p->on_wire--;
		memmove(p->wire + at, p->wire + at + 1, (p->on_wire - at) * sizeof(p->wire[0]));
		engine_receive(&f->to->e, &f->path, slice_of(f->b, f->len));
		free(f);
		check(p);
	}
}

void
pair_pass(struct pair *p, unsigned int ms)
{
	while (ms > 0) {
		unsigned int step = ms < 50 ? ms : 50;

		loop_advance(p->loop, mono_ms(step));
		pair_run(p);
		ms -= step;
	}
}

/* Another engine in the place of the one that is there, with its configuration. */
static void
engine_again(struct pair_side *s)
{
	struct ike_conf conf = s->e.conf;
	const struct ike_ops *o = s->e.ops;

	s->e.conf = (struct ike_conf){0};
	engine_free(&s->e);
	engine_init(&s->e, s->pair->loop, o, s, s->kept);
	s->e.conf = conf;
}

/* The daemon dies, its kept state does not: nothing is said, everything goes on. */
void
pair_crash(struct pair_side *s)
{
	engine_again(s);
	engine_config_done(&s->e);
	engine_espd_up(&s->e, true);
}

void
pair_reboot(struct pair_side *s)
{
	struct kept *before = s->kept;
	bool warm;

	memset(s->sas, 0, sizeof(s->sas));
	s->out_spi = 0;
	s->reserves = 0;
	s->kept = kept_open(-1, &warm);
	engine_again(s);
	kept_close(before);
	engine_config_done(&s->e);
}

void
pair_up(struct pair *p)
{
	pair_protect(&p->b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	pair_protect(&p->a, TUNNEL_GRE, MODE_TRANSPORT, &p->b.addr);
	pair_run(p);
}

void
pair_up_both(struct pair *p)
{
	pair_protect(&p->b, TUNNEL_GRE, MODE_TRANSPORT, &p->a.addr);
	pair_protect(&p->a, TUNNEL_GRE, MODE_TRANSPORT, &p->b.addr);
	pair_run(p);
}

struct ike_child *
pair_current(struct pair_side *s)
{
	return s->e.peers == NULL ? NULL : s->e.peers->current;
}

unsigned int
pair_children(struct pair_side *s)
{
	unsigned int i, n = 0;

	for (i = 0; i < PAIRS_MAX; i++)
		n += s->sas[i].spi != 0;
	return n;
}

unsigned int
pair_sas(struct pair_side *s)
{
	struct ikev2_sa *sa2, *tmp2;
	struct ike_sa *sa, *tmp;
	unsigned int n = 0;

	HASH_ITER (hh, s->e.sas, sa, tmp)
		n += sa->established;
	HASH_ITER (hh, s->e.sas2, sa2, tmp2)
		n += ikev2_sa_is_up(sa2);
	return n;
}

struct ikev2_sa *
pair_ikev2_sa(struct pair_side *s)
{
	struct ikev2_sa *sa, *tmp;

	HASH_ITER (hh, s->e.sas2, sa, tmp)
		if (ikev2_sa_is_up(sa))
			return sa;
	return NULL;
}

static bool
sends_what_is_received(struct pair_side *from, struct pair_side *to)
{
	struct ipc_sa *in = held(to, from->out_spi), *out = NULL;
	unsigned int i;

	for (i = 0; i < PAIRS_MAX; i++)
		if (from->sas[i].spi != 0 && from->sas[i].peer_spi == from->out_spi)
			out = &from->sas[i];
	return from->out_spi != 0 && in != NULL && out != NULL &&
	    out->out_key.len + out->out_auth.len > 0 &&
	    out->out_key.len == in->in_key.len &&
	    memcmp(out->out_key.b, in->in_key.b, in->in_key.len) == 0 && in->cipher == out->cipher &&
	    out->out_auth.len == in->in_auth.len &&
	    memcmp(out->out_auth.b, in->in_auth.b, in->in_auth.len) == 0;
}

bool
pair_works(struct pair *p)
{
	return sends_what_is_received(&p->a, &p->b) && sends_what_is_received(&p->b, &p->a);
}

uint32_t
pair_chance(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

uint32_t
pair_msgid_of(const struct flight *f)
{
	struct rbuf r;

	rbuf_init(&r, f->b + 20, f->len < IKE_HEADER_LEN ? 0 : 4);
	return rbuf_be32(&r);
}

unsigned int
pair_exchange_of(const struct flight *f)
{
	return f->len < IKE_HEADER_LEN ? 0 : f->b[18];
}

bool
pair_is_answer(const struct flight *f)
{
	return f->len >= IKE_HEADER_LEN && (f->b[19] & IKEV2_FLAG_RESPONSE) != 0;
}

struct ikev2_sa *
pair_only_ikev2_sa(struct pair_side *s)
{
	return HASH_COUNT(s->e.sas2) == 1 && ikev2_sa_is_up(s->e.sas2) ? s->e.sas2 : NULL;
}

void
pair_soft_expiry(struct pair_side *s)
{
	struct ipc_sa_expire x = {.spi = pair_current(s)->sa.spi, .why = EXPIRE_TIME};

	engine_sa_expire(&s->e, &x);
}

void
pair_forge_main1(struct pair *p, const struct addr *from)
{
	struct p1_transform offer = {CIPHER_AES_CBC, 256, HASH_SHA256, 19, IPC_AUTH_PSK, 86400};
	struct ike_path path = {p->b.addr, *from, 500, 500};
	uint8_t cky[IKE_COOKIE_LEN], zero[IKE_COOKIE_LEN] = {0};
	struct ike_build b;

	random_bytes(cky, sizeof(cky));
	ike_build_begin(&b, cky, zero, EXCHANGE_MAIN, 0);
	p1_offer_write(ike_build_payload(&b, PAYLOAD_SA), &offer, 1);
	engine_receive(&p->b.e, &path, ike_build_end(&b));
}

/* --- filters and fixtures --- */

bool
pair_lose_all(struct pair *p, const struct flight *f)
{
	(void)p;
	(void)f;
	return false;
}

bool
pair_lose_nth(struct pair *p, const struct flight *f)
{
	(void)f;
	return p->count-- != 0;
}

unsigned int pair_lines;

static void
count_line(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)mnemonic;
	(void)text;
	pair_lines++;
}

int
pair_quiet(void **state)
{
	(void)state;
	log_set_sink(count_line, NULL);
	return 0;
}

int
pair_loud(void **state)
{
	(void)state;
	log_set_sink(NULL, NULL);
	return 0;
}
