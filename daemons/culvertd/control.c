/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control.h"

#include <unistd.h>
#include <utlist.h>

#include "boot.h"
#include "commit.h"
#include "crypto_hook.h"
#include "kernel_if.h"
#include "kernel_ipv6.h"
#include "kernel_route.h"

#define READY_TIMEOUT_S 10	/* then the router is up with what there is */

const char *
control_hostname(const struct control *c)
{
	return c->conf->hostname[0] == '\0' ? "Router" : c->conf->hostname;
}

void
control_log(struct control *c, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	struct stamp_time t;

	stamp_now(&t, c->booted.us);
	logbuf_add(&c->log, c->conf, &t, sev, facility, mnemonic, text);
}

/* --- making it so --- */

void
control_apply_kernel(struct control *c)
{
	struct conf conf = reverse_conf(c->conf, c->reverse_flows);
	unsigned int before = c->owned.changes;
	bool hooked = crypto_hook_apply(&c->wishes, &c->owned, &c->kernel);	/* before packets leave */

	kernel_if_apply(&c->kernel, c->conf, &c->nics, hooked, &c->owned);
	kernel_read(&c->kernel);
	kernel_route_apply(&c->kernel, &conf, &c->nics, &c->owned);
	reverse_conf_free(&conf);
	if (c->ready_said)
		kernel_ipv6_forward(c->conf->ipv6_routing, &c->owned);
	tunnels_links_changed(c);
	if (c->owned.changes != before)
		boot_keep(c);
}

void
control_changed(struct control *c)
{
	crl_store_update(&c->crls, &c->conf->pki);
	commit_changes(c);
	control_apply_kernel(c);
	eem_configure(&c->eem, &c->conf->eem);
	boot_keep(c);
}

/* --- being up --- */

/* Before every tunnel has its device, routes to what lies behind it are missing, and
 * forwarded packets would take another way out. */
static bool
tunnels_are_there(const struct control *c)
{
	const struct conf_iface *i;
	char ifname[16];

	DL_FOREACH(c->conf->ifaces, i) {
		if (i->id.type != IFACE_TUNNEL || i->shutdown)
			continue;
		iface_linux_name(&i->id, ifname);
		if (kernel_link(&c->kernel, ifname) == NULL)
			return false;
	}
	return true;
}

static void
say_ready(struct control *c)
{
	struct ipc_done done = {0};

	if (c->ready_said)
		return;
	c->ready_said = true;
	timer_stop(&c->ready_timer);
	control_apply_kernel(c);
	kernel_if_forward(&c->owned);
	kernel_ipv6_forward(c->conf->ipv6_routing, &c->owned);
	boot_keep(c);
	if (!c->warm)
		log_event(LOG_SEV_NOTICE, "SYS", "RESTART", "System restarted --");
	else
		log_event(LOG_SEV_NOTICE, "SYS", "PROCESS_START", "control was started again (pid %d)",
		    (int)getpid());
	ipc_send(c->monitor, IPC_MSG_DONE, &done);
}

void
control_check_ready(struct control *c)
{
	size_t i;

	for (i = 0; i < LINKS; i++)
		if (!c->link[i].synced)
			return;
	if (tunnels_are_there(c))
		say_ready(c);
}

static void
ready_late(struct timer *t)
{
	struct control *c = container_of(t, struct control, ready_timer);
	size_t i;

	for (i = 0; i < LINKS; i++)
		if (!c->link[i].synced)
			log_err("%s did not answer within %d seconds", c->link[i].name, READY_TIMEOUT_S);
	if (!tunnels_are_there(c))
		log_err("espd did not make every tunnel device within %d seconds", READY_TIMEOUT_S);
	say_ready(c);
}

void
control_await_ready(struct control *c)
{
	c->ready_timer.run = ready_late;
	timer_in(&c->ready_timer, c->loop, mono_s(READY_TIMEOUT_S));
}
