/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of messages to bytes and back, made from the lists in ipc_msgs.h. */
#include "ipc_codec.h"

#include <string.h>

/* --- one pair of functions a field kind --- */

static void
put_u8(struct wbuf *w, const ipc_u8 *v)
{
	wbuf_u8(w, *v);
}

static void
get_u8(struct rbuf *r, ipc_u8 *v)
{
	*v = rbuf_u8(r);
}

static void
put_u16(struct wbuf *w, const ipc_u16 *v)
{
	wbuf_be16(w, *v);
}

static void
get_u16(struct rbuf *r, ipc_u16 *v)
{
	*v = rbuf_be16(r);
}

static void
put_u32(struct wbuf *w, const ipc_u32 *v)
{
	wbuf_be32(w, *v);
}

static void
get_u32(struct rbuf *r, ipc_u32 *v)
{
	*v = rbuf_be32(r);
}

static void
put_u64(struct wbuf *w, const ipc_u64 *v)
{
	wbuf_be64(w, *v);
}

static void
get_u64(struct rbuf *r, ipc_u64 *v)
{
	*v = rbuf_be64(r);
}

static void
put_addr(struct wbuf *w, const ipc_addr *a)
{
	wbuf_u8(w, a->family);
	wbuf_put(w, a->b, addr_bytes(a));
}

static void
get_addr(struct rbuf *r, ipc_addr *a)
{
	*a = (struct addr){.family = rbuf_u8(r)};
	if (a->family != ADDR_NONE && a->family != ADDR_V4 && a->family != ADDR_V6)
		r->bad = true;
	rbuf_copy(r, a->b, addr_bytes(a));
}

static void
put_prefix(struct wbuf *w, const ipc_prefix *p)
{
	put_addr(w, &p->addr);
	wbuf_u8(w, p->len);
}

static void
get_prefix(struct rbuf *r, ipc_prefix *p)
{
	*p = (struct prefix){0};
	get_addr(r, &p->addr);
	p->len = rbuf_u8(r);
	if (p->len > 8 * addr_bytes(&p->addr))
		r->bad = true;
}

static void
put_str(struct wbuf *w, const char *s, size_t room)
{
	size_t len = strnlen(s, room - 1);

	wbuf_u8(w, (uint8_t)len);
	wbuf_put(w, s, len);
}

static void
get_str(struct rbuf *r, char *s, size_t room)
{
	size_t len = rbuf_u8(r);

	memset(s, 0, room);
	if (len >= room)
		r->bad = true;
	else
		rbuf_copy(r, s, len);
	if (strlen(s) != len)
		r->bad = true;
}

#define STR_KIND(kind)                                                                             \
	static void put_##kind(struct wbuf *w, const ipc_##kind *s)                                \
	{                                                                                          \
		put_str(w, *s, sizeof(*s));                                                        \
	}                                                                                          \
	static void get_##kind(struct rbuf *r, ipc_##kind *s)                                      \
	{                                                                                          \
		get_str(r, *s, sizeof(*s));                                                        \
	}
STR_KIND(str16)
STR_KIND(str32)
STR_KIND(str64)
STR_KIND(str256)

#define KEY_KIND(kind)                                                                             \
	static void put_##kind(struct wbuf *w, const ipc_##kind *k)                                \
	{                                                                                          \
		wbuf_u8(w, (uint8_t)k->len);                                                       \
		wbuf_put(w, k->b, k->len);                                                         \
	}                                                                                          \
                                                                                                   \
	static void get_##kind(struct rbuf *r, ipc_##kind *k)                                      \
	{                                                                                          \
		size_t len = rbuf_u8(r);                                                           \
                                                                                                   \
		memset(k, 0, sizeof(*k));                                                          \
		if (len > sizeof(k->b)) {                                                          \
			r->bad = true;                                                             \
			return;                                                                    \
		}                                                                                  \
		k->len = (uint8_t)len;                                                             \
		rbuf_copy(r, k->b, len);                                                           \
	}
KEY_KIND(key)
KEY_KIND(ekey)

static void
put_blob(struct wbuf *w, const ipc_blob *v)
{
	wbuf_be16(w, v->len);
	wbuf_put(w, v->b, v->len);
}

static void
get_blob(struct rbuf *r, ipc_blob *v)
{
	size_t len = rbuf_be16(r);

	memset(v, 0, sizeof(*v));
	if (len > sizeof(v->b)) {
		r->bad = true;
		return;
	}
	v->len = (uint16_t)len;
	rbuf_copy(r, v->b, len);
}

static void
put_tail(struct wbuf *w, const ipc_tail *t)
{
	wbuf_slice(w, *t);
}

static void
get_tail(struct rbuf *r, ipc_tail *t)
{
	*t = rbuf_rest(r);
}

/* --- one pair of functions a body --- */

#define PUT_FIELD(kind, name, text) put_##kind(w, &m->name);
#define GET_FIELD(kind, name, text) get_##kind(r, &m->name);
#define X(body)                                                                                    \
	static void body_put_##body(struct wbuf *w, const void *from)                              \
	{                                                                                          \
		const struct ipc_##body *m = from;                                                 \
                                                                                                   \
		(void)w;                                                                           \
		(void)m;                                                                           \
		IPC_B_##body(PUT_FIELD)                                                            \
	}                                                                                          \
	static void body_get_##body(struct rbuf *r, void *to)                                      \
	{                                                                                          \
		struct ipc_##body *m = to;                                                         \
                                                                                                   \
		(void)r;                                                                           \
		(void)m;                                                                           \
		IPC_B_##body(GET_FIELD)                                                            \
	}
