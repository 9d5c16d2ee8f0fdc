#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Has a strongSwan daemon set up many IKE SAs, over its vici socket.
#
#	vici.py SOCKET load FIRST LAST KEY=VALUE...	connections cFIRST..cLAST
#	vici.py SOCKET initiate FIRST LAST		brings them up, some at a time
#	vici.py SOCKET unload FIRST LAST		their SAs stay
#
# Connection n speaks from 10.123.0.0 + n % 32768.  KEYs: version, remote, ike, esp.
# The protocol: packets of a 32-bit length, a type, a name; then a message.
import socket
import struct
import sys
import time

CMD_REQUEST, CMD_RESPONSE, EVENT_REGISTER, EVENT_CONFIRM, EVENT = 0, 1, 3, 5, 7
SECTION_START, SECTION_END, KEY_VALUE, LIST_START, LIST_ITEM, LIST_END = range(1, 7)
AT_ONCE = 40	# negotiations under way
SETTLE_S = 5	# a pair may be up a moment before its IKE SA is
SILENCE_S = 60	# nothing comes up for so long: no more will


def name(s):
    return bytes([len(s)]) + s.encode()


def value(s):
    return struct.pack(">H", len(s)) + s.encode()


def encode(message):
    out = b""
    for k, v in message.items():
        if isinstance(v, dict):
            out += bytes([SECTION_START]) + name(k) + encode(v) + bytes([SECTION_END])
        elif isinstance(v, list):
            items = b"".join(bytes([LIST_ITEM]) + value(i) for i in v)
            out += bytes([LIST_START]) + name(k) + items + bytes([LIST_END])
        else:
            out += bytes([KEY_VALUE]) + name(k) + value(str(v))
    return out


class Vici:
    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(path)
        self.events = 0		# that came while an answer was waited for

    def _packet(self):
        """The next one's type, and the rest of it."""
        packet = self._read(struct.unpack(">I", self._read(4))[0])
        return packet[0], packet[1:]

    def _send(self, kind, what, message):
        packet = bytes([kind]) + name(what) + encode(message)
        self.sock.sendall(struct.pack(">I", len(packet)) + packet)

    def _answer(self, kind, what):
        while True:
            got, rest = self._packet()
            if got == kind:
                return rest
            if got != EVENT:
                raise SystemExit(f"{what}: packet of type {got}")
            self.events += 1

    def listen(self, event):
        self._send(EVENT_REGISTER, event, {})
        self._answer(EVENT_CONFIRM, event)

    def wait_event(self, seconds):
        """False: none came."""
        if self.events == 0:
            self.sock.settimeout(seconds)
            try:
                self._answer(EVENT, "event")
            except TimeoutError:
                return False
            finally:
                self.sock.settimeout(None)
        else:
            self.events -= 1
        return True

    def _read(self, n):
        got = b""
        while len(got) < n:
            part = self.sock.recv(n - len(got))
            if not part:
                raise SystemExit("the daemon hung up")
            got += part
        return got

    def call(self, command, message):
        """The answer's key-value pairs, of all sections in one."""
        self._send(CMD_REQUEST, command, message)
        answer = self._answer(CMD_RESPONSE, command)
        pairs, at = {}, 0
        while at < len(answer):
            element, at = answer[at], at + 1
            key = text = ""
            if element in (SECTION_START, KEY_VALUE, LIST_START):
                key, at = answer[at + 1:at + 1 + answer[at]].decode(), at + 1 + answer[at]
            if element in (KEY_VALUE, LIST_ITEM):
                length = struct.unpack(">H", answer[at:at + 2])[0]
                text, at = answer[at + 2:at + 2 + length].decode(), at + 2 + length
            if element == KEY_VALUE:
                pairs[key] = text
        if pairs.get("success") == "no":
            raise SystemExit(f"{command}: {pairs.get('errmsg')}")
        return pairs


def load(vici, n, o):
    local = f"10.123.{n >> 8 & 127}.{n & 255}"
    vici.call("load-conn", {f"c{n}": {
        "version": o["version"], "local_addrs": [local], "remote_addrs": [o["remote"]],
        "proposals": [o["ike"]], "rekey_time": "0",
        "local": {"auth": "psk", "id": local}, "remote": {"auth": "psk", "id": o["remote"]},
        "children": {f"c{n}": {"mode": "tunnel", "esp_proposals": [o["esp"]], "rekey_time": "0",
                               "local_ts": ["dynamic[gre]"], "remote_ts": ["dynamic[gre]"]}}}})


def initiate(vici, first, last):
    """Some at a time, the next when one's pair is up; ends when all are."""
    target = int(vici.call("stats", {})["total"]) + last - first + 1
    vici.listen("child-updown")
    under_way, alive = 0, True
    for n in range(first, last + 1):
        vici.call("initiate", {"child": f"c{n}", "ike": f"c{n}", "timeout": "-1", "init-limits": "no"})
        under_way += 1
        while under_way >= AT_ONCE and alive:
            alive = vici.wait_event(SILENCE_S)
            under_way -= 1
    while under_way > 0 and alive:
        alive = vici.wait_event(SILENCE_S)
        under_way -= 1
    end = time.monotonic() + SETTLE_S
    s = vici.call("stats", {})
    while int(s["half-open"]) > 0 and time.monotonic() < end:
        time.sleep(0.02)
        s = vici.call("stats", {})
    print(f"{s['total']} of {target}, {s['half-open']} half-open")
    return int(s["total"]) == target and int(s["half-open"]) == 0


def main():
    vici, what, first, last = Vici(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    if what == "load":
        options = dict(a.split("=", 1) for a in sys.argv[5:])
        for n in range(first, last + 1):
            load(vici, n, options)
    elif what == "unload":
        for n in range(first, last + 1):
            vici.call("unload-conn", {"name": f"c{n}"})
    else:
        sys.exit(0 if initiate(vici, first, last) else 1)


main()
