/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dh.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>

#include "log.h"
#include "secret.h"

/* One row a group; OpenSSL knows them by name. */
static const struct dh_kind {
	unsigned int number;
	const char *type, *name;
	uint16_t public_len, secret_len;
	bool point;		/* OpenSSL writes 0x04 before x | y, IKE does not */
} dh_kinds[] = {
	{14, "DH", "modp_2048", 256, 256, false},
	{15, "DH", "modp_3072", 384, 384, false},
	{19, "EC", "P-256", 64, 32, true},
	{20, "EC", "P-384", 96, 48, true},
};

struct dh {
	const struct dh_kind *kind;
	EVP_PKEY *pair;
	uint8_t public_value[DH_PUBLIC_MAX];
};

static const struct dh_kind *
dh_kind(unsigned int group)
{
	size_t i;

	for (i = 0; i < sizeof(dh_kinds) / sizeof(dh_kinds[0]); i++) {
		if (dh_kinds[i].number == group)
			return &dh_kinds[i];
	}
	return NULL;
}

size_t
dh_public_len(unsigned int group)
{
	const struct dh_kind *kind = dh_kind(group);

	return kind == NULL ? 0 : kind->public_len;
}

size_t
dh_secret_len(unsigned int group)
{
	const struct dh_kind *kind = dh_kind(group);

	return kind == NULL ? 0 : kind->secret_len;
}

/* Take over a key pair (NULL: there is none) and keep its public value as IKE writes it. */
static struct dh *
dh_wrap(const struct dh_kind *kind, EVP_PKEY *pair)
{
	struct dh *d;
	unsigned char *p = NULL;
	size_t len;

	if (pair == NULL) {
		ERR_clear_error();
		return NULL;
	}
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	d->kind = kind;
	d->pair = pair;
	len = EVP_PKEY_get1_encoded_public_key(pair, &p);
	if (len != (size_t)kind->public_len + kind->point)
		log_fatal("OpenSSL gave %zu bytes for a public value of group %u", len, kind->number);
	memcpy(d->public_value, p + kind->point, kind->public_len);
	OPENSSL_free(p);
	return d;
}

struct dh *
dh_new(unsigned int group)
{
	const struct dh_kind *kind = dh_kind(group);
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *pair = NULL;

	if (kind == NULL)
		return NULL;
	ctx = EVP_PKEY_CTX_new_from_name(NULL, kind->type, NULL);
	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_group_name(ctx, kind->name) != 1 || EVP_PKEY_generate(ctx, &pair) != 1)
		pair = NULL;
	EVP_PKEY_CTX_free(ctx);
	return dh_wrap(kind, pair);
}

/* The bytes as OpenSSL wants them: a point gets its 0x04.  `to` has DH_PUBLIC_MAX + 1. */
static size_t
dh_encode(const struct dh_kind *kind, struct slice value, uint8_t *to)
{
	to[0] = 0x04;
	memcpy(to + kind->point, value.p, value.len);
	return value.len + kind->point;
}

static EVP_PKEY *
dh_build(const struct dh_kind *kind, const BIGNUM *private_value, struct slice public_value)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind->type, NULL);
	EVP_PKEY *pair = NULL;
	BIGNUM *y = BN_bin2bn(public_value.p, (int)public_value.len, NULL);
	uint8_t point[DH_PUBLIC_MAX + 1];
	size_t len = dh_encode(kind, public_value, point);

	if (bld == NULL || ctx == NULL || y == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, kind->name, 0);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, private_value);
	if (kind->point)
		OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, len);
	else
		OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PUB_KEY, y);
	params = OSSL_PARAM_BLD_to_param(bld);
	if (params == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pair, EVP_PKEY_KEYPAIR, params) != 1)
		pair = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	BN_free(y);
	return pair;
}

struct dh *
dh_new_test(unsigned int group, struct slice private_value, struct slice public_value)
{
	const struct dh_kind *kind = dh_kind(group);
	struct dh *d;
	BIGNUM *x;

	if (kind == NULL || public_value.len != kind->public_len ||
	    private_value.len > kind->public_len)
		return NULL;
	x = BN_bin2bn(private_value.p, (int)private_value.len, NULL);
	if (x == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	d = dh_wrap(kind, dh_build(kind, x, public_value));
	BN_clear_free(x);
	return d;
}

void
dh_free(struct dh *d)
{
	if (d == NULL)
		return;
	EVP_PKEY_free(d->pair);		/* wipes the private value */
	wipe(d, sizeof(*d));
	free(d);
}

unsigned int
dh_group(const struct dh *d)
{
	return d->kind->number;
}

struct slice
dh_public(const struct dh *d)
{
	return slice_of(d->public_value, d->kind->public_len);
}

/* NULL when the value is not in the group. */
static EVP_PKEY *
dh_peer_key(const struct dh *d, struct slice value)
{
	uint8_t point[DH_PUBLIC_MAX + 1];
	size_t len = dh_encode(d->kind, value, point);
	EVP_PKEY *peer = EVP_PKEY_new();

	if (peer == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	if (EVP_PKEY_copy_parameters(peer, d->pair) == 1 &&
	    EVP_PKEY_set1_encoded_public_key(peer, point, len) == 1)
		return peer;
	EVP_PKEY_free(peer);
	return NULL;
}

/*
 * The quick check is the one of RFC 6989: the range, or that the point is on
 * its curve.  OpenSSL's full one adds a test for the subgroup that costs
 * several times the secret and tells nothing more in groups of this kind.
 */
static bool
dh_derive(const struct dh *d, EVP_PKEY *peer, struct dh_secret *out)
{
	EVP_PKEY_CTX *check = EVP_PKEY_CTX_new_from_pkey(NULL, peer, NULL);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, d->pair, NULL);
	unsigned int pad = 1;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_uint(OSSL_EXCHANGE_PARAM_PAD, &pad),
		OSSL_PARAM_END,
	};
	size_t len = sizeof(out->b);
	bool ok;

	if (check == NULL || ctx == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	ok = EVP_PKEY_public_check_quick(check) == 1 &&
	    EVP_PKEY_derive_init_ex(ctx, d->kind->point ? NULL : params) == 1 &&
	    EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) == 1 &&
	    EVP_PKEY_derive(ctx, out->b, &len) == 1 && len == d->kind->secret_len;
	EVP_PKEY_CTX_free(check);
	EVP_PKEY_CTX_free(ctx);
	out->len = ok ? (uint16_t)len : 0;
	return ok;
}

const char *
dh_shared(const struct dh *d, struct slice peer_value, struct dh_secret *out)
{
	EVP_PKEY *peer;
	bool ok;

	memset(out, 0, sizeof(*out));
	if (peer_value.len != d->kind->public_len)
		return "the public value has not the length of its group";
	peer = dh_peer_key(d, peer_value);
	ok = peer != NULL && dh_derive(d, peer, out);
	EVP_PKEY_free(peer);
	if (ok)
		return NULL;
	ERR_clear_error();
	dh_secret_wipe(out);
	return "the public value is not in its group";
}

void
dh_secret_wipe(struct dh_secret *s)
{
	wipe(s, sizeof(*s));
}
