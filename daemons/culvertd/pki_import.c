/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki_import.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

void
import_wipe(struct import *im)
{
	explicit_bzero(im, sizeof(*im));
}

static const char *
put_key(struct import *im, EVP_PKEY *key)
{
	PKCS8_PRIV_KEY_INFO *p8 = key == NULL ? NULL : EVP_PKEY2PKCS8(key);
	unsigned char *at = im->key.b;
	int len = p8 == NULL ? 0 : i2d_PKCS8_PRIV_KEY_INFO(p8, NULL);

	if (len > 0 && len <= BLOB_MAX)
		im->key.len = (uint16_t)i2d_PKCS8_PRIV_KEY_INFO(p8, &at);
	PKCS8_PRIV_KEY_INFO_free(p8);
	return im->key.len > 0 ? NULL : "the private key cannot be used";
}

/* Ours when it has the key, else a CA's. */
static const char *
put_cert(struct import *im, X509 *x, EVP_PKEY *key)
{
	struct blob *to = X509_check_private_key(x, key) == 1 ? &im->own :
	    im->cas < IMPORT_CAS_MAX ? &im->ca[im->cas++] : NULL;
	unsigned char *at;
	int len = i2d_X509(x, NULL);

	ERR_clear_error();
	if (to == NULL)
		return "there are more than 8 certificates";
	if (len <= 0 || len > CERT_DER_MAX)
		return "a certificate is larger than 4096 bytes";
	at = to->b;
	to->len = (uint16_t)i2d_X509(x, &at);
	return NULL;
}

static EVP_PKEY *
key_of_blob(const struct blob *der)
{
	const unsigned char *at = der->b;

	return d2i_AutoPrivateKey(NULL, &at, der->len);
}

/* Of PEM_read: no question goes to a terminal. */
static int
give_password(char *buf, int size, int rwflag, void *arg)
{
	size_t len = strlen(arg);

	(void)rwflag;
	if (len == 0 || len > (size_t)size)
		return -1;
	memcpy(buf, arg, len);
	return (int)len;
}

const char *
import_pem(struct import *im, const char *text, const char *password)
{
	BIO *mem = BIO_new_mem_buf(text, -1);
	EVP_PKEY *key = mem == NULL ? NULL :
	    PEM_read_bio_PrivateKey(mem, NULL, give_password, (void *)(uintptr_t)password);
	uint8_t der[CERT_DER_MAX];
	const char *why;
	unsigned int n;
	size_t len;

	memset(im, 0, sizeof(*im));
	why = key == NULL ? "there is no private key in it, or the passphrase is wrong" :
	    put_key(im, key);
	for (n = 0; why == NULL && (len = cert_from_text(text, n, der)) > 0; n++) {
		const unsigned char *at = der;
		X509 *x = d2i_X509(NULL, &at, (long)len);

		why = x == NULL ? "a certificate cannot be read" : put_cert(im, x, key);
		X509_free(x);
	}
	EVP_PKEY_free(key);
	BIO_free(mem);
	ERR_clear_error();
	return why;
}

const char *
import_pkcs12(struct import *im, struct slice der, const char *password)
{
	const unsigned char *at = der.p;
	PKCS12 *p12 = d2i_PKCS12(NULL, &at, (long)der.len);
	STACK_OF(X509) *others = NULL;
	EVP_PKEY *key = NULL;
	X509 *own = NULL;
	const char *why = NULL;
	int i;

	memset(im, 0, sizeof(*im));
	if (p12 == NULL)
		why = "the file is no PKCS #12";
	else if (PKCS12_parse(p12, password, &key, &own, &others) != 1 || key == NULL)
		why = "the passphrase is wrong, or the file is encrypted in a way that is not "
		    "supported any more (RC2)";
	if (why == NULL)
		why = put_key(im, key);
	if (why == NULL && own != NULL)
		why = put_cert(im, own, key);
	for (i = 0; why == NULL && i < sk_X509_num(others); i++)
		why = put_cert(im, sk_X509_value(others, i), key);
	sk_X509_pop_free(others, X509_free);
	X509_free(own);
	EVP_PKEY_free(key);
	PKCS12_free(p12);
	ERR_clear_error();
	return why;
}

/* --- out --- */

const char *
export_key(const struct stored_key *k, const char *password, struct text *out)
{
	EVP_PKEY *key = key_of_blob(&k->der);
	BIO *mem = BIO_new(BIO_s_mem());
	char *pem = NULL;
	long len = 0;

	if (mem != NULL && key != NULL && PEM_write_bio_PKCS8PrivateKey(mem, key, EVP_aes_256_cbc(),
	    password, (int)strlen(password), NULL, NULL) == 1)
		len = BIO_get_mem_data(mem, &pem);
	if (len > 0)
		text_put(out, pem, (size_t)len);
	BIO_free(mem);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return len > 0 ? NULL : "the private key cannot be encrypted with this passphrase";
}

static X509 *
x509_of(const struct conf_cert *c)
{
	const unsigned char *at = c->der;

	return d2i_X509(NULL, &at, c->len);
}

const char *
export_pkcs12(const struct conf_trustpoint *t, const struct stored_key *k, const char *password,
    struct text *out)
{
	EVP_PKEY *key = key_of_blob(&k->der);
	X509 *own = x509_of(conf_cert_own(t)), *ca;
	STACK_OF(X509) *others = sk_X509_new_null();
	const struct conf_cert *c;
	PKCS12 *p12 = NULL;
	unsigned char *der = NULL;
	int len = 0;

	for (c = t->certs; c != NULL && others != NULL; c = c->next)
		if (c->kind == CERT_CA && (ca = x509_of(c)) != NULL)
			sk_X509_push(others, ca);
	if (key != NULL && own != NULL)
		p12 = PKCS12_create(password, t->name, key, own, others, 0, 0, 0, 0, 0);
	if (p12 != NULL)
		len = i2d_PKCS12(p12, &der);
	if (len > 0)
		text_put(out, (const char *)der, (size_t)len);
	OPENSSL_free(der);
	PKCS12_free(p12);
	sk_X509_pop_free(others, X509_free);
	X509_free(own);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return len > 0 ? NULL : "PKCS #12 cannot be made with this key";
}

bool
import_cert_has_key(struct slice der, const struct stored_key *k)
{
	const unsigned char *at = der.p;
	X509 *x = d2i_X509(NULL, &at, (long)der.len);
	EVP_PKEY *key = key_of_blob(&k->der);
	bool has = x != NULL && key != NULL && X509_check_private_key(x, key) == 1;

	X509_free(x);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return has;
}
