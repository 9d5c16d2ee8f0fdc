/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IKEv2: two engines, and somebody between them who has the keys of both.
 *
 * The first byte says how far they are: 0, nothing was said; 1, IKE_SA_INIT is
 * done, so the responder has keys with a stranger; else both are up, with a
 * pair of ESP SAs.  Then records: what it is (one byte, enum record), a length
 * (two bytes, big-endian), and that much.
 *
 * A record that is sealed begins with the exchange type and the type of the
 * first payload; message IDs are those that are due, so the fuzzer need not
 * guess them.
 */
#include <stdlib.h>
#include <string.h>

#include "ikev2.h"
#include "ikev2_crash.h"
#include "ikev2_sk.h"
#include "../pair/pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum record {
	CLEAR,			/* to b, a datagram as it is; but eight bytes of 0xff where an SPI goes are
				 * filled in, and 32 of 0xff at its end: the token that proves a crash of a */
	REQUEST_TO_B, REQUEST_TO_A,
	ANSWER_TO_B, ANSWER_TO_A,
	PART_TO_B,		/* a fragment: number and total before the chain */
	TIME,			/* seconds */
	ASK,			/* a's engine begins something: what b answers, or crosses */
	RECORDS
};

static bool
lose_auth(struct pair *p, const struct flight *f)
{
	(void)p;
	return pair_exchange_of(f) != EXCHANGE2_AUTH;
}

/* --- what arrives --- */

static struct ike_path
path_to(const struct pair_side *to)
{
	const struct pair_side *from = to == &to->pair->a ? &to->pair->b : &to->pair->a;

	return (struct ike_path){to->addr, from->addr, 500, 500};
}

static void
hear(struct pair_side *to, struct slice datagram)
{
	struct ike_path path = path_to(to);

	engine_receive(&to->e, &path, datagram);
	pair_run(to->pair);
}

/* Quick crash detection, both roles. */
static void
detect(struct pair_side *s)
{
	struct ipc_ikev2_crash crash = {{0}};

	secret_set(&crash.secret, "secret", 6);
	conf2_message(&s->e.conf.v2, IPC_MSG_IKEV2_CRASH_SET, &crash);
}

static void
clear(struct pair_side *to, struct slice s)
{
	static const uint8_t marker[CRASH_TOKEN_LEN] = {255, 255, 255, 255, 255, 255, 255, 255, 255,
	    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
	    255, 255, 255, 255, 255};
	static uint8_t buf[UINT16_MAX];
	const struct ikev2_sa *sa = to->e.sas2;

	memcpy(buf, s.p, s.len);
	if (s.len >= 8 && sa != NULL && memcmp(buf, marker, IKE_SPI_LEN) == 0)
		memcpy(buf, sa->spi_i, IKE_SPI_LEN);
	if (s.len >= 16 && sa != NULL && memcmp(buf + 8, marker, IKE_SPI_LEN) == 0)
		memcpy(buf + 8, sa->spi_r, IKE_SPI_LEN);
	if (s.len >= sizeof(marker) && sa != NULL && sa->peer_token != NULL &&
	    memcmp(buf + s.len - sizeof(marker), marker, sizeof(marker)) == 0)
		memcpy(buf + s.len - sizeof(marker), sa->peer_token->b, sizeof(marker));
	hear(to, slice_of(buf, s.len));
}

/* The SA of `to` that has keys. */
static struct ikev2_sa *
keyed(struct pair_side *to)
{
	struct ikev2_sa *sa, *tmp;

	HASH_ITER (hh, to->e.sas2, sa, tmp)
		if (sa->state != IKEV2_I_INIT)
			return sa;
	return NULL;
}

static void
sealed(struct pair_side *to, struct slice s, bool request, bool part)
{
	static uint64_t iv = 1u << 20;
	static uint8_t out[IKEV2_SEALED_MAX];
	struct ikev2_sa *sa = keyed(to);
	struct ikev2_build b;
	struct ike_header h;
	struct wbuf w;

	if (sa == NULL || s.len < 2 || s.len > IKEV2_MESSAGE_MAX)
		return;
	h = ikev2_header(sa, s.p[0], request, request ? sa->window.next_in : sa->window.next_out);
	h.flags = (uint8_t)((sa->initiator ? 0 : IKEV2_FLAG_INITIATOR) |
	    (request ? 0 : IKEV2_FLAG_RESPONSE));
	ikev2_build_begin(&b);
	b.first = s.p[1];
	wbuf_put(&b.w, s.p + 2, s.len - 2);
	wbuf_init(&w, out, sizeof(out));
	if (ikev2_seal(&w, &sa->keys, !sa->initiator, &h, &b, &iv, part ? 120 : 0)) {
		struct rbuf r, at;

		rbuf_init(&r, out, wbuf_len(&w));
		for (at = r; rbuf_left(&r) > 0 && ike_header_read(&at, &h) == NULL; at = r)
			hear(to, rbuf_slice(&r, h.length));
	}
}

static void
pass(struct pair *p, unsigned int seconds)
{
	for (; seconds > 0; seconds--) {
		loop_advance(p->loop, mono_s(1));
		pair_run(p);
	}
}

/* What a's side may begin by itself. */
static void
ask(struct pair *p, struct slice s)
{
	struct ike_child *c = pair_current(&p->a);
	struct ikev2_sa *sa = keyed(&p->a);

	if (sa == NULL || s.len == 0)
		return;
	if (s.p[0] % 4 == 0 && c != NULL)
		child_rekey(c);
	else if (s.p[0] % 4 == 1)
		ikev2_task_add(sa, TASK_REKEY_IKE, 0);
	else if (s.p[0] % 4 == 2)
		ikev2_task_add(sa, TASK_LIVENESS, 0);
	else if (c != NULL)
		child_remove(c, true);
}

static void
record(struct pair *p, uint8_t kind, struct slice s)
{
	switch (kind % RECORDS) {
	case CLEAR:
		clear(&p->b, s);
		break;
	case REQUEST_TO_B:
	case REQUEST_TO_A:
		sealed(kind % RECORDS == REQUEST_TO_B ? &p->b : &p->a, s, true, false);
		break;
	case ANSWER_TO_B:
	case ANSWER_TO_A:
		sealed(kind % RECORDS == ANSWER_TO_B ? &p->b : &p->a, s, false, false);
		break;
	case PART_TO_B:
		sealed(&p->b, s, true, true);
		break;
	case TIME:
		pass(p, s.len == 0 ? 1 : s.p[0]);
		break;
	default:
		ask(p, s);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pair p;
	unsigned int records = 0;
	struct rbuf r;
	uint8_t how;

	pair_quiet(NULL);
	rbuf_init(&r, data, size);
	how = rbuf_u8(&r);
	pair_init2(&p, "k", "k");
	detect(&p.a);
	detect(&p.b);
	p.filter = how == 1 ? lose_auth : NULL;
	if (how == 0)
		pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	else
		pair_up(&p);
	while (rbuf_left(&r) > 3 && records++ < 64) {
		uint8_t kind = rbuf_u8(&r);
		uint16_t len = rbuf_be16(&r);

		record(&p, kind, rbuf_slice(&r, len < rbuf_left(&r) ? len : rbuf_left(&r)));
	}
	pass(&p, 90);
	pair_free(&p);
	return 0;
}
