/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What peers and pairs of ESP SAs want of IKE, whichever version it is.
 *
 * A peer's version is that of its protection: IKEv2 where an `ikev2-profile`
 * is configured.  peer.c and child.c know no other difference.
 */
#ifndef CULVERT_IKE_VERSION_H
#define CULVERT_IKE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

struct ike_child;
struct ike_path;
struct ike_peer;

struct ike_version {
	uint8_t number;
	/* A pair is being negotiated with this peer. */
	bool (*negotiates)(const struct ike_peer *p);
	/* Negotiate a pair, with an IKE SA first if there is none; false: not possible now. */
	bool (*begin)(struct ike_peer *p);
	void (*rekey)(struct ike_child *c);
	/* The pair goes: negotiations forget it, and with `tell` the peer is told. */
	void (*child_gone)(struct ike_child *c, bool tell);
	void (*peer_gone)(struct ike_peer *p);
	uint8_t (*status)(struct ike_peer *p);	/* enum ipc_peer_status, of one without a pair */
	/* Both sides began at once, and of the two pairs c is the one that goes, on both sides. */
	bool (*lost_crossing)(const struct ike_child *c, const struct ike_child *other);
	/* Packets go out and none come in: is it still there? */
	void (*idle)(struct ike_child *c);
	/* Authenticated ESP came from there. */
	void (*moved)(struct ike_peer *p, const struct ike_path *path);
	bool (*has_sa)(const struct ike_peer *p);	/* an IKE SA is up */
};

extern const struct ike_version ikev1_version, ikev2_version;

#endif
