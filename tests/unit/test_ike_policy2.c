/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The IKEv2 configuration as the exchanges ask it: offers, profiles, keys, our identity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ike_wire.h"
#include "policy2.h"

static struct addr
address(const char *s)
{
	struct addr a = {0};

	assert_true(addr_parse(&a, s));
	return a;
}

static struct ident
ident_of(uint8_t type, const char *text)
{
	struct ident id = {.type = type, .len = (uint8_t)strlen(text)};

	memcpy(id.b, text, id.len);
	return id;
}

static struct ident
ident_at(const char *s)
{
	struct addr a = address(s);
	struct ident id;

	ident_from_addr(&id, &a);
	return id;
}

static void
tell(struct ike_conf2 *c, enum ipc_type type, const void *body, size_t len)
{
	union ipc_body b;

	memset(&b, 0, sizeof(b));
	memcpy(&b, body, len);
	assert_true(conf2_message(c, type, &b));
}

static void
add_proposal(struct ike_conf2 *c, const char *name)
{
	struct ipc_ikev2_proposal p = {
	    .encr0 = CIPHER_AES_CBC, .bits0 = 256, .encr1 = CIPHER_AES_GCM, .bits1 = 128,
	    .integ0 = INTEG_HMAC_SHA512_256, .prf0 = HASH_SHA512, .prf1 = HASH_SHA256,
	    .group0 = 19, .group1 = 14, .group2 = 21,
	};

	snprintf(p.name, sizeof(p.name), "%s", name);
	tell(c, IPC_MSG_IKEV2_PROPOSAL_SET, &p, sizeof(p));
}

static void
add_policy(struct ike_conf2 *c, const char *name, const char *local, const char *first,
    const char *second)
{
	struct ipc_ikev2_policy p = {0};

	snprintf(p.name, sizeof(p.name), "%s", name);
	if (local != NULL)
		p.local = address(local);
	snprintf(p.proposal0, sizeof(p.proposal0), "%s", first);
	snprintf(p.proposal1, sizeof(p.proposal1), "%s", second);
	tell(c, IPC_MSG_IKEV2_POLICY_SET, &p, sizeof(p));
}

static void
add_match(struct ike_conf2 *c, const char *profile, uint16_t position, uint8_t kind,
    const char *text)
{
	struct ipc_ikev2_match m = {.position = position, .kind = kind};

	snprintf(m.profile, sizeof(m.profile), "%s", profile);
	if (kind == IPC_MATCH_ADDRESS || kind == IPC_MATCH_LOCAL_ADDRESS)
		assert_true(prefix_parse(&m.address, text));
	else
		snprintf(m.text, sizeof(m.text), "%s", text);
	tell(c, IPC_MSG_IKEV2_MATCH_SET, &m, sizeof(m));
}

static void
add_profile(struct ike_conf2 *c, const char *name, const char *keyring)
{
	struct ipc_ikev2_profile p = {.auth_local = IPC_AUTH_PSK, .auth_remote = IPC_AUTH_PSK};

	snprintf(p.name, sizeof(p.name), "%s", name);
	snprintf(p.keyring, sizeof(p.keyring), "%s", keyring);
	tell(c, IPC_MSG_IKEV2_PROFILE_SET, &p, sizeof(p));
}

static void
add_key(struct ike_conf2 *c, const char *peer, const char *net, uint8_t id_kind, const char *id,
    const char *local, const char *remote)
{
	struct ipc_ikev2_key k = {.keyring = "RING", .id_kind = id_kind};

	snprintf(k.peer, sizeof(k.peer), "%s", peer);
	if (net != NULL)
		assert_true(prefix_parse(&k.address, net));
	snprintf(k.id, sizeof(k.id), "%s", id);
	secret_set(&k.local, local, strlen(local));
	secret_set(&k.remote, remote, strlen(remote));
	tell(c, IPC_MSG_IKEV2_KEY_SET, &k, sizeof(k));
}

