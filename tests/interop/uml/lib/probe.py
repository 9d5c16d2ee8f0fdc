#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host-side stand-in for a tunnel end, only to see that a peer is wired up.

probe.py gre LOCAL REMOTE INNER_SRC INNER_DST [KEY]
    ICMP echo inside plain GRE; 0 when the peer's kernel answers through GRE.
probe.py ike LOCAL REMOTE
    an IKE header of an unknown major version; 0 when the peer answers.
"""
import os
import select
import socket
import struct
import sys
import time


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def receive(sock, seconds):
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([sock], [], [], left)[0]:
            yield sock.recvfrom(65535)[0]


def gre(local, remote, src, dst, key=None):
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
    sock.bind((local, 0))
    ident = os.getpid() & 0xFFFF
    for seq in range(5):
        echo = struct.pack("!BBHHH", 8, 0, 0, ident, seq) + b"culvert-lab-probe"
        echo = echo[:2] + struct.pack("!H", checksum(echo)) + echo[4:]
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(echo), seq, 0, 64, 1, 0,
                         socket.inet_aton(src), socket.inet_aton(dst))
        ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
        head = struct.pack("!HH", 0x2000 if key else 0, 0x0800)
        if key:
            head += struct.pack("!I", int(key))
        sock.sendto(head + ip + echo, (remote, 0))
        for packet in receive(sock, 0.7):
            body = packet[(packet[0] & 15) * 4:]
            inner = body[8 if body[0] & 0x20 else 4:]
            icmp = inner[(inner[0] & 15) * 4:]
            if inner[9] == 1 and icmp[0] == 0 and icmp[4:8] == struct.pack("!HH", ident, seq):
                print("echo reply through GRE from", socket.inet_ntoa(inner[12:16]))
                return 0
    return 1


def ike(local, remote):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((local, 0))
    message = struct.pack("!8s8sBBBBII", os.urandom(8), bytes(8), 0, 0x30, 34, 8, 0, 28)
    for _ in range(3):
        sock.sendto(message, (remote, 500))
        for packet in receive(sock, 1):
            print("IKE answer of", len(packet), "bytes")
            return 0
    return 1


if __name__ == "__main__":
    sys.exit({"gre": gre, "ike": ike}[sys.argv[1]](*sys.argv[2:]))
