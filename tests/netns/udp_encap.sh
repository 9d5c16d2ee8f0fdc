#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ESP in UDP without a NAT, because both are culverts or one of two routers is
# told so, in both versions of IKE: on the wire, in what is shown, after new keys
# and after the other router lost everything.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump

reaches() { on "$1" ping -n -c 1 -W 1 "$2" >/dev/null 2>&1; }

crash() {	# NODE
	local pid
	for pid in $(node_pids "$1"); do
		kill -KILL "$pid" 2>/dev/null
	done
	wait_until 10 "$1 is dead" eval '[ -z "$(node_pids '"$1"')" ]'
	lab up
}

try() {		# LAB [SETTING-OF-WEST SETTING-OF-EAST]
	local force='crypto ipsec nat-transparency udp-encapsulation force'
	lab_begin "$1" udp
	[ $# -eq 1 ] || sed -i "1i $2$force" "$tmp/$LAB/west.cfg"
	[ $# -eq 1 ] || sed -i "1i $3$force" "$tmp/$LAB/east.cfg"
	capture_start wire
	lab_up
	capture_wait wire
	wait_until 30 "west reaches east" reaches host-west 10.2.0.10
	check "both say that it is in UDP, west" router_shows west 'show crypto ipsec sa' \
		'in use settings =\{Tunnel UDP-Encaps, \}'
	check "and east" router_shows east 'show crypto ipsec sa' 'in use settings =\{Tunnel UDP-Encaps, \}'
	check "20 pings pass" eval 'on host-east ping -n -q -c 20 -i 0.02 10.1.0.10 | grep -q " 20 received"'
	router east 'clear crypto sa' >/dev/null
	wait_until 20 "east reaches west with new keys" reaches host-east 10.1.0.10
	[ $# -eq 1 ] || check "what east is told is shown" router_shows east 'show running-config' "^$3$force\$"
	check "east lost everything and starts again" crash east
	wait_until 30 "west reaches east again" reaches host-west 10.2.0.10
	check "in UDP" router_shows east 'show crypto ipsec sa' 'in use settings =\{Tunnel UDP-Encaps, \}'
	capture_stop wire
	check "there is ESP in UDP" [ "$(captured wire 'udp port 4500 and udp[8:4] != 0')" -ge 40 ]
	check "and none without" [ "$(captured wire 'proto 50')" = 0 ]
	check "nobody keeps a NAT's mapping alive" [ "$(captured wire 'udp port 4500 and udp[4:2] = 9')" = 0 ]
	check "the lab goes down and no sanitizer spoke" lab_end
	check "nothing is left of it" lab_gone
}

try site-to-site
try site-to-site-ikev2
try site-to-site '' 'no '
try site-to-site-ikev2 'no ' ''
