/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_session.h"
#include "derive.h"
#include "derive_ikev2.h"

/* A DMVPN hub with everything that derive() knows. */
static const char hub[] =
	"crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"
	"crypto isakmp key FirstKey address 203.0.113.0 255.255.255.0\n"
	"crypto ipsec transform-set T esp-gcm 256\n mode transport\n"
	"crypto ipsec profile P\n set transform-set T\n"
	"interface GigabitEthernet0/0\n ip address 203.0.113.1 255.255.255.0\n"
	"interface Tunnel0\n ip address 172.16.0.1 255.255.255.0\n ip nhrp network-id 1\n"
	" ip nhrp map multicast dynamic\n tunnel source GigabitEthernet0/0\n"
	" tunnel mode gre multipoint\n tunnel key 7\n tunnel protection ipsec profile P\n"
	"interface Tunnel1\n ip address 172.17.0.1 255.255.255.252\n"
	" tunnel source 203.0.113.1\n tunnel destination 198.51.100.9\n tunnel mode ipsec ipv4\n"
	" tunnel protection ipsec profile P\n";

static const struct nics nics = {.count = 1, .nic = {{.id = {.type = IFACE_GIGABIT, .has_slot = true},
    .ifname = "wan0"}}};

static struct conf *
parsed(const char *text)
{
	struct conf *c = conf_new();
	struct config_error *errors = NULL;

	if (config_text_apply(c, text, &errors) != 0)
		fail_msg("line %u: %s", errors->line, errors->why);
	return c;
}

/* What was sent, as names: "PROFILE_SET PROTECT_SET ". */
static void
note(void *arg, enum ipc_type type, const void *body)
{
	(void)body;
	text_add(arg, "%s ", ipc_type_name(type));
}

static void
check_change(const char *more, enum ipc_role to, const char *expected)
{
	struct conf *c = parsed(hub);
	struct config_session *s = config_session_new(c);
	struct wishes have = {0}, want = {0};
	struct text notes = {0}, sent = {0};
	char line[200];

	derive(c, &nics, &have, &notes);
	for (; *more != '\0'; more += strlen(line) + 1) {
		struct config_result r;
		size_t len = strcspn(more, "\n");

		memcpy(line, more, len);
		line[len] = '\0';
		config_session_line(s, line, &r);
		assert_int_equal(r.status, LINE_OK);
	}
	derive(c, &nics, &want, &notes);
	wishes_diff(&have, &want, to, note, &sent);
	assert_string_equal(text_str(&sent), expected);
	wishes_free(&have);
	wishes_free(&want);
	text_free(&notes);
	text_free(&sent);
	config_session_free(s);
	conf_free(c);
}

static void
only_what_changed_is_sent(void **state)
{
	(void)state;
	check_change("hostname other\n", IPC_ESPD, "");
	check_change("hostname other\n", IPC_IKED, "");
	check_change("hostname other\n", IPC_NHRPD, "");
	check_change("interface Tunnel0\nip mtu 1380\n", IPC_ESPD, "TUNNEL_SET ");
	check_change("interface Tunnel0\nip mtu 1380\n", IPC_IKED, "");
	check_change("interface Tunnel0\nip mtu 1380\n", IPC_NHRPD, "");
	check_change("no interface Tunnel1\n", IPC_ESPD, "TUNNEL_DEL ");
	check_change("no interface Tunnel1\n", IPC_IKED, "PROTECT_DEL ");
	check_change("no interface Tunnel0\n", IPC_NHRPD, "NHRP_IF_DEL ");
	check_change("interface Tunnel0\nip nhrp map multicast 198.51.100.3\n", IPC_NHRPD, "NHRP_MAP_SET ");
	check_change("crypto isakmp key Second address 203.0.113.0 255.255.255.0\n", IPC_IKED, "IKE_KEY ");
	/* Where none is configured there are default ones: one, since there is no trustpoint. */
	check_change("no crypto isakmp policy 10\n", IPC_IKED, "IKE_POLICY_DEL IKE_POLICY ");
	check_change("no crypto isakmp policy 10\nno crypto isakmp default policy\n", IPC_IKED,
	    "IKE_POLICY_DEL ");
	check_change("no crypto isakmp policy 10\ncrypto pki trustpoint T\n", IPC_IKED,
	    "IKE_POLICY_DEL IKE_POLICY IKE_POLICY ");
}

