#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The lab of the quickstart: a hub, two spokes, hosts that reach each other
# first through the hub, then direct; nothing clear on the wire; nothing left.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump

# Received and sent, through the hub's tunnel device.
tunnel_packets() { on hub awk '$1 == "Tunnel0:" { print $3 + $11 }' /proc/net/dev; }

lab_begin dmvpn
# spoke2 says where the hub is in the older way.
sed -i 's/^ ip nhrp nhs \(.*\) nbma \(.*\) multicast$/ ip nhrp map \1 \2\n ip nhrp map multicast \2\n ip nhrp nhs \1/' \
	"$tmp/$LAB/spoke2.cfg"
capture_start wire
lab_up
capture_wait wire
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 30 "spoke2 is UP at the hub" spoke_up 172.16.0.12

ping_start host1 10.0.2.10 20 0.1 first
check "no ping is lost while the path moves from the hub to direct" [ "$(ping_end first)" = 0 ]
check "the first ping went through the hub" grep -q 'icmp_seq=1 ttl=61' "$tmp/first.ping"
wait_until 15 "host2 answers host1 by the direct path" ping_ttl host1 10.0.2.10 62
wait_until 15 "host1 answers host2 by the direct path" ping_ttl host2 10.0.1.10 62

before=$(tunnel_packets)
ping_start host1 10.0.2.10 100 0.02 direct
check "no ping of 100 is lost on the direct path" [ "$(ping_end direct)" = 0 ]
after=$(tunnel_packets)
say "the hub's tunnel had carried $before packets before, $after after"
# The spokes' kernels say a word of IPv6 now and then, by multicast.
check "the hub's tunnel carried none of them" [ -n "$before" -a $((after - before)) -lt 10 ]

capture_stop wire
router spoke1 'show ip nhrp traffic' >"$tmp/traffic"
check "NHRP packets are counted by kind" grep -q '[1-9][0-9]* Registration Reply' "$tmp/traffic"
router hub 'show dmvpn detail' >"$tmp/detail"
check "the profile that protects is told" grep -q 'Protect "DMVPN"' "$tmp/detail"
check "ESP is on the wire" [ "$(captured wire 'proto 50')" -gt 200 ]
check "nothing but ESP, ISAKMP and UDP 4500 is" nothing_clear wire

old=$(spis spoke1)
router spoke1 'clear dmvpn session' >/dev/null
check "clear dmvpn session takes SAs and dynamic entries along" eval \
	'! router_shows spoke1 "show ip nhrp" "Type: dynamic"'
wait_until 30 "and the hub is reached by others" eval 'other_spis spoke1 "$old" && reaches host1 10.0.0.10'
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
