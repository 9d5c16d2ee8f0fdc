#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A static VTI by IKEv2 against strongSwan (kernel-libipsec: ESP in UDP, tunnel
# mode): algorithms, who initiates, what tshark says of it, cookies, another
# group than was guessed, fragments, refusals.
# ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/vti2.sh"
CHARON_EXTRA='cookie_threshold = 1
	  fragment_size = 180'

# agreed WHO SWAN-IKE SWAN-ESP ROUTER-ESP: up, with what both must say of it, and traffic.
agreed() {
	configure
	tunnel_up "$1"
	check "strongSwan's IKE SA is $2" swan_shows "$2\$"
	check "strongSwan's ESP SAs are $3" swan_shows "ESP:$3\$"
	check "the router's are $4" router_shows router 'show crypto ipsec sa' "transform: $4 ,"
	check "the router says the group and how both authenticated" router_shows router 'show crypto ikev2 sa' \
		"DH Grp:$GROUP, Auth sign: PSK, Auth verify: PSK"
	pings_both_ways
	wire_check udp
}

ike() {	# WHO ENC INTEG PRF GROUP PROPOSAL SWAN
	ENC=$2 INTEG=$3 PRF=$4 GROUP=$5 IKE_PROP=$6
	agreed "$1" "$7" AES_GCM_16-128 esp-gcm
}

P1='AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048'

esp() {	# WHO TRANSFORM SHOWN PROPOSAL SWAN
	TSET=$2 ESP_PROP=$4
	agreed "$1" "$P1" "$5" "$3"
}

# The first pair has no exchange of its own (RFC 7296 1.2); those after it have.
pfs() {	# WHO GROUP PROPOSAL SWAN
	local before
	PFS="set pfs group$2" ESP_PROP=aes128gcm16-$3
	agreed "$1" "$P1" AES_GCM_16-128 esp-gcm
	before=$(router_spis)
	check "strongSwan rekeys" swan --rekey --child tun >/dev/null
	wait_until 10 "the router has a new pair" new_spis "$before"
	check "of the group" swan_said "selected proposal: ESP:AES_GCM_16_128/$4/NO_EXT_SEQ" "$lines"
	pings_both_ways
}

# Deciphered and dissected by somebody else.
decoded() {
	local keys out
	configure
	capture_end
	capture_start row	# without the end of what was up before
	tunnel_up "$1"
	pings_both_ways
	capture_stop row
	keys=$(decryption_keys)
	out=$(tshark -nr "$tmp/row.pcap" -o "uat:ikev2_decryption_table:$keys" -d udp.port==4500,udpencap \
		-Y 'isakmp && !udp.length == 9' -T fields -e isakmp.exchangetype -e isakmp.typepayload 2>/dev/null)
	say "$out"
	check "two messages of IKE_SA_INIT" [ "$(grep -c '^34	' <<<"$out")" = 2 ]
	check "two of IKE_AUTH, deciphered: IDi, AUTH, SA, selectors" \
		[ "$(grep -cE '^35	46,.*(35|36),.*39,.*44,45' <<<"$out")" = 2 ]
	out=$(tshark -nr "$tmp/row.pcap" -o "uat:ikev2_decryption_table:$keys" -V -Y isakmp 2>/dev/null |
		grep -E '\[Expert Info \((Error|Warning)|Malformed|Unreassembled' | sort | uniq -c)
	check "nothing is malformed: $out" [ -z "$out" ]
}

# The row of tshark's table, of the first SA of the capture, from charon's log.
decryption_keys() {
	local k spis
	declare -A key
	for k in ei er ai ar; do
		key[$k]=$(tail -n "+$lines" "$PEER_DIR/charon.log" | awk -v w="Sk_$k secret => " '
			index($0, w) { want = 1; next }
			want && /  *[0-9]+: / { sub(/.*[0-9]+: /, ""); sub(/  .*/, ""); gsub(/ /, ""); k = k $0; next }
			want { exit }
			END { print tolower(k) }')
	done
	spis=$(tshark -nr "$tmp/row.pcap" -Y 'isakmp.exchangetype == 35' -T fields -e isakmp.ispi -e isakmp.rspi \
		2>/dev/null | head -n 1)
	say "${spis%%	*},${spis##*	},${key[ei]},${key[er]},\"AES-CBC-128 [RFC3602]\",${key[ai]},${key[ar]},\"HMAC_SHA2_256_128 [RFC4868]\""
}

# --- a group that was not guessed (RFC 7296 1.2) ---

other_group() {	# WHO
	if [ "$1" = culvert ]; then
		GROUP='20 14'
	else
		IKE_PROP=aes128-sha256-ecp384-modp2048
	fi
	configure
	tunnel_up "$1"
	case $1 in
	culvert) check "strongSwan asked for another group" swan_said \
		'DH group ECP_384.* unacceptable, requesting MODP_2048' "$lines" ;;
	*) check "the router asked for another group" swan_said \
		"peer didn't accept DH group ECP_384, it requested MODP_2048" "$lines" ;;
	esac
	check "it was taken" swan_shows "$P1\$"
	pings_both_ways
	wire_check udp
}