/* The source is an interface: its address is part of three records. */
static void
an_interface_address_moves_its_tunnels(void **state)
{
	(void)state;
	check_change("interface GigabitEthernet0/0\nip address 203.0.113.7 255.255.255.0\n", IPC_ESPD,
	    "TUNNEL_SET ");
	check_change("interface GigabitEthernet0/0\nip address 203.0.113.7 255.255.255.0\n", IPC_IKED,
	    "PROTECT_SET ");
	check_change("interface GigabitEthernet0/0\nip address 203.0.113.7 255.255.255.0\n", IPC_NHRPD,
	    "NHRP_IF_SET ");
	check_change("interface GigabitEthernet0/0\nshutdown\n", IPC_IKED, "PROTECT_DEL ");
}

static const void *
find(const struct wishes *w, enum ipc_type type, const char *word)
{
	const struct wish *x;

	for (x = w->all; x != NULL; x = x->hh.next)
		if (x->set == type && strstr(x->key, word) != NULL)
			return x->body;
	return NULL;
}

static void
bodies_say_what_is_configured(void **state)
{
	struct conf *c = parsed(hub);
	struct wishes w = {0};
	struct text notes = {0};
	const struct ipc_tunnel *t;
	const struct ipc_ipsec_profile *p;
	const struct ipc_protection *g;

	(void)state;
	derive(c, &nics, &w, &notes);
	t = find(&w, IPC_MSG_TUNNEL_SET, "Tunnel0");
	assert_non_null(t);
	assert_int_equal(t->kind, TUNNEL_MGRE);
	assert_string_equal(ADDR_STR(&t->local), "203.0.113.1");
	assert_int_equal(t->key, 7);
	assert_int_equal(t->mtu, 1400);
	assert_string_equal(t->protection, "Tunnel0");
	t = find(&w, IPC_MSG_TUNNEL_SET, "Tunnel1");
	assert_int_equal(t->mtu, 1438);
	assert_string_equal(ADDR_STR(&t->remote), "198.51.100.9");
	p = find(&w, IPC_MSG_PROFILE_SET, "P");
	assert_int_equal(p->transforms, 1);
	assert_int_equal(p->cipher0, CIPHER_AES_GCM);
	assert_int_equal(p->mode0, MODE_TRANSPORT);
	assert_int_equal(p->life_s, 3600);
	assert_int_equal(p->life_kb, 4608000);
	assert_int_equal(p->replay_window, 64);
	g = find(&w, IPC_MSG_PROTECT_SET, "Tunnel0");
	assert_int_equal(g->kind, TUNNEL_MGRE);
	assert_false(addr_is_set(&g->remote));
	assert_string_equal(text_str(&notes), "");
	wishes_free(&w);
	conf_free(c);
}

/* Nothing that cannot be negotiated is sent to iked, and espd never hears "in clear". */
static void
what_is_missing_is_said(void **state)
{
	struct conf *c = parsed("crypto ipsec transform-set T esp-gcm 256\n"
	    "no crypto ipsec transform-set default\n"
	    "crypto ipsec profile P\n set transform-set T\n"
	    "crypto ipsec profile EMPTY\n"
	    "interface Tunnel0\n tunnel source 10.0.0.1\n tunnel destination 10.0.0.2\n"
	    " tunnel protection ipsec profile P\n");
	struct wishes w = {0};
	struct text notes = {0};
	const struct ipc_tunnel *t;

	(void)state;
	snprintf(conf_profile_find(c, "P")->transform_sets[0], CONF_NAME_MAX, "GONE");
	derive(c, &nics, &w, &notes);
	assert_null(find(&w, IPC_MSG_PROFILE_SET, ""));
	assert_null(find(&w, IPC_MSG_PROTECT_SET, ""));
	assert_non_null(strstr(text_str(&notes), "profile P is not used: there is no transform set GONE"));
	assert_non_null(strstr(text_str(&notes), "profile EMPTY is not used: there is no transform set default"));
	t = find(&w, IPC_MSG_TUNNEL_SET, "Tunnel0");
	assert_string_equal(t->protection, "Tunnel0");
	wishes_free(&w);
	text_free(&notes);
	conf_free(c);
}

