/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ip tcp adjust-mss: lowers the MSS option of a TCP SYN that passes. */
#ifndef CULVERT_MSS_H
#define CULVERT_MSS_H

#include "inner.h"

void mss_clamp(struct inner *in, uint16_t mss);		/* 0: off */

#endif
