/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logging.
 *
 * Every line says who, what and why.  A line has an IOS mnemonic
 * (%FACILITY-SEVERITY-MNEMONIC: text) and goes to one sink: in a daemon, over
 * IPC to culvertd's control process, which stamps, stores and prints it; until
 * that is connected, to standard error.  Nothing that is secret has a print
 * function, so nothing secret can be logged.
 *
 * Lines that a stranger's packet can cause go through a ratelimit (ratelimit.h).
 */
#ifndef CULVERT_LOG_H
#define CULVERT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"

/* IOS severities are syslog's. */
enum log_severity {
	LOG_SEV_EMERG, LOG_SEV_ALERT, LOG_SEV_CRIT, LOG_SEV_ERR,
	LOG_SEV_WARNING, LOG_SEV_NOTICE, LOG_SEV_INFO, LOG_SEV_DEBUG,
};

/* What `debug ...` can turn on; a bit each in log_debug_mask. */
#define LOG_DEBUGS(X)							\
	X(ISAKMP,     "crypto isakmp", "Crypto ISAKMP debugging")	\
	X(IPSEC,      "crypto ipsec",  "Crypto IPSEC debugging")	\
	X(IKEV2,      "crypto ikev2",  "Crypto IKEV2 debugging")	\
	X(ENGINE,     "crypto engine", "Crypto Engine debugging")	\
	X(NHRP,       "nhrp",          "NHRP protocol debugging")	\
	X(NHRP_PACKET,"nhrp packet",   "NHRP activity debugging")	\
	X(NHRP_CACHE, "nhrp cache",    "NHRP cache debugging")		\
	X(TUNNEL,     "tunnel",        "Tunnel interface debugging")

enum log_debug {
#define X(id, words, on) LOG_DEBUG_##id,
	LOG_DEBUGS(X)
#undef X
	LOG_DEBUG_COUNT
};

/* A daemon's name for lines that have no mnemonic of their own: "IKED", "NHRPD" ... */
void log_init(const char *facility);

/* Where lines go.  text has no newline.  NULL restores standard error. */
typedef void log_sink(void *arg, enum log_severity sev, const char *facility,
    const char *mnemonic, const char *text);
void log_set_sink(log_sink *sink, void *arg);

/* %FACILITY-SEV-MNEMONIC: text */
void log_event(enum log_severity sev, const char *facility, const char *mnemonic,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Lines of our own: what an operator should know (info), can mend (warn), must know (err). */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_err(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Out of memory, broken invariants: says why and ends the process by abort(). */
void log_fatal(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

extern uint64_t log_debug_mask;		/* bits of enum log_debug */

static inline bool
log_debug_on(enum log_debug what)
{
	return (log_debug_mask >> what & 1) != 0;
}

/* Debug lines have no mnemonic; `prefix` is IOS's, such as "ISAKMP" or "NHRP". */
void log_debug(enum log_debug what, const char *prefix, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/*
 * The same about one peer.  While there is a condition, crypto lines about
 * another peer are not written, and those about nobody only when `unmatched`
 * has their bit.  (NHRP and tunnel lines are not of this condition.)
 */
struct log_condition {
	struct addr peer;		/* unset: no condition */
	uint64_t unmatched;		/* bits of enum log_debug */
};
extern struct log_condition log_condition;
void log_debug_about(enum log_debug what, const struct addr *peer, const char *prefix,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* What a line says is not even put together unless it is wanted. */
#define log_debug(what, ...) (log_debug_on(what) ? (log_debug)((what), __VA_ARGS__) : (void)0)
#define log_debug_about(what, ...) \
	(log_debug_on(what) ? (log_debug_about)((what), __VA_ARGS__) : (void)0)

#endif
