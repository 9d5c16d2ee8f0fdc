# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What the two tests against strongSwan with kernel-libipsec share: the lab, and
# one negotiation from nothing, with what the variables say.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need ip ping tcpdump tshark nft swanctl
[ -x /usr/sbin/charon-systemd ] || skip "needs charon-systemd"

ENC='aes' HASH=sha256 GROUP=14 IKE_LIFE=86400 TSET=esp-gcm PFS='no set pfs' LIFE_KB=4608000
KEY=culvert-test-psk KEEPALIVE='no crypto isakmp keepalive'

configure() {
	tunnel_down
	router_config 'crypto isakmp policy 10' "encryption $ENC" "hash $HASH" "group $GROUP" \
		"lifetime $IKE_LIFE" exit "${KEY_LINE:-crypto isakmp key $KEY address $PEER_IP}" "$KEEPALIVE" \
		"crypto ipsec transform-set T $TSET" 'mode tunnel' exit 'crypto ipsec profile P' "$PFS" \
		"set security-association lifetime kilobytes $LIFE_KB"
	swan_load
}

up() {
	configure
	lines=$(swan_lines)
	tunnel_up "${1:-culvert}"
	pings_both_ways
}

vti_begin() {
	interop_begin libipsec
	lab_up
	swan_begin peer
	lines=0
}

vti_end() {
	rows_end || exit 1
	swan_stop
	check "the lab goes down and no sanitizer spoke" lab_end
	check "nothing is left of it" lab_gone
}
