/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one ESP packet costs: nanoseconds for seal and open by transform and
 * payload length, the best of several rounds.  Not a test: figures move with
 * what else the machine does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "esp.h"

enum { ROUNDS = 5, PACKETS = 20000, BUFFERS = 256, ROOM = 1600 };

static const struct esp_transform transforms[] = {
	{CIPHER_AES_GCM, 128, INTEG_NONE},
	{CIPHER_AES_GCM, 256, INTEG_NONE},
	{CIPHER_AES_GMAC, 128, INTEG_NONE},
	{CIPHER_AES_CBC, 128, INTEG_HMAC_SHA1_96},
	{CIPHER_AES_CBC, 128, INTEG_HMAC_SHA256_128},
	{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA512_256},
	{CIPHER_CHACHA20_POLY1305, 0, INTEG_NONE},
	{CIPHER_AES_CTR, 128, INTEG_HMAC_SHA1_96},
	{CIPHER_3DES_CBC, 0, INTEG_HMAC_MD5_96},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA1_96},
};

static const size_t payloads[] = {64, 576, 1408};

static uint8_t memory[BUFFERS][ROOM];

static double
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static struct esp_key *
bench_key(enum esp_direction dir, const struct esp_transform *t)
{
	static const uint8_t key[ESP_AUTH_KEY_MAX] = "bench";
	size_t len = cipher_keymat_len(t->cipher, t->key_bits);
	const char *why;
	struct esp_key *k = esp_key_new(dir, t, false, 1, slice_of(key, len),
	    slice_of(key, integ_key_len(t->integ)), &why);

	if (k == NULL) {
		fprintf(stderr, "bench_esp: %s\n", why);
		exit(1);
	}
	return k;
}

/* BUFFERS packets are sealed, then opened; each is timed as a block. */
static void
bench_round(struct esp_key *seal, struct esp_key *open, size_t len, double *seal_ns, double *open_ns)
{
	static struct esp_buf b[BUFFERS];
	double sealing = 0, opening = 0, start;
	uint32_t seq = 1;
	uint8_t next;
	int i, n;

	for (n = 0; n < PACKETS / BUFFERS; n++) {
		for (i = 0; i < BUFFERS; i++)
			b[i] = (struct esp_buf){memory[i], memory[i] + ROOM, memory[i] + ESP_HEADROOM, len};
		start = now_ns();
		for (i = 0; i < BUFFERS; i++)
			esp_seal(seal, &b[i], seq + (uint32_t)i, ESP_NEXT_GRE);
		sealing += now_ns() - start;
		start = now_ns();
		for (i = 0; i < BUFFERS; i++) {
			if (esp_open(open, &b[i], seq + (uint32_t)i, &next) != DROP_NOT)
				abort();
		}
		opening += now_ns() - start;
		seq += BUFFERS;
	}
	*seal_ns = sealing / (n * BUFFERS);
	*open_ns = opening / (n * BUFFERS);
}

static void
bench_transform(const struct esp_transform *t)
{
	struct esp_key *seal = bench_key(ESP_SEAL, t), *open = bench_key(ESP_OPEN, t);
	char name[TRANSFORM_STRLEN];
	size_t i;
	int round;

	for (i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		double best_seal = 1e12, best_open = 1e12, s, o;

		for (round = 0; round < ROUNDS; round++) {
			bench_round(seal, open, payloads[i], &s, &o);
			best_seal = s < best_seal ? s : best_seal;
			best_open = o < best_open ? o : best_open;
		}
		printf("%-30s %5zu %7.0f %7.0f %9.1f\n", esp_transform_config_str(t, name),
		    payloads[i], best_seal, best_open, (double)payloads[i] * 8 / best_seal);
	}
	esp_key_free(seal);
	esp_key_free(open);
}

int
main(void)
{
	size_t i;

	printf("%-30s %5s %7s %7s %9s\n", "transform", "bytes", "seal ns", "open ns", "seal Gb/s");
	for (i = 0; i < sizeof(transforms) / sizeof(transforms[0]); i++)
		bench_transform(&transforms[i]);
	return 0;
}