static void
test_proposals(void **state)
{
	const struct conf_proposal2 *list[PROPOSALS2_MAX];
	struct addr one = address("192.0.2.1"), two = address("192.0.2.2");
	struct ike_conf2 c = {0};

	(void)state;
	assert_int_equal(conf2_proposals(&c, &one, list), 0);
	add_proposal(&c, "default");
	add_policy(&c, "default", NULL, "default", "");
	assert_int_equal(conf2_proposals(&c, &one, list), 1);
	assert_string_equal(list[0]->name, "default");
	assert_int_equal(list[0]->n_encr, 2);
	assert_int_equal(list[0]->encr[1].cipher, CIPHER_AES_GCM);
	assert_int_equal(list[0]->encr[1].key_bits, 128);
	assert_int_equal(list[0]->n_integ, 1);
	assert_int_equal(list[0]->n_prf, 2);
	assert_int_equal(list[0]->n_group, 3);
	assert_int_equal(list[0]->group[2], 21);

	add_proposal(&c, "A");
	add_policy(&c, "EMPTY", NULL, "", "");
	assert_string_equal((conf2_proposals(&c, &one, list), list[0]->name), "default");
	add_policy(&c, "ANY", NULL, "A", "default");
	assert_int_equal(conf2_proposals(&c, &one, list), 2);
	assert_string_equal(list[0]->name, "A");
	add_policy(&c, "ONE", "192.0.2.1", "NONE", "default");
	assert_int_equal(conf2_proposals(&c, &one, list), 1);
	assert_string_equal(list[0]->name, "default");
	assert_int_equal(conf2_proposals(&c, &two, list), 2);
	tell(&c, IPC_MSG_IKEV2_POLICY_DEL, &(struct ipc_ikev2_policy){.name = "ONE"},
	    sizeof(struct ipc_ikev2_policy));
	assert_int_equal(conf2_proposals(&c, &one, list), 2);
	tell(&c, IPC_MSG_IKEV2_PROPOSAL_DEL, &(struct ipc_ikev2_proposal){.name = "A"},
	    sizeof(struct ipc_ikev2_proposal));
	assert_int_equal(conf2_proposals(&c, &one, list), 1);
	conf2_clear(&c);
	assert_null(c.policies);
}

/* The first profile that knows the peer; "" for none. */
static const char *
profile_of(const struct ike_conf2 *c, struct ident peer, const char *local, const char *maps)
{
	struct addr at = address(local);
	const struct conf_profile2 *p = conf2_profile_for(c, &peer, &at, maps);

	return p == NULL ? "" : p->set.name;
}

