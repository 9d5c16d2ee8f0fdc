/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/paste.h"
#include "control.h"
#include "file.h"
#include "master_key.h"
#include "pki_import.h"
#include "pki_request.h"

enum { FILE_MAX = 64 * 1024, DEFAULT_RSA_BITS = 2048, PASSPHRASE_MIN = 4 };

/* --- files that an operator names --- */

static const char *
read_file(const char *path, const char *suffix, struct text *out)
{
	static char why[CONF_PKI_TEXT_MAX + 80];
	char name[CONF_PKI_TEXT_MAX + 8], buf[4096];
	ssize_t n;
	int fd;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	n = fd < 0 ? -1 : 1;
	while (n > 0 && out->len < FILE_MAX && (n = read(fd, buf, sizeof(buf))) > 0)
		text_put(out, buf, (size_t)n);
	explicit_bzero(buf, sizeof(buf));
	if (n != 0)
		snprintf(why, sizeof(why), "%s: %s", name, n < 0 ? strerror(errno) : "larger than 64 KiB");
	if (fd >= 0)
		close(fd);
	return n == 0 ? NULL : why;
}

/* A new file that only root reads. */
static const char *
write_file(const char *path, const struct text *t)
{
	static char why[CONF_PKI_TEXT_MAX + 80];

	if (file_create(path, 0600, t->s, t->len))
		return NULL;
	snprintf(why, sizeof(why), "%s: %s", path, strerror(errno));
	return why;
}

/* --- keys --- */

static const char *
key_word(uint8_t kind)
{
	return kind == CERT_KEY_RSA ? "RSA" : kind == CERT_KEY_EC ? "EC" : "Ed25519";
}

static const char *
generate(struct control *c, const struct cmd_effect *e, struct text *out)
{
	const char *why;

	if (key_store_find(&c->keys, e->name) != NULL) {
		text_add(out, "%% You already have %s keys defined named %s.\n", key_word(e->alg), e->name);
		return "`crypto key zeroize` removes them first: what was signed with them would fail";
	}
	text_add(out, "The name for the keys will be: %s\n\n", e->name);
	why = key_store_generate(&c->keys, e->name, (enum cert_key_kind)e->alg, e->bits, e->exportable);
	if (why == NULL && e->alg == CERT_KEY_RSA)
		text_add(out, "%% The key modulus size is %u bits\n%% Generating %u bit RSA keys, keys will "
		    "be %s...\n[OK]\n", e->bits, e->bits, e->exportable ? "exportable" : "non-exportable");
	return why;
}

static const char *
zeroize(struct control *c, const struct cmd_effect *e, struct text *out)
{
	struct stored_key *k, *next;
	const char *why = NULL;
	unsigned int count = 0;

	for (k = c->keys.keys; k != NULL && why == NULL; k = next) {
		next = k->next;
		if (k->kind != e->alg || (e->name[0] != '\0' && strcmp(k->label, e->name) != 0))
			continue;
		text_add(out, "%% Keys to be removed are named '%s'.\n", k->label);
		why = key_store_remove(&c->keys, k);
		count++;
	}
	if (count == 0)
		text_add(out, "%% No such %s keys.\n", key_word(e->alg));
	return why;
}

static const char *
import_key(struct control *c, const struct cmd_effect *e, struct text *out)
{
	struct text file = {0};
	const char *why = e->file[0] != '\0' ? read_file(e->file, "", &file) : NULL;
	struct import *im = calloc(1, sizeof(*im));

	if (why == NULL && im == NULL)
		why = "out of memory";
	if (why == NULL)
		why = import_pem(im, text_str(e->file[0] != '\0' ? &file : &e->text), e->password);
	if (why == NULL)
		why = key_store_put(&c->keys, e->name, slice_of(im->key.b, im->key.len), e->exportable);
	if (why == NULL)
		text_add(out, "%% Key pair import succeeded.\n");
	if (im != NULL)
		import_wipe(im);
	free(im);
	text_free(&file);
	return why;
}

/* The key that may go out under this password, or NULL and why not. */
static const struct stored_key *
exportable(const struct control *c, const char *label, const char *password, const char **why)
{
	const struct stored_key *k = key_store_find(&c->keys, label);

	*why = k == NULL ? "there is no such key" :
	    !k->exportable ? "the key is not exportable: it was made without `exportable`" :
	    strlen(password) < PASSPHRASE_MIN ? "the passphrase has fewer than 4 characters" : NULL;
	return *why == NULL ? k : NULL;
}

static const char *
export_one_key(struct control *c, const struct cmd_effect *e, struct text *out)
{
	const char *why;
	const struct stored_key *k = exportable(c, e->name, e->password, &why);

	if (k == NULL)
		return why;
	text_add(out, "%% Key name: %s\n   Usage: %s\n   Key data:\n", k->label,
	    k->kind == CERT_KEY_RSA ? "General Purpose Key" : "Signature Key");
	return export_key(k, e->password, out);
}

