#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Crypto maps: a static one between two sites, and a peer that comes by itself.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump nft

no_route_to_roamer() { ! router_shows hub 'show ip route' '10\.3\.0\.0'; }

lab_begin crypto-map
capture_start wire
lab_up
capture_wait wire
idle=$(router hub 'show crypto isakmp sa' | grep -c QM_IDLE)
check "nothing is negotiated before there is traffic" [ "$idle" = 0 ]
check "reverse-route static is there without an SA" \
    router_shows hub 'show ip route' '^S +10\.2\.0\.0.*198\.51\.100\.2'
check "reverse-route is not" no_route_to_roamer

wait_until 30 "the branch's host reaches the hub's" reaches host-branch 10.0.0.10
ping_start host-hub 10.2.0.10 100 0.02 back
check "no ping of 100 is lost from the hub to the branch" [ "$(ping_end back)" = 0 ]
wait_until 30 "the roamer's host reaches the hub's" reaches host-roamer 10.0.0.10
wait_until 5 "the hub has a route to what lies behind the roamer" \
    router_shows hub 'show ip route' '^S +10\.3\.0\.0.*198\.51\.100\.3'
ping_start host-hub 10.3.0.10 100 0.02 back
check "no ping of 100 is lost from the hub to the roamer" [ "$(ping_end back)" = 0 ]

check "the map's SAs are shown" router_shows hub 'show crypto ipsec sa map WAN' \
    'remote ident.*10\.2\.0\.0/255\.255\.255\.0/0/0'
check "the line without traffic is shown, too" router_shows hub 'show crypto ipsec sa' \
    'local  ident.*198\.51\.100\.1/255\.255\.255\.255/6/0'
check "the current peer is" router_shows hub 'show crypto map tag WAN' 'Current peer: 198\.51\.100\.2'
check "the session is" router_shows hub 'show crypto session' \
    'IPSEC FLOW: permit ip 10\.0\.0\.0/255\.255\.255\.0 10\.3\.0\.0/255\.255\.255\.0'

router roamer 'clear crypto session' >/dev/null
wait_until 10 "the route went with the roamer's SAs" no_route_to_roamer
wait_until 30 "the next packet brings it back" reaches host-roamer 10.0.0.10

capture_stop wire
check "ESP is on the wire" [ "$(captured wire 'proto 50')" -ge 400 ]
check "nothing clear is on the wire" nothing_clear wire
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
