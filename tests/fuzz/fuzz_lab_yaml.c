/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a lab's file: read and checked, or refused with a reason. */
#include <stdio.h>
#include <stdlib.h>

#include "lab.h"
#include "lab_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What lab_check.c wants of the rest of culvert-lab. */
int
run_capture(const char *netns, const char *const argv[], char *out, size_t size)
{
	(void)netns;
	(void)argv;
	snprintf(out, size, "%s", "");
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char err[LAB_ERR_MAX] = "";
	struct lab *lab = lab_parse("dir/try.yaml", (const char *)data, size, err);

	if (lab == NULL && err[0] == '\0')
		abort();
	if (lab != NULL) {
		err[0] = '\0';
		if (!lab_check(lab, err) && err[0] == '\0')
			abort();
		lab_free(lab);
	}
	return 0;
}