# --- cookies (RFC 7296 2.6) ---

# Whoever responds has a half-open SA: the initiator's IKE_AUTH was lost.
half_open() {
	ip netns exec "$LAB-transit" nft -f - <<-EOT
	table netdev half {
	  chain in {
	    type filter hook ingress device "wan-$1" priority 0;
	    udp dport 4500 @th,240,8 35 drop
	  }
	}
	EOT
}
whole() { ip netns exec "$LAB-transit" nft delete table netdev half; }

cookies() {	# WHO
	whole 2>/dev/null
	router_config 'crypto ikev2 cookie-challenge 1'
	configure
	if [ "$1" = culvert ]; then
		half_open router || fail "nft"
		tunnel 'no shutdown'
		wait_until 10 "strongSwan answered IKE_SA_INIT" swan_said 'generating IKE_SA_INIT response' "$lines"
		tunnel shutdown
		whole
		lines=$(swan_lines)
		tunnel_up culvert
		check "strongSwan asked for a cookie" swan_said 'sending COOKIE|N\(COOKIE\)' "$lines"
	else
		half_open peer || fail "nft"
		peer_deaf
		tunnel 'no shutdown'
		swan --initiate --child tun --timeout 1 >/dev/null 2>&1
		wait_until 5 "the router answered IKE_SA_INIT" swan_said 'parsed IKE_SA_INIT response' "$lines"
		swan_terminate
		whole
		lines=$(swan_lines)
		check "strongSwan initiates" swan_initiate
		peer_hears
		wait_until 15 "the router says that the peer initiated" router_responded
		check "the router asked for a cookie" \
			swan_said 'parsed IKE_SA_INIT response 0 \[ N\(COOKIE\) \]' "$lines"
	fi
	pings_both_ways
	wire_check udp
	router_config 'no crypto ikev2 cookie-challenge'
}

# --- fragments (RFC 7383), both ways, over a path of 1280 bytes ---

path_mtu() { ip netns exec "$LAB-transit" ip link set wan-router mtu "$1"; }

fragmented() {	# WHO
	router_config 'crypto ikev2 fragmentation mtu 200'
	CONN_EXTRA='fragmentation = force'
	path_mtu 1280
	configure
	tunnel_up "$1"
	check "the router sent fragments" swan_said "received fragment #[2-9] of" "$lines"
	check "and took strongSwan's" swan_said "splitting IKE message .* into [2-9] fragments" "$lines"
	pings_both_ways
	capture_stop row
	check "no IP fragment is on the wire" [ "$(captured row 'ip[6:2] & 0x3fff != 0')" = 0 ]
	router_config 'no crypto ikev2 fragmentation'
	path_mtu 1500
}

# --- refusals ---

wrong_key() {
	KEY=another-key
	configure
	tries_in_vain "$1"
	check "no IKE SA" nothing_up
	if [ "$1" = culvert ]; then
		check "strongSwan says why" swan_said 'tried 1 shared key.* but MAC mismatched' "$lines"
		check "the router was told" router_logged 'NEG_ABORT.*AUTHENTICATION_FAILED'
	else
		check "the router says why" router_logged 'NEG_ABORT'
		check "strongSwan was told" swan_said 'received AUTHENTICATION_FAILED' "$lines"
	fi
	KEY=culvert-test-psk
	configure
	tunnel_up "$1"
	pings_both_ways
}

ike_mismatch() {
	IKE_PROP=aes256-sha512-modp3072
	configure
	tries_in_vain "$1"
	check "no IKE SA" nothing_up
	[ "$1" != culvert ] || check "strongSwan says why" swan_said 'sending NO_PROPOSAL_CHOSEN|NO_PROP' "$lines"
	[ "$1" = culvert ] || check "the router says NO_PROPOSAL_CHOSEN" swan_said 'received NO_PROPOSAL_CHOSEN' "$lines"
}

esp_mismatch() {
	ESP_PROP=aes256-sha512
	configure
	tries_in_vain "$1"
	check "NO_PROPOSAL_CHOSEN was said" swan_said 'NO_PROP|NO_PROPOSAL_CHOSEN' "$lines"
}

