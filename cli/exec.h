/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EXEC commands that culvertd's control process carries out.  The shell sends
 * the line as EXEC_LINE; control parses it with the same table and acts on the
 * struct.  (`show` commands are rendered in the shell: show.h.)
 */
#ifndef CULVERT_EXEC_H
#define CULVERT_EXEC_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "ipc_values.h"
#include "cli/reload_plan.h"

enum exec_id {
	EXEC_NONE,
	EXEC_WRITE_MEMORY,		/* write [memory]; copy running-config startup-config */
	EXEC_COPY_TO_FILE,		/* copy running-config flash:NAME, in name */
	EXEC_MERGE,			/* copy {flash:NAME | startup-config} running-config: the shell's */
	EXEC_ERASE_STARTUP,		/* write erase; erase startup-config */
	EXEC_RELOAD,			/* now; reload has the reason */
	EXEC_RELOAD_LATER,		/* reload in, reload at */
	EXEC_RELOAD_CANCEL,
	EXEC_SHOW_RELOAD,		/* TEXT */
	EXEC_CLEAR_ISAKMP,		/* clear crypto isakmp [id] */
	EXEC_CLEAR_IKEV2_SA,		/* clear crypto ikev2 sa [local addr | remote addr] */
	EXEC_CLEAR_SA,			/* clear crypto sa [peer addr] */
	EXEC_CLEAR_SESSION,		/* clear crypto session [local local [port]] [remote addr [port]] */
	EXEC_CLEAR_NHRP,		/* clear ip nhrp [addr | within] */
	EXEC_CLEAR_DMVPN,		/* clear dmvpn session [interface name] [peer nbma addr] */
	EXEC_CLEAR_COUNTERS,
	EXEC_CLEAR_DROPS,		/* the forwarder's drop counters */
	EXEC_CLEAR_ACL_COUNTS,		/* clear access-list counters [name] */
	EXEC_CLEAR_LOGGING,
	EXEC_DEBUG,			/* debug_mask to turn on (or off: no) */
	EXEC_DEBUG_ALL,
	EXEC_UNDEBUG_ALL,
	EXEC_DEBUG_CONDITION,		/* of crypto: addr, or debug_mask of unmatched lines; neither: reset */
	EXEC_PING,			/* addr, and of probe: count, size, timeout, DF, source */
	EXEC_TRACEROUTE,		/* addr, and of probe: count, timeout, TTLs, port, source */
	EXEC_SHOW_DEBUGGING,		/* TEXT: which debug lines are on */
	EXEC_SHOW_DEBUG_CONDITION,	/* TEXT: of crypto */
	EXEC_EEM_RUN,			/* event manager run NAME [ARGUMENTS] */
};

struct exec_command {
	enum exec_id id;
	bool no;			/* undebug, no debug */
	bool asks_name;			/* copy: IOS asks for the file's name; `name` is the default */
	struct addr addr;
	struct addr local;
	uint16_t port, local_port;	/* of UDP; 0: any */
	struct prefix within;		/* family none: none */
	uint32_t number;		/* connection id */
	char name[64];			/* of an applet, an access list or a file */
	char text[200];			/* its arguments */
	struct reload_plan reload;
	uint64_t debug_mask;		/* bits of enum log_debug */
	struct {
		unsigned int count;	/* echos; probes at each hop */
		unsigned int size_bytes, timeout_s;
		bool df;
		uint8_t least_ttl, most_ttl;
		uint16_t port;
		struct addr source;
		char source_if[32];	/* IOS name; empty: none */
	} probe;
};

/* Parses one privileged EXEC line that control runs; an empty one is EXEC_NONE and LINE_OK.
 * caret: column of the bad word. */
enum ipc_line_status exec_parse(const char *line, struct exec_command *out, unsigned int *caret);

#endif
