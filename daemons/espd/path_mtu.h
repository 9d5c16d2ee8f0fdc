/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The MTU of the way to a peer, and what follows from it for a packet.
 *
 * A way is that of a protected peer, of a point-to-point tunnel in clear, or of
 * a next hop of a multipoint tunnel in clear.  Of each the control thread knows
 * the MTU of the device that packets leave by, and what a router on the way
 * said (RFC 1191, RFC 8201; path_learn.h); workers read the smaller.
 *
 * What does not fit is cut before it is encapsulated, fragmented after that, or
 * answered with ICMP: the ways of RFC 4459 3.1 to 3.3.
 */
#ifndef CULVERT_PATH_MTU_H
#define CULVERT_PATH_MTU_H

#include "inner.h"
#include "mono.h"

struct path_mtu {
	/* workers read these: stat_get() */
	uint16_t mtu;			/* 0: no limit is known */
	bool narrow;			/* below the least that is believed: outer packets have no DF */
	/* the control thread's */
	bool looked_up;			/* its device was asked for since it leads where it does */
	uint16_t link;			/* of the device; 0: not known */
	uint16_t learned;		/* 0: nothing */
	int64_t until_us;		/* of what was learned; 0: for ever */
};

/* How much is believed, and for how long. */
struct path_trust {
	uint16_t least;
	uint16_t age_min;		/* 0: for ever */
};

/* Control thread. */
void path_mtu_set_link(struct path_mtu *w, uint16_t link);
/* An error that is believed; false when it is no news: it may lower the MTU, never raise it. */
bool path_mtu_learn(struct path_mtu *w, uint16_t said, const struct path_trust *trust, mono_t now);
void path_mtu_age(struct path_mtu *w, mono_t now);
void path_mtu_forget(struct path_mtu *w);	/* it leads elsewhere now */

/* What is configured for packets that are too long. */
struct path_rule {
	uint8_t df;			/* enum ipc_df */
	bool cut_after;			/* fragment what is encapsulated, not what is inside */
	bool learns;			/* else outer packets never have DF, and what has it goes whole */
};

enum path_fit { PATH_WHOLE, PATH_CUT, PATH_TELL };

/*
 * Of a packet for whose bytes there is so much room on the way: whether it goes
 * whole, is cut to that length, or is answered with it.  `df`: whether what
 * encapsulates it, or its pieces, has DF.
 */
enum path_fit path_fit(const struct path_rule *r, const struct path_mtu *w,
    const struct inner *in, size_t room, bool *df);

#endif
