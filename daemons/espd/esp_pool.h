/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory for what a cipher keeps of each key: its contexts and tables.
 *
 * A packet reads all of its SA's table, and twenty thousand tables lie on more
 * pages than the CPU remembers the places of.  So they are cut from chunks of
 * the size of a huge page, which the kernel is asked to make one; only the
 * first chunk is small, because most forwarders have few SAs.  What is given
 * back is wiped and used again.  One thread's: the one that installs SAs.
 */
#ifndef CULVERT_ESP_POOL_H
#define CULVERT_ESP_POOL_H

#define ESP_POOL_SLOT 1152	/* bytes, aligned to 64 */

void *esp_pool_get(void);
void esp_pool_put(void *slot);	/* NULL is nothing */

#endif
