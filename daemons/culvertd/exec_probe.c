/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exec_probe.h"

#include <errno.h>
#include <string.h>

#include "control.h"
#include "exec.h"
#include "ping.h"
#include "shell_reply.h"
#include "traceroute.h"

#define PING_SIZE_MIN 48	/* of the headers of either IP version */

static void
text(void *arg, const char *p, size_t len)
{
	struct shell *s = arg;

	shell_text(s, s->probe_seq, p, len);
}

static void
done(void *arg)
{
	struct shell *s = arg;

	s->probe = NULL;
	shell_line_done(s, s->probe_seq, LINE_OK, 0, NULL);
}

static bool
find_source(const struct control *c, const struct exec_command *cmd, struct addr *from)
{
	const struct conf_iface *i;
	struct iface_id id;

	*from = cmd->probe.source;
	if (cmd->probe.source_if[0] == '\0')
		return true;
	if (!iface_parse(&id, cmd->probe.source_if))
		return false;
	i = conf_iface_find(c->conf, &id);
	if (i != NULL && cmd->addr.family == ADDR_V4)
		*from = i->address.addr;
	else if (i != NULL && i->ipv6.addresses != NULL)
		*from = i->ipv6.addresses->prefix.addr;
	return i != NULL && addr_is_set(from);
}

static struct probe *
start_ping(struct shell *s, const struct exec_command *cmd, const struct addr *from)
{
	struct ping_options o = {.to = cmd->addr, .source = *from, .count = cmd->probe.count,
	    .size_bytes = cmd->probe.size_bytes, .timeout_s = cmd->probe.timeout_s,
	    .df = cmd->probe.df};

	o.size_bytes = o.size_bytes < PING_SIZE_MIN ? PING_SIZE_MIN : o.size_bytes;
	return probe_start(s->control->loop, ping_run, &o, text, done, s);
}

static struct probe *
start_traceroute(struct shell *s, const struct exec_command *cmd, const struct addr *from)
{
	struct traceroute_options o = {.to = cmd->addr, .source = *from, .probes = cmd->probe.count,
	    .timeout_s = cmd->probe.timeout_s, .least_ttl = cmd->probe.least_ttl,
	    .most_ttl = cmd->probe.most_ttl, .port = cmd->probe.port};

	return probe_start(s->control->loop, traceroute_run, &o, text, done, s);
}

void
exec_run_probe(struct shell *s, uint32_t seq, const struct exec_command *cmd)
{
	struct addr from;

	if (addr_is_link_local(&cmd->addr)) {
		shell_line_done(s, seq, LINE_REFUSED, 0,
		    "% A link-local address is on every link; name a global one");
		return;
	}
	if (!find_source(s->control, cmd, &from)) {
		shell_line_done(s, seq, LINE_REFUSED, 0,
		    "% Invalid source interface - IP not enabled or interface is down");
		return;
	}
	if (s->probe != NULL) {
		shell_line_done(s, seq, LINE_REFUSED, 0, "% Another ping or traceroute is running");
		return;
	}
	s->probe_seq = seq;
	s->probe = cmd->id == EXEC_PING ? start_ping(s, cmd, &from) : start_traceroute(s, cmd, &from);
	if (s->probe == NULL)
		shell_line_done(s, seq, LINE_REFUSED, 0, strerror(errno));
}
