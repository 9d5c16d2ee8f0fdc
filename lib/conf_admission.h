/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the configuration that is of crypto call admission. */
#ifndef CULVERT_CONF_ADMISSION_H
#define CULVERT_CONF_ADMISSION_H

#include <stdint.h>

struct conf_admission {		/* a member of struct conf; 0: not configured */
	uint32_t ike_sas;		/* limit ike sa */
	uint32_t in_negotiation;	/* limit ike in-negotiation-sa */
};

#endif
