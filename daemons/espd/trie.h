/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Longest prefix match: a path-compressed binary trie, searched by workers
 * while the control thread changes it (shared.h).
 *
 * A node's prefix never changes; a change puts a new node in or takes one out
 * with one published pointer, so a search sees the trie before or after it.
 * Values are the owner's; NULL means that the node only joins two others.
 */
#ifndef CULVERT_TRIE_H
#define CULVERT_TRIE_H

#include <stdint.h>

#include "loop.h"

struct trie_node;

struct trie {
	struct trie_node *root;
	unsigned int bits;	/* 32 or 128 */
};

void trie_init(struct trie *t, unsigned int bits);
/* Frees the nodes; no worker may see the trie any more. */
void trie_close(struct trie *t);
/* The value of the longest prefix that covers key (bits/8 bytes), or NULL. Workers. */
void *trie_lookup(const struct trie *t, const uint8_t *key);
/* Sets or, with NULL, takes out; returns the value that was there, for the caller to free later. */
void *trie_set(struct trie *t, struct loop *l, const uint8_t *key, unsigned int len, void *value);

#endif
