/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Global configuration: the root of the tables, service, hostname, logging,
 * and the lines that real startup-configs carry and that are so already.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmds.h"
#include "cli/elsewhere.h"

/* --- hostname --- */

/* A letter or digit at both ends (RFC 1123 2.1); inside the underscore and dot that are in use, too. */
static bool
is_hostname(const char *name)
{
	size_t len = strlen(name), i;

	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && strchr("-_.", name[i]) == NULL)
			return false;
	return isalnum((unsigned char)name[0]) && isalnum((unsigned char)name[len - 1]);
}

static bool
hostname_run(struct cmd_call *c)
{
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);

	if (c->verb != CMD_SET) {
		memset(c->conf->hostname, 0, sizeof(c->conf->hostname));
		return true;
	}
	if (!is_hostname(name->text))
		return cmd_refuse(c, "%% Hostname contains one or more illegal characters.");
	snprintf(c->conf->hostname, sizeof(c->conf->hostname), "%s", name->text);
	return true;
}

static void
hostname_write(struct text *out, const char *before, const void *obj)
{
	const struct conf *c = obj;

	text_add(out, "%s %s\n", before, c->hostname[0] != '\0' ? c->hostname : "Router");
}

/* --- service timestamps --- */

enum stamp_flag { STAMP_MSEC = 1, STAMP_LOCALTIME, STAMP_ZONE, STAMP_YEAR };
enum stamp_what { STAMPS_DEBUG = 1, STAMPS_LOG };

static void
set_stamp(struct conf_stamp *s, const struct cmd_call *c)
{
	const struct cmd_value *kind = cmd_value(c, SLOT_KIND);
	unsigned int i;

	*s = (struct conf_stamp){0};
	if (c->verb == CMD_DEFAULT)
		return;
	if (c->verb == CMD_NO) {
		s->kind = STAMP_NONE;
		return;
	}
	s->kind = kind != NULL ? (enum conf_timestamps)kind->number : STAMP_UPTIME;
	for (i = 0; i < c->n_values; i++) {
		if (c->values[i].slot != SLOT_FLAG)
			continue;
		s->msec |= c->values[i].number == STAMP_MSEC;
		s->localtime |= c->values[i].number == STAMP_LOCALTIME;
		s->show_timezone |= c->values[i].number == STAMP_ZONE;
		s->year |= c->values[i].number == STAMP_YEAR;
	}
}

static bool
timestamps_run(struct cmd_call *c)
{
	const struct cmd_value *what = cmd_value(c, SLOT_NAME);

	if (what == NULL || what->number == STAMPS_DEBUG)
		set_stamp(&c->conf->debug_stamp, c);
	if (what == NULL || what->number == STAMPS_LOG)
		set_stamp(&c->conf->log_stamp, c);
	return true;
}

static void
write_stamp(struct text *out, const char *before, const char *what, const struct conf_stamp *s)
{
	if (s->kind == STAMP_DEFAULT)
		return;
	if (s->kind == STAMP_NONE)
		text_add(out, "no %s %s\n", before, what);
	else if (s->kind == STAMP_UPTIME)
		text_add(out, "%s %s uptime\n", before, what);
	else
		text_add(out, "%s %s datetime%s%s%s%s\n", before, what, s->msec ? " msec" : "",
		    s->localtime ? " localtime" : "", s->show_timezone ? " show-timezone" : "",
		    s->year ? " year" : "");
}

static void
timestamps_write(struct text *out, const char *before, const void *obj)
{
	const struct conf *c = obj;

	write_stamp(out, before, "debug", &c->debug_stamp);
	write_stamp(out, before, "log", &c->log_stamp);
}

static const struct cmd stamp_options[] = {
	{ "localtime", "Use local time zone for timestamps", .slot = SLOT_FLAG,
	    .give = STAMP_LOCALTIME, .sub = stamp_options, .end = true },
	{ "msec", "Include milliseconds in timestamp", .slot = SLOT_FLAG, .give = STAMP_MSEC,
	    .sub = stamp_options, .end = true },
	{ "show-timezone", "Add time zone information to timestamp", .slot = SLOT_FLAG,
	    .give = STAMP_ZONE, .sub = stamp_options, .end = true },
	{ "year", "Include year in timestamp", .slot = SLOT_FLAG, .give = STAMP_YEAR,
	    .sub = stamp_options, .end = true },
	CMD_END
};

