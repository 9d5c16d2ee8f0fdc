/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The messages of ipc_msgs.h as C structs, and as bytes: made from the lists there, so
 * that a field is written down once.
 *
 * A message is a header (type u16, length of the body u16, sequence number u32, all in
 * network order) and a body of at most IPC_BODY_MAX bytes.  Nothing here knows of
 * connections.
 */
#ifndef CULVERT_IPC_CODEC_H
#define CULVERT_IPC_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "buf.h"
#include "ipc_msgs.h"
#include "secret.h"

#define IPC_HEADER_LEN 8
#define IPC_BODY_MAX (32 * 1024)

/* Field kinds as C types. */
typedef uint8_t ipc_u8;
typedef uint16_t ipc_u16;
typedef uint32_t ipc_u32;
typedef uint64_t ipc_u64;
typedef struct addr ipc_addr;
typedef struct prefix ipc_prefix;
typedef char ipc_str16[16];
typedef char ipc_str32[32];
typedef char ipc_str64[64];
typedef char ipc_str256[256];
typedef struct secret ipc_key;
typedef struct esp_secret ipc_ekey;
typedef struct blob ipc_blob;
typedef struct slice ipc_tail;

#define IPC_FIELD(kind, name, text) ipc_##kind name;
#define IPC_STRUCT(body)                                                                           \
	struct ipc_##body {                                                                        \
		IPC_B_##body(IPC_FIELD)                                                            \
	}
struct ipc_nothing {
	uint8_t unused;
};
/* One struct a body. */
#define IPC_BODIES(X)                                                                              \
	X(hello) X(done) X(log) X(debug) X(show) X(show_end) X(clear) X(text) X(line)              \
	X(line_done) X(held) X(hold_end) X(process) X(tunnel) X(ifname) X(nic)                     \
	X(tunnel_state) X(spi_want) X(spi) X(peer) X(peer_ref) X(sa) X(spi_only)                   \
	X(sa_expire) X(spi_unknown) X(peer_moved) X(ike_socket) X(ike) X(ike_global)               \
	X(ike_policy) X(ike_key) X(ipsec_profile) X(protection) X(protect_peer) X(isakmp_global)   \
	X(isakmp_profile) X(isakmp_match) X(isakmp_peer) X(ikev2_global) X(ikev2_proposal)         \
	X(ikev2_policy) X(ikev2_key) X(ikev2_profile) X(ikev2_match) X(ikev2_crash)                \
	X(cmap) X(cmap_rule) X(cmap_ready) X(not_ipsec) X(cmap_flow) X(peer_want)                  \
	X(trustpoint) X(trust_cert) X(pki_key) X(crl_part) X(cert_rule) X(row_key)                 \
	X(row_crl) X(peer_state) X(adjacency) X(multicast) X(shortcut) X(nhs_route)                \
	X(nhrp) X(next_hop) X(redirect) X(nhrp_if) X(nhrp_map) X(nhs) X(nhs_cluster) X(row_interface)\
	X(row_route) X(row_ike_sa) X(row_flow) X(row_esp_sa) X(row_esp_peer) X(row_drop)           \
	X(row_tunnel) X(row_adjacency) X(row_acl_count) X(row_nhrp) X(row_nhs)                     \
	X(row_nhrp_if) X(row_counter) X(row_spi_flow) X(row_address) X(row_ikev2_sa)               \
	X(admission) X(row_admission) X(row_arp) X(row_user) X(login) X(login_done)                \
	X(row_ikev2_errors) X(row_ikev2_error)
#define X(body) IPC_STRUCT(body);
IPC_BODIES(X)
#undef X

/* Any body, as a handler gets it; `tail` members point into the receive buffer. */
union ipc_body {
	struct ipc_nothing nothing;
#define X(body) struct ipc_##body body;
	IPC_BODIES(X)
#undef X
};

enum ipc_type {
	IPC_NONE,
#define X(name, from, to, body, text) IPC_MSG_##name,
	IPC_MESSAGES(X)
#undef X
	IPC_TYPE_COUNT
};

const char *ipc_type_name(unsigned int type);	/* "SA_SET"; "unknown" for others */
const char *ipc_role_name(unsigned int role);
const char *ipc_ike_state_name(unsigned int state);	/* "QM_IDLE" */

/*
 * Codec, pure.  ipc_encode: body of `type` into w (w->bad when it does not
 * fit).  ipc_decode: the whole of r; NULL, or a sentence saying what is wrong.
 */
void ipc_encode(struct wbuf *w, enum ipc_type type, const void *body);
const char *ipc_decode(struct rbuf *r, enum ipc_type type, union ipc_body *body);
bool ipc_may_send(enum ipc_type type, unsigned int from, unsigned int to);
size_t ipc_body_size(enum ipc_type type);	/* sizeof the struct */
void ipc_body_wipe(enum ipc_type type, void *body);	/* wipes what is of kind key */

struct ipc_msg {
	enum ipc_type type;
	uint32_t seq;		/* a reply carries its request's */
	union ipc_body *body;	/* valid during the handler */
	int fd;			/* -1, or a descriptor: the handler takes it by setting this to -1 */
};

/*
 * A whole message.  Write: false when it does not fit.  Read: the next one of r, into
 * m->body, whose room the caller gives; NULL, or a sentence.
 */
bool ipc_message_write(struct wbuf *w, enum ipc_type type, uint32_t seq, const void *body);
const char *ipc_message_read(struct rbuf *r, struct ipc_msg *m);

#endif
