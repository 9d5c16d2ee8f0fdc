/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show crypto ikev2 proposal, policy, profile: what is in force in iked. */
#include <string.h>

#include "algs.h"
#include "show_ikev2.h"

static const char *
ask(struct rows *rows, struct show_source *src, enum ipc_type type)
{
	return rows_ask(rows, src, IPC_IKED, SHOW_IKEV2_CONF, type);
}

/* `default` is shown first, the others in the order of their configuration. */
static bool
turn(unsigned int round, const struct show_args *a, const char *name)
{
	return (strcmp(name, IKEV2_DEFAULT) == 0) == (round == 0) && wanted_name(a, name);
}

/* --- names, as IOS writes them --- */

const char *
ikev2_integ_name(uint8_t integ)
{
	static const char *const names[INTEG_COUNT] = {
		[INTEG_NONE] = "None", [INTEG_HMAC_SHA1_96] = "SHA96",
		[INTEG_HMAC_SHA256_128] = "SHA256", [INTEG_HMAC_SHA384_192] = "SHA384",
		[INTEG_HMAC_SHA512_256] = "SHA512", [INTEG_HMAC_MD5_96] = "MD596",
	};

	return integ < INTEG_COUNT ? names[integ] : "";
}

const char *
ikev2_prf_name(uint8_t prf)
{
	static const char *const names[HASH_COUNT] = {
		[HASH_NONE] = "None", [HASH_MD5] = "MD5", [HASH_SHA1] = "SHA1",
		[HASH_SHA256] = "SHA256", [HASH_SHA384] = "SHA384", [HASH_SHA512] = "SHA512",
	};

	return prf < HASH_COUNT ? names[prf] : "";
}

const char *
ikev2_cipher_name(uint8_t cipher)
{
	switch (cipher) {
	case CIPHER_AES_CBC:
		return "AES-CBC";
	case CIPHER_AES_GCM:
		return "AES-GCM";
	case CIPHER_CHACHA20_POLY1305:
		return "CHACHA20-POLY1305";
	case CIPHER_3DES_CBC:
		return "3DES";
	case CIPHER_DES_CBC:
		return "DES";
	default:
		return "Unknown";
	}
}

static void
add_cipher(struct text *out, uint8_t cipher, uint16_t bits)
{
	text_add(out, " %s", ikev2_cipher_name(cipher));
	if (cipher == CIPHER_AES_CBC || cipher == CIPHER_AES_GCM)
		text_add(out, "-%u", bits);
}

static void
add_group(struct text *out, uint8_t group)
{
	static const struct {
		uint8_t group;
		const char *name;
	} names[] = {
		{1, "768_MODP"}, {2, "1024_MODP"}, {5, "1536_MODP"}, {14, "2048_MODP"},
		{15, "3072_MODP"}, {16, "4096_MODP"}, {19, "256_ECP"}, {20, "384_ECP"},
		{21, "521_ECP"}, {24, "2048_256_MODP"}, {31, "CURVE25519"},
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].group == group)
			text_add(out, " DH_GROUP_%s/Group %u", names[i].name, group);
}

/* --- proposals --- */

static void
add_proposal(struct text *out, const struct ipc_ikev2_proposal *p)
{
	const struct { uint8_t cipher; uint16_t bits; } encr[] = {
		{p->encr0, p->bits0}, {p->encr1, p->bits1}, {p->encr2, p->bits2},
		{p->encr3, p->bits3}, {p->encr4, p->bits4}, {p->encr5, p->bits5},
		{p->encr6, p->bits6}, {p->encr7, p->bits7},
	};
	const uint8_t integ[] = {p->integ0, p->integ1, p->integ2, p->integ3, p->integ4, p->integ5};
	const uint8_t prf[] = {p->prf0, p->prf1, p->prf2, p->prf3, p->prf4, p->prf5};
	const uint8_t group[] = {p->group0, p->group1, p->group2, p->group3, p->group4, p->group5,
	    p->group6, p->group7};
	size_t i;

	text_add(out, " IKEv2 proposal: %s%s\n     Encryption :", p->name,
	    strcmp(p->name, IKEV2_DEFAULT) == 0 ? " " : "");
	for (i = 0; i < sizeof(encr) / sizeof(encr[0]) && encr[i].cipher != CIPHER_NONE; i++)
		add_cipher(out, encr[i].cipher, encr[i].bits);
	text_add(out, "\n     Integrity  :%s", integ[0] == INTEG_NONE ? " none" : "");
	for (i = 0; i < sizeof(integ) && integ[i] != INTEG_NONE; i++)
		text_add(out, " %s", ikev2_integ_name(integ[i]));
	text_add(out, "\n     PRF        :");
	for (i = 0; i < sizeof(prf) && prf[i] != HASH_NONE; i++)
		text_add(out, " %s", ikev2_prf_name(prf[i]));
	text_add(out, "\n     DH Group   :");
	for (i = 0; i < sizeof(group) && group[i] != 0; i++)
		add_group(out, group[i]);
	text_add(out, "\n");
}

