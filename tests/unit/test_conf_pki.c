/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trustpoints: which certificate replaces which, what iked gets, and where keys are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cert_maker.h"
#include "conf_pki.h"
#include "derive_pki.h"

static unsigned int
count(const struct conf_trustpoint *t)
{
	const struct conf_cert *c;
	unsigned int n = 0;

	for (c = t->certs; c != NULL; c = c->next)
		n++;
	return n;
}

static void
set(struct conf_trustpoint *t, enum conf_cert_kind kind, X509 *x)
{
	struct blob der;

	maker_der(x, &der);
	assert_null(conf_cert_set(t, kind, slice_of(der.b, der.len)));
}

/* Serial numbers are of who issued: two CAs of a chain may both have 1. */
static void
cas_of_one_serial_are_kept(void **state)
{
	EVP_PKEY *key = maker_key("P-256");
	X509 *root = maker_cert(&(struct maker_cert){.subject = "CN=Root", .key = key, .ca = true});
	X509 *other = maker_cert(&(struct maker_cert){.subject = "CN=Other", .key = key, .ca = true});
	struct conf_pki pki = {0};
	struct conf_trustpoint *t = conf_trustpoint_get(&pki, "TP");
	struct wishes wishes = {0};
	struct text notes = {0};

	(void)state;
	set(t, CERT_CA, root);
	set(t, CERT_CA, other);
	assert_int_equal(count(t), 2);
	set(t, CERT_CA, root);
	assert_int_equal(count(t), 2);
	derive_pki(&pki, &(struct key_store){0}, &(struct crl_store){0}, &wishes, &notes);
	assert_int_equal(HASH_COUNT(wishes.all), 3);	/* with the trustpoint's own */
	wishes_free(&wishes);
	text_free(&notes);
	conf_trustpoint_del(&pki, t);
	X509_free(root);
	X509_free(other);
	EVP_PKEY_free(key);
}

static void
one_certificate_is_ours(void **state)
{
	EVP_PKEY *key = maker_key("P-256");
	X509 *self = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = key});
	X509 *ca = maker_cert(&(struct maker_cert){.subject = "CN=CA", .key = key, .ca = true});
	X509 *ours = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = key, .issuer = ca,
	    .issuer_key = key, .serial = 2});
	struct conf_pki pki = {0};
	struct conf_trustpoint *t = conf_trustpoint_get(&pki, "TP");

	(void)state;
	set(t, CERT_SELF_SIGNED, self);
	set(t, CERT_CA, ca);
	set(t, CERT_OURS, ours);
	assert_int_equal(count(t), 2);
	assert_int_equal(conf_cert_own(t)->kind, CERT_OURS);
	conf_trustpoint_del(&pki, t);
	X509_free(self);
	X509_free(ca);
	X509_free(ours);
	EVP_PKEY_free(key);
}

/* A trustpoint may have any name, and its key has that name unless another is configured. */
static void
keys_stay_in_their_folder(void **state)
{
	static const char *const labels[] = {"../R1", "a/b", "/R1", ".hidden", "", "."};
	char dir[] = "/var/tmp/test_conf_pki.XXXXXX";
	struct key_store keys = {0};
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(keys.dir, sizeof(keys.dir), "%s/keys", dir);
	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		assert_non_null(key_store_generate(&keys, labels[i], CERT_KEY_ED25519, 0, false));
	assert_null(keys.keys);
	assert_int_equal(rmdir(dir), 0);	/* nothing was written */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cas_of_one_serial_are_kept),
		cmocka_unit_test(one_certificate_is_ours),
		cmocka_unit_test(keys_stay_in_their_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
