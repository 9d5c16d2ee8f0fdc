#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A NAT box forgets its mappings, and what the spokes behind it send comes from other
# ports from then on.  The hub follows once that authenticated, without new SAs.
. "$(dirname "$0")/lib.sh"
need ip ping nft conntrack

moved() { [ "$(router hub 'show crypto session' 2>/dev/null | grep -cE 'Peer: 203\.0\.113\.30 port 2[0-9]{4}')" -ge 2 ]; }

lab_begin dmvpn-nat
lab_up
for n in 1 2; do
	wait_until 40 "spoke$n is UP at the hub" spoke_up 172.16.0.1$n
	wait_until 10 "host$n reaches host0" reaches host$n 10.0.0.10
done
before=$(spis hub)
on nat nft -f - <<'NFT'
table ip moved {
	chain out {
		type nat hook postrouting priority 90;
		ip saddr 192.168.1.0/24 udp sport 4500 snat to 203.0.113.30:20000-29999 random
	}
}
NFT
check "the NAT forgets" on nat conntrack -F 2>/dev/null
for n in 1 2; do
	wait_until 15 "host$n reaches host0 from another port" reaches host$n 10.0.0.10
	wait_until 5 "and host0 reaches host$n" reaches host0 10.0.$n.10
done
wait_until 15 "the hub shows the new ports" moved
check "with the same SAs" [ "$(spis hub)" = "$before" ]
wait_until 5 "host1 reaches host2 by the hub" reaches host1 10.0.2.10
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
