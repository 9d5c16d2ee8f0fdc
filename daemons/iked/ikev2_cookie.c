/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev2_cookie.h"

#include "crypto.h"
#include "ikev2_wire.h"
#include "secret.h"

enum { KEY_LIVES_S = 60 };

static void
sum(const struct cookie_jar *j, uint8_t version, const struct cookie_of *of, uint8_t out[COOKIE_LEN])
{
	struct slice in[] = {of->nonce, {of->addr->b, addr_bytes(of->addr)},
	    {of->spi_i, IKE_SPI_LEN}};

	out[0] = version;
	prf(HASH_SHA256, slice_of(j->key[version & 1], COOKIE_KEY_LEN), in, 3, out + 1);
}

/* A new key each minute; the one before it is good as long again. */
static void
renew(struct cookie_jar *j, mono_t now)
{
	if (j->made.us != 0 && mono_before(now, mono_add(j->made, mono_s(KEY_LIVES_S))))
		return;
	if (j->made.us == 0)
		random_bytes(j->key, sizeof(j->key));
	j->version++;
	random_bytes(j->key[j->version & 1], COOKIE_KEY_LEN);
	j->made = now;
}

void
cookie_make(struct cookie_jar *j, mono_t now, const struct cookie_of *of, uint8_t out[COOKIE_LEN])
{
	renew(j, now);
	sum(j, j->version, of, out);
}

bool
cookie_good(struct cookie_jar *j, mono_t now, const struct cookie_of *of, struct slice cookie)
{
	uint8_t want[COOKIE_LEN];

	renew(j, now);
	if (cookie.len != COOKIE_LEN || (uint8_t)(j->version - cookie.p[0]) > 1)
		return false;
	sum(j, cookie.p[0], of, want);
	return equal_in_constant_time(cookie.p, want, COOKIE_LEN);
}
