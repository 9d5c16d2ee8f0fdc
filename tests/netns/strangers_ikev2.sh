#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What anybody can send to a router with IKEv2, IKEv1's aggressive mode and IPv6:
# first messages forged in the names of 10,000 sources and of the peer itself,
# and garbage at each port of either IP version.  Memory and the log are bounded,
# the tunnel lives, and the peer that was cleared amid it comes back by a cookie.
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3
need ip ping $python
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1

# send MODE COUNT: onto the bridge.
send() {
	PYTHONPATH=$top/tests/netns ip netns exec "$LAB-transit" $python -B - "$west_mac" "$1" "$2" <<-'END'
	import random, socket, struct, sys
	from flood import *
	mac, mode, count = bytes.fromhex(sys.argv[1].replace(':', '')), sys.argv[2], int(sys.argv[3])
	west, east = socket.inet_aton('198.51.100.1'), socket.inet_aton('198.51.100.2')
	west6, net6 = (socket.inet_pton(socket.AF_INET6, a) for a in ('2001:db8::1', '2001:db8:66::'))
	# The generator of P-256 is a public value as good as any.
	generator = bytes.fromhex('6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296'
	    '4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5')

	def udp4(src, sport, dport, data):
	    return ethernet(mac, 0x800, ip4(src, west, 17, udp(sport, dport, data)))

	def ip6(src, proto, data):
	    return ethernet(mac, 0x86dd, struct.pack('!IHBB16s16s', 6 << 28, len(data), proto, 64,
	        src, west6) + data)

	def udp6(src, sport, dport, data):
	    u = udp(sport, dport, data)
	    sum = checksum(src + west6 + struct.pack('!II', len(u), 17) + u) or 0xffff
	    return ip6(src, 17, u[:6] + struct.pack('!H', sum) + u[8:])

	def transform(last, kind, number, attribute=b''):
	    return struct.pack('!BBHBBH', 0 if last else 3, 0, 8 + len(attribute), kind, 0, number) + attribute

	def ikev2_init(cut=False):
	    t = transform(0, 1, 12, struct.pack('!HH', 0x800e, 256)) + transform(0, 2, 7) + \
	        transform(0, 3, 14) + transform(1, 4, 19, b'\x80' if cut else b'')
	    sa = struct.pack('!BBHBBBB', 0, 0, 8 + len(t), 1, 1, 0, 4) + t
	    return ike(0x20, 34, 8, (33, sa), (34, struct.pack('!HH', 19, 0) + generator),
	        (40, random.randbytes(32)))

	def am1():
	    return ike(0x10, 4, 0, (1, isakmp_sa()), (4, generator), (10, random.randbytes(16)),
	        (5, struct.pack('!BBH', 2, 17, 500) + b'spoke.example.org'))

	anybody = lambda: random.choice((east, stranger(), stranger()))
	anybody6 = lambda: net6[:8] + random.randbytes(8)
	garbage = lambda: random.choice((junk(1400), random.randbytes(17) + random.choice(b'\x10\x20').to_bytes(1, 'big')
	    + junk(200), ike(0x20, random.randrange(34, 38), random.choice((0, 8, 0x20)),
	    (random.randrange(33, 54), junk(300)))))
	frame = {
	    'forged': lambda: udp4(anybody(), 500, 500, ikev2_init()),
	    'cut': lambda: udp4(anybody(), 500, 500, ikev2_init(cut=True)),
	    'aggressive': lambda: udp4(anybody(), 500, 500, am1()),
	    'garbage': lambda: udp4(anybody(), random.randrange(1, 65536), *random.choice((
	        (500, garbage()), (4500, bytes(4) + garbage()), (4500, junk(300))))),
	    'forged6': lambda: udp6(anybody6(), 500, 500, random.choice((ikev2_init, am1))()),
	    'garbage6': lambda: random.choice((
	        lambda: udp6(anybody6(), random.randrange(1, 65536), random.choice((500, 4500)),
	            random.choice((b'', bytes(4))) + garbage()),
	        lambda: ip6(anybody6(), random.choice((47, 50)), junk(300)),
	        lambda: ip6(anybody6(), random.choice((0, 43, 44, 60)), junk(100))))(),
	}[mode]
	flood(frame, count)
	END
}

half_open() { router west 'show crypto ikev2 sa' | grep -Ec 'AUTH|DELETE|INIT'; }

lab_begin site-to-site-ikev2
lab_up
# West answers anybody: by IKEv2 in Tunnel8, and in Tunnel9 by aggressive mode, whose key is a name's.
"$CULVERT_BIN/culvert" -r "$RUN/west" >"$TEST_LOG/west" 2>&1 <<'END'
conf t
crypto ikev2 profile ANYBODY
 match identity remote any
 authentication remote pre-share
 authentication local pre-share
 keyring local KEYS
exit
crypto isakmp policy 10
 encryption aes 256
 hash sha256
 authentication pre-share
 group 19
exit
crypto isakmp key Through-the-hill hostname spoke.example.org
crypto ipsec profile BY-V2
 set ikev2-profile ANYBODY
exit
crypto ipsec profile BY-V1
exit
ipv6 unicast-routing
interface GigabitEthernet0/0
 ipv6 address 2001:DB8::1/64
interface Tunnel8
 ip address 172.16.8.1 255.255.255.0
 tunnel source GigabitEthernet0/0
 tunnel mode gre multipoint
 tunnel key 8
 tunnel protection ipsec profile BY-V2
interface Tunnel9
 ip address 172.16.9.1 255.255.255.0
 tunnel source GigabitEthernet0/0
 tunnel mode gre multipoint
 tunnel key 9
 tunnel protection ipsec profile BY-V1
end
END
wait_until 30 "west reaches east" reaches host-west 10.2.0.10
west_mac=$(ip -n "$LAB-west" link show wan-west | awk '/link\/ether/ { print $2 }')
send forged 1000 && send garbage 1000	# what grows once may
kb=$(resident_kb west)
for mode in forged cut aggressive garbage forged6 garbage6; do
	before=$(log_lines west)
	ping_start host-west 10.2.0.10 20 0.1 $mode
	check "sending $mode" send $mode 8000
	check "host-west is heard all the while" [ "$(ping_end $mode)" = 0 ]
	wrote=$(($(log_lines west) - before))
	say "$wrote lines were written"
	check "the log is bounded" [ $wrote -le 150 ]
done
check "strangers were asked for cookies" router_shows west 'show crypto ikev2 stats' 'cookie.*: [1-9][0-9]{3}'
check "the half-open are few" [ "$(half_open)" -le 300 ]
now=$(resident_kb west)
say "west's daemons had $kb KB, and have $now"
check "memory is bounded" [ $((now - kb)) -lt 16384 ]

send forged 30000 &
router east 'clear crypto ikev2 sa' >/dev/null
wait_until 30 "amid forged first messages east comes back" reaches host-east 10.1.0.10
wait $!
check "the lab goes down and no sanitizer spoke" lab_end
