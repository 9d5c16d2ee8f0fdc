/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bodies of messages: certificates and keys for IKE, and the rows of `show`
 * about them. Included by ipc_msgs.h.
 *
 * A blob has the DER of a certificate, a private key (PKCS #8), or a part of a
 * CRL; all of it is treated as secret, since a private key is.
 */
#ifndef CULVERT_IPC_MSGS_PKI_H
#define CULVERT_IPC_MSGS_PKI_H

#define IPC_B_trustpoint(F)							\
	F(str64, name, "the key of this record")				\
	F(str64, label, "of our private key (pki_key); empty: we have none here") \
	F(u8, revocation, "enum conf_revocation")

#define IPC_B_trust_cert(F)							\
	F(str64, trustpoint, "")						\
	F(u8, ca, "1: a CA certificate that is trusted; 0: our own")		\
	F(str64, sha1, "of it, in hex; with the two above the key of this record") \
	F(blob, der, "the certificate")

#define IPC_B_pki_key(F)							\
	F(str64, label, "the key of this record")				\
	F(blob, der, "PKCS #8, in clear")

/* A CRL is larger than a blob: it is there when all its parts are. */
#define IPC_B_crl_part(F)							\
	F(str64, trustpoint, "") F(u8, part, "from 0; with trustpoint the key of this record") \
	F(u8, parts, "of the whole CRL")					\
	F(u32, id, "the same in all parts of one CRL, another in the next CRL")	\
	F(blob, der, "this part")

#define IPC_B_cert_rule(F)							\
	F(str64, map, "") F(u16, seq, "") F(u16, position, "with both the key of this record") \
	F(u8, field, "enum conf_cert_field; 0: a map without rules, which nobody matches") \
	F(u8, op, "enum conf_cert_op")						\
	F(str256, text, "compared in any case, without blanks")

#define IPC_B_row_key(F)							\
	F(str64, label, "") F(u8, kind, "enum cert_key_kind") F(u16, bits, "")	\
	F(u8, exportable, "") F(u64, made_wall_s, "since 1970")			\
	F(blob, public_der, "SubjectPublicKeyInfo")

#define IPC_B_row_crl(F)							\
	F(str64, trustpoint, "")						\
	F(str256, issuer, "empty: there is no CRL, and why says so")		\
	F(u64, last_update_wall_s, "") F(u64, next_update_wall_s, "0: not said")	\
	F(u64, fetched_wall_s, "") F(str256, url, "") F(u32, bytes, "of its DER") \
	F(u8, published, "1: url is a distribution point of our certificate; 0: configured") \
	F(str64, why, "")

#endif
