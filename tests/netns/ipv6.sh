#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two sites that reach each other by IPv6 only: GRE with both IP versions inside,
# a VTI with IPv6, a narrow way between them, and SPIs that nobody has.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump /usr/bin/python3

passes() { on "$1" ping -n -c 3 -i 0.1 -W 2 "${@:3}" "$2" 2>/dev/null | grep -q ' 3 received'; }
qfp() { router east "show platform hardware qfp active $1" 2>/dev/null; }
v6_drops() { qfp 'feature ipsec datapath drops all' | awk '/IN_US_V6_PKT_SA_NOT_FOUND_SPI/ { print $3 }'; }
v4_drops() { qfp 'feature ipsec datapath drops all' | awk '/IN_US_V4_PKT_SA_NOT_FOUND_SPI/ { print $3 }'; }

lab_begin ipv6
capture_start wire
lab_up
capture_wait wire

# --- both tunnels, both versions ---

wait_until 30 "IPv4 through GRE over IPv6" reaches host-west 10.2.0.10
wait_until 30 "IPv6 through GRE over IPv6" reaches west FD00:F0::2
wait_until 30 "IPv6 through the VTI" reaches west FD00:F1::2
check "a network behind the VTI, by a static route" passes west FD00:2::1
check "1360 bytes fit through GRE" passes host-west 10.2.0.10 -s 1332 -M do
check "1418 bytes fit through the VTI" passes west FD00:F1::2 -s 1370 -M do
check "IPv4 has no business in the VTI" eval "! on west ping -n -c 1 -W 0.3 -I Tunnel1 172.16.9.9 >/dev/null 2>&1"
capture_stop wire
check "ESP over IPv6 is on the wire" [ "$(captured wire 'ip6 proto 50')" -ge 20 ]
check "IKE goes over IPv6" [ "$(captured wire 'ip6 and udp port 500')" -ge 9 ]
check "nothing clear is on the wire" nothing_clear wire

# --- what is shown ---

check "the IKE SA has IPv6 addresses" router_shows west 'show crypto isakmp sa' '^ (dst|src): 2001:DB8::2$'
check "the proxy identities of the VTI" router_shows west 'show crypto ipsec sa interface Tunnel1' \
	'local  ident \(addr/mask/prot/port\): \(::/0/0/0\)'
check "the tunnel's transport" router_shows west 'show interfaces Tunnel0' 'Tunnel protocol/transport GRE/IPv6'
check "addresses" router_shows west 'show ipv6 interface Tunnel0' 'FD00:F0::1, subnet is FD00:F0::/64'
check "addresses in brief" router_shows west 'show ipv6 interface brief' '^    2001:DB8::1$'
check "routes" router_shows west 'show ipv6 route' '^S   FD00:2::/64 \[1/0\]'
check "IPv4's table has none of them" eval "! router_shows west 'show ip route' ::"
check "the router pings by IPv6" router_shows west 'ping ipv6 FD00:2::1' 'Success rate is (80|100) percent'

# --- settings come and go ---

west_does() { "$CULVERT_BIN/culvert" -r "$RUN/west" <<<"$1" >/dev/null; }
v6_forwarding() { on west cat /proc/sys/net/ipv6/conf/all/forwarding; }
check "IPv6 is forwarded" [ "$(v6_forwarding)" = 1 ]
west_does $'conf t\nno ipv6 unicast-routing\nint Lo0\nipv6 address FD00:9::1/64\nno ipv6 address FD00:1::1/64\nend'
wait_until 5 "... and no more" eval '[ "$(v6_forwarding)" = 0 ]'
wait_until 5 "an address comes" eval 'on west ip -6 addr show Loopback0 | grep -q fd00:9::1/64'
check "and goes" eval '! on west ip -6 addr show Loopback0 | grep -q fd00:1::1/64'
west_does $'conf t\nno ipv6 route FD00:2::/64 Tunnel1\nint Lo0\nno ipv6 address\nend'
wait_until 5 "a route goes" eval '! on west ip -6 route | grep -q fd00:2::/64'
west_does $'conf t\nipv6 unicast-routing\nipv6 route FD00:2::/64 Tunnel1\nint Lo0\nipv6 address FD00:1::1/64\nend'
wait_until 5 "it is back" reaches west FD00:2::1

# --- a narrow way: nobody on it cuts, so the router must ---

on west ip -6 route add 2001:db8::2/128 dev "$(on west ip -o -6 addr | awk '/2001:db8::1/ { print $2 }')" mtu 1280
check "IPv4 that fits the tunnel still passes" passes host-west 10.2.0.10 -s 1332
check "IPv6 too" passes west FD00:F1::2 -s 1370
on west ip -6 route del 2001:db8::2/128

# --- SPIs that nobody has ---

forge() {	# in west's name, COUNT times
	on west /usr/bin/python3 -c "
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 50)
for i in range($1):
    s.sendto(bytes.fromhex('b761863e%08x' % (i + 1)) + bytes(56), ('2001:db8::2', 0))"
}
router east 'clear drops' 'clear logging' >/dev/null
v4=$(v4_drops)
forge 3
wait_until 5 "it is logged" router_shows east 'show logging' "%CRYPTO-4-RECV_PKT_INV_SPI: decaps: rec'd \
IPSEC packet has invalid spi for destaddr=2001:DB8::2, prot=50, spi=0xB761863E\(3076621886\), srcaddr=2001:DB8::1$"
wait_until 5 "three packets are in IN_US_V6_PKT_SA_NOT_FOUND_SPI" eval '[ "$(v6_drops)" = 3 ]'
check "and none in the IPv4 counter" [ "$(v4_drops)" = "$v4" ]
check "the flow is listed" router_shows east 'show crypto isakmp invalid-spi' '2001:DB8::1'

# --- east loses everything, and west has no DPD ---

for pid in $(node_pids east); do
	kill -KILL "$pid" 2>/dev/null
done
check "nothing passes" eval '! reaches host-west 10.2.0.10'
check "east starts again" lab up
wait_until 10 "west reaches east again by GRE" reaches host-west 10.2.0.10
wait_until 10 "and by the VTI" reaches west FD00:F1::2

# --- the forwarder and iked die; the sockets are held ---

for name in culvert-espd culvert-iked; do
	for pid in $(node_pids east); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" != "$name" ] || kill -KILL "$pid"
	done
	wait_until 10 "west reaches east after $name died" passes west FD00:F1::2
done
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
