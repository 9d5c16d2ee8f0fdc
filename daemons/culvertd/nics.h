/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which Linux NIC is GigabitEthernet0/0; and what else culvert.yaml says, which
 * is how many workers the forwarder has.
 *
 * culvert.yaml says so; without it the NICs of the namespace, in the order of their
 * names, are GigabitEthernet0/0, 0/1 and so on.  Everything else (tunnels, loopbacks)
 * keeps its IOS name (lib/names.h).
 */
#ifndef CULVERT_NICS_H
#define CULVERT_NICS_H

#include <stdbool.h>
#include <stddef.h>

#include "names.h"

#define NICS_MAX 64

struct nic {
	struct iface_id id;
	char ifname[16];
	unsigned int line;	/* of culvert.yaml; 0: by order of names */
};

struct nics {
	unsigned int workers;	/* 0: one for each processor, up to four */
	size_t count;
	struct nic nic[NICS_MAX];	/* by iface_cmp */
};

/* Reads culvert.yaml. True, or false with "FILE:LINE: what was expected" in why. */
bool nics_read(struct nics *n, const char *path, char why[256]);
bool nics_parse(struct nics *n, const char *path, const char *text, size_t len, char why[256]);
/* Numbers `count` NICs by name. */
void nics_by_name(struct nics *n, const char (*names)[16], size_t count);

const struct nic *nics_find(const struct nics *n, const struct iface_id *id);	/* NULL: none */
/* The Linux name of any interface; false when it is a NIC that nobody mapped. */
bool nics_linux_name(const struct nics *n, const struct iface_id *id, char ifname[16]);
/* What the configuration calls a Linux interface; false when it has no IOS name. */
bool nics_ios_id(const struct nics *n, const char *ifname, struct iface_id *id);

#endif
