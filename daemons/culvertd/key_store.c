/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "key_store.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utlist.h>

#include "buf.h"
#include "log.h"
#include "secret_file.h"

#define SUFFIX ".key"
enum { KEYS_MAX = 256 };

static int
by_label(const struct stored_key *a, const struct stored_key *b)
{
	return strcmp(a->label, b->label);
}

static void
path_of(const struct key_store *s, const char *label, char out[512])
{
	snprintf(out, 512, "%s/%s" SUFFIX, s->dir, label);
}

/* --- a key in memory --- */

static enum cert_key_kind
kind_of(const EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "RSA") ? CERT_KEY_RSA : EVP_PKEY_is_a(key, "EC") ? CERT_KEY_EC :
	    EVP_PKEY_is_a(key, "ED25519") ? CERT_KEY_ED25519 : CERT_KEY_OTHER;
}

/* NULL, or why such a key is not kept. */
static const char *
fill(struct stored_key *k, EVP_PKEY *key)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key);
	unsigned char *at = k->der.b, *pub = k->public_der.b;
	int len = p8 == NULL ? 0 : i2d_PKCS8_PRIV_KEY_INFO(p8, NULL), pub_len = i2d_PUBKEY(key, NULL);
	const char *why = NULL;

	k->kind = (uint8_t)kind_of(key);
	k->bits = (uint16_t)EVP_PKEY_get_bits(key);
	if (k->kind == CERT_KEY_OTHER)
		why = "only RSA, EC and Ed25519 keys are of use to IKE";
	else if (len <= 0 || len > BLOB_MAX || pub_len <= 0 || pub_len > BLOB_MAX)
		why = "the key is too large: RSA keys have at most 4096 bits";
	if (why == NULL) {
		k->der.len = (uint16_t)i2d_PKCS8_PRIV_KEY_INFO(p8, &at);
		k->public_der.len = (uint16_t)i2d_PUBKEY(key, &pub);
	}
	PKCS8_PRIV_KEY_INFO_free(p8);
	ERR_clear_error();
	return why;
}

static void
key_free(struct stored_key *k)
{
	explicit_bzero(k, sizeof(*k));
	free(k);
}

static struct stored_key *
key_new(const char *label)
{
	struct stored_key *k = calloc(1, sizeof(*k));

	if (k == NULL)
		log_fatal("out of memory for a key");
	snprintf(k->label, sizeof(k->label), "%s", label);
	return k;
}

/* --- files --- */

static void
load(struct key_store *s, const char *label)
{
	char path[512], buf[SECRET_FILE_MAX];
	struct stored_key *k;
	BIO *mem;
	EVP_PKEY *key = NULL;
	const char *made, *why = "it cannot be read";

	path_of(s, label, path);
	if (secret_file_read(path, buf) > 0) {
		mem = BIO_new_mem_buf(buf, -1);
		key = mem == NULL ? NULL : PEM_read_bio_PrivateKey(mem, NULL, NULL, (void *)(uintptr_t)"");
		BIO_free(mem);
	}
	k = key_new(label);
	if (key != NULL)
		why = fill(k, key);
	made = strstr(buf, "made: ");
	k->made_s = key != NULL && made != NULL ? strtoll(made + 6, NULL, 10) : 0;
	k->exportable = key != NULL && strstr(buf, "exportable: yes\n") != NULL;
	EVP_PKEY_free(key);
	ERR_clear_error();
	explicit_bzero(buf, sizeof(buf));
	if (why == NULL) {
		DL_INSERT_INORDER(s->keys, k, by_label);
		return;
	}
	log_err("private key %s: %s", path, why);
	key_free(k);
}

void
key_store_open(struct key_store *s, const char *startup_path)
{
	const char *slash = strrchr(startup_path, '/');
	unsigned int count = 0;
	struct dirent *e;
	DIR *d;

	snprintf(s->dir, sizeof(s->dir), "%.*skeys", slash == NULL ? 0 : (int)(slash + 1 - startup_path),
	    startup_path);
	d = opendir(s->dir);
	while (d != NULL && (e = readdir(d)) != NULL && count < KEYS_MAX) {
		size_t len = strlen(e->d_name), cut = sizeof(SUFFIX) - 1;
		char label[KEY_LABEL_MAX];

		if (len <= cut || len - cut >= sizeof(label) || e->d_name[0] == '.' ||
		    strcmp(e->d_name + len - cut, SUFFIX) != 0)
			continue;
		snprintf(label, sizeof(label), "%.*s", (int)(len - cut), e->d_name);
		load(s, label);
		count++;
	}
	if (d != NULL)
		closedir(d);
}

