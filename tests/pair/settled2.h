/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two routers with one tunnel have when IKEv2 has done its work. */
#ifndef CULVERT_SETTLED2_H
#define CULVERT_SETTLED2_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ikev2.h"
#include "pair.h"

/* Asserts that both have one IKE SA and use one pair of SAs, the same. */
void settled2(struct pair *p);
/* A pair that is up, and settled. */
void settled2_up(struct pair *p);

#endif
