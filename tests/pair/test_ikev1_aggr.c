/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aggressive mode and ISAKMP profiles between two engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "pair.h"
#include "payload.h"
#include "secret.h"

/* `s` speaks aggressive mode to the other, as `name` if it is not empty. */
static void
speaks_aggressive(struct pair_side *s, const char *name)
{
	struct pair_side *other = s == &s->pair->a ? &s->pair->b : &s->pair->a;
	struct ipc_isakmp_peer peer = {.peer = other->addr};

	if (name[0] != '\0')
		peer.id_type = IPC_ID_FQDN;
	memcpy(peer.id, name, strlen(name) + 1);
	conf1_message(&s->e.conf.v1, IPC_MSG_ISAKMP_PEER_SET, &peer);
}

/* Only keys of names, none of addresses. */
static void
set_host_key(struct pair_side *s, const char *keyring, const char *host, const char *psk)
{
	struct ipc_ike_key anybody = {.peer = {.addr = {.family = ADDR_V4}}}, key = {0};

	conf_del_psk(&s->e.conf, &anybody);
	memcpy(key.keyring, keyring, strlen(keyring) + 1);
	memcpy(key.host, host, strlen(host) + 1);
	secret_set(&key.secret, psk, strlen(psk));
	conf_set_psk(&s->e.conf, &key);
}

static void
set_name(struct pair_side *s, const char *name)
{
	struct ipc_isakmp_global global = {.id_type = IPC_ID_FQDN};

	memcpy(global.id, name, strlen(name) + 1);
	conf1_message(&s->e.conf.v1, IPC_MSG_ISAKMP_GLOBAL, &global);
}

static void
three_messages_and_quick_mode(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	speaks_aggressive(&p.a, "");
	pair_up(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.sent, 6);
	assert_int_equal(p.a.e.sas->main.type, EXCHANGE_AGGRESSIVE);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(p.b.e.half_open, 0);
	pair_free(&p);
}

/* What main mode cannot: the key belongs to a name, whatever the address. */
static void
a_name_has_a_key(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "-", "-");
	speaks_aggressive(&p.a, "spoke.example.org");
	set_host_key(&p.a, "", "hub.example.org", "of the pair");
	set_host_key(&p.b, "", "Spoke.example.org", "of the pair");
	set_name(&p.b, "hub.example.org");
	pair_up(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.b.e.sas->peer_id->type, ID_FQDN);
	assert_int_equal(p.b.e.sas->peer_id->len, 17);
	assert_memory_equal(p.a.e.sas->peer_id->b, "hub.example.org", 15);
	pair_free(&p);
}

static void
nobody_has_no_key(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "-", "-");
	speaks_aggressive(&p.a, "spoke.example.net");
	set_host_key(&p.a, "", "hub.example.org", "of the pair");
	set_host_key(&p.b, "", "spoke.example.org", "of the pair");
	pair_up(&p);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_true(p.b.e.counter[IKE_DROP_NO_KEY] > 0);
	assert_int_equal(p.b.e.half_open, 0);
	assert_int_equal(p.b.e.counter[IKE_SENT], 0);
	pair_free(&p);
}

static void
a_wrong_key_is_noticed_by_the_initiator(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "right", "wrong");
	speaks_aggressive(&p.a, "");
	pair_up(&p);
	pair_pass(&p, 90000);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_int_equal(pair_sas(&p.b), 0);
	assert_true(p.a.e.counter[IKE_DROP_AUTH] > 0);
	pair_free(&p);
}

static void
it_can_be_disabled(void **state)
{
	struct ipc_isakmp_global global = {.aggressive_off = 1};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	speaks_aggressive(&p.a, "");
	conf1_message(&p.b.e.conf.v1, IPC_MSG_ISAKMP_GLOBAL, &global);
	pair_up(&p);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_true(p.b.e.counter[IKE_DROP_AGGRESSIVE] > 0);
	assert_int_equal(p.b.e.counter[IKE_SENT], 0);
	pair_free(&p);
}

/* AM3 among them, whose loss the initiator is not told. */
static void
any_one_message_may_be_lost(void **state)
{
	int n;

	(void)state;
	for (n = 0; n < 6; n++) {
		struct pair p;

		pair_init(&p, "k", "k");
		speaks_aggressive(&p.a, "");
		p.filter = pair_lose_nth;
		p.count = n;
		pair_up(&p);
		pair_pass(&p, 6000);
		assert_true(pair_works(&p));
		assert_int_equal(pair_sas(&p.a), 1);
		assert_int_equal(pair_sas(&p.b), 1);
		assert_int_equal(p.lacking, 0);
		pair_free(&p);
	}
}

