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

# send MODE COUNT: onto the bridge.
send() {
	PYTHONPATH=$top/tests/netns ip netns exec "$LAB-transit" $python -B - "$hub_mac" "$1" "$2" <<-'END'
	import random, socket, sys
	from flood import *
	mac, mode, count = bytes.fromhex(sys.argv[1].replace(':', '')), sys.argv[2], int(sys.argv[3])
	hub = socket.inet_aton('203.0.113.1')
	spokes = [socket.inet_aton('203.0.113.11'), socket.inet_aton('203.0.113.12')]
	anybody = lambda: random.choice(spokes + [stranger()])
	to_hub = lambda src, *rest, **how: ethernet(mac, 0x800, ip4(src, hub, *rest, **how))
	frame = {
	    'mm1': lambda: to_hub(anybody(), 17, udp(500, 500, ike(0x10, 2, 0, (1, isakmp_sa())))),
	    'ike': lambda: to_hub(anybody(), 17, udp(random.choice((500, 4500)), 500, junk(1400))),
	    'natt': lambda: to_hub(anybody(), 17, udp(random.randrange(1, 65536), 4500,
	        random.choice((b'', bytes(4))) + junk(1400))),
	    'esp': lambda: to_hub(anybody(), 50, junk(200)),
	    'gre': lambda: to_hub(anybody(), 47, random.choice((b'\x20\0\x20\1', b'\x20\0\x08\0')) +
	        b'\0\0\0\1' + junk(200)),
	    'odd': lambda: to_hub(anybody(), random.choice((17, 47, 50)), junk(100),
	        opts=random.randbytes(4 * random.randrange(10)),
	        frag=random.choice((0, 0x2000, random.randrange(8192))), ident=random.randrange(50)),
	}[mode]
	flood(frame, count)
	END
}

too_long() { router hub "$1" 2>&1 | grep -q 'the line is too long'; }

lab_begin dmvpn
lab_up
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 30 "spoke2 is UP at the hub" spoke_up 172.16.0.12
hub_mac=$(ip -n "$LAB-hub" link show wan-hub | awk '/link\/ether/ { print $2 }')
send mm1 1000 && send natt 1000		# what grows once may
kb=$(resident_kb hub)
for mode in mm1 ike natt esp gre odd; do
	before=$(log_lines hub)
	ping_start host1 10.0.0.10 20 0.1 $mode
	check "sending $mode" send $mode 8000
	check "host1 is heard all the while" [ "$(ping_end $mode)" = 0 ]
	wrote=$(($(log_lines hub) - before))
	say "$wrote lines were written"
	check "the log is bounded" [ $wrote -le 150 ]
done
now=$(resident_kb hub)
say "the hub's daemons had $kb KB, and have $now"
check "memory is bounded" [ $((now - kb)) -lt 16384 ]

send mm1 20000 &
router spoke1 'clear crypto session' >/dev/null
wait_until 30 "amid forged first messages spoke1 comes back" reaches host1 10.0.0.10
wait $!

long=$(printf '%33000s' '' | tr ' ' A)
check "a line that is too long is refused where it is typed" too_long "show $long | include x"
check "the lab goes down and no sanitizer spoke" lab_end