static void
body_put_nothing(struct wbuf *w, const void *from)
{
	(void)w;
	(void)from;
}

static void
body_get_nothing(struct rbuf *r, void *to)
{
	(void)r;
	(void)to;
}

IPC_BODIES(X)
#undef X

static void
wipe_key_field(void *p, size_t len)
{
	explicit_bzero(p, len);
}

/* Of all kinds only `key`, `ekey` and `blob` are wiped; the others expand to nothing. */
#define WIPE_u8(p)
#define WIPE_u16(p)
#define WIPE_u32(p)
#define WIPE_u64(p)
#define WIPE_addr(p)
#define WIPE_prefix(p)
#define WIPE_str16(p)
#define WIPE_str32(p)
#define WIPE_str64(p)
#define WIPE_str256(p)
#define WIPE_tail(p)
#define WIPE_key(p) wipe_key_field((p), sizeof(*(p)));
#define WIPE_ekey(p) wipe_key_field((p), sizeof(*(p)));
#define WIPE_blob(p) wipe_key_field((p), sizeof(*(p)));
#define WIPE_FIELD(kind, name, text) WIPE_##kind(&m->name)
#define X(body)                                                                                    \
	static void body_wipe_##body(void *at)                                                     \
	{                                                                                          \
		struct ipc_##body *m = at;                                                         \
                                                                                                   \
		(void)m;                                                                           \
		IPC_B_##body(WIPE_FIELD)                                                           \
	}
IPC_BODIES(X)
#undef X

static void
body_wipe_nothing(void *at)
{
	(void)at;
}

static const struct message {
	const char *name;
	unsigned int from, to;
	size_t size;
	void (*put)(struct wbuf *, const void *);
	void (*get)(struct rbuf *, void *);
	void (*wipe)(void *);
} messages[IPC_TYPE_COUNT] = {
#define X(name, from, to, body, text)                                                              \
	[IPC_MSG_##name] = {#name, (from), (to), sizeof(struct ipc_##body), body_put_##body,       \
	    body_get_##body, body_wipe_##body},
	IPC_MESSAGES(X)
#undef X
};

static bool
known(unsigned int type)
{
	return type > IPC_NONE && type < IPC_TYPE_COUNT;
}

const char *
ipc_type_name(unsigned int type)
{
	return known(type) ? messages[type].name : "unknown";
}

const char *
ipc_role_name(unsigned int role)
{
	switch (role) {
	case IPC_CONTROL:
		return "control";
	case IPC_IKED:
		return "iked";
	case IPC_NHRPD:
		return "nhrpd";
	case IPC_ESPD:
		return "espd";
	case IPC_SHELL:
		return "shell";
	case IPC_MONITOR:
		return "monitor";
	default:
		return "unknown";
	}
}

const char *
ipc_ike_state_name(unsigned int state)
{
	static const char *const names[] = {
		[IKE_MM_NO_STATE] = "MM_NO_STATE",
		[IKE_MM_SA_SETUP] = "MM_SA_SETUP",
		[IKE_MM_KEY_EXCH] = "MM_KEY_EXCH",
		[IKE_MM_KEY_AUTH] = "MM_KEY_AUTH",
		[IKE_AG_NO_STATE] = "AG_NO_STATE",
		[IKE_AG_INIT_EXCH] = "AG_INIT_EXCH",
		[IKE_AG_AUTH] = "AG_AUTH",
		[IKE_QM_IDLE] = "QM_IDLE",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}

bool
ipc_may_send(enum ipc_type type, unsigned int from, unsigned int to)
{
	return known(type) && (messages[type].from & from) != 0 && (messages[type].to & to) != 0;
}

size_t
ipc_body_size(enum ipc_type type)
{
	return known(type) ? messages[type].size : 0;
}

void
ipc_body_wipe(enum ipc_type type, void *body)
{
	if (known(type))
		messages[type].wipe(body);
}

void
ipc_encode(struct wbuf *w, enum ipc_type type, const void *body)
{
	static const struct ipc_nothing nothing;

	if (!known(type))
		w->bad = true;
	else
		messages[type].put(w, body == NULL ? &nothing : body);
}

const char *
ipc_decode(struct rbuf *r, enum ipc_type type, union ipc_body *body)
{
	memset(body, 0, sizeof(*body));
	if (!known(type))
		return "message of a type that is not on the list";
	messages[type].get(r, body);
	return rbuf_done(r) ? NULL : "body has the wrong length or a bad field";
}

bool
ipc_message_write(struct wbuf *w, enum ipc_type type, uint32_t seq, const void *body)
{
	size_t at = wbuf_len(w), len;

	wbuf_be16(w, (uint16_t)type);
	wbuf_be16(w, 0);
	wbuf_be32(w, seq);
	ipc_encode(w, type, body);
	len = wbuf_len(w) - at - IPC_HEADER_LEN;
	if (w->bad || len > IPC_BODY_MAX)
		return false;
	wbuf_be16_at(w, at + 2, (uint16_t)len);
	return true;
}

const char *
ipc_message_read(struct rbuf *r, struct ipc_msg *m)
{
	struct rbuf body;
	size_t len;

	m->type = (enum ipc_type)rbuf_be16(r);
	len = rbuf_be16(r);
	m->seq = rbuf_be32(r);
	body = rbuf_sub(r, len);
	if (r->bad || len > IPC_BODY_MAX)
		return "message shorter than it says, or over the limit";
	return ipc_decode(&body, m->type, m->body);
}
