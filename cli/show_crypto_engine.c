/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show crypto engine: who encrypts, for whom, and how full the batches are.
 *
 * IOS gives each direction of a flow a connection of its own: the outbound SA's
 * number is the inbound one's next.  Its engine counts packets of IPsec only,
 * so those of IKE show zeroes.
 */
#include <stdio.h>
#include <string.h>

#include "drops.h"
#include "show_crypto.h"

typedef unsigned long long ull;

static const char *const backends[ESP_BACKENDS] = {
	[ESP_BY_OPENSSL] = "OpenSSL",
	[ESP_BY_MB] = "ipsec-mb",
	[ESP_BY_MB_MANY] = "ipsec-mb, in batches",
};

static const char *
backend_name(const struct ipc_row_esp_sa *sa)
{
	return sa->backend < ESP_BACKENDS ? backends[sa->backend] : "unknown";
}

/* --- brief --- */

const char *
show_crypto_engine_brief(struct show_source *src, const struct show_args *a, struct text *out)
{
	unsigned int pairs[ESP_BACKENDS] = {0}, i;
	const struct ipc_row_esp_sa *sa;
	struct rows sas;
	const char *why = rows_ask(&sas, src, IPC_ESPD, SHOW_ESP_SA, IPC_MSG_ROW_ESP_SA);

	(void)a;
	ROWS_EACH(sa, &sas)
		if (sa->backend < ESP_BACKENDS)
			pairs[sa->backend]++;
	rows_free(&sas);
	for (i = 0; why == NULL && i < ESP_BACKENDS; i++)
		text_add(out, "%s        crypto engine name:  %s\n"
		    "        crypto engine type:  software\n"
		    "           pairs of IPsec SAs:  %u\n", i == 0 ? "" : "\n", backends[i], pairs[i]);
	return why;
}

/* --- connections active --- */

#define ALGORITHM_STRLEN 32

/* "AES256": of a cipher, as IOS's engine calls it. */
static char *
cipher_str(uint8_t cipher, unsigned int bits, char buf[ALGORITHM_STRLEN])
{
	static const char *const names[CIPHER_COUNT] = {
		[CIPHER_AES_CBC] = "AES", [CIPHER_AES_GCM] = "AESGCM", [CIPHER_NULL] = "NULL",
		[CIPHER_AES_GCM_8] = "AESGCM", [CIPHER_AES_GCM_12] = "AESGCM",
		[CIPHER_AES_GMAC] = "AESGMAC", [CIPHER_AES_CTR] = "AESCTR",
		[CIPHER_CHACHA20_POLY1305] = "CHACHA20", [CIPHER_3DES_CBC] = "3DES",
		[CIPHER_DES_CBC] = "DES",
	};
	const char *name = cipher < CIPHER_COUNT && names[cipher] != NULL ? names[cipher] : "none";

	if (bits == 0 || (cipher == CIPHER_AES_CBC && bits == 128))
		snprintf(buf, ALGORITHM_STRLEN, "%s", name);
	else
		snprintf(buf, ALGORITHM_STRLEN, "%s%u", name, bits);
	return buf;
}

static const char *
hash_str(enum hash h)
{
	static const char *const names[HASH_COUNT] = {
		[HASH_MD5] = "MD5", [HASH_SHA1] = "SHA", [HASH_SHA256] = "SHA256",
		[HASH_SHA384] = "SHA384", [HASH_SHA512] = "SHA512",
	};

	return h < HASH_COUNT ? names[h] : NULL;
}

static void
add_connection(struct text *out, uint32_t id, const char *type, const char *algorithm,
    uint64_t encrypted, uint64_t decrypted, uint64_t last_seq, const struct addr *local)
{
	text_add(out, "%5u  %-7s %-16s %10llu %8llu %8llu %s\n", id, type, algorithm,
	    (ull)encrypted, (ull)decrypted, (ull)last_seq, ADDR_STR(local));
}

