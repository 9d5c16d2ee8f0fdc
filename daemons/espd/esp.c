/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "esp.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "esp_crypto.h"
#include "log.h"

enum { ESP_TRAILER_LEN = 2, ESP_TEXT_MAX = 65535 };

struct esp_key {
	uint32_t spi;
	bool esn;
	struct esp_shape shape;
	struct esp_crypt *crypt;
};

struct esp_key *
esp_key_new(enum esp_direction dir, const struct esp_transform *t, bool esn, uint32_t spi,
    struct slice key, struct slice auth, const char **why)
{
	struct esp_shape shape;
	struct esp_crypt *crypt;
	struct esp_key *k;

	*why = NULL;
	if (!esp_shape_of(t, &shape))
		*why = "cipher and integrity do not make an ESP transform";
	else if (key.len != shape.key)
		*why = "the cipher key has not the length of its transform";
	else if (auth.len != shape.auth)
		*why = "the HMAC key has not the length of its transform";
	if (*why != NULL)
		return NULL;
	crypt = esp_crypt_new(esp_ops_best(t), dir == ESP_SEAL, t, esn, key, auth);
	if (crypt == NULL) {
		*why = "OpenSSL on this machine does not offer the transform";
		return NULL;
	}
	k = calloc(1, sizeof(*k));
	if (k == NULL)
		log_fatal("out of memory for an SA");
	*k = (struct esp_key){.spi = spi, .esn = esn, .shape = shape, .crypt = crypt};
	return k;
}

void
esp_key_free(struct esp_key *k)
{
	if (k == NULL)
		return;
	esp_crypt_free(k->crypt);
	free(k);
}

/*
 * Bytes between the payload and the pad length, which ends its block with the next header.
 * All blocks are powers of two: a division would cost more than the rest of a header.
 */
static size_t
esp_pad(const struct esp_shape *s, size_t payload)
{
	return -(payload + ESP_TRAILER_LEN) & (s->block - 1u);
}

/* RFC 4303 2.4: 1, 2, 3 ... */
static uint8_t *
esp_trailer_write(uint8_t *at, size_t pad, uint8_t next_header)
{
	size_t i;

	for (i = 1; i <= pad; i++)
		*at++ = (uint8_t)i;
	*at++ = (uint8_t)pad;
	*at++ = next_header;
	return at;
}

/* The payload's length, or -1 when the padding is not 1, 2, 3 ... */
static long
esp_trailer_read(const uint8_t *text, size_t len, uint8_t *next_header)
{
	size_t pad = text[len - 2], i;

	if (pad + ESP_TRAILER_LEN > len)
		return -1;
	len -= pad + ESP_TRAILER_LEN;
	for (i = 0; i < pad; i++) {
		if (text[len + i] != i + 1)
			return -1;
	}
	*next_header = text[len + pad + 1];
	return (long)len;
}

static bool
number_exists(const struct esp_key *k, uint64_t seq)
{
	return seq != 0 && (k->esn || seq <= UINT32_MAX);
}

/* One store: the cipher reads it as a whole, and would wait for its halves. */
static void
esp_header_write(uint8_t *to, const struct esp_key *k, uint64_t seq)
{
	uint64_t header = htobe64((uint64_t)k->spi << 32 | (uint32_t)seq);

	_Static_assert(sizeof(header) == ESP_HEADER_LEN, "SPI and number");
	memcpy(to, &header, sizeof(header));
}

enum drop
esp_seal_begin(struct esp_key *k, struct esp_buf *b, uint64_t seq, uint8_t next_header,
    struct esp_job *job)
{
	const struct esp_shape *s = &k->shape;
	size_t pad = esp_pad(s, b->len);
	size_t front = ESP_HEADER_LEN + s->iv, behind = pad + ESP_TRAILER_LEN + s->icv;
	struct esp_parts *p = &job->parts;

	if (!number_exists(k, seq))
		return DROP_OUT_SEQUENCE;
	if (b->len > ESP_TEXT_MAX || (size_t)(b->at - b->start) < front ||
	    (size_t)(b->end - b->at) < b->len + behind)
		return DROP_OUT_CRYPTO;
	job->crypt = k->crypt;
	p->seq = seq;
	p->text = b->at;
	p->plain = b->at;
	p->header = b->at - front;
	p->iv = b->at - s->iv;
	p->icv = esp_trailer_write(b->at + b->len, pad, next_header);
	p->text_len = (size_t)(p->icv - p->text);
	esp_header_write(p->header, k, seq);
	b->at = p->header;
	b->len += front + behind;
	return DROP_NOT;
}

enum drop
esp_seal(struct esp_key *k, struct esp_buf *b, uint64_t seq, uint8_t next_header)
{
	uint8_t *at = b->at;
	size_t len = b->len;
	struct esp_job job;
	enum drop why = esp_seal_begin(k, b, seq, next_header, &job);

	if (why != DROP_NOT || esp_crypt_seal(k->crypt, &job.parts))
		return why;
	b->at = at;
	b->len = len;
	return DROP_OUT_CRYPTO;
}

