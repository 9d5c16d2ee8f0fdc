/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEEP_MAGIC 0x6b65657031303030ull
#define COMMITTED 0x600dc0deu

struct header {		/* one page; slots follow, each with its commit word apart */
	uint64_t magic;
	char kind[8];
	uint32_t version, slots;
	uint64_t slot_size;
	uint64_t spare[3];
	uint8_t user[64];
};

struct keep {
	struct header *h;
	_Atomic uint32_t *commit;
	uint8_t *slot;
	size_t stride, bytes;
	uint32_t slots, top;	/* top: no slot at or above it was ever committed */
};

#define PAGE 4096u

static size_t
round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

static size_t
commits_bytes(uint32_t slots)
{
	return round_up((size_t)slots * sizeof(uint32_t), PAGE);
}

size_t
keep_bytes(size_t slot_size, uint32_t slots)
{
	return PAGE + commits_bytes(slots) + round_up(round_up(slot_size, 64) * slots, PAGE);
}

static struct keep *
map(int fd, size_t at, size_t slot_size, uint32_t slots)
{
	struct keep *k = calloc(1, sizeof(*k));
	size_t commits = commits_bytes(slots);
	uint8_t *base;

	if (k == NULL)
		return NULL;
	k->stride = round_up(slot_size, 64);
	k->slots = slots;
	k->bytes = keep_bytes(slot_size, slots);
	base = mmap(NULL, k->bytes, PROT_READ | PROT_WRITE,
	    fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED | MAP_NORESERVE, fd,
	    (off_t)at);
	if (base == MAP_FAILED) {
		free(k);
		return NULL;
	}
	madvise(base, k->bytes, MADV_DONTDUMP);
	k->h = (struct header *)base;
	k->commit = (_Atomic uint32_t *)(base + PAGE);
	k->slot = base + PAGE + commits;
	return k;
}

static void
format(struct keep *k, const char kind[8], uint32_t version, size_t slot_size)
{
	memset(k->h, 0, sizeof(*k->h));
	memcpy(k->h->kind, kind, sizeof(k->h->kind));
	k->h->version = version;
	k->h->slots = k->slots;
	k->h->slot_size = slot_size;
	k->h->magic = KEEP_MAGIC;
}

struct keep *
keep_open(int fd, const char kind[8], uint32_t version, size_t slot_size, uint32_t slots, bool *warm)
{
	return keep_open_at(fd, 0, kind, version, slot_size, slots, warm);
}

struct keep *
keep_open_at(int fd, size_t at, const char kind[8], uint32_t version, size_t slot_size,
    uint32_t slots, bool *warm)
{
	off_t end = (off_t)(at + keep_bytes(slot_size, slots));
	struct keep *k;
	struct stat st;
	uint32_t i;

	if (fstat(fd, &st) < 0 || (st.st_size < end && ftruncate(fd, end) < 0))
		return NULL;
	k = map(fd, at, slot_size, slots);
	if (k == NULL)
		return NULL;
	*warm = k->h->magic == KEEP_MAGIC && memcmp(k->h->kind, kind, 8) == 0 &&
	    k->h->version == version && k->h->slots == slots && k->h->slot_size == slot_size;
	if (!*warm) {
		/* Another shape's bytes mean nothing here, and may be keys; so those behind it. */
		if (st.st_size > (off_t)at)
			fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at,
			    st.st_size - (off_t)at);
		format(k, kind, version, slot_size);
		return k;
	}
	for (i = 0; i < slots; i++)
		if (k->commit[i] == COMMITTED)
			k->top = i + 1;
	return k;
}

struct keep *
keep_open_private(size_t slot_size, uint32_t slots)
{
	struct keep *k = map(-1, 0, slot_size, slots);

	if (k != NULL)
		format(k, "private", 0, slot_size);
	return k;
}

void
keep_close(struct keep *k)
{
	if (k == NULL)
		return;
	munmap(k->h, k->bytes);
	free(k);
}

uint32_t
keep_slots(const struct keep *k)
{
	return k->slots;
}

void *
keep_slot(const struct keep *k, uint32_t i)
{
	return k->slot + k->stride * i;
}

bool
keep_committed(const struct keep *k, uint32_t i)
{
	return atomic_load_explicit(&k->commit[i], memory_order_acquire) == COMMITTED;
}

void
keep_commit(struct keep *k, uint32_t i)
{
	atomic_store_explicit(&k->commit[i], COMMITTED, memory_order_release);
	if (i >= k->top)
		k->top = i + 1;
}

void
keep_begin(struct keep *k, uint32_t i)
{
	atomic_store_explicit(&k->commit[i], 0, memory_order_seq_cst);
}

void
keep_clear(struct keep *k, uint32_t i)
{
	keep_begin(k, i);
	explicit_bzero(keep_slot(k, i), k->stride);
}

uint32_t
keep_next(const struct keep *k, uint32_t i)
{
	for (; i < k->top; i++)
		if (keep_committed(k, i))
			return i;
	return k->slots;
}

/* In the manner of FNV, eight bytes a step: it tells damage, not malice. */
uint32_t
keep_sum(const void *p, size_t len)
{
	const uint8_t *b = p;
	uint64_t h = 0xcbf29ce484222325ull, word;
	size_t n;

	for (; len > 0; len -= n, b += n) {
		n = len < sizeof(word) ? len : sizeof(word);
		word = 0;
		memcpy(&word, b, n);
		h = (h ^ word) * 0x9e3779b97f4a7c15ull;
		h ^= h >> 32;
	}
	return (uint32_t)(h ^ h >> 16);
}

void *
keep_header_user(struct keep *k)
{
	return k->h->user;
}

int
keep_memfd(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd >= 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
