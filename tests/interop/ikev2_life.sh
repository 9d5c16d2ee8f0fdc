#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A static VTI by IKEv2 against strongSwan (kernel-libipsec), over time: rekeys
# under traffic, both sides at once, deletes, dead peers, restarts.
# ROWS='regular expression' runs some of the rows; rekeys, ends, lifetimes as arguments, those.
. "$(dirname "$0")/vti2.sh"
. "$(dirname "$0")/rows.sh"
WIRE=udp

# --- rekeys ---

# The router's messages of CREATE_CHILD_SA are lost: whoever begins does not hear of the other.
wire_loses() {
	ip netns exec "$LAB-transit" nft -f - <<-EOT
	table netdev loses {
	  chain in {
	    type filter hook ingress device "wan-router" priority 0;
	    udp dport 4500 @th,240,8 36 counter drop
	  }
	}
	EOT
}
wire_whole() { ip netns exec "$LAB-transit" nft delete table netdev loses; }
on_the_wire() { [ "$(captured row "src $1 and udp port 4500 and udp[8:4] = 0 and udp[30] = $2")" -ge 1 ]; }

# Both rekey the ESP SAs (RFC 7296 2.8.1): one pair is left.
child_rekeyed_by_both() {
	local before flood
	wire_whole 2>/dev/null
	LIFE_KB=2560
	up "$1"
	before=$(router_spis)
	wire_loses || fail "nft"
	ping_start router "$PEER_TARGET" 400 0.02 rekey
	on router ping -n -q -c 3000 -i 0.002 -s 1200 -W 2 "$PEER_TARGET" >/dev/null 2>&1 &
	flood=$!
	wait_until 25 "the router asks for a new pair" asked_by_router
	kill $flood	# what is left of the old pair's bytes is for the pings
	swan --rekey --child tun >/dev/null &
	wait_until 5 "strongSwan asks too" on_the_wire $PEER_IP 36
	wire_whole
	wait_until 10 "the router has a new pair" new_spis "$before"
	wait_until 10 "strongSwan has one pair" swan_one_pair
	check "no ping of 400 is lost" [ "$(ping_end rekey)" = 0 ]
	pings_both_ways
}
# What is lost at its port is counted there.
asked_by_router() {
	ip netns exec "$LAB-transit" nft list table netdev loses | grep -Eq 'packets [1-9]'
}

ike_spis() { router router 'show crypto ikev2 sa detailed' | grep -oE 'Local spi: [0-9A-F]+' | sort; }
another_ike() { [ -n "$(ike_spis)" ] && [ -z "$(comm -12 <(say "$1") <(ike_spis))" ]; }

ike_rekeyed_by_swan() {
	local before esp
	up "$1"
	before=$(ike_spis) esp=$(router_spis)
	ping_start router "$PEER_TARGET" 150 0.02 rekey
	check "strongSwan rekeys the IKE SA" swan --rekey --ike peer >/dev/null
	wait_until 10 "the router has another IKE SA, and it alone" another_ike "$before"
	check "no ping of 150 is lost" [ "$(ping_end rekey)" = 0 ]
	check "the ESP SAs went with it" [ "$(router_spis)" = "$esp" ]
	check "strongSwan has one" swan_one
	check "and rekeying the ESP SAs over it works" swan --rekey --child tun >/dev/null
	pings_both_ways
	wire_check udp
}

# A lifetime of 120 s: 85 to 91 per cent of it when the router initiated.
ike_rekeyed_by_culvert() {
	local before esp
	IKE_LIFE=120
	up culvert
	before=$(ike_spis) esp=$(router_spis)
	ping_start router "$PEER_TARGET" 550 0.2 rekey
	wait_until 115 "the router has another IKE SA, and it alone" another_ike "$before"
	check "the ESP SAs went with it" [ "$(router_spis)" = "$esp" ]
	check "strongSwan has one" swan_one
	check "no ping of 550 is lost" [ "$(ping_end rekey)" = 0 ]
	pings_both_ways
	wire_check udp
}

# --- both begin at once ---

