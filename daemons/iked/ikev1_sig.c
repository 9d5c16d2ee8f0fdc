/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev1_sig.h"

#include <openssl/err.h>
#include <string.h>
#include <time.h>

#include "auth_cert.h"
#include "ike_wire.h"
#include "log.h"
#include "phase1.h"
#include "pki_ident.h"
#include "policy1.h"

enum { CERTREQS_MAX = 8 };	/* more CAs than that: any is asked for */

static struct pki_names
names_of(const struct conf_profile1 *p)
{
	return p == NULL ? (struct pki_names){{NULL}} : (struct pki_names){{p->set.trustpoint0,
	    p->set.trustpoint1, p->set.trustpoint2, p->set.trustpoint3}};
}

bool
sig1_ready(const struct ike_conf *conf, const char *profile)
{
	struct pki_names names = names_of(conf1_profile(&conf->v1, profile));
	struct p1_transform want[POLICIES_MAX];
	unsigned int i, n = conf_policies(conf, want);
	struct pki_own own;

	for (i = 0; i < n; i++)
		if (want[i].auth == IPC_AUTH_RSA)
			return pki_own(&conf->pki, &names, IPC_AUTH_RSA, (struct slice){NULL, 0}, &own);
	return false;
}

/* Our certificate for this SA: of what the peer asked for, if we have it. */
static bool
sig1_own(const struct ike_sa *sa, struct pki_own *own)
{
	struct pki_names names = names_of(phase1_profile(sa));

	return pki_own(&sa->engine->conf.pki, &names, IPC_AUTH_RSA,
	    slice_of(sa->mm->wanted.b, sa->mm->wanted.len), own);
}

/* --- CERTREQ --- */

static void
ask_for(struct ike_build *b, const X509 *ca)
{
	struct wbuf *w = ike_build_payload(b, PAYLOAD_CERT_REQUEST);
	unsigned char *der = NULL;
	int len = ca == NULL ? 0 : i2d_X509_NAME(X509_get_subject_name(ca), &der);

	wbuf_u8(w, CERT_X509_SIGNATURE);
	if (len > 0)
		wbuf_put(w, der, (size_t)len);
	OPENSSL_free(der);
}

void
sig1_ask(const struct ike_sa *sa, struct ike_build *b)
{
	struct pki_names names = names_of(phase1_profile(sa));
	const struct pki *p = &sa->engine->conf.pki;
	const struct pki_cert *ca;
	unsigned int n;

	if (pki_ca(p, &names, CERTREQS_MAX) != NULL) {
		ask_for(b, NULL);
		return;
	}
	for (n = 0; (ca = pki_ca(p, &names, n)) != NULL; n++)
		ask_for(b, ca->x);
}

/* The CA of ours that a CERTREQ's body names. */
static const X509 *
ca_named(const struct pki *p, struct slice body)
{
	const unsigned char *at = body.p + 1;
	const struct pki_cert *ca = NULL;
	X509_NAME *name;
	unsigned int n;

	if (body.len < 2 || body.p[0] != CERT_X509_SIGNATURE)
		return NULL;
	name = d2i_X509_NAME(NULL, &at, (long)body.len - 1);
	for (n = 0; name != NULL && (ca = pki_ca(p, NULL, n)) != NULL; n++)
		if (X509_NAME_cmp(name, X509_get_subject_name(ca->x)) == 0)
			break;
	X509_NAME_free(name);
	ERR_clear_error();
	return ca == NULL ? NULL : ca->x;
}

void
sig1_heard(struct ike_sa *sa, const struct ike_msg *m)
{
	struct ike_main *mm = sa->mm;
	const struct ike_payload *p;
	const X509 *ca;
	unsigned int i;

	for (i = 0; (p = ike_msg_find(m, PAYLOAD_CERT_REQUEST, i)) != NULL; i++) {
		if (mm->wanted.len + PKI_KEY_HASH_LEN > sizeof(mm->wanted.b))
			return;
		ca = ca_named(&sa->engine->conf.pki, p->body);
		if (ca == NULL)
			continue;
		pki_key_hash(ca, mm->wanted.b + mm->wanted.len);
		mm->wanted.len += PKI_KEY_HASH_LEN;
	}
}

/* --- ours --- */

void
sig1_skeyid(struct keymat1 *k, struct slice ni, struct slice nr, struct slice gxy)
{
	uint8_t nonces[2 * IKE_NONCE_MAX];

	memcpy(nonces, ni.p, ni.len);
	memcpy(nonces + ni.len, nr.p, nr.len);
	prf(k->hash, slice_of(nonces, ni.len + nr.len), &gxy, 1, k->skeyid);
}

