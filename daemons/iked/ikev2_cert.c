/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev2_cert.h"

#include <openssl/err.h>
#include <string.h>
#include <time.h>

#include "auth_cert.h"
#include "log.h"
#include "payload2.h"
#include "pki_ident.h"

#define SIGNATURES (IPC_AUTH_RSA | IPC_AUTH_ECDSA | IPC_AUTH_EDDSA)

/* The trustpoints that the profile names for this use; none: any will do. */
static struct pki_names
names_of(const struct conf_profile2 *prof, enum ipc_trust use)
{
	const char *names[] = {prof->set.trustpoint0, prof->set.trustpoint1, prof->set.trustpoint2,
	    prof->set.trustpoint3};
	uint8_t uses[] = {prof->set.use0, prof->set.use1, prof->set.use2, prof->set.use3};
	struct pki_names of_use = {{"", "", "", ""}};
	unsigned int i, n = 0;

	for (i = 0; i < 4; i++)
		if (names[i][0] != '\0' && (uses[i] == 0 || uses[i] == use))
			of_use.at[n++] = names[i];
	return of_use;
}

/* --- what is said before anybody proves anything --- */

void
ikev2_cert_offer(struct ikev2_sa *sa, struct ikev2_build *b)
{
	const struct pki *p = &sa->engine->conf.pki;
	uint8_t hashes[16];
	struct wbuf w;

	if (p->trustpoints == NULL)
		return;
	wbuf_init(&w, hashes, sizeof(hashes));
	sig_hashes_write(&w);
	notify2_write(b, 0, N2_SIGNATURE_HASH_ALGORITHMS, (struct slice){NULL, 0},
	    slice_of(hashes, wbuf_len(&w)));
	if (!sa->initiator && pki_ca(p, NULL, 0) != NULL)
		certreq_write(ikev2_build_payload(b, PAYLOAD2_CERTREQ), p, NULL);
}

void
ikev2_cert_heard(struct ikev2_sa *sa, const struct ikev2_msg *m)
{
	struct ikev2_init *init = sa->init;
	struct slice wanted = {NULL, 0};
	const struct ikev2_payload *req;
	struct notify2 n;
	unsigned int i;

	if (notify2_find(m, N2_SIGNATURE_HASH_ALGORITHMS, 0, &n))
		init->sig_hashes = (uint8_t)sig_hashes_read(n.data);
	for (i = 0; wanted.len == 0 && (req = ikev2_msg_find(m, PAYLOAD2_CERTREQ, i)) != NULL; i++)
		wanted = certreq_read(req->body);
	if (wanted.len == 0)
		return;
	init->wanted_len = wanted.len < sizeof(init->wanted) ? wanted.len : sizeof(init->wanted);
	memcpy(init->wanted, wanted.p, init->wanted_len);
}

/* --- ours --- */

bool
ikev2_cert_own(const struct ikev2_sa *sa, const struct conf_profile2 *prof, struct pki_own *own)
{
	struct pki_names names = names_of(prof, IPC_TRUST_SIGN);

	return pki_own(&sa->engine->conf.pki, &names, prof->set.auth_local & SIGNATURES,
	    slice_of(sa->init->wanted, sa->init->wanted_len), own);
}

void
ikev2_cert_ask(const struct ikev2_sa *sa, const struct conf_profile2 *prof, struct ikev2_build *b)
{
	struct pki_names names = names_of(prof, IPC_TRUST_VERIFY);
	const struct pki *p = &sa->engine->conf.pki;

	if (sa->initiator && (prof->set.auth_remote & SIGNATURES) != 0 && pki_ca(p, &names, 0) != NULL)
		certreq_write(ikev2_build_payload(b, PAYLOAD2_CERTREQ), p, &names);
}

const char *
ikev2_cert_prove(const struct ikev2_sa *sa, const struct pki_own *own,
    const struct auth2_octets *o, struct ikev2_build *b)
{
	struct slice octets[] = {o->message, o->nonce, {o->id_mac, o->id_mac_len}};
	struct slice der[PKI_CHAIN_MAX];
	unsigned int i, n = pki_own_chain(&sa->engine->conf.pki, own, der);
	uint8_t sig[SIGNATURE_MAX], method;
	struct wbuf w;
	const char *why;

	for (i = 0; i < n; i++)
		cert_write_body(ikev2_build_payload(b, PAYLOAD2_CERT), der[i]);
	wbuf_init(&w, sig, sizeof(sig));
	why = auth_cert_sign(own, sa->init->sig_hashes, octets, 3, &method, &w);
	if (why == NULL)
		auth2_write(b, method, slice_of(sig, wbuf_len(&w)));
	return why;
}

/* --- the peer's --- */

static const char *
read_chain(const struct ikev2_msg *m, struct cert_chain *chain)
{
	const struct ikev2_payload *p;
	const char *why = NULL;
	unsigned int i;

	chain->count = 0;
	for (i = 0; why == NULL && (p = ikev2_msg_find(m, PAYLOAD2_CERT, i)) != NULL; i++)
		why = cert_read_body(p->body, chain);
	return why;
}

void
ikev2_cert_maps(const struct ikev2_sa *sa, const struct ikev2_msg *m, char maps[IKEV2_MAPS_ROOM])
{
	struct cert_chain chain;
	const unsigned char *at;
	X509 *x;

	memset(maps, 0, IKEV2_MAPS_ROOM);
	if (sa->engine->conf.pki.rules == NULL || read_chain(m, &chain) != NULL || chain.count == 0)
		return;
	at = chain.der[0].p;
	x = d2i_X509(NULL, &at, (long)chain.der[0].len);
	ERR_clear_error();
	if (x != NULL)
		pki_maps(&sa->engine->conf.pki, x, maps, IKEV2_MAPS_ROOM);
	X509_free(x);
}

const char *
ikev2_cert_check(struct ikev2_sa *sa, const struct conf_profile2 *prof, const struct ikev2_msg *m,
    const struct ident *id, const struct auth2_octets *o, uint8_t method, struct slice signature)
{
	struct slice octets[] = {o->message, o->nonce, {o->id_mac, o->id_mac_len}};
	struct pki_names names = names_of(prof, IPC_TRUST_VERIFY);
	struct cert_chain chain;
	unsigned int kind;
	X509 *peer;
	const char *why = read_chain(m, &chain);

	if (why == NULL && chain.count == 0)
		why = "the peer signs, and sent no certificate";
	if (why != NULL)
		return why;
	peer = pki_validate(&sa->engine->conf.pki, &names, chain.der, chain.count,
	    (int64_t)time(NULL), &why);
	if (peer == NULL)
		return why;
	kind = auth_cert_kind(peer);
	if ((prof->set.auth_remote & kind) == 0)
		why = "the peer's authentication method is not wanted";
	else if (!pki_names_ident(peer, id))
		why = "the peer's certificate does not say that it is who it says";
	else
		why = auth_cert_verify(peer, method, signature, octets, 3);
	X509_free(peer);
	if (why == NULL)
		sa->auth_verify = (uint8_t)kind;
	return why;
}
