/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Control owns the running-config.  It boots the startup-config, serves the
 * shells, tells the daemons what they should have, gives the kernel its
 * addresses and routes, and keeps the log.
 *
 *   shell --CONFIG_LINE--> shell_conn -> struct conf --control_changed()-->
 *       commit (derive, wish)   -> espd, iked, nhrpd
 *       kernel_if, kernel_route -> the kernel
 *       running                 -> the memfd that outlives us
 *
 * A control that is killed and started again finds its configuration and the
 * list of what it gave the kernel in that memfd, pushes the same state to the
 * daemons, and changes nothing.
 */
#ifndef CULVERT_CONTROL_H
#define CULVERT_CONTROL_H

#include "conf.h"
#include "crl_store.h"
#include "eem.h"
#include "ipc.h"
#include "kernel.h"
#include "key_store.h"
#include "link.h"
#include "log.h"
#include "logbuf.h"
#include "nics.h"
#include "options.h"
#include "owned.h"
#include "rates.h"
#include "reload.h"
#include "reverse_route.h"
#include "running.h"
#include "tunnels.h"
#include "wish.h"

#define PROCESSES 5

struct config_error;

struct control {
	const struct options *o;
	struct loop *loop;
	struct ipc_conn *monitor;	/* NULL while there is none */
	struct ipc_server *server;
	struct link link[LINKS];	/* to espd, iked, nhrpd */
	struct conf *conf;		/* running */
	struct conf *saved;		/* as the startup-config has it: for NVRAM or manual */
	struct config_error *startup_errors;
	struct wishes wishes;		/* what the daemons should have */
	struct text notes;		/* what is configured and cannot be used: logged when it is new */
	struct nics nics;
	struct kernel kernel;
	struct owned owned;
	struct running running;
	struct logbuf log;
	struct rates rates;
	struct tunnels tunnels;
	struct reverse_flow *reverse_flows;	/* of crypto maps, as iked says */
	struct eem eem;
	struct reload reload;
	struct key_store keys;
	struct crl_store crls;
	struct ipc_process process[PROCESSES];
	uint64_t debug_mask;
	struct log_condition debug_condition;
	mono_t booted;
	bool held_end, warm, ready_said, leaving;
	unsigned int restarts;
	int keep_fd;
	struct timer ready_timer, sample_timer;
};

/* The configuration may have changed: makes it so everywhere. */
void control_changed(struct control *c);
/* What the kernel has, or what its routes follow from, may have changed: the kernel alone. */
void control_apply_kernel(struct control *c);
/*
 * The router is ready when each daemon has all it should and every tunnel its
 * device: only then it forwards.  Or when it has waited for that long enough.
 */
void control_check_ready(struct control *c);
void control_await_ready(struct control *c);
/* A line of the log, from whomever. */
void control_log(struct control *c, enum log_severity sev, const char *facility,
    const char *mnemonic, const char *text);
const char *control_hostname(const struct control *c);

#endif
