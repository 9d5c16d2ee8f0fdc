/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of the router's own, as IOS names them: flash:NAME, or NAME alone.
 *
 * They are plain files in the folder RUNDIR/flash, which control makes at boot
 * as a link to the folder `flash` beside the startup-config.  A name has no
 * folder in it, so that nothing else can be reached by it.
 */
#ifndef CULVERT_FLASH_H
#define CULVERT_FLASH_H

#include <stdbool.h>
#include <stddef.h>

/* Does it begin with the name of a place, as flash:NAME does? */
bool flash_is_place(const char *url);
/* Behind the place and its slash; "" when there is only a place. */
const char *flash_name(const char *url);
/* The path of the file; NULL, or why there is none, in words for the operator. */
const char *flash_path(const char *rundir, const char *url, char *path, size_t room);

#endif
