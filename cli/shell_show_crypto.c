/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show crypto ... */
#include "cli/shell_elsewhere.h"
#include "cli/shell_show.h"

#define NO_GROUPS "nobody logs in by IKE; `show crypto session` has every peer"

static const struct cmd a_peer[] = {
	REFUSED("config", "peers get no configuration here"),
	{ VALUE(addr_any, "Address"), .slot = SLOT_ADDR },
	CMD_END
};

static const struct cmd isakmp_sa[] = {
	{ "active", "Shows HA-enabled ISAKMP SAs in the active state", .run = show_run_crypto_isakmp_sa,
	    .hidden = true },
	{ "count", "Show number of SAs", .run = show_run_crypto_isakmp_sa_count },
	DETAIL(crypto_isakmp_sa_detail),
	CMD_END
};

static const struct cmd isakmp_default[] = {
	{ "policy", "Show default ISAKMP policies", .run = show_run_crypto_isakmp_default_policy },
	CMD_END
};

static const struct cmd show_isakmp[] = {
	{ "default", "Show ISAKMP defaults", .sub = isakmp_default },
	{ "invalid-spi", "Packets with an SPI that is not ours, and what was done",
	    .sub = a_peer, .end = true, .run = show_run_crypto_isakmp_invalid_spi },
	{ "key", "Show ISAKMP preshared keys", .run = show_run_crypto_isakmp_key, .when = shell_is_privileged },
	{ "peers", "Show ISAKMP peer structures", .sub = a_peer, .end = true,
	    .run = show_run_crypto_isakmp_peers },
	{ "policy", "Show ISAKMP protection suite policy", .run = show_run_crypto_isakmp_policy },
	{ "profile", "Show ISAKMP profiles", .run = show_run_crypto_isakmp_profile },
	ELSEWHERE_SHOW_ISAKMP,
	{ "sa", "Show ISAKMP Security Associations", .sub = isakmp_sa, .end = true,
	    .run = show_run_crypto_isakmp_sa },
	CMD_END
};

static const struct cmd a_name[] = {
	{ VALUE(word, "Name"), .slot = SLOT_NAME },
	CMD_END
};

#define DETAILED(name) { "detailed", "Detailed information", .run = show_run_##name }
static const struct cmd ikev2_sa_detailed[] = { DETAILED(crypto_ikev2_sa_detail), CMD_END };
static const struct cmd ikev2_session_detailed[] = {
	DETAILED(crypto_ikev2_session_detail),
	CMD_END
};
static const struct cmd ikev2_sa[] = {
	DETAILED(crypto_ikev2_sa_detail),
	{ "local", "SAs with this local address", ARG(addr, "Local address"), .slot = SLOT_NEXT,
	    .end = true, .sub = ikev2_sa_detailed },
	{ "remote", "SAs with this remote address", ARG(addr, "Remote address"),
	    .slot = SLOT_ADDR, .end = true, .sub = ikev2_sa_detailed },
	CMD_END
};
static const struct cmd ikev2_diagnose[] = {
	{ "error", "Errors that were met", .run = show_run_crypto_ikev2_diagnose_error },
	CMD_END
};
static const struct cmd show_ikev2[] = {
	{ "count", "Shows number of ikev2 SAs", .run = show_run_crypto_ikev2_count },
	{ "diagnose", "Shows ikev2 diagnostic", .sub = ikev2_diagnose },
	{ "policy", "Show policies", .sub = a_name, .end = true, .run = show_run_crypto_ikev2_policy },
	{ "profile", "Shows ikev2 profiles", .sub = a_name, .end = true,
	    .run = show_run_crypto_ikev2_profile },
	{ "proposal", "Show proposals", .sub = a_name, .end = true,
	    .run = show_run_crypto_ikev2_proposal },
	{ "sa", "Shows ikev2 SAs", .sub = ikev2_sa, .end = true, .run = show_run_crypto_ikev2_sa },
	{ "session", "Shows ikev2 active session", .sub = ikev2_session_detailed, .end = true,
	    .run = show_run_crypto_ikev2_session },
	{ "stats", "Shows ikev2 sa stats", .run = show_run_crypto_ikev2_stats },
	ELSEWHERE_SHOW_IKEV2,
	CMD_END
};

