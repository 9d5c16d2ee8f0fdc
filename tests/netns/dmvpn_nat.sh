#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two spokes behind one NAT box share an NBMA address and are two peers all the
# same: both register, both talk, and to each other by the hub.  IKE_VERSION=2: by
# IKEv2 (dmvpn_nat_ikev2.sh).
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump nft
IKE_VERSION=${IKE_VERSION:-1}

# What IKEv2 asks for in place of the policy and the key.
ikev2_lab() {
	local cfg
	cat >"$tmp/ikev2.cfg" <<-'EOF'
	crypto ikev2 keyring KEYS
	 peer ANY
	  address 0.0.0.0 0.0.0.0
	  pre-shared-key Under-the-road
	crypto ikev2 profile V2
	 match identity remote address 0.0.0.0
	 authentication local pre-share
	 authentication remote pre-share
	 keyring local KEYS
	 dpd 10 3 periodic
	EOF
	for cfg in "$tmp/$LAB"/*.cfg; do
		sed -i -e '/^crypto isakmp policy/,/^ group/d' -e '/^crypto isakmp keepalive/d' \
			-e "/^crypto isakmp key/{r $tmp/ikev2.cfg
				d}" -e 's/^ set pfs group19/&\n set ikev2-profile V2/' "$cfg"
	done
}

lab_begin dmvpn-nat
[ $IKE_VERSION = 1 ] || ikev2_lab
capture_start wire
lab_up
capture_wait wire
wait_until 40 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 40 "spoke2 is UP at the hub" spoke_up 172.16.0.12
check "both by IKEv$IKE_VERSION" [ "$(router hub 'show crypto ikev2 sa' 'show crypto isakmp sa' |
	grep -cE "$([ $IKE_VERSION = 1 ] && say 'QM_IDLE' || say 'READY')")" = 2 ]
check "the hub knows them by the NAT's address" router_shows hub 'show dmvpn' '203\.0\.113\.30'
for n in 1 2; do
	ping_start host$n 10.0.0.10 50 0.02 hub$n
	check "no ping of 50 from host$n to host0 is lost" [ "$(ping_end hub$n)" = 0 ]
done
ping_start host1 10.0.2.10 50 0.02 across
check "no ping of 50 from host1 to host2 is lost" [ "$(ping_end across)" = 0 ]
check "they went by the hub" grep -q 'ttl=61' "$tmp/across.ping"
capture_stop wire
check "what the hub sees is UDP 4500" [ "$(captured wire 'udp port 4500 and udp[8:4] != 0')" -gt 200 ]
check "no raw ESP passes the NAT" [ "$(captured wire 'proto 50')" = 0 ]
check "nothing clear is on the wire" nothing_clear wire
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
