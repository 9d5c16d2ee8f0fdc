/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Protections by number.  A protection names the tunnels that share SAs; the
 * names come from the configuration, so they are few, and packets compare
 * numbers.  0 is "in clear".
 */
#ifndef CULVERT_PROTECTION_H
#define CULVERT_PROTECTION_H

#include <stdint.h>

#define PROTECTIONS_MAX 8192

uint16_t protection_id(const char *name);	/* the same number for the same name; 0 for "" */
const char *protection_name(uint16_t id);	/* "" for 0 */
void protection_forget_all(void);		/* at the end */

#endif
