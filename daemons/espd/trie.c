/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trie.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "shared.h"

struct trie_node {
	struct trie_node *child[2];
	void *value;
	uint8_t len;
	uint8_t key[16];
};

static unsigned int
bit(const uint8_t *key, unsigned int at)
{
	return key[at / 8] >> (7 - at % 8) & 1;
}

/* How many of the first `max` bits are the same. */
static unsigned int
common(const uint8_t *a, const uint8_t *b, unsigned int max)
{
	unsigned int n = 0;

	while (n + 8 <= max && a[n / 8] == b[n / 8])
		n += 8;
	while (n < max && bit(a, n) == bit(b, n))
		n++;
	return n;
}

void
trie_init(struct trie *t, unsigned int bits)
{
	t->root = NULL;
	t->bits = bits;
}

static void
free_below(struct trie_node *n)
{
	if (n == NULL)
		return;
	free_below(n->child[0]);
	free_below(n->child[1]);
	free(n);
}

void
trie_close(struct trie *t)
{
	free_below(t->root);
	t->root = NULL;
}

void *
trie_lookup(const struct trie *t, const uint8_t *key)
{
	const struct trie_node *n = shared_get(&t->root);
	void *best = NULL, *value;

	while (n != NULL && common(n->key, key, n->len) == n->len) {
		value = shared_get(&n->value);
		if (value != NULL)
			best = value;
		if (n->len == t->bits)
			break;
		n = shared_get(&n->child[bit(key, n->len)]);
	}
	return best;
}

static struct trie_node *
node_new(const struct trie *t, const uint8_t *key, unsigned int len, void *value)
{
	struct trie_node *n = calloc(1, sizeof(*n));

	if (n == NULL)
		log_fatal("out of memory");
	memcpy(n->key, key, t->bits / 8);
	n->len = (uint8_t)len;
	n->value = value;
	return n;
}

static void
insert(struct trie *t, struct trie_node **at, const uint8_t *key, unsigned int len, void *value)
{
	struct trie_node *old = *at, *new = node_new(t, key, len, value), *join = new;
	unsigned int same;

	if (old != NULL) {
		same = common(old->key, key, old->len < len ? old->len : len);
		if (same < len) {
			join = node_new(t, key, same, NULL);
			join->child[bit(key, same)] = new;
		}
		join->child[bit(old->key, same)] = old;
	}
	shared_set(at, join);
}

/* A node without a value and with less than two children has no work left. */
static bool
prune(struct loop *l, struct trie_node **at)
{
	struct trie_node *n = *at;

	if (n->value != NULL || (n->child[0] != NULL && n->child[1] != NULL))
		return false;
	shared_set(at, n->child[0] != NULL ? n->child[0] : n->child[1]);
	shared_free_later(l, free, n);
	return true;
}

void *
trie_set(struct trie *t, struct loop *l, const uint8_t *key, unsigned int len, void *value)
{
	struct trie_node **at = &t->root, **parent = NULL, *n;
	void *old;

	while ((n = *at) != NULL && n->len < len && common(n->key, key, n->len) == n->len) {
		parent = at;
		at = &n->child[bit(key, n->len)];
	}
	if (n == NULL || n->len != len || common(n->key, key, len) != len) {
		if (value != NULL)
			insert(t, at, key, len, value);
		return NULL;
	}
	old = n->value;
	shared_set(&n->value, value);
	if (value == NULL && prune(l, at) && parent != NULL)
		prune(l, parent);
	return old;
}
