/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the kernel do IPsec of its own here?  Then two would take each other's packets. */
#ifndef CULVERT_XFRM_H
#define CULVERT_XFRM_H

#include <stdbool.h>

bool xfrm_in_use(void);		/* SAs or policies are there; false where there is no XFRM */

#endif