# IKE_AUTH is held up until each side has begun an IKE SA of its own, and gone on with it.
auth_lost() {
	ip netns exec "$LAB-transit" nft -f - <<-EOT
	table netdev auth {
	  chain in {
	    type filter hook ingress devices = { "wan-router", "wan-peer" } priority 0;
	    ip saddr $ROUTER_IP udp dport 4500 @th,240,8 35 counter drop
	    ip saddr $PEER_IP udp dport 4500 @th,240,8 35 counter drop
	  }
	}
	EOT
}
auth_heard() { ip netns exec "$LAB-transit" nft delete table netdev auth; }
both_asked() {
	[ "$(ip netns exec "$LAB-transit" nft list table netdev auth | grep -c 'packets [1-9]')" = 2 ]
}
two_ike() { [ "$(ike_spis | wc -l)" = 2 ]; }
one_ike() { [ "$(ike_spis | wc -l)" = 1 ]; }

begun_by_both() {
	auth_heard 2>/dev/null
	configure
	auth_lost || fail "nft"
	tunnel 'no shutdown'
	swan_initiate &
	wait_until 10 "both have sent IKE_AUTH" both_asked
	auth_heard
	wait_until 20 "the router has two IKE SAs" two_ike
	wait_until 5 "the tunnel carries" carries
	ping_start router "$PEER_TARGET" 2000 0.02 both
	wait_until 45 "the router has one IKE SA" one_ike
	wait_until 5 "and strongSwan" swan_one
	wait_until 5 "with one pair" swan_one_pair
	check "no ping of 2000 is lost" [ "$(ping_end both)" = 0 ]
	pings_both_ways
	wire_check udp
}

# --- silence, restarts ---

swan_falls_silent() {
	DPD='dpd 10 2 periodic'
	swan_silent 75
}

culvert_silent() {
	local pid
	CONN_EXTRA='dpd_delay = 1s'
	up
	pid=$(daemon_pid router iked)
	kill -STOP "$pid"
	wait_until 25 "strongSwan gives the router up" swan_empty
	kill -CONT "$pid"
	router router 'clear crypto session' >/dev/null	# it cannot know
	wait_until 60 "the tunnel carries again" carries
	pings_both_ways
	wire_check udp
}

iked_restarts() {
	local before old ike
	up
	before=$(router_spis) ike=$(ike_spis)
	old=$(daemon_pid router iked)
	ping_start router "$PEER_TARGET" 150 0.02 restart
	kill -KILL "$old"
	wait_until 5 "iked is back" iked_is_new "$old"
	check "no ping of 150 is lost" [ "$(ping_end restart)" = 0 ]
	check "its ESP SAs are those of before" [ "$(router_spis)" = "$before" ]
	check "and its IKE SA" [ "$(ike_spis)" = "$ike" ]
	check "strongSwan rekeys the ESP SAs over it" swan --rekey --child tun >/dev/null
	wait_until 10 "the router has a new pair" new_spis "$before"
	check "and the IKE SA" swan --rekey --ike peer >/dev/null
	wait_until 10 "the router has another IKE SA" another_ike "$ike"
	pings_both_ways
	wire_check udp
}

# --- the rows ---

rekeys() {
	local who
	for who in culvert strongswan; do
		row "$who initiated: strongSwan rekeys the ESP SAs" child_rekeyed_by_swan $who
		row "$who initiated: culvert rekeys the ESP SAs (2560 kB)" child_rekeyed_by_culvert $who
		row "$who initiated: strongSwan rekeys the IKE SA" ike_rekeyed_by_swan $who
		row "$who initiated: both rekey the ESP SAs at once" child_rekeyed_by_both $who
	done
}

ends() {
	row "both begin an IKE SA at once" begun_by_both
	row "strongSwan deletes the ESP SAs" deleted_by_swan --child tun
	row "strongSwan deletes the IKE SA" deleted_by_swan --ike peer
	row "clear crypto sa" deleted_by_culvert 'clear crypto sa' 'received DELETE for ESP CHILD_SA'
	row "clear crypto session" deleted_by_culvert 'clear crypto session' 'received DELETE'
	row "clear crypto ikev2 sa" deleted_by_culvert 'clear crypto ikev2 sa' 'received DELETE for IKE_SA'
	row "strongSwan falls silent" swan_falls_silent
	row "culvert-iked falls silent" culvert_silent
	row "strongSwan restarts without a word (INITIAL_CONTACT)" swan_restarts
	row "culvert-iked is killed" iked_restarts
}

# Two minutes, in which little is sent.
lifetimes() { row "culvert rekeys the IKE SA (120 s)" ike_rekeyed_by_culvert; }

vti_parts "$*" 'rekeys ends' lifetimes
