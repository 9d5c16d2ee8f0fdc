#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `tunnel hairpin` at the hub: spoke to spoke by the hub, and the hub's kernel
# forwards none of it; but what needs it, it has.
. "$(dirname "$0")/lib.sh"
need ip ping nft

# What the hub's kernel forwarded from the tunnel to the tunnel.
forwarded() {
	on hub nft -j list chain inet seen forward | grep -o '"packets": [0-9]*' | grep -o '[0-9]*'
}
turned() {
	router hub 'show crypto engine accelerator statistic' | awk '/hairpin/ { print $(NF - 1) }'
}

lab_begin dmvpn
sed -i 's/^ ip nhrp redirect$//; s/^ tunnel key 1$/&\n tunnel hairpin/' "$tmp/$LAB/hub.cfg"
lab_up
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 30 "spoke2 is UP at the hub" spoke_up 172.16.0.12
check "the hub's tunnel has it" router_shows hub 'show running-config' '^ tunnel hairpin'
on hub nft -f - <<-NFT
	table inet seen {
		chain forward {
			type filter hook forward priority 0;
			iifname "Tunnel0" oifname "Tunnel0" counter
		}
	}
NFT

ping_start host1 10.0.2.10 100 0.02 across
check "no ping of 100 from host1 to host2 is lost" [ "$(ping_end across)" = 0 ]
check "they went by the hub, which is a hop" grep -q 'ttl=61' "$tmp/across.ping"
check "its kernel forwarded none of them" [ "$(forwarded)" = 0 ]
check "its forwarder did" [ "$(turned)" -ge 200 ]

on host1 ping -c 1 -W 2 -t 2 10.0.2.10 >"$tmp/short.ping"
check "a time to live that ends at the hub is answered by it" \
	grep -Eq 'From 172\.16\.0\.1 .*Time to live exceeded' "$tmp/short.ping"

before=$(turned)
router hub 'configure terminal' 'interface Tunnel0' 'no tunnel hairpin' 'end' >/dev/null
ping_start host1 10.0.2.10 20 0.02 kernel
check "no ping of 20 is lost without it" [ "$(ping_end kernel)" = 0 ]
check "the kernel forwards them then" [ "$(forwarded)" -ge 40 ]
check "and the forwarder none" [ "$(turned)" = "$before" ]

check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
