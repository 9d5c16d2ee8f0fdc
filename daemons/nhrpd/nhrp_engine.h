/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The NHRP engine: one router's NHRP, without a socket.
 *
 *     ctl ----> nhrp_if, cache (maps), nhs           configuration
 *     espd ---> nhrp_receive --> server              a client registers with us
 *                            --> nhs                 the answer to our registration
 *                            --> answer, resolve     who is behind ...? / we asked
 *                            --> purge, redirect, nhrp_error
 *                            --> nhrp_forward        for somebody else
 *     iked ---> protect ---> cache, nhs, answer      a session came up or went away
 *               publish ---> espd                    adjacencies, shortcuts, multicast
 *
 * A test gives it a loop whose clock it owns and carries the packets itself.
 *
 * What must outlive the process (configuration, cache, next hop servers,
 * sessions) is written through kept.h whenever it changes.
 */
#ifndef CULVERT_NHRP_ENGINE_H
#define CULVERT_NHRP_ENGINE_H

#include "nhrp.h"

/* keep: mapped table of kept_slot_size() slots; the engine owns it from here on. */
struct nhrp *nhrp_new(struct loop *l, const struct nhrp_ops *ops, void *arg, struct keep *keep);
void nhrp_free(struct nhrp *n);

/* espd says: an NHRP packet came in. */
void nhrp_receive(struct nhrp *n, const struct ipc_nhrp *m);

#endif
