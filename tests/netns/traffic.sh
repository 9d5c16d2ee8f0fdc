#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What passes the tunnels beside small pings: packets that are too big (ICMP says so,
# with DF; fragments pass without), TCP whose segments fit, multicast to multicast
# maps; and phase 2, where a spoke resolves the next hop that its own route names.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump iperf3

lab_begin dmvpn
# Phase 2: no redirect, no shortcut, and a route by the other spoke's tunnel address.
sed -i '/^ ip nhrp redirect$/d; /^ ip nhrp shortcut$/d; s/^ ip tcp adjust-mss.*/ ip tcp adjust-mss 1200/' "$tmp/$LAB"/*.cfg
sed -i 's/^ip route 10\.0\.0\.0 .*/&\nip route 10.0.2.0 255.255.255.0 172.16.0.12/' "$tmp/$LAB/spoke1.cfg"
sed -i 's/^ip route 10\.0\.0\.0 .*/&\nip route 10.0.1.0 255.255.255.0 172.16.0.11/' "$tmp/$LAB/spoke2.cfg"
capture_start wire
lab_up
capture_wait wire
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 30 "spoke2 is UP at the hub" spoke_up 172.16.0.12

ping_start host1 10.0.2.10 40 0.05 phase2
check "no ping is lost while the next hop is resolved" [ "$(ping_end phase2)" = 0 ]
wait_until 10 "host2 answers host1 by the direct path" ping_ttl host1 10.0.2.10 62
wait_until 10 "host1 answers host2 by the direct path" ping_ttl host2 10.0.1.10 62
wait_until 10 "by an entry that was resolved" router_shows spoke1 'show ip nhrp' '^172\.16\.0\.12/32 via 172\.16\.0\.12'
check "spoke1 shows both peers" router_shows spoke1 'show dmvpn' '172\.16\.0\.12 +UP'

# --- too big ---
on host1 ping -n -c 3 -i 0.1 -W 1 -s 1373 -M do 10.0.0.10 >"$tmp/df" 2>&1
check "1401 bytes with DF: the router says what fits" grep -Eq '[Ff]rag.*needed.*mtu = ?1400|mtu=1400' "$tmp/df"
on host1 ip route flush cache
check "1400 bytes with DF pass" on host1 ping -n -q -c 3 -i 0.05 -W 1 -s 1372 -M do 10.0.0.10 >/dev/null
on host1 ping -n -c 10 -i 0.02 -W 2 -s 4000 -M dont 10.0.2.10 >"$tmp/frags" 2>&1
check "4000 bytes without DF pass in fragments" grep -q ' 10 received' "$tmp/frags"
on host1 ping -n -c 3 -i 0.02 -W 2 -s 30000 -M dont 10.0.0.10 >"$tmp/frags" 2>&1
check "30000 too" grep -q ' 3 received' "$tmp/frags"

# --- TCP ---
on host0 tcpdump -Z root -ni any -c 1 -v 'tcp[tcpflags] & tcp-syn != 0 and dst host 10.0.0.10' >"$tmp/syn" 2>"$tmp/syn.err" &
wait_until 10 "host0 is listened to" grep -q 'listening on' "$tmp/syn.err"
on host0 iperf3 -s -1 -D -I "$tmp/iperf.pid"
listens() { on host0 ss -ltn | grep -q :5201; }
wait_until 5 "host0 serves" listens
check "TCP passes" timeout 60 ip netns exec "$LAB-host1" iperf3 -c 10.0.0.10 -n 3M >"$tmp/iperf"
wait_until 5 "its SYN was seen" grep -q mss "$tmp/syn"
check "with the segment size of ip tcp adjust-mss" grep -q 'mss 1200' "$tmp/syn"

# --- multicast ---
multicast() { on "$1" ping -n -c 3 -i 0.1 -W 0.2 -t 1 -I Tunnel0 224.0.0.5 >/dev/null 2>&1; }
hears() {
	on "$2" tcpdump -Z root -ni Tunnel0 -c 3 "icmp and dst host 224.0.0.5" >"$tmp/mcast-$2" 2>"$tmp/mcast-$2.err" &
	wait_until 5 "$2 is listened to" grep -q 'listening on' "$tmp/mcast-$2.err"
}
heard() { [ "$(grep -c 224.0.0.5 "$tmp/mcast-$1")" -ge 3 ]; }
hears hub spoke1
hears hub spoke2
multicast hub
wait_until 5 "spoke1 hears the hub's multicast" heard spoke1
wait_until 5 "spoke2 does" heard spoke2
hears spoke1 hub
multicast spoke1
wait_until 5 "the hub hears spoke1's" heard hub

capture_stop wire
check "nothing clear was on the wire" nothing_clear wire
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