static void
test_matches(void **state)
{
	static const char us[] = "192.0.2.1";
	struct ike_conf2 c = {0};

	(void)state;
	add_profile(&c, "NOBODY", "RING");
	add_profile(&c, "NET", "RING");
	add_match(&c, "NET", 0, IPC_MATCH_ADDRESS, "10.1.0.0/16");
	add_match(&c, "NET", 1, IPC_MATCH_FQDN, "gw.example.net");
	add_profile(&c, "DOMAIN", "RING");
	add_match(&c, "DOMAIN", 0, IPC_MATCH_FQDN_DOMAIN, "example.net");
	add_match(&c, "DOMAIN", 1, IPC_MATCH_EMAIL_DOMAIN, "example.net");
	add_match(&c, "DOMAIN", 2, IPC_MATCH_KEY_ID, "Key");
	add_profile(&c, "CERT", "RING");
	add_match(&c, "CERT", 0, IPC_MATCH_CERT_MAP, "MAP");

	assert_string_equal(profile_of(&c, ident_at("10.1.2.3"), us, NULL), "NET");
	assert_string_equal(profile_of(&c, ident_at("10.2.2.3"), us, NULL), "");
	assert_string_equal(profile_of(&c, ident_at("2001:db8::1"), us, NULL), "");
	assert_string_equal(profile_of(&c, ident_of(ID_FQDN, "GW.example.NET"), us, NULL), "NET");
	assert_string_equal(profile_of(&c, ident_of(ID_FQDN, "a.example.net"), us, NULL), "DOMAIN");
	assert_string_equal(profile_of(&c, ident_of(ID_FQDN, "example.net"), us, NULL), "DOMAIN");
	assert_string_equal(profile_of(&c, ident_of(ID_FQDN, "badexample.net"), us, NULL), "");
	assert_string_equal(profile_of(&c, ident_of(ID_USER_FQDN, "gw.example.net"), us, NULL), "");
	assert_string_equal(profile_of(&c, ident_of(ID_USER_FQDN, "a@example.net"), us, NULL),
	    "DOMAIN");
	assert_string_equal(profile_of(&c, ident_of(ID_USER_FQDN, "a@b.example.net"), us, NULL), "");
	assert_string_equal(profile_of(&c, ident_of(ID_KEY_ID, "Key"), us, NULL), "DOMAIN");
	assert_string_equal(profile_of(&c, ident_of(ID_KEY_ID, "key"), us, NULL), "");
	assert_string_equal(profile_of(&c, ident_of(ID_DER_DN, "x"), us, "OTHER\0MAP\0"), "CERT");
	assert_string_equal(profile_of(&c, ident_of(ID_DER_DN, "x"), us, "MAPS\0"), "");

	/* An address of ours narrows a profile, and alone it knows nobody. */
	add_match(&c, "NET", 2, IPC_MATCH_LOCAL_ADDRESS, "192.0.2.9/32");
	add_match(&c, "NOBODY", 0, IPC_MATCH_LOCAL_ADDRESS, "192.0.2.9/32");
	assert_string_equal(profile_of(&c, ident_at("10.1.2.3"), us, NULL), "");
	assert_string_equal(profile_of(&c, ident_at("10.1.2.3"), "192.0.2.9", NULL), "NET");
	assert_string_equal(profile_of(&c, ident_at("10.9.2.3"), "192.0.2.9", NULL), "");

	/* A profile that does not say how is not used. */
	tell(&c, IPC_MSG_IKEV2_PROFILE_SET, &(struct ipc_ikev2_profile){.name = "NET"},
	    sizeof(struct ipc_ikev2_profile));
	assert_string_equal(profile_of(&c, ident_at("10.1.2.3"), "192.0.2.9", NULL), "");
	add_profile(&c, "ANY", "RING");
	add_match(&c, "ANY", 0, IPC_MATCH_ANY, "");
	assert_string_equal(profile_of(&c, ident_at("10.1.2.3"), us, NULL), "ANY");
	conf2_clear(&c);
}

static const char *
text(const struct secret *s)
{
	static char buf[2][SECRET_MAX + 1];
	static int turn;

	if (s == NULL)
		return "";
	turn ^= 1;
	memcpy(buf[turn], s->b, s->len);
	buf[turn][s->len] = '\0';
	return buf[turn];
}

static void
expect_keys(const struct ike_conf2 *c, const char *remote, struct ident peer, const char *ours,
    const char *theirs)
{
	const struct conf_profile2 *p = conf2_profile(c, "P");
	struct addr a = address(remote);

	assert_non_null(p);
	assert_string_equal(text(conf2_psk_local(c, p, &a, &peer)), ours);
	assert_string_equal(text(conf2_psk_remote(c, p, &a, &peer)), theirs);
}

static void
test_keys(void **state)
{
	struct ident unknown = {0};
	struct ike_conf2 c = {0};

	(void)state;
	add_profile(&c, "P", "RING");
	expect_keys(&c, "10.1.2.3", unknown, "", "");
	add_key(&c, "WIDE", "10.0.0.0/8", 0, "", "wide", "wide");
	add_key(&c, "NARROW", "10.1.0.0/16", 0, "", "ours", "theirs");
	add_key(&c, "NAME", NULL, IPC_MATCH_FQDN, "gw.example.net", "name", "");
	add_key(&c, "ID", NULL, IPC_MATCH_ADDRESS, "198.51.100.7", "id", "id");
	expect_keys(&c, "10.1.2.3", unknown, "ours", "theirs");
	expect_keys(&c, "10.2.2.3", unknown, "wide", "wide");
	expect_keys(&c, "192.0.2.1", unknown, "", "");
	expect_keys(&c, "10.1.2.3", ident_of(ID_FQDN, "gw.example.net"), "name", "");
	expect_keys(&c, "10.1.2.3", ident_at("198.51.100.7"), "id", "id");
	expect_keys(&c, "10.1.2.3", ident_at("198.51.100.8"), "ours", "theirs");

	/* Another keyring's keys are not ours, and no keyring is no key. */
	add_profile(&c, "P", "OTHER");
	expect_keys(&c, "10.1.2.3", unknown, "", "");
	add_profile(&c, "P", "");
	expect_keys(&c, "10.1.2.3", unknown, "", "");
	conf2_clear(&c);
}

