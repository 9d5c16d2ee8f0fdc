/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Crypto sessions, put together from what iked and espd know.
 *
 * A session is one peer of one tunnel: iked's IKE SAs with it, its flows
 * (a row a pair of SAs, the current pair first), and espd's counters of both.
 * What joins them is iked's peer_ref; an IKEv2 SA is of every peer between its two
 * ends that has no ISAKMP SA, and an ISAKMP SA of every peer there that has none of
 * its own.  Pairs and their counters are joined by our inbound SPI.  Sessions point
 * into the tables of their own crypto_view.
 */
#ifndef CULVERT_SHOW_CRYPTO_H
#define CULVERT_SHOW_CRYPTO_H

#include "show_util.h"

struct session {
	const char *tunnel;		/* IOS name */
	struct addr local, remote;
	uint16_t local_port, remote_port;
	uint32_t peer_ref;
	const struct ipc_row_flow *flows;	/* one flow's pairs stand together */
	size_t flow_count;
	const struct ipc_row_ike_sa *ikes;	/* of either version; those that are up first */
	size_t ike_count;
	const struct ipc_row_ikev2_sa *ikev2;	/* of version 2: the one that is up; NULL: none */
};

struct crypto_view {
	struct rows flows, ikes;	/* from iked */
	struct rows ikes2;		/* SAs of version 2; ikes has them, too */
	struct rows pairs, peers;	/* from espd; empty unless asked for */
	struct session *sessions;	/* by interface, then by the peer's address */
	size_t count;
};

/* NULL or the sentence; the view is to be closed either way. */
const char *crypto_view_open(struct crypto_view *v, struct show_source *src, bool with_counters);
void crypto_view_close(struct crypto_view *v);

/* Never NULL: what espd does not know has zeroes. */
const struct ipc_row_esp_sa *pair_counters(const struct crypto_view *v, uint32_t spi);
const struct ipc_row_esp_peer *peer_counters(const struct crypto_view *v, uint32_t peer_ref);

/* The crypto map of a flow: its name, or what IOS calls that of a tunnel. */
#define MAP_STRLEN 64
char *flow_map(const struct ipc_row_flow *f, char buf[MAP_STRLEN]);
/* What IOS calls it: of one tunnel, or of all that share an IPsec profile (empty: not shared). */
char *tunnel_map_name(const char *tunnel, const char *shared_profile, char buf[MAP_STRLEN]);
bool flow_is_of_map(const struct ipc_row_flow *f);
bool flow_is_shared(const struct ipc_row_flow *f);
/* The pairs of one flow together, the current one first. */
void flows_sort(struct rows *flows);
/*
 * Sessions from i on that are one to IOS: the lines of a crypto map with one peer.
 * *head stands for all of them; returns where the next begins.
 */
size_t session_group(const struct crypto_view *v, size_t i, struct session *head);

/* How many rows from f on are pairs of the same flow. */
size_t pairs_of_flow(const struct ipc_row_flow *f, size_t left);
/* What is left of a volume lifetime after `bytes`. */
uint64_t kilobytes_left(const struct ipc_row_flow *f, uint64_t bytes);

bool ike_is_up(const struct ipc_row_ike_sa *sa);
bool session_has_sas(const struct session *s);
const char *session_status(const struct session *s);	/* "UP-ACTIVE" */
const char *session_identity(const struct session *s);	/* "(none)" before phase 1 is done */

/* The lines that show crypto session and show dmvpn detail have in common. */
void add_session_ike(struct text *out, const struct session *s, bool detail);
void add_session_flows(struct text *out, const struct crypto_view *v, const struct session *s,
    bool detail);

/* Lifetime, PFS and transform sets of an IPsec profile or a crypto map's entry. */
void show_add_sa_policy(struct text *out, const struct conf *c, const struct conf_ipsec_profile *sa);

/* The crypto maps of tunnels (show_cmap_tunnel.c); flows are sorted.  NULL or the sentence. */
const char *show_add_tunnel_maps(struct show_source *src, const struct show_args *a,
    const struct conf *c, const struct rows *flows, struct text *out);

#endif
