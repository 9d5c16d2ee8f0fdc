#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ESP with SPIs that nobody has: after a router was killed with its state, made
# up in the peer's name, and as a flood from everywhere.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump /usr/bin/python3

FORGED=100000 SOURCES=10000
reaches() { on "$1" ping -n -c 1 -W 0.2 "$2" >/dev/null 2>&1; }
qfp() { router east "show platform hardware qfp active $1" 2>/dev/null; }
spi_drops() { qfp 'feature ipsec datapath drops all' | awk '/IN_US_V4_PKT_SA_NOT_FOUND_SPI/ { print $3 }'; }
input_drops() { qfp 'statistics drop all | include IpsecInput' | awk '{ print $2 }'; }
log_lines() { router east 'show logging' 2>/dev/null | grep -c 'RECV_PKT_INV_SPI'; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }

iked_kb() {
	local pid
	for pid in $(node_pids east); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" != culvert-iked ] ||
			awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"
	done
}

# forge COUNT SOURCES: ESP to east; from one source: in west's name, one SPI.
forge() {
	local device mac
	device=$(on east ip -o -4 addr | awk '$4 ~ /^198\.51\.100\.2\// { print $2 }')
	mac=$(on east cat "/sys/class/net/$device/address")
	on transit /usr/bin/python3 - "$1" "$2" "$mac" <<'PY'
import random, socket, struct, sys, time
count, sources, mac = int(sys.argv[1]), int(sys.argv[2]), bytes.fromhex(sys.argv[3].replace(":", ""))
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("br0", 0))
end = time.monotonic() + 60
for i in range(count):
    if sources == 1:
        src, spi = socket.inet_aton("198.51.100.1"), 0xB761863E
    else:
        src, spi = struct.pack("!I", 0x0A000001 + i % sources), random.randrange(256, 1 << 32)
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 84, 0, 0, 64, 50, 0, src, socket.inet_aton("198.51.100.2"))
    t = sum(struct.unpack("!10H", head))
    t = (t & 0xffff) + (t >> 16)
    t = ~((t & 0xffff) + (t >> 16)) & 0xffff
    head = head[:10] + struct.pack("!H", t) + head[12:]
    s.send(mac + b"\x02\0\0\0\0\x99\x08\0" + head + struct.pack("!II", spi, i + 1) + bytes(56))
    if time.monotonic() > end:
        sys.exit("a minute was not enough for %d packets" % i)
PY
}

lab_begin site-to-site
sed -i 's/^crypto isakmp keepalive.*/crypto isakmp invalid-spi-recovery/' "$tmp/$LAB"/*.cfg
lab_up
wait_until 30 "west reaches east" reaches host-west 10.2.0.10
check "the command is in the running-config" \
	router_shows east 'show running-config' '^crypto isakmp invalid-spi-recovery'

# --- a router loses everything, and its peer has no DPD ---

for pid in $(node_pids east); do
	kill -KILL "$pid" 2>/dev/null
done
check "nothing passes" eval '! reaches host-west 10.2.0.10'
began=$(now_ms)
check "east starts again" lab up
up=$(now_ms)
wait_until 5 "west reaches east again" reaches host-west 10.2.0.10
say "healed $(($(now_ms) - up)) ms after east was up, which took $((up - began)) ms"

# --- in the peer's name, while there is an IKE SA ---

qfp 'statistics drop clear' >/dev/null
router east 'clear drops' 'clear logging' >/dev/null
check "the counters are cleared" [ "$(spi_drops)" = 0 ]
capture_start told 'udp port 500 and src host 198.51.100.2'
forge 3 1
wait_until 5 "it is logged" router_shows east 'show logging' "%CRYPTO-4-RECV_PKT_INV_SPI: decaps: rec'd \
IPSEC packet has invalid spi for destaddr=198\.51\.100\.2, prot=50, spi=0xB761863E\(3076621886\), srcaddr=198\.51\.100\.1$"
wait_until 5 "the flow is listed with what was done" \
	router_shows east 'show crypto isakmp invalid-spi' 'decision: DELETE and INVALID-SPI sent over the IKE SA'
wait_until 5 "three packets are in IN_US_V4_PKT_SA_NOT_FOUND_SPI" eval '[ "$(spi_drops)" = 3 ]'
capture_stop told
check "two messages went to west" [ "$(captured told 'udp[26] = 5')" = 2 ]
check "and in IpsecInput" [ "$(input_drops)" = 3 ]
check "the tunnel is what it was" reaches host-west 10.2.0.10

# --- from everywhere ---

router east 'clear logging' >/dev/null
before=$(iked_kb)
capture_start flood 'udp port 500 or udp port 4500'
check "$FORGED packets of $SOURCES sources are sent" forge $FORGED $SOURCES
capture_stop flood
after=$(iked_kb)
say "iked: $before kB before, $after kB after; $(log_lines) lines; $(spi_drops) packets counted"
check "iked does not grow by more than 8 MB" [ $((after - before)) -le 8192 ]
check "at least one line and at most 120 are logged" [ "$(log_lines)" -ge 1 -a "$(log_lines)" -le 120 ]
check "no stranger is spoken to" [ "$(captured flood 'net 10.0.0.0/8')" = 0 ]
check "the table of flows is bounded" \
	[ "$(router east 'show crypto isakmp invalid-spi' | grep -c '^spi ')" -le 1024 ]
check "the tunnel is what it was" reaches host-west 10.2.0.10
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
