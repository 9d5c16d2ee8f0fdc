#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Crypto maps: a static one between two sites, and a peer that comes by itself.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump nft

matched() { router "$1" "show access-lists $2" | grep -Eq "^ +$3 .* \\($4\\)"; }
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

check "the line that pings took says how many" matched hub TO-BRANCH 20 '[0-9][0-9][0-9]+ matches'
router hub 'clear access-list counters TO-BRANCH' >/dev/null
check "cleared, it says nothing" not matched hub TO-BRANCH 20 '.*'
check "the other list still counts" matched hub FOR-ROAMERS 10 '[0-9][0-9][0-9]+ matches'
ping_start host-hub 10.2.0.10 41 0.02 count
check "no ping of 41 is lost" [ "$(ping_end count)" = 0 ]
check "they are counted, each one" matched hub TO-BRANCH 20 '41 matches'
check "what the map's device gave is counted" router_shows hub \
    'show crypto engine accelerator statistic' '^  From devices: .* reads, [0-9]{3,} packets'
check "what the map's device took is counted" router_shows hub \
    'show crypto engine accelerator statistic' '^  To devices: .* writes, [0-9]{3,} segments'
on host-hub bash -c 'exec 3<>/dev/udp/10.2.0.10/9; echo >&3'
wait_until 3 "one more by another flow" matched hub TO-BRANCH 20 '42 matches'
check "the answers are, at the branch" matched branch 101 10 '[0-9]+ matches'
check "a line that nothing matched says nothing" not matched hub TO-BRANCH 30 '.*'

router roamer 'clear crypto session' >/dev/null
wait_until 10 "the route went with the roamer's SAs" no_route_to_roamer
wait_until 30 "the next packet brings it back" reaches host-roamer 10.0.0.10

capture_stop wire
check "ESP is on the wire" [ "$(captured wire 'proto 50')" -ge 400 ]
check "nothing clear is on the wire" nothing_clear wire
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
