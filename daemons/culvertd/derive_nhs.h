/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the running-config to a tunnel's next hop servers, as nhrpd gets them. */
#ifndef CULVERT_DERIVE_NHS_H
#define CULVERT_DERIVE_NHS_H

#include "conf.h"
#include "wish.h"

void derive_nhs(const struct conf_iface *i, const char *ifname, struct wishes *out);

#endif
