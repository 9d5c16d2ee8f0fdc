/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp.h"

#include <string.h>

#include "log.h"
#include "nhrp_ext.h"
#include "nhrp_if.h"

const char *const nhrp_drop_texts[NHRP_DROP_COUNT] = {
#define X(id, text) [NHRP_DROP_##id] = text,
	NHRP_DROPS(X)
#undef X
};

mono_t
nhrp_now(const struct nhrp *n)
{
	return loop_now(n->loop);
}

uint32_t
nhrp_next_request_id(struct nhrp *n)
{
	uint32_t *id = keep_header_user(n->keep);

	if (++*id == 0)
		++*id;
	return *id;
}

void
nhrp_dropped(struct nhrp_if *ifp, enum nhrp_drop why)
{
	ifp->drops[why]++;
}

/* --- making and sending --- */

struct nhrp_cie
nhrp_own_cie(const struct nhrp_if *ifp)
{
	return (struct nhrp_cie){.prefix_len = (uint8_t)(8 * addr_bytes(nhrp_if_address(ifp))),
	    .mtu = ifp->conf.mtu, .hold_s = (uint16_t)ifp->conf.holdtime_s,
	    .nbma = ifp->conf.local, .proto = *nhrp_if_address(ifp)};
}

void
nhrp_packet_from_us(struct nhrp_packet *p, const struct nhrp_if *ifp, unsigned int type,
    const struct addr *dst)
{
	memset(p, 0, sizeof(*p));
	p->type = (uint8_t)type;
	p->hops = NHRP_HOPS;
	p->src_nbma = ifp->conf.local;
	p->src_proto = *nhrp_if_address(ifp);
	p->dst_proto = *dst;
	nhrp_ext_add_records(p);
}

bool
nhrp_send(struct nhrp_if *ifp, struct nhrp_packet *p, const struct addr *nbma, uint32_t peer_ref)
{
	struct nhrp *n = ifp->nhrp;
	struct nhrp_auth_room room;
	uint8_t bytes[NHRP_PACKET_MAX];
	struct ipc_nhrp m = {.local = ifp->conf.local, .nbma = *nbma, .peer_ref = peer_ref};
	struct wbuf w;

	nhrp_ext_remove(p, NHRP_EXT_AUTHENTICATION);
	if (p->type != NHRP_ERROR_INDICATION || p->error_code != NHRP_ERROR_AUTHENTICATION)
		nhrp_ext_add_auth(p, ifp->conf.auth, &room);
	nhrp_ext_sort(p);
	wbuf_init(&w, bytes, sizeof(bytes));
	nhrp_packet_write(&w, p);
	if (w.bad) {
		nhrp_dropped(ifp, NHRP_DROP_TOO_BIG);
		return false;
	}
	if (!ratelimit_take(&ifp->send_limit, nhrp_now(n))) {
		nhrp_dropped(ifp, NHRP_DROP_MAX_SEND);
		return false;
	}
	ifp->sent[p->type]++;
	log_debug(LOG_DEBUG_NHRP_PACKET, "NHRP",
	    "Send %s via %s, packet size: %zu, src: %s, dst: %s, nbma %s",
	    nhrp_type_name(p->type), ifp->conf.name, wbuf_len(&w), ADDR_STR(&p->src_proto),
	    ADDR_STR(&p->dst_proto), ADDR_STR(nbma));
	memcpy(m.ifname, ifp->conf.ifname, sizeof(m.ifname));
	m.packet = slice_of(bytes, wbuf_len(&w));
	n->ops->to_espd(n->ops_arg, IPC_MSG_NHRP_OUT, &m);
	return true;
}
