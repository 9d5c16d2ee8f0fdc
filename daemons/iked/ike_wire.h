/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IKE's numbers on the wire, on one page.
 *
 * RFC 2408 (ISAKMP), RFC 2409 (IKE), RFC 2407 (IPsec DOI), RFC 3602, 3686, 4106
 * and 4543 (AES), RFC 4868 (SHA-2), RFC 3706 (DPD), RFC 3947 (NAT-T) and its
 * drafts 02 and 03, which old IOS speaks.
 */
#ifndef CULVERT_IKE_WIRE_H
#define CULVERT_IKE_WIRE_H

enum {
	IKE_COOKIE_LEN = 8,
	IKE_HEADER_LEN = 28,
	IKE_HEADER_NEXT_AT = 16,	/* the first payload's type */
	IKE_PAYLOAD_HEADER_LEN = 4,
	IKE_DATAGRAM_MAX = 4096,	/* no message with pre-shared keys comes near it */
	IKE_VERSION_1 = 0x10,
	IKE_PORT = 500,
	IKE_NATT_PORT = 4500,
	IKE_NONCE_MIN = 8,
	IKE_NONCE_MAX = 256,
	IKE_NONCE_LEN = 32,		/* ours */
};

enum ike_exchange_type {	/* RFC 2408 3.1, RFC 2409 4 */
	EXCHANGE_MAIN = 2,
	EXCHANGE_AGGRESSIVE = 4,
	EXCHANGE_INFO = 5,
	EXCHANGE_QUICK = 32,
};

enum { IKE_FLAG_ENCRYPTED = 1, IKE_FLAG_COMMIT = 2, IKE_FLAG_AUTH_ONLY = 4 };

enum ike_payload_type {
	PAYLOAD_NONE = 0,
	PAYLOAD_SA = 1,
	PAYLOAD_PROPOSAL = 2,
	PAYLOAD_TRANSFORM = 3,
	PAYLOAD_KE = 4,
	PAYLOAD_ID = 5,
	PAYLOAD_CERT = 6,
	PAYLOAD_CERT_REQUEST = 7,
	PAYLOAD_HASH = 8,
	PAYLOAD_SIGNATURE = 9,
	PAYLOAD_NONCE = 10,
	PAYLOAD_NOTIFY = 11,
	PAYLOAD_DELETE = 12,
	PAYLOAD_VENDOR = 13,
	PAYLOAD_NAT_D = 20,
	PAYLOAD_NAT_OA = 21,
	PAYLOAD_KNOWN_MAX = 31,		/* what fits a mask */
	PAYLOAD_PRIVATE = 128,
	PAYLOAD_NAT_D_DRAFT = 130,	/* of draft-ietf-ipsec-nat-t-ike-02 and 03; read as NAT_D */
	PAYLOAD_NAT_OA_DRAFT = 131,
	PAYLOAD_FRAGMENT = 132,		/* Cisco's: ikev1_frag.h */
};

#define P(type) (1u << PAYLOAD_##type)	/* masks of payload types */

enum { IPSEC_DOI = 1, SIT_IDENTITY_ONLY = 1 };
enum { PROTO_ISAKMP = 1, PROTO_AH = 2, PROTO_ESP = 3 };
enum { TRANSFORM_KEY_IKE = 1 };

enum attr_p1 {		/* phase 1 attributes, RFC 2409 appendix A */
	P1_CIPHER = 1, P1_HASH = 2, P1_AUTH = 3, P1_GROUP = 4,
	P1_LIFE_TYPE = 11, P1_LIFE = 12, P1_PRF = 13, P1_KEY_BITS = 14,
};
enum { P1_DES_CBC = 1, P1_3DES_CBC = 5, P1_AES_CBC = 7 };
enum { P1_MD5 = 1, P1_SHA1 = 2, P1_SHA256 = 4, P1_SHA384 = 5, P1_SHA512 = 6 };
enum { P1_PSK = 1, P1_RSA_SIGNATURES = 3 };

enum attr_p2 {		/* phase 2 attributes, RFC 2407 4.5 */
	P2_LIFE_TYPE = 1, P2_LIFE = 2, P2_GROUP = 3, P2_MODE = 4, P2_AUTH = 5, P2_KEY_BITS = 6,
};
enum { LIFE_SECONDS = 1, LIFE_KILOBYTES = 2 };
enum {			/* ESP transforms, RFC 2407 4.4.4 and IANA's list of those after it */
	ESP_DES_CBC = 2, ESP_3DES_CBC = 3, ESP_NULL = 11, ESP_AES_CBC = 12, ESP_AES_CTR = 13,
	ESP_AES_GCM_8 = 18, ESP_AES_GCM_12 = 19, ESP_AES_GCM_16 = 20, ESP_AES_GMAC = 23,
};
enum { P2_HMAC_MD5 = 1, P2_HMAC_SHA1 = 2, P2_HMAC_SHA256 = 5, P2_HMAC_SHA384 = 6, P2_HMAC_SHA512 = 7 };
enum wire_mode {	/* 3 and 4: RFC 3947 5.1 */
	WIRE_TUNNEL = 1, WIRE_TRANSPORT = 2, WIRE_UDP_TUNNEL = 3, WIRE_UDP_TRANSPORT = 4,
	WIRE_UDP_TUNNEL_DRAFT = 61443, WIRE_UDP_TRANSPORT_DRAFT = 61444,
};

enum ike_id_type {
	ID_IPV4_ADDR = 1, ID_FQDN = 2, ID_USER_FQDN = 3, ID_IPV4_SUBNET = 4,
	ID_IPV6_ADDR = 5, ID_IPV6_SUBNET = 6, ID_IPV4_RANGE = 7, ID_IPV6_RANGE = 8,
	ID_DER_DN = 9, ID_KEY_ID = 11,
};

enum ike_notify {
	NOTIFY_INVALID_COOKIE = 4,
	NOTIFY_INVALID_SPI = 11,
	NOTIFY_NO_PROPOSAL_CHOSEN = 14,
	NOTIFY_INVALID_ID_INFORMATION = 18,
	NOTIFY_CONNECTED = 16384,
	NOTIFY_RESPONDER_LIFETIME = 24576,
	NOTIFY_INITIAL_CONTACT = 24578,
	NOTIFY_R_U_THERE = 36136,
	NOTIFY_R_U_THERE_ACK = 36137,
};

#endif
