/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "esp_pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "log.h"
#include "secret.h"

#define HUGE_PAGE (2u << 20)
#define SMALL_CHUNK (64u << 10)
#define ALIGNMENT 64

struct slot {
	struct slot *next;
};

static struct slot *vacant;

static void
add_chunk(void)
{
	static bool first = true;
	size_t size = first ? SMALL_CHUNK : HUGE_PAGE, at;
	uint8_t *chunk = aligned_alloc(first ? ALIGNMENT : HUGE_PAGE, size);
	struct slot *s;

	if (chunk == NULL)
		log_fatal("out of memory for the keys of SAs");
	if (!first)
		(void)madvise(chunk, size, MADV_HUGEPAGE);	/* a kernel without them has small ones */
	first = false;
	for (at = 0; at + ESP_POOL_SLOT <= size; at += ESP_POOL_SLOT) {
		s = (struct slot *)(void *)(chunk + at);
		s->next = vacant;
		vacant = s;
	}
}

void *
esp_pool_get(void)
{
	struct slot *s;

	if (vacant == NULL)
		add_chunk();
	s = vacant;
	vacant = s->next;
	return s;
}

void
esp_pool_put(void *slot)
{
	struct slot *s = slot;

	if (s == NULL)
		return;
	wipe(s, ESP_POOL_SLOT);
	s->next = vacant;
	vacant = s;
}
