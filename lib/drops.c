/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drops.h"

const char *const drop_names[DROP_COUNT] = {
#define X(id, view, what) #id,
	DROPS(X)
#undef X
};

const char *const drop_views[DROP_COUNT] = {
#define X(id, view, what) view,
	DROPS(X)
#undef X
};
