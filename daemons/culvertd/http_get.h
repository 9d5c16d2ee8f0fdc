/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One HTTP/1.0 GET, for CRLs (RFC 5280 4.2.1.13), in a child process: names are
 * resolved there, and nobody waits.  The child has no privileges, no other
 * descriptor than its pipe, and 20 seconds; what it read goes into the pipe as it
 * came, and is looked at by who reads.
 */
#ifndef CULVERT_HTTP_GET_H
#define CULVERT_HTTP_GET_H

#include <sys/types.h>

#include "buf.h"

/* "http://HOST[:PORT]/PATH"; an IPv6 address stands in brackets.  The pipe's end to be read, or -1
 * and *why.  The caller closes it, and then waits for *pid. */
int http_get(const char *url, size_t max_bytes, pid_t *pid, const char **why);

/* The body of a whole answer; NULL p and *why for another status than 200 and what is no HTTP. */
struct slice http_body(struct slice answer, const char **why);

#endif
