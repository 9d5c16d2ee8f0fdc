/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the numbers in messages mean (ipc_msgs.h), and bits of them. */
#ifndef CULVERT_IPC_VALUES_H
#define CULVERT_IPC_VALUES_H

enum ipc_show_what {		/* whom to ask */
	SHOW_RUNNING = 1,	/* control: TEXT */
	SHOW_STARTUP,		/* control: TEXT */
	SHOW_STARTUP_ERRORS,	/* control: TEXT, "LINE: reason" */
	SHOW_LOGGING,		/* control: TEXT, as show logging prints it */
	SHOW_PROCESSES,		/* control: PROCESS rows */
	SHOW_INTERFACES,	/* control: ROW_INTERFACE */
	SHOW_ROUTES,		/* control: ROW_ROUTE, shortcuts (code H) included */
	SHOW_IKE_SA,		/* iked */
	SHOW_FLOWS,		/* iked */
	SHOW_ESP_SA,		/* espd */
	SHOW_ESP_PEERS,		/* espd */
	SHOW_DROPS,		/* espd */
	SHOW_TUNNELS,		/* espd */
	SHOW_ADJACENCIES,	/* espd */
	SHOW_NHRP,		/* nhrpd */
	SHOW_NHS,		/* nhrpd */
	SHOW_NHRP_IF,		/* nhrpd */
	SHOW_SHORTCUTS,		/* nhrpd: ROW_ROUTE with code H */
	SHOW_COUNTERS,		/* any daemon: ROW_COUNTER */
	SHOW_IKE_POLICIES,	/* iked: ROW_IKE_POLICY */
	SHOW_SPI_FLOWS,		/* iked: ROW_SPI_FLOW, the one that was quiet longest first */
	SHOW_IKEV2_CONF,	/* iked: ROW_IKEV2_GLOBAL, _PROPOSAL, _POLICY, _PROFILE and _MATCH */
	SHOW_ADDRESSES,		/* control: ROW_ADDRESS of IPv6, in the order of interfaces */
	SHOW_KEYS,		/* control: ROW_KEY */
	SHOW_CRLS,		/* control: ROW_CRL */
	SHOW_IKEV2_SA,		/* iked: ROW_IKEV2_SA */
	SHOW_EEM_POLICIES,	/* control: TEXT, as show event manager prints it */
	SHOW_EEM_HISTORY,	/* control: TEXT */
	SHOW_ADMISSION,		/* iked: ROW_ADMISSION */
	SHOW_IKEV2_ERRORS,	/* iked: ROW_IKEV2_ERRORS, then ROW_IKEV2_ERROR each */
	SHOW_ACL_COUNTS,	/* espd: ROW_ACL_COUNT */
	SHOW_IPV4_ADDRESSES,	/* control: ROW_ADDRESS */
	SHOW_ARP,		/* control: ROW_ARP */
	SHOW_USERS,		/* control: ROW_USER */
	SHOW_EEM_STATISTICS,	/* control: TEXT */
	SHOW_UNSAVED,		/* control: TEXT, empty while the startup-config says what runs */
};

enum ipc_clear_what {
	CLEAR_IKE_SA = 1,	/* iked: clear crypto isakmp [ID] */
	CLEAR_IPSEC_SA,		/* iked: clear crypto sa [peer A] */
	CLEAR_SESSION,		/* iked: clear crypto session [local A [port P]] [remote A [port P]]: both */
	CLEAR_NHRP,		/* nhrpd: clear ip nhrp [A [M]]: dynamic entries */
	CLEAR_COUNTERS,		/* any */
	CLEAR_DROPS,		/* espd: only the drop counters */
	CLEAR_IKEV2_SA,		/* iked: clear crypto ikev2 sa [local A | remote A] */
	CLEAR_ACL_COUNTS,	/* espd: clear access-list counters [NAME] */
	CLEAR_DMVPN,		/* iked, nhrpd: clear dmvpn session [interface NAME] [peer nbma A] */
};

enum ipc_line_status {
	LINE_OK,
	LINE_INVALID,		/* caret points at the word */
	LINE_INCOMPLETE,
	LINE_AMBIGUOUS,
	LINE_REFUSED,		/* understood, not done: why says what to do */
	LINE_TEXT,		/* the next lines are taken as text, not as commands; why is to be shown first */
	LINE_SECRET,		/* the same with one line, which is not to be shown while it is typed */
};

enum ipc_sa_stage {
	SA_INBOUND = 1,		/* receive only (responder before QM2) */
	SA_BOTH,		/* receive; outbound keys are there, the old pair still sends */
	SA_CURRENT,		/* outbound traffic of the peer uses this pair from now on */
};

enum ipc_expiry { EXPIRE_TIME = 1, EXPIRE_BYTES, EXPIRE_SEQUENCE, EXPIRE_UNKNOWN };

