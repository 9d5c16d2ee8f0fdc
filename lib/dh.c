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

enum dh_form { MODP, POINT, STRING };	/* of a public value; OpenSSL writes 0x04 before a point */

/* One row a group.  OpenSSL knows them by name, or by the prime that `prime` gives. */
static const struct dh_kind {
	unsigned int number;
	const char *type, *name;
	uint16_t public_len, secret_len;
	uint8_t form;
	bool subgroups;		/* small ones, so a value must be checked in full (RFC 6989 2.2) */
	BIGNUM *(*prime)(BIGNUM *to);
} dh_kinds[] = {
	{1, "DH", NULL, 96, 96, MODP, false, BN_get_rfc2409_prime_768},
	{2, "DH", NULL, 128, 128, MODP, false, BN_get_rfc2409_prime_1024},
	{5, "DH", "modp_1536", 192, 192, MODP, false, NULL},
	{14, "DH", "modp_2048", 256, 256, MODP, false, NULL},
	{15, "DH", "modp_3072", 384, 384, MODP, false, NULL},
	{16, "DH", "modp_4096", 512, 512, MODP, false, NULL},
	{19, "EC", "P-256", 64, 32, POINT, false, NULL},
	{20, "EC", "P-384", 96, 48, POINT, false, NULL},
	{21, "EC", "P-521", 132, 66, POINT, false, NULL},
	{24, "DH", "dh_2048_256", 256, 256, MODP, true, NULL},
	{31, "X25519", NULL, 32, 32, STRING, false, NULL},
};

#define KINDS (sizeof(dh_kinds) / sizeof(dh_kinds[0]))

/*
 * Bits of a private value where OpenSSL has no name for the group, which it
 * would make as long as the prime.  For the named ones it takes twice the
 * group's strength in bits itself (225 for group 14).
 */
#define EXPONENT_BITS 256

struct dh {
	const struct dh_kind *kind;
	EVP_PKEY *pair;
	uint8_t public_value[DH_PUBLIC_MAX];
};

/*
 * By row of dh_kinds, made at the first use.  To make a key of Curve25519 new costs OpenSSL a
 * walk over all names it knows: a peer's is written into the one that the last peer had.
 */
static EVP_PKEY_CTX *generators[KINDS];
static EVP_PKEY *last_peer[KINDS];

static const struct dh_kind *
dh_kind(unsigned int group)
{
	size_t i;

	for (i = 0; i < KINDS; i++) {
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
	if (len != (size_t)kind->public_len + (kind->form == POINT))
		log_fatal("OpenSSL gave %zu bytes for a public value of group %u", len, kind->number);
	memcpy(d->public_value, p + (kind->form == POINT), kind->public_len);
	OPENSSL_free(p);
	return d;
}

static void
generators_free(void)
{
	size_t i;

	for (i = 0; i < KINDS; i++) {
		EVP_PKEY_CTX_free(generators[i]);
		EVP_PKEY_free(last_peer[i]);
		generators[i] = NULL;
		last_peer[i] = NULL;
	}
}

/* Ends `bld`.  NULL when the parameters are no key, or not what the selection asks for. */
static EVP_PKEY *
key_build(const struct dh_kind *kind, int selection, OSSL_PARAM_BLD *bld)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind->type, NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || params == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, selection, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static OSSL_PARAM_BLD *
params_new(void)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();

	if (bld == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	return bld;
}

/* The group, and for a key pair x and y.  2 generates all that have no name. */
static EVP_PKEY *
modp_build(const struct dh_kind *kind, int selection, const BIGNUM *x, const BIGNUM *y)
{
	OSSL_PARAM_BLD *bld = params_new();
	BIGNUM *p = kind->prime == NULL ? NULL : kind->prime(NULL), *g = BN_new();
	EVP_PKEY *key;

	if (g == NULL || BN_set_word(g, 2) != 1)
		log_fatal("out of memory for a Diffie-Hellman key");
	if (p == NULL) {
		OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, kind->name, 0);
	} else {
		OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_P, p);
		OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_G, g);
	}
	if (x != NULL)
		OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, x);
	if (y != NULL)
		OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PUB_KEY, y);
	key = key_build(kind, selection, bld);
	BN_free(p);
	BN_free(g);
	return key;
}

/* A group of our own has no name but a length of exponents. */
static bool
generator_group(const struct dh_kind *kind, EVP_PKEY_CTX *ctx)
{
	int bits = EXPONENT_BITS;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_int(OSSL_PKEY_PARAM_DH_PRIV_LEN, &bits), OSSL_PARAM_END,
	};

	if (kind->prime != NULL)
		return EVP_PKEY_CTX_set_params(ctx, params) == 1;
	return kind->name == NULL || EVP_PKEY_CTX_set_group_name(ctx, kind->name) == 1;
}

static EVP_PKEY_CTX *
generator_new(const struct dh_kind *kind)
{
	EVP_PKEY *group;
	EVP_PKEY_CTX *ctx;

	if (kind->prime == NULL) {
		ctx = EVP_PKEY_CTX_new_from_name(NULL, kind->type, NULL);
	} else {
		group = modp_build(kind, EVP_PKEY_KEY_PARAMETERS, NULL, NULL);
		ctx = group == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, group, NULL);
		EVP_PKEY_free(group);		/* the context has its own reference */
	}
	if (ctx != NULL && (kind->form == STRING ? EVP_PKEY_fromdata_init(ctx) == 1 :
	    EVP_PKEY_keygen_init(ctx) == 1 && generator_group(kind, ctx)))
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

