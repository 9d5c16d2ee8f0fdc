/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exec_run.h"

#include <stdio.h>
#include <string.h>

#include "boot.h"
#include "commit.h"
#include "control.h"
#include "exec.h"
#include "exec_probe.h"
#include "log.h"
#include "shell_reply.h"

static void
say(struct shell *s, uint32_t seq, const char *text)
{
	shell_text(s, seq, text, strlen(text));
}

static void
run_write(struct shell *s, uint32_t seq)
{
	const char *why;

	say(s, seq, "Building configuration...\n");
	why = boot_write(s->control);
	if (why == NULL)
		say(s, seq, "[OK]\n");
	shell_line_done(s, seq, why == NULL ? LINE_OK : LINE_REFUSED, 0, why);
}

static void
run_copy(struct shell *s, uint32_t seq, const char *to)
{
	mono_t began = mono_clock();
	size_t bytes = 0;
	const char *why = boot_write_to(s->control, to, &bytes);
	double took_s = (double)mono_in_us(mono_sub(mono_clock(), began)) / 1e6;
	char line[96];

	if (took_s < 0.001)
		took_s = 0.001;		/* what it is said with */
	snprintf(line, sizeof(line), "%zu bytes copied in %.3f secs (%.0f bytes/sec)\n", bytes, took_s,
	    (double)bytes / took_s);
	if (why == NULL)
		say(s, seq, line);
	shell_line_done(s, seq, why == NULL ? LINE_OK : LINE_REFUSED, 0, why);
}

static void
run_erase(struct shell *s, uint32_t seq)
{
	const char *why = boot_erase(s->control);

	if (why == NULL) {
		say(s, seq, "[OK]\nErase of nvram: complete\n");
		log_event(LOG_SEV_DEBUG, "SYS", "NV_BLOCK_INIT", "Initialized the geometry of nvram");
	}
	shell_line_done(s, seq, why == NULL ? LINE_OK : LINE_REFUSED, 0, why);
}

/* Answered first: the reload may leave no time for it. */
static void
run_reload(struct shell *s, uint32_t seq, const char *reason)
{
	bool can = s->control->monitor != NULL;
	const char *why = NULL;

	if (can)
		shell_line_done(s, seq, LINE_OK, 0, NULL);
	why = reload_now(s->control, &s->user, reason);
	if (!can)
		shell_line_done(s, seq, LINE_REFUSED, 0, why);
}

static void
run_reload_cancel(struct shell *s, uint32_t seq)
{
	bool was = reload_cancel(s->control);

	if (was)
		say(s, seq, "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n");
	shell_line_done(s, seq, was ? LINE_OK : LINE_REFUSED, 0,
	    was ? NULL : "%No reload is scheduled.");
}

static void
run_show_reload(struct shell *s, uint32_t seq)
{
	struct text out = {0};

	reload_show(s->control, &out);
	shell_text(s, seq, text_str(&out), out.len);
	text_free(&out);
	shell_line_done(s, seq, LINE_OK, 0, NULL);
}

/* --- clear --- */

static void
cleared(struct shell_wait *w)
{
	shell_line_done(w->shell, w->seq, w->failed[0] == '\0' ? LINE_OK : LINE_REFUSED, 0, w->failed);
}

struct clear_kind {
	enum ipc_clear_what what;
	unsigned int to;		/* the daemons that have any of it */
};

static const struct clear_kind clear_kinds[] = {
	[EXEC_CLEAR_ACL_COUNTS] = {CLEAR_ACL_COUNTS, IPC_ESPD},
	[EXEC_CLEAR_COUNTERS]   = {CLEAR_COUNTERS, IPC_DAEMON},
	[EXEC_CLEAR_DMVPN]      = {CLEAR_DMVPN, IPC_IKED | IPC_NHRPD},
	[EXEC_CLEAR_DROPS]      = {CLEAR_DROPS, IPC_ESPD},
	[EXEC_CLEAR_IKEV2_SA]   = {CLEAR_IKEV2_SA, IPC_IKED},
	[EXEC_CLEAR_ISAKMP]     = {CLEAR_IKE_SA, IPC_IKED},
	[EXEC_CLEAR_NHRP]       = {CLEAR_NHRP, IPC_NHRPD},
	[EXEC_CLEAR_SA]         = {CLEAR_IPSEC_SA, IPC_IKED},
	[EXEC_CLEAR_SESSION]    = {CLEAR_SESSION, IPC_IKED},
};