static const struct cmd stamp_kinds[] = {
	{ "datetime", "Timestamp with date and time", .slot = SLOT_KIND, .give = STAMP_DATETIME,
	    .sub = stamp_options, .end = true },
	{ "uptime", "Timestamp with system uptime", .slot = SLOT_KIND, .give = STAMP_UPTIME },
	CMD_END
};

static const struct cmd stamp_whats[] = {
	{ "debug", "Timestamp debug messages", .slot = SLOT_NAME, .give = STAMPS_DEBUG,
	    .sub = stamp_kinds, .end = true },
	{ "log", "Timestamp log messages", .slot = SLOT_NAME, .give = STAMPS_LOG,
	    .sub = stamp_kinds, .end = true },
	CMD_END
};

static const struct cmd service[] = {
	{ "timestamps", "Timestamp debug/log messages", .sub = stamp_whats, .end = true,
	    .run = timestamps_run, .write = timestamps_write },
	ABSENT("compress-config", "the startup-config is a text file; leave it out"),
	ABSENT("sequence-numbers", "log lines have stamps and no numbers: `service timestamps`"),
	ABSENT("tcp-keepalives-in", WHY_SSHD),
	ABSENT("tcp-keepalives-out", WHY_SSHD),
	ABSENT("config", "the startup-config is a file of this host; leave it out"),
	NOTED_NO("dhcp"),
	NOTED_NO("pad"),
	/* A user's secret is only kept as a hash; the service has nothing else to do with. */
	{ "password-encryption", "", .noted = true, .hidden = true },
	NOTED_NO("tcp-small-servers"),
	NOTED_NO("udp-small-servers"),
	CMD_END
};

/* --- logging --- */

enum { SEVERITIES = 8, DEFAULT_BUFFER_BYTES = 4096 };

static const char *const severity_names[SEVERITIES] = {
	"emergencies", "alerts", "critical", "errors", "warnings", "notifications",
	"informational", "debugging",
};

/* level fields hold severity + 1; 0 is the default, debugging. */
static void
set_level(uint8_t *level, const struct cmd_call *c)
{
	const struct cmd_value *v = c->verb == CMD_SET ? cmd_value(c, SLOT_LEVEL) : NULL;

	*level = v == NULL || v->number == SEVERITIES - 1 ? 0 : (uint8_t)(v->number + 1);
}

static bool
buffered_run(struct cmd_call *c)
{
	struct conf_logging *l = &c->conf->logging;
	const struct cmd_value *size = c->verb == CMD_SET ? cmd_value(c, SLOT_NUMBER) : NULL;

	l->no_buffered = c->verb == CMD_NO;
	l->buffer_bytes = size == NULL || size->number == DEFAULT_BUFFER_BYTES ? 0 : size->number;
	set_level(&l->buffered_level, c);
	return true;
}

static void
buffered_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_logging *l = &((const struct conf *)obj)->logging;

	if (l->no_buffered) {
		text_add(out, "no %s\n", before);
		return;
	}
	if (l->buffer_bytes == 0 && l->buffered_level == 0)
		return;
	text_add(out, "%s", before);
	if (l->buffer_bytes != 0)
		text_add(out, " %u", l->buffer_bytes);
	if (l->buffered_level != 0)
		text_add(out, " %s", severity_names[l->buffered_level - 1]);
	text_add(out, "\n");
}

static bool
console_run(struct cmd_call *c)
{
	c->conf->logging.no_console = c->verb == CMD_NO;
	set_level(&c->conf->logging.console_level, c);
	return true;
}

static bool
monitor_run(struct cmd_call *c)
{
	c->conf->logging.no_monitor = c->verb == CMD_NO;
	set_level(&c->conf->logging.monitor_level, c);
	return true;
}

static void
write_line_logging(struct text *out, const char *before, bool off, uint8_t level)
{
	if (off)
		text_add(out, "no %s\n", before);
	else if (level != 0)
		text_add(out, "%s %s\n", before, severity_names[level - 1]);
}

static void
console_write(struct text *out, const char *before, const void *obj)
{
	const struct conf *c = obj;

	write_line_logging(out, before, c->logging.no_console, c->logging.console_level);
}

static void
monitor_write(struct text *out, const char *before, const void *obj)
{
	const struct conf *c = obj;

	write_line_logging(out, before, c->logging.no_monitor, c->logging.monitor_level);
}

