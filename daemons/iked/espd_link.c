/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to espd: SAs and SPIs, what it reports, and the sockets of IKE
 * on UDP 4500, which it opens and we read.
 *
 * Each time it comes up everything that should exist is named between BEGIN
 * and END; while it is away nothing is sent, since that will be said then.
 */
#include "events.h"
#include "iked.h"
#include "log.h"
#include "spi_recovery.h"

static void
relayed(struct iked *k, const struct ipc_ike *m)
{
	struct ike_path path = {m->local, m->remote, m->local_port, m->remote_port};

	engine_receive(&k->engine, &path, m->datagram);
}

static void
espd_up(struct ipc_conn *c)
{
	struct iked *k = ipc_conn_user(c);
	struct ipc_nothing nothing = {0};

	ipc_gather(c);
	ipc_send(c, IPC_MSG_BEGIN, &nothing);
	engine_espd_up(&k->engine, ipc_conn_warm(c));
	ipc_send(c, IPC_MSG_END, &nothing);
}

static void
espd_message(struct ipc_conn *c, struct ipc_msg *m)
{
	struct iked *k = ipc_conn_user(c);
	struct ike_engine *e = &k->engine;

	switch (m->type) {
	case IPC_MSG_SPI_RESERVED:
		engine_spi_reserved(e, m->body->spi.txn, m->body->spi.spi);
		break;
	case IPC_MSG_SA_EXPIRE:
		engine_sa_expire(e, &m->body->sa_expire);
		break;
	case IPC_MSG_SA_FIRST_IN:
		engine_sa_first_in(e, m->body->spi_only.spi);
		break;
	case IPC_MSG_SA_IDLE:
		engine_sa_idle(e, m->body->spi_only.spi);
		break;
	case IPC_MSG_SA_WANT:
		engine_sa_want(e, m->body->peer_ref.peer_ref);
		break;
	case IPC_MSG_SPI_UNKNOWN:
		spi_unknown(e, &m->body->spi_unknown);
		break;
	case IPC_MSG_NOT_IPSEC:
		engine_not_ipsec(e, &m->body->not_ipsec);
		break;
	case IPC_MSG_PEER_MOVED:
		engine_peer_moved(e, &m->body->peer_moved);
		break;
	case IPC_MSG_IKE_SOCKET:
		if (m->fd >= 0)
			sock_take_natt(&k->sock, k->d.loop, m->body->ike_socket.v6 != 0, m->fd);
		m->fd = -1;
		break;
	case IPC_MSG_IKE_IN:
		relayed(k, &m->body->ike);
		break;
	case IPC_MSG_DONE:
		if (m->body->done.failed)
			log_warn("espd refused: %s", m->body->done.why);
		break;
	default:
		break;
	}
}

static void
espd_down(struct ipc_conn *c)
{
	(void)c;
}

static const struct ipc_handlers espd_handlers = {
	.up = espd_up, .message = espd_message, .down = espd_down,
};

void
espd_link_start(struct iked *k)
{
	k->espd = ipc_connect(k->d.loop, daemon_socket(&k->d, "espd"), IPC_IKED, k->d.warm,
	    &espd_handlers, k);
	if (k->espd == NULL)
		log_fatal("out of memory for the connection to espd");
}

void
espd_link_stop(struct iked *k)
{
	ipc_client_close(k->espd);
	k->espd = NULL;
}

bool
espd_link_tell(struct iked *k, enum ipc_type type, const void *body)
{
	return k->espd != NULL && ipc_send(ipc_client_conn(k->espd), type, body);
}

void
espd_link_flush(struct iked *k)
{
	if (k->espd != NULL)
		ipc_flush(ipc_client_conn(k->espd));
}
