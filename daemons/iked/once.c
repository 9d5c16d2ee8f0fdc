/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "once.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "log.h"

struct name {
	UT_hash_handle hh;
	char text[];
};

static struct name *names;

const char *
name_once(const char *name)
{
	size_t len = strlen(name);
	struct name *n;

	if (len == 0)
		return "";
	HASH_FIND(hh, names, name, len, n);
	if (n != NULL)
		return n->text;
	n = calloc(1, sizeof(*n) + len + 1);
	if (n == NULL)
		log_fatal("out of memory for a name");
	memcpy(n->text, name, len);
	HASH_ADD_KEYPTR(hh, names, n->text, len, n);
	return n->text;
}
