#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each process of a router is killed in turn while hosts ping through it: it is
# back within 2 s, with the same SPIs, without a word of IKE and without
# registering again; only espd's death may cost pings, for less than a second.
# The monitor's death costs nothing, and a new start takes over.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump

INTERVAL_MS=20

monitor_pid() { cat "$RUN/$1/lab.pid"; }

same_spis() { [ "$(spis "$1")" = "$2" ]; }

# Seconds until the hub forgets spoke1: grows only when it registers again.
expire() {
	router hub 'show ip nhrp' 2>/dev/null | awk '
		/^172\.16\.0\.11\/32/ { mine = 1 }
		mine && /expire/ {
			sub(/.*expire /, ""); sub(/[^0-9:].*/, "")
			n = split($0, t, ":")
			s = 0
			for (i = 1; i <= n; i++)
				s = s * 60 + t[i]
			print s
			exit
		}'
}

back() {	# NODE DAEMON OLD-PID SPIS
	local pid
	pid=$(daemon_pid "$1" "$2") && [ "$pid" != "$3" ] && same_spis "$1" "$4" &&
	case $2 in
	iked) router_shows "$1" 'show crypto isakmp sa' 'QM_IDLE' ;;
	nhrpd) router_shows "$1" 'show ip nhrp' '172\.16\.0\.' ;;
	*) true ;;
	esac
}

# Not registered again, unless its time had come (a third of 300 s).
not_registered_again() { [ "$2" -le "$1" ] || [ "$1" -le 206 ]; }

no_ike() {
	[ "$(captured "$1" "$IKE")" = 0 ] && return
	tcpdump -nr "$tmp/$1.pcap" -v "$IKE" 2>/dev/null
	return 1
}

round() {	# NODE DAEMON LOSS-ALLOWED
	local node=$1 daemon=$2 allowed=$3 name=$1_$2 old before left lost
	before=$(spis "$node")
	left=$(expire)
	old=$(daemon_pid "$node" "$daemon") || fail "no $daemon at $node"
	[ -n "$before" ] || fail "$node has no SAs"
	ping_start host1 10.0.0.10 200 0.0$INTERVAL_MS "$name"
	wait_until 5 "pings run through $node" ping_replies "$name" 20
	capture_start "$name" "udp"
	kill -KILL "$old"
	wait_until 2 "$daemon of $node is back with its SPIs" back "$node" "$daemon" "$old" "$before"
	lost=$(ping_end "$name")
	capture_stop "$name"
	say "$daemon of $node: $lost of 200 pings lost"
	check "at most $allowed were lost" [ "$lost" != all -a "$lost" -le "$allowed" ]
	check "no IKE packet was sent" no_ike "$name"
	check "no registration was sent" not_registered_again "$left" "$(expire)"
	check "the SPIs are the same" same_spis "$node" "$before"
}

lab_begin dmvpn
lab_up
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 30 "spoke2 is UP at the hub" spoke_up 172.16.0.12

# spoke2 has something to say all the time, else its on-demand DPD would, in IKE.
on host2 ping -n -q -i 0.2 10.0.0.10 >/dev/null 2>&1 &

for node in spoke1 hub; do
	round $node control 0
	round $node iked 0
	round $node nhrpd 0
	round $node espd $((1000 / INTERVAL_MS - 1))
done

before=$(spis spoke1)
old=$(monitor_pid spoke1)
ping_start host1 10.0.0.10 200 0.0$INTERVAL_MS monitor
wait_until 5 "pings run" ping_replies monitor 20
kill -KILL "$old"
check "no ping is lost when the monitor dies" [ "$(ping_end monitor)" = 0 ]
check "culvert-lab starts it again" lab up
check "it is another monitor" [ "$(monitor_pid spoke1)" != "$old" ]
check "the SPIs are the same" same_spis spoke1 "$before"
old=$(daemon_pid spoke1 iked)
kill -KILL "$old"
wait_until 4 "the new monitor brings iked back" back spoke1 iked "$old" "$before"

check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
