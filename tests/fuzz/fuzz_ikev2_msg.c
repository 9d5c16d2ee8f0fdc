/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The decoders of IKEv2: header, payload chain, every payload, certificates.
 *
 * The first byte chooses: even, a datagram in clear; odd, a chain as it comes
 * out of decryption, whose first payload type is the second byte.
 */
#include <stdint.h>
#include <stdlib.h>

#include "auth_cert.h"
#include "ident.h"
#include "ikev2_msg.h"
#include "payload2.h"
#include "proposal2.h"
#include "ts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_offers(struct slice body)
{
	static const struct p2_transform want = {.esp = {.cipher = CIPHER_AES_GCM, .key_bits = 128}};
	static const struct conf_proposal2 proposal = {.n_group = 1, .group = {19}};
	const struct conf_proposal2 *list[] = {&proposal};
	static struct offers2 o;
	struct prop2 got;

	if (offers2_read(body, &o) != NULL)
		return;
	(void)offers2_is_answer(&o);
	(void)prop2_ike_choose(&o, list, 1, 19, &got);
	(void)prop2_esp_choose(&o, &want, 1, MODE_TUNNEL, PFS_AS_WANTED, 19, &got);
}

/* What is read is written as it was, or narrower. */
static void
read_selectors(struct slice body)
{
	struct ts any = {.net = {.addr = {.family = ADDR_V4}}}, narrow;
	struct ts_list l, again;
	uint8_t room[64];
	struct wbuf w;

	if (ts_read(body, &l) != NULL || !ts_narrow(&l, &any, &narrow))
		return;
	wbuf_init(&w, room, sizeof(room));
	ts_write(&w, &narrow);
	if (w.bad || ts_read(slice_of(room, wbuf_len(&w)), &again) != NULL || again.count != 1 ||
	    !ts_eq(&again.list[0], &narrow))
		abort();
}

static void
read_payload(const struct ikev2_payload *p)
{
	struct cert_chain chain = {.count = 0};
	struct notify2 n;
	struct delete2 d;
	struct ident id;
	struct slice s;
	uint16_t group;
	uint8_t method;

	read_offers(p->body);
	read_selectors(p->body);
	if (ident2_read(p->body, &id) == NULL)
		(void)IDENT_STR(&id);
	(void)notify2_read(p->body, &n);
	(void)delete2_read(p->body, &d);
	(void)nonce2_read(p->body, &s);
	(void)ke2_read(p->body, &group, &s);
	(void)auth2_read(p->body, &method, &s);
	(void)cert_read_body(p->body, &chain);
	(void)certreq_read(p->body);
	(void)sig_hashes_read(p->body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ikev2_msg m;
	struct ike_path path = {0};
	const char *why;
	unsigned int i;

	if (size < 2)
		return 0;
	if (data[0] % 2 == 0) {
		why = ikev2_msg_open(&m, &path, slice_of(data + 1, size - 1));
		if (why == NULL)
			why = ikev2_msg_read_clear(&m);
	} else {
		why = ikev2_payloads_read(&m, data[1], slice_of(data + 2, size - 2));
	}
	if (why != NULL)
		return 0;
	(void)notify2_error(&m);
	for (i = 0; i < m.count; i++)
		read_payload(&m.payload[i]);
	return 0;
}
