#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""IKEv1's keys as RFC 2409 writes them: prints tests/unit/ikev1_vectors.h.

Written from the RFC's formulas with Python's hmac alone.  Run by hand when a
transform is added; the tests need no Python:

    /usr/bin/python3 tests/unit/ikev1_vectors.py > tests/unit/ikev1_vectors.h
"""
import hashlib
import hmac

# hash, cipher of phase 1, bits and bytes of its key, its block
IKE = [("md5", "DES_CBC", 0, 8, 8), ("md5", "3DES_CBC", 0, 24, 8), ("sha1", "3DES_CBC", 0, 24, 8),
       ("sha1", "AES_CBC", 128, 16, 16), ("sha1", "AES_CBC", 256, 32, 16),
       ("sha256", "AES_CBC", 192, 24, 16), ("sha384", "AES_CBC", 256, 32, 16),
       ("sha512", "AES_CBC", 128, 16, 16)]
# cipher of ESP, bits and bytes of its key (and salt), HMAC, bytes of its key
ESP = [("3DES_CBC", 0, 24, "HMAC_MD5_96", 16), ("AES_CBC", 256, 32, "HMAC_SHA512_256", 64),
       ("AES_GCM", 128, 20, "NONE", 0), ("AES_CBC", 128, 16, "HMAC_SHA1_96", 20)]


def stuff(label, length):
    """Bytes that look like nothing, and are the same each time."""
    return hashlib.shake_128(label.encode()).digest(length)


def prf(name, key, data):
    return hmac.new(key, data, name).digest()


def stretch(name, key, first, rest, length):
    """RFC 2409 5.5 and appendix B: K1 = prf(K, first), K2 = prf(K, K1 | rest), ..."""
    out = t = prf(name, key, first)
    while len(out) < length:
        t = prf(name, key, t + rest)
        out += t
    return out[:length]


def show(*values):
    return ", ".join(f'"{v.hex()}"' for v in values)


def ike(i):
    name, cipher, bits, key_len, block = IKE[i]
    psk, ni, nr = stuff(f"psk{i}", 5 + 9 * i), stuff(f"ni{i}", 16 + 2 * i), stuff(f"nr{i}", 32)
    cky_i, cky_r, gxy = stuff(f"i{i}", 8), stuff(f"r{i}", 8), stuff(f"g{i}", 128)
    gxi, gxr, sa, ident = stuff(f"x{i}", 128), stuff(f"y{i}", 128), stuff(f"sa{i}", 52), stuff(f"id{i}", 8)
    skeyid = prf(name, psk, ni + nr)
    d = prf(name, skeyid, gxy + cky_i + cky_r + b"\0")
    a = prf(name, skeyid, d + gxy + cky_i + cky_r + b"\1")
    e = prf(name, skeyid, a + gxy + cky_i + cky_r + b"\2")
    key = e[:key_len] if key_len <= len(e) else stretch(name, e, b"\0", b"", key_len)
    iv = hashlib.new(name, gxi + gxr).digest()[:block]
    last, msgid = stuff(f"last{i}", block), stuff(f"m{i}", 4)
    iv2 = hashlib.new(name, last + msgid).digest()[:block]
    hash_i = prf(name, skeyid, gxi + gxr + cky_i + cky_r + sa + ident)
    hash_r = prf(name, skeyid, gxr + gxi + cky_r + cky_i + sa + ident)
    sig = prf(name, ni + nr, gxy)
    print(f"	{{HASH_{name.upper()}, CIPHER_{cipher}, {bits}, {show(psk, ni, nr, cky_i, cky_r)},")
    print(f"	 {show(gxy)},\n	 {show(gxi)},\n	 {show(gxr)},\n	 {show(sa, ident, last, msgid)},")
    print(f"	 {show(skeyid)},\n	 {show(d)},\n	 {show(a)},\n	 {show(e)},")
    print(f"	 {show(key, iv, iv2)},\n	 {show(hash_i)},\n	 {show(hash_r)},\n	 {show(sig)}}},")


def esp(i, j):
    name = IKE[i][0]
    cipher, bits, key_len, integ, auth_len = ESP[j]
    d, ni, nr = stuff(f"d{i}{j}", hashlib.new(name).digest_size), stuff(f"n{i}{j}", 20), stuff(f"m{i}{j}", 256)
    gxy, spi = stuff(f"q{i}{j}", 256 if (i + j) % 2 else 0), stuff(f"s{i}{j}", 4)
    seed = gxy + b"\3" + spi + ni + nr
    out = stretch(name, d, seed, seed, key_len + auth_len)
    print(f"	{{HASH_{name.upper()}, CIPHER_{cipher}, {bits}, INTEG_{integ}, 0x{spi.hex()},")
    print(f"	 {show(d, ni)},\n	 {show(nr)},\n	 {show(gxy)},\n	 {show(out[:key_len], out[key_len:])}}},")


print("/* SPDX-License-Identifier: GPL-3.0-or-later */\n/* Made by ikev1_vectors.py. */")
print("static const struct ike_vector ike_vectors[] = {")
for i in range(len(IKE)):
    ike(i)
print("};\nstatic const struct esp_vector esp_vectors[] = {")
for i in (0, 2, 5, 6, 7):
    for j in range(len(ESP)):
        esp(i, j)
print("};")
