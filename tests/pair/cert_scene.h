/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates between the two engines of a pair (pair.h): one CA for a group
 * of tests, what each side has of it, and how it ends.  Valid is what is made
 * here from a day ago to a day from now, by the machine's clock.
 */
#ifndef CULVERT_TEST_CERT_SCENE_H
#define CULVERT_TEST_CERT_SCENE_H

#include "../unit/cert_maker.h"
#include "conf_pki.h"
#include "pair.h"

enum { SCENE_DAY_S = 86400 };

extern X509 *scene_ca;
extern EVP_PKEY *scene_ca_key;
/* Fixtures of a group. */
int scene_make_ca(void **state);
int scene_free_ca(void **state);

/* The caller frees them.  alt and serial as of struct maker_cert. */
X509 *scene_other_ca(EVP_PKEY *key, const char *subject);
X509 *scene_issue(EVP_PKEY *key, const char *subject, const char *alt, long serial);
X509 *scene_issue_by(X509 *ca, EVP_PKEY *ca_key, EVP_PKEY *key, const char *subject);

/* What a side is told: trustpoint `name` has this CA; and this certificate, with its key. */
void scene_trust(struct pair_side *s, const char *name, X509 *anchor);
void scene_own(struct pair_side *s, const char *name, X509 *cert, EVP_PKEY *key);
/* ... asks for a CRL, and has one that names this serial number. */
void scene_revoke(struct pair_side *s, const char *name, long serial);
/* Certificate map MAP: the subject contains `text`. */
void scene_map_subject(struct pair_side *s, const char *text);

/* One IKE SA and both directions, some seconds later. */
void scene_stays_up(struct pair *p);
/* From the beginning; both end the pair. */
void scene_comes_up(struct pair *p);
void scene_is_refused(struct pair *p);

#endif
