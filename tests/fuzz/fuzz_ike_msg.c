/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The decoder of IKE messages: header, payload chain, and every payload.
 *
 * The first byte chooses: even, a datagram in clear; odd, a chain as it comes
 * out of decryption, whose first payload type is the second byte.
 */
#include <stdint.h>
#include <stdlib.h>

#include "ident.h"
#include "ike_msg.h"
#include "payload.h"
#include "proposal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_offers(struct slice body)
{
	static struct offers o;
	struct p1_transform p1;
	struct p2_transform p2;
	unsigned int i;

	if (offers_read(body, &o) != NULL)
		return;
	for (i = 0; i < o.count; i++) {
		(void)p1_read(&o.list[i], &p1);
		(void)p2_read(&o.list[i], &p2);
	}
}

static void
read_payload(const struct ike_payload *p)
{
	struct ike_notify_body n;
	struct ike_delete_body d;
	struct ident id;
	struct proxy proxy;
	struct addr a;
	struct slice s;

	read_offers(p->body);
	if (ident_read(p->body, &id) == NULL)
		(void)IDENT_STR(&id);
	(void)proxy_read(p->body, &proxy);
	(void)notify_read(p->body, &n);
	(void)delete_read(p->body, &d);
	(void)nonce_read(p->body, &s);
	(void)ke_read(p->body, 14, &s);
	(void)nat_oa_read(p->body, &a);
	if (p->after.len > IKE_DATAGRAM_MAX)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ike_msg m;
	struct ike_path path = {0};
	const char *why;
	unsigned int i;

	if (size < 2)
		return 0;
	if (data[0] % 2 == 0) {
		why = ike_msg_open(&m, &path, slice_of(data + 1, size - 1));
		if (why == NULL)
			why = ike_msg_read_clear(&m);
	} else {
		m.count = 0;
		m.seen = 0;
		m.h.next = data[1];
		why = ike_payloads_read(&m, slice_of(data + 2, size - 2), true);
	}
	if (why != NULL)
		return 0;
	(void)vendors_read(&m);
	for (i = 0; i < m.count; i++)
		read_payload(&m.payload[i]);
	return 0;
}
