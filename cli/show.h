/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Renderers of `show`: they ask daemons for rows and print IOS's text.
 *
 * Where rows come from is behind one function, so that a golden test feeds rows
 * of its own and the clock of its own.  A renderer adds to `out` and returns
 * NULL, or a sentence when a daemon cannot be asked ("nhrpd does not answer").
 */
#ifndef CULVERT_SHOW_H
#define CULVERT_SHOW_H

#include <stdbool.h>

#include "addr.h"
#include "buf.h"
#include "ipc.h"
#include "mono.h"

typedef void show_row(void *arg, enum ipc_type type, const union ipc_body *row);

struct show_source {
	/* Ask `server` for all rows (every cursor round).  NULL or a sentence. */
	const char *(*ask)(struct show_source *s, enum ipc_role server, const struct ipc_show *q,
	    show_row *row, void *arg);
	mono_t now;		/* what ages are measured against (CLOCK_BOOTTIME) */
	int64_t wall_us;	/* wall clock, for show clock */
	const char *hostname;
	uint32_t pid;		/* of the shell that asks */
};

struct show_args {		/* what was typed behind the command's words */
	char name[64];		/* interface, IOS's canonical name, or another name; empty: all */
	struct addr addr;	/* peer; unset: all */
	char tag[64];		/* a crypto map or an access list; empty: all */
	struct addr local;	/* of ours; unset: all */
	uint16_t port, local_port;	/* of a session's two ends, UDP; 0: any */
	bool detail, has_mask;
	bool longer;		/* routes: all within addr and mask_len */
	uint8_t mask_len;	/* behind addr, where has_mask */
	uint8_t nhrp_type;	/* enum ipc_nhrp_type; 0: all */
};

typedef const char *show_renderer(struct show_source *src, const struct show_args *a,
    struct text *out);

#define SHOW_RENDERERS(X)								\
	X(version) X(clock) X(running_config) X(startup_config) X(startup_config_errors)\
	X(logging) X(processes) X(interfaces) X(interfaces_description) X(ip_interface)	\
	X(ip_interface_brief) X(arp) X(users) X(tech_support) X(tech_support_ipsec)	\
	X(ip_route) X(ip_route_connected) X(ip_route_static) X(ip_route_nhrp)		\
	X(ip_route_bgp) X(ip_route_eigrp) X(ip_route_ospf) X(ip_route_rip)		\
	X(crypto_ipsec_profile) X(crypto_ipsec_transform_set) X(crypto_ipsec_lifetime)	\
	X(crypto_isakmp_peers) X(crypto_isakmp_profile) X(crypto_isakmp_key)		\
	X(crypto_isakmp_default_policy) X(crypto_isakmp_policy) X(crypto_isakmp_sa)	\
	X(crypto_isakmp_sa_detail) X(crypto_ikev2_proposal) X(crypto_ikev2_policy)	\
	X(crypto_ikev2_profile) X(crypto_ikev2_stats) X(crypto_ikev2_diagnose_error)	\
	X(crypto_ikev2_sa) X(crypto_ikev2_sa_detail) X(crypto_ikev2_session)		\
	X(crypto_ikev2_session_detail) X(crypto_ipsec_sa) X(crypto_ipsec_sa_detail)	\
	X(crypto_session) X(crypto_session_detail) X(crypto_session_brief)		\
	X(crypto_call_admission) X(crypto_eli) X(crypto_eli_all)			\
	X(crypto_isakmp_sa_count) X(crypto_ipsec_sa_count) X(crypto_ikev2_count)	\
	X(crypto_engine_brief) X(crypto_engine_connections) X(crypto_engine_statistic)	\
	X(ipsec_flows) X(access_lists) X(crypto_map) X(crypto_dynamic_map)		\
	X(crypto_sockets) X(dmvpn) X(dmvpn_detail) X(ip_nhrp) X(ip_nhrp_detail)		\
	X(ip_nhrp_brief) X(ip_nhrp_nhs) X(ip_nhrp_nhs_detail) X(ip_nhrp_traffic)	\
	X(ip_nhrp_nhs_redundancy)							\
	X(ipv6_interface) X(ipv6_interface_brief) X(ipv6_route)				\
	X(event_manager_policies) X(event_manager_history) X(event_manager_statistics)	\
	X(event_manager_environment) X(drops) X(drops_all) X(ipsec_drops)		\
	X(ipsec_drops_all) X(crypto_isakmp_invalid_spi) X(crypto_pki_certificates)	\
	X(crypto_pki_certificates_verbose) X(crypto_pki_trustpoints)			\
	X(crypto_pki_trustpoints_status) X(crypto_pki_crls) X(crypto_key_mypubkey)	\
	X(crypto_key_mypubkey_rsa) X(crypto_key_mypubkey_ec)

#define X(name) show_renderer show_##name;
SHOW_RENDERERS(X)
#undef X

/* The source that asks the router whose run directory this is. */
struct show_source *show_source_open(const char *rundir);
void show_source_close(struct show_source *s);

#endif
