/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real culvert-nhrpd between a stand-in for control, espd and iked: what is
 * configured comes out as messages, rows and NHRP packets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "ipc.h"
#include "nhrp_ext.h"
#include "nhrp_packet.h"

#define DEADLINE_MS 10000

static struct {
	struct loop *loop;
	char dir[64];
	pid_t pid;
	struct ipc_server *espd, *iked;
	struct ipc_client *control;
	struct ipc_conn *espd_conn;
	unsigned int adjs, ends, wants, rows, shows, complaints;
	struct ipc_adjacency adj;
	struct nhrp_packet sent;
	unsigned int packets;
	struct ipc_row_nhrp row;
} t;

/* --- the stand-ins --- */

static void
espd_up(struct ipc_conn *c)
{
	t.espd_conn = c;
}

static void
espd_message(struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	if (m->type == IPC_MSG_ADJ_SET) {
		t.adjs++;
		t.adj = m->body->adjacency;
	} else if (m->type == IPC_MSG_END) {
		t.ends++;
	} else if (m->type == IPC_MSG_NHRP_OUT) {
		assert_null(nhrp_packet_read(&t.sent, m->body->nhrp.packet.p,
		    m->body->nhrp.packet.len));
		t.packets++;
	}
}

static void
iked_message(struct ipc_conn *c, struct ipc_msg *m)
{
	struct ipc_peer_state s = {.peer_ref = 7, .remote_port = 500, .state = PEER_UP};

	if (m->type != IPC_MSG_PEER_WANT)
		return;
	t.wants++;
	s.txn = m->body->peer_want.txn;
	s.remote = m->body->peer_want.remote;
	memcpy(s.protection, m->body->peer_want.protection, sizeof(s.protection));
	ipc_send(c, IPC_MSG_PEER_STATE, &s);
}

static void
control_up(struct ipc_conn *c)
{
	struct ipc_nothing nothing = {0};
	struct ipc_nhrp_if conf = {.ifname = "Tunnel0", .name = "Tunnel0", .up = 1, .kind = 2,
	    .address = {.addr = addr_v4(0x0a000002), .len = 24}, .local = addr_v4(0xcb007102),
	    .mtu = 17916, .protection = "Tunnel0", .network = 1, .holdtime_s = 600, .unique = 1};
	struct ipc_nhs nhs = {.ifname = "Tunnel0", .nhs = addr_v4(0x0a000001),
	    .nbma = addr_v4(0xcb007101), .multicast = 1};

	ipc_send(c, IPC_MSG_BEGIN, &nothing);
	ipc_send(c, IPC_MSG_NHRP_IF_SET, &conf);
	ipc_send(c, IPC_MSG_NHS_SET, &nhs);
	ipc_send(c, IPC_MSG_END, &nothing);
}

static void
control_message(struct ipc_conn *c, struct ipc_msg *m)
{
	(void)c;
	if (m->type == IPC_MSG_ROW_NHRP) {
		t.rows++;
		t.row = m->body->row_nhrp;
	} else if (m->type == IPC_MSG_SHOW_END) {
		t.shows++;
	} else if (m->type == IPC_MSG_LOG) {
		t.complaints += memmem(m->body->log.text.p, m->body->log.text.len, "without NHRP",
		    strlen("without NHRP")) != NULL;
	}
}

static const struct ipc_handlers espd_handlers = {.up = espd_up, .message = espd_message};
static const struct ipc_handlers iked_handlers = {.message = iked_message};
static const struct ipc_handlers control_handlers = {.up = control_up, .message = control_message};

static void
wait_for(const unsigned int *what, unsigned int at_least)
{
	mono_t deadline = mono_add(mono_clock(), mono_ms(DEADLINE_MS));

	while (*what < at_least && mono_before(mono_clock(), deadline))
		loop_once(t.loop, 100);
	assert_true(*what >= at_least);
}

static char *
path_of(const char *name)
{
	static char path[96];

	snprintf(path, sizeof(path), "%s/%s.sock", t.dir, name);
	return path;
}

static void
spawn(void)
{
	t.pid = fork();
	assert_true(t.pid >= 0);
	if (t.pid == 0) {
		execl("daemons/nhrpd/culvert-nhrpd", "culvert-nhrpd", "-r", t.dir, "-f", NULL);
		_exit(127);
	}
}

