#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The two sites joined by crypto maps instead of a VTI, and what stands between
# their packets and the wire: hooks that outlive every daemon, and that go with the map.
. "$(dirname "$0")/lib.sh"
need ip ping nft

long_pings() { on host-west ping -n -q -c 3 -i 0.1 -s 4000 10.2.0.10 >/dev/null; }
lost() { ! reaches host-west 10.2.0.10; }
spied() { on east nft list counter netdev spy clear | sed -n 's/.*packets \([0-9]*\) .*/\1/p'; }
nothing_seen() { [ "$(spied)" = "$1" ]; }
hooks() { on west nft list table netdev culvert 2>/dev/null; }
handed_over() { [ "$(hooks | grep -c 'fwd to')" = 2 ]; }
no_hooks() { ! hooks >/dev/null; }
no_devices() { ! ip -n "$LAB-west" -o link | grep -q cmap; }

# map SITE PEER OWN OTHER
map() {
	sed -i -e '/^interface Tunnel0/,/^!/d' -e "s/^ip route .*/ip route $4 255.255.255.0 $2/" \
		-e "s/^interface GigabitEthernet0\/0/crypto map WAN 10 ipsec-isakmp\n set peer $2\n set transform-set AES\n match address 101\n!\n&\n crypto map WAN/" \
		-e "\$i access-list 101 deny icmp any host $5" \
		-e "\$i access-list 101 deny icmp host $5 any" \
		-e "\$i access-list 101 permit ip $3 0.0.0.255 $4 0.0.0.255" "$tmp/$LAB/$1.cfg"
}

lab_begin site-to-site
map west 198.51.100.2 10.1.0.0 10.2.0.0 10.2.0.1
map east 198.51.100.1 10.2.0.0 10.1.0.0 10.2.0.1
lab_up
on east nft 'table netdev spy { counter clear { }; chain in {
	type filter hook ingress device wan-east priority -500; ip saddr 10.0.0.0/8 counter name clear; }; }'
wait_until 10 "what the map covers goes to espd" handed_over
wait_until 20 "west reaches east" reaches host-west 10.2.0.10
check "the other way, too" reaches host-east 10.1.0.10
check "nothing came in clear" nothing_seen 0
check "fragments pass" long_pings
on host-west ping -n -c 2 -i 0.1 -W 1 -s 1472 -M do 10.2.0.10 >"$tmp/mtu" 2>&1
check "a sender of longer packets hears the MTU" grep -Eq 'mtu ?= ?14[0-9][0-9]' "$tmp/mtu"
check "nothing of it came in clear" nothing_seen 0

check "a deny line: in clear" reaches host-west 10.2.0.1
seen=$(spied)
check "as the spy says" [ "$seen" -ge 1 ]

# The whole router dies, the monitor too.
for pid in $(node_pids west); do
	kill -9 "$pid"
done
check "with every daemon killed nothing passes" lost
check "and nothing leaves in clear" nothing_seen "$seen"
lab up >/dev/null 2>&1
wait_until 30 "west comes back" reaches host-west 10.2.0.10

router west 'configure terminal' 'interface GigabitEthernet0/0' 'no crypto map' 'end'
wait_until 5 "without a map there are no hooks" no_hooks
wait_until 5 "and no devices" no_devices
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
