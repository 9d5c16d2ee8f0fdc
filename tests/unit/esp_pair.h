/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every transform of ESP, and an SA of one in both directions with a packet to send over it. */
#ifndef CULVERT_TEST_ESP_PAIR_H
#define CULVERT_TEST_ESP_PAIR_H

#include "esp.h"

#define ALL(a) (sizeof(a) / sizeof((a)[0]))

enum { SPI = 0xc0ffee01, ROOM = 2300, TRANSFORMS = 23 };

extern const struct esp_transform transforms[TRANSFORMS];

/* Both directions of an SA, and a packet's memory with exactly the room that is promised. */
struct pair {
	struct esp_key *seal, *open;
	uint8_t memory[ESP_HEADROOM + ROOM + ESP_TAILROOM];
	struct esp_buf b;
};

/* Of SPI; the caller frees it. */
struct esp_key *some_key(enum esp_direction dir, const struct esp_transform *t, bool esn);
void pair_init(struct pair *p, const struct esp_transform *t, bool esn);
void pair_free(struct pair *p);
void pair_payload(struct pair *p, size_t len);	/* p->b is one of this length */
bool payload_is_whole(const struct pair *p, size_t len);

#endif
