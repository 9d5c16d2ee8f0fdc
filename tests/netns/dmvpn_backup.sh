#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Backup hubs: a spoke uses the best of three.  The first loses its power and the second takes
# its place; it comes back, and is used again when it has answered for the fallback time.
. "$(dirname "$0")/lib.sh"
need ip ping

nhs() { router_shows spoke 'show ip nhrp nhs' "^172\.16\.0\.$1 +$2 "; }
place() { router_shows spoke 'show ip nhrp nhs redundancy' "172\.16\.0\.$1 +$1 +$2 +$3"; }
registered() { router_shows "hub$1" 'show ip nhrp' '^172\.16\.0\.11/32'; }

# Multicast that arrives at a hub's tunnel: 5 hello packets of the spoke.
multicast() {
	local before after
	before=$(on "hub$1" awk '$1 == "Tunnel0:" { print $3 }' /proc/net/dev)
	on spoke ping -n -c 5 -i 0.05 -W 1 -I Tunnel0 224.0.0.10 >/dev/null 2>&1
	after=$(on "hub$1" awk '$1 == "Tunnel0:" { print $3 }' /proc/net/dev)
	[ $((after - before)) -ge 5 ]
}

# When the log has the last of such lines, in ms of the day.
at_ms() {
	grep -E "$1" "$RUN/spoke/culvertd.log" | tail -1 |
		sed -nE 's/.* ([0-9]+):([0-9]+):([0-9]+)\.([0-9]{3}).*/\1 \2 \3 \4/p' |
		awk '{ print (($1 * 60 + $2) * 60 + $3) * 1000 + $4 }'
}

lab_begin dmvpn-backup
# In clear, so that NHRP alone says who is there, and in a hurry.
sed -i 's/^ tunnel protection .*//; s/^ ip nhrp registration timeout .*/ ip nhrp registration timeout 2/
	s/^ ip nhrp nhs fallback .*/ ip nhrp nhs fallback 5/' "$tmp/$LAB"/*.cfg
lab_up
wait_until 15 "the spoke is registered with hub1" nhs 1 RE
check "which is used" place 1 RE Running
check "hub2 waits" place 2 W Waiting
check "hub3 waits" place 3 W Waiting
check "hub2 knows nothing of the spoke" not registered 2
check "a tunnel's servers are shown in detail" router_shows spoke \
	'show ip nhrp nhs tunnel 0 detail' '^172\.16\.0\.1 +RE .*repl-recv [1-9]'
check "a tunnel's places are shown" router_shows spoke \
	'show ip nhrp nhs tunnel 0 redundancy' '^1 +Tunnel0 +1 +172\.16\.0\.1 '
check "one of three is used" router_shows spoke 'show ip nhrp nhs redundancy' \
	'Tunnel0 +1 +Enable +1 +3 +1 +0 +2 +5$'
wait_until 10 "host reaches host1" reaches host 10.0.1.10
check "host does not reach host2" not reaches host 10.0.2.10
check "multicast goes to hub1" multicast 1
check "and not to hub2" not multicast 2

for pid in $(node_pids hub1); do
	kill -KILL "$pid" 2>/dev/null
done
wait_until 20 "hub1 is gone, the spoke is registered with hub2" nhs 2 RE
check "which is used" place 2 RE Running
check "hub1 is probed" place 1 E Probing
check "hub3 waits" place 3 W Waiting
wait_until 5 "host reaches host2" reaches host 10.0.2.10
check "multicast goes to hub2" multicast 2

wait_until 20 "nothing is left of hub1" lab_killed hub1
lab up >/dev/null || fail "culvert-lab up"
wait_until 20 "hub1 is back, and held" place 1 RE Holding
check "hub2 is used on" place 2 RE Running
wait_until 20 "hub1 is used again" place 1 RE Running
check "hub2 waits" place 2 W Waiting
check "hub2 was told" not registered 2
wait_until 5 "host reaches host1" reaches host 10.0.1.10
check "multicast goes to hub1" multicast 1
check "and not to hub2" not multicast 2
held=$(($(at_ms 'Tunnel: 172\.16\.0\.2 .* is DOWN') - $(at_ms 'Tunnel: 172\.16\.0\.1 .* is  UP')))
check "hub1 had answered for 5 s before hub2 was left ($held ms)" \
	[ "$held" -ge 4990 -a "$held" -lt 20000 ]

check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
