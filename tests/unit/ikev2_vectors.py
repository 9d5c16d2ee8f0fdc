#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""IKEv2's keys and AUTH as RFC 7296 writes them: prints tests/unit/ikev2_vectors.h.

Written from the RFC's formulas with Python's hmac alone.  Run by hand when a
transform is added; the tests need no Python:

    /usr/bin/python3 tests/unit/ikev2_vectors.py > tests/unit/ikev2_vectors.h
"""
import hashlib
import hmac

PRFS = ["md5", "sha1", "sha256", "sha384", "sha512"]
# cipher, bits of its key, bytes of key and salt, HMAC, bytes of its key
IKE = [("AES_CBC", 128, 16, "HMAC_SHA1_96", 20), ("AES_CBC", 256, 32, "HMAC_SHA512_256", 64),
       ("AES_GCM", 128, 20, "NONE", 0), ("AES_GCM", 256, 36, "NONE", 0),
       ("CHACHA20_POLY1305", 0, 36, "NONE", 0), ("3DES_CBC", 0, 24, "HMAC_MD5_96", 16)]
ESP = [("AES_CBC", 128, 16, "HMAC_SHA256_128", 32), ("AES_CBC", 256, 32, "HMAC_SHA384_192", 48),
       ("AES_GCM", 128, 20, "NONE", 0), ("AES_GCM", 256, 36, "NONE", 0),
       ("AES_GMAC", 192, 28, "NONE", 0), ("AES_CTR", 128, 20, "HMAC_SHA1_96", 20),
       ("NULL", 0, 0, "HMAC_MD5_96", 16)]


def stuff(label, length):
    """Bytes that look like nothing, and are the same each time."""
    return hashlib.shake_128(label.encode()).digest(length)


def prf(name, key, data):
    return hmac.new(key, data, name).digest()


def prf_plus(name, key, seed, length):
    """RFC 7296 2.13: T1 = prf(K, S | 0x01), T2 = prf(K, T1 | S | 0x02), ..."""
    out, t, n = b"", b"", 0
    while len(out) < length:
        n += 1
        t = prf(name, key, t + seed + bytes([n]))
        out += t
    return out[:length]


def cut(data, *lengths):
    for length in lengths:
        yield data[:length]
        data = data[length:]


def sk(name, skeyseed, ni, nr, spi_i, spi_r, key, auth):
    """RFC 7296 2.14: d, ai, ar, ei, er, pi, pr."""
    h = hashlib.new(name).digest_size
    lengths = (h, auth, auth, key, key, h, h)
    return list(cut(prf_plus(name, skeyseed, ni + nr + spi_i + spi_r, sum(lengths)), *lengths))


def quoted(*fields):
    return ",\n\t ".join(f'"{f.hex()}"' for f in fields)


def ike_rows():
    print("static const struct ike_vector ike_vectors[] = {")
    for i, (cipher, bits, key, integ, auth) in enumerate(IKE):
        name, old = PRFS[i % 5], PRFS[(i + 2) % 5]
        ni, nr = stuff(f"ni {i}", 16 + 7 * i), stuff(f"nr {i}", 32)
        spi_i, spi_r = stuff(f"spii {i}", 8), stuff(f"spir {i}", 8)
        gxy, old_d = stuff(f"gxy {i}", 32 + 32 * i), stuff(f"old {i}", hashlib.new(old).digest_size)
        first = sk(name, prf(name, ni + nr, gxy), ni, nr, spi_i, spi_r, key, auth)
        # RFC 7296 2.18: the old SA's prf and SK_d make SKEYSEED
        again = sk(name, prf(old, old_d, gxy + ni + nr), ni, nr, spi_i, spi_r, key, auth)
        print(f"\t{{HASH_{name.upper()}, HASH_{old.upper()}, CIPHER_{cipher}, {bits}, INTEG_{integ},\n"
              f"\t {quoted(ni, nr, spi_i, spi_r, gxy, old_d)},\n"
              f"\t {{{quoted(*first)}}},\n\t {{{quoted(*again[:5])}}}}},")
    print("};\n")


def esp_rows():
    print("static const struct esp_vector esp_vectors[] = {")
    for i, (cipher, bits, key, integ, auth) in enumerate(ESP):
        for gxy in (b"", stuff(f"child gxy {i}", 32)):
            name = PRFS[(i + 1) % 5]
            d = stuff(f"child d {i}", hashlib.new(name).digest_size)
            ni, nr = stuff(f"child ni {i}", 20), stuff(f"child nr {i}", 32)
            # RFC 7296 2.17: initiator to responder first, its cipher's key before its HMAC's
            keys = cut(prf_plus(name, d, gxy + ni + nr, 2 * (key + auth)), key, auth, key, auth)
            print(f"\t{{HASH_{name.upper()}, CIPHER_{cipher}, {bits}, INTEG_{integ},\n"
                  f"\t {quoted(d, gxy, ni, nr, *keys)}}},")
    print("};\n")


def auth_rows():
    print("static const struct auth_vector auth_vectors[] = {")
    for name in PRFS:
        secret, message = stuff(f"psk {name}", 21), stuff(f"init {name}", 300)
        nonce, sk_p = stuff(f"nonce {name}", 24), stuff(f"skp {name}", hashlib.new(name).digest_size)
        id_body = bytes([1, 0, 0, 0, 192, 0, 2, 1])
        octets = message + nonce + prf(name, sk_p, id_body)
        mac = prf(name, prf(name, secret, b"Key Pad for IKEv2"), octets)
        print(f"\t{{HASH_{name.upper()},\n\t {quoted(secret, message, nonce, sk_p, id_body, mac)}}},")
    print("};")


print("/* SPDX-License-Identifier: GPL-3.0-or-later */\n/* Made by ikev2_vectors.py. */")
ike_rows()
esp_rows()
auth_rows()
