/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki_ident.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <strings.h>

#include "ike_wire.h"

static bool
subject_is(const X509 *x, const struct ident *id)
{
	const unsigned char *at = id->b;
	X509_NAME *name = d2i_X509_NAME(NULL, &at, id->len);
	bool same = name != NULL && at == id->b + id->len &&
	    X509_NAME_cmp(name, X509_get_subject_name(x)) == 0;

	X509_NAME_free(name);
	ERR_clear_error();
	return same;
}

/* Host names in any case, and nothing hidden behind a NUL. */
static bool
text_is(const ASN1_STRING *s, const struct ident *id)
{
	size_t len = (size_t)ASN1_STRING_length(s);

	return len == id->len && memchr(id->b, '\0', id->len) == NULL &&
	    strncasecmp((const char *)ASN1_STRING_get0_data(s), (const char *)id->b, len) == 0;
}

/* The part before the @ has case (RFC 5280 7.5). */
static bool
email_is(const ASN1_STRING *s, const struct ident *id)
{
	const uint8_t *at = memchr(id->b, '@', id->len);

	return at != NULL && text_is(s, id) &&
	    memcmp(ASN1_STRING_get0_data(s), id->b, (size_t)(at - id->b)) == 0;
}

static bool
general_name_is(const GENERAL_NAME *g, const struct ident *id)
{
	switch (id->type) {
	case ID_FQDN:
		return g->type == GEN_DNS && text_is(g->d.dNSName, id);
	case ID_USER_FQDN:
		return g->type == GEN_EMAIL && email_is(g->d.rfc822Name, id);
	case ID_IPV4_ADDR:
	case ID_IPV6_ADDR:
		return g->type == GEN_IPADD && ASN1_STRING_length(g->d.iPAddress) == id->len &&
		    memcmp(ASN1_STRING_get0_data(g->d.iPAddress), id->b, id->len) == 0;
	default:
		return false;
	}
}

/* IOS asks its CA for host name and e-mail as attributes of the subject. */
static bool
attribute_is(const X509 *x, const struct ident *id)
{
	int nid = id->type == ID_FQDN ? NID_pkcs9_unstructuredName :
	    id->type == ID_USER_FQDN ? NID_pkcs9_emailAddress : NID_undef;
	X509_NAME *name = X509_get_subject_name(x);
	int at = -1;

	if (nid == NID_undef)
		return false;
	while ((at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0) {
		const ASN1_STRING *s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));

		if (id->type == ID_FQDN ? text_is(s, id) : email_is(s, id))
			return true;
	}
	return false;
}

bool
pki_names_ident(const X509 *x, const struct ident *id)
{
	GENERAL_NAMES *names;
	bool found = false;
	int i;

	if (id->type == ID_DER_DN)
		return subject_is(x, id);
	names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++)
		found = general_name_is(sk_GENERAL_NAME_value(names, i), id);
	GENERAL_NAMES_free(names);
	ERR_clear_error();
	return found || attribute_is(x, id);
}
