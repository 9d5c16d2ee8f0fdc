#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A paced flow of numbered datagrams between two network namespaces, each way or one way.

usage: udp_flow.py NS1 ADDRESS1 NS2 ADDRESS2 RATE SECONDS SIZE [one]

RATE datagrams of SIZE octets a second leave each end (with `one`, the first).  One process
has both ends, and their sockets have room for seconds: so what does not arrive was lost on
the way, however busy the machine is.  Prints "LOST SENT", and to standard error which
numbers are missing and when they left.
"""
import ctypes
import os
import select
import socket
import sys
import time

PORT = 5201
BURST = 8               # datagrams that may leave at once
QUIET_S = 1.0           # nothing came for so long: what is missing is lost
SO_RCVBUFFORCE = 33
CLONE_NEWNET = 0x40000000


def open_in(ns, address):
    """A socket in a namespace, bound there; it stays there."""
    libc = ctypes.CDLL(None, use_errno=True)
    fd = os.open("/run/netns/" + ns, os.O_RDONLY)
    if libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns " + ns)
    os.close(fd)
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    s.bind((address, PORT))
    s.setblocking(False)
    return s


class Flow:
    """One direction."""

    def __init__(self, source, sink, to, size):
        self.source, self.sink, self.to = source, sink, (to, PORT)
        self.filler = b"culvert!" * (size // 8)
        self.left_at, self.arrived = [], set()

    def send(self, now):
        number = len(self.left_at)
        self.source.sendto(number.to_bytes(8, "big") + self.filler[8:], self.to)
        self.left_at.append(now)

    def drain(self):
        got = False
        try:
            while True:
                self.arrived.add(int.from_bytes(self.sink.recv(65536)[:8], "big"))
                got = True
        except BlockingIOError:
            return got

    def missing(self):
        return [n for n in range(len(self.left_at)) if n not in self.arrived]


def run(flows, rate, seconds):
    begin = start = heard = time.monotonic()
    while True:
        now = time.monotonic()
        due = int(min(now - start, seconds) * rate)
        late = due - min(len(flow.left_at) for flow in flows) - BURST
        if late > 0:            # a stall is not made up for: that would be another rate
            start += late / rate
            due -= late
        for flow in flows:
            while len(flow.left_at) < due:
                flow.send(now - begin)
        if any([flow.drain() for flow in flows]):
            heard = time.monotonic()
        if now - start > seconds and all(len(f.left_at) == int(seconds * rate) for f in flows) and \
                (now - heard > QUIET_S or all(len(f.arrived) == len(f.left_at) for f in flows)):
            return
        select.select([f.sink for f in flows], [], [], 0.5 / rate)


def main():
    ns1, a1, ns2, a2, rate, seconds, size = sys.argv[1:8]
    one, two = open_in(ns1, a1), open_in(ns2, a2)
    flows = [Flow(one, two, a2, int(size))]
    if sys.argv[8:] != ["one"]:
        flows.append(Flow(two, one, a1, int(size)))
    run(flows, float(rate), float(seconds))
    for flow in flows:
        for n in flow.missing():
            print(f"missing: {n} to {flow.to[0]}, left after {flow.left_at[n]:.3f} s", file=sys.stderr)
    print(sum(len(f.missing()) for f in flows), sum(len(f.left_at) for f in flows))


main()
