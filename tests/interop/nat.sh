#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A NAT box between a router and strongSwan (kernel-libipsec): first the router
# behind it, then strongSwan behind it.  IKE_VERSION=2: by IKEv2 (ikev2_nat.sh).
# ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump nft swanctl
[ -x /usr/sbin/charon-systemd ] || skip "needs charon-systemd"

# The router is the initiator: nobody can reach it first.
behind() {
	tunnel_down
	swan_load
	tunnel_up culvert
	check "strongSwan sees it at the NAT's address" swan_shows "remote '192.168.1.11' @ 203.0.113.30\["
	check "the router says UDP-Encaps" router_shows inner 'show crypto ipsec sa' 'Tunnel UDP-Encaps'
	pings_both_ways
	wire_check udp
}

behind_rekeyed() {	# --child tun | --ike peer
	local before
	behind
	capture_start row
	before=$(router_spis)
	ping_start inner "$PEER_TARGET" 200 0.02 rekey
	check "strongSwan rekeys" swan --rekey "$@" >/dev/null
	[ "$1" != --child ] || wait_until 10 "the router has a new pair" new_spis "$before"
	check "no ping of 200 is lost" [ "$(ping_end rekey)" = 0 ]
	pings_both_ways
	wire_check udp
}

nat_responded() {	# the peer is at the NAT's address
	if [ "$IKE_VERSION" = 1 ]; then
		router_idle 203.0.113.1 203.0.113.30
	else
		PEER_IP=203.0.113.30 router_ready No
	fi
}

# strongSwan is the initiator, and its identity is its inner address.
in_front() {
	tunnel_down
	swan_load
	tunnel 'no shutdown'
	check "strongSwan initiates" swan_initiate
	wait_until 15 "the router has an IKE SA and says that the peer initiated" nat_responded
	check "the router says UDP-Encaps" router_shows outer 'show crypto ipsec sa' 'Tunnel UDP-Encaps'
	pings_both_ways
	wire_check udp
}

in_front_rekeyed() {
	local before
	in_front
	capture_start row
	before=$(router_spis)
	ping_start outer "$PEER_TARGET" 200 0.02 rekey
	check "strongSwan rekeys" swan --rekey "$@" >/dev/null
	[ "$1" != --child ] || wait_until 10 "the router has a new pair" new_spis "$before"
	check "no ping of 200 is lost" [ "$(ping_end rekey)" = 0 ]
	pings_both_ways
	wire_check udp
}

# The NAT box forgets: what the peer sends next comes from another port.
in_front_moved() {
	in_front
	on nat conntrack -F 2>/dev/null
	on nat nft -f - <<-'EOF'
	table ip moved {
	  chain postrouting {
	    type nat hook postrouting priority 90;
	    udp dport 4500 masquerade to :40000-50000
	  }
	}
	EOF
	capture_start row
	check "strongSwan speaks" peer_do "ping -n -q -c 5 -i 0.1 -W 1 -I $PEER_TARGET $ROUTER_TARGET >/dev/null; true"
	pings_both_ways
	capture_stop row
	check "from another port" [ "$(captured row 'src 203.0.113.30 and udp dst port 4500 and src portrange 40000-50000')" -ge 10 ]
	check "and is answered there" [ "$(captured row 'dst 203.0.113.30 and udp src port 4500 and dst portrange 40000-50000')" -ge 10 ]
	on nat nft delete table ip moved
}

interop_begin nat
lab_up
lines=0

ROUTER=inner PINGER=inner PEER_IP=203.0.113.2 ROUTER_IP=%any ROUTER_ID=192.168.1.11
swan_begin peer
ikev2_profile $PEER_IP $PEER_IP
row "the router behind NAT" behind
row "the router behind NAT: strongSwan rekeys the ESP SAs" behind_rekeyed --child tun
row "the router behind NAT: strongSwan rekeys the IKE SA" behind_rekeyed --ike peer
tunnel shutdown
swan_stop

ROUTER=outer PINGER=outer PEER_IP=192.168.1.2 ROUTER_IP=203.0.113.1 ROUTER_ID=
swan_begin homepeer
ikev2_profile 203.0.113.30 $PEER_IP
row "strongSwan behind NAT" in_front
row "strongSwan behind NAT: strongSwan rekeys the ESP SAs" in_front_rekeyed --child tun
row "strongSwan behind NAT: strongSwan rekeys the IKE SA" in_front_rekeyed --ike peer
if command -v conntrack >/dev/null; then
	row "strongSwan behind NAT: the NAT's port changes" in_front_moved
fi
swan_stop

rows_end || exit 1
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