static const struct cmd ipsec_sa_detail[] = { DETAIL(crypto_ipsec_sa_detail), CMD_END };
static const struct cmd ipsec_sa[] = {
	{ "active", "Displays HA-enabled SAs in the active state", .run = show_run_crypto_ipsec_sa,
	    .hidden = true },
	ELSEWHERE_SHOW_IPSEC_SA,
	{ "count", "Show number of SAs", .run = show_run_crypto_ipsec_sa_count },
	DETAIL(crypto_ipsec_sa_detail),
	{ "interface", "Show security associations of an interface", ARG(iface, ""),
	    .slot = SLOT_IFACE, .end = true, .sub = ipsec_sa_detail },
	{ "map", "Show SAs of a crypto map", ARG(word, "Crypto map name"), .slot = SLOT_KEY,
	    .end = true, .sub = ipsec_sa_detail },
	{ "peer", "Show SAs for a given crypto peer", ARG(addr_any, "ip address of peer"),
	    .slot = SLOT_ADDR, .end = true, .sub = ipsec_sa_detail },
	CMD_END
};
static const struct cmd a_tag[] = {
	{ VALUE(word, "Name"), .slot = SLOT_NAME },
	CMD_END
};
static const struct cmd tag_or_name[] = {
	{ "tag", "Only the one of this name", .sub = a_tag },
	{ VALUE(word, "Name"), .slot = SLOT_NAME },
	CMD_END
};
static const struct cmd ipsec_parameters[] = {
	REFUSED("idle-time", "SAs stay while their peers answer; there is no idle time"),
	{ "lifetime", "Show lifetime of IPSec security associations",
	    .run = show_run_crypto_ipsec_lifetime },
	CMD_END
};
static const struct cmd show_ipsec[] = {
	{ "profile", "Show ipsec profile information", .sub = tag_or_name, .end = true,
	    .run = show_run_crypto_ipsec_profile },
	REFUSED("policy", "`show crypto ipsec profile` and `show crypto map`"),
	{ "security-association", "Show parameters for IPSec security associations",
	    .sub = ipsec_parameters },
	REFUSED("spi-lookup", "`show crypto ipsec sa | include spi`"),
	{ "sa", "IPSEC SA table", .sub = ipsec_sa, .end = true, .run = show_run_crypto_ipsec_sa },
	{ "transform-set", "Crypto transform sets", .sub = tag_or_name, .end = true,
	    .run = show_run_crypto_ipsec_transform_set },
	CMD_END
};

static const struct cmd session_detail[] = { DETAIL(crypto_session_detail), CMD_END };
static const struct cmd session_remote_port[] = {
	DETAIL(crypto_session_detail),
	{ "port", "Remote port", ARG_NUM(1, 65535, "Remote port"), .slot = SLOT_BITS, .end = true,
	    .sub = session_detail },
	CMD_END
};

#define SESSION_REMOTE									\
	{ "remote", "Show session by remote IP address", ARG(addr_any, "Remote address"),	\
	    .slot = SLOT_ADDR, .end = true, .sub = session_remote_port }

static const struct cmd session_after_local[] = {
	DETAIL(crypto_session_detail),
	SESSION_REMOTE,
	CMD_END
};
static const struct cmd session_local_port[] = {
	DETAIL(crypto_session_detail),
	{ "port", "Local port", ARG_NUM(1, 65535, "Local port"), .slot = SLOT_MORE, .end = true,
	    .sub = session_after_local },
	SESSION_REMOTE,
	CMD_END
};
static const struct cmd show_session[] = {
	{ "active", "Show HA-enabled crypto sessions in the active state",
	    .run = show_run_crypto_session, .hidden = true },
	{ "brief", "Show session in brief", .run = show_run_crypto_session_brief },
	DETAIL(crypto_session_detail),
	{ "interface", "Show crypto sessions on the interface", ARG(iface, ""),
	    .slot = SLOT_IFACE, .end = true, .sub = session_detail },
	{ "local", "Show session by local IP address", ARG(addr_any, "Local address"),
	    .slot = SLOT_NEXT, .end = true, .sub = session_local_port },
	SESSION_REMOTE,
	REFUSED("fvrf", WHY_VRF),
	REFUSED("groups", NO_GROUPS),
	REFUSED("ivrf", WHY_VRF),
	REFUSED("standby", "there is no second router that takes over by itself"),
	REFUSED("summary", "`show crypto session brief`"),
	REFUSED("username", NO_GROUPS),
	CMD_END
};

