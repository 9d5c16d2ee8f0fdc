/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the lists of the configuration have in common, of conf.c and conf_*.c alone.  An
 * entry belongs to its list; out of memory ends the process.
 */
#ifndef CULVERT_CONF_LIST_H
#define CULVERT_CONF_LIST_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "log.h"

static inline void *
conf_zeroed(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		log_fatal("out of memory for the configuration");
	return p;
}

static inline void *
conf_copied(const void *from, size_t size)
{
	return memcpy(conf_zeroed(size), from, size);
}

/* `to` becomes a list of copies of from's entries; what those own is still the first's. */
#define CONF_LIST_COPY(to, from)							\
	do {										\
		const __typeof__(*(to)) *e_ = (from);					\
		__typeof__(to) copy_;							\
											\
		for ((to) = NULL; e_ != NULL; e_ = e_->next) {				\
			copy_ = conf_copied(e_, sizeof(*e_));				\
			DL_APPEND(to, copy_);						\
		}									\
	} while (0)

/* Frees the entries of a list that own nothing. */
#define CONF_LIST_FREE(list)								\
	do {										\
		while ((list) != NULL) {						\
			__typeof__(list) first_ = (list);				\
											\
			DL_DELETE(list, first_);					\
			free(first_);							\
		}									\
	} while (0)

#endif
