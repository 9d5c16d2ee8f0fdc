/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "log.h"

bool
secret_set(struct secret *s, const void *p, size_t len)
{
	if (len > sizeof(s->b))
		return false;
	if (len > 0)
		memcpy(s->b, p, len);
	s->len = (uint16_t)len;
	return true;
}

bool
esp_secret_set(struct esp_secret *s, const void *p, size_t len)
{
	if (len > sizeof(s->b))
		return false;
	if (len > 0)
		memcpy(s->b, p, len);
	s->len = (uint8_t)len;
	return true;
}

bool
blob_set(struct blob *s, const void *p, size_t len)
{
	if (len > sizeof(s->b))
		return false;
	if (len > 0)
		memcpy(s->b, p, len);
	s->len = (uint16_t)len;
	return true;
}

void
secret_free(struct secret **s)
{
	if (*s != NULL)
		secret_wipe(*s);
	free(*s);
	*s = NULL;
}

void
secret_keep(struct secret **s, const void *p, size_t len)
{
	secret_free(s);
	*s = calloc(1, sizeof(**s));
	if (*s == NULL)
		log_fatal("out of memory for a secret");
	secret_set(*s, p, len);
}

void
secret_wipe(struct secret *s)
{
	explicit_bzero(s, sizeof(*s));
}

void
wipe(void *p, size_t len)
{
	if (len > 0)
		explicit_bzero(p, len);
}

/* The compiler cannot know the value, and so cannot stop at the first difference. */
static inline uint64_t
opaque(uint64_t v)
{
	__asm__("" : "+r"(v));
	return v;
}

bool
equal_in_constant_time(const void *a, const void *b, size_t len)
{
	const uint8_t *x = a, *y = b;
	uint64_t differ = 0, p, q;

	/* Words, and then bytes: every packet's tag passes here. */
	for (; len >= sizeof(p); len -= sizeof(p), x += sizeof(p), y += sizeof(q)) {
		memcpy(&p, x, sizeof(p));
		memcpy(&q, y, sizeof(q));
		differ = opaque(differ | (p ^ q));
	}
	for (; len > 0; len--)
		differ = opaque(differ | (uint64_t)(*x++ ^ *y++));
	return differ == 0;
}

void
random_bytes(void *p, size_t len)
{
	uint8_t *at = p;

	while (len > 0) {
		ssize_t n = getrandom(at, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			log_fatal("getrandom: %s: no keys can be made on this kernel", strerror(errno));
		at += n;
		len -= (size_t)n;
	}
}

uint32_t
random_u32(void)
{
	uint32_t v;

	random_bytes(&v, sizeof(v));
	return v;
}
