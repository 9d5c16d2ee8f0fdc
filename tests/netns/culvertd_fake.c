/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stand-ins for tests of culvertd alone.  Under the name culvert-espd,
 * culvert-iked or culvert-nhrpd it is a daemon that agrees with everything and writes
 * the name of each message that it gets to RUNDIR/NAME.heard; as espd it makes the
 * tunnel devices and gives the monitor a descriptor of each.  With FAKE_REFUSES
 * in the environment, espd refuses to run.
 *
 * Under any other name it is a shell: culvertd_fake RUNDIR LINE..., in which lines
 * between "configure terminal" and "end" are configuration, "show N" asks for rows of
 * kind N and prints their types and first bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "daemon.h"
#include "log.h"

#define TUNNELS_MAX 8

static struct daemon self;
static FILE *heard;
static struct {
	char name[16];
	int fd;
} tunnels[TUNNELS_MAX];

/* --- daemons --- */

static void
make_tunnel(const struct ipc_tunnel *t, struct ipc_conn *c)
{
	struct ipc_tunnel_state state = {.line_up = 1, .why = "up"};
	struct ifreq ifr = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	size_t i;

	memcpy(state.ifname, t->ifname, sizeof(state.ifname));
	for (i = 0; i < TUNNELS_MAX && tunnels[i].name[0] != '\0'; i++)
		if (strcmp(tunnels[i].name, t->ifname) == 0)
			return;
	if (i == TUNNELS_MAX)
		return;
	memcpy(tunnels[i].name, t->ifname, sizeof(tunnels[i].name));
	tunnels[i].fd = daemon_take_held(&self, t->ifname);
	if (tunnels[i].fd < 0) {
		memcpy(ifr.ifr_name, t->ifname, sizeof(ifr.ifr_name));
		tunnels[i].fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
		if (ioctl(tunnels[i].fd, TUNSETIFF, &ifr) < 0)
			log_err("%s: %s", t->ifname, strerror(errno));
	}
	daemon_hold(&self, t->ifname, tunnels[i].fd);
	ipc_send(c, IPC_MSG_TUNNEL_STATE, &state);
}

static void
show_tunnels(struct ipc_conn *c, const struct ipc_msg *m)
{
	size_t i;

	for (i = 0; i < TUNNELS_MAX && tunnels[i].name[0] != '\0'; i++) {
		struct ipc_row_tunnel row = {.line_up = 1, .why = "up"};

		memcpy(row.ifname, tunnels[i].name, sizeof(row.ifname));
		ipc_reply(c, m, IPC_MSG_ROW_TUNNEL, &row);
	}
	ipc_reply(c, m, IPC_MSG_SHOW_END, &(struct ipc_show_end){0});
}

static void
message(struct ipc_conn *c, struct ipc_msg *m)
{
	fprintf(heard, "%s\n", ipc_type_name(m->type));
	fflush(heard);
	if (m->type == IPC_MSG_TUNNEL_SET)
		make_tunnel(&m->body->tunnel, c);
	else if (m->type == IPC_MSG_CLEAR)
		ipc_done(c, m, NULL, 1);
	else if (m->type == IPC_MSG_SHOW)
		show_tunnels(c, m);
}

static int
be_daemon(const char *name, int argc, char **argv)
{
	static const struct ipc_handlers handlers = {.message = message};
	enum ipc_role role = strcmp(name, "espd") == 0 ? IPC_ESPD :
	    strcmp(name, "iked") == 0 ? IPC_IKED : IPC_NHRPD;
	char path[256];
	int status;
	size_t i;

	if (role == IPC_ESPD && getenv("FAKE_REFUSES") != NULL) {
		fprintf(stderr, "UDP port 4500 is taken\n");
		return 78;
	}
	daemon_start(&self, name, role, argc, argv);
	snprintf(path, sizeof(path), "%s/%s.heard", self.rundir, name);
	heard = fopen(path, "ae");
	fprintf(heard, "start pid=%d restarts=%u held=%d\n", (int)getpid(), self.restarts,
	    self.held != NULL);
	fflush(heard);
	daemon_serve(&self, IPC_CONTROL | IPC_SHELL | IPC_IKED | IPC_NHRPD, &handlers);
	status = daemon_run(&self, NULL);
	for (i = 0; i < TUNNELS_MAX && tunnels[i].name[0] != '\0'; i++)
		close(tunnels[i].fd);
	fclose(heard);
	return status;
}

