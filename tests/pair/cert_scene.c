/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cert_scene.h"

X509 *scene_ca;
EVP_PKEY *scene_ca_key;

int
scene_make_ca(void **state)
{
	(void)state;
	scene_ca_key = maker_key("P-256");
	scene_ca = scene_other_ca(scene_ca_key, "O=Example/CN=CA");
	return 0;
}

int
scene_free_ca(void **state)
{
	(void)state;
	X509_free(scene_ca);
	EVP_PKEY_free(scene_ca_key);
	return 0;
}

X509 *
scene_other_ca(EVP_PKEY *key, const char *subject)
{
	return maker_cert(&(struct maker_cert){.subject = subject, .key = key, .ca = true,
	    .from_s = time(NULL) - SCENE_DAY_S, .to_s = time(NULL) + SCENE_DAY_S});
}

X509 *
scene_issue(EVP_PKEY *key, const char *subject, const char *alt, long serial)
{
	return maker_cert(&(struct maker_cert){.subject = subject, .key = key, .issuer = scene_ca,
	    .issuer_key = scene_ca_key, .alt = alt, .serial = serial,
	    .from_s = time(NULL) - SCENE_DAY_S, .to_s = time(NULL) + SCENE_DAY_S});
}

X509 *
scene_issue_by(X509 *ca, EVP_PKEY *ca_key, EVP_PKEY *key, const char *subject)
{
	return maker_cert(&(struct maker_cert){.subject = subject, .key = key, .issuer = ca,
	    .issuer_key = ca_key, .from_s = time(NULL) - SCENE_DAY_S,
	    .to_s = time(NULL) + SCENE_DAY_S});
}

void
scene_trust(struct pair_side *s, const char *name, X509 *anchor)
{
	union ipc_body m;

	maker_set_trustpoint(&m, name, name, REVOCATION_NONE);
	pki_message(&s->e.conf.pki, IPC_MSG_TRUSTPOINT_SET, &m);
	maker_set_cert(&m, name, true, anchor);
	pki_message(&s->e.conf.pki, IPC_MSG_TRUST_CERT_SET, &m);
}

void
scene_own(struct pair_side *s, const char *name, X509 *cert, EVP_PKEY *key)
{
	union ipc_body m;

	maker_set_cert(&m, name, false, cert);
	pki_message(&s->e.conf.pki, IPC_MSG_TRUST_CERT_SET, &m);
	maker_set_key(&m, name, key);
	pki_message(&s->e.conf.pki, IPC_MSG_PKI_KEY_SET, &m);
}

void
scene_revoke(struct pair_side *s, const char *name, long serial)
{
	X509_CRL *crl = maker_crl(scene_ca, scene_ca_key, (const long[]){serial, 0},
	    time(NULL) + SCENE_DAY_S);
	union ipc_body m;

	maker_set_trustpoint(&m, name, name, REVOCATION_CRL);
	pki_message(&s->e.conf.pki, IPC_MSG_TRUSTPOINT_SET, &m);
	maker_set_crl(&m, name, crl);
	pki_message(&s->e.conf.pki, IPC_MSG_CRL_PART_SET, &m);
	X509_CRL_free(crl);
}

void
scene_map_subject(struct pair_side *s, const char *text)
{
	union ipc_body m;

	memset(&m, 0, sizeof(m));
	snprintf(m.cert_rule.map, sizeof(m.cert_rule.map), "MAP");
	m.cert_rule.seq = 10;
	m.cert_rule.field = CERT_FIELD_SUBJECT;
	m.cert_rule.op = CERT_OP_CO;
	snprintf(m.cert_rule.text, sizeof(m.cert_rule.text), "%s", text);
	pki_message(&s->e.conf.pki, IPC_MSG_CERT_RULE_SET, &m);
}

void
scene_stays_up(struct pair *p)
{
	pair_pass(p, 3000);
	assert_true(pair_works(p));
	assert_int_equal(pair_sas(&p->a), 1);
	assert_int_equal(pair_sas(&p->b), 1);
}

void
scene_comes_up(struct pair *p)
{
	pair_up(p);
	scene_stays_up(p);
	pair_free(p);
}

void
scene_is_refused(struct pair *p)
{
	pair_up(p);
	pair_pass(p, 1000);
	assert_int_equal(pair_sas(&p->a), 0);
	assert_int_equal(pair_sas(&p->b), 0);
	assert_int_equal(pair_children(&p->a), 0);
	assert_int_equal(pair_children(&p->b), 0);
	pair_free(p);
}
