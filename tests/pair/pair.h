/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two IKE engines in one process, with a wire between them that the test
 * holds: it can lose, double, delay and reorder datagrams, and translate
 * addresses as a NAT does.  Time is the test's.
 *
 * Each side has a forwarder of its own that keeps what it was told (which
 * pairs receive, which one sends) and checks at every change that nobody sends
 * on an SA that the other side does not have.
 */
#ifndef CULVERT_TEST_PAIR_H
#define CULVERT_TEST_PAIR_H

#include "child.h"
#include "clear.h"
#include "engine_life.h"
#include "events.h"
#include "ike_msg.h"
#include "ike_sa.h"
#include "ikev2_wire.h"
#include "kept.h"
#include "peer.h"

enum { PAIRS_MAX = 256, WIRE_MAX = 256 };
enum { PAIR_WINDOW = 5 };		/* crypto ikev2 window, as it is when not configured */

struct flight {			/* a datagram on its way */
	struct pair_side *to;
	struct ike_path path;	/* as the receiver will see it */
	size_t len;
	uint8_t b[IKEV2_MESSAGE_MAX];
};

struct pair_side {
	struct pair *pair;
	struct ike_engine e;
	struct kept *kept;
	struct addr addr;		/* on its own network */
	struct ipc_sa sas[PAIRS_MAX];	/* what espd holds; spi 0: free */
	uint32_t out_spi;		/* peer_spi in use; 0: none */
	uint32_t next_spi;
	bool espd_silent;		/* SPI_RESERVE is not answered */
	unsigned int peer_states;
	unsigned int downs;		/* times that nhrpd was told: down */
	struct ipc_peer_state last_state;
	unsigned int removed;		/* SA_REMOVE heard */
	uint32_t reserved[64];		/* txn of SPI_RESERVE, to be answered in the next round */
	unsigned int reserves;
};

struct pair {
	struct loop *loop;
	struct pair_side a, b;
	struct flight *wire[WIRE_MAX];
	unsigned int on_wire, sent;
	/* Return false to lose it.  NULL: nothing is lost. */
	bool (*filter)(struct pair *p, const struct flight *f);
	int count;			/* the filter's own */
	bool double_all, reverse;
	uint32_t shuffle;		/* not 0: the order is that of a generator that it seeds */
	struct addr nat;		/* set: a is behind it */
	uint16_t nat_port_500, nat_port_4500;
	unsigned int lacking;		/* times when one sent on an SA that the other lacked */
	unsigned int version;		/* of IKE: pair_protect uses it */
};

void pair_init(struct pair *p, const char *psk_a, const char *psk_b);
void pair_init2(struct pair *p, const char *psk_a, const char *psk_b);	/* version 2 */
void pair_init_version(struct pair *p, unsigned int version);	/* 1 or 2, and one key */
void pair_init_v6(struct pair *p);	/* IPv6 outside, and one key */
void pair_behind_nat(struct pair *p);	/* a gets another address, and ports 1024 and 61234 before b */
void pair_free(struct pair *p);
void pair_protect(struct pair_side *s, uint8_t kind, uint8_t mode, const struct addr *remote);
void pair_crash(struct pair_side *s);		/* the process dies and comes back, with what was kept */
void pair_reboot(struct pair_side *s);		/* the router does, and nothing was kept */
void pair_run(struct pair *p);			/* until the wire is empty */
void pair_pass(struct pair *p, unsigned int ms);	/* time, with deliveries in between */
void pair_up(struct pair *p);			/* GRE, both configured; a begins */
void pair_up_both(struct pair *p);		/* the same, and both begin */
struct ike_child *pair_current(struct pair_side *s);
struct ikev2_sa *pair_ikev2_sa(struct pair_side *s);	/* one that is up, or NULL */
unsigned int pair_children(struct pair_side *s);
unsigned int pair_sas(struct pair_side *s);	/* established */
bool pair_works(struct pair *p);		/* both send on what the other receives */
uint32_t pair_chance(uint32_t *seed, uint32_t below);	/* a number below that, the same each time */
unsigned int pair_exchange_of(const struct flight *f);
bool pair_is_answer(const struct flight *f);	/* of IKEv2 */
uint32_t pair_msgid_of(const struct flight *f);
struct ikev2_sa *pair_only_ikev2_sa(struct pair_side *s);	/* NULL: none is up, or others are there */
void pair_soft_expiry(struct pair_side *s);	/* espd: the current pair wants to be replaced */
void pair_forge_main1(struct pair *p, const struct addr *from);	/* a stranger's MM1 to b */

/* Filters. */
bool pair_lose_all(struct pair *p, const struct flight *f);
bool pair_lose_nth(struct pair *p, const struct flight *f);	/* the one numbered `count`, from 0 */

/* Fixtures of a group of tests: what is logged is counted, and not said. */
extern unsigned int pair_lines;
int pair_quiet(void **state);
int pair_loud(void **state);

#endif
