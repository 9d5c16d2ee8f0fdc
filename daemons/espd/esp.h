/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ESP packets (RFC 4303): what is written around a payload and taken off it.
 *
 *	| SPI | sequence | IV | payload | pad | pad length | next header | ICV |
 *	 \___ authenticated ___________________________________________/
 *	                       \_____________ encrypted _______________/
 *
 * An esp_key is one direction of one SA: the transform and cipher contexts
 * that were prepared when the SA was installed, so that a packet costs an IV
 * and no key schedule.  It belongs to one thread.  Sequence numbers are the
 * caller's: seal is told the next one, and the replay window (replay.h) is
 * asked before open and marked after it.
 *
 *	AES-GCM		RFC 4106; the IV is the sequence number, which never repeats
 *	AES-GMAC	RFC 4543; the same
 *	ChaCha20	RFC 7634; the same
 *	AES-CTR		RFC 3686; the same
 *	CBC		RFC 3602 (AES), RFC 2451 (3DES), RFC 2405 (DES); the IV is an encrypted
 *			counter, which nobody can foresee
 *	HMAC		RFC 2403 (MD5), RFC 2404 (SHA-1), RFC 4868 (SHA-2)
 *	NULL		RFC 2410; always with an HMAC
 */
#ifndef CULVERT_ESP_H
#define CULVERT_ESP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algs.h"
#include "buf.h"
#include "drops.h"
#include "esp_crypto.h"

#define ESP_HEADROOM 24		/* the most that seal writes in front: header and a CBC IV */
#define ESP_TAILROOM 49		/* the most behind: 15 of padding, 2, and a SHA-512 ICV */

#define ESP_TRAILER_MAX 17	/* of those, what comes before the ICV */

enum { ESP_NEXT_IPV4 = 4, ESP_NEXT_IPV6 = 41, ESP_NEXT_GRE = 47, ESP_NEXT_NONE = 59 };

enum esp_direction { ESP_SEAL, ESP_OPEN };

struct esp_key;

/*
 * `key` is the cipher's KEYMAT, salt or nonce behind it; `auth` is the HMAC's.  They are copied into the contexts and not kept otherwise.
 * NULL when transform and keys do not go together; `*why` says so in a sentence.
 */
struct esp_key *esp_key_new(enum esp_direction dir, const struct esp_transform *t, bool esn,
    uint32_t spi, struct slice key, struct slice auth, const char **why);
void esp_key_free(struct esp_key *k);	/* wipes; NULL is nothing */

/* A packet in its buffer: [at, at + len) of the memory [start, end). */
struct esp_buf {
	uint8_t *start, *end;
	uint8_t *at;
	size_t len;
};

/*
 * Make an ESP packet of the payload at b, in place: b grows in both directions.
 * `seq` is the full 64-bit number, never 0 and never used before with this key.
 * DROP_NOT; DROP_OUT_SEQUENCE when the number does not exist (0, or past 32
 * bits without ESN); DROP_OUT_CRYPTO when there is no room around the payload
 * or the cipher failed.
 */
enum drop esp_seal(struct esp_key *k, struct esp_buf *b, uint64_t seq, uint8_t next_header);

/*
 * The same, but the packet is made at `to`, where there are esp_key_sealed(k, len) bytes for it.
 * The payload at p stays; up to ESP_TRAILER_MAX bytes behind it are written over.
 */
enum drop esp_seal_to(struct esp_key *k, uint8_t *p, size_t len, uint8_t *to, uint64_t seq,
    uint8_t next_header);

/*
 * Many at once: esp_seal() and esp_open() in two halves, between which esp_run()
 * does the work of up to ESP_JOBS_MAX packets, of whatever keys.  A begun
 * packet must stay where it is; the first halves say all that can be said
 * before, and a job that is not `ok` after it failed (DROP_OUT_CRYPTO,
 * DROP_IN_BAD_TAG).
 */
enum drop esp_seal_begin(struct esp_key *k, struct esp_buf *b, uint64_t seq, uint8_t next_header,
    struct esp_job *job);
enum drop esp_open_begin(struct esp_key *k, const struct esp_buf *b, uint64_t seq,
    struct esp_job *job);
void esp_run(struct esp_job *const *jobs, unsigned int n);
/* How many of them are to be run at a time by who reads what they give at once: all or a few. */
unsigned int esp_run_few(struct esp_job *const *jobs, unsigned int n);
enum drop esp_open_end(const struct esp_job *job, struct esp_buf *b, uint8_t *next_header);
uint8_t esp_key_backend(const struct esp_key *k);	/* enum esp_backend */
bool esp_key_batches(const struct esp_key *k);		/* its cipher gains by many at once */
void esp_key_prefetch(const struct esp_key *k);

/* SPI and the low half of the sequence number; false when too short to have them. */
static inline bool
esp_peek(struct slice packet, uint32_t *spi, uint32_t *seq_low)
{
	struct rbuf r;

	rbuf_init(&r, packet.p, packet.len);
	*spi = rbuf_be32(&r);
	*seq_low = rbuf_be32(&r);
	return !r.bad;
}

/*
 * Check the ESP packet at b, then reduce b to its payload, decrypted in place.
 * `seq` is what replay_infer made of the packet's number.  DROP_IN_RUNT,
 * DROP_IN_BAD_TAG or DROP_IN_BAD_PAD leave b as it was, but perhaps not the bytes.
 * Next header 59 (a dummy) is the caller's to drop.
 */
enum drop esp_open(struct esp_key *k, struct esp_buf *b, uint64_t seq, uint8_t *next_header);

/* How many bytes esp_seal() makes of a payload. */
size_t esp_key_sealed(const struct esp_key *k, size_t payload);
/* The longest payload whose ESP packet has at most `room` bytes; 0 when there is none. */
size_t esp_key_payload_max(const struct esp_key *k, size_t room);

#endif
