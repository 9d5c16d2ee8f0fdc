/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How culvert's processes talk: Unix SOCK_SEQPACKET, one connection an arrow,
 * the messages of ipc_msgs.h and no others.
 *
 * A message is a header (type u16, length of the body u16, sequence number u32)
 * and a body of at most IPC_BODY_MAX bytes; a descriptor may ride along.  A body is
 * decoded in full and the sender's right to say it is checked before the handler runs;
 * what fails is logged and closes the connection.
 *
 * A datagram has one message or, from a connection that gathers (ipc_gather()),
 * several: what many sessions say in one round of the loop costs one system call and
 * wakes its reader once.
 *
 * Nobody waits: sockets are non-blocking and each connection has a bounded
 * queue.  What may be lost (relayed packets) is refused by ipc_send_droppable()
 * while the socket is full; anything else that does not fit ends the connection, and the
 * client comes back with its whole desired state.
 */
#ifndef CULVERT_IPC_H
#define CULVERT_IPC_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "buf.h"
#include "ipc_msgs.h"
#include "loop.h"
#include "secret.h"

#define IPC_HEADER_LEN 8
#define IPC_BODY_MAX (32 * 1024)
#define IPC_QUEUE_BYTES (8 * 1024 * 1024)	/* then the connection is closed */
#define IPC_SHOW_BYTES (256 * 1024)		/* then a show stops and hands out a cursor */

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
	X(hello) X(done) X(log) X(debug) X(show) X(show_end) X(clear) X(text) X(line) X(line_done)  \
	X(held) X(hold_end) X(process) X(tunnel) X(ifname) X(nic) X(tunnel_state) X(spi_want)       \
	X(spi) X(peer) X(peer_ref) X(sa) X(spi_only) X(sa_expire) X(spi_unknown) X(peer_moved)      \
	X(ike_socket) X(ike) X(ike_global) X(ike_policy) X(ike_key) X(ipsec_profile) X(protection)                \
	X(protect_peer) X(isakmp_global) X(isakmp_profile) X(isakmp_match) X(isakmp_peer) X(ikev2_global) X(ikev2_proposal) X(ikev2_policy) X(ikev2_key)              \
	X(ikev2_profile) X(ikev2_match) X(ikev2_crash) X(cmap) X(cmap_rule) X(cmap_ready) X(not_ipsec)             \
	X(cmap_flow) X(peer_want) X(trustpoint) X(trust_cert) X(pki_key) X(crl_part) X(cert_rule) X(row_key)      \
	X(row_crl)                                                                                  \
	X(peer_state) X(adjacency) X(multicast) X(shortcut) X(nhs_route) X(nhrp) X(next_hop)        \
	X(redirect) X(nhrp_if) X(nhrp_map) X(nhs) X(row_interface) X(row_route) X(row_ike_sa)       \
	X(row_flow) X(row_esp_sa) X(row_esp_peer) X(row_drop) X(row_tunnel) X(row_adjacency)        \
	X(row_acl_count)                                                                            \
	X(row_nhrp) X(row_nhs) X(row_nhrp_if) X(row_counter) X(row_spi_flow) X(row_address) \
	X(row_ikev2_sa) X(admission) X(row_admission) X(row_arp) X(row_user) X(login) X(login_done) \
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

struct ipc_conn;

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

struct ipc_handlers {
	/* The peer said HELLO; c's role and warmth are known. */
	void (*up)(struct ipc_conn *c);
	void (*message)(struct ipc_conn *c, struct ipc_msg *m);
	/* The connection is gone; c is freed after this returns. */
	void (*down)(struct ipc_conn *c);
};

/*
 * A server listens on PATH (unlinked first, mode 0600, parent must exist) and
 * greets who connects.  Roles outside `allow` are refused; the peer's uid must
 * be root or our own.
 */
struct ipc_server;
struct ipc_server *ipc_listen(struct loop *l, const char *path, enum ipc_role self, bool warm,
    unsigned int allow, const struct ipc_handlers *h, void *user);	/* NULL with errno */
void ipc_server_close(struct ipc_server *s);
/* Call f for every live connection whose role is in `roles`. */
void ipc_server_each(struct ipc_server *s, unsigned int roles,
    void (*f)(struct ipc_conn *c, void *arg), void *arg);

/*
 * A client connects to PATH and keeps trying (20 ms, then slower to 500 ms)
 * after each loss until it is closed; `up` is called each time.
 */
struct ipc_client;
struct ipc_client *ipc_connect(struct loop *l, const char *path, enum ipc_role self, bool warm,
    const struct ipc_handlers *h, void *user);
void ipc_client_close(struct ipc_client *cl);
struct ipc_conn *ipc_client_conn(struct ipc_client *cl);	/* NULL while not up */

/* A connected descriptor (socketpair with the monitor); takes fd. HELLO is sent at once.
 * `down` is called even if it ends before it was up. */
struct ipc_conn *ipc_conn_from_fd(struct loop *l, int fd, enum ipc_role self, bool warm,
    const struct ipc_handlers *h, void *user);

/* Send.  Returns false when the connection is (now) dead.  c may be NULL: false. */
bool ipc_send(struct ipc_conn *c, enum ipc_type type, const void *body);
bool ipc_send_fd(struct ipc_conn *c, enum ipc_type type, const void *body, int fd);	/* fd is dup'ed */
bool ipc_reply(struct ipc_conn *c, const struct ipc_msg *to, enum ipc_type type, const void *body);
/* With an explicit sequence number, for an answer that comes later. */
bool ipc_send_seq(struct ipc_conn *c, enum ipc_type type, uint32_t seq, const void *body);
bool ipc_send_droppable(struct ipc_conn *c, enum ipc_type type, const void *body);
void ipc_done(struct ipc_conn *c, const struct ipc_msg *to, const char *refused_why, uint32_t count);

/*
 * From now on what is sent waits for the end of the loop's round, in its order, and leaves
 * together.  ipc_flush: at once, before something that depends on it leaves another way.
 */
void ipc_gather(struct ipc_conn *c);
/* Likewise, and `first` is called before any of it leaves: it sends what must be heard before. */
void ipc_gather_behind(struct ipc_conn *c, void (*first)(struct ipc_conn *c));
void ipc_flush(struct ipc_conn *c);		/* NULL is nothing */

size_t ipc_queued(const struct ipc_conn *c);	/* bytes waiting; a show pauses above IPC_SHOW_BYTES */
unsigned int ipc_conn_role(const struct ipc_conn *c);	/* of the peer */
bool ipc_conn_warm(const struct ipc_conn *c);
void *ipc_conn_user(const struct ipc_conn *c);		/* `user` of the server or client */
void *ipc_conn_data(const struct ipc_conn *c);		/* the handler's own, per connection */
void ipc_conn_set_data(struct ipc_conn *c, void *data);
void ipc_conn_close(struct ipc_conn *c);		/* `down` is called */

/*
 * Blocking calls for the shell and the lab, which have nothing else to do.
 * Returns a connected descriptor after HELLO both ways, or -1 with errno.
 */
int ipc_call_open(const char *path, enum ipc_role self);
bool ipc_call_send(int fd, enum ipc_type type, uint32_t seq, const void *body);
/* Receives one message within timeout_ms (-1: for ever) into buffers that live until the next
 * call.  1: got one; 0: time is up; -1: gone or not understood. */
int ipc_call_recv(int fd, struct ipc_msg *m, int timeout_ms);

#endif
