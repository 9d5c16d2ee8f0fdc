/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An IKEv2 SA as show commands get it. */
#ifndef CULVERT_IKE_SHOW_IKEV2_H
#define CULVERT_IKE_SHOW_IKEV2_H

#include "ipc.h"

struct ikev2_sa;

void show_ikev2_row(const struct ikev2_sa *sa, struct ipc_row_ikev2_sa *out);

#endif
