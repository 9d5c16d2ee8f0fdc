#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What anybody can send to a hub: forged first messages, invented SPIs, garbage
# at each port, GRE in clear, fragments and options.  Memory and the log are
# bounded, the tunnels live, and who was cleared amid it comes back.
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3
need ip ping $python
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1

# send MODE COUNT: as fast as may be, at most 4000 a second, onto the bridge.
send() {
	ip netns exec "$LAB-transit" $python - "$hub_mac" "$1" "$2" <<-'END'
	import random, socket, struct, sys, time
	mac, mode, count = bytes.fromhex(sys.argv[1].replace(':', '')), sys.argv[2], int(sys.argv[3])
	s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
	s.bind(('br0', 0))
	hub = socket.inet_aton('203.0.113.1')
	spokes = [socket.inet_aton('203.0.113.11'), socket.inet_aton('203.0.113.12')]

	def checksum(b):
	    t = sum(struct.unpack('!%dH' % (len(b) // 2), b))
	    while t >> 16:
	        t = (t & 0xffff) + (t >> 16)
	    return ~t & 0xffff

	def ip(src, proto, data, opts=b'', frag=0, ident=0):
	    h = struct.pack('!BBHHHBBH4s4s', 0x45 + len(opts) // 4, 0, 20 + len(opts) + len(data),
	        ident, frag, 64, proto, 0, src, hub) + opts
	    h = h[:10] + struct.pack('!H', checksum(h)) + h[12:]
	    return mac + b'\2\0\0\0\0\1\10\0' + h + data

	def udp(src, sport, dport, data):
	    return ip(src, 17, struct.pack('!HHHH', sport, dport, 8 + len(data), 0) + data)

	def stranger():
	    return struct.pack('!I', 0xc6120000 + random.randrange(10000))

	def mm1():
	    attrs = b''.join(struct.pack('!HH', 0x8000 | t, v) for t, v in
	        ((1, 7), (14, 256), (2, 4), (4, 19), (3, 1), (11, 1), (12, 7200)))
	    t = struct.pack('!BBHBBH', 0, 0, 8 + len(attrs), 1, 1, 0) + attrs
	    p = struct.pack('!BBHBBBB', 0, 0, 8 + len(t), 1, 1, 0, 1) + t
	    sa = struct.pack('!BBHII', 0, 0, 12 + len(p), 1, 1) + p
	    return random.randbytes(8) + bytes(8) + struct.pack('!BBBBII', 1, 16, 2, 0, 0,
	        28 + len(sa)) + sa

	junk = lambda most: random.randbytes(random.randrange(most))
	anybody = lambda: random.choice(spokes + [stranger()])
	frame = {
	    'mm1': lambda: udp(anybody(), 500, 500, mm1()),
	    'ike': lambda: udp(anybody(), random.choice((500, 4500)), 500, junk(1400)),
	    'natt': lambda: udp(anybody(), random.randrange(1, 65536), 4500,
	        random.choice((b'', bytes(4))) + junk(1400)),
	    'esp': lambda: ip(anybody(), 50, junk(200)),
	    'gre': lambda: ip(anybody(), 47, random.choice((b'\x20\0\x20\1', b'\x20\0\x08\0')) +
	        b'\0\0\0\1' + junk(200)),
	    'odd': lambda: ip(anybody(), random.choice((17, 47, 50)), junk(100),
	        opts=random.randbytes(4 * random.randrange(10)),
	        frag=random.choice((0, 0x2000, random.randrange(8192))), ident=random.randrange(50)),
	}[mode]
	start = time.time()
	for n in range(count):
	    while n > (time.time() - start) * 4000:
	        time.sleep(0.001)
	    try:
	        s.send(frame())
	    except BlockingIOError:
	        pass
	END
}

resident_kb() {
	local pid sum=0
	for pid in $(node_pids hub); do
		sum=$((sum + $(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")))
	done
	echo $sum
}

lines() { wc -l <"$RUN/hub/culvertd.log"; }
reaches() { on "$1" ping -n -c 1 -W 1 "$2" >/dev/null 2>&1; }
too_long() { router hub "$1" 2>&1 | grep -q 'the line is too long'; }

lab_begin dmvpn
lab_up
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 30 "spoke2 is UP at the hub" spoke_up 172.16.0.12
hub_mac=$(ip -n "$LAB-hub" link show wan-hub | awk '/link\/ether/ { print $2 }')
send mm1 1000 && send natt 1000		# what grows once may
kb=$(resident_kb)
for mode in mm1 ike natt esp gre odd; do
	before=$(lines)
	ping_start host1 10.0.0.10 20 0.1 $mode
	check "sending $mode" send $mode 8000
	check "host1 is heard all the while" [ "$(ping_end $mode)" = 0 ]
	wrote=$(($(lines) - before))
	say "$wrote lines were written"
	check "the log is bounded" [ $wrote -le 150 ]
done
now=$(resident_kb)
say "the hub's daemons had $kb KB, and have $now"
check "memory is bounded" [ $((now - kb)) -lt 16384 ]

send mm1 20000 &
router spoke1 'clear crypto session' >/dev/null
wait_until 30 "amid forged first messages spoke1 comes back" reaches host1 10.0.0.10
wait $!

long=$(printf '%33000s' '' | tr ' ' A)
check "a line that is too long is refused where it is typed" too_long "show $long | include x"
check "the lab goes down and no sanitizer spoke" lab_end
