/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "Is this source a static peer?"
 *
 * A static peer is one that the configuration names: the destination of a
 * protected point-to-point tunnel (GRE or VTI), or an NBMA address of `ip nhrp
 * map` or `ip nhrp nhs` (nhrpd says so when it wants the peer).  Whoever is
 * only known because he spoke to us is not, and nothing that is not
 * authenticated may make us speak to him.  This file is the only place that
 * answers the question.
 */
#ifndef CULVERT_IKE_STATIC_PEER_H
#define CULVERT_IKE_STATIC_PEER_H

#include "engine.h"

/* The peer, or NULL: the source is not one. */
struct ike_peer *static_peer(const struct ike_engine *e, const struct addr *local,
    const struct addr *source);

#endif