static void
doubled_and_reordered(void **state)
{
	int n;

	(void)state;
	for (n = 0; n < 2; n++) {
		struct pair p;

		pair_init(&p, "k", "k");
		speaks_aggressive(&p.a, "");
		p.double_all = true;
		p.reverse = n == 1;
		pair_up(&p);
		pair_pass(&p, 6000);
		assert_true(pair_works(&p));
		assert_int_equal(p.lacking, 0);
		assert_true(p.sent < 60);	/* nobody answers answers for ever */
		pair_free(&p);
	}
}

static void
through_a_nat(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_behind_nat(&p);
	speaks_aggressive(&p.a, "spoke.example.org");
	pair_up(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.a.sas[0].encap, 1);
	assert_int_equal(p.b.e.peers->path.remote_port, 61234);
	assert_int_equal(p.b.e.peers->path.local_port, 4500);
	assert_true(p.b.e.sas->nat_remote);
	assert_false(p.b.e.sas->nat_local);
	pair_free(&p);
}

/* Policies of other groups than the best one's cannot be offered. */
static void
one_group_is_offered(void **state)
{
	struct ipc_ike_policy second = {.priority = 20, .cipher = CIPHER_3DES_CBC,
	    .hash = HASH_SHA1, .group = 2, .life_s = 3600}, same = second;
	struct pair p;

	(void)state;
	same.priority = 30;
	same.group = 19;
	pair_init(&p, "k", "k");
	speaks_aggressive(&p.a, "");
	conf_set_policy(&p.a.e.conf, &second);
	conf_set_policy(&p.a.e.conf, &same);
	conf_del_policy(&p.b.e.conf, 10);
	conf_set_policy(&p.b.e.conf, &second);
	conf_set_policy(&p.b.e.conf, &same);
	pair_up(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.b.e.sas->p1.group, 19);
	assert_int_equal(p.b.e.sas->p1.cipher, CIPHER_3DES_CBC);
	pair_free(&p);
}

/* An answer that was not made with the key leaves the exchange as it was. */
static bool
forge_am2(struct pair *p, const struct flight *f)
{
	struct flight forged;

	if (pair_exchange_of(f) != EXCHANGE_AGGRESSIVE || f->to != &p->a || p->count++ > 0)
		return true;
	forged = *f;
	forged.b[15] ^= 1;		/* the responder's cookie, which HASH_R covers */
	engine_receive(&p->a.e, &forged.path, slice_of(forged.b, forged.len));
	return true;
}

