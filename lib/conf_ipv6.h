/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPv6 on an interface, as a part of the running-config (conf.h). */
#ifndef CULVERT_CONF_IPV6_H
#define CULVERT_CONF_IPV6_H

#include <stdbool.h>

#include "addr.h"

struct conf_addr {		/* a list of addresses: multicast maps, secondaries, IPv6 */
	struct prefix prefix;	/* multicast maps use .addr only; an interface's has host bits */
	struct conf_addr *prev, *next;
};

struct conf_ipv6 {
	bool enable;			/* ipv6 enable: a link-local address at least */
	struct addr link_local;		/* ipv6 address A link-local; unset: the kernel's choice */
	struct conf_addr *addresses;	/* ipv6 address A/L, in the order typed */
};

/* Whether the interface speaks IPv6. */
bool conf_ipv6_on(const struct conf_ipv6 *v);
void conf_ipv6_add(struct conf_ipv6 *v, const struct prefix *p);	/* once */
void conf_ipv6_del(struct conf_ipv6 *v, const struct prefix *p);
void conf_ipv6_clear(struct conf_ipv6 *v);		/* all addresses; `enable` stays */

bool addr_is_link_local(const struct addr *a);		/* fe80::/10 */

#endif
