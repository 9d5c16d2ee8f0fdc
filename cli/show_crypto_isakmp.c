/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show crypto isakmp policy, show crypto isakmp default policy, show crypto isakmp sa [detail]. */
#include <stdio.h>

#include "algs.h"
#include "conf_isakmp.h"
#include "show_crypto.h"

static int
by_priority(const void *a, const void *b)
{
	return (int)((const struct ipc_ike_policy *)a)->priority -
	    (int)((const struct ipc_ike_policy *)b)->priority;
}

static const char *
long_hash_name(uint8_t hash)
{
	static const char *const names[HASH_COUNT] = {
		[HASH_MD5] = "Message Digest 5",
		[HASH_SHA1] = "Secure Hash Standard",
		[HASH_SHA256] = "Secure Hash Standard 2 (256 bit)",
		[HASH_SHA384] = "Secure Hash Standard 2 (384 bit)",
		[HASH_SHA512] = "Secure Hash Standard 2 (512 bit)",
	};

	return hash < HASH_COUNT && names[hash] != NULL ? names[hash] : "";
}

static void
add_long_cipher(struct text *out, const struct ipc_ike_policy *p)
{
	if (p->cipher == CIPHER_DES_CBC)
		text_add(out, "DES - Data Encryption Standard (56 bit keys).\n");
	else if (p->cipher == CIPHER_3DES_CBC)
		text_add(out, "Three key triple DES\n");
	else
		text_add(out, "AES - Advanced Encryption Standard (%u bit keys).\n", p->key_bits);
}

static void
add_policy(struct text *out, const char *head, const struct ipc_ike_policy *p)
{
	text_add(out, "%s of priority %u\n", head, p->priority);
	text_add(out, "\tencryption algorithm:\t");
	add_long_cipher(out, p);
	text_add(out, "\thash algorithm:\t\t%s\n", long_hash_name(p->hash));
	text_add(out, "\tauthentication method:\t%s\n", p->auth == IPC_AUTH_RSA ?
	    "Rivest-Shamir-Adleman Signature" : "Pre-Shared Key");
	text_add(out, "\tDiffie-Hellman group:\t#%u (%u bit%s)\n", p->group,
	    dh_group_bits(p->group), p->group == 24 ? ", 256 bit subgroup" : "");
	text_add(out, "\tlifetime:\t\t%u seconds, no volume limit\n", p->life_s);
}

const char *
show_crypto_isakmp_policy(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_IKED, SHOW_IKE_POLICIES,
	    IPC_MSG_ROW_IKE_POLICY);
	const struct ipc_ike_policy *p;

	(void)a;
	rows_sort(&rows, by_priority);
	p = rows_at(&rows, 0);
	if (why == NULL)
		text_add(out, "\n%s IKE policy\n", p != NULL && p->priority >= ISAKMP_DEFAULT_POLICY ?
		    "Default" : "Global");
	ROWS_EACH(p, &rows)
		add_policy(out, "Protection suite", p);
	rows_free(&rows);
	return why;
}

const char *
show_crypto_isakmp_default_policy(struct show_source *src, const struct show_args *a,
    struct text *out)
{
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_IKED, SHOW_IKE_POLICIES,
	    IPC_MSG_ROW_IKE_POLICY);
	const struct ipc_ike_policy *p;

	(void)a;
	rows_sort(&rows, by_priority);
	ROWS_EACH(p, &rows)
		if (p->priority >= ISAKMP_DEFAULT_POLICY)
			add_policy(out, "Default protection suite", p);
	rows_free(&rows);
	return why;
}

/* Two tables, one a family, each ended by an empty line. */
typedef void add_sa(struct text *out, const struct ipc_row_ike_sa *sa);

static const char *
add_tables(struct show_source *src, const struct show_args *a, struct text *out,
    const char *header, add_sa *add, const char *end)
{
	struct crypto_view v;
	const char *why = crypto_view_open(&v, src, false);
	const struct ipc_row_ike_sa *sa;

	for (int family = ADDR_V4; why == NULL; family = ADDR_V6) {
		text_add(out, "IPv%d Crypto ISAKMP SA\n%s", family, family == ADDR_V4 ? header : "");
		ROWS_EACH(sa, &v.ikes)
			if (sa->version == 1 && sa->remote.family == family &&
			    wanted_addr(a, &sa->remote) && wanted_name(a, sa->tunnel))
				add(out, sa);
		text_add(out, "%s", family == ADDR_V4 ? end : "\n");
		if (family == ADDR_V6)
			break;
	}
	crypto_view_close(&v);
	return why;
}

static void
add_short(struct text *out, const struct ipc_row_ike_sa *sa)
{
	const struct addr *dst = sa->initiator ? &sa->remote : &sa->local;
	const struct addr *src = sa->initiator ? &sa->local : &sa->remote;

	const char *state = ipc_ike_state_name(sa->deleted ? IKE_MM_NO_STATE : sa->state);
	const char *status = sa->deleted ? "ACTIVE (deleted)" : "ACTIVE";

	if (sa->remote.family == ADDR_V6)	/* too long for columns */
		text_add(out, " dst: %s\n src: %s\n state: %-14s conn-id: %6u status: %s\n\n",
		    ADDR_STR(dst), ADDR_STR(src), state, sa->conn_id, status);
	else
		text_add(out, "%-15s %-15s %-14s %7u %s\n", ADDR_STR(dst), ADDR_STR(src), state,
		    sa->conn_id, status);
}

static void
add_long(struct text *out, const struct ipc_row_ike_sa *sa)
{
	char life[UPTIME_STRLEN], caps[4];

	snprintf(caps, sizeof(caps), "%s%s", sa->dpd ? "D" : "", sa->natt ? "N" : "");
	text_add(out, "%-5u %-15s %-15s %-6s %-6s %-4s %-6s %-4s %2u %8s %-3s\n", sa->conn_id,
	    ADDR_STR(&sa->local), ADDR_STR(&sa->remote), "", "ACTIVE",
	    sa->cipher == CIPHER_AES_CBC ? "aes" : sa->cipher == CIPHER_3DES_CBC ? "3des" :
	    sa->cipher == CIPHER_DES_CBC ? "des" : "",
	    sa->hash == HASH_NONE || sa->hash >= HASH_COUNT ? "" : hash_name(sa->hash),
	    sa->auth == IPC_AUTH_RSA ? "rsig" : "psk", sa->group,
	    sa->deleted ? "0" : hms_str(sa->life_left_s, life), caps);
	text_add(out, "       Engine-id:Conn-id =  SW:%u\n\n",
	    sa->conn_id > 1000 ? sa->conn_id - 1000 : sa->conn_id);
}

const char *
show_crypto_isakmp_sa(struct show_source *src, const struct show_args *a, struct text *out)
{
	return add_tables(src, a, out,
	    "dst             src             state          conn-id status\n", add_short, "\n");
}

const char *
show_crypto_isakmp_sa_detail(struct show_source *src, const struct show_args *a, struct text *out)
{
	return add_tables(src, a, out, "\nC-id  Local           Remote          I-VRF  "
	    "Status Encr Hash   Auth DH Lifetime Cap.\n\n", add_long, "");
}
