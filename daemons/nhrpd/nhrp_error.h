/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Error indications, RFC 2332 5.2.7: sent at a limited rate and never about an
 * indication; received, logged and told to whoever asked.
 *
 * RFC 2332 wants no extension in them, yet IOS drops one without its
 * authentication string unless it is about authentication: so do we send, and
 * accept either.
 */
#ifndef CULVERT_NHRP_ERROR_H
#define CULVERT_NHRP_ERROR_H

#include "nhrp_if.h"

void nhrp_error_send(struct nhrp_rx *rx, enum nhrp_error code, unsigned int offset);
/* Who answers must understand every compulsory extension; true: it was refused. */
bool nhrp_error_if_unknown_extension(struct nhrp_rx *rx);
void nhrp_error_receive(struct nhrp_rx *rx);

#endif
