/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show version, clock, running-config, startup-config, logging, processes, event manager. */
#include "config.h"

#include <string.h>
#include <openssl/opensslv.h>

#include "show_util.h"

/* "2 weeks, 6 days, 9 hours, 55 minutes": only the units that are not zero. */
static void
add_long_uptime(struct text *out, int64_t seconds)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = {
		{"year", 365 * 86400}, {"week", 7 * 86400}, {"day", 86400}, {"hour", 3600},
		{"minute", 60},
	};
	const char *comma = "";

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		int64_t n = seconds / units[i].seconds;

		seconds %= units[i].seconds;
		if (n == 0 && (i < 4 || *comma != '\0'))
			continue;
		text_add(out, "%s%lld %s%s", comma, (long long)n, units[i].name, n == 1 ? "" : "s");
		comma = ", ";
	}
}

/* The router is as old as its monitor; without one, as its oldest process. */
static int64_t
started_us(const struct rows *processes)
{
	const struct ipc_process *p;
	uint64_t oldest = 0;

	ROWS_EACH(p, processes) {
		if (strcmp(p->name, "monitor") == 0)
			return (int64_t)p->since_us;
		if (p->pid != 0 && (oldest == 0 || p->since_us < oldest))
			oldest = p->since_us;
	}
	return (int64_t)oldest;
}

const char *
show_version(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows processes;
	const char *why = rows_ask(&processes, src, IPC_CONTROL, SHOW_PROCESSES, IPC_MSG_PROCESS);
	int64_t up_us = src->now.us - started_us(&processes);
	char when[WALL_STRLEN];

	(void)a;
	rows_free(&processes);
	if (why != NULL)
		return why;
	text_add(out, "culvert Software (LINUX), Version %s, RELEASE SOFTWARE\n", PACKAGE_VERSION);
	text_add(out, "License GPLv3+: GNU GPL version 3 or later\n");
	text_add(out, "Built with %s\n\n", OPENSSL_VERSION_TEXT);
	text_add(out, "%s uptime is ", src->hostname);
	add_long_uptime(out, up_us / 1000000);
	text_add(out, "\nSystem restarted at %s\n", wall_str(src->wall_us - up_us, false, when));
	return NULL;
}

/* The asterisk says that culvert itself does not know what set the host's clock. */
const char *
show_clock(struct show_source *src, const struct show_args *a, struct text *out)
{
	char when[WALL_STRLEN];

	(void)a;
	text_add(out, "*%s\n", wall_str(src->wall_us, true, when));
	return NULL;
}

const char *
show_running_config(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct text body = {0};
	const char *why = show_text_of(src, SHOW_RUNNING, &body);

	(void)a;
	if (why == NULL)
		text_add(out, "Building configuration...\n\nCurrent configuration : %zu bytes\n%s\n",
		    body.len, text_str(&body));
	text_free(&body);
	return why;
}

const char *
show_startup_config(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct text body = {0};
	const char *why = show_text_of(src, SHOW_STARTUP, &body);

	(void)a;
	if (why == NULL && body.len == 0)
		text_add(out, "startup-config is not present\n");
	else if (why == NULL)
		text_add(out, "Using %zu out of 262144 bytes\n%s\n", body.len, text_str(&body));
	text_free(&body);
	return why;
}

const char *
show_startup_config_errors(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return show_text_of(src, SHOW_STARTUP_ERRORS, out);
}

const char *
show_logging(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return show_text_of(src, SHOW_LOGGING, out);
}

const char *
show_processes(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows processes;
	const char *why = rows_ask(&processes, src, IPC_CONTROL, SHOW_PROCESSES, IPC_MSG_PROCESS);
	const struct ipc_process *p;

	(void)a;
	if (why == NULL)
		text_add(out, "    PID Process   Restarts   Uptime Last exit\n");
	ROWS_EACH(p, &processes)
		text_add(out, "%7u %-9s %8u %8s %s\n", p->pid, p->name, p->restarts,
		    p->pid == 0 ? "-" : age_str(src, p->since_us, (char[UPTIME_STRLEN]){0}),
		    p->last_exit[0] == '\0' ? "-" : p->last_exit);
	rows_free(&processes);
	return why;
}
