/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of the configuration about certificates: trustpoints with their
 * certificates, and certificate maps.  A member of struct conf (conf.h, whose
 * rules hold here too).
 *
 * Private keys are no configuration: a trustpoint names one by its label, and
 * culvertd keeps it (daemons/culvertd/key_store.h).
 */
#ifndef CULVERT_CONF_PKI_H
#define CULVERT_CONF_PKI_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "cert.h"

#define CONF_PKI_NAME_MAX 64
#define CONF_PKI_TEXT_MAX 241
#define CONF_PKI_LABEL_MAX 64

enum conf_enrollment { ENROLL_NONE, ENROLL_TERMINAL, ENROLL_TERMINAL_PEM, ENROLL_SELFSIGNED };
enum conf_cert_kind { CERT_OURS, CERT_CA, CERT_SELF_SIGNED };
enum conf_revocation { REVOCATION_CRL, REVOCATION_CRL_NONE, REVOCATION_NONE };

struct conf_cert {
	uint8_t kind;			/* enum conf_cert_kind */
	char serial[CERT_SERIAL_STRLEN];
	uint16_t len;
	uint8_t der[CERT_DER_MAX];
	struct conf_cert *prev, *next;
};

struct conf_trustpoint {
	char name[CONF_PKI_NAME_MAX];
	uint8_t enrollment;		/* enum conf_enrollment */
	char subject[CONF_PKI_TEXT_MAX];	/* as typed: "cn=R1,o=Example" */
	char fqdn[CONF_PKI_TEXT_MAX];	/* empty: none in the request; "none" is typed so */
	struct addr ip;			/* in the request; unset: none */
	bool ip_none, serial_none;	/* typed so */
	char rsakeypair[CONF_PKI_LABEL_MAX];
	uint16_t rsa_bits;		/* for a key that is made at enrolment; 0: 2048 */
	char eckeypair[CONF_PKI_LABEL_MAX];
	uint8_t revocation;		/* enum conf_revocation */
	uint8_t hash;			/* enum hash, of requests; 0: SHA-256 */
	char crl_url[CONF_PKI_TEXT_MAX];	/* crl query; empty: where our certificate says */
	struct conf_cert *certs;	/* our own first, then CA certificates */
	struct conf_trustpoint *prev, *next;
};

enum conf_cert_field { CERT_FIELD_SUBJECT = 1, CERT_FIELD_ISSUER, CERT_FIELD_ALT_SUBJECT };
enum conf_cert_op { CERT_OP_EQ = 1, CERT_OP_NE, CERT_OP_CO, CERT_OP_NC };

struct conf_cert_rule {
	uint8_t field, op;
	char text[CONF_PKI_TEXT_MAX];
	struct conf_cert_rule *prev, *next;
};

struct conf_cert_map {			/* all rules of one sequence number must hold */
	char name[CONF_PKI_NAME_MAX];
	uint16_t seq;
	struct conf_cert_rule *rules;
	struct conf_cert_map *prev, *next;
};

struct conf_pki {
	struct conf_trustpoint *trustpoints;
	struct conf_cert_map *maps;	/* by name, then sequence number */
};

void conf_pki_free(struct conf_pki *p);
/* Deep; what `to` had is not freed. */
void conf_pki_copy(struct conf_pki *to, const struct conf_pki *from);

/* find: NULL when there is none.  get: makes it where there is none.  del: frees it. */
struct conf_trustpoint *conf_trustpoint_find(const struct conf_pki *p, const char *name);
struct conf_trustpoint *conf_trustpoint_get(struct conf_pki *p, const char *name);
void conf_trustpoint_del(struct conf_pki *p, struct conf_trustpoint *t);
/* Label of its key pair: what is configured, else the trustpoint's own name. */
const char *conf_trustpoint_label(const struct conf_trustpoint *t);

/* The first of that kind; NULL: none. */
struct conf_cert *conf_cert_of(const struct conf_trustpoint *t, enum conf_cert_kind kind);
/* Our own certificate, CA's or self-signed; NULL: none. */
struct conf_cert *conf_cert_own(const struct conf_trustpoint *t);
/*
 * Adds a certificate, or replaces the one of its kind and serial; our own replaces any other of
 * ours.  NULL, or why not.
 */
const char *conf_cert_set(struct conf_trustpoint *t, enum conf_cert_kind kind, struct slice der);
void conf_cert_del(struct conf_trustpoint *t, struct conf_cert *c);

struct conf_cert_map *conf_cert_map_find(const struct conf_pki *p, const char *name, unsigned int seq);
struct conf_cert_map *conf_cert_map_get(struct conf_pki *p, const char *name, unsigned int seq);
void conf_cert_map_del(struct conf_pki *p, struct conf_cert_map *m);
/* Whether a rule shall be there. */
void conf_cert_rule_set(struct conf_cert_map *m, uint8_t field, uint8_t op, const char *text,
    bool there);

#endif
