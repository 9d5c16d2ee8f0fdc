/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The records of kept.h, as they lie in the slots of the tables: kept.c writes
 * them, kept_restore.c reads what a predecessor left.  Another layout is another
 * KEPT_VERSION.
 */
#ifndef CULVERT_IKE_KEPT_RECORDS_H
#define CULVERT_IKE_KEPT_RECORDS_H

#include <stddef.h>

#include "keep.h"
#include "kept.h"
#include "secret.h"

enum { KEPT_VERSION = 13, KEPT_SLOTS = 65536 };	/* of each table */
enum kept_kind { KEPT_PEER = 1, KEPT_SA, KEPT_SA2, KEPT_CHILD, KEPT_ANSWER };

/*
 * Names and keys, which are short as a rule and may be long, stand behind what is of one
 * size, as long as they are.  So there are tables for smaller and for larger records; a
 * slot's number counts through all of them.
 */
enum { KEPT_TABLES = 6, KEPT_LARGEST = 1152 };
extern const size_t kept_table_bytes[KEPT_TABLES];

struct kept_user {		/* in the first table's header */
	uint32_t next_ref;
};

struct kept_peer {		/* and behind it: protection, id, struct peer_proxies if it brings them */
	uint32_t ref, vrf;
	struct ike_path path;
	bool encap, natted, wanted, is_static, demanded, brings_proxies;
	uint8_t version;	/* of IKE */
	mono_t up_since;
};

struct kept_sa {		/* profile, peer_id */
	uint8_t cky_i[IKE_COOKIE_LEN], cky_r[IKE_COOKIE_LEN];
	bool initiator, replaced, natt, nat_local, nat_remote, forced;
	struct ike_path path;
	uint32_t conn_id;
	mono_t created, established_at, dies_at;
	struct p1_transform p1;
	struct keymat1 keys;
	uint8_t last_block[CIPHER_BLOCK_MAX];
	uint32_t vendors, dpd_out, dpd_in;
};

/* Of version 2; keys, profile, id, peer_id, peer_token. */
struct kept_sa2 {
	uint8_t spi_i[IKE_SPI_LEN], spi_r[IKE_SPI_LEN], state, auth_sign, auth_verify, child_group;
	bool initiator, natt, nat_local, nat_remote, forced, fragments;
	struct ike_path path;
	uint32_t conn_id, session_id;
	struct ikev2_window_kept window;
	mono_t created, established_at, dies_at;
	struct prop2 agreed;
	uint64_t iv;
	uint32_t token_given;
};

struct kept_child {		/* the pair as SA_SET says it */
	uint8_t ike[IKE_SPI_LEN];	/* our SPI of the IKEv2 SA that it belongs to; zero: none */
	uint32_t peer_ref, conn_id, life_s;
	uint64_t life_kb;
	bool initiator, rekey_due, retiring, replaces, settled, current;
	uint8_t pfs_group;
	mono_t created, dies_at;
};

/* A piece of what an IKEv2 SA answered; believed if its SA did, and the peer may have missed it. */
struct kept_answer {		/* the piece */
	uint8_t ike[IKE_SPI_LEN];	/* our SPI of the SA */
	uint32_t msgid, pair;
	uint16_t len, piece;		/* of the whole; which piece */
};

struct kept_slot {
	uint32_t sum, kind;	/* sum: of what follows */
	uint32_t tail_len, spare;
	uint8_t b[KEPT_LARGEST - 16];	/* as many of them as the table's slots have */
};

extern const size_t kept_body_bytes[KEPT_ANSWER + 1];

struct kept {
	struct keep *table[KEPT_TABLES];
	uint32_t lowest[KEPT_TABLES];	/* no slot below it is free */
};

#define KEPT_HEAD_BYTES offsetof(struct kept_slot, b)

uint32_t kept_sum(const struct kept_slot *s, size_t bytes);	/* of a slot of so many */

/* What stands behind a body, in the order in which it is put, and is to be got. */
struct kept_tail {
	struct wbuf w;
	uint8_t b[5 + sizeof(struct keymat2) + 1 + 64 + 2 * (2 + IDENT_MAX) + 1 + SECRET_MAX];
};

void kept_tail_begin(struct kept_tail *n);
struct slice kept_tail_bytes(const struct kept_tail *n);
struct rbuf kept_tail_of(const struct kept_slot *s);
void kept_put_text(struct kept_tail *n, const char *text);
void kept_put_ident(struct kept_tail *n, const struct held_ident *id);
void kept_put_secret(struct kept_tail *n, const struct secret *key);	/* NULL: none */
void kept_put_keys(struct kept_tail *n, const struct keymat2 *k);
const char *kept_get_name(struct rbuf *r);	/* see once.h */
void kept_get_ident(struct rbuf *r, struct held_ident **held);
void kept_get_secret(struct rbuf *r, struct secret **key);
void kept_get_keys(struct rbuf *r, struct keymat2 *k);

#endif