/* --- enrolment --- */

static const struct stored_key *
key_for_request(struct control *c, const struct conf_trustpoint *t, struct text *out,
    const char **why)
{
	const char *label = conf_trustpoint_label(t);

	*why = NULL;
	if (key_store_find(&c->keys, label) == NULL) {
		if (t->eckeypair[0] != '\0') {
			*why = "there is no such EC key: enter `crypto key generate ec keysize 256 label ...` first";
			return NULL;
		}
		*why = key_store_generate(&c->keys, label, CERT_KEY_RSA,
		    t->rsa_bits != 0 ? t->rsa_bits : DEFAULT_RSA_BITS, false);
		if (*why == NULL)
			text_add(out, "%% Generating %u bit RSA keys named %s\n",
			    t->rsa_bits != 0 ? t->rsa_bits : DEFAULT_RSA_BITS, label);
	}
	return *why == NULL ? key_store_find(&c->keys, label) : NULL;
}

static const char *
enroll(struct control *c, struct conf_trustpoint *t, struct text *out)
{
	const char *why;
	const struct stored_key *k = key_for_request(c, t, out, &why);
	struct blob der = {0};

	if (k == NULL)
		return why;
	if (t->enrollment == ENROLL_SELFSIGNED) {
		why = pki_self_signed(t, control_hostname(c), k, &der);
		if (why == NULL)
			why = conf_cert_set(t, CERT_SELF_SIGNED, slice_of(der.b, der.len));
		if (why == NULL)
			text_add(out, "Router Self Signed Certificate successfully created\n");
		return why;
	}
	text_add(out, "%% Start certificate enrollment ..\n\n");
	if (t->subject[0] != '\0')
		text_add(out, "%% The subject name in the certificate will include: %s\n", t->subject);
	text_add(out, "Certificate Request follows:\n\n");
	why = pki_request(t, control_hostname(c), k, out);
	if (why == NULL)
		text_add(out, "\n---End - This line not part of the certificate request---\n");
	return why;
}

#define NO_ISSUER "the CA of this trustpoint did not issue the certificate: enter "		\
	"`crypto pki authenticate` first"

static bool
is_issued(const struct conf_trustpoint *t, struct slice der)
{
	const struct conf_cert *ca;
	bool any = false;

	for (ca = t->certs; ca != NULL && !any; ca = ca->next)
		any = ca->kind == CERT_CA && cert_is_signed_by(der, slice_of(ca->der, ca->len));
	return any;
}

/* Our own certificate must have our key, and come from the CA that was authenticated. */
static const char *
take_own(struct control *c, struct conf_trustpoint *t, struct slice der)
{
	const struct stored_key *k = key_store_find(&c->keys, conf_trustpoint_label(t));

	if (der.len == 0)
		return "there is no certificate in it";
	if (k == NULL)
		return "there is no private key for it: enter `crypto pki enroll` first, or import it with its key";
	if (!import_cert_has_key(der, k))
		return "the certificate is not for the key of this trustpoint";
	return is_issued(t, der) ? conf_cert_set(t, CERT_OURS, der) : NO_ISSUER;
}

static const char *
import_cert(struct control *c, struct conf_trustpoint *t, const struct cmd_effect *e,
    struct text *out)
{
	uint8_t der[CERT_DER_MAX];
	const char *why = take_own(c, t, slice_of(der, cert_from_text(text_str(&e->text), 0, der)));

	if (why == NULL)
		text_add(out, "%% Router Certificate successfully imported\n");
	return why;
}

/* --- a key with its certificates --- */

/* Why it cannot be taken; NULL: it can. */
static const char *
check_import(const struct conf_trustpoint *t, const struct stored_key *had, const struct import *im)
{
	struct slice own = slice_of(im->own.b, im->own.len);
	bool issued = is_issued(t, own);
	unsigned int i;

	if (own.len == 0)
		return "there is no certificate for the private key in it";
	if (had != NULL && !import_cert_has_key(own, had))
		return "the trustpoint has another key already; `crypto key zeroize` removes it";
	for (i = 0; i < im->cas && !issued; i++)
		issued = cert_is_signed_by(own, slice_of(im->ca[i].b, im->ca[i].len));
	return issued ? NULL : NO_ISSUER;
}

/* A key without its certificate would be in the way of the next try: so it is checked first. */
static const char *
take_import(struct control *c, struct conf_trustpoint *t, const struct import *im, bool may_export)
{
	const char *label = conf_trustpoint_label(t);
	const struct stored_key *had = key_store_find(&c->keys, label);
	const char *why = check_import(t, had, im);
	unsigned int i;

	if (why == NULL && had == NULL)
		why = key_store_put(&c->keys, label, slice_of(im->key.b, im->key.len), may_export);
	for (i = 0; why == NULL && i < im->cas; i++)
		why = conf_cert_set(t, CERT_CA, slice_of(im->ca[i].b, im->ca[i].len));
	return why != NULL ? why : take_own(c, t, slice_of(im->own.b, im->own.len));
}

