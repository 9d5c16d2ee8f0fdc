/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peer's certificate: is there a path to an anchor, and which certificate maps it satisfies. */
#include <ctype.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "conf_pki.h"
#include "pki.h"

enum { RSA_BITS_MIN = 1024 };

/* --- path validation --- */

static const char *
why_not(int error)
{
	switch (error) {
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return "a certificate is not valid yet";
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return "a certificate has expired";
	case X509_V_ERR_CERT_REVOKED:
		return "the certificate is revoked";
	case X509_V_ERR_UNABLE_TO_GET_CRL:
		return "there is no CRL of the certificate's issuer (revocation-check)";
	case X509_V_ERR_CRL_HAS_EXPIRED:
		return "the CRL has expired (revocation-check)";
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return "no trustpoint has a CA that the certificate leads to";
	default:
		return X509_verify_cert_error_string(error);
	}
}

static X509_STORE *
store_of(const struct pki *p, const char *trustpoint, const struct pki_crl *crl)
{
	X509_STORE *store = X509_STORE_new();
	const struct pki_cert *it;

	if (store == NULL)
		return NULL;
	DL_FOREACH (p->certs, it)
		if (it->set.ca && strcmp(it->set.trustpoint, trustpoint) == 0)
			X509_STORE_add_cert(store, it->x);
	if (crl != NULL && crl->crl != NULL)
		X509_STORE_add_crl(store, crl->crl);
	return store;
}

/* One validation; X509_V_OK or OpenSSL's error. */
static int
verify(X509_STORE *store, X509 *leaf, STACK_OF(X509) *others, int64_t wall_s, bool check_crl)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	int error = X509_V_ERR_OUT_OF_MEM;

	if (ctx != NULL && X509_STORE_CTX_init(ctx, store, leaf, others) == 1) {
		param = X509_STORE_CTX_get0_param(ctx);
		X509_VERIFY_PARAM_set_time(param, (time_t)wall_s);
		X509_VERIFY_PARAM_set_depth(param, PKI_PATH_MAX);
		X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN |
		    (check_crl ? X509_V_FLAG_CRL_CHECK : 0u));
		error = X509_verify_cert(ctx) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(ctx);
		if (error == X509_V_OK && sk_X509_num(X509_STORE_CTX_get0_chain(ctx)) < 2)
			error = X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;	/* an anchor is no peer */
	}
	X509_STORE_CTX_free(ctx);
	ERR_clear_error();
	return error;
}

/* NULL: a path leads to an anchor of this trustpoint. */
static const char *
path_to(const struct pki *p, const struct pki_trustpoint *t, X509 *leaf, STACK_OF(X509) *others,
    int64_t wall_s)
{
	const struct pki_crl *crl, *mine = NULL;
	bool check = t->set.revocation != REVOCATION_NONE;
	X509_STORE *store;
	int error;

	DL_FOREACH (p->crls, crl)
		if (strcmp(crl->trustpoint, t->set.name) == 0)
			mine = crl;
	store = store_of(p, t->set.name, mine);
	if (store == NULL)
		return "out of memory";
	error = verify(store, leaf, others, wall_s, check);
	if (t->set.revocation == REVOCATION_CRL_NONE && (error == X509_V_ERR_UNABLE_TO_GET_CRL ||
	    error == X509_V_ERR_CRL_HAS_EXPIRED))
		error = verify(store, leaf, others, wall_s, false);
	X509_STORE_free(store);
	return error == X509_V_OK ? NULL : why_not(error);
}

/* RFC 4945 5.1.3.2, and what nobody should believe today. */
static const char *
unfit(X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	int hash = NID_undef, kind = NID_undef;

	if (key == NULL)
		return "the certificate's public key cannot be read";
	if ((X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		return "the certificate's key usage does not allow signatures";
	if (EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) < RSA_BITS_MIN)
		return "the certificate's RSA key has fewer than 1024 bits";
	if (OBJ_find_sigid_algs(X509_get_signature_nid(x), &hash, &kind) &&
	    (hash == NID_md5 || hash == NID_md4 || hash == NID_md2))
		return "the certificate is signed with MD5, which can be forged";
	return NULL;
}

static X509 *
parse(struct slice der)
{
	const unsigned char *at = der.p;
	X509 *x = der.len == 0 || der.len > CERT_DER_MAX ? NULL : d2i_X509(NULL, &at, (long)der.len);

	if (x != NULL && at != der.p + der.len) {
		X509_free(x);
		x = NULL;
	}
	ERR_clear_error();
	return x;
}

/* The sentence that helps most is that of the trustpoint that came nearest. */
static const char *
nearer(const char *a, const char *b)
{
	const char *const stranger = why_not(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);

	return a == NULL || strcmp(a, stranger) == 0 ? b : a;
}

X509 *
pki_validate(const struct pki *p, const struct pki_names *names, const struct slice *chain,
    unsigned int count, int64_t wall_s, const char **why)
{
	STACK_OF(X509) *others = sk_X509_new_null();
	const struct pki_trustpoint *t;
	X509 *leaf = count == 0 ? NULL : parse(chain[0]);
	const char *nearest = NULL;
	bool found = false;
	unsigned int i;

	for (i = 1; i < count && others != NULL; i++) {
		X509 *x = parse(chain[i]);

		if (x != NULL && !sk_X509_push(others, x))
			X509_free(x);
	}
	*why = leaf == NULL ? "the peer's certificate cannot be read" : unfit(leaf);
	if (*why == NULL) {
		DL_FOREACH (p->trustpoints, t) {
			const char *not;

			if (!pki_counts(names, t->set.name))
				continue;
			not = path_to(p, t, leaf, others, wall_s);
			found = not == NULL;
			if (found)
				break;
			nearest = nearer(nearest, not);
		}
		*why = found ? NULL : nearest != NULL ? nearest : "no trustpoint is configured";
	}
	sk_X509_pop_free(others, X509_free);
	if (*why != NULL) {
		X509_free(leaf);
		leaf = NULL;
	}
	return leaf;
}

/* --- certificate maps --- */

/* Without blanks and in lower case. */
static void
squeeze(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++)
		if (!isspace((unsigned char)*s))
			*to++ = (char)tolower((unsigned char)*s);
	*to = '\0';
}

