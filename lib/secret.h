/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: compared in constant time, wiped when done, never printed. */
#ifndef CULVERT_SECRET_H
#define CULVERT_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECRET_MAX 128

struct secret {
	uint16_t len;
	uint8_t b[SECRET_MAX];
};

/* Of one cipher or HMAC.  There are four for each pair of ESP SAs, in several places. */
#define ESP_SECRET_MAX 64

struct esp_secret {
	uint8_t len;
	uint8_t b[ESP_SECRET_MAX];
};

bool esp_secret_set(struct esp_secret *s, const void *p, size_t len);	/* false when too long */

/* What is larger: a private key, and what travels as one. */
#define BLOB_MAX 4096

struct blob {
	uint16_t len;
	uint8_t b[BLOB_MAX];
};

bool blob_set(struct blob *s, const void *p, size_t len);	/* false when too long */

bool secret_set(struct secret *s, const void *p, size_t len);	/* false when too long */
void secret_wipe(struct secret *s);
/* One on the heap, for what seldom has one: *s becomes it, in the place of what it was. */
void secret_keep(struct secret **s, const void *p, size_t len);	/* at most SECRET_MAX */
void secret_free(struct secret **s);		/* wiped; NULL is nothing */
void wipe(void *p, size_t len);
bool equal_in_constant_time(const void *a, const void *b, size_t len);
/* From the kernel's generator; never fails (a kernel without one ends the process). */
void random_bytes(void *p, size_t len);
uint32_t random_u32(void);

#endif