enum drop
esp_seal_to(struct esp_key *k, uint8_t *p, size_t len, uint8_t *to, uint64_t seq,
    uint8_t next_header)
{
	const struct esp_shape *s = &k->shape;
	struct esp_parts parts = {.header = to, .iv = to + ESP_HEADER_LEN,
	    .text = to + ESP_HEADER_LEN + s->iv, .plain = p, .seq = seq};

	if (!number_exists(k, seq))
		return DROP_OUT_SEQUENCE;
	if (len > ESP_TEXT_MAX)
		return DROP_OUT_CRYPTO;
	parts.text_len = (size_t)(esp_trailer_write(p + len, esp_pad(s, len), next_header) - p);
	parts.icv = parts.text + parts.text_len;
	esp_header_write(to, k, seq);
	return esp_crypt_seal(k->crypt, &parts) ? DROP_NOT : DROP_OUT_CRYPTO;
}

enum drop
esp_open_begin(struct esp_key *k, const struct esp_buf *b, uint64_t seq, struct esp_job *job)
{
	const struct esp_shape *s = &k->shape;
	size_t front = ESP_HEADER_LEN + s->iv;
	struct esp_parts *p = &job->parts;

	if (b->len < front + ESP_TRAILER_LEN + s->icv || b->len > ESP_TEXT_MAX)
		return DROP_IN_RUNT;
	job->crypt = k->crypt;
	p->seq = seq;
	p->header = b->at;
	p->iv = b->at + ESP_HEADER_LEN;
	p->text = b->at + front;
	p->text_len = b->len - front - s->icv;
	p->icv = p->text + p->text_len;
	/* Alignment alone is nothing to drop an authentic packet for; the cipher's block is. */
	return s->block > ESP_ALIGN && p->text_len % s->block != 0 ? DROP_IN_RUNT : DROP_NOT;
}

enum drop
esp_open_end(const struct esp_job *job, struct esp_buf *b, uint8_t *next_header)
{
	const struct esp_parts *p = &job->parts;
	long payload;

	if (!job->ok)
		return DROP_IN_BAD_TAG;
	payload = esp_trailer_read(p->text, p->text_len, next_header);
	if (payload < 0)
		return DROP_IN_BAD_PAD;
	b->at = p->text;
	b->len = (size_t)payload;
	return DROP_NOT;
}

enum drop
esp_open(struct esp_key *k, struct esp_buf *b, uint64_t seq, uint8_t *next_header)
{
	struct esp_job job;
	enum drop why = esp_open_begin(k, b, seq, &job);

	if (why != DROP_NOT)
		return why;
	job.ok = esp_crypt_open(k->crypt, &job.parts);
	return esp_open_end(&job, b, next_header);
}

static void
run_one(struct esp_job *job)
{
	job->ok = esp_crypt_is_sealing(job->crypt) ? esp_crypt_seal(job->crypt, &job->parts) :
	    esp_crypt_open(job->crypt, &job->parts);
}

void
esp_run(struct esp_job *const *jobs, unsigned int n)
{
	enum { AHEAD = 3, MANY = 4 };	/* fewer are faster one by one: see esp_mb_hmac.c */
	struct esp_job *many[ESP_JOBS_MAX];
	unsigned int i, count = 0;

	for (i = 0; i < n; i++) {
		if (i + AHEAD < n && jobs[i + AHEAD]->crypt != jobs[i]->crypt)
			esp_crypt_prefetch(jobs[i + AHEAD]->crypt);
		if (esp_crypt_batches(jobs[i]->crypt))
			many[count++] = jobs[i];
		else
			run_one(jobs[i]);
	}
	if (count >= MANY)
		esp_crypt_many(many, count);
	else
		for (i = 0; i < count; i++)
			run_one(many[i]);
}

unsigned int
esp_run_few(struct esp_job *const *jobs, unsigned int n)
{
	enum { FEW = 8 };		/* of the longest have room in a CPU's first cache */
	unsigned int i;

	for (i = 0; i < n; i++)
		if (esp_crypt_batches(jobs[i]->crypt))
			return n;
	return n < FEW ? n : FEW;
}

uint8_t
esp_key_backend(const struct esp_key *k)
{
	return esp_crypt_backend(k->crypt);
}

bool
esp_key_batches(const struct esp_key *k)
{
	return esp_crypt_batches(k->crypt);
}

void
esp_key_prefetch(const struct esp_key *k)
{
	__builtin_prefetch(k->crypt);
	__builtin_prefetch((const char *)k->crypt + 64);
}

size_t
esp_key_sealed(const struct esp_key *k, size_t payload)
{
	const struct esp_shape *s = &k->shape;

	return ESP_HEADER_LEN + s->iv + payload + esp_pad(s, payload) + ESP_TRAILER_LEN + s->icv;
}

size_t
esp_key_payload_max(const struct esp_key *k, size_t room)
{
	const struct esp_shape *s = &k->shape;
	size_t fixed = ESP_HEADER_LEN + s->iv + s->icv;

	if (room < fixed + s->block)
		return 0;
	return (room - fixed) / s->block * s->block - ESP_TRAILER_LEN;
}
