/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show crypto pki certificates | trustpoints: both from the running-config, where
 * the certificates are; whether there is a key for them, control says.
 */
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>
#include <utlist.h>

#include "cli/config_session.h"
#include "show_util.h"

/* The configuration as it runs; to be freed by conf_free().  NULL and *why. */
static struct conf *
running(struct show_source *src, const char **why)
{
	struct text text = {0};
	struct config_error *errors = NULL;
	struct conf *c = conf_new();

	*why = show_text_of(src, SHOW_RUNNING, &text);
	if (*why == NULL)
		config_text_apply(c, text_str(&text), &errors);
	config_errors_free(errors);
	text_free(&text);
	return c;
}

/* --- what a certificate says --- */

/* "cn=R1,ou=VPN" a line each. */
static void
add_name(struct text *out, const char *before, const char *name)
{
	size_t n;

	for (; *name != '\0'; name += n + (name[n] == ',')) {
		n = strcspn(name, ",");
		text_add(out, "%s%.*s\n", before, (int)n, name);
	}
}

/* "21:58:50 UTC Nov 10 2021" */
static void
add_date(struct text *out, const char *before, int64_t wall_s)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec"};
	time_t t = (time_t)wall_s;
	struct tm tm;

	gmtime_r(&t, &tm);
	text_add(out, "%s%02d:%02d:%02d UTC %s %d %d\n", before, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    months[tm.tm_mon], tm.tm_mday, tm.tm_year + 1900);
}

static const char *
usage_of(const struct cert_info *i, bool ca)
{
	uint32_t sign = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION | KU_KEY_CERT_SIGN | KU_CRL_SIGN;
	uint32_t encipher = KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT;

	if (!i->has_key_usage)
		return ca ? "Signature" : "General Purpose";
	return !(i->key_usage & encipher) ? "Signature" : !(i->key_usage & sign) ? "Encryption" :
	    "General Purpose";
}

static void
add_fingerprint(struct text *out, const char *before, const uint8_t *p, size_t len)
{
	text_add(out, "%s", before);
	cert_hex_groups(out, p, len);
	text_add(out, " \n");
}

static void
add_key_usage(struct text *out, const struct cert_info *i)
{
	static const struct { uint32_t bit; const char *text; } bits[] = {
		{KU_DIGITAL_SIGNATURE, "Digital Signature"}, {KU_NON_REPUDIATION, "Non Repudiation"},
		{KU_KEY_ENCIPHERMENT, "Key Encipherment"}, {KU_DATA_ENCIPHERMENT, "Data Encipherment"},
		{KU_KEY_AGREEMENT, "Key Agreement"}, {KU_KEY_CERT_SIGN, "Key Cert Sign"},
		{KU_CRL_SIGN, "CRL Signature"},
	};
	size_t k;

	if (!i->has_key_usage)
		return;
	text_add(out, "    X509v3 Key Usage: %02X%02X0000\n", i->key_usage & 0xff,
	    i->key_usage >> 8 & 0xff);
	for (k = 0; k < sizeof(bits) / sizeof(bits[0]); k++)
		if (i->key_usage & bits[k].bit)
			text_add(out, "      %s\n", bits[k].text);
}

static void
add_verbose(struct text *out, const struct cert_info *i)
{
	static const char *const algs[][2] = {
		[CERT_KEY_OTHER] = {"unknown", "Public Key"},
		[CERT_KEY_RSA] = {"rsaEncryption", "RSA Public Key"},
		[CERT_KEY_EC] = {"ecEncryption", "EC Public Key"},
		[CERT_KEY_ED25519] = {"ED25519", "Ed25519 Public Key"},
	};

	text_add(out, "  Subject Key Info:\n    Public Key Algorithm: %s\n    %s: (%u bit)\n",
	    algs[i->key_kind][0], algs[i->key_kind][1], i->key_bits);
	text_add(out, "  Signature Algorithm: %s\n", i->signature);
	add_fingerprint(out, "  Fingerprint MD5: ", i->md5, sizeof(i->md5));
	add_fingerprint(out, "  Fingerprint SHA1: ", i->sha1, sizeof(i->sha1));
	text_add(out, "  X509v3 extensions:\n");
	add_key_usage(out, i);
	if (i->subject_key_id_len > 0)
		add_fingerprint(out, "    X509v3 Subject Key ID: ", i->subject_key_id,
		    i->subject_key_id_len);
	if (i->is_ca)
		text_add(out, "    X509v3 Basic Constraints:\n        CA: TRUE\n");
	if (i->authority_key_id_len > 0)
		add_fingerprint(out, "    X509v3 Authority Key ID: ", i->authority_key_id,
		    i->authority_key_id_len);
	text_add(out, "    Authority Info Access:\n");
}

