/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the running-config comes from when control starts (the memory of the
 * control before, else the startup-config), and where `write memory` puts it.
 */
#ifndef CULVERT_BOOT_H
#define CULVERT_BOOT_H

#include <stdbool.h>
#include <stddef.h>

struct control;
struct text;

/* Fills in nics, conf, saved, startup_errors, owned, warm. NULL, or why we cannot run. */
const char *boot_config(struct control *c);
/* Is this `interface GigabitEthernet...` with no NIC behind it? Then why says so. */
bool boot_names_no_nic(const struct control *c, const char *line, char why[256]);
/* Writes the running-config to the startup-config, all or nothing. NULL or a sentence. */
const char *boot_write(struct control *c);
/* The same to a file of flash: (lib/flash.h); *bytes is how long it is. */
const char *boot_write_to(const struct control *c, const char *url, size_t *bytes);
/* Empties the startup-config. NULL or a sentence. */
const char *boot_erase(struct control *c);
/* Does the running-config say what the startup-config does not, or less? */
bool boot_is_unsaved(const struct control *c);
/* The startup-config's text, empty when there is none. NULL or a sentence. */
const char *boot_read_startup(const struct control *c, struct text *out);
void boot_show_errors(const struct control *c, struct text *out);	/* "LINE: reason" */
void boot_flash(const struct control *c);	/* the folder of flash: (lib/flash.h) */
void boot_keep(struct control *c);		/* the running-config to the memory that outlives us */

#endif
