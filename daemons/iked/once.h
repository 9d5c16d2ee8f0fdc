/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of the configuration, each in memory once: ten thousand peers of one
 * protection share its name.  A name stays as long as the process, so it outlives
 * what it names; only names that the operator gave, or that are empty, come here.
 */
#ifndef CULVERT_IKE_ONCE_H
#define CULVERT_IKE_ONCE_H

const char *name_once(const char *name);

#endif