static int
set_up(void **state)
{
	(void)state;
	snprintf(t.dir, sizeof(t.dir), "/tmp/test_nhrp_XXXXXX");
	if (mkdtemp(t.dir) == NULL)
		return -1;
	t.loop = loop_new();
	t.espd = ipc_listen(t.loop, path_of("espd"), IPC_ESPD, false, IPC_NHRPD, &espd_handlers,
	    NULL);
	t.iked = ipc_listen(t.loop, path_of("iked"), IPC_IKED, false, IPC_NHRPD, &iked_handlers,
	    NULL);
	spawn();
	t.control = ipc_connect(t.loop, path_of("nhrpd"), IPC_CONTROL, false, &control_handlers,
	    NULL);
	return t.espd == NULL || t.iked == NULL || t.control == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	char path[96];
	int status;

	(void)state;
	kill(t.pid, SIGTERM);
	waitpid(t.pid, &status, 0);
	ipc_client_close(t.control);
	ipc_server_close(t.espd);
	ipc_server_close(t.iked);
	loop_free(t.loop);
	unlink(path_of("nhrpd"));
	unlink(path_of("espd"));
	unlink(path_of("iked"));
	snprintf(path, sizeof(path), "%s", t.dir);
	rmdir(path);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;	/* leaks fail it */
}

/* --- the tests, in order --- */

static void
configuration_becomes_a_registration(void **state)
{
	(void)state;
	wait_for(&t.wants, 1);
	wait_for(&t.adjs, 1);
	wait_for(&t.packets, 1);
	assert_int_equal(t.sent.type, NHRP_REGISTRATION_REQUEST);
	assert_int_equal(addr_to_v4(&t.sent.dst_proto), 0x0a000001);
	assert_int_equal(t.adj.peer_ref, 7);
}

static void
client_becomes_a_row(void **state)
{
	struct nhrp_packet p = {.type = NHRP_REGISTRATION_REQUEST, .hops = 255, .request_id = 1,
	    .src_nbma = addr_v4(0xcb007109), .src_proto = addr_v4(0x0a000009),
	    .dst_proto = addr_v4(0x0a000002), .cie_count = 1, .cies = {{.hold_s = 600}}};
	struct ipc_nhrp m = {.ifname = "Tunnel0", .local = addr_v4(0xcb007102),
	    .nbma = addr_v4(0xcb007109), .peer_ref = 9};
	struct ipc_show q = {.what = SHOW_NHRP, .address = addr_v4(0x0a000009)};
	unsigned int packets = t.packets;
	uint8_t b[200];
	struct wbuf w;

	(void)state;
	wbuf_init(&w, b, sizeof(b));
	nhrp_packet_write(&w, &p);
	m.packet = slice_of(b, wbuf_len(&w));
	ipc_send(t.espd_conn, IPC_MSG_NHRP_IN, &m);
	while (t.sent.type != NHRP_REGISTRATION_REPLY)
		wait_for(&t.packets, ++packets);
	ipc_send(ipc_client_conn(t.control), IPC_MSG_SHOW, &q);
	wait_for(&t.shows, 1);
	assert_int_equal(t.rows, 1);
	assert_int_equal(t.row.type, NHRP_DYNAMIC);
	assert_int_equal(t.row.peer_ref, 9);
	assert_int_equal(t.row.peer_state, PEER_UP);
	assert_string_equal(t.row.name, "Tunnel0");
}

static void
forwarder_that_comes_back_is_told_again(void **state)
{
	unsigned int ends = t.ends;

	(void)state;
	t.adjs = 0;
	ipc_server_close(t.espd);
	t.espd = ipc_listen(t.loop, path_of("espd"), IPC_ESPD, false, IPC_NHRPD, &espd_handlers,
	    NULL);
	assert_non_null(t.espd);
	wait_for(&t.ends, ends + 1);
	assert_int_equal(t.adjs, 2);
}

/* An interface takes what is its own along; what is said of it behind that is no mistake. */
static void
interface_goes_with_what_it_has(void **state)
{
	struct ipc_ifname gone = {.ifname = "Tunnel0"};
	struct ipc_nhs nhs = {.ifname = "Tunnel0", .nhs = addr_v4(0x0a000001)};
	struct ipc_nhrp_map map = {.ifname = "Tunnel0", .nbma = addr_v4(0xcb007101)};
	struct ipc_show q = {.what = SHOW_NHRP_IF};
	struct ipc_conn *c = ipc_client_conn(t.control);

	(void)state;
	ipc_send(c, IPC_MSG_NHRP_IF_DEL, &gone);
	ipc_send(c, IPC_MSG_NHRP_MAP_DEL, &map);
	ipc_send(c, IPC_MSG_NHS_DEL, &nhs);
	ipc_send(c, IPC_MSG_SHOW, &q);
	wait_for(&t.shows, t.shows + 1);
	assert_int_equal(t.complaints, 0);
	ipc_send(c, IPC_MSG_NHS_SET, &nhs);
	wait_for(&t.complaints, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configuration_becomes_a_registration),
		cmocka_unit_test(client_becomes_a_row),
		cmocka_unit_test(forwarder_that_comes_back_is_told_again),
		cmocka_unit_test(interface_goes_with_what_it_has),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