static void
add_pair(struct text *out, const struct crypto_view *v, const struct ipc_row_flow *f)
{
	const struct ipc_row_esp_sa *c = pair_counters(v, f->spi_in);
	char cipher[ALGORITHM_STRLEN], both[2 * ALGORITHM_STRLEN];
	const char *hash = hash_str(integ_hash(f->integ < INTEG_COUNT ? f->integ : INTEG_NONE));

	cipher_str(f->cipher, f->key_bits, cipher);
	snprintf(both, sizeof(both), "%s%s%s", cipher, hash == NULL ? "" : "+",
	    hash == NULL ? "" : hash);
	if (f->spi_in != 0)
		add_connection(out, f->conn_id, "IPsec", both, 0, c->in_packets, c->in_seq,
		    &f->local);
	if (f->spi_out != 0)
		add_connection(out, f->conn_id + 1, "IPsec", both, c->out_packets, 0, c->out_seq,
		    &f->local);
}

static void
add_ike(struct text *out, uint32_t id, const char *type, uint8_t hash, const char *cipher,
    const struct addr *local)
{
	const char *name = hash_str(hash);
	char both[2 * ALGORITHM_STRLEN];

	snprintf(both, sizeof(both), "%s+%s", name == NULL ? "none" : name, cipher);
	add_connection(out, id, type, both, 0, 0, 0, local);
}

static void
add_ikes(struct text *out, const struct crypto_view *v)
{
	const struct ipc_row_ikev2_sa *two;
	const struct ipc_row_ike_sa *one;
	char cipher[ALGORITHM_STRLEN];

	ROWS_EACH(one, &v->ikes)
		if (one->version == 1 && ike_is_up(one))
			add_ike(out, one->conn_id, "IKE", one->hash,
			    cipher_str(one->cipher, one->key_bits, cipher), &one->local);
	ROWS_EACH(two, &v->ikes2)
		if (two->cipher != CIPHER_NONE)
			add_ike(out, two->conn_id, "IKEv2", two->prf,
			    cipher_str(two->cipher, two->key_bits, cipher), &two->local);
}

const char *
show_crypto_engine_connections(struct show_source *src, const struct show_args *a, struct text *out)
{
	const struct ipc_row_flow *f;
	struct crypto_view v;
	const char *why = crypto_view_open(&v, src, true);

	(void)a;
	if (why == NULL) {
		text_add(out, "Crypto Engine Connections\n\n   ID  Type    Algorithm           "
		    "Encrypt  Decrypt LastSeqN IP-Address\n");
		ROWS_EACH(f, &v.flows)
			add_pair(out, &v, f);
		add_ikes(out, &v);
	}
	crypto_view_close(&v);
	return why;
}

/* --- the batches --- */

static uint64_t
counter(const struct rows *counters, const char *name)
{
	const struct ipc_row_counter *c;

	ROWS_EACH(c, counters)
		if (strcmp(c->name, name) == 0)
			return c->value;
	return 0;
}

/* "123 calls, 456 packets, 3.7 packets a call" */
static void
add_mean(struct text *out, const struct rows *counters, const char *what, const char *per,
    const char *of, const char *name_per, const char *name_of)
{
	uint64_t calls = counter(counters, name_per), packets = counter(counters, name_of);

	text_add(out, "  %-28s %12llu %s, %llu %s", what, (ull)calls, per, (ull)packets, of);
	if (calls != 0)
		text_add(out, ", %.1f each", (double)packets / (double)calls);
	text_add(out, "\n");
}

static void
add_batches(struct text *out, const struct rows *c)
{
	text_add(out, "Forwarder: %llu worker%s, %llu pair%s of SAs\n", (ull)counter(c, "workers"),
	    counter(c, "workers") == 1 ? "" : "s", (ull)counter(c, "sas"),
	    counter(c, "sas") == 1 ? "" : "s");
	add_mean(out, c, "From devices:", "reads", "packets", "tun_reads", "tun_read_packets");
	add_mean(out, c, "  super-packets:", "packets", "segments", "tun_read_packets",
	    "tun_read_segments");
	add_mean(out, c, "To peers:", "sends", "packets", "wire_sends", "wire_sent_packets");
	add_mean(out, c, "  runs of one size:", "runs", "packets", "wire_sent_runs",
	    "wire_sent_packets");
	add_mean(out, c, "From peers:", "receives", "packets", "wire_receives",
	    "wire_received_packets");
	add_mean(out, c, "  joined by the kernel:", "runs", "packets", "wire_received_runs",
	    "wire_received_packets");
	add_mean(out, c, "To devices:", "writes", "segments", "tun_writes", "tun_written_segments");
	text_add(out, "  %-28s %12llu packets\n", "Peer to peer (hairpin):",
	    (ull)counter(c, "hairpins"));
	text_add(out, "  %-28s %12llu\n", "Waits for packets:", (ull)counter(c, "waits"));
	text_add(out, "  %-28s %12llu\n", "Wakes of other threads:", (ull)counter(c, "wakes"));
	text_add(out, "  %-28s %12llu packets\n", "To the SA's worker:",
	    (ull)counter(c, "handed_over"));
}

