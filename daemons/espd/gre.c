/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gre.h"

#include "inner.h"

enum { GRE_CSUM = 0x8000, GRE_ROUTING = 0x4000, GRE_KEY = 0x2000, GRE_SEQ = 0x1000, GRE_VERSION = 7 };

const char *
gre_read(struct gre *g, struct slice packet, struct slice *payload)
{
	struct rbuf r;
	uint16_t flags;

	rbuf_init(&r, packet.p, packet.len);
	flags = rbuf_be16(&r);
	g->protocol = rbuf_be16(&r);
	if ((flags & GRE_VERSION) != 0)
		return "not version 0";
	/* RFC 2784 2.3: discard what has any of bits 1 to 5 set; RFC 2890 takes back K and S. */
	if ((flags & (GRE_ROUTING | 0x0c00)) != 0)
		return "source routing";
	if ((flags & GRE_CSUM) != 0)
		rbuf_skip(&r, 4);
	g->has_key = (flags & GRE_KEY) != 0;
	g->key = g->has_key ? rbuf_be32(&r) : 0;
	if ((flags & GRE_SEQ) != 0)
		rbuf_skip(&r, 4);
	if (r.bad)
		return "cut short";
	if ((flags & GRE_CSUM) != 0 && checksum_fold(checksum_add(0, packet.p, packet.len)) != 0)
		return "bad checksum";
	*payload = rbuf_rest(&r);
	return NULL;
}

size_t
gre_len(bool has_key)
{
	return has_key ? 8 : 4;
}

void
gre_write(uint8_t *p, const struct gre *g)
{
	struct wbuf w;

	wbuf_init(&w, p, gre_len(g->has_key));
	wbuf_be16(&w, g->has_key ? GRE_KEY : 0);
	wbuf_be16(&w, g->protocol);
	if (g->has_key)
		wbuf_be32(&w, g->key);
}
