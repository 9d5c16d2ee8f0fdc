/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every body of lib/ipc_msgs.h there and back, from the list itself: a field
 * that is added is tested without a line here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <stdio.h>

#include "ipc.h"

static uint32_t seed;

static uint8_t
next_byte(void)
{
	seed = seed * 1103515245 + 12345;
	return (uint8_t)(seed >> 16 | 1);
}

static void
fill(void *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)p)[i] = next_byte();
}

static const char tail_bytes[] = "the rest of the message";

/* A value of each field kind, as full as it can be. */
#define FILL_u8(p) fill((p), sizeof(*(p)));
#define FILL_u16(p) fill((p), sizeof(*(p)));
#define FILL_u32(p) fill((p), sizeof(*(p)));
#define FILL_u64(p) fill((p), sizeof(*(p)));
#define FILL_addr(p)                                                                               \
	(p)->family = next_byte() & 2 ? ADDR_V6 : ADDR_V4;                                         \
	fill((p)->b, addr_bytes(p));
#define FILL_prefix(p)                                                                             \
	FILL_addr(&(p)->addr)                                                                      \
	(p)->len = next_byte() % 33;
#define FILL_STR(p)                                                                                \
	memset(*(p), 'a' + next_byte() % 26, sizeof(*(p)) - 1);
#define FILL_str16(p) FILL_STR(p)
#define FILL_str32(p) FILL_STR(p)
#define FILL_str64(p) FILL_STR(p)
#define FILL_str256(p) FILL_STR(p)
#define FILL_key(p)                                                                                \
	(p)->len = SECRET_MAX;                                                                     \
	fill((p)->b, SECRET_MAX);
#define FILL_ekey(p)                                                                               \
	(p)->len = ESP_SECRET_MAX;                                                                 \
	fill((p)->b, ESP_SECRET_MAX);
#define FILL_blob(p)                                                                               \
	(p)->len = BLOB_MAX;                                                                       \
	fill((p)->b, BLOB_MAX);
#define FILL_tail(p) *(p) = slice_of(tail_bytes, sizeof(tail_bytes));

#define SAME_u8(a, b) assert_int_equal(*(a), *(b));
#define SAME_u16(a, b) assert_int_equal(*(a), *(b));
#define SAME_u32(a, b) assert_int_equal(*(a), *(b));
#define SAME_u64(a, b) assert_true(*(a) == *(b));
#define SAME_addr(a, b) assert_true(addr_eq(a, b));
#define SAME_prefix(a, b) assert_true(prefix_eq(a, b));
#define SAME_str16(a, b) assert_string_equal(*(a), *(b));
#define SAME_str32(a, b) assert_string_equal(*(a), *(b));
#define SAME_str64(a, b) assert_string_equal(*(a), *(b));
#define SAME_str256(a, b) assert_string_equal(*(a), *(b));
#define SAME_key(x, y)                                                                             \
	assert_int_equal((x)->len, (y)->len);                                                      \
	assert_memory_equal((x)->b, (y)->b, (x)->len);
#define SAME_ekey(x, y) SAME_key(x, y)
#define SAME_blob(x, y)                                                                             \
	assert_int_equal((x)->len, (y)->len);                                                      \
	assert_memory_equal((x)->b, (y)->b, (x)->len);
#define SAME_tail(a, b) assert_true(slice_eq(*(a), *(b)));

#define FILL_FIELD(kind, name, text) FILL_##kind(&m->name)
#define SAME_FIELD(kind, name, text) SAME_##kind(&a->name, &b->name)

#define X(body)                                                                                    \
	static void fill_##body(union ipc_body *at)                                                \
	{                                                                                          \
		struct ipc_##body *m = &at->body;                                                  \
                                                                                                   \
		(void)m;                                                                           \
		IPC_B_##body(FILL_FIELD)                                                           \
	}                                                                                          \
	static void same_##body(const union ipc_body *x, const union ipc_body *y)                  \
	{                                                                                          \
		const struct ipc_##body *a = &x->body, *b = &y->body;                              \
                                                                                                   \
		(void)a;                                                                           \
		(void)b;                                                                           \
		IPC_B_##body(SAME_FIELD)                                                           \
	}
X(nothing)
IPC_BODIES(X)
#undef X

static const struct {
	enum ipc_type type;
	void (*fill)(union ipc_body *);
	void (*same)(const union ipc_body *, const union ipc_body *);
	bool has_tail;
} bodies[] = {
#define HAS_u8 0
#define HAS_u16 0
#define HAS_u32 0
#define HAS_u64 0
#define HAS_addr 0
#define HAS_prefix 0
#define HAS_str16 0
#define HAS_str32 0
#define HAS_str64 0
#define HAS_str256 0
#define HAS_key 0
#define HAS_ekey 0
#define HAS_blob 0
#define HAS_tail 1
#define HAS_FIELD(kind, name, text) +HAS_##kind
#define X(name, from, to, body, text)                                                              \
	{IPC_MSG_##name, fill_##body, same_##body, (0 IPC_B_##body(HAS_FIELD)) != 0},
	IPC_MESSAGES(X)
#undef X
};

enum { BODIES = sizeof(bodies) / sizeof(bodies[0]) };

static uint8_t wire[IPC_BODY_MAX];

static size_t
encode(enum ipc_type type, const union ipc_body *body)
{
	struct wbuf w;

	wbuf_init(&w, wire, sizeof(wire));
	ipc_encode(&w, type, body);
	assert_false(w.bad);
	return wbuf_len(&w);
}

static void
test_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < BODIES; i++) {
		union ipc_body sent = {0}, got;
		struct rbuf r;

		bodies[i].fill(&sent);
		rbuf_init(&r, wire, encode(bodies[i].type, &sent));
		assert_null(ipc_decode(&r, bodies[i].type, &got));
		bodies[i].same(&sent, &got);
	}
}

