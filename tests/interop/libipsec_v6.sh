#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A static VTI over IPv6 against strongSwan (kernel-libipsec: ESP in UDP, tunnel
# mode), IPv4 inside: who initiates, and who rekeys.
# ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/vti.sh"

# As in lib.sh, where addresses are of IPv4.
router_idle() {
	router router 'show crypto isakmp sa' | tr -d '\n' | grep -Eq "dst: ${1^^} src: ${2^^} state: QM_IDLE"
}
peer_deaf() {
	ip netns exec "$LAB-transit" nft -f - <<-EOF2
	table netdev deaf {
	  chain in {
	    type filter hook ingress device "wan-router" priority 0;
	    ip6 saddr $ROUTER_IP udp dport 500 @th,128,64 0 @th,208,8 2 drop
	  }
	}
	EOF2
}
wire_check() {
	capture_stop row
	check "ESP in UDP 4500 over IPv6 is on the wire" [ "$(captured row 'ip6 and udp port 4500')" -ge 20 ]
	check "nothing clear is on the wire" wire_is_clean row
}

configure() {
	tunnel_down
	swan_load
}

agreed() {	# WHO
	up "$1"
	check "strongSwan has the IPv6 identities" swan_shows "local +'$PEER_IP'"
	check "ESP is in UDP" swan_shows 'TUNNEL-in-UDP'
	check "the router's proxy identities are IPv4's" router_shows router 'show crypto ipsec sa' \
		'local  ident .*0\.0\.0\.0/0\.0\.0\.0/0/0'
	wire_check
}

rekeyed() {	# WHO initiates; strongSwan rekeys
	local before
	up "$1"
	before=$(router_spis)
	ping_start router "$PEER_TARGET" 100 0.02 rekey
	check "strongSwan rekeys" swan --rekey --child tun >/dev/null
	wait_until 10 "the router has a new pair" new_spis "$before"
	check "no ping of 100 is lost" [ "$(ping_end rekey)" = 0 ]
	wire_check
}

interop_begin libipsec
lab_up
PEER_IP=2001:db8:66::2 ROUTER_IP=2001:db8:66::1
on peer sysctl -qw net.ipv6.conf.all.disable_ipv6=0
on peer ip -6 addr add $PEER_IP/64 dev wan-peer nodad || fail "the peer has no IPv6"
router_config 'crypto isakmp key culvert-test-psk address ipv6 2001:DB8:66::/64' \
	'interface GigabitEthernet0/0' "ipv6 address $ROUTER_IP/64" 'interface Tunnel0' \
	'tunnel mode ipsec ipv6 v4-overlay' "tunnel destination $PEER_IP"
wait_until 10 "the two see each other" eval "on peer ping -n -q -c 1 -W 1 $ROUTER_IP >/dev/null"
swan_begin peer
lines=0

for who in culvert strongswan; do
	row "$who initiates" agreed $who
	row "$who initiated: strongSwan rekeys the ESP SAs" rekeyed $who
done
vti_end
