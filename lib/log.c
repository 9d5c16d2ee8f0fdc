/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define LINE_MAX_BYTES 1024

uint64_t log_debug_mask;
struct log_condition log_condition;

static const char *log_facility = "CULVERT";
static log_sink *sink;
static void *sink_arg;

static void
stderr_sink(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	if (mnemonic[0] == '\0')
		fprintf(stderr, "%s: %s\n", facility, text);
	else
		fprintf(stderr, "%%%s-%d-%s: %s\n", facility, (int)sev, mnemonic, text);
}

void
log_init(const char *facility)
{
	log_facility = facility;
}

void
log_set_sink(log_sink *new_sink, void *arg)
{
	sink = new_sink;
	sink_arg = arg;
}

static void __attribute__((format(printf, 4, 0)))
emit(enum log_severity sev, const char *facility, const char *mnemonic, const char *fmt, va_list ap)
{
	char line[LINE_MAX_BYTES];

	vsnprintf(line, sizeof(line), fmt, ap);
	(sink != NULL ? sink : stderr_sink)(sink_arg, sev, facility, mnemonic, line);
}

void
log_event(enum log_severity sev, const char *facility, const char *mnemonic, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(sev, facility, mnemonic, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_SEV_INFO, log_facility, "INFO", fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_SEV_WARNING, log_facility, "WARNING", fmt, ap);
	va_end(ap);
}

void
log_err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_SEV_ERR, log_facility, "ERROR", fmt, ap);
	va_end(ap);
}

void
log_fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_SEV_CRIT, log_facility, "FATAL", fmt, ap);
	va_end(ap);
	abort();
}

static bool
condition_met(enum log_debug what, const struct addr *peer)
{
	const uint64_t crypto = 1u << LOG_DEBUG_ISAKMP | 1u << LOG_DEBUG_IPSEC |
	    1u << LOG_DEBUG_IKEV2 | 1u << LOG_DEBUG_ENGINE;

	if (!addr_is_set(&log_condition.peer) || (crypto >> what & 1) == 0)
		return true;
	return peer != NULL ? addr_eq(peer, &log_condition.peer) :
	    (log_condition.unmatched >> what & 1) != 0;
}

void
(log_debug_about)(enum log_debug what, const struct addr *peer, const char *prefix, const char *fmt,
    ...)
{
	va_list ap;

	if (!condition_met(what, peer))
		return;
	va_start(ap, fmt);
	emit(LOG_SEV_DEBUG, prefix, "", fmt, ap);
	va_end(ap);
}

void
(log_debug)(enum log_debug what, const char *prefix, const char *fmt, ...)
{
	va_list ap;

	if (!condition_met(what, NULL))
		return;
	va_start(ap, fmt);
	emit(LOG_SEV_DEBUG, prefix, "", fmt, ap);
	va_end(ap);
}