/* Alternative names, one a line. */
static void
alt_names_text(const X509 *x, char *out, size_t room)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	size_t n = 0, k;
	int i;

	out[0] = '\0';
	for (i = 0; i < sk_GENERAL_NAME_num(names) && n + 1 < room; i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);
		const ASN1_STRING *s = g->type == GEN_IPADD ? g->d.iPAddress :
		    g->type == GEN_DNS || g->type == GEN_EMAIL || g->type == GEN_URI ? g->d.ia5 : NULL;
		size_t len = s == NULL ? 0 : (size_t)ASN1_STRING_length(s);
		const uint8_t *p = s == NULL ? NULL : ASN1_STRING_get0_data(s);

		if (g->type == GEN_IPADD && (len == 4 || len == 16)) {
			struct addr a = addr_from_bytes(len == 4 ? ADDR_V4 : ADDR_V6, p);
			int wrote = snprintf(out + n, room - n, "%s\n", ADDR_STR(&a));

			n += (size_t)wrote < room - n ? (size_t)wrote : room - n - 1;
			continue;
		}
		for (k = 0; k < len && n + 2 < room; k++)
			out[n++] = isgraph(p[k]) ? (char)tolower(p[k]) : '.';
		if (len > 0)
			out[n++] = '\n';
		out[n] = '\0';
	}
	GENERAL_NAMES_free(names);
	ERR_clear_error();
}

struct cert_texts {
	char subject[CERT_NAME_STRLEN], issuer[CERT_NAME_STRLEN], alt[1024];
};

static void
texts_of(const X509 *x, struct cert_texts *t)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x, &der);
	struct cert_info info;

	memset(t, 0, sizeof(*t));
	if (len > 0 && cert_read(slice_of(der, (size_t)len), &info) == NULL) {
		memcpy(t->subject, info.subject, sizeof(t->subject));
		memcpy(t->issuer, info.issuer, sizeof(t->issuer));
		squeeze(t->subject);
		squeeze(t->issuer);
		alt_names_text(x, t->alt, sizeof(t->alt));
	}
	OPENSSL_free(der);
}

/* One of the lines of `in` is `what`, or has it in it. */
static bool
one_line(const char *in, const char *what, bool whole)
{
	size_t n, len = strlen(what);

	if (!whole)
		return strstr(in, what) != NULL;
	for (; *in != '\0'; in += n + (in[n] == '\n')) {
		n = strcspn(in, "\n");
		if (n == len && strncmp(in, what, n) == 0)
			return true;
	}
	return false;
}

static bool
rule_holds(const struct ipc_cert_rule *r, const struct cert_texts *t)
{
	const char *in = r->field == CERT_FIELD_SUBJECT ? t->subject :
	    r->field == CERT_FIELD_ISSUER ? t->issuer : t->alt;
	char want[sizeof(r->text)];
	bool is;

	memcpy(want, r->text, sizeof(want));
	squeeze(want);
	is = one_line(in, want, r->op == CERT_OP_EQ || r->op == CERT_OP_NE);
	return r->op == CERT_OP_EQ || r->op == CERT_OP_CO ? is : !is;
}

void
pki_maps(const struct pki *p, const X509 *x, char *out, size_t room)
{
	const struct pki_rule *r, *next;
	struct cert_texts t;
	const char *done = "";
	bool holds = true;
	size_t n = 0;

	texts_of(x, &t);
	memset(out, 0, room);
	for (r = p->rules; r != NULL; r = next) {
		next = r->next;
		holds = holds && r->set.field != 0 && rule_holds(&r->set, &t);
		if (next != NULL && strcmp(next->set.map, r->set.map) == 0 &&
		    next->set.seq == r->set.seq)
			continue;		/* more rules of this number */
		if (holds && strcmp(done, r->set.map) != 0 &&
		    n + strlen(r->set.map) + 2 <= room) {
			n += (size_t)snprintf(out + n, room - n, "%s", r->set.map) + 1;
			done = r->set.map;
		}
		holds = true;
	}
}

bool
pki_map_in(const char *maps, const char *name)
{
	for (; maps != NULL && *maps != '\0'; maps += strlen(maps) + 1)
		if (strcmp(maps, name) == 0)
			return true;
	return false;
}