static void
shared_tunnels_have_one_protection(void **state)
{
	struct conf *c = parsed("crypto ipsec transform-set T esp-gcm 256\n"
	    "crypto ipsec profile P\n set transform-set T\n"
	    "interface Tunnel0\n tunnel source 10.0.0.1\n tunnel mode gre multipoint\n tunnel key 1\n"
	    " tunnel protection ipsec profile P shared\n"
	    "interface Tunnel1\n tunnel source 10.0.0.1\n tunnel mode gre multipoint\n tunnel key 2\n"
	    " tunnel protection ipsec profile P shared\n");
	struct wishes w = {0};
	struct text notes = {0};
	const struct ipc_protection *g;

	(void)state;
	derive(c, &nics, &w, &notes);
	g = find(&w, IPC_MSG_PROTECT_SET, "P@10.0.0.1");
	assert_non_null(g);
	assert_string_equal(g->tunnel, "Tunnel0");
	assert_null(find(&w, IPC_MSG_PROTECT_SET, "Tunnel1"));
	wishes_free(&w);
	text_free(&notes);
	conf_free(c);
}

/* A keyring and a profile, and nothing more: all else is there. */
static const char smart[] =
	"crypto ikev2 keyring K\n peer any\n  address 0.0.0.0 0.0.0.0\n  pre-shared-key fennec\n"
	"crypto ikev2 profile default\n match identity remote any\n"
	" authentication local pre-share\n authentication remote pre-share\n keyring local K\n"
	"interface Tunnel0\n tunnel source 10.0.0.1\n tunnel destination 10.0.0.2\n"
	" tunnel mode ipsec ipv4\n tunnel protection ipsec profile default\n";

static void
smart_defaults_are_whole(void **state)
{
	struct conf *c = parsed(smart);
	struct wishes w = {0};
	struct text notes = {0};
	const struct ipc_ikev2_proposal *p;
	const struct ipc_ikev2_policy *policy;
	const struct ipc_ikev2_profile *profile;
	const struct ipc_ikev2_key *key;
	const struct ipc_ipsec_profile *ipsec;
	const struct ipc_protection *g;

	(void)state;
	derive(c, &nics, &w, &notes);
	assert_string_equal(text_str(&notes), "");
	p = find(&w, IPC_MSG_IKEV2_PROPOSAL_SET, "default");
	assert_int_equal(p->encr0, CIPHER_AES_CBC);
	assert_int_equal(p->bits0, 256);
	assert_int_equal(p->encr1, CIPHER_NONE);
	assert_int_equal(p->integ0, INTEG_HMAC_SHA512_256);
	assert_int_equal(p->integ1, INTEG_HMAC_SHA384_192);
	assert_int_equal(p->prf0, HASH_SHA512);
	assert_int_equal(p->group0, 19);
	assert_int_equal(p->group2, 21);
	assert_int_equal(p->group3, 0);
	policy = find(&w, IPC_MSG_IKEV2_POLICY_SET, "default");
	assert_string_equal(policy->proposal0, "default");
	key = find(&w, IPC_MSG_IKEV2_KEY_SET, "K any");
	assert_int_equal(key->address.addr.family, ADDR_V4);
	assert_int_equal(key->address.len, 0);
	assert_int_equal(key->local.len, 6);
	assert_int_equal(key->remote.len, 6);
	profile = find(&w, IPC_MSG_IKEV2_PROFILE_SET, "default");
	assert_int_equal(profile->auth_local, IPC_AUTH_PSK);
	assert_int_equal(profile->life_s, 86400);
	assert_non_null(find(&w, IPC_MSG_IKEV2_MATCH_SET, "default 0"));
	ipsec = find(&w, IPC_MSG_PROFILE_SET, "default");
	assert_int_equal(ipsec->transforms, 1);
	assert_int_equal(ipsec->cipher0, CIPHER_AES_CBC);
	assert_int_equal(ipsec->integ0, INTEG_HMAC_SHA1_96);
	assert_int_equal(ipsec->mode0, MODE_TRANSPORT);
	g = find(&w, IPC_MSG_PROTECT_SET, "Tunnel0");
	assert_string_equal(g->profile, "default");
	assert_string_equal(g->ikev2_profile, "default");
	wishes_free(&w);
	conf_free(c);
}