# Integrity without a cipher: the router warns, and the wire can be read.
null_cipher() {	# WHO
	TSET='esp-null esp-sha256-hmac' ESP_PROP=null-sha256
	configure
	tunnel_up "$1"
	check "strongSwan's ESP SAs have no cipher" swan_shows 'ESP:NULL/HMAC_SHA2_256_128$'
	check "nor have the router's" router_shows router 'show crypto ipsec sa' 'transform: esp-null esp-sha256-hmac ,'
	check "the router warned" [ -n "$(router router 'configure terminal' "crypto ipsec transform-set W $TSET" end |
		grep 'Warning: .* sends them in clear')" ]
	pings_both_ways
	capture_stop row
	check "the pings can be read on the wire" not no_pattern row
}

# Selectors without one address in common.
selectors_mismatch() {
	CHILD='mode = tunnel
	        local_ts = 10.77.0.0/24[tcp/80]
	        remote_ts = 2001:db8:77::/64'
	configure
	tries_in_vain "$1"
	check "TS_UNACCEPTABLE was said" swan_said 'TS_UNACCEPT' "$lines"
}

# --- the rows ---

vti_begin

while read -r enc integ prf group proposal swan; do
	for who in culvert strongswan; do
		row "IKE $enc $integ prf $prf group $group, $who initiates" \
			ike $who "$enc" "$integ" "$prf" "$group" "$proposal" "$swan"
	done
done <<'TABLE'
aes-cbc-128        sha1    -       14  aes128-sha1-modp2048           AES_CBC-128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048
aes-cbc-256        sha512  sha384  20  aes256-sha512-prfsha384-ecp384 AES_CBC-256/HMAC_SHA2_512_256/PRF_HMAC_SHA2_384/ECP_384
aes-cbc-192        sha384  sha256  15  aes192-sha384-prfsha256-modp3072 AES_CBC-192/HMAC_SHA2_384_192/PRF_HMAC_SHA2_256/MODP_3072
aes-gcm-128        -       sha256  19  aes128gcm16-prfsha256-ecp256   AES_GCM_16-128/PRF_HMAC_SHA2_256/ECP_256
aes-gcm-256        -       sha512  31  aes256gcm16-prfsha512-x25519   AES_GCM_16-256/PRF_HMAC_SHA2_512/CURVE_25519
chacha20-poly1305  -       sha256  31  chacha20poly1305-prfsha256-x25519 CHACHA20_POLY1305/PRF_HMAC_SHA2_256/CURVE_25519
3des               md5     -       2   3des-md5-modp1024              3DES_CBC/HMAC_MD5_96/PRF_HMAC_MD5/MODP_1024
aes-cbc-256        sha256  sha512  21  aes256-sha256-prfsha512-ecp521 AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_512/ECP_521
TABLE

while read -r what transform shown proposal swan; do
	for who in culvert strongswan; do
		row "ESP $what, $who initiates" esp $who "${transform//+/ }" "${shown//+/ }" "$proposal" "$swan"
	done
done <<'TABLE'
GCM-256            esp-gcm+256                 esp-gcm+256                 aes256gcm16    AES_GCM_16-256
CBC-128/SHA256     esp-aes+esp-sha256-hmac     esp-aes+esp-sha256-hmac     aes128-sha256  AES_CBC-128/HMAC_SHA2_256_128
CBC-256/SHA512     esp-aes+256+esp-sha512-hmac esp-256-aes+esp-sha512-hmac aes256-sha512  AES_CBC-256/HMAC_SHA2_512_256
ChaCha20           esp-chacha20-poly1305       esp-chacha20-poly1305       chacha20poly1305 CHACHA20_POLY1305
TABLE

for who in culvert strongswan; do
	row "PFS group 14, $who initiates" pfs $who 14 modp2048 MODP_2048
	row "PFS group 19, $who initiates" pfs $who 19 ecp256 ECP_256
	row "$who initiates: deciphered and dissected by tshark" decoded $who
	row "$who initiates: ESP without a cipher" null_cipher $who
	row "$who initiates: another group is asked for" other_group $who
	row "$who initiates: a cookie is asked for" cookies $who
	row "$who initiates: fragments" fragmented $who
	row "$who initiates: wrong pre-shared key" wrong_key $who
	row "$who initiates: no common IKE proposal" ike_mismatch $who
	row "$who initiates: no common ESP proposal" esp_mismatch $who
	row "$who initiates: no common selectors" selectors_mismatch $who
done
vti_end
