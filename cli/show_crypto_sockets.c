/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show crypto sockets: what tunnels asked of IPsec.  IOS calls that a socket: one for each
 * peer, and one for each tunnel's profile that listens for peers.
 */
#include <string.h>

#include "show_crypto.h"

/* "(203.0.113.1/255.255.255.255/0/47)" */
static void
add_ident(struct text *out, const char *side, const struct prefix *p, uint16_t port, uint8_t proto)
{
	text_add(out, "       %-12s (addr/mask/port/prot): (%s/%u/%u)\n", side,
	    masked_str(p, (char[MASKED_STRLEN]){0}), port, proto);
}

static const char *
state_of(const struct ipc_row_flow *f)
{
	if (f->spi_in != 0)
		return "Open";
	return f->state == PEER_DOWN ? "Closed" : "Opening";
}

static void
add_socket(struct text *out, const struct ipc_row_flow *f)
{
	bool shared = flow_is_shared(f);
	char name[IFACE_NAME_MAX];

	text_add(out, "   %s Peers (local/remote): %s/%s \n", shared ? "Shd" : short_name(f->tunnel, name),
	    ADDR_STR(&f->local), ADDR_STR(&f->remote));
	add_ident(out, "Local Ident", &f->ts_local, f->ts_local_port, f->ts_proto);
	add_ident(out, "Remote Ident", &f->ts_remote, f->ts_remote_port, f->ts_proto);
	if (shared)
		text_add(out, "       Flags: shared\n");
	text_add(out, "       IPSec Profile: \"%s\"\n       Socket State: %s\n"
	    "       Client: \"TUNNEL SEC\" (Client State: Active)\n", f->profile, state_of(f));
}

/* Of tunnels that share SAs, the first. */
static bool
is_listener(const struct rows *tunnels, const struct ipc_row_interface *t)
{
	const struct ipc_row_interface *i;

	ROWS_EACH(i, tunnels)
		if (i->shared && t->shared && strcmp(i->profile, t->profile) == 0 &&
		    addr_eq(&i->source, &t->source))
			return i == t;
	return t->profile[0] != '\0';
}

static void
add_listeners(struct text *out, const struct rows *tunnels)
{
	const struct ipc_row_interface *t;
	char map[MAP_STRLEN];

	text_add(out, "\nCrypto Sockets in Listen state:\n");
	ROWS_EACH(t, tunnels)
		if (is_listener(tunnels, t))
			text_add(out, "Client: \"TUNNEL SEC\" Profile: \"%s\" Map-name: \"%s\"\n", t->profile,
			    tunnel_map_name(t->name, t->shared ? t->profile : "", map));
}

/* A flow of a tunnel, and the current pair of it. */
static bool
is_socket(const struct rows *flows, size_t i)
{
	const struct ipc_row_flow *f = rows_at(flows, i);

	return !flow_is_of_map(f) && (i == 0 || pairs_of_flow(f - 1, 2) == 1);
}

const char *
show_crypto_sockets(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows flows, tunnels = {0};
	const char *why = rows_ask(&flows, src, IPC_IKED, SHOW_FLOWS, IPC_MSG_ROW_FLOW);
	unsigned int count = 0;

	(void)a;
	if (why == NULL)
		why = rows_ask(&tunnels, src, IPC_CONTROL, SHOW_INTERFACES, IPC_MSG_ROW_INTERFACE);
	flows_sort(&flows);
	for (size_t i = 0; i < flows.count; i++)
		count += is_socket(&flows, i);
	if (why == NULL)
		text_add(out, "Number of Crypto Socket connections %u\n\n", count);
	for (size_t i = 0; why == NULL && i < flows.count; i++)
		if (is_socket(&flows, i))
			add_socket(out, rows_at(&flows, i));
	if (why == NULL)
		add_listeners(out, &tunnels);
	rows_free(&tunnels);
	rows_free(&flows);
	return why;
}