#define LEVEL(name, text, n) { name, text, .slot = SLOT_LEVEL, .give = (n) }
#define LEVELS									\
	LEVEL("emergencies", "System is unusable                (severity=0)", 0),	\
	LEVEL("alerts", "Immediate action needed           (severity=1)", 1),	\
	LEVEL("critical", "Critical conditions               (severity=2)", 2),	\
	LEVEL("errors", "Error conditions                  (severity=3)", 3),	\
	LEVEL("warnings", "Warning conditions                (severity=4)", 4),	\
	LEVEL("notifications", "Normal but significant conditions (severity=5)", 5),	\
	LEVEL("informational", "Informational messages            (severity=6)", 6),	\
	LEVEL("debugging", "Debugging messages                (severity=7)", 7),	\
	{ VALUE_NUM(0, 7, "Logging severity level"), .slot = SLOT_LEVEL }

static const struct cmd levels[] = { LEVELS, CMD_END };

static const struct cmd buffer_options[] = {
	LEVELS,
	{ VALUE_NUM(4096, 2147483647, "Logging buffer size"), .slot = SLOT_NUMBER, .end = true,
	    .sub = levels },
	CMD_END
};

/* --- logging crypto invalid-spi --- */

static bool
mnemonic_run(struct cmd_call *c)
{
	c->conf->logging.spi_recvd = c->verb == CMD_SET && cmd_value(c, SLOT_KIND)->number == 1;
	return true;
}

static void
mnemonic_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf *)obj)->logging.spi_recvd)
		text_add(out, "%s recvd\n", before);
}

static const struct cmd mnemonics[] = {
	{ "recv", "%CRYPTO-4-RECV_PKT_INV_SPI (default)", .slot = SLOT_KIND, .give = 0 },
	{ "recvd", "%CRYPTO-4-RECVD_PKT_INV_SPI", .slot = SLOT_KIND, .give = 1 },
	CMD_END
};

static bool
spi_interface_run(struct cmd_call *c)
{
	c->conf->logging.spi_interface = c->verb == CMD_SET;
	return true;
}

static void
spi_interface_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf *)obj)->logging.spi_interface)
		text_add(out, "%s\n", before);
}

static const struct cmd logging_spi[] = {
	{ "interface", "Name the input interface at the end of the message",
	    .run = spi_interface_run, .write = spi_interface_write },
	{ "mnemonic", "Which of its two spellings the message has", .sub = mnemonics,
	    .no_end = true, .run = mnemonic_run, .write = mnemonic_write },
	CMD_END
};

static const struct cmd logging_crypto[] = {
	{ "invalid-spi", "Messages about packets with an invalid SPI", .sub = logging_spi },
	CMD_END
};

static const struct cmd logging[] = {
	{ "buffered", "Set buffered logging parameters", .sub = buffer_options, .end = true,
	    .run = buffered_run, .write = buffered_write },
	{ "console", "Set console logging parameters", .sub = levels, .end = true,
	    .run = console_run, .write = console_write },
	{ "crypto", "Encryption module", .sub = logging_crypto },
	{ "monitor", "Set terminal line (monitor) logging parameters", .sub = levels, .end = true,
	    .run = monitor_run, .write = monitor_write },
	ELSEWHERE_LOGGING,
	CMD_END
};

/* --- the root --- */

static const struct cmd domain[] = {
	ABSENT("lookup", WHY_RESOLVER),
	ABSENT("name", "names are not completed; write them whole (`fqdn` in a trustpoint)"),
	CMD_END
};

static const struct cmd ip_http[] = {
	ABSENT("server", "this router serves no web pages; leave it out"),
	ABSENT("secure-server", "this router serves no web pages; leave it out"),
	ABSENT("authentication", "this router serves no web pages; leave it out"),
	ABSENT("client", "a CRL is fetched from the address that the route to it has"),
	ABSENT("access-class", "this router serves no web pages; leave it out"),
	CMD_END
};

static const struct cmd forward_protocol[] = {
	NOTED("nd"),
	CMD_END
};

static const struct cmd ip_tcp[] = {
	NOTED_ANY("synwait-time"),	/* of connections from the router: it makes none */
	ABSENT("mss", WHY_SYSCTL_TCP),
	ABSENT("path-mtu-discovery", WHY_SYSCTL_TCP),
	ABSENT("selective-ack", WHY_SYSCTL_TCP),
	ABSENT("timestamp", WHY_SYSCTL_TCP),
	ABSENT("window-size", WHY_SYSCTL_TCP),
	CMD_END
};

