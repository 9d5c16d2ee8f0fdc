/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The records of kept.h, as they lie in the slots of the table: kept.c writes
 * them, kept_restore.c reads what a predecessor left.  Another layout is another
 * KEPT_VERSION.
 */
#ifndef CULVERT_IKE_KEPT_RECORDS_H
#define CULVERT_IKE_KEPT_RECORDS_H

#include "keep.h"
#include "kept.h"

enum { KEPT_VERSION = 10, KEPT_SLOTS = 131072 };
enum kept_kind { KEPT_PEER = 1, KEPT_SA, KEPT_SA2, KEPT_CHILD, KEPT_ANSWER };

struct kept_user {		/* in the table's header */
	uint32_t next_ref;
};

struct kept_peer {
	char protection[64];
	uint32_t ref, vrf;
	struct ike_path path;
	struct ident id;
	bool encap, natted, wanted, is_static, demanded, brings_proxies;
	uint8_t version;	/* of IKE */
	struct proxy proxy_local, proxy_remote;
};

struct kept_sa {
	uint8_t cky_i[IKE_COOKIE_LEN], cky_r[IKE_COOKIE_LEN];
	bool initiator, replaced, natt, nat_local, nat_remote, forced;
	struct ike_path path;
	uint32_t conn_id;
	mono_t created, established_at, dies_at;
	struct p1_transform p1;
	struct keymat1 keys;
	uint8_t last_block[CIPHER_BLOCK_MAX];
	struct ident peer_id;
	char profile[64];
	uint32_t vendors, dpd_out, dpd_in;
};

/*
 * Of version 2.  `asked`: a request of ours, next_out, may have reached the
 * peer and has no answer yet.
 */
struct kept_sa2 {
	uint8_t spi_i[IKE_SPI_LEN], spi_r[IKE_SPI_LEN], state, auth_sign, auth_verify, child_group;
	bool initiator, natt, nat_local, nat_remote, forced, fragments, asked;
	struct ike_path path;
	uint32_t conn_id, session_id, next_out, next_in;
	mono_t created, established_at, dies_at;
	struct prop2 agreed;
	struct keymat2 keys;
	uint64_t iv;
	char profile[64];
	struct ident id, peer_id;
	struct secret peer_token;
	uint32_t token_given;
};

struct kept_child {
	uint8_t ike[IKE_SPI_LEN];	/* our SPI of the IKEv2 SA that it belongs to; zero: none */
	uint32_t peer_ref, conn_id, life_s;
	uint64_t life_kb;
	struct ipc_sa sa;
	bool initiator, rekey_due, retiring, replaces, settled, current;
	uint8_t pfs_group;
	mono_t created, dies_at;
};

/* A piece of what an IKEv2 SA answered last; believed if that is its SA's last answer. */
struct kept_answer {
	uint8_t ike[IKE_SPI_LEN];	/* our SPI of the SA */
	uint32_t msgid;
	uint16_t len, piece;		/* of the whole; which piece */
	uint8_t b[KEPT_ANSWER_PIECE];
};

struct kept_slot {
	uint32_t kind, sum;	/* sum: of u */
	union {
		struct kept_peer peer;
		struct kept_sa sa;
		struct kept_sa2 sa2;
		struct kept_child child;
		struct kept_answer answer;
	} u;
};

struct kept {
	struct keep *table;
	uint32_t hint;		/* where the search for a free slot begins */
};

static inline unsigned int
kept_answer_pieces(const struct ikev2_sa *sa)
{
	return (unsigned int)((sa->answer.len + KEPT_ANSWER_PIECE - 1) / KEPT_ANSWER_PIECE);
}

#endif
