/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "privilege.h"

#include <cap-ng.h>
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "log.h"

/* The bounding set can only be emptied by who has CAP_SETPCAP, which a service manager may have taken. */
static capng_select_t
what_may_be_applied(void)
{
	return capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS;
}

void
privilege_keep(const unsigned int *caps, size_t count)
{
	capng_select_t what;
	unsigned int keep[8];
	size_t i, kept = 0;

	if (capng_get_caps_process() < 0)
		log_fatal("capabilities cannot be read: %s", strerror(errno));
	what = what_may_be_applied();
	for (i = 0; i < count && kept < sizeof(keep) / sizeof(keep[0]); i++)
		if (capng_have_capability(CAPNG_PERMITTED, caps[i]))
			keep[kept++] = caps[i];
	capng_clear(CAPNG_SELECT_BOTH);
	for (i = 0; i < kept; i++)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, keep[i]);
	if (capng_apply(what) < 0)
		log_fatal("capabilities cannot be given up: %s", strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		log_fatal("no_new_privs: %s", strerror(errno));
}
