#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ESP packets as scapy makes them: prints tests/unit/esp_vectors.h.

Run by hand when a transform is added; the tests need no scapy:

    /usr/bin/python3 tests/unit/esp_vectors.py > tests/unit/esp_vectors.h
"""
import hmac

from scapy.layers.inet import IP
from scapy.layers.ipsec import ESP, SecurityAssociation
from scapy.packet import Raw

SPI = 0xC0FFEE01
PAYLOADS = [b"", bytes(range(1, 78))]		# GRE to the wire is opaque
HMACS = [("HMAC-SHA1-96", "HMAC_SHA1_96", 20, "sha1", 12),
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


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made by esp_vectors.py. */")
    for esn in (False, True):
        seq = 0x500000102 if esn else 0x102
        for payload in PAYLOADS:
            for bits in (128, 192, 256):
                key = bytes(range(0x40, 0x40 + bits // 8 + 4))
                # Ours and scapy's packet are the same bytes only with our IV: the number.
                sealed = packet("AES-GCM", key, None, None, seq.to_bytes(8, "big"), esn, seq, payload)
                row("AES_GCM", bits, "NONE", esn, seq, key, b"", payload, sealed)
            for name, integ, length, digest, icv in HMACS:
                auth_key = bytes(range(0x80, 0x80 + length))
                for bits in (128, 192, 256):
                    key = bytes(range(0x20, 0x20 + bits // 8))
                    sealed = packet("AES-CBC", key, name, auth_key, b"initialisation!!", esn, seq,
                                    payload)
                    if esn:
                        sealed = with_esn(sealed, auth_key, digest, icv, seq)
                    row("AES_CBC", bits, integ, esn, seq, key, auth_key, payload, sealed)
                sealed = packet("NULL", None, name, auth_key, b"", esn, seq, payload)
                if esn:
                    sealed = with_esn(sealed, auth_key, digest, icv, seq)
                row("NULL", 0, integ, esn, seq, b"", auth_key, payload, sealed)


main()