static const char *
import_all(struct control *c, const struct cmd_effect *e, struct text *out)
{
	struct import *im = calloc(1, sizeof(*im));
	struct text text = {0};
	const char *why = im == NULL ? "out of memory" : NULL;
	bool p12 = e->kind == EFFECT_IMPORT_PKCS12;

	if (why == NULL && p12) {
		why = read_file(e->file, "", &text);
		if (why == NULL)
			why = import_pkcs12(im, slice_of(text.s, text.len), e->password);
	} else if (why == NULL) {
		if (e->file[0] != '\0') {
			why = read_file(e->file, ".ca", &text);
			why = why != NULL ? why : read_file(e->file, ".prv", &text);
			why = why != NULL ? why : read_file(e->file, ".crt", &text);
		}
		if (why == NULL)
			why = import_pem(im, text_str(e->file[0] != '\0' ? &text : &e->text), e->password);
	}
	if (why == NULL)
		why = take_import(c, conf_trustpoint_get(&c->conf->pki, e->name), im, false);
	if (why == NULL)
		text_add(out, p12 ? "CRYPTO_PKI: Imported PKCS12 file successfully.\n" :
		    "%% PEM files import succeeded.\n");
	if (im != NULL)
		import_wipe(im);
	free(im);
	text_free(&text);
	return why;
}

static const char *
export_pem(struct control *c, const struct conf_trustpoint *t, const struct cmd_effect *e,
    struct text *out)
{
	const struct conf_cert *ca = conf_cert_of(t, CERT_CA), *own = conf_cert_own(t);
	const struct stored_key *k = NULL;
	const char *why = NULL;

	if (e->password[0] != '\0')
		k = exportable(c, conf_trustpoint_label(t), e->password, &why);
	if (why != NULL)
		return why;
	if (ca != NULL) {
		text_add(out, "%% CA certificate:\n");
		cert_to_pem(out, slice_of(ca->der, ca->len));
	}
	if (k != NULL) {
		text_add(out, "\n%% Key name: %s\n   Usage: General Purpose Key\n", k->label);
		why = export_key(k, e->password, out);
	}
	if (own != NULL) {
		text_add(out, "\n%% General Purpose Certificate:\n");
		cert_to_pem(out, slice_of(own->der, own->len));
	}
	return why;
}

static const char *
export_p12(struct control *c, const struct conf_trustpoint *t, const struct cmd_effect *e,
    struct text *out)
{
	struct text der = {0};
	const char *why;
	const struct stored_key *k = exportable(c, conf_trustpoint_label(t), e->password, &why);

	if (k == NULL)
		return why;
	if (conf_cert_own(t) == NULL)
		return "the trustpoint has no certificate of ours";
	why = export_pkcs12(t, k, e->password, &der);
	if (why == NULL)
		why = write_file(e->file, &der);
	if (why == NULL)
		text_add(out, "CRYPTO_PKI: Exported PKCS12 file successfully.\n");
	text_free(&der);
	return why;
}

/* --- */

static const char *
on_trustpoint(struct control *c, const struct cmd_effect *e, struct text *out)
{
	struct conf_trustpoint *t = conf_trustpoint_find(&c->conf->pki, e->name);

	if (t == NULL)
		return "there is no such trustpoint any more";
	switch ((enum cmd_effect_kind)e->kind) {
	case EFFECT_ENROLL:
		return enroll(c, t, out);
	case EFFECT_IMPORT_CERT:
		return import_cert(c, t, e, out);
	case EFFECT_EXPORT_PEM:
		return export_pem(c, t, e, out);
	case EFFECT_EXPORT_PKCS12:
		return export_p12(c, t, e, out);
	case EFFECT_CRL_REQUEST:
		return crl_store_request(&c->crls, t->name);
	default:
		return "this is not known";
	}
}

const char *
pki_run(struct control *c, const struct cmd_effect *e, struct text *out)
{
	switch ((enum cmd_effect_kind)e->kind) {
	case EFFECT_KEY_GENERATE:
		return generate(c, e, out);
	case EFFECT_KEY_ZEROIZE:
		return zeroize(c, e, out);
	case EFFECT_KEY_IMPORT:
		return import_key(c, e, out);
	case EFFECT_KEY_EXPORT:
		return export_one_key(c, e, out);
	case EFFECT_IMPORT_PEM:
	case EFFECT_IMPORT_PKCS12:
		return import_all(c, e, out);
	case EFFECT_MASTER_KEY:
		return master_key_run(c, e, out);
	default:
		return on_trustpoint(c, e, out);
	}
}