static void
add_stage(struct text *out, const char *what, uint64_t cycles, uint64_t packets)
{
	text_add(out, "  %-28s %12llu cycles", what, (ull)cycles);
	if (packets != 0)
		text_add(out, ", %llu a packet", (ull)(cycles / packets));
	text_add(out, "\n");
}

/* What was counted while `debug crypto engine profile` was on. */
static void
add_profile(struct text *out, const struct rows *c)
{
	uint64_t sent = counter(c, "profiled_sent"), received = counter(c, "profiled_received");

	if (sent + received == 0)
		return;
	text_add(out, "Profiled: %llu packets to peers, %llu from peers\n", (ull)sent,
	    (ull)received);
	add_stage(out, "Read from devices:", counter(c, "cycles_read"), sent);
	add_stage(out, "Encrypt:", counter(c, "cycles_seal"), sent);
	add_stage(out, "Send:", counter(c, "cycles_send"), sent);
	add_stage(out, "Receive:", counter(c, "cycles_receive"), received);
	add_stage(out, "Decrypt:", counter(c, "cycles_open"), received);
	add_stage(out, "Write to devices:", counter(c, "cycles_write"), received);
	add_stage(out, "Look up, cut, join:", counter(c, "cycles_forward"), sent + received);
}

static void
add_full(struct text *out, const struct rows *drops)
{
	static const struct { const char *ring; enum drop drop; } rings[] = {
		{"worker to worker", DROP_OTHER_WORKER}, {"IKE to iked", DROP_IKE_RELAY},
		{"NHRP to nhrpd", DROP_NHRP_RELAY}, {"device", DROP_TUN_FULL},
	};
	const struct ipc_row_drop *d;
	size_t i;

	text_add(out, "Dropped because a queue was full:\n");
	for (i = 0; i < sizeof(rings) / sizeof(rings[0]); i++)
		ROWS_EACH(d, drops)
			if (d->drop == rings[i].drop)
				text_add(out, "  %-28s %12llu\n", rings[i].ring, (ull)d->packets);
}

const char *
show_crypto_engine_statistic(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows counters, drops;
	const char *why = rows_ask(&counters, src, IPC_ESPD, SHOW_COUNTERS, IPC_MSG_ROW_COUNTER);
	const char *why_drops = rows_ask(&drops, src, IPC_ESPD, SHOW_DROPS, IPC_MSG_ROW_DROP);

	(void)a;
	if (why == NULL)
		why = why_drops;
	if (why == NULL) {
		add_batches(out, &counters);
		add_profile(out, &counters);
		add_full(out, &drops);
	}
	rows_free(&counters);
	rows_free(&drops);
	return why;
}

/* --- show platform software ipsec flow --- */

const char *
show_ipsec_flows(struct show_source *src, const struct show_args *a, struct text *out)
{
	const struct ipc_row_flow *f;
	struct crypto_view v;
	const char *why = crypto_view_open(&v, src, true);

	(void)a;
	if (why == NULL)
		text_add(out, "%-10s %-10s %-6s %-22s %-20s %s\n", "In SPI", "Out SPI", "Worker",
		    "Backend", "Interface", "Peer");
	ROWS_EACH(f, &v.flows) {
		const struct ipc_row_esp_sa *sa = pair_counters(&v, f->spi_in);

		if (sa->spi != 0)
			text_add(out, "0x%08X 0x%08X %6u %-22s %-20s %s\n", f->spi_in, f->spi_out,
			    sa->worker, backend_name(sa), f->tunnel, ADDR_STR(&f->remote));
	}
	crypto_view_close(&v);
	return why;
}
