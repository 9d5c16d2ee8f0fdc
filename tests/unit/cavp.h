/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reader of the vectors that NIST's validation programs (CAVP) and others publish, as
 * Debian's python3-cryptography-vectors installs them: text of `NAME = VALUE` lines, one
 * paragraph a case, with `[section]` lines between.  A line that is a word alone is a field
 * without a value.
 */
#ifndef CULVERT_TEST_CAVP_H
#define CULVERT_TEST_CAVP_H

#include <stdbool.h>

#include "buf.h"

#define CAVP_FIELDS_MAX 24

struct cavp_case {
	const char *file;
	unsigned int line;		/* where it begins */
	char section[160];		/* the last one, without its brackets */
	char modulus[2100];		/* of RSA: the last `n`, which stands in a paragraph of its own */
	struct {
		char name[24];
		char *value;
	} field[CAVP_FIELDS_MAX];
	unsigned int fields;
};

/* Where the vectors are: $CAVP_DIR, or Debian's place; NULL: not there. */
const char *cavp_dir(void);
/* Runs `run` for each paragraph of the file and gives how many of them it took (returned true for). */
unsigned int cavp_read(const char *file, bool (*run)(const struct cavp_case *c));

/* A field by its name; "" when it is not there. */
const char *cavp_text(const struct cavp_case *c, const char *name);
/* The same as bytes, of hex digits or of a text in quotes; the caller frees .p. */
struct slice cavp_hex(const struct cavp_case *c, const char *name);
/* Ends the test: this case did not come out as it should. */
void cavp_fail(const struct cavp_case *c) __attribute__((noreturn));

#endif