/* --- shell --- */

static int
show(int fd, unsigned int what)
{
	struct ipc_show q = {.what = (uint16_t)what};
	struct ipc_msg m;

	ipc_call_send(fd, IPC_MSG_SHOW, 1, &q);
	while (ipc_call_recv(fd, &m, 5000) == 1) {
		char iface[PREFIX_STRLEN];

		switch (m.type) {
		case IPC_MSG_SHOW_END:
			return 0;
		case IPC_MSG_DONE:
			printf("DONE %s\n", m.body->done.why);
			return 1;
		case IPC_MSG_TEXT:
			printf("%.*s", (int)m.body->text.text.len, (const char *)m.body->text.text.p);
			break;
		case IPC_MSG_ROW_ROUTE:
			printf("%c %s via %s %s [%u]\n", m.body->row_route.code,
			    prefix_str(&m.body->row_route.prefix, iface), ADDR_STR(&m.body->row_route.gateway),
			    m.body->row_route.interface, m.body->row_route.distance);
			break;
		case IPC_MSG_ROW_INTERFACE:
			printf("%s %s %s admin %u line %u mtu %u saved %u\n", m.body->row_interface.name,
			    m.body->row_interface.ifname,
			    prefix_str(&m.body->row_interface.address, iface), m.body->row_interface.admin_up,
			    m.body->row_interface.line_up, m.body->row_interface.ip_mtu,
			    m.body->row_interface.address_saved);
			break;
		case IPC_MSG_PROCESS:
			printf("%s %u restarts %u %s\n", m.body->process.name, m.body->process.pid,
			    m.body->process.restarts, m.body->process.last_exit);
			break;
		default:
			printf("%s\n", ipc_type_name(m.type));
		}
	}
	return 1;
}

static int
say(int fd, enum ipc_type type, const char *text)
{
	struct ipc_line line = {.privileged = 1, .text = slice_of(text, strlen(text))};
	struct ipc_msg m;

	ipc_call_send(fd, type, 1, &line);
	while (ipc_call_recv(fd, &m, 20000) == 1) {
		if (m.type == IPC_MSG_TEXT)
			printf("%.*s", (int)m.body->text.text.len, (const char *)m.body->text.text.p);
		if (m.type != IPC_MSG_LINE_DONE)
			continue;
		if (m.body->line_done.status == LINE_OK)
			return 0;
		printf("%s: status %u caret %u %s\n", text, m.body->line_done.status,
		    m.body->line_done.caret, m.body->line_done.why);
		return 1;
	}
	printf("%s: control is gone\n", text);
	return 2;
}

static int
be_shell(int argc, char **argv)
{
	bool config = false;
	char path[256];
	int fd, i, status = 0;

	snprintf(path, sizeof(path), "%s/control.sock", argv[1]);
	fd = ipc_call_open(path, IPC_SHELL);
	if (fd < 0) {
		printf("%s: %s\n", path, strerror(errno));
		return 2;
	}
	for (i = 2; i < argc; i++) {
		if (strcmp(argv[i], "configure terminal") == 0)
			config = true;
		else if (strncmp(argv[i], "show ", 5) == 0)
			status |= show(fd, (unsigned int)atoi(argv[i] + 5));
		else
			status |= say(fd, config ? IPC_MSG_CONFIG_LINE : IPC_MSG_EXEC_LINE, argv[i]);
		if (strcmp(argv[i], "end") == 0)
			config = false;
	}
	close(fd);
	return status;
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	name = name == NULL ? argv[0] : name + 1;
	if (strncmp(name, "culvert-", 8) == 0)
		return be_daemon(name + 8, argc, argv);
	return argc < 3 ? 2 : be_shell(argc, argv);
}
