/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What IKE counts: why a message was dropped, each in exactly one counter, and what came of the rest. */
#ifndef CULVERT_IKE_COUNTERS_H
#define CULVERT_IKE_COUNTERS_H

#define IKE_COUNTERS(X)										\
	X(DROP_MALFORMED,   "dropped: header or payload chain malformed")			\
	X(DROP_VERSION,     "dropped: IKE version not spoken")					\
	X(DROP_NO_SA,       "dropped: no SA has these cookies and it is no offer")		\
	X(DROP_DISABLED,    "dropped: an offer to an address where nothing is protected")	\
	X(DROP_AGGRESSIVE,  "dropped: aggressive mode is disabled")						\
	X(DROP_HALF_OPEN,   "dropped: too many negotiations half open")				\
	X(DROP_ADMISSION,   "dropped: as many IKE SAs as may be")			\
	X(DROP_NO_KEY,      "dropped: no pre-shared key for the peer")		\
	X(DROP_NO_PROPOSAL, "dropped: no acceptable proposal")					\
	X(DROP_WINDOW,      "dropped: an IKEv2 request outside of the window")		\
	X(DROP_EARLY,       "dropped: an IKEv2 request before its turn, to come again")	\
	X(DROP_UNEXPECTED,  "dropped: nothing expects this message in this state")		\
	X(DROP_NOT_ENCRYPTED, "dropped: not encrypted and it should have been")			\
	X(DROP_PAYLOADS,    "dropped: a payload is missing or out of place")			\
	X(DROP_AUTH,        "dropped: decryption or hash failed")				\
	X(DROP_REFUSED,     "dropped: its contents were refused")				\
	X(DROP_TOKEN,       "dropped: an IKEv2 crash detection token that is not the peer's")	\
	X(DROP_FRAGMENT,    "dropped: a fragment that nothing expects or that does not fit")	\
	X(DROP_DUPLICATE,   "dropped: seen before, nothing to answer")				\
	X(DUPLICATE_ANSWERED, "seen before, answered from memory")				\
	X(RECEIVED,         "messages received")						\
	X(SENT,             "messages sent")							\
	X(RETRANSMITTED,    "messages sent again without being asked")				\
	X(MAIN_DONE,        "main modes completed")						\
	X(MAIN_FAILED,      "main modes failed")						\
	X(SURPLUS,          "ISAKMP SAs ended because their peer has too many")			\
	X(QUICK_DONE,       "quick modes completed")						\
	X(QUICK_FAILED,     "quick modes failed")						\
	X(V2_COOKIES,       "IKE_SA_INIT answered with a cookie")				\
	X(V2_INVALID_KE,    "IKE_SA_INIT answered with another group")			\
	X(V2_DONE,          "IKEv2 SAs set up")						\
	X(V2_FAILED,        "IKEv2 SAs that failed")						\
	X(V2_ENDED,         "IKEv2 SAs that were up and ended")				\
	X(V2_SURPLUS,       "of them because their peer began too many")				\
	X(V2_CHILD_DONE,    "pairs of ESP SAs set up by IKEv2")				\
	X(V2_CHILD_FAILED,  "pairs of ESP SAs that failed in IKEv2")				\
	X(CRASH_GIVEN,      "IKEv2 crash detection tokens given to peers")		\
	X(CRASH_TAKEN,      "IKEv2 crash detection tokens taken from peers")		\
	X(CRASH_PROOFS,     "IKEv2 requests without an SA answered with a token")	\
	X(CRASH_PROVEN,     "IKEv2 SAs ended because the peer proved their loss")	\
	X(CRASH_HINTS,      "IKEv2 hints sent: ESP with an unknown SPI, and no SA")	\
	X(CRASH_HINTED,     "IKEv2 hints taken: peers asked whether they are alive")	\
	X(PEER_DEAD,        "peers found dead")							\
	X(INVALID_SPI,      "reports of ESP with an unknown SPI")				\
	X(INVALID_SPI_TOLD, "of them answered with a DELETE")				\
	X(RECOVERIES,       "negotiations begun to recover from them")

enum ike_counter {
#define X(id, text) IKE_##id,
	IKE_COUNTERS(X)
#undef X
	IKE_COUNTER_COUNT
};

#endif
