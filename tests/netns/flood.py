# SPDX-License-Identifier: GPL-3.0-or-later
# What strangers send, as frames on a lab's bridge: strangers.sh, strangers_ikev2.sh.
import random
import socket
import struct
import time

A_SECOND = 4000  # frames, at most
FROM = b'\2\0\0\0\0\1'  # a MAC address of nobody's


def ethernet(to, kind, data):
    return to + FROM + struct.pack('!H', kind) + data


def checksum(b):
    b += bytes(len(b) % 2)
    t = sum(struct.unpack('!%dH' % (len(b) // 2), b))
    while t >> 16:
        t = (t & 0xffff) + (t >> 16)
    return ~t & 0xffff


def ip4(src, dst, proto, data, opts=b'', frag=0, ident=0):
    h = struct.pack('!BBHHHBBH4s4s', 0x45 + len(opts) // 4, 0, 20 + len(opts) + len(data), ident,
                    frag, 64, proto, 0, src, dst) + opts
    return h[:10] + struct.pack('!H', checksum(h)) + h[12:] + data


def udp(sport, dport, data):
    return struct.pack('!HHHH', sport, dport, 8 + len(data), 0) + data


def stranger():
    return struct.pack('!I', 0xc6120000 + random.randrange(10000))


def junk(most):
    return random.randbytes(random.randrange(most))


def isakmp_sa():
    """The body of an SA payload: AES-256, SHA-256, pre-shared key, group 19, 7200 s."""
    attributes = b''.join(struct.pack('!HH', 0x8000 | t, v) for t, v in
                          ((1, 7), (14, 256), (2, 4), (4, 19), (3, 1), (11, 1), (12, 7200)))
    t = struct.pack('!BBHBBH', 0, 0, 8 + len(attributes), 1, 1, 0) + attributes
    p = struct.pack('!BBHBBBB', 0, 0, 8 + len(t), 1, 1, 0, 1) + t
    return struct.pack('!II', 1, 1) + p


def ike(version, exchange, flags, *payloads):
    """A first message; payloads are (number, body)."""
    out = b''
    for i, (_, body) in enumerate(payloads):
        after = payloads[i + 1][0] if i + 1 < len(payloads) else 0
        out += struct.pack('!BBH', after, 0, 4 + len(body)) + body
    return random.randbytes(8) + bytes(8) + struct.pack(
        '!BBBBII', payloads[0][0], version, exchange, flags, 0, 28 + len(out)) + out


def flood(frame, count):
    """Sends what frame() returns, as fast as may be."""
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind(('br0', 0))
    start = time.time()
    for n in range(count):
        while n > (time.time() - start) * A_SECOND:
            time.sleep(0.001)
        try:
            s.send(frame())
        except BlockingIOError:
            pass
