/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev1_frag.h"

#include <stdlib.h>
#include <string.h>

#include "ike_sa.h"
#include "log.h"
#include "payload.h"

enum {
	FRAGMENT_HEADER = 8,		/* with the generic header */
	FRAGMENT_LAST = 1,
	IP_AND_UDP = 20 + 8 + 4,	/* the marker of port 4500, too */
	DATAGRAM_MAX = FRAGMENT_PACKET_MAX - IP_AND_UDP,
	PIECE_MAX = DATAGRAM_MAX - IKE_HEADER_LEN - FRAGMENT_HEADER,
};

void
fragments_free(struct ike_fragments *f)
{
	unsigned int i;

	for (i = 0; i < FRAGMENTS_MAX; i++)
		free(f->piece[i]);
	*f = (struct ike_fragments){0};
}

static void
keep(struct ike_fragments *f, unsigned int i, struct slice bytes)
{
	f->piece[i] = malloc(bytes.len);
	if (f->piece[i] == NULL)
		log_fatal("out of memory for a message");
	memcpy(f->piece[i], bytes.p, bytes.len);
	f->len[i] = (uint16_t)bytes.len;
	f->total += bytes.len;
}

/* Empty while a piece is missing. */
static struct slice
join(const struct ike_fragments *f, uint8_t room[IKE_DATAGRAM_MAX])
{
	struct wbuf w;
	unsigned int i;

	wbuf_init(&w, room, IKE_DATAGRAM_MAX);
	for (i = 0; i < f->count; i++) {
		if (f->len[i] == 0)
			return (struct slice){NULL, 0};
		wbuf_put(&w, f->piece[i], f->len[i]);
	}
	return slice_of(room, wbuf_len(&w));
}

const char *
fragment_take(struct ike_fragments *f, struct slice body, uint8_t room[IKE_DATAGRAM_MAX],
    struct slice *whole)
{
	struct rbuf r;
	struct slice bytes;
	uint16_t id;
	uint8_t number, flags;

	*whole = (struct slice){NULL, 0};
	rbuf_init(&r, body.p, body.len);
	id = rbuf_be16(&r);
	number = rbuf_u8(&r);
	flags = rbuf_u8(&r);
	bytes = rbuf_rest(&r);
	if (r.bad || bytes.len == 0 || number == 0 || number > FRAGMENTS_MAX)
		return "a fragment is cut short, or one of too many";
	if (id != f->id)
		fragments_free(f);	/* the peer has begun another message */
	f->id = id;
	if (f->len[number - 1] != 0)
		return "a fragment that came before";
	if (f->total + bytes.len > IKE_DATAGRAM_MAX || (f->count != 0 && number > f->count))
		return "fragments of a message longer than any of ours";
	keep(f, number - 1u, bytes);
	if ((flags & FRAGMENT_LAST) != 0)
		f->count = number;
	*whole = join(f, room);
	if (whole->len > 0)
		fragments_free(f);
	return NULL;
}

bool
fragment_wanted(const struct ike_sa *sa, size_t len)
{
	return len > DATAGRAM_MAX && (sa->vendors & VENDOR_FRAGMENTS) != 0 &&
	    sa->engine->conf.v1.global.fragmentation;
}

struct slice
fragment_write(const struct ike_sa *sa, struct slice datagram, unsigned int n,
    uint8_t room[FRAGMENT_PACKET_MAX])
{
	size_t at = (size_t)n * PIECE_MAX, len;
	struct wbuf w;

	if (at >= datagram.len)
		return (struct slice){NULL, 0};
	len = datagram.len - at < PIECE_MAX ? datagram.len - at : PIECE_MAX;
	wbuf_init(&w, room, FRAGMENT_PACKET_MAX);
	wbuf_put(&w, sa->cky_i, IKE_COOKIE_LEN);
	wbuf_put(&w, sa->cky_r, IKE_COOKIE_LEN);
	wbuf_u8(&w, PAYLOAD_FRAGMENT);
	wbuf_u8(&w, IKE_VERSION_1);
	/* Whatever is in it: phase 1's exchange and message id 0, as others do. */
	wbuf_u8(&w, sa->main.type);
	wbuf_u8(&w, 0);
	wbuf_be32(&w, 0);
	wbuf_be32(&w, (uint32_t)(IKE_HEADER_LEN + FRAGMENT_HEADER + len));
	wbuf_be16(&w, 0);
	wbuf_be16(&w, (uint16_t)(FRAGMENT_HEADER + len));
	wbuf_be16(&w, sa->fragment_id);
	wbuf_u8(&w, (uint8_t)(n + 1));
	wbuf_u8(&w, at + len == datagram.len ? FRAGMENT_LAST : 0);
	wbuf_put(&w, datagram.p + at, len);
	return slice_of(room, wbuf_len(&w));
}
