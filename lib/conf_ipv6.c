/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_ipv6.h"

#include <stdlib.h>

#include "conf_list.h"

bool
conf_ipv6_on(const struct conf_ipv6 *v)
{
	return v->enable || addr_is_set(&v->link_local) || v->addresses != NULL;
}

/* The entry of exactly this prefix; NULL: none. */
static struct conf_addr *
conf_ipv6_find(const struct conf_ipv6 *v, const struct prefix *p)
{
	struct conf_addr *a;

	DL_FOREACH(v->addresses, a)
		if (prefix_eq(&a->prefix, p))
			return a;
	return NULL;
}

void
conf_ipv6_add(struct conf_ipv6 *v, const struct prefix *p)
{
	struct conf_addr *a;

	if (conf_ipv6_find(v, p) != NULL)
		return;
	a = conf_zeroed(sizeof(*a));
	a->prefix = *p;
	DL_APPEND(v->addresses, a);
}

void
conf_ipv6_del(struct conf_ipv6 *v, const struct prefix *p)
{
	struct conf_addr *a = conf_ipv6_find(v, p);

	if (a == NULL)
		return;
	DL_DELETE(v->addresses, a);
	free(a);
}

void
conf_ipv6_clear(struct conf_ipv6 *v)
{
	while (v->addresses != NULL)
		conf_ipv6_del(v, &v->addresses->prefix);
	v->link_local = (struct addr){0};
}

bool
addr_is_link_local(const struct addr *a)
{
	return a->family == ADDR_V6 && a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}
