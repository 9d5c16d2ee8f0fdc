/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows that daemons would answer a `show` with, laid ready by a test, and a
 * source that renderers get them from.  The clock stands still.
 */
#ifndef CULVERT_TEST_SHOW_FEED_H
#define CULVERT_TEST_SHOW_FEED_H

#include "../../cli/show.h"
#include "algs.h"
#include "names.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, NOW_S = 100 * DAY };

#define AGO(s) ((uint64_t)(NOW_S - (s)) * 1000000)
#define IN(s) ((uint64_t)(NOW_S + (s)) * 1000000)

struct fed_row {
	enum ipc_role server;
	enum ipc_show_what what;
	enum ipc_type type;
	union ipc_body body;
};

extern struct fed_row fed[160];
extern size_t fed_count;
extern enum ipc_role silent;	/* a daemon that does not answer */
extern struct show_source fed_source;

/* What cannot be parsed ends the test. */
struct addr A(const char *s);
struct prefix P(const char *s);

/* One row more; it lives until fed_count is 0 again. */
union ipc_body *feed(enum ipc_role server, enum ipc_show_what what, enum ipc_type type);
void feed_text(enum ipc_show_what what, const char *text);	/* borrows it */
struct ipc_row_interface *feed_interface(const char *name, enum iface_type type,
    const char *address);
void feed_tunnel(const char *name, enum tunnel_kind kind, const char *address,
    const char *destination);
struct ipc_row_ike_sa *feed_ike(uint32_t conn_id, uint32_t peer_ref, const char *tunnel,
    const char *remote);
struct ipc_row_flow *feed_flow(uint32_t peer_ref, const char *tunnel, const char *remote,
    uint32_t spi_in, uint32_t spi_out);
void feed_esp(uint32_t peer_ref, uint32_t spi, uint64_t packets);
void feed_esp_peer(uint32_t peer_ref, const char *remote, uint64_t packets);

/*
 * The rows of R1: a hub of Tunnel0 (mGRE, protected) with two spokes, one of
 * them behind NAT and in the middle of a rekey; a spoke of Tunnel2 (in clear);
 * and Tunnel1 is a VTI whose peer does not answer.  A cmocka setup.
 */
int show_scene(void **state);

#endif