static void
add_cert(struct text *out, const struct conf_trustpoint *t, const struct conf_cert *c, bool verbose)
{
	static const char *const heads[] = {
		[CERT_OURS] = "Certificate", [CERT_CA] = "CA Certificate",
		[CERT_SELF_SIGNED] = "Router Self-Signed Certificate",
	};
	struct cert_info i;
	bool ca = c->kind == CERT_CA;

	if (cert_read(slice_of(c->der, c->len), &i) != NULL)
		return;
	text_add(out, "%s\n  Status: Available\n", heads[c->kind]);
	if (verbose)
		text_add(out, "  Version: %u\n", i.version);
	text_add(out, "  Certificate Serial Number (hex): %s\n  Certificate Usage: %s\n", i.serial,
	    usage_of(&i, ca));
	text_add(out, "  Issuer: \n");
	add_name(out, "    ", i.issuer);
	text_add(out, ca ? "  Subject: \n" : "  Subject:\n");
	if (!ca)
		text_add(out, "    Name: %s\n", i.name);
	add_name(out, "    ", i.subject);
	if (i.crl_url[0] != '\0')
		text_add(out, "  CRL Distribution Points: \n    %s\n", i.crl_url);
	text_add(out, "  Validity Date: \n");
	add_date(out, "    start date: ", i.not_before_s);
	add_date(out, "    end   date: ", i.not_after_s);
	if (verbose)
		add_verbose(out, &i);
	text_add(out, "  Associated Trustpoints: %s \n", t->name);
	if (verbose && !ca)
		text_add(out, "  Key Label: %s\n", conf_trustpoint_label(t));
	text_add(out, "\n");
}

static const char *
certificates(struct show_source *src, const struct show_args *a, struct text *out, bool verbose)
{
	const char *why;
	struct conf *conf = running(src, &why);
	const struct conf_trustpoint *t;
	const struct conf_cert *c;

	DL_FOREACH(conf->pki.trustpoints, t)
		if (a->name[0] == '\0' || strcmp(a->name, t->name) == 0)
			DL_FOREACH(t->certs, c)
				add_cert(out, t, c, verbose);
	conf_free(conf);
	return why;
}

const char *
show_crypto_pki_certificates(struct show_source *src, const struct show_args *a, struct text *out)
{
	return certificates(src, a, out, false);
}

const char *
show_crypto_pki_certificates_verbose(struct show_source *src, const struct show_args *a,
    struct text *out)
{
	return certificates(src, a, out, true);
}

/* --- trustpoints --- */

static void
add_trustpoint(struct text *out, const struct conf_trustpoint *t)
{
	const struct conf_cert *c = conf_cert_of(t, CERT_CA);
	struct cert_info i;

	text_add(out, "Trustpoint %s:\n", t->name);
	if (c == NULL)
		c = conf_cert_of(t, CERT_SELF_SIGNED);
	if (c != NULL && cert_read(slice_of(c->der, c->len), &i) == NULL) {
		text_add(out, "    Subject Name:\n");
		add_name(out, "    ", i.subject);
		text_add(out, "          Serial Number (hex): %s\n", i.serial);
		if (c->kind == CERT_CA)
			text_add(out, "    Certificate configured.\n");
		else
			text_add(out, "    Persistent self-signed certificate trust point\n"
			    "    Using key label %s\n", conf_trustpoint_label(t));
	}
	text_add(out, "\n\n");
}

const char *
show_crypto_pki_trustpoints(struct show_source *src, const struct show_args *a, struct text *out)
{
	const char *why;
	struct conf *conf = running(src, &why);
	const struct conf_trustpoint *t;

	DL_FOREACH(conf->pki.trustpoints, t)
		if (a->name[0] == '\0' || strcmp(a->name, t->name) == 0)
			add_trustpoint(out, t);
	conf_free(conf);
	return why;
}

static void
add_status_cert(struct text *out, const char *head, const struct conf_cert *c)
{
	struct cert_info i;

	if (c == NULL || cert_read(slice_of(c->der, c->len), &i) != NULL)
		return;
	text_add(out, "  %s certificate configured:\n    Subject Name:\n     %s\n", head, i.subject);
	add_fingerprint(out, "    Fingerprint MD5: ", i.md5, sizeof(i.md5));
	add_fingerprint(out, "    Fingerprint SHA1: ", i.sha1, sizeof(i.sha1));
}

static void
add_status(struct text *out, const struct conf_trustpoint *t, const struct rows *keys)
{
	const struct ipc_row_key *k;
	const struct conf_cert *own = conf_cert_own(t), *ca = conf_cert_of(t, CERT_CA);
	const char *made = "No";

	ROWS_EACH(k, keys)
		if (strcmp(k->label, conf_trustpoint_label(t)) == 0)
			made = k->exportable ? "Yes (General Purpose, exportable)" :
			    "Yes (General Purpose, non-exportable)";
	text_add(out, "Trustpoint %s:\n", t->name);
	add_status_cert(out, "Issuing CA", ca != NULL ? ca : conf_cert_of(t, CERT_SELF_SIGNED));
	add_status_cert(out, "Router General Purpose", own);
	text_add(out, "  State:\n    Keys generated ............. %s\n", made);
	text_add(out, "    Issuing CA authenticated ....... %s\n",
	    ca != NULL || conf_cert_of(t, CERT_SELF_SIGNED) != NULL ? "Yes" : "No");
	text_add(out, "    Certificate request(s) ..... %s\n\n\n", own != NULL ? "Yes" : "None");
}