static const char no_own[] = "no trustpoint has a certificate of ours with an RSA key";

const char *
sig1_ident(const struct ike_sa *sa, struct ident *id)
{
	struct pki_own own;

	if (!sig1_own(sa, &own))
		return no_own;
	if (id->type != ID_DER_DN && pki_own_has(&own, id))
		return NULL;
	return pki_own_ident(&own, id) ? NULL :
	    "the subject of our certificate is longer than an identity can be";
}

const char *
sig1_prove(const struct ike_sa *sa, struct ike_build *b, struct slice hash)
{
	struct slice der[PKI_CHAIN_MAX];
	uint8_t sig[SIGNATURE_MAX];
	struct pki_own own;
	struct wbuf w;
	const char *why;
	unsigned int i, n;

	if (!sig1_own(sa, &own))
		return no_own;
	n = pki_own_chain(&sa->engine->conf.pki, &own, der);
	for (i = 0; i < n; i++)
		cert_write_body(ike_build_payload(b, PAYLOAD_CERT), der[i]);
	wbuf_init(&w, sig, sizeof(sig));
	why = auth_cert_sign1(&own, hash, &w);
	if (why == NULL)
		ike_build_put(b, PAYLOAD_SIGNATURE, slice_of(sig, wbuf_len(&w)));
	return why;
}

/* --- the peer's --- */

static const char *
read_chain(const struct ike_msg *m, struct cert_chain *chain)
{
	const struct ike_payload *p;
	const char *why = NULL;
	unsigned int i;

	chain->count = 0;
	for (i = 0; why == NULL && (p = ike_msg_find(m, PAYLOAD_CERT, i)) != NULL; i++)
		why = cert_read_body(p->body, chain);
	return why != NULL ? why :
	    chain->count == 0 ? "the peer signs, and sent no certificate" : NULL;
}

/* Names of the certificate maps that the peer's own satisfies, into sa->mm->maps. */
static void
find_maps(struct ike_sa *sa, struct slice der)
{
	const unsigned char *at = der.p;
	X509 *x = d2i_X509(NULL, &at, (long)der.len);

	memset(sa->mm->maps, 0, sizeof(sa->mm->maps));
	if (x != NULL)
		pki_maps(&sa->engine->conf.pki, x, sa->mm->maps, sizeof(sa->mm->maps));
	X509_free(x);
	ERR_clear_error();
}

/*
 * The profile of whom the peer says that it is.  When we began, our profile says whom we meant:
 * any holder of a certificate of the same CA must not do.
 */
static const char *
find_profile(const struct ike_sa *sa, const struct conf_profile1 **profile)
{
	const struct ike_conf1 *conf = &sa->engine->conf.v1;
	const struct conf_profile1 *ours = phase1_profile(sa);

	*profile = conf1_profile_for(conf, &sa->mm->peer_id, sa->mm->maps, &sa->path.local);
	if (!sa->initiator || ours == NULL)
		return NULL;
	if (*profile != ours && conf1_has_match(conf, ours))
		return "the peer is not one that our ISAKMP profile matches";
	*profile = ours;
	return NULL;
}

static const char *
check_with(const struct ike_sa *sa, const struct conf_profile1 *profile,
    const struct cert_chain *chain, struct slice sig, struct slice hash)
{
	struct pki_names names = names_of(profile);
	const char *why;
	X509 *peer = pki_validate(&sa->engine->conf.pki, &names, chain->der, chain->count,
	    (int64_t)time(NULL), &why);

	if (peer == NULL)
		return why;
	why = !pki_names_ident(peer, &sa->mm->peer_id) ?
	    "the peer's certificate does not say that it is who it says" :
	    auth_cert_verify1(peer, sig, hash);
	X509_free(peer);
	return why;
}

const char *
sig1_check(struct ike_sa *sa, const struct ike_msg *m, struct slice hash)
{
	const struct conf_profile1 *profile;
	struct cert_chain chain;
	const char *why = read_chain(m, &chain);

	if (why != NULL)
		return why;
	find_maps(sa, chain.der[0]);
	why = find_profile(sa, &profile);
	if (why == NULL)
		why = check_with(sa, profile, &chain, ike_msg_body(m, PAYLOAD_SIGNATURE), hash);
	if (why != NULL && ratelimit_take(&sa->engine->stranger_log, engine_now(sa->engine)))
		log_warn("%s, which says that it is %s, is refused: %s", ADDR_STR(&sa->path.remote),
		    IDENT_STR(&sa->mm->peer_id), why);
	return why;
}
