/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --More--: long output in screenfuls. */
#ifndef CULVERT_PAGER_H
#define CULVERT_PAGER_H

#include <stddef.h>

/* Bytes of text that fill at most `rows` rows of `width` columns (0: never wraps). */
size_t pager_chunk(const char *text, unsigned int rows, unsigned int width);

/* Prints text; after each `length` rows (0: never) asks for a key on standard input:
 * blank for a screen, Enter for a line, anything else to stop. */
void pager_print(const char *text, unsigned int length, unsigned int width);

#endif
