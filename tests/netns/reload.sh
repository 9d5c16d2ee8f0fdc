#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A hub that reboots while its spokes cannot be heard by IKE: what they still send is
# unknown to it, and it says so.  Heard again, they come back by themselves.  A spoke
# that falls silent is forgotten by DPD.
. "$(dirname "$0")/lib.sh"
need ip ping nft

gone() { router hub 'show dmvpn' | grep -E "${1//./\\.} " | grep -vq ' UP '; }
unknown() { router_shows hub 'show logging' 'RECV_PKT_INV_SPI.*'"${1//./\\.}"; }
no_inbound_taken() { ! router_shows hub 'show crypto ipsec sa' 'pkts decaps: [1-9]'; }
# No IKE leaves a spoke.
silence() { on "$1" nft -f - <<<'table inet quiet { chain out { type filter hook output priority 0; udp dport 500 drop; udp dport 4500 @th,64,32 0 drop; }; }'; }

lab_begin dmvpn
lab_up
for n in 1 2; do
	wait_until 30 "spoke$n is UP at the hub" spoke_up 172.16.0.1$n
done
for n in 1 2; do
	on host$n ping -n -q -i 0.05 10.0.0.10 >/dev/null 2>&1 &
	silence spoke$n
done
on hub nft -f - <<<'table inet quiet { chain out { type filter hook output priority 0; udp dport 500 drop; }; }'
old=$(cat "$RUN/hub/lab.pid")
router hub reload >/dev/null
for n in 1 2; do
	wait_until 20 "the hub reports spoke$n's SPI as unknown" unknown 203.0.113.1$n
done
check "the hub's monitor is the same" [ "$(cat "$RUN/hub/lab.pid")" = "$old" ]
check "none was taken for a live SA's" no_inbound_taken
for node in hub spoke1 spoke2; do
	on $node nft delete table inet quiet
done
for n in 1 2; do
	wait_until 60 "spoke$n comes back" spoke_up 172.16.0.1$n
	wait_until 20 "host$n reaches host0" reaches host$n 10.0.0.10
done

on host0 ping -n -q -i 0.2 10.0.1.10 >/dev/null 2>&1 &
on spoke1 nft -f - <<<'table inet dead { chain out { type filter hook output priority 0; policy drop; }; }'
wait_until 60 "the hub forgets a spoke that is silent" gone 203.0.113.11
check "and keeps the other" spoke_up 172.16.0.12
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