const char *
show_crypto_ikev2_proposal(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows;
	const char *why = ask(&rows, src, IPC_MSG_ROW_IKEV2_PROPOSAL);
	const struct ipc_ikev2_proposal *p;

	for (unsigned int round = 0; round < 2; round++)
		ROWS_EACH(p, &rows)
			if (turn(round, a, p->name))
				add_proposal(out, p);
	rows_free(&rows);
	return why;
}

/* --- policies --- */

static void
add_policy(struct text *out, const struct ipc_ikev2_policy *p)
{
	const char *const names[] = {p->proposal0, p->proposal1, p->proposal2, p->proposal3,
	    p->proposal4, p->proposal5, p->proposal6, p->proposal7};
	bool is_default = strcmp(p->name, IKEV2_DEFAULT) == 0;
	size_t i;

	text_add(out, " IKEv2 policy : %s\n", p->name);
	text_add(out, is_default ? "      Match fvrf : any\n" : "      Match fvrf  : global\n");
	text_add(out, "      Match address local : %s\n",
	    addr_is_set(&p->local) ? ADDR_STR(&p->local) : "any");
	for (i = 0; i < sizeof(names) / sizeof(names[0]) && names[i][0] != '\0'; i++)
		text_add(out, "      Proposal    : %s\n", names[i]);
}

const char *
show_crypto_ikev2_policy(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows;
	const char *why = ask(&rows, src, IPC_MSG_ROW_IKEV2_POLICY);
	const struct ipc_ikev2_policy *p;
	size_t had = out->len;

	for (unsigned int round = 0; round < 2; round++)
		ROWS_EACH(p, &rows)
			if (turn(round, a, p->name)) {
				text_add(out, "%s", out->len == had ? "" : "\n");
				add_policy(out, p);
			}
	rows_free(&rows);
	return why;
}

/* --- profiles --- */

static void
add_match(struct text *out, const struct ipc_ikev2_match *m)
{
	static const char *const words[] = {
		[IPC_MATCH_FQDN] = "fqdn", [IPC_MATCH_FQDN_DOMAIN] = "fqdn domain",
		[IPC_MATCH_EMAIL] = "email", [IPC_MATCH_EMAIL_DOMAIN] = "email domain",
		[IPC_MATCH_KEY_ID] = "key-id",
	};
	struct addr mask = prefix_mask(m->address.addr.family, m->address.len);

	if (m->kind == IPC_MATCH_ANY)
		text_add(out, "   any\n");
	else if (m->kind != IPC_MATCH_ADDRESS)
		text_add(out, "   %s %s\n", words[m->kind], m->text);
	else if (m->address.addr.family == ADDR_V6)
		text_add(out, "   address %s\n", PREFIX_STR(&m->address));
	else
		text_add(out, "   address %s %s\n", ADDR_STR(&m->address.addr), ADDR_STR(&mask));
}

enum match_group { LOCAL, IDENTITY, CERTIFICATE };

static enum match_group
group_of(uint8_t kind)
{
	return kind == IPC_MATCH_LOCAL_ADDRESS ? LOCAL :
	    kind == IPC_MATCH_CERT_MAP ? CERTIFICATE : IDENTITY;
}

/* The rules of one group, or "none" behind the group's title. */
static void
add_matches(struct text *out, const struct rows *matches, const char *profile,
    enum match_group group, const char *title)
{
	const struct ipc_ikev2_match *m;
	unsigned int n = 0;

