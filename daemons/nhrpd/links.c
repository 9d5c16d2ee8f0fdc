/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "links.h"

#include <stdlib.h>

#include "log.h"
#include "nhrp_engine.h"
#include "nhrp_if.h"
#include "nhs.h"
#include "protect.h"
#include "publish.h"
#include "redirect.h"
#include "resolve.h"

struct links {
	struct nhrp *nhrp;
	struct ipc_client *espd, *iked;
	uint64_t refused;
};

/* --- espd --- */

static void
espd_up(struct ipc_conn *c)
{
	struct links *k = ipc_conn_user(c);

	publish_resync(k->nhrp);
}

/* A line that is down shows as an NHS that does not answer. */
static void
tunnel_state(struct nhrp *n, const struct ipc_tunnel_state *m)
{
	struct nhrp_if *ifp = nhrp_if_find(n, m->ifname);

	if (ifp != NULL && m->line_up)
		nhs_line_up(ifp);
}

static void
espd_message(struct ipc_conn *c, struct ipc_msg *m)
{
	struct links *k = ipc_conn_user(c);

	switch (m->type) {
	case IPC_MSG_NHRP_IN:
		nhrp_receive(k->nhrp, &m->body->nhrp);
		break;
	case IPC_MSG_NEXT_HOP_WANT:
		resolve_next_hop(k->nhrp, &m->body->next_hop);
		break;
	case IPC_MSG_ADJ_USED:
		resolve_in_use(k->nhrp, &m->body->next_hop);
		break;
	case IPC_MSG_REDIRECT_WANT:
		redirect_wanted(k->nhrp, &m->body->redirect);
		break;
	case IPC_MSG_TUNNEL_STATE:
		tunnel_state(k->nhrp, &m->body->tunnel_state);
		break;
	default:
		break;
	}
}

static const struct ipc_handlers espd_handlers = {.up = espd_up, .message = espd_message};

/* --- iked --- */

static void
iked_up(struct ipc_conn *c)
{
	struct links *k = ipc_conn_user(c);

	protect_resync(k->nhrp);
}

static void
iked_message(struct ipc_conn *c, struct ipc_msg *m)
{
	struct links *k = ipc_conn_user(c);

	if (m->type == IPC_MSG_PEER_STATE)
		protect_state(k->nhrp, &m->body->peer_state);
}

static const struct ipc_handlers iked_handlers = {.up = iked_up, .message = iked_message};

/* --- both --- */

struct links *
links_new(void)
{
	struct links *k = calloc(1, sizeof(*k));

	if (k == NULL)
		log_fatal("out of memory");
	return k;
}

void
links_start(struct links *k, struct nhrp *n, const struct daemon *d)
{
	k->nhrp = n;
	k->espd = ipc_connect(d->loop, daemon_socket(d, "espd"), IPC_NHRPD, d->warm,
	    &espd_handlers, k);
	k->iked = ipc_connect(d->loop, daemon_socket(d, "iked"), IPC_NHRPD, d->warm,
	    &iked_handlers, k);
	if (k->espd == NULL || k->iked == NULL)
		log_fatal("out of memory");
}

void
links_free(struct links *k)
{
	if (k == NULL)
		return;
	ipc_client_close(k->espd);
	ipc_client_close(k->iked);
	free(k);
}

/* While a server is away nothing is lost: it is told everything when it is back. */
void
links_to_espd(struct links *k, enum ipc_type type, const void *body)
{
	struct ipc_conn *c = k->espd != NULL ? ipc_client_conn(k->espd) : NULL;

	if (type != IPC_MSG_NHRP_OUT)
		ipc_send(c, type, body);
	else if (!ipc_send_droppable(c, type, body))
		k->refused++;
}

void
links_to_iked(struct links *k, enum ipc_type type, const void *body)
{
	if (k->iked != NULL)
		ipc_send(ipc_client_conn(k->iked), type, body);
}

uint64_t
links_refused(const struct links *k)
{
	return k->refused;
}
