/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process around the engine: its sockets and connections. */
#ifndef CULVERT_IKED_H
#define CULVERT_IKED_H

#include "daemon.h"
#include "engine.h"
#include "sock.h"

struct iked {
	struct daemon d;
	struct ike_engine engine;
	struct kept *kept;
	struct ike_sock sock;
	struct ipc_client *espd;
	bool config_open;		/* between control's BEGIN and END */
};

/* espd_link.c */
void espd_link_start(struct iked *k);
void espd_link_stop(struct iked *k);
bool espd_link_tell(struct iked *k, enum ipc_type type, const void *body);
void espd_link_flush(struct iked *k);	/* what was told leaves now */

/* nhrp_link.c */
void nhrp_link_up(struct iked *k, struct ipc_conn *c);
void nhrp_link_message(struct iked *k, struct ipc_conn *c, struct ipc_msg *m);
void nhrp_link_state(struct iked *k, const struct ipc_peer_state *s);

/* cmap_link.c */
void cmap_link_state(struct iked *k, const struct ipc_peer_state *s);
void cmap_link_sync(struct iked *k, struct ipc_conn *c);

/* ctl.c */
void ctl_message(struct iked *k, struct ipc_conn *c, struct ipc_msg *m);

/* show.c */
void show_message(struct iked *k, struct ipc_conn *c, struct ipc_msg *m);

#endif
