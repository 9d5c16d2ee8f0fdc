#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ESP packets as scapy makes them: prints tests/unit/esp_vectors.h.

Short tags and GMAC, which scapy has not, are made of its GCM and of the
cryptography library under it.

Run by hand when a transform is added; the tests need no scapy:

    /usr/bin/python3 tests/unit/esp_vectors.py > tests/unit/esp_vectors.h
"""
import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from scapy.layers.inet import IP
from scapy.layers.ipsec import ESP, SecurityAssociation
from scapy.packet import Raw

SPI = 0xC0FFEE01
PAYLOADS = [b"", bytes(range(1, 78))]		# GRE to the wire is opaque
HMACS = [("HMAC-MD5-96", "HMAC_MD5_96", 16, "md5", 12),
         ("HMAC-SHA1-96", "HMAC_SHA1_96", 20, "sha1", 12),
         ("SHA2-256-128", "HMAC_SHA256_128", 32, "sha256", 16),
         ("SHA2-384-192", "HMAC_SHA384_192", 48, "sha384", 24),
         ("SHA2-512-256", "HMAC_SHA512_256", 64, "sha512", 32)]


def packet(cipher, key, auth, auth_key, iv, esn, seq, payload):
    sa = SecurityAssociation(ESP, spi=SPI, seq_num=seq & 0xFFFFFFFF, crypt_algo=cipher,
                             crypt_key=key, auth_algo=auth, auth_key=auth_key)
    if esn:
        sa.esn_en, sa.esn = True, seq >> 32
    clear = IP(src="192.0.2.1", dst="192.0.2.2", proto=47) / Raw(payload)
    sealed = sa.encrypt(clear, iv=iv, esn_en=esn, esn=seq >> 32)
    return bytes(sealed[ESP])


def with_esn(sealed, auth_key, digest, icv, seq):
    """scapy 2.5 leaves the upper half out of the HMAC when it encrypts."""
    body = sealed[:-icv]
    return body + hmac.digest(auth_key, body + (seq >> 32).to_bytes(4, "big"), digest)[:icv]


def row(cipher, bits, integ, esn, seq, key, auth_key, payload, sealed):
    print(f'\t{{CIPHER_{cipher}, {bits}, INTEG_{integ}, {int(esn)}, {seq:#x},\n'
          f'\t "{key.hex()}",\n\t "{auth_key.hex()}",\n\t "{payload.hex()}",\n\t "{sealed.hex()}"}},')


def gmac(key, esn, seq, payload):
    """RFC 4543: the AAD of GCM, the IV, and the text that stays clear; nothing is encrypted."""
    header = SPI.to_bytes(4, "big") + (seq & 0xFFFFFFFF).to_bytes(4, "big")
    aad = header[:4] + seq.to_bytes(8, "big") if esn else header
    pad = -(len(payload) + 2) % 4
    iv = seq.to_bytes(8, "big")
    text = payload + bytes(range(1, pad + 1)) + bytes([pad, 47])
    return header + iv + text + AESGCM(key[:-4]).encrypt(key[-4:] + iv, b"", aad + iv + text)


def with_counter(esn, seq, payload):
    """The ciphers whose IV is the number, so that our packet and scapy's are the same bytes."""
    iv = seq.to_bytes(8, "big")
    for bits in (128, 192, 256):
        key = bytes(range(0x40, 0x40 + bits // 8 + 4))
        sealed = packet("AES-GCM", key, None, None, iv, esn, seq, payload)
        row("AES_GCM", bits, "NONE", esn, seq, key, b"", payload, sealed)
        row("AES_GCM_12", bits, "NONE", esn, seq, key, b"", payload, sealed[:-4])
        row("AES_GCM_8", bits, "NONE", esn, seq, key, b"", payload, sealed[:-8])
        row("AES_GMAC", bits, "NONE", esn, seq, key, b"", payload, gmac(key, esn, seq, payload))
    key = bytes(range(0x40, 0x40 + 36))
    row("CHACHA20_POLY1305", 0, "NONE", esn, seq, key, b"", payload,
        packet("CHACHA20-POLY1305", key, None, None, iv, esn, seq, payload))


CBC = [("AES-CBC", "AES_CBC", 128, 16, 16), ("AES-CBC", "AES_CBC", 192, 24, 16),
       ("AES-CBC", "AES_CBC", 256, 32, 16), ("3DES", "3DES_CBC", 0, 24, 8), ("DES", "DES_CBC", 0, 8, 8)]
CTR = [("AES-CTR", "AES_CTR", bits, bits // 8 + 4, 8) for bits in (128, 192, 256)]


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made by esp_vectors.py. */")
    for esn in (False, True):
        seq = 0x500000102 if esn else 0x102
        for payload in PAYLOADS:
            with_counter(esn, seq, payload)
            for name, integ, length, digest, icv in HMACS:
                auth_key = bytes(range(0x80, 0x80 + length))
                for cipher, ours, bits, key_len, iv_len in CBC + CTR + [("NULL", "NULL", 0, 0, 0)]:
                    key = bytes(range(0x20, 0x20 + key_len))
                    iv = seq.to_bytes(8, "big") if ours == "AES_CTR" else b"initialisation!!"[:iv_len]
                    sealed = packet(cipher, key or None, name, auth_key, iv, esn, seq, payload)
                    if esn:
                        sealed = with_esn(sealed, auth_key, digest, icv, seq)
                    row(ours, bits, integ, esn, seq, key, auth_key, payload, sealed)


main()
