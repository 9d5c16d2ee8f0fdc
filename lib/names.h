/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Interface names as IOS writes them, and what Linux can call them.
 *
 * "gi0/0", "GigabitEthernet 0/0" and "GigabitEthernet0/0" are one name; the
 * last is canonical.  Linux refuses '/' and more than 15 bytes, so which NIC is
 * GigabitEthernet0/0 is told by culvert.yaml; tunnels and loopbacks keep their
 * name where it fits.
 */
#ifndef CULVERT_NAMES_H
#define CULVERT_NAMES_H

#include <stdbool.h>

#define IFACE_NAME_MAX 32	/* with NUL */

enum iface_type {
	IFACE_NONE,
	IFACE_GIGABIT,
	IFACE_LOOPBACK,
	IFACE_TUNNEL,
};

struct iface_id {
	enum iface_type type;
	unsigned int slot, port;	/* GigabitEthernet: slot/port, or port alone with has_slot off */
	bool has_slot;
	unsigned int unit;		/* Loopback, Tunnel */
};

/* Type word (abbreviated, any case) and number, with or without a blank between.
 * False when it is no interface name. */
bool iface_parse(struct iface_id *id, const char *s);
char *iface_name(const struct iface_id *id, char buf[IFACE_NAME_MAX]);		/* GigabitEthernet0/0 */
char *iface_short_name(const struct iface_id *id, char buf[IFACE_NAME_MAX]);	/* Gi0/0 */
int iface_cmp(const struct iface_id *a, const struct iface_id *b);	/* running-config order */
/* The Linux name of a tunnel or loopback device (at most 15 bytes). */
void iface_linux_name(const struct iface_id *id, char buf[16]);

#endif
