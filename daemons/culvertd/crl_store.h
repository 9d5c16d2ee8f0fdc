/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificate revocation lists, one a trustpoint that checks revocation.
 *
 * A list is fetched from where `crl query` says, else from the distribution point
 * that our own certificate of that trustpoint names - never from one that a
 * peer's certificate names, or any peer could send us anywhere.  It is read ahead,
 * so that no negotiation waits: at once when it is configured, again when its
 * nextUpdate has come (but at least once a day), and a minute after a failure.
 * iked checks its signature and its dates.
 */
#ifndef CULVERT_CRL_STORE_H
#define CULVERT_CRL_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "conf_pki.h"
#include "loop.h"

#define CRL_BYTES_MAX (256u * 1024)

struct crl_store;

struct stored_crl {
	char trustpoint[64];
	char url[CERT_URL_STRLEN];
	bool published;			/* url is our certificate's, not configured */
	uint8_t *der;			/* NULL: there is none */
	size_t len;
	uint32_t id;			/* another for each list that was read */
	char issuer[CERT_NAME_STRLEN];
	int64_t last_update_s, next_update_s, fetched_s;	/* since 1970; 0: not said */
	char why[64];			/* the last try failed because; empty: it did not */
	/* private */
	struct crl_store *store;
	mono_t due;
	struct watch watch;
	int fd;				/* of a transfer; -1: none */
	int pid;
	struct text got;
	struct stored_crl *prev, *next;
};

struct crl_store {
	struct loop *loop;
	struct timer timer;
	struct stored_crl *crls;
	uint32_t last_id;
	void (*changed)(void *arg);	/* another list is there */
	void *arg;
};

void crl_store_open(struct crl_store *s, struct loop *l, void (*changed)(void *), void *arg);
void crl_store_close(struct crl_store *s);
/* The configuration changed: which lists are wanted. */
void crl_store_update(struct crl_store *s, const struct conf_pki *p);
/* Fetch it now.  NULL, or why that cannot be. */
const char *crl_store_request(struct crl_store *s, const char *trustpoint);
const struct stored_crl *crl_store_find(const struct crl_store *s, const char *trustpoint);

#endif
