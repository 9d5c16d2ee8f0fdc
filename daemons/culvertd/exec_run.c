/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exec_run.h"

#include <stdio.h>

#include "boot.h"
#include "control.h"
#include "exec.h"
#include "exec_debug.h"
#include "exec_probe.h"
#include "log.h"
#include "shell_reply.h"

/* `why` not, or NULL. */
static void
done(struct shell *s, uint32_t seq, const char *why)
{
	shell_line_done(s, seq, why == NULL ? LINE_OK : LINE_REFUSED, 0, why);
}

static void
run_write(struct shell *s, uint32_t seq)
{
	const char *why;

	shell_say(s, seq, "Building configuration...\n");
	why = boot_write(s->control);
	if (why == NULL)
		shell_say(s, seq, "[OK]\n");
	done(s, seq, why);
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
		shell_say(s, seq, line);
	done(s, seq, why);
}

static void
run_erase(struct shell *s, uint32_t seq)
{
	const char *why = boot_erase(s->control);

	if (why == NULL) {
		shell_say(s, seq, "[OK]\nErase of nvram: complete\n");
		log_event(LOG_SEV_DEBUG, "SYS", "NV_BLOCK_INIT", "Initialized the geometry of nvram");
	}
	done(s, seq, why);
}

/* Answered first: the reload may leave no time for it. */
static void
run_reload(struct shell *s, uint32_t seq, const char *reason)
{
	bool can = s->control->monitor != NULL;
	const char *why = NULL;

	if (can)
		done(s, seq, NULL);
	why = reload_now(s->control, &s->user, reason);
	if (!can)
		shell_line_done(s, seq, LINE_REFUSED, 0, why);
}

static void
run_reload_cancel(struct shell *s, uint32_t seq)
{
	bool was = reload_cancel(s->control);

	if (was)
		shell_say(s, seq, "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n");
	done(s, seq, was ? NULL : "%No reload is scheduled.");
}

static void
run_show_reload(struct shell *s, uint32_t seq)
{
	struct text out = {0};

	reload_show(s->control, &out);
	shell_text(s, seq, text_str(&out), out.len);
	text_free(&out);
	done(s, seq, NULL);
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

	/* Those of interfaces that the kernel counts are ours to begin anew. */
	if (cmd->id == EXEC_CLEAR_COUNTERS)
		rates_clear_counters(&s->control->rates, &s->control->kernel,
		    loop_now(s->control->loop));
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

/* --- */

static void
clear_logging(struct control *c)
{
	logbuf_clear(&c->log);
	running_log_reset(&c->running);
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
		done(s, seq, "% the shell does that");
		break;
	case EXEC_ERASE_STARTUP:
		run_erase(s, seq);
		break;
	case EXEC_RELOAD:
		run_reload(s, seq, cmd->reload.reason);
		break;
	case EXEC_RELOAD_LATER:
		reload_later(s->control, &s->user, &cmd->reload);
		done(s, seq, NULL);
		break;
	case EXEC_RELOAD_CANCEL:
		run_reload_cancel(s, seq);
		break;
	case EXEC_SHOW_RELOAD:
		run_show_reload(s, seq);
		break;
	case EXEC_CLEAR_ACL_COUNTS: case EXEC_CLEAR_COUNTERS: case EXEC_CLEAR_DMVPN:
	case EXEC_CLEAR_DROPS: case EXEC_CLEAR_IKEV2_SA: case EXEC_CLEAR_ISAKMP:
	case EXEC_CLEAR_NHRP: case EXEC_CLEAR_SA: case EXEC_CLEAR_SESSION:
		run_clear(s, seq, cmd);
		break;
	case EXEC_CLEAR_LOGGING:
		clear_logging(s->control);
		done(s, seq, NULL);
		break;
	case EXEC_DEBUG: case EXEC_DEBUG_ALL: case EXEC_UNDEBUG_ALL: case EXEC_DEBUG_CONDITION:
	case EXEC_SHOW_DEBUG_CONDITION: case EXEC_SHOW_DEBUGGING:
		exec_run_debug(s, seq, cmd);
		break;
	case EXEC_PING: case EXEC_TRACEROUTE:
		exec_run_probe(s, seq, cmd);
		break;
	case EXEC_EEM_RUN:
		done(s, seq, eem_run(&s->control->eem, cmd->name, cmd->text));
		break;
	case EXEC_NONE:
		done(s, seq, NULL);
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