static void
a_forged_answer_does_no_harm(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	speaks_aggressive(&p.a, "");
	p.filter = forge_am2;
	pair_up(&p);
	assert_true(p.a.e.counter[IKE_DROP_AUTH] > 0);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* Strangers' offers: a bounded number of SAs, of Diffie-Hellmans and of answers. */
static void
strangers_are_bounded(void **state)
{
	struct p1_transform offer = {CIPHER_AES_CBC, 256, HASH_SHA256, 19, IPC_AUTH_PSK, 86400};
	struct dh *dh = dh_new(19);
	uint8_t cky[8], zero[8] = {0}, nonce[16] = {1};
	struct ident id;
	struct ike_build b;
	struct ike_path path;
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = pair_lose_all;
	for (i = 0; i < 2000; i++) {
		path = (struct ike_path){p.b.addr, addr_v4(0x0a000000 + i / 10), 500, 500};
		random_bytes(cky, sizeof(cky));
		ike_build_begin(&b, cky, zero, EXCHANGE_AGGRESSIVE, 0);
		p1_offer_write(ike_build_payload(&b, PAYLOAD_SA), &offer, 1);
		ike_build_put(&b, PAYLOAD_KE, dh_public(dh));
		ike_build_put(&b, PAYLOAD_NONCE, slice_of(nonce, sizeof(nonce)));
		ident_from_addr(&id, &path.remote);
		ident_write(ike_build_payload(&b, PAYLOAD_ID), &id, 17, 500);
		engine_receive(&p.b.e, &path, ike_build_end(&b));
	}
	assert_true(p.b.e.half_open <= 512);
	assert_true(p.b.e.counter[IKE_SENT] <= 200);
	assert_true(p.b.e.counter[IKE_DROP_HALF_OPEN] >= 1800);
	pair_pass(&p, 61000);
	assert_int_equal(p.b.e.half_open, 0);
	dh_free(dh);
	pair_free(&p);
}

/* --- profiles --- */

static void
set_profile(struct pair_side *s, const struct ipc_isakmp_profile *profile, uint8_t kind,
    const char *text, const char *prefix)
{
	struct ipc_isakmp_match match = {.position = 1, .kind = kind};

	memcpy(match.profile, profile->name, sizeof(match.profile));
	memcpy(match.text, text, strlen(text) + 1);
	if (prefix != NULL) {
		match.address.len = 24;
		addr_parse(&match.address.addr, prefix);
	}
	conf1_message(&s->e.conf.v1, IPC_MSG_ISAKMP_PROFILE_SET, profile);
	conf1_message(&s->e.conf.v1, IPC_MSG_ISAKMP_MATCH_SET, &match);
}

static void
protect_with(struct pair_side *s, uint8_t kind, const struct addr *remote, const char *profile)
{
	struct ipc_ipsec_profile ipsec = {.name = "PROF", .transforms = 1,
	    .cipher0 = CIPHER_AES_GCM, .bits0 = 128, .mode0 = MODE_TRANSPORT, .life_s = 3600};
	struct ipc_protection prot = {.protection = "Tunnel0", .tunnel = "Tunnel0",
	    .profile = "PROF", .local = s->addr, .kind = kind};

	conf_set_profile(&s->e.conf, &ipsec);
	if (remote != NULL)
		prot.remote = *remote;
	memcpy(prot.isakmp_profile, profile, strlen(profile) + 1);
	conf_set_protection(&s->e.conf, &prot);
	engine_config_done(&s->e);
}

static void
a_profile_says_how(void **state)
{
	struct ipc_isakmp_profile hub = {.name = "HUB", .keyring = "RING", .has_dpd = 1,
	    .dpd_s = 33, .dpd_periodic = 1};
	struct ipc_isakmp_profile spoke = {.name = "SPOKE", .keyring = "RING", .aggressive = 1,
	    .id_type = IPC_ID_EMAIL, .id = "spoke@example.org"};
	struct pair p;

	(void)state;
	pair_init(&p, "-", "-");
	set_profile(&p.a, &spoke, IPC_MATCH_ADDRESS, "", "192.0.2.0");
	set_profile(&p.b, &hub, IPC_MATCH_EMAIL_DOMAIN, "example.org", NULL);
	set_host_key(&p.a, "RING", "192.0.2.2", "x");
	set_host_key(&p.b, "RING", "spoke@example.org", "k");
	conf_set_psk(&p.a.e.conf, &(struct ipc_ike_key){.keyring = "RING",
	    .peer = {.addr = p.b.addr, .len = 32}, .secret = {.len = 1, .b = "k"}});
	protect_with(&p.b, TUNNEL_MGRE, NULL, "HUB");
	protect_with(&p.a, TUNNEL_GRE, &p.b.addr, "SPOKE");
	pair_run(&p);
	assert_true(pair_works(&p));
	assert_string_equal(p.a.e.sas->profile, "SPOKE");
	assert_string_equal(p.b.e.sas->profile, "HUB");
	assert_int_equal(p.b.e.sas->main.type, EXCHANGE_AGGRESSIVE);
	assert_true(timer_armed(&p.b.e.sas->dpd.timer));
	assert_false(timer_armed(&p.a.e.sas->dpd.timer));
	pair_free(&p);
}

/* Main mode finds the key by address; the profile that the identity chooses must have it, too. */
static void
a_profiles_keyring_must_have_the_key(void **state)
{
	struct ipc_isakmp_profile hub = {.name = "HUB", .keyring = "RING"};
	struct ipc_ike_key key = {.keyring = "RING", .secret = {.len = 1, .b = "q"}};
	struct pair p;
	int good;

	(void)state;
	for (good = 0; good < 2; good++) {
		pair_init(&p, "k", "k");
		set_profile(&p.b, &hub, IPC_MATCH_ADDRESS, "", "192.0.2.0");
		key.peer = (struct prefix){.addr = {.family = ADDR_V4}};
		key.secret.b[0] = good ? 'k' : 'q';
		conf_set_psk(&p.b.e.conf, &key);
		pair_up(&p);
		assert_int_equal(pair_sas(&p.b), good);
		pair_free(&p);
	}
}

static void
a_protection_wants_its_profile(void **state)
{
	struct ipc_isakmp_profile hub = {.name = "HUB"};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	set_profile(&p.b, &hub, IPC_MATCH_FQDN, "somebody.else", NULL);
	protect_with(&p.b, TUNNEL_MGRE, NULL, "HUB");
	protect_with(&p.a, TUNNEL_GRE, &p.b.addr, "");
	pair_run(&p);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(pair_children(&p.b), 0);
	assert_true(p.b.e.counter[IKE_DROP_REFUSED] > 0);
	pair_free(&p);
}

static void
the_closest_match_wins(void **state)
{
	static const struct {
		const char *name, *text, *prefix;
		uint8_t kind, len;
	} rows[] = {
		{"ALL", "", "0.0.0.0", IPC_MATCH_ADDRESS, 0},
		{"NET", "", "192.0.2.0", IPC_MATCH_ADDRESS, 24},
		{"DOMAIN", "example.org", NULL, IPC_MATCH_FQDN_DOMAIN, 0},
		{"HOST", "hub.example.org", NULL, IPC_MATCH_FQDN, 0},
		{"USER", "me@example.org", NULL, IPC_MATCH_EMAIL, 0},
	};
	static const struct {
		uint8_t type;
		const char *id, *profile;
	} asked[] = {
		{ID_FQDN, "hub.example.org", "HOST"}, {ID_FQDN, "HUB.Example.ORG", "HOST"},
		{ID_FQDN, "spoke.example.org", "DOMAIN"}, {ID_FQDN, "badexample.org", ""},
		{ID_FQDN, "example.org", ""}, {ID_USER_FQDN, "me@example.org", "USER"},
		{ID_USER_FQDN, "you@example.org", ""}, {ID_USER_FQDN, "hub.example.org", ""},
		{ID_IPV4_ADDR, "\xc0\x00\x02\x07", "NET"}, {ID_IPV4_ADDR, "\x0a\x01\x02\x07", "ALL"},
	};
	struct ike_conf1 c = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ipc_isakmp_profile profile = {0};
		struct ipc_isakmp_match match = {.position = 1, .kind = rows[i].kind};

		memcpy(profile.name, rows[i].name, strlen(rows[i].name));
		memcpy(match.profile, rows[i].name, strlen(rows[i].name));
		memcpy(match.text, rows[i].text, strlen(rows[i].text));
		match.address.len = rows[i].len;
		if (rows[i].prefix != NULL)
			addr_parse(&match.address.addr, rows[i].prefix);
		conf1_message(&c, IPC_MSG_ISAKMP_PROFILE_SET, &profile);
		conf1_message(&c, IPC_MSG_ISAKMP_MATCH_SET, &match);
	}
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		struct ident id = {.type = asked[i].type};
		const struct conf_profile1 *got;

		id.len = id.type == ID_IPV4_ADDR ? 4 : (uint8_t)strlen(asked[i].id);
		memcpy(id.b, asked[i].id, id.len);
		got = conf1_profile_for(&c, &id, "", &(struct addr){0});
		assert_string_equal(got == NULL ? "" : got->set.name, asked[i].profile);
	}
	conf1_clear(&c);
	assert_null(c.profiles);
	assert_null(c.matches);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_messages_and_quick_mode),
		cmocka_unit_test(a_name_has_a_key),
		cmocka_unit_test(nobody_has_no_key),
		cmocka_unit_test(a_wrong_key_is_noticed_by_the_initiator),
		cmocka_unit_test(it_can_be_disabled),
		cmocka_unit_test(any_one_message_may_be_lost),
		cmocka_unit_test(doubled_and_reordered),
		cmocka_unit_test(through_a_nat),
		cmocka_unit_test(one_group_is_offered),
		cmocka_unit_test(a_forged_answer_does_no_harm),
		cmocka_unit_test(strangers_are_bounded),
		cmocka_unit_test(a_profile_says_how),
		cmocka_unit_test(a_profiles_keyring_must_have_the_key),
		cmocka_unit_test(a_protection_wants_its_profile),
		cmocka_unit_test(the_closest_match_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
