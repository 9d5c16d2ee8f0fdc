/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protection.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "log.h"

struct protection {
	char name[64];
	uint16_t id;
	UT_hash_handle hh;
};

static struct protection *by_name;
static struct protection *by_id[PROTECTIONS_MAX];

uint16_t
protection_id(const char *name)
{
	struct protection *p;
	unsigned int n;

	if (name[0] == '\0')
		return 0;
	HASH_FIND_STR(by_name, name, p);
	if (p != NULL)
		return p->id;
	n = HASH_COUNT(by_name) + 1;
	if (n >= PROTECTIONS_MAX)
		log_fatal("more than %d different protections", PROTECTIONS_MAX - 1);
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		log_fatal("out of memory");
	memcpy(p->name, name, strnlen(name, sizeof(p->name) - 1));
	p->id = (uint16_t)n;
	by_id[n] = p;
	HASH_ADD_STR(by_name, name, p);
	return p->id;
}

const char *
protection_name(uint16_t id)
{
	return id < PROTECTIONS_MAX && by_id[id] != NULL ? by_id[id]->name : "";
}

void
protection_forget_all(void)
{
	struct protection *p, *next;

	HASH_ITER(hh, by_name, p, next) {
		HASH_DEL(by_name, p);
		by_id[p->id] = NULL;
		free(p);
	}
}