static void
ikev2_is_told_as_configured(void **state)
{
	struct conf *c = parsed("no crypto ikev2 proposal default\n"
	    "crypto ikev2 proposal GCM\n encryption aes-gcm-256 aes-gcm-128\n prf sha384\n group 20\n"
	    "crypto ikev2 proposal CBC\n encryption aes-cbc-128 des\n integrity sha1 md5\n group 2 14\n"
	    "crypto ikev2 policy P\n match address local 192.0.2.7\n proposal CBC\n proposal GCM\n"
	    "crypto ikev2 keyring K\n peer A\n  identity email domain example.net\n"
	    "  pre-shared-key local ours\n  pre-shared-key remote hex 0102\n"
	    "interface GigabitEthernet0/0\n ip address 192.0.2.7 255.255.255.0\n"
	    "crypto ikev2 profile R\n match address local interface gi0/0\n match certificate M\n"
	    " identity local dn\n authentication local rsa-sig\n authentication remote pre-share\n"
	    " authentication remote rsa-sig\n keyring local K\n pki trustpoint T sign\n dpd 10 3 periodic\n"
	    "crypto ikev2 fragmentation\n");
	struct wishes w = {0};
	struct text notes = {0};
	const struct ipc_ikev2_proposal *p;
	const struct ipc_ikev2_policy *policy;
	const struct ipc_ikev2_profile *profile;
	const struct ipc_ikev2_match *m;
	const struct ipc_ikev2_global *g;
	const struct ipc_ikev2_key *key;

	(void)state;
	derive(c, &nics, &w, &notes);
	assert_string_equal(text_str(&notes), "");
	assert_null(find(&w, IPC_MSG_IKEV2_PROPOSAL_SET, "default"));
	assert_null(find(&w, IPC_MSG_IKEV2_POLICY_SET, "default"));
	p = find(&w, IPC_MSG_IKEV2_PROPOSAL_SET, "GCM");
	assert_int_equal(p->encr1, CIPHER_AES_GCM);
	assert_int_equal(p->bits1, 128);
	assert_int_equal(p->integ0, INTEG_NONE);
	assert_int_equal(p->prf0, HASH_SHA384);
	p = find(&w, IPC_MSG_IKEV2_PROPOSAL_SET, "CBC");
	assert_int_equal(p->prf0, HASH_SHA1);		/* without `prf`: those of integrity */
	assert_int_equal(p->prf1, HASH_MD5);
	assert_int_equal(p->prf2, HASH_NONE);
	assert_int_equal(p->group1, 14);
	policy = find(&w, IPC_MSG_IKEV2_POLICY_SET, "P");
	assert_string_equal(ADDR_STR(&policy->local), "192.0.2.7");
	assert_string_equal(policy->proposal0, "CBC");
	assert_string_equal(policy->proposal1, "GCM");
	key = find(&w, IPC_MSG_IKEV2_KEY_SET, "K A");
	assert_int_equal(key->address.addr.family, ADDR_NONE);
	assert_int_equal(key->id_kind, IPC_MATCH_EMAIL_DOMAIN);
	assert_int_equal(key->local.len, 4);
	assert_int_equal(key->remote.len, 2);
	profile = find(&w, IPC_MSG_IKEV2_PROFILE_SET, "R");
	assert_int_equal(profile->auth_local, IPC_AUTH_RSA);
	assert_int_equal(profile->auth_remote, IPC_AUTH_RSA | IPC_AUTH_PSK);
	assert_int_equal(profile->id_type, IPC_ID_DN);
	assert_string_equal(profile->trustpoint0, "T");
	assert_int_equal(profile->use0, IPC_TRUST_SIGN);
	assert_int_equal(profile->dpd_retry_s, 3);
	m = find(&w, IPC_MSG_IKEV2_MATCH_SET, "R 0");
	assert_int_equal(m->kind, IPC_MATCH_LOCAL_ADDRESS);
	assert_string_equal(ADDR_STR(&m->address.addr), "192.0.2.7");
	m = find(&w, IPC_MSG_IKEV2_MATCH_SET, "R 1");
	assert_string_equal(m->text, "M");
	g = find(&w, IPC_MSG_IKEV2_GLOBAL, "global");
	assert_int_equal(g->fragmentation, 1);
	assert_int_equal(g->fragment_bytes, 576);
	assert_int_equal(g->window, 5);
	wishes_free(&w);
	conf_free(c);
}

