/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ring.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "log.h"

struct record {
	uint32_t kind, len;	/* kind SKIP: the rest of the ring is not used */
};

#define SKIP 0xffffffffu

static uint32_t
room_of(size_t len)
{
	return (uint32_t)((sizeof(struct record) + len + 15) / 16 * 16);
}

static uint8_t *
place(const struct ring *r, uint32_t at)
{
	return r->mem + ((at - r->base) & (r->size - 1));
}

void
ring_init(struct ring *r, uint32_t size)
{
	memset(r, 0, sizeof(*r));
	r->size = size;
	r->mem = malloc(size);
	r->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (r->mem == NULL || r->wake_fd < 0)
		log_fatal("no memory or no eventfd for a ring");
}

void
ring_close(struct ring *r)
{
	free(r->mem);
	if (r->mem != NULL)
		close(r->wake_fd);
	r->mem = NULL;
}

uint8_t *
ring_reserve(struct ring *r, uint32_t kind, size_t len)
{
	uint32_t tail = __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE);
	uint32_t need = room_of(len), left, pad;
	struct record *rec;

	if (tail == r->head)
		r->base = r->head;	/* the reader looks at it when there is a record */
	rec = (struct record *)place(r, r->head);
	left = r->size - (uint32_t)((uint8_t *)rec - r->mem);
	pad = need > left ? left : 0;
	if (len > RING_RECORD_MAX || r->size - (r->head - tail) < need + pad)
		return NULL;
	if (pad > 0) {
		*rec = (struct record){.kind = SKIP, .len = pad};
		rec = (struct record *)r->mem;
	}
	*rec = (struct record){.kind = kind, .len = (uint32_t)len};
	r->reserved = pad + need;
	return (uint8_t *)(rec + 1);
}

void
ring_commit(struct ring *r)
{
	__atomic_store_n(&r->head, r->head + r->reserved, __ATOMIC_RELEASE);
	r->told = true;
}

bool
ring_push(struct ring *r, uint32_t kind, const void *a, size_t a_len, const void *b, size_t b_len)
{
	uint8_t *to = ring_reserve(r, kind, a_len + b_len);

	if (to == NULL)
		return false;
	memcpy(to, a, a_len);
	if (b_len > 0)
		memcpy(to + a_len, b, b_len);
	ring_commit(r);
	return true;
}

void
ring_wake(struct ring *r)
{
	uint64_t one = 1;

	if (r->told && write(r->wake_fd, &one, sizeof(one)) != sizeof(one))
		return;		/* it is readable already */
	r->told = false;
}

const uint8_t *
ring_peek(struct ring *r, uint32_t *kind, size_t *len)
{
	uint32_t head = __atomic_load_n(&r->head, __ATOMIC_ACQUIRE);
	const struct record *rec;

	if (r->tail == head)
		return NULL;
	rec = (const struct record *)place(r, r->tail);
	if (rec->kind == SKIP) {
		__atomic_store_n(&r->tail, r->tail + rec->len, __ATOMIC_RELEASE);
		rec = (const struct record *)r->mem;
	}
	*kind = rec->kind;
	*len = rec->len;
	return (const uint8_t *)(rec + 1);
}

void
ring_pop(struct ring *r)
{
	const struct record *rec = (const struct record *)place(r, r->tail);

	__atomic_store_n(&r->tail, r->tail + room_of(rec->len), __ATOMIC_RELEASE);
}

uint8_t *
ring_take(struct ring *r, size_t *len)
{
	uint32_t head = __atomic_load_n(&r->head, __ATOMIC_ACQUIRE);
	const struct record *rec;

	if (r->taken == head)
		return NULL;
	rec = (const struct record *)place(r, r->taken);
	if (rec->kind == SKIP) {
		r->taken += rec->len;
		rec = (const struct record *)r->mem;
	}
	*len = rec->len;
	r->taken += room_of(rec->len);
	return (uint8_t *)(uintptr_t)(rec + 1);
}

void
ring_release(struct ring *r)
{
	__atomic_store_n(&r->tail, r->taken, __ATOMIC_RELEASE);
}

void
ring_rest(struct ring *r)
{
	uint64_t n;

	if (read(r->wake_fd, &n, sizeof(n)) < 0)
		return;		/* nothing was there */
}

bool
ring_has_some(const struct ring *r)
{
	return __atomic_load_n(&r->head, __ATOMIC_ACQUIRE) != __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE);
}

void
ring_again(struct ring *r)
{
	uint64_t one = 1;

	if (write(r->wake_fd, &one, sizeof(one)) != sizeof(one))
		return;		/* it is readable already */
}
