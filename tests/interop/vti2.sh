# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What the tests of IKEv2 against strongSwan with kernel-libipsec share: the lab
# of vti.sh, whose IPsec profile is given an IKEv2 profile, and one negotiation
# from nothing, with what the variables say.
IKE_VERSION=2
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need ip ping tcpdump tshark nft tc swanctl
[ -x /usr/sbin/charon-systemd ] || skip "needs charon-systemd"

# Of the router; `-` leaves a line out.
ENC=aes-cbc-128 INTEG=sha256 PRF=- GROUP=14 IKE_LIFE=86400 DPD='no dpd'
TSET=esp-gcm PFS='no set pfs' LIFE_KB=4608000 KEY=culvert-test-psk

line() { [ "$2" = - ] && say "no $1" || say "$1 $2"; }

# In the order in which the shell takes it whatever was there before.
configure() {
	tunnel_down
	router_config 'crypto ikev2 proposal PROP' "$(line encryption "$ENC")" "$(line integrity "$INTEG")" \
		"$(line prf "$PRF")" "$(line group "$GROUP")" exit \
		'crypto ikev2 keyring KEYS' 'peer P' "pre-shared-key $KEY" exit exit \
		'crypto ikev2 profile V2' "lifetime $IKE_LIFE" "$DPD" exit \
		"crypto ipsec transform-set T $TSET" 'mode tunnel' exit 'crypto ipsec profile P' "$PFS" \
		"set security-association lifetime kilobytes $LIFE_KB"
	swan_load
	lines=$(swan_lines)
}

up() {
	configure
	tunnel_up "${1:-culvert}"
	pings_both_ways
}

# profile_begin: what configure changes, and what it does not.
profile_begin() {
	router_config 'crypto ikev2 proposal PROP' "encryption $ENC" "integrity $INTEG" "group $GROUP" exit \
		'crypto ikev2 policy POL' 'proposal PROP' exit \
		'crypto ikev2 keyring KEYS' 'peer P' "address $PEER_IP" "pre-shared-key $KEY" exit exit \
		'crypto ikev2 profile V2' "match identity remote address ${PEER_ID:-$PEER_IP} 255.255.255.255" \
		'authentication local pre-share' 'authentication remote pre-share' 'keyring local KEYS' exit \
		'crypto ipsec profile P' 'set ikev2-profile V2'
}

vti_begin() {
	interop_begin libipsec
	lab_up
	swan_begin peer
	lines=0
	profile_begin
}

vti_end() {
	rows_end || exit 1
	swan_stop
	check "the lab goes down and no sanitizer spoke" lab_end
	check "nothing is left of it" lab_gone
}