static void
expect_note(const char *config, const char *note)
{
	struct conf *c = parsed(config);
	struct wishes w = {0};
	struct text notes = {0};

	derive(c, &nics, &w, &notes);
	if (strstr(text_str(&notes), note) == NULL)
		fail_msg("not \"%s\" but \"%s\"", note, text_str(&notes));
	/* A tunnel that should be protected by what is not there is not protected by less. */
	assert_null(find(&w, IPC_MSG_PROTECT_SET, ""));
	wishes_free(&w);
	text_free(&notes);
	conf_free(c);
}

static void
incomplete_ikev2_is_said(void **state)
{
	static const char tunnel[] = "crypto ipsec profile I\n set ikev2-profile R\n"
	    "interface Tunnel0\n tunnel source 10.0.0.1\n tunnel destination 10.0.0.2\n"
	    " tunnel protection ipsec profile I\n";
	static const char *const rows[][2] = {
		{"", "Tunnel0 drops all packets: there is no IKEv2 profile R"},
		{"crypto ikev2 profile R\n match identity remote any\n authentication remote pre-share\n",
		    "profile R is not used: it has no `authentication local`"},
		{"crypto ikev2 profile R\n authentication local rsa-sig\n", "no `match identity remote`"},
		{"crypto ikev2 profile R\n match identity remote any\n authentication local pre-share\n"
		    " authentication remote pre-share\n", "it has no `keyring local`"},
		{"crypto ikev2 profile R\n match identity remote any\n authentication local pre-share\n"
		    " authentication remote pre-share\n keyring local NONE\n", "no such keyring"},
		{"crypto ikev2 profile R\n shutdown\n", "it is shut down"},
		{"crypto ikev2 proposal P\n encryption aes-cbc-256\n group 14\n", "P is not used: it has no integrity"},
		{"crypto ikev2 proposal P\n encryption aes-gcm-256\n group 14\n", "P is not used: it has no prf"},
		{"crypto ikev2 proposal P\n encryption aes-gcm-256\n prf sha256\n", "P is not used: it has no group"},
		{"crypto ikev2 proposal P\n group 14\n", "P is not used: it has no encryption"},
		{"crypto ikev2 policy Q\n", "policy Q is not used"},
		{"crypto ikev2 keyring K\n peer A\n  pre-shared-key fennec\n", "neither address nor identity"},
		{"crypto ikev2 keyring K\n peer A\n  address 10.0.0.2\n", "no pre-shared-key"},
	};
	char config[1000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(config, sizeof(config), "%s%s", rows[i][0], tunnel);
		expect_note(config, rows[i][1]);
	}
}

static void
isakmp_is_told_as_configured(void **state)
{
	struct conf *c = parsed("hostname Spoke\n"
	    "crypto isakmp identity hostname\ncrypto isakmp fragmentation\n"
	    "crypto isakmp key fennec hostname hub.example.org\n"
	    "crypto isakmp peer address 192.0.2.1\n description says nothing\n"
	    "crypto isakmp peer address 192.0.2.2\n set aggressive-mode password corsac\n"
	    "crypto isakmp profile OLD\n keyring K\n self-identity fqdn\n keepalive 30 retry 3\n"
	    " match identity address 10.0.0.0 255.0.0.0\n match identity user domain example.org\n"
	    " initiate mode aggressive\n local-address GigabitEthernet0/7\n"
	    "crypto ipsec profile P\n set isakmp-profile OLD\n"
	    "interface GigabitEthernet0/7\n ip address 203.0.113.7 255.255.255.0\n"
	    "interface Tunnel0\n tunnel source 10.0.0.1\n tunnel destination 10.0.0.2\n"
	    " tunnel protection ipsec profile P\n"
	    "interface Tunnel1\n tunnel source 10.0.0.1\n tunnel destination 10.0.0.3\n"
	    " tunnel protection ipsec profile P isakmp-profile NONE\n");
	struct wishes w = {0};
	struct text notes = {0};
	const struct ipc_isakmp_global *g;
	const struct ipc_isakmp_profile *p;
	const struct ipc_isakmp_match *m;
	const struct ipc_protection *prot;

	(void)state;
	derive(c, &nics, &w, &notes);
	g = find(&w, IPC_MSG_ISAKMP_GLOBAL, "global");
	assert_int_equal(g->id_type, IPC_ID_FQDN);
	assert_string_equal(g->id, "Spoke");
	assert_true(g->fragmentation && !g->aggressive_off);
	assert_null(find(&w, IPC_MSG_ISAKMP_PEER_SET, "192.0.2.1"));
	assert_non_null(find(&w, IPC_MSG_ISAKMP_PEER_SET, "192.0.2.2"));
	p = find(&w, IPC_MSG_ISAKMP_PROFILE_SET, "OLD");
	assert_string_equal(p->keyring, "K");
	assert_string_equal(p->id, "Spoke");
	assert_true(p->aggressive && p->has_dpd && p->dpd_s == 30 && p->dpd_retry_s == 3);
	assert_string_equal(ADDR_STR(&p->local), "203.0.113.7");
	m = find(&w, IPC_MSG_ISAKMP_MATCH_SET, "OLD 00002");
	assert_int_equal(m->kind, IPC_MATCH_EMAIL_DOMAIN);
	assert_string_equal(m->text, "example.org");
	prot = find(&w, IPC_MSG_PROTECT_SET, "Tunnel0");
	assert_string_equal(prot->isakmp_profile, "OLD");
	assert_null(find(&w, IPC_MSG_PROTECT_SET, "Tunnel1"));
	assert_non_null(strstr(text_str(&notes), "Tunnel1 drops all packets: there is no ISAKMP "
	    "profile NONE"));
	wishes_free(&w);
	text_free(&notes);
	conf_free(c);
}

