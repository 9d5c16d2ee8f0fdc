#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other end of a tunnel, by Scapy's ESP: pings the forwarder's end in
packets of many sizes, opens what comes back, and looks at every layer of it.

usage: scapy_esp.py JSON, whose keys espd_scapy.c writes.
"""
import json
import socket
import struct
import sys
import time

import logging
logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import ESP, GRE, ICMP, IP, IPv6, UDP, Raw, SecurityAssociation  # noqa: E402

SIZES = [28, 29, 30, 31, 32, 43, 44, 45, 60, 127, 576, 1280, 1400, 1476, 1500, 4096, 8191, 8800]
PACKET_OUTGOING = 4
ESP_PROTOCOL, NATT_PORT = 50, 4500

c = json.loads(sys.argv[1])
v6 = ":" in c["local"]
outer = (IPv6 if v6 else IP)(src=c["local"], dst=c["remote"])
way = socket.AF_INET6 if v6 else socket.AF_INET


def association(spi, key, auth, header):
    algorithms = {"crypt_algo": c["cipher"], "crypt_key": bytes.fromhex(key)}
    if c["integ"]:
        algorithms.update(auth_algo=c["integ"], auth_key=bytes.fromhex(auth))
    return SecurityAssociation(ESP, spi=spi, tunnel_header=header if c["tunnel_mode"] else None,
                               **algorithms)


to_peer = association(c["spi_out"], c["key_out"], c["auth_out"], outer)
from_peer = association(c["spi_in"], c["key_in"], c["auth_in"],
                        type(outer)(src=c["remote"], dst=c["local"]))
raw = socket.socket(way, socket.SOCK_RAW, socket.IPPROTO_RAW)
natt = socket.socket(way, socket.SOCK_DGRAM)
natt.bind((c["local"], NATT_PORT))
seen = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
seen.bind(("wan0", 3))


def fail(what):
    sys.exit("%s: %s" % (sys.argv[1], what))


def gre():
    return GRE(key_present=1, key=c["gre_key"]) if c["gre_key"] is not None else GRE()


def sealed(size, seq):
    inner = IP(src="10.0.0.2", dst="10.0.0.1", tos=0x48) / ICMP(id=77, seq=seq) / \
        Raw(bytes(i * 7 & 0xff for i in range(size - 28)))
    inside = outer.copy() / gre() / inner if c["gre"] else inner
    return bytes(inner), bytes(to_peer.encrypt(type(inside)(bytes(inside)), seq_num=seq))


def send(packet):
    if not c["udp"]:
        raw.sendto(packet, (c["remote"], 0))
    else:
        natt.sendto(packet[40 if v6 else 20:], (c["remote"], NATT_PORT))


def receive(wait):
    """The next ESP from the peer, as a packet without UDP; None when none comes."""
    end = time.monotonic() + wait
    while time.monotonic() < end:
        seen.settimeout(max(end - time.monotonic(), 0.001))
        try:
            packet, address = seen.recvfrom(65536)
        except socket.timeout:
            break
        if address[2] == PACKET_OUTGOING or packet[0] >> 4 != (6 if v6 else 4):
            continue
        p = (IPv6 if v6 else IP)(packet)
        if (p.src, p.dst) != (c["remote"], c["local"]):
            continue
        header, proto = (40, p.nh) if v6 else (p.ihl * 4, p.proto)
        body = packet[header:p.plen + header if v6 else p.len]
        if c["udp"] and proto == socket.IPPROTO_UDP:
            sport, dport, length, _ = struct.unpack("!4H", body[:8])
            if sport != NATT_PORT or dport != NATT_PORT or length != len(body):
                fail("its UDP header is not that of port 4500")
            body = body[8:]
        elif c["udp"] or proto != ESP_PROTOCOL:
            continue
        if (p.tc if v6 else p.tos) != 0x48:
            fail("the outer header has not the inner one's TOS")
        whole = IPv6(src=p.src, dst=p.dst, nh=ESP_PROTOCOL) if v6 else \
            IP(src=p.src, dst=p.dst, proto=ESP_PROTOCOL)
        return type(p)(bytes(whole / Raw(body)))
    return None


def opened(packet):
    """The inner packet; every layer around it is what it should be."""
    p = from_peer.decrypt(packet)
    p = type(p)(bytes(p))
    if not c["gre"]:
        return p
    if GRE not in p or p[GRE].proto != 0x0800 or p[GRE].chksum_present or p[GRE].seqnum_present:
        fail("no GRE of IPv4 in it: " + p.summary())
    if bool(p[GRE].key_present) != (c["gre_key"] is not None) or \
            (c["gre_key"] is not None and p[GRE].key != c["gre_key"]):
        fail("GRE has another key")
    if (p.src, p.dst) != (c["remote"], c["local"]):
        fail("GRE has other ends")
    return p[GRE].payload


def right_sum(layer):
    there = layer.chksum
    again = layer.copy()
    del again.chksum
    return type(layer)(bytes(again)).chksum == there


seq, last = 0, None
for size in SIZES:
    seq += 1
    asked, packet = sealed(size, seq)
    send(packet)
    answer = receive(5)
    if answer is None:
        fail("%d bytes: no answer" % size)
    spi, number = struct.unpack("!2I", bytes(answer.payload)[:8])
    if spi != c["spi_in"] or (last is not None and number != last + 1):
        fail("%d bytes: SPI %#x, sequence number %d after %s" % (size, spi, number, last))
    last = number
    inner = opened(answer)
    if (inner.src, inner.dst, inner.len) != ("10.0.0.1", "10.0.0.2", size) or \
            inner[ICMP].type != 0 or inner[ICMP].seq != seq or \
            bytes(inner)[28:size] != asked[28:] or \
            not right_sum(inner) or not right_sum(inner[ICMP]):
        fail("%d bytes: the answer is another: %s" % (size, inner.summary()))

send(packet)			# again, and with one bit changed
_, packet = sealed(100, seq + 1)
send(packet[:-1] + bytes([packet[-1] ^ 1]))
_, packet = sealed(100, seq + 2)
send(packet)
answer = receive(5)
if answer is None or opened(answer)[ICMP].seq != seq + 2:
    fail("a repeated or a forged packet was answered")
