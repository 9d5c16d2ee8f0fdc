#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Crypto maps with IKEv2: a static one between two sites, and a peer that comes by itself.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump nft

no_route_to_roamer() { ! router_shows hub 'show ip route' '10\.3\.0\.0'; }
ready() { router hub 'show crypto ikev2 sa' | grep -c READY; }

lab_begin crypto-map-ikev2
capture_start wire
lab_up
capture_wait wire
check "nothing is negotiated before there is traffic" [ "$(ready)" = 0 ]

wait_until 30 "the branch's host reaches the hub's" reaches host-branch 10.0.0.10
ping_start host-hub 10.2.0.10 100 0.02 back
check "no ping of 100 is lost from the hub to the branch" [ "$(ping_end back)" = 0 ]
wait_until 30 "the roamer's host reaches the hub's" reaches host-roamer 10.0.0.10
wait_until 5 "the hub has a route to what lies behind the roamer" \
    router_shows hub 'show ip route' '^S +10\.3\.0\.0.*198\.51\.100\.3'
ping_start host-hub 10.3.0.10 100 0.02 back
check "no ping of 100 is lost from the hub to the roamer" [ "$(ping_end back)" = 0 ]
check "each peer has an IKEv2 SA" [ "$(ready)" = 2 ]
check "and none of IKEv1" [ "$(router hub 'show crypto isakmp sa' | grep -c QM_IDLE)" = 0 ]
check "the map's SAs are shown" router_shows hub 'show crypto ipsec sa map WAN' \
    'remote ident.*10\.2\.0\.0/255\.255\.255\.0/0/0'
check "the session is" router_shows hub 'show crypto session' \
    'IPSEC FLOW: permit ip 10\.0\.0\.0/255\.255\.255\.0 10\.3\.0\.0/255\.255\.255\.0'

# The other line of the map: another pair under the same IKE SA.
on hub timeout 1 bash -c ': </dev/tcp/198.51.100.2/23' 2>/dev/null
wait_until 10 "the second line has SAs of its own" router_shows hub 'show crypto ikev2 session' \
    '198\.51\.100\.1/0 - 198\.51\.100\.1/65535 +-> +198\.51\.100\.2/23'
check "under the same IKEv2 SA" [ "$(ready)" = 2 ]

router roamer 'clear crypto session' >/dev/null
wait_until 10 "the route went with the roamer's SAs" no_route_to_roamer
wait_until 30 "the next packet brings it back" reaches host-roamer 10.0.0.10

capture_stop wire
check "ESP is on the wire" [ "$(captured wire 'proto 50')" -ge 400 ]
check "nothing clear is on the wire" nothing_clear wire
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
