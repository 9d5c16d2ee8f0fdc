#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# SAs are renewed under traffic and none of it is lost: by volume, from either end, with
# QM3 dropped on its way; phase 1 at its lifetime (only with --all: the shortest takes a
# minute).  What `clear crypto` takes down comes up again by itself.
. "$(dirname "$0")/lib.sh"
need ip ping nft

conn_ids() { router "$1" 'show crypto isakmp sa' 2>/dev/null | awk '$3 == "QM_IDLE" && $5 == "ACTIVE" { print $4 }'; }
other_conn_ids() { local now; now=$(conn_ids "$1"); [ -n "$now" ] && [ "$now" != "$2" ]; }
times() { router "$1" 'show crypto ipsec sa' 2>/dev/null | grep -c 'inbound esp sas'; }

# About 3.5 MB each way in 5 s: more than a pair of SAs may carry.
volume_start() { on "$1" ping -n -q -c 2500 -i "${4:-0.002}" -s 1300 -W 2 "$2" >"$tmp/$3.ping" 2>&1 & }

lab_begin dmvpn
sed -i 's/^crypto isakmp keepalive.*/&\ncrypto ipsec security-association lifetime kilobytes 2560/
	s/^ group 19$/&\n lifetime 60/' "$tmp/$LAB"/*.cfg
lab_up
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 10 "host1 reaches host0" reaches host1 10.0.0.10

for pair in "host1 10.0.0.10 spoke1" "host0 10.0.1.10 hub"; do
	read -r from to router <<<"$pair"
	before=$(spis spoke1)
	volume_start "$from" "$to" "$from"
	wait_until 25 "the SAs of $router are renewed by volume" other_spis spoke1 "$before"
	check "no packet of 2500 from $from was lost" [ "$(ping_end "$from")" = 0 ]
done

# A short quick mode message is QM3: it carries nothing but a hash.  The first one is lost;
# a second later QM2 comes again.  Slowly, so that the old SAs last that long.
on spoke1 nft -f - <<'NFT'
table inet lossy {
	counter qm3 { }
	chain out {
		type filter hook output priority 0;
		udp dport 500 @th,208,8 32 udp length < 130 limit rate 1/day burst 1 packets counter name qm3 drop
	}
}
NFT
lost_qm3() { on spoke1 nft list counter inet lossy qm3 | grep -q 'packets [1-9]'; }
before=$(spis spoke1)
volume_start host1 10.0.0.10 qm3 0.008
wait_until 25 "a QM3 of spoke1 is lost" lost_qm3
lost=$(ping_end qm3)
on spoke1 nft delete table inet lossy
check "no packet of 2500 was lost with it" [ "$lost" = 0 ]
wait_until 10 "the SAs are new all the same" other_spis spoke1 "$before"
check "host1 reaches host0" reaches host1 10.0.0.10

for what in 'clear crypto sa' 'clear crypto isakmp' 'clear crypto session'; do
	for node in spoke1 hub; do
		router $node "$what" >/dev/null || fail "$what at $node"
		wait_until 20 "host1 reaches host0 after $what at $node" reaches host1 10.0.0.10
		wait_until 20 "host0 reaches host1 after $what at $node" reaches host0 10.0.1.10
		ping_start host1 10.0.0.10 50 0.02 after
		check "and no ping is lost from then on" [ "$(ping_end after)" = 0 ]
	done
done

if [ -n "${TEST_ALL:-}" ]; then
	before=$(conn_ids spoke1)
	ping_start host1 10.0.0.10 7000 0.01 phase1
	wait_until 75 "phase 1 of spoke1 is renewed" other_conn_ids spoke1 "$before"
	check "no ping of 7000 was lost" [ "$(ping_end phase1)" = 0 ]
	# The hub had no IKE SA to tell spoke2 that its SAs were cleared, and forgot it meanwhile.
	wait_until 30 "host2, whose spoke was silent since, reaches host0" reaches host2 10.0.0.10
fi
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