enum ipc_peer_status {
	PEER_DOWN,		/* nothing */
	PEER_IKE,		/* phase 1 is on its way */
	PEER_IPSEC,		/* phase 1 is up, phase 2 on its way */
	PEER_UP,		/* SAs are in */
};

enum ipc_ike_state {		/* IOS's names by ipc_ike_state_name() */
	IKE_MM_NO_STATE, IKE_MM_SA_SETUP, IKE_MM_KEY_EXCH, IKE_MM_KEY_AUTH, IKE_QM_IDLE,
	IKE_AG_NO_STATE, IKE_AG_INIT_EXCH, IKE_AG_AUTH,
};

enum ipc_spi_decision {		/* what was done about ESP with an unknown SPI */
	SPI_UNDECIDED,
	SPI_TOLD,		/* an IKE SA was there: DELETE, and INVALID-SPI */
	SPI_LIVE,		/* it is an SA of that peer, only the packets do not fit it */
	SPI_OFF,		/* no IKE SA, and recovery is not configured */
	SPI_NOT_STATIC,		/* ... and the source is not a static peer */
	SPI_WAITING,		/* ... for a packet 2 s after the first */
	SPI_RECOVERING,		/* ... an IKE SA was begun */
	SPI_NEGOTIATING,	/* ... one was being negotiated already */
	SPI_LIMITED,		/* ... too soon after the last recovery, or too many at once */
	SPI_NO_KEY,		/* ... and no pre-shared key for that peer */
	SPI_RECOVERED,		/* told, over the IKE SA that was made for it */
	SPI_TOLD_V2,		/* of IKEv2, an IKE SA was there: INVALID_SPI */
	SPI_RECOVERED_V2,	/* of IKEv2, made for it */
	SPI_HINTED,		/* SPI_OFF or SPI_NOT_STATIC, and told in clear: proof follows if it asks */
};

enum ipc_id_type {		/* identities, as they are configured */
	IPC_ID_ADDRESS = 1, IPC_ID_FQDN, IPC_ID_EMAIL, IPC_ID_KEY_ID, IPC_ID_DN,
};

enum ipc_auth {			/* bits: how somebody proves who he is */
	IPC_AUTH_PSK = 1, IPC_AUTH_RSA = 2, IPC_AUTH_ECDSA = 4, IPC_AUTH_EDDSA = 8,
};

enum ipc_trust { IPC_TRUST_SIGN = 1, IPC_TRUST_VERIFY = 2 };	/* what a trustpoint is used for */

enum ipc_match {		/* match ... of an IKE profile */
	IPC_MATCH_ADDRESS = 1,		/* the identity is an address in it */
	IPC_MATCH_FQDN, IPC_MATCH_FQDN_DOMAIN, IPC_MATCH_EMAIL, IPC_MATCH_EMAIL_DOMAIN,
	IPC_MATCH_KEY_ID, IPC_MATCH_CERT_MAP, IPC_MATCH_ANY,
	IPC_MATCH_LOCAL_ADDRESS,	/* of ours, that IKE came to */
};

/* When ESP goes in UDP: behind a NAT; also where both ends are culverts that like it; always. */
enum ipc_udp { IPC_UDP_NAT, IPC_UDP_CULVERTS, IPC_UDP_FORCE };
enum ipc_df { IPC_DF_COPY, IPC_DF_CLEAR, IPC_DF_SET };	/* crypto ipsec df-bit */

enum ipc_nhrp_type {
	NHRP_INCOMPLETE = 1, NHRP_STATIC, NHRP_DYNAMIC, NHRP_LOCAL,
};

/* Of a next hop server, as `show ip nhrp nhs` has it: W, E, RE. */
enum ipc_nhs_state { NHS_SHOWN_WAITING = 1, NHS_SHOWN_EXPECTING, NHS_SHOWN_RESPONDING };

/*
 * Used; asked because it is better than one used; answers, and waits for the fallback time;
 * not asked because as many as wanted are used.
 */
enum ipc_nhs_queue { NHS_QUEUE_RUNNING = 1, NHS_QUEUE_PROBING, NHS_QUEUE_HOLDING,
	NHS_QUEUE_WAITING };

/* Flags of a cache entry, in the order that `show ip nhrp` prints them. */
#define IPC_NHRP_FLAGS(X)	\
	X(UNIQUE,     0, "unique")	\
	X(REGISTERED, 1, "registered")	\
	X(ROUTER,     2, "router")	\
	X(USED,       3, "used")	\
	X(NHOP,       4, "nhop")	\
	X(RIB,        5, "rib")		\
	X(NHO,        6, "nho")		\
	X(IMPLICIT,   7, "implicit")	\
	X(LOCAL,      8, "local")	\
	X(NAT,        9, "nat")		\
	X(NO_SOCKET, 10, "no-socket")

enum {
#define X(id, bit, text) NHRP_FLAG_##id = 1 << (bit),
	IPC_NHRP_FLAGS(X)
#undef X
};

#endif