const char *
show_crypto_pki_trustpoints_status(struct show_source *src, const struct show_args *a,
    struct text *out)
{
	struct rows keys;
	const char *why;
	struct conf *conf = running(src, &why);
	const struct conf_trustpoint *t;

	if (why == NULL)
		why = rows_ask(&keys, src, IPC_CONTROL, SHOW_KEYS, IPC_MSG_ROW_KEY);
	if (why == NULL) {
		DL_FOREACH(conf->pki.trustpoints, t)
			if (a->name[0] == '\0' || strcmp(a->name, t->name) == 0)
				add_status(out, t, &keys);
		rows_free(&keys);
	}
	conf_free(conf);
	return why;
}

/* --- CRLs --- */

const char *
show_crypto_pki_crls(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows crls;
	const struct ipc_row_crl *c;
	const char *why = rows_ask(&crls, src, IPC_CONTROL, SHOW_CRLS, IPC_MSG_ROW_CRL);
	uint32_t total = 0;

	(void)a;
	if (why != NULL)
		return why;
	ROWS_EACH(c, &crls) {
		if (c->issuer[0] != '\0') {
			text_add(out, "CRL Issuer Name: \n    %s\n", c->issuer);
			add_date(out, "    LastUpdate: ", (int64_t)c->last_update_wall_s);
			if (c->next_update_wall_s != 0)
				add_date(out, "    NextUpdate: ", (int64_t)c->next_update_wall_s);
			text_add(out, "\n");
			add_date(out, "    CRL downloaded at: ", (int64_t)c->fetched_wall_s);
		} else {
			text_add(out, "No CRL for trustpoint %s\n", c->trustpoint);
		}
		if (c->why[0] != '\0')
			text_add(out, "    The last download failed: %s\n", c->why);
		text_add(out, "\n    Retrieved from CRL Distribution Point: \n      ** %s%s\n",
		    c->published ? "" : "Configured - ", c->url);
		if (c->issuer[0] != '\0')
			text_add(out, "\n CRL DER is %u bytes\n CRL is stored in parsed CRL cache\n", c->bytes);
		text_add(out, "\n\n");
		total += c->bytes;
	}
	text_add(out, "Parsed CRL cache current size is %u bytes\n", total);
	rows_free(&crls);
	return NULL;
}

/* --- show crypto key mypubkey --- */

static void
add_key(struct text *out, const struct ipc_row_key *k)
{
	static const char *const kinds[] = {[CERT_KEY_OTHER] = "UNKNOWN", [CERT_KEY_RSA] = "RSA",
		[CERT_KEY_EC] = "EC", [CERT_KEY_ED25519] = "ED25519"};
	size_t i;

	add_date(out, "% Key pair was generated at: ", (int64_t)k->made_wall_s);
	text_add(out, "Key name: %s\nKey type: %s KEYS\n Storage Device: private-config\n", k->label,
	    kinds[k->kind]);
	text_add(out, " Usage: %s\n Key is %sexportable.\n Key Data:\n",
	    k->kind == CERT_KEY_RSA ? "General Purpose Key" : "Signature Key",
	    k->exportable ? "" : "not ");
	for (i = 0; i < k->public_der.len; i++)
		text_add(out, "%s%02X%s", i % 32 == 0 ? "  " : "", k->public_der.b[i],
		    i + 1 == k->public_der.len ? "\n" : i % 32 == 31 ? " \n" : i % 4 == 3 ? " " : "");
}

static const char *
keys_of(struct show_source *src, struct text *out, unsigned int kind)
{
	struct rows keys;
	const struct ipc_row_key *k;
	const char *why = rows_ask(&keys, src, IPC_CONTROL, SHOW_KEYS, IPC_MSG_ROW_KEY);

	if (why != NULL)
		return why;
	ROWS_EACH(k, &keys)
		if (kind == CERT_KEY_OTHER || k->kind == kind)
			add_key(out, k);
	rows_free(&keys);
	return NULL;
}

const char *
show_crypto_key_mypubkey(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return keys_of(src, out, CERT_KEY_OTHER);
}

const char *
show_crypto_key_mypubkey_rsa(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return keys_of(src, out, CERT_KEY_RSA);
}

const char *
show_crypto_key_mypubkey_ec(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return keys_of(src, out, CERT_KEY_EC);
}