/* --- crash detection --- */

static const char *
crash_wish(const char *config, struct key_store *keys, struct secret *secret)
{
	static char notes_text[600];
	struct conf *c = parsed(config);
	struct wishes w = {0};
	struct text notes = {0};
	const struct ipc_ikev2_crash *m;

	derive_crash_detection(&c->ikev2, keys, &w, &notes);
	m = find(&w, IPC_MSG_IKEV2_CRASH_SET, "");
	secret->len = UINT16_MAX;
	if (m != NULL)
		*secret = m->secret;
	snprintf(notes_text, sizeof(notes_text), "%s", text_str(&notes));
	wishes_free(&w);
	text_free(&notes);
	conf_free(c);
	return notes_text;
}

/* The secret is made once and is there after a boot; without IKEv2 there is none. */
static void
crash_detection_has_a_lasting_secret(void **state)
{
	static const char with[] = "crypto ikev2 profile P\n match identity remote any\n";
	char dir[] = "/tmp/culvert-crash.XXXXXX", startup[64], path[80];
	struct secret first, again;
	struct key_store keys = {0}, booted = {0};
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(startup, sizeof(startup), "%s/startup-config", dir);
	snprintf(path, sizeof(path), "%s/keys/crash-detection", dir);
	key_store_open(&keys, startup);
	crash_wish("hostname r\n", &keys, &first);
	assert_int_equal(first.len, UINT16_MAX);
	assert_int_equal(stat(path, &st), -1);
	assert_string_equal(crash_wish(with, &keys, &first), "");
	assert_int_equal(first.len, 32);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	key_store_open(&booted, startup);
	crash_wish(with, &booted, &again);
	assert_int_equal(again.len, 32);
	assert_memory_equal(again.b, first.b, 32);
	crash_wish("crypto ikev2 profile P\nno crypto ikev2 crash-detection\n", &keys, &first);
	assert_int_equal(first.len, UINT16_MAX);
	key_store_close(&keys);
	key_store_close(&booted);
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	rmdir(dir);
}

/* Where it cannot be kept we make no tokens, and take those of others. */
static void
crash_detection_without_a_disk_only_takes(void **state)
{
	struct key_store keys = {0};
	struct secret secret;
	const char *notes;

	(void)state;
	key_store_open(&keys, "/proc/none/startup-config");
	notes = crash_wish("crypto ikev2 profile P\n match identity remote any\n", &keys, &secret);
	assert_int_equal(secret.len, 0);
	assert_non_null(strstr(notes, "IKEv2 peers get no crash detection tokens of ours: cannot write"));
	key_store_close(&keys);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_changed_is_sent),
		cmocka_unit_test(an_interface_address_moves_its_tunnels),
		cmocka_unit_test(bodies_say_what_is_configured),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(shared_tunnels_have_one_protection),
		cmocka_unit_test(smart_defaults_are_whole),
		cmocka_unit_test(ikev2_is_told_as_configured),
		cmocka_unit_test(incomplete_ikev2_is_said),
		cmocka_unit_test(isakmp_is_told_as_configured),
		cmocka_unit_test(crash_detection_has_a_lasting_secret),
		cmocka_unit_test(crash_detection_without_a_disk_only_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
