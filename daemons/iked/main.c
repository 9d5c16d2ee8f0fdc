/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * culvert-iked: the engine (engine.h) with its sockets.
 *
 *	UDP 500 and 4500 <----> engine <----> espd	SAs, SPIs
 *	                          ^
 *	control, nhrpd, shells			configuration, wishes, show
 */
#include "engine_life.h"
#include "events.h"
#include "iked.h"
#include "kept.h"
#include "log.h"
#include "privilege.h"

/* --- what the engine does to the world --- */

static void
op_send(void *user, const struct ike_path *path, struct slice datagram)
{
	struct iked *k = user;

	/* espd is told of a pair before the peer is, who may use it at once. */
	espd_link_flush(k);
	sock_send(&k->sock, path, datagram);
}

static bool
op_espd(void *user, enum ipc_type type, const void *body)
{
	return espd_link_tell(user, type, body);
}

static void
op_nhrpd(void *user, const struct ipc_peer_state *state)
{
	nhrp_link_state(user, state);
	cmap_link_state(user, state);
}

static const struct ike_ops ops = {.send = op_send, .espd = op_espd, .nhrpd = op_nhrpd};

static void
received(struct ike_sock *s, const struct ike_path *path, struct slice datagram)
{
	struct iked *k = container_of(s, struct iked, sock);

	engine_receive(&k->engine, path, datagram);
}

/* --- who connects --- */

static struct iked *
iked_of(const struct ipc_conn *c)
{
	struct daemon *d = ipc_conn_user(c);

	return container_of(d, struct iked, d);
}

static void
espd_first(struct ipc_conn *c)
{
	espd_link_flush(iked_of(c));
}

static void
client_up(struct ipc_conn *c)
{
	if (ipc_conn_role(c) != IPC_NHRPD)
		return;
	/* espd is told of a pair before nhrpd is, who sends what waited for it. */
	ipc_gather_behind(c, espd_first);
	nhrp_link_up(iked_of(c), c);
}

static void
client_message(struct ipc_conn *c, struct ipc_msg *m)
{
	struct iked *k = iked_of(c);

	if (m->type == IPC_MSG_SHOW)
		show_message(k, c, m);
	else if (ipc_conn_role(c) == IPC_CONTROL)
		ctl_message(k, c, m);
	else if (ipc_conn_role(c) == IPC_NHRPD)
		nhrp_link_message(k, c, m);
}

static void
client_down(struct ipc_conn *c)
{
	struct iked *k = iked_of(c);

	if (ipc_conn_role(c) == IPC_CONTROL)
		k->config_open = false;
}

static const struct ipc_handlers clients = {
	.up = client_up, .message = client_message, .down = client_down,
};

static void
leave(struct daemon *d)
{
	struct iked *k = container_of(d, struct iked, d);

	espd_link_stop(k);
	sock_close(&k->sock);
	engine_free(&k->engine);
	kept_close(k->kept);
}

#define EXIT_REFUSED 78	/* EX_CONFIG: another start would end the same way */

int
main(int argc, char **argv)
{
	static struct iked k;
	const char *why;

	daemon_start(&k.d, "iked", IPC_IKED, argc, argv);
	k.sock.receive = received;
	why = sock_open(&k.sock, k.d.loop, daemon_take_held(&k.d, "ike-500"),
	    daemon_take_held(&k.d, "ike6-500"));
	if (why != NULL) {
		fprintf(stderr, "culvert-iked: %s\n", why);
		return EXIT_REFUSED;
	}
	/* Open while no iked is there: what comes in waits for the next one. */
	daemon_hold(&k.d, "ike-500", k.sock.v4.fd);
	if (k.sock.v6.fd >= 0)
		daemon_hold(&k.d, "ike6-500", k.sock.v6.fd);
	privilege_keep(NULL, 0);
	k.kept = kept_open(k.d.keep_fd, &k.d.warm);
	if (k.kept == NULL) {
		fprintf(stderr, "culvert-iked: the table of kept state cannot be mapped\n");
		return 1;
	}
	engine_init(&k.engine, k.d.loop, &ops, &k, k.kept);
	daemon_serve(&k.d, IPC_CONTROL | IPC_NHRPD | IPC_SHELL, &clients);
	espd_link_start(&k);
	return daemon_run(&k.d, leave);
}