/* Relays a CLEAR to the daemons; the line is done when all have answered. */
static void
run_clear(struct shell *s, uint32_t seq, const struct exec_command *cmd)
{
	const struct clear_kind *kind = &clear_kinds[cmd->id];
	struct ipc_clear clear = {.what = (uint16_t)kind->what, .peer = cmd->addr, .local = cmd->local,
	    .peer_port = cmd->port, .local_port = cmd->local_port, .within = cmd->within,
	    .id = cmd->number};
	struct shell_wait *w = shell_wait_new(s, seq, cleared);
	struct link_question q = {.answer = shell_wait_answer, .arg = w};
	const char *why;
	size_t i;

	snprintf(clear.name, sizeof(clear.name), "%s", cmd->name);
	w->count = 1;	/* ours, so that no answer is the last before all are asked */
	for (i = 0; i < LINKS; i++) {
		if (!(s->control->link[i].role & kind->to))
			continue;
		w->count++;
		why = link_ask(&s->control->link[i], IPC_MSG_CLEAR, &clear, &q);
		if (why != NULL)
			shell_wait_answer(w, why, 0);
	}
	shell_wait_answer(w, NULL, 0);
}

/* --- debug --- */

static void
run_debug(struct shell *s, uint32_t seq, const struct exec_command *cmd)
{
	static const char *const names[] = {
#define X(id, words, on) [LOG_DEBUG_##id] = on,
		LOG_DEBUGS(X)
#undef X
	};
	struct control *c = s->control;
	char line[120];
	size_t i;

	if (cmd->id == EXEC_DEBUG_ALL) {
		c->debug_mask = (1ull << LOG_DEBUG_COUNT) - 1;
		say(s, seq, "All possible debugging has been turned on\n");
	}
	if (cmd->id == EXEC_UNDEBUG_ALL) {
		c->debug_mask = 0;
		say(s, seq, "All possible debugging has been turned off\n");
	}
	for (i = 0; i < LOG_DEBUG_COUNT && cmd->id == EXEC_DEBUG; i++) {
		if (!(cmd->debug_mask >> i & 1))
			continue;
		snprintf(line, sizeof(line), "%s is %s\n", names[i], cmd->no ? "off" : "on");
		say(s, seq, line);
	}
	if (cmd->id == EXEC_DEBUG)
		c->debug_mask = cmd->no ? c->debug_mask & ~cmd->debug_mask :
		    c->debug_mask | cmd->debug_mask;
	commit_debug(c);
	shell_line_done(s, seq, LINE_OK, 0, NULL);
}

/* One peer at a time: another takes its place. */
static void
run_debug_condition(struct shell *s, uint32_t seq, const struct exec_command *cmd)
{
	struct log_condition *d = &s->control->debug_condition;

	if (cmd->debug_mask != 0)
		d->unmatched = cmd->no ? d->unmatched & ~cmd->debug_mask : d->unmatched | cmd->debug_mask;
	else if (!addr_is_set(&cmd->addr))
		*d = (struct log_condition){0};
	else if (!cmd->no)
		d->peer = cmd->addr;
	else if (addr_eq(&d->peer, &cmd->addr))
		d->peer = (struct addr){0};
	commit_debug(s->control);
	shell_line_done(s, seq, LINE_OK, 0, NULL);
}

static void
run_show_debug_condition(struct shell *s, uint32_t seq)
{
	const struct log_condition *d = &s->control->debug_condition;
	char line[200];

	snprintf(line, sizeof(line), "Crypto conditional debug currently is turned %s\n"
	    "IKE debug context unmatched flag: %s\nIPsec debug context unmatched flag: %s\n",
	    addr_is_set(&d->peer) ? "ON" : "OFF",
	    (d->unmatched & (1u << LOG_DEBUG_ISAKMP | 1u << LOG_DEBUG_IKEV2)) != 0 ? "ON" : "OFF",
	    (d->unmatched & 1u << LOG_DEBUG_IPSEC) != 0 ? "ON" : "OFF");
	say(s, seq, line);
	if (addr_is_set(&d->peer)) {
		snprintf(line, sizeof(line), "\nIKE peer IP address filters:\n%s\n", ADDR_STR(&d->peer));
		say(s, seq, line);
	}
	shell_line_done(s, seq, LINE_OK, 0, NULL);
}