static const struct cmd ip[] = {
	{ "route", "Establish static routes", .sub = cmds_route, .run = cmds_route_run,
	    .write = cmds_route_write, .bang = true },
	{ "access-list", "Named access-list", .sub = cmds_acl_named, .run = cmds_acl_named_run,
	    .write = cmds_acl_named_write, .bang = true },
	{ "domain", "", .sub = domain, .hidden = true },
	ABSENT("domain-lookup", WHY_RESOLVER),
	ABSENT("domain-name", "names are not completed; write them whole (`fqdn` in a trustpoint)"),
	{ "http", "", .sub = ip_http, .hidden = true },
	{ "forward-protocol", "", .sub = forward_protocol, .hidden = true },
	NOTED("routing"),
	NOTED("classless"),
	NOTED("subnet-zero"),
	ALWAYS("cef", "packets go the one way there is; leave it out"),
	ABSENT("source-route", "the kernel drops packets that bring their route with them"),
	NOTED_NO("bootp"),
	NOTED_NO("finger"),
	{ "tcp", "", .sub = ip_tcp, .hidden = true },
	ELSEWHERE_IP,
	CMD_END
};

static const struct cmd mmi[] = {
	NOTED_NO("auto-configure"),
	NOTED_NO("pvc"),
	NOTED("polling-interval"),
	NOTED("snmp-timeout"),
	CMD_END
};

static const struct cmd protocol_run[] = {
	ABSENT("run", "the host may run lldpd, which speaks CDP, too"),
	NOTED_NO("log"),
	CMD_END
};

/* Rows stand in the order of show running-config; `?` sorts. */
static const struct cmd global[] = {
	NOTED("version"),
	{ "service", "Modify use of network based services", .sub = service, .bang = true },
	{ "hostname", "Set system's network name", ARG(word, "This system's network name"),
	    .slot = SLOT_NAME, .no_end = true, .run = hostname_run, .write = hostname_write,
	    .bang = true },
	NOTED("boot-start-marker"),
	NOTED("boot-end-marker"),
	{ "logging", "Modify message logging facilities", .sub = logging, .bang = true },
	{ "enable", "Modify enable password parameters", .sub = cmds_enable,
	    .write = cmds_enable_write, .bang = true },
	{ "password", "Configure encryption password (key)", .sub = cmds_password, .bang = true },
	{ "key", "Key management", .sub = cmds_config_key },
	ABSENT("aaa", "there is no AAA here; use `username` and `login local`"),
	{ "cdp", "", .sub = protocol_run, .hidden = true },
	{ "lldp", "", .sub = protocol_run, .hidden = true },
	{ "username", "Establish User Name Authentication", ARG(word, "User name"),
	    .slot = SLOT_NAME, .no_end = true, .sub = cmds_username, .run = cmds_username_run,
	    .write = cmds_username_write, .bang = true },
	{ "crypto", "Encryption module", .sub = cmds_crypto },
	{ "interface", "Select an interface to configure", ARG(iface, ""), .slot = SLOT_IFACE,
	    .run = cmds_iface_run, .write = cmds_iface_write },
	{ "ip", "Global IP configuration subcommands", .sub = ip },
	{ "ipv6", "Global IPv6 configuration commands", .sub = cmds_ipv6 },
	{ "access-list", "Add an access list entry", .sub = cmds_acl_numbered,
	    .run = cmds_acl_numbered_run, .write = cmds_acl_numbered_write, .bang = true },
	{ "line", "Configure a terminal line", .sub = cmds_line, .verbs = CMD_SET, .run = cmds_line_run,
	    .write = cmds_line_write, .bang = true },
	{ "mmi", "", .sub = mmi, .hidden = true },
	{ "event", "Event related configuration commands", .sub = cmds_event, .bang = true },
	/* Modes that are empty here, as they mostly are there. */
	NOTED("control-plane"),
	NOTED("redundancy"),
	ELSEWHERE_GLOBAL,
	CMD_END
};

static void *
global_find(struct conf *c, const struct cmd_key *key)
{
	(void)key;
	return c;
}

const struct cmd_mode cmd_mode_global = {"config", global, global_find};