static const struct cmd show_map[] = {
	{ "interface", "Crypto maps for an interface", ARG(iface, ""), .slot = SLOT_IFACE },
	{ "tag", "Crypto maps with a given tag", ARG(word, "Crypto map tag"), .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd show_dynamic_map[] = {
	{ "tag", "Crypto map templates with a given tag", ARG(word, "Crypto map template tag"),
	    .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd a_trustpoint[] = {
	{ VALUE(word, "Trustpoint Name"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd pki_certificates[] = {
	{ "verbose", "Show extensions and fingerprints", .sub = a_trustpoint, .end = true,
	    .run = show_run_crypto_pki_certificates_verbose },
	{ VALUE(word, "Trustpoint Name"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd pki_status[] = {
	{ "status", "Show trustpoint status", .run = show_run_crypto_pki_trustpoints_status },
	CMD_END
};

static const struct cmd pki_trustpoints[] = {
	{ "status", "Show trustpoint status", .run = show_run_crypto_pki_trustpoints_status },
	{ VALUE(word, "Trustpoint Name"), .slot = SLOT_NAME, .end = true, .sub = pki_status },
	CMD_END
};

static const struct cmd show_pki[] = {
	{ "certificates", "Show certificates", .sub = pki_certificates, .end = true,
	    .run = show_run_crypto_pki_certificates },
	{ "crls", "Show Certificate Revocation Lists", .run = show_run_crypto_pki_crls },
	ELSEWHERE_SHOW_PKI,
	{ "trustpoints", "Show trustpoints", .sub = pki_trustpoints, .end = true,
	    .run = show_run_crypto_pki_trustpoints },
	CMD_END
};

static const struct cmd key_kinds[] = {
	{ "all", "Show all public keys", .run = show_run_crypto_key_mypubkey },
	{ "ec", "Show EC public keys", .run = show_run_crypto_key_mypubkey_ec },
	{ "rsa", "Show RSA public keys", .run = show_run_crypto_key_mypubkey_rsa },
	CMD_END
};

static const struct cmd show_key[] = {
	{ "mypubkey", "Show public keys associated with this router", .sub = key_kinds },
	CMD_END
};

static const struct cmd show_admission[] = {
	{ "statistics", "Show call admission control statistics", .run = show_run_crypto_call_admission },
	CMD_END
};

static const struct cmd show_call[] = {
	{ "admission", "Show crypto call admission control", .sub = show_admission },
	CMD_END
};

static const struct cmd show_eli[] = {
	{ "all", "Show all crypto engines", .run = show_run_crypto_eli_all },
	CMD_END
};

static const struct cmd engine_accelerator[] = {
	{ "statistic", "Show the forwarder's batches", .run = show_run_crypto_engine_statistic },
	CMD_END
};

static const struct cmd engine_connections[] = {
	{ "active", "Show all crypto connections", .run = show_run_crypto_engine_connections },
	CMD_END
};

static const struct cmd show_engine[] = {
	{ "accelerator", "Show crypto accelerator info", .sub = engine_accelerator },
	{ "brief", "Show all crypto engines in the system", .run = show_run_crypto_engine_brief },
	{ "configuration", "Show crypto engine config", .run = show_run_crypto_engine_brief,
	    .hidden = true },
	{ "connections", "Show connection information", .sub = engine_connections },
	CMD_END
};

const struct cmd shell_show_crypto[] = {
	{ "ca", "Show certification authority policy", .sub = show_pki, .hidden = true },
	{ "call", "Show crypto call admission info", .sub = show_call },
	EXEC_ROW_SHOW_DEBUG_CONDITION,
	{ "eli", "Encryption Layer Interface", .sub = show_eli, .end = true, .run = show_run_crypto_eli },
	{ "dynamic-map", "Crypto map templates", .sub = show_dynamic_map, .end = true,
	    .run = show_run_crypto_dynamic_map },
	{ "engine", "Show crypto engine info", .sub = show_engine, .end = true,
	    .run = show_run_crypto_engine_brief },
	{ "map", "Crypto maps", .sub = show_map, .end = true, .run = show_run_crypto_map },
	{ "ikev2", "Shows ikev2 info", .sub = show_ikev2 },
	{ "key", "Show long term public keys", .sub = show_key },
	{ "pki", "Show PKI", .sub = show_pki },
	{ "ipsec", "Show IPSEC policy", .sub = show_ipsec },
	{ "isakmp", "Show ISAKMP", .sub = show_isakmp },
	{ "session", "Show crypto sessions (active, standby)", .sub = show_session, .end = true,
	    .run = show_run_crypto_session },
	{ "sockets", "Secure Socket Information", .run = show_run_crypto_sockets },
	ELSEWHERE_SHOW_CRYPTO,
	CMD_END
};