static void
run_show_debugging(struct shell *s, uint32_t seq)
{
	char line[120];

#define X(id, words, on)								\
	if (s->control->debug_mask >> LOG_DEBUG_##id & 1) {				\
		snprintf(line, sizeof(line), "%s is on\n", on);				\
		say(s, seq, line);							\
	}
	LOG_DEBUGS(X)
#undef X
	shell_line_done(s, seq, LINE_OK, 0, NULL);
}

/* --- */

static void
run_applet(struct shell *s, uint32_t seq, const struct exec_command *cmd)
{
	const char *why = eem_run(&s->control->eem, cmd->name, cmd->text);

	shell_line_done(s, seq, why == NULL ? LINE_OK : LINE_REFUSED, 0, why);
}

static void
run_command(struct shell *s, uint32_t seq, const struct exec_command *cmd)
{
	switch (cmd->id) {
	case EXEC_WRITE_MEMORY:
		run_write(s, seq);
		break;
	case EXEC_COPY_TO_FILE:
		run_copy(s, seq, cmd->name);
		break;
	case EXEC_MERGE:
		shell_line_done(s, seq, LINE_REFUSED, 0, "% the shell does that");
		break;
	case EXEC_ERASE_STARTUP:
		run_erase(s, seq);
		break;
	case EXEC_RELOAD:
		run_reload(s, seq, cmd->reload.reason);
		break;
	case EXEC_RELOAD_LATER:
		reload_later(s->control, &s->user, &cmd->reload);
		shell_line_done(s, seq, LINE_OK, 0, NULL);
		break;
	case EXEC_RELOAD_CANCEL:
		run_reload_cancel(s, seq);
		break;
	case EXEC_SHOW_RELOAD:
		run_show_reload(s, seq);
		break;
	case EXEC_CLEAR_ACL_COUNTS:
	case EXEC_CLEAR_DMVPN:
	case EXEC_CLEAR_DROPS:
	case EXEC_CLEAR_IKEV2_SA:
	case EXEC_CLEAR_ISAKMP:
	case EXEC_CLEAR_NHRP:
	case EXEC_CLEAR_SA:
	case EXEC_CLEAR_SESSION:
		run_clear(s, seq, cmd);
		break;
	case EXEC_CLEAR_COUNTERS:
		rates_clear_counters(&s->control->rates, &s->control->kernel,
		    loop_now(s->control->loop));
		run_clear(s, seq, cmd);
		break;
	case EXEC_CLEAR_LOGGING:
		logbuf_clear(&s->control->log);
		running_log_reset(&s->control->running);
		shell_line_done(s, seq, LINE_OK, 0, NULL);
		break;
	case EXEC_DEBUG:
	case EXEC_DEBUG_ALL:
	case EXEC_UNDEBUG_ALL:
		run_debug(s, seq, cmd);
		break;
	case EXEC_DEBUG_CONDITION:
		run_debug_condition(s, seq, cmd);
		break;
	case EXEC_SHOW_DEBUG_CONDITION:
		run_show_debug_condition(s, seq);
		break;
	case EXEC_SHOW_DEBUGGING:
		run_show_debugging(s, seq);
		break;
	case EXEC_PING:
	case EXEC_TRACEROUTE:
		exec_run_probe(s, seq, cmd);
		break;
	case EXEC_EEM_RUN:
		run_applet(s, seq, cmd);
		break;
	case EXEC_NONE:
		shell_line_done(s, seq, LINE_OK, 0, NULL);
		break;
	}
}

void
exec_run(struct shell *s, uint32_t seq, const char *line)
{
	struct exec_command cmd = {0};
	unsigned int caret = 0;
	enum ipc_line_status status = exec_parse(line, &cmd, &caret);

	if (status == LINE_OK)
		run_command(s, seq, &cmd);
	else
		shell_line_done(s, seq, status, caret, NULL);
}
