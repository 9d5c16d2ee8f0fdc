#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diffie-Hellman in the MODP groups of RFC 2409 and RFC 3526: prints tests/unit/dh_vectors.h.

Standards publish no values for these groups, but NIST does for group 14.  So
here they are from what defines the groups: each prime by the formula that its
RFC gives, with pi worked out by Machin's formula, and Python's own integers.
One more row is what hostap has for SAE, the handshake of Wi-Fi, in group 15.
Run by hand when a group is added; the tests need no Python:

    /usr/bin/python3 tests/unit/dh_vectors.py > tests/unit/dh_vectors.h
"""
import hashlib
import hmac

# group, bits of its prime, the constant of its formula
GROUPS = [(1, 768, 149686), (2, 1024, 129093), (5, 1536, 741804), (14, 2048, 124476),
          (15, 3072, 1690314), (16, 4096, 240904)]
GUARD_BITS = 64

# The password element that hostap's tests expect for the inputs of IEEE Std 802.11-2020 annex J.10
SAE_PWE = int("""
696873658f6531429f97396fb85f89e1fcd2f69219a90e822ff7f4bc0bd8a79ff08035316fcae1a53977dc112b0bfe2e
6f656dc7d4a45b081fd9bbe2228531817970bea166584a093c57343c9d578f4258d03981db8f79a21b01cd27c9aecfcb
9cdb1f84b8884e8f5066b429831eb9890ca54721ba10d5aa1a80cef14cad16da57b2418abe4b8cb0b2ebf7a80e3ecf22
8fd8b6db799c9b80afd714ad5182f464b63f4c6ce53faa6fbf3dc23f77fdcbe19ce31e8a0e97e22be2dd373988c28ebe
faac3d5b622e1e74a09af8edfae1ce9cabbbdc36b128463c7ea8bdb9364c2675e017731fe0fef649faa045f444052027
25c299de278b70dc546090021e29979ac4e7b6f58bae7c34aaef9bc630f2808d8078c25563a0a13870fbf4748dcd8790
b454c375df10c5b6b2085961e668a582f88f473043b4dc31fcbc69e7b494b06a6059802ed3a4e897a2a3c9084b276cc1
37e8fc5ce254303ef8fea2fcbbbd886c92a32a407a2c22388c8686feb9d46bd64788a7f68e0f14ad1eaccf330199c162
""".replace("\n", ""), 16)


def arctan_of_inverse(n, one):
    """arctan(1/n) * one, by its series."""
    total = term = one // n
    k = 1
    while term:
        term //= -n * n
        k += 2
        total += term // k
    return total


def pi_shifted(bits):
    """[2^bits pi]"""
    one = 1 << (bits + GUARD_BITS)
    return 4 * (4 * arctan_of_inverse(5, one) - arctan_of_inverse(239, one)) >> GUARD_BITS


def prime(bits, constant):
    """2^n - 2^(n-64) - 1 + 2^64 * ([2^(n-130) pi] + c)"""
    return 2 ** bits - 2 ** (bits - 64) - 1 + 2 ** 64 * (pi_shifted(bits - 130) + constant)


def stuff(label):
    """A private value that looks like nothing, and is the same each time."""
    return int.from_bytes(hashlib.shake_128(label.encode()).digest(32), "big")


def hmac_sha384(key, data):
    return hmac.new(key, data, "sha384").digest()


def text(number, length):
    digits = number.to_bytes(length, "big").hex()
    return "\n".join(f'\t "{digits[i:i + 96]}"' for i in range(0, len(digits), 96))


def row(group, *numbers):
    fields = ["\t NULL" if n is None else text(n, length) for n, length in numbers]
    print(f"\t{{{group},\n" + ",\n".join(fields) + "},")


def group_row(group, bits, constant):
    p, length = prime(bits, constant), bits // 8
    i = stuff(f"initiator {group}")
    # the first whose secret begins with a byte of zeros
    r = next(r for r in (stuff(f"responder {group} {n}") for n in range(10000))
             if pow(2, i * r, p) >> (bits - 8) == 0)
    row(group, (i, 32), (pow(2, i, p), length), (r, 32), (pow(2, r, p), length),
        (pow(2, i * r, p), length))


def sae_row():
    """IEEE Std 802.11-2020 12.4.4.3.3 in group 15: PT^val, where PT's own exponent is unknown."""
    p = prime(3072, 1690314)
    q = (p - 1) // 2
    seed, okm, t = hmac_sha384(b"byteme", b"mekmitasdigoat" b"psk4internet"), b"", b""
    for n in range(1, 13):  # HKDF-Expand to 384 + 384 / 2 bytes
        t = hmac_sha384(seed, t + b"SAE Hash to Element" + bytes([n]))
        okm += t
    pt = pow(int.from_bytes(okm, "big") % (p - 2) + 2, 2, p)
    macs = bytes.fromhex("000b6bd90246" "00095b66ec1e")
    val = int.from_bytes(hmac_sha384(bytes(48), macs), "big") % (q - 1) + 1
    assert pow(pt, val, p) == SAE_PWE
    row(15, (val, 48), (pow(2, val, p), 384), (None, 0), (pt, 384), (SAE_PWE, 384))


print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
print("/* Made by dh_vectors.py. */")
print("static const struct dh_vector dh_vectors[] = {")
for numbers in GROUPS:
    group_row(*numbers)
print("\t/* SAE's */")
sae_row()
print("};")