void
key_store_close(struct key_store *s)
{
	while (s->keys != NULL) {
		struct stored_key *k = s->keys;

		DL_DELETE(s->keys, k);
		key_free(k);
	}
	secret_wipe(&s->crash);
}

static const char *
store(const struct key_store *s, const struct stored_key *k, EVP_PKEY *key)
{
	static char why[600];
	char path[512];
	BIO *mem = BIO_new(BIO_s_secmem());
	struct text out = {0};
	char *pem = NULL;
	long len = 0;

	path_of(s, k->label, path);
	if (mem != NULL && PEM_write_bio_PKCS8PrivateKey(mem, key, NULL, NULL, 0, NULL, NULL) == 1)
		len = BIO_get_mem_data(mem, &pem);
	text_add(&out, "made: %lld\nexportable: %s\n", (long long)k->made_s, k->exportable ? "yes" : "no");
	if (len > 0)
		text_put(&out, pem, (size_t)len);
	why[0] = '\0';
	if (len <= 0 || !secret_file_write(s->dir, path, text_str(&out), out.len))
		snprintf(why, sizeof(why), "cannot write %s: %s", path, len <= 0 ? "OpenSSL" : strerror(errno));
	text_free(&out);
	BIO_free(mem);
	ERR_clear_error();
	return why[0] == '\0' ? NULL : why;
}

/* --- what control asks --- */

struct stored_key *
key_store_find(const struct key_store *s, const char *label)
{
	struct stored_key *k;

	DL_FOREACH(s->keys, k)
		if (strcmp(k->label, label) == 0)
			return k;
	return NULL;
}

static const char *
put(struct key_store *s, const char *label, EVP_PKEY *key, bool exportable)
{
	struct stored_key *k = key_new(label);
	const char *why = key_store_find(s, label) != NULL ? "there is a key with this label already; "
	    "`crypto key zeroize` removes it" : fill(k, key);

	k->exportable = exportable;
	k->made_s = (int64_t)time(NULL);
	if (why == NULL)
		why = store(s, k, key);
	if (why != NULL)
		key_free(k);
	else
		DL_INSERT_INORDER(s->keys, k, by_label);
	return why;
}

const char *
key_store_put(struct key_store *s, const char *label, struct slice der, bool exportable)
{
	const unsigned char *at = der.p;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)der.len);
	const char *why = key == NULL ? "this is no private key" : put(s, label, key, exportable);

	EVP_PKEY_free(key);
	ERR_clear_error();
	return why;
}

const char *
key_store_generate(struct key_store *s, const char *label, enum cert_key_kind kind,
    unsigned int bits, bool exportable)
{
	EVP_PKEY *key = kind == CERT_KEY_RSA ? EVP_RSA_gen(bits) :
	    kind == CERT_KEY_ED25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") :
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", bits == 256 ? "P-256" : bits == 384 ? "P-384" : "P-521");
	const char *why = key == NULL ? "the key cannot be generated" : put(s, label, key, exportable);

	EVP_PKEY_free(key);
	ERR_clear_error();
	return why;
}

const char *
key_store_remove(struct key_store *s, struct stored_key *k)
{
	static char why[600];
	char path[512];

	path_of(s, k->label, path);
	if (!secret_file_remove(path)) {
		snprintf(why, sizeof(why), "cannot remove %s: %s", path, strerror(errno));
		return why;
	}
	DL_DELETE(s->keys, k);
	key_free(k);
	return NULL;
}

/* --- the secret of crash detection --- */

enum { CRASH_SECRET_LEN = 32 };

static bool
crash_secret_read(const char *path, struct secret *to)
{
	char buf[SECRET_FILE_MAX];
	bool ok = secret_file_read(path, buf) == CRASH_SECRET_LEN &&
	    secret_set(to, buf, CRASH_SECRET_LEN);

	explicit_bzero(buf, sizeof(buf));
	return ok;
}

const char *
key_store_crash_secret(struct key_store *s, const struct secret **secret)
{
	static char why[400];
	char path[512];

	*secret = &s->crash;
	snprintf(path, sizeof(path), "%s/crash-detection", s->dir);
	if (s->crash.len != 0 || crash_secret_read(path, &s->crash))
		return NULL;
	random_bytes(s->crash.b, CRASH_SECRET_LEN);
	if (secret_file_write(s->dir, path, (const char *)s->crash.b, CRASH_SECRET_LEN)) {
		s->crash.len = CRASH_SECRET_LEN;
		return NULL;
	}
	secret_wipe(&s->crash);
	snprintf(why, sizeof(why), "cannot write %.300s: %s", path, strerror(errno));
	return why;
}