/* A body that was cut, and one with a byte too many, are not taken. */
static void
test_wrong_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < BODIES; i++) {
		union ipc_body sent = {0}, got;
		struct rbuf r;
		size_t len;

		bodies[i].fill(&sent);
		len = encode(bodies[i].type, &sent);
		if (bodies[i].has_tail)
			continue;
		for (size_t cut = 0; cut < len; cut++) {
			rbuf_init(&r, wire, cut);
			assert_non_null(ipc_decode(&r, bodies[i].type, &got));
		}
		wire[len] = 0;
		rbuf_init(&r, wire, len + 1);
		assert_non_null(ipc_decode(&r, bodies[i].type, &got));
	}
}

static void
refuse(enum ipc_type type, const void *bytes, size_t len)
{
	union ipc_body got;
	struct rbuf r;

	rbuf_init(&r, bytes, len);
	assert_non_null(ipc_decode(&r, type, &got));
}

static void
test_bad_fields(void **state)
{
	uint8_t ifname[18] = {16};

	(void)state;
	memset(ifname + 1, 'x', 16);
	refuse(IPC_MSG_TUNNEL_DEL, ifname, 17);		/* no room for the NUL */
	refuse(IPC_MSG_TUNNEL_DEL, "\3a\0b", 4);	/* a NUL inside */
	refuse(IPC_MSG_DEBUG, "\0\0\0\0\0\0\0\1\5abcde", 14);	/* no such family */
	refuse(IPC_MSG_IKE_KEY_DEL, "\0\4\1\2\3\4\41\0", 8);	/* /33 */
	refuse((enum ipc_type)IPC_NONE, "", 0);
	refuse((enum ipc_type)IPC_TYPE_COUNT, "", 0);
}

static void
test_does_not_fit(void **state)
{
	union ipc_body body = {0};
	uint8_t small[16];
	struct wbuf w;

	(void)state;
	snprintf(body.ifname.ifname, sizeof(body.ifname.ifname), "Tunnel100000000");
	wbuf_init(&w, small, 15);
	ipc_encode(&w, IPC_MSG_TUNNEL_DEL, &body);
	assert_true(w.bad);
}

static void
test_wipe(void **state)
{
	static const struct esp_secret zero;
	union ipc_body body = {0};

	(void)state;
	fill_sa(&body);
	body.sa.spi = 77;
	ipc_body_wipe(IPC_MSG_SA_SET, &body);
	assert_memory_equal(&body.sa.in_key, &zero, sizeof(zero));
	assert_memory_equal(&body.sa.in_auth, &zero, sizeof(zero));
	assert_memory_equal(&body.sa.out_key, &zero, sizeof(zero));
	assert_memory_equal(&body.sa.out_auth, &zero, sizeof(zero));
	assert_int_equal(body.sa.spi, 77);
}

/* Who may say what: keys come from iked alone, and nobody but control sets a tunnel. */
static void
test_rights(void **state)
{
	(void)state;
	assert_true(ipc_may_send(IPC_MSG_SA_SET, IPC_IKED, IPC_ESPD));
	assert_false(ipc_may_send(IPC_MSG_SA_SET, IPC_NHRPD, IPC_ESPD));
	assert_false(ipc_may_send(IPC_MSG_SA_SET, IPC_SHELL, IPC_ESPD));
	assert_false(ipc_may_send(IPC_MSG_SA_SET, IPC_IKED, IPC_NHRPD));
	assert_false(ipc_may_send(IPC_MSG_TUNNEL_SET, IPC_SHELL, IPC_ESPD));
	assert_true(ipc_may_send(IPC_MSG_SHOW, IPC_SHELL, IPC_ESPD));
	assert_false(ipc_may_send((enum ipc_type)IPC_TYPE_COUNT, IPC_CONTROL, IPC_ESPD));
}

static void
test_largest_body_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < BODIES; i++) {
		union ipc_body body = {0};

		bodies[i].fill(&body);
		assert_true(encode(bodies[i].type, &body) < IPC_BODY_MAX / 2);
		assert_true(ipc_body_size(bodies[i].type) <= sizeof(body));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_wrong_length),
		cmocka_unit_test(test_bad_fields),
		cmocka_unit_test(test_does_not_fit),
		cmocka_unit_test(test_wipe),
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_largest_body_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
