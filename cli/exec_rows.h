/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of privileged EXEC that control carries out, for its table and the shell's. */
#ifndef CULVERT_EXEC_ROWS_H
#define CULVERT_EXEC_ROWS_H

#include "cli/cmd.h"
#include "cli/exec.h"

extern const struct cmd exec_clear[], exec_copy[], exec_debug[], exec_erase[], exec_event[],
    exec_ping[], exec_reload[], exec_traceroute[], exec_undebug[];
cmd_run exec_run_erase, exec_run_ping, exec_run_reload, exec_run_traceroute, exec_run_write;
cmd_run exec_run_show_debug_condition, exec_run_show_debugging, exec_run_show_reload;

/* What a row's run starts with: the call's struct exec_command (borrowed) with its id, `no`,
 * and the addresses and the number that were typed. */
struct exec_command *exec_set(struct cmd_call *c, enum exec_id id);

#define EXEC_ROW_PING									\
	{ "ping", "Send echo messages", .verbs = CMD_SET, .sub = exec_ping, .run = exec_run_ping }

#define EXEC_ROW_TRACEROUTE								\
	{ "traceroute", "Trace route to destination", .verbs = CMD_SET,			\
	    .sub = exec_traceroute, .run = exec_run_traceroute }

#define EXEC_ROWS									\
	{ "clear", "Reset functions", .verbs = CMD_SET, .sub = exec_clear },		\
	{ "copy", "Copy from one file to another", .verbs = CMD_SET, .sub = exec_copy },	\
	{ "debug", "Debugging functions (see also 'undebug')", .sub = exec_debug },	\
	{ "erase", "Erase a filesystem", .verbs = CMD_SET, .sub = exec_erase },		\
	{ "event", "Event related commands", .verbs = CMD_SET, .sub = exec_event },	\
	EXEC_ROW_PING,									\
	{ "reload", "Halt and perform a cold restart", .verbs = CMD_SET,		\
	    .sub = exec_reload, .end = true, .run = exec_run_reload },			\
	EXEC_ROW_TRACEROUTE,								\
	{ "undebug", "Disable debugging functions (see also 'debug')", .verbs = CMD_SET,	\
	    .sub = exec_undebug }

#define EXEC_ROW_WRITE(to)								\
	{ "write", "Write running configuration to memory, network, or terminal",	\
	    .verbs = CMD_SET, .sub = (to), .end = true, .run = exec_run_write }
#define EXEC_ROW_WRITE_ERASE { "erase", "Erase NV memory", .run = exec_run_erase }
#define EXEC_ROW_WRITE_MEMORY { "memory", "Write to NV memory", .run = exec_run_write }
#define EXEC_ROW_SHOW_DEBUGGING								\
	{ "debugging", "State of each debugging option", .run = exec_run_show_debugging }
#define EXEC_ROW_SHOW_RELOAD								\
	{ "reload", "Scheduled reload information", .run = exec_run_show_reload }
#define EXEC_ROW_SHOW_DEBUG_CONDITION							\
	{ "debug-condition", "Debug condition filters",					\
	    .run = exec_run_show_debug_condition }

#endif