	text_add(out, "  %s:", title);
	ROWS_EACH(m, matches) {
		if (strcmp(m->profile, profile) != 0 || group_of(m->kind) != group)
			continue;
		if (group == LOCAL)
			text_add(out, " %s", ADDR_STR(&m->address.addr));
		else if (group == CERTIFICATE)
			text_add(out, " %s", m->text);
		else
			text_add(out, "%s", n == 0 ? " \n" : "");
		if (group == IDENTITY)
			add_match(out, m);
		n++;
	}
	if (n == 0)
		text_add(out, " none");
	if (n == 0 || group != IDENTITY)
		text_add(out, "\n");
}

static void
add_methods(struct text *out, uint8_t bits)
{
	static const struct {
		uint8_t bit;
		const char *word;
	} methods[] = {
		{IPC_AUTH_PSK, "pre-share"}, {IPC_AUTH_RSA, "rsa-sig"},
		{IPC_AUTH_ECDSA, "ecdsa-sig"}, {IPC_AUTH_EDDSA, "eddsa-sig"},
	};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if ((bits & methods[i].bit) != 0)
			text_add(out, " %s", methods[i].word);
	text_add(out, "\n");
}

static void
add_identity(struct text *out, const struct ipc_ikev2_profile *p)
{
	static const char *const words[] = {
		"none", [IPC_ID_ADDRESS] = "address", [IPC_ID_FQDN] = "fqdn",
		[IPC_ID_EMAIL] = "email", [IPC_ID_KEY_ID] = "key-id", [IPC_ID_DN] = "DN",
	};

	text_add(out, " Local identity: %s%s%s\n", words[p->id_type], p->id[0] == '\0' ? "" : " ",
	    p->id);
}

static void
add_timers(struct text *out, const struct ipc_ikev2_profile *p)
{
	text_add(out, " Lifetime: %u seconds\n", p->life_s);
	if (p->has_dpd)
		text_add(out, " DPD: interval %u, retry-interval %u, %s\n", p->dpd_s, p->dpd_retry_s,
		    p->dpd_periodic ? "periodic" : "on-demand");
	else
		text_add(out, " DPD: disabled\n");
	if (p->natt_keepalive_s != 0)
		text_add(out, " NAT-keepalive: %u sec\n", p->natt_keepalive_s);
	else
		text_add(out, " NAT-keepalive: disabled\n");
}

static void
add_profile(struct text *out, const struct ipc_ikev2_profile *p, const struct rows *matches)
{
	const char *const trust[] = {p->trustpoint0, p->trustpoint1, p->trustpoint2, p->trustpoint3};
	size_t i;

	text_add(out, "IKEv2 profile: %s\n Shutdown : No\n Match criteria: \n  Fvrf: global\n",
	    p->name);
	add_matches(out, matches, p->name, LOCAL, "Local address/interface");
	add_matches(out, matches, p->name, IDENTITY, "Identities");
	add_matches(out, matches, p->name, CERTIFICATE, "Certificate maps");
	add_identity(out, p);
	text_add(out, " Remote identity: none\n Local authentication method:");
	add_methods(out, p->auth_local);
	text_add(out, " Remote authentication method(s):");
	add_methods(out, p->auth_remote);
	text_add(out, " EAP options: none\n Keyring: %s\n Trustpoint(s):%s",
	    p->keyring[0] != '\0' ? p->keyring : "none", trust[0][0] == '\0' ? " none" : "");
	for (i = 0; i < sizeof(trust) / sizeof(trust[0]) && trust[i][0] != '\0'; i++)
		text_add(out, " %s", trust[i]);
	text_add(out, "\n");
	add_timers(out, p);
	text_add(out, " Ivrf: none\n Virtual-template: none\n mode auto: none\n"
	    " AAA AnyConnect EAP authentication mlist: none\n AAA EAP authentication mlist: none\n"
	    " AAA authentication mlist: none\n AAA Accounting: none\n"
	    " AAA group authorization: none\n AAA user authorization: none\n");
}

const char *
show_crypto_ikev2_profile(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows, matches = {0};
	const char *why = ask(&rows, src, IPC_MSG_ROW_IKEV2_PROFILE);
	const struct ipc_ikev2_profile *p;
	size_t had = out->len;

	if (why == NULL)
		why = ask(&matches, src, IPC_MSG_ROW_IKEV2_MATCH);
	ROWS_EACH(p, &rows) {
		if (why != NULL || !wanted_name(a, p->name))
			continue;
		text_add(out, "%s", out->len == had ? "" : "\n");
		add_profile(out, p, &matches);
	}
	rows_free(&rows);
	rows_free(&matches);
	return why;
}
