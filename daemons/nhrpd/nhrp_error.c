/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp_error.h"

#include "log.h"
#include "nhrp_ext.h"
#include "nhs_register.h"
#include "resolve.h"

#define QUOTE_MAX 512		/* so much of the packet in error */

void
nhrp_error_send(struct nhrp_rx *rx, enum nhrp_error code, unsigned int offset)
{
	struct nhrp_if *ifp = rx->ifp;
	struct nhrp_packet p = {.type = NHRP_ERROR_INDICATION, .hops = NHRP_HOPS};

	if (nhrp_packet_is_indication(&rx->p) ||
	    !ratelimit_take(&ifp->error_limit, nhrp_now(ifp->nhrp)))
		return;
	p.error_code = (uint16_t)code;
	p.error_offset = (uint16_t)offset;
	p.src_nbma = ifp->conf.local;
	p.src_proto = *nhrp_if_address(ifp);
	p.dst_proto = nhrp_packet_is_reply(&rx->p) ? rx->p.dst_proto : rx->p.src_proto;
	p.data = slice_of(rx->bytes.p, rx->bytes.len > QUOTE_MAX ? QUOTE_MAX : rx->bytes.len);
	nhrp_send(ifp, &p, &rx->nbma, rx->peer_ref);
}

bool
nhrp_error_if_unknown_extension(struct nhrp_rx *rx)
{
	unsigned int i;

	for (i = 0; i < rx->p.ext_count; i++) {
		const struct nhrp_ext *e = &rx->p.exts[i];

		if (!e->compulsory || nhrp_ext_is_known(e->type))
			continue;
		nhrp_dropped(rx->ifp, NHRP_DROP_EXTENSION);
		nhrp_error_send(rx, NHRP_ERROR_UNKNOWN_EXTENSION, e->offset);
		return true;
	}
	return false;
}

/* --- receiving --- */

struct quoted {			/* what of our packet came back; it may be cut short */
	uint8_t type;
	uint32_t request_id;
};

static bool
quoted_read(struct quoted *q, struct slice data)
{
	struct rbuf r;

	rbuf_init(&r, data.p, data.len);
	rbuf_skip(&r, 17);		/* afn to version: the packet type follows */
	q->type = rbuf_u8(&r);
	rbuf_skip(&r, 2);
	rbuf_skip(&r, 4);		/* protocol lengths and flags: the ID follows */
	q->request_id = rbuf_be32(&r);
	return !r.bad;
}

static void
log_error(const struct nhrp_rx *rx)
{
	char hex[3 * 16 + 1] = "";
	size_t i, len = rx->p.data.len < 16 ? rx->p.data.len : 16;
	static const char digits[] = "0123456789ABCDEF";

	if (!ratelimit_take(&rx->ifp->nhrp->log_limit, nhrp_now(rx->ifp->nhrp)))
		return;
	for (i = 0; i < len; i++) {
		hex[3 * i] = digits[rx->p.data.p[i] >> 4];
		hex[3 * i + 1] = digits[rx->p.data.p[i] & 15];
		hex[3 * i + 2] = i + 1 < len ? ' ' : '\0';
	}
	log_event(LOG_SEV_ERR, "NHRP", "PAKERROR",
	    "Received Error Indication from %s, code: %s(%u), "
	    "(trigger src: %s (nbma: %s) dst: %s), offset: %u, data: %s",
	    ADDR_STR(&rx->p.src_proto), nhrp_error_name(rx->p.error_code), rx->p.error_code,
	    ADDR_STR(&rx->p.src_proto), ADDR_STR(&rx->p.src_nbma), ADDR_STR(&rx->p.dst_proto),
	    rx->p.error_offset, hex);
}

void
nhrp_error_receive(struct nhrp_rx *rx)
{
	struct quoted q = {0};

	log_error(rx);
	if (!quoted_read(&q, rx->p.data))
		return;
	if (q.type == NHRP_REGISTRATION_REQUEST)
		nhs_error(rx->ifp, q.request_id, rx->p.error_code);
	else if (q.type == NHRP_RESOLUTION_REQUEST)
		resolve_error(rx->ifp, q.request_id);
}
