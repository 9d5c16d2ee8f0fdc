/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wish.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

void *
wishes_add(struct wishes *w, enum ipc_role to, enum ipc_type set, enum ipc_type del,
    const char *key_fmt, ...)
{
	struct wish *x = calloc(1, sizeof(*x)), *there;
	va_list ap;
	int n;

	if (x == NULL || (x->body = calloc(1, ipc_body_size(set))) == NULL)
		log_fatal("out of memory for the configuration");
	n = snprintf(x->key, sizeof(x->key), "%s %s ", ipc_role_name(to), ipc_type_name(set));
	va_start(ap, key_fmt);
	vsnprintf(x->key + n, sizeof(x->key) - (size_t)n, key_fmt, ap);
	va_end(ap);
	HASH_FIND_STR(w->all, x->key, there);
	if (there != NULL) {
		free(x->body);
		free(x);
		return NULL;
	}
	x->to = to;
	x->set = set;
	x->del = del;
	HASH_ADD_STR(w->all, key, x);
	return x->body;
}

void
wishes_free(struct wishes *w)
{
	struct wish *x, *next;

	HASH_ITER(hh, w->all, x, next) {
		HASH_DEL(w->all, x);
		ipc_body_wipe(x->set, x->body);
		free(x->body);
		free(x);
	}
}

static void
take_back(const struct wish *x, wish_send *send, void *arg)
{
	struct ipc_ifname name = {0};

	if (x->set == IPC_MSG_TUNNEL_SET)
		memcpy(name.ifname, ((struct ipc_tunnel *)x->body)->ifname, sizeof(name.ifname));
	else if (x->set == IPC_MSG_NHRP_IF_SET)
		memcpy(name.ifname, ((struct ipc_nhrp_if *)x->body)->ifname, sizeof(name.ifname));
	send(arg, x->del, name.ifname[0] != '\0' ? (const void *)&name : x->body);
}

unsigned int
wishes_diff(const struct wishes *have, const struct wishes *want, enum ipc_role to,
    wish_send *send, void *arg)
{
	const struct wish *x, *there;
	unsigned int count = 0;

	for (x = have->all; x != NULL; x = x->hh.next) {
		HASH_FIND_STR(want->all, x->key, there);
		if (x->to != to || there != NULL || x->del == IPC_NONE)
			continue;
		take_back(x, send, arg);
		count++;
	}
	for (x = want->all; x != NULL; x = x->hh.next) {
		HASH_FIND_STR(have->all, x->key, there);
		if (x->to != to ||
		    (there != NULL && memcmp(there->body, x->body, ipc_body_size(x->set)) == 0))
			continue;
		send(arg, x->set, x->body);
		count++;
	}
	return count;
}

void
wishes_all(const struct wishes *want, enum ipc_role to, wish_send *send, void *arg)
{
	static const struct wishes nothing;

	wishes_diff(&nothing, want, to, send, arg);
}