static void
assert_ident(const struct ident *id, const struct ident *want)
{
	assert_int_equal(id->type, want->type);
	assert_int_equal(id->len, want->len);
	assert_memory_equal(id->b, want->b, want->len);
}

static void
test_identity(void **state)
{
	struct conf_profile2 p = {.set.auth_local = IPC_AUTH_PSK};
	struct addr us = address("192.0.2.1"), six = address("2001:db8::1");
	struct ident id, want = ident_at("192.0.2.1");

	(void)state;
	conf2_ident_local(&p, &us, &id);
	assert_ident(&id, &want);
	conf2_ident_local(&p, &six, &id);
	want = ident_at("2001:db8::1");
	assert_ident(&id, &want);
	p.set.auth_local = IPC_AUTH_RSA;
	conf2_ident_local(&p, &us, &id);
	assert_int_equal(id.type, ID_DER_DN);
	assert_int_equal(id.len, 0);

	snprintf(p.set.id, sizeof(p.set.id), "%s", "gw.example.net");
	p.set.id_type = IPC_ID_FQDN;
	conf2_ident_local(&p, &us, &id);
	want = ident_of(ID_FQDN, "gw.example.net");
	assert_ident(&id, &want);
	p.set.id_type = IPC_ID_EMAIL;
	conf2_ident_local(&p, &us, &id);
	assert_int_equal(id.type, ID_USER_FQDN);
	snprintf(p.set.id, sizeof(p.set.id), "%s", "198.51.100.7");
	p.set.id_type = IPC_ID_ADDRESS;
	conf2_ident_local(&p, &us, &id);
	want = ident_at("198.51.100.7");
	assert_ident(&id, &want);
}

static void
test_take_over(void **state)
{
	const struct conf_proposal2 *list[PROPOSALS2_MAX];
	struct addr us = address("192.0.2.1");
	struct ike_conf2 c = {0};
	union ipc_body none = {0};

	(void)state;
	add_proposal(&c, "A");
	add_policy(&c, "P", NULL, "A", "");
	add_profile(&c, "P", "RING");
	add_profile(&c, "Q", "RING");
	add_match(&c, "P", 0, IPC_MATCH_ANY, "");
	add_key(&c, "K", "0.0.0.0/0", 0, "", "a", "a");
	conf2_begin(&c);
	add_proposal(&c, "A");
	add_policy(&c, "P", NULL, "A", "");
	add_profile(&c, "P", "RING");
	add_match(&c, "P", 0, IPC_MATCH_ANY, "");
	conf2_sweep(&c);
	assert_int_equal(conf2_proposals(&c, &us, list), 1);
	assert_non_null(conf2_profile(&c, "P"));
	assert_null(conf2_profile(&c, "Q"));
	assert_string_equal(profile_of(&c, ident_at("10.1.2.3"), "192.0.2.1", NULL), "P");
	expect_keys(&c, "10.1.2.3", ident_at("10.1.2.3"), "", "");
	assert_false(conf2_message(&c, IPC_MSG_IKE_POLICY, &none));
	conf2_clear(&c);
	assert_null(c.proposals);
	assert_null(c.policies);
	assert_null(c.keys);
	assert_null(c.profiles);
	assert_null(c.matches);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_proposals),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_take_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