/* NULL when OpenSSL on this machine does not offer the group. */
static EVP_PKEY_CTX *
generator_of(const struct dh_kind *kind)
{
	EVP_PKEY_CTX **ctx = &generators[kind - dh_kinds];
	static bool registered;

	/* After OpenSSL's own handler, so it runs before that one. */
	if (!registered)
		atexit(generators_free);
	registered = true;
	if (*ctx == NULL)
		*ctx = generator_new(kind);
	return *ctx;
}

/* Any string is a private value (RFC 7748 5), so it comes from the kernel without OpenSSL's detour. */
static EVP_PKEY *
string_pair(const struct dh_kind *kind, EVP_PKEY_CTX *ctx)
{
	uint8_t x[DH_PUBLIC_MAX];
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, x, kind->secret_len),
		OSSL_PARAM_END,
	};
	EVP_PKEY *pair = NULL;

	random_bytes(x, kind->secret_len);
	if (EVP_PKEY_fromdata(ctx, &pair, EVP_PKEY_KEYPAIR, params) != 1)
		pair = NULL;
	wipe(x, kind->secret_len);
	return pair;
}

struct dh *
dh_new(unsigned int group)
{
	const struct dh_kind *kind = dh_kind(group);
	EVP_PKEY_CTX *ctx = kind == NULL ? NULL : generator_of(kind);
	EVP_PKEY *pair = NULL;

	if (ctx != NULL && kind->form == STRING)
		pair = string_pair(kind, ctx);
	else if (ctx == NULL || EVP_PKEY_generate(ctx, &pair) != 1)
		pair = NULL;
	return kind == NULL ? NULL : dh_wrap(kind, pair);
}

/* The bytes as OpenSSL wants them: a point gets its 0x04.  `to` has DH_PUBLIC_MAX + 1. */
static size_t
dh_encode(const struct dh_kind *kind, struct slice value, uint8_t *to)
{
	size_t front = kind->form == POINT;

	to[0] = 0x04;
	memcpy(to + front, value.p, value.len);
	return value.len + front;
}

static EVP_PKEY *
point_build(const struct dh_kind *kind, const BIGNUM *x, struct slice public_value)
{
	OSSL_PARAM_BLD *bld = params_new();
	uint8_t point[DH_PUBLIC_MAX + 1];
	size_t len = dh_encode(kind, public_value, point);

	OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, kind->name, 0);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, x);
	OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, len);
	return key_build(kind, EVP_PKEY_KEYPAIR, bld);
}

struct dh *
dh_new_test(unsigned int group, struct slice private_value, struct slice public_value)
{
	const struct dh_kind *kind = dh_kind(group);
	EVP_PKEY *pair;
	BIGNUM *x, *y;

	if (kind == NULL || public_value.len != kind->public_len ||
	    private_value.len > kind->public_len)
		return NULL;
	if (kind->form == STRING)	/* OpenSSL finds the public value itself */
		return dh_wrap(kind, EVP_PKEY_new_raw_private_key_ex(NULL, kind->type, NULL,
		    private_value.p, private_value.len));
	x = BN_bin2bn(private_value.p, (int)private_value.len, NULL);
	y = BN_bin2bn(public_value.p, (int)public_value.len, NULL);
	if (x == NULL || y == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	pair = kind->form == POINT ? point_build(kind, x, public_value) :
	    modp_build(kind, EVP_PKEY_KEYPAIR, x, y);
	BN_clear_free(x);
	BN_free(y);
	return dh_wrap(kind, pair);
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

static EVP_PKEY *
string_peer(const struct dh_kind *kind, struct slice value)
{
	EVP_PKEY **last = &last_peer[kind - dh_kinds];

	if (*last == NULL)
		*last = EVP_PKEY_new_raw_public_key_ex(NULL, kind->type, NULL, value.p, value.len);
	else if (EVP_PKEY_set1_encoded_public_key(*last, value.p, value.len) != 1)
		return NULL;
	if (*last != NULL)
		EVP_PKEY_up_ref(*last);
	return *last;
}

/* NULL when the value is not in the group. */
static EVP_PKEY *
dh_peer_key(const struct dh *d, struct slice value)
{
	uint8_t point[DH_PUBLIC_MAX + 1];
	size_t len = dh_encode(d->kind, value, point);
	EVP_PKEY *peer;

	if (d->kind->form == STRING)
		return string_peer(d->kind, value);
	peer = EVP_PKEY_new();
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
 * several times the secret and tells nothing more where the prime is a safe
 * one.  Group 24's is not.
 */
static bool
dh_peer_check(const struct dh *d, EVP_PKEY *peer)
{
	EVP_PKEY_CTX *ctx;
	bool ok;

	if (d->kind->form == STRING)
		return true;
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, peer, NULL);
	if (ctx == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	ok = d->kind->subgroups ? EVP_PKEY_public_check(ctx) == 1 :
	    EVP_PKEY_public_check_quick(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* Fails for Curve25519's secret of zeros: OpenSSL sees to that. */
static bool
dh_derive(const struct dh *d, EVP_PKEY *peer, struct dh_secret *out)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, d->pair, NULL);
	unsigned int pad = 1;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_uint(OSSL_EXCHANGE_PARAM_PAD, &pad),
		OSSL_PARAM_END,
	};
	size_t len = sizeof(out->b);
	bool ok;

	if (ctx == NULL)
		log_fatal("out of memory for a Diffie-Hellman key");
	ok = EVP_PKEY_derive_init_ex(ctx, d->kind->form == MODP ? params : NULL) == 1 &&
	    EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) == 1 &&
	    EVP_PKEY_derive(ctx, out->b, &len) == 1 && len == d->kind->secret_len;
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
	ok = peer != NULL && dh_peer_check(d, peer) && dh_derive(d, peer, out);
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
