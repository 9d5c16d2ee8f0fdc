#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A static VTI against strongSwan (kernel-libipsec: ESP in UDP, tunnel mode):
# algorithms, who initiates, what tshark says of it, refusals.
# ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/vti.sh"

# agreed WHO: up, with what strongSwan and the router must say of it, and traffic.
agreed() {	# WHO SWAN-IKE SWAN-ESP ROUTER-ESP
	configure
	tunnel_up "$1"
	check "strongSwan's phase 1 is $2" swan_shows "$2"
	check "strongSwan's phase 2 is $3" swan_shows "ESP:$3\$"
	check "the router's is $4" router_shows router 'show crypto ipsec sa' "transform: $4 ,"
	check "the router says the hash and group" router_shows router 'show crypto isakmp sa detail' \
		" ${ENC%% *} +$HASH +psk +$GROUP "
	pings_both_ways
	wire_check udp
}

P1='AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048'

phase2() {	# WHO TRANSFORM SHOWN PROPOSAL SWAN
	TSET=$2 ESP_PROP=$4
	agreed "$1" "$P1" "$5" "$3"
}

pfs() {	# WHO GROUP PROPOSAL SWAN
	PFS="set pfs group$2" ESP_PROP=aes128gcm16-$3
	agreed "$1" "$P1" "AES_GCM_16-128(/$4)?" esp-gcm
	check "the router says PFS" router_shows router 'show crypto ipsec sa' "PFS .Y/N.: Y, DH group: group$2"
	check "strongSwan chose a group" swan_said "selected proposal: ESP:AES_GCM_16_128/$4/NO_EXT_SEQ" "$lines"
}

phase1() {	# WHO ENC HASH GROUP PROPOSAL SWAN
	ENC=$2 HASH=$3 GROUP=$4 IKE_PROP=$5
	agreed "$1" "$6" AES_GCM_16-128 esp-gcm
}

# Main mode and quick mode, deciphered and dissected by somebody else.
decoded() {
	local keys out
	configure
	lines=$(swan_lines)
	tunnel_up "$1"
	pings_both_ways
	capture_stop row
	keys=$(decryption_key)
	out=$(tshark -nr "$tmp/row.pcap" -o "uat:ikev1_decryption_table:$keys" -d udp.port==4500,udpencap \
		-Y 'isakmp && !udp.length == 9' -T fields -e isakmp.exchangetype -e isakmp.typepayload 2>/dev/null)
	say "$out"
	check "six messages of main mode" [ "$(grep -c '^2	' <<<"$out")" = 6 ]
	check "three of quick mode" [ "$(grep -c '^32	' <<<"$out")" -ge 3 ]
	check "quick mode is deciphered: HASH, SA, nonce, identities" grep -Eq '^32	8,1,.*10,5,5' <<<"$out"
	out=$(tshark -nr "$tmp/row.pcap" -o "uat:ikev1_decryption_table:$keys" -V -Y isakmp 2>/dev/null |
		grep -E '\[Expert Info \((Error|Warning)|Malformed|Unreassembled' | sort | uniq -c)
	check "nothing is malformed: $out" [ -z "$out" ]
}

# COOKIE,KEY as tshark wants it, from charon's log.
decryption_key() {
	local cookie key
	cookie=$(tshark -nr "$tmp/row.pcap" -Y 'isakmp.exchangetype == 2' -T fields -e isakmp.ispi 2>/dev/null | head -n 1)
	key=$(tail -n "+$lines" "$PEER_DIR/charon.log" | awk '/encryption key Ka =>/ { want = 1; next }
		want && /[0-9]+: / { sub(/.*[0-9]+: /, ""); sub(/  .*/, ""); gsub(/ /, ""); print; exit }')
	printf '%s,%s' "$cookie" "${key:0:32}"
}

# --- refusals ---

wrong_key() {
	KEY=another-key
	configure
	lines=$(swan_lines)
	tries_in_vain "$1"
	check "no ISAKMP SA" nothing_up
	if [ "$1" = culvert ]; then
		check "strongSwan says why" swan_said 'decryption failed|could not decrypt|message parsing failed' "$lines"
		wait_until 45 "the router gives up" router_logged 'IKMP_MODE_FAILURE.*Main mode'
	else
		check "the router says why" router_logged 'IKMP_BAD_MESSAGE'
	fi
	KEY=culvert-test-psk
	router_config "crypto isakmp key $KEY address $PEER_IP"
	tunnel_down
	tunnel_up "$1"
	pings_both_ways
}

phase1_mismatch() {
	IKE_PROP=aes256-sha512-modp3072
	configure
	lines=$(swan_lines)
	tries_in_vain "$1"
	check "no ISAKMP SA" nothing_up
	[ "$1" != culvert ] || check "strongSwan says why" swan_said 'NO_PROPOSAL_CHOSEN|no proposal' "$lines"
	[ "$1" = culvert ] || check "the router answers NO-PROPOSAL-CHOSEN" swan_said 'received NO_PROPOSAL_CHOSEN' "$lines"
}

phase2_mismatch() {
	ESP_PROP=aes256-sha512
	configure
	lines=$(swan_lines)
	tries_in_vain "$1"
	check "NO-PROPOSAL-CHOSEN was said" swan_said 'NO_PROPOSAL_CHOSEN|no acceptable|no matching' "$lines"
}

# --- a wire that repeats ---

# Each UDP datagram arrives twice, both ways.
wire_doubles() {	# WHO: of first messages only the initiator's
	local port other
	for port in router peer; do
		other=$([ $port = router ] && echo peer || echo router)
		ip netns exec "$LAB-transit" tc qdisc add dev wan-$port clsact
		[ "$port-$1" != router-strongswan ] ||
			ip netns exec "$LAB-transit" tc filter add dev wan-$port ingress prio 1 protocol ip u32 \
				match ip protocol 17 0xff match u32 0 0xffffffff at 36 match u32 0 0xffffffff at 40 flowid 1:1
		ip netns exec "$LAB-transit" tc filter add dev wan-$port ingress prio 2 protocol ip u32 \
			match ip protocol 17 0xff action mirred egress mirror dev wan-$other
	done
}
wire_doubled() {
	ip netns exec "$LAB-transit" tc -s filter show dev "$1" ingress |
		grep -oE '[0-9]+ pkt' | awk '{ n += $1 } END { exit n < 50 }'
}
wire_single() {
	ip netns exec "$LAB-transit" tc qdisc del dev wan-router clsact
	ip netns exec "$LAB-transit" tc qdisc del dev wan-peer clsact
}

doubled() {
	wire_single 2>/dev/null
	configure
	daemons_note
	wire_doubles "$1" || fail "tc"
	tunnel_up "$1"
	ping_start router "$PEER_TARGET" 50 0.02 twice
	check "no ping of 50 is lost" [ "$(ping_end twice)" = 0 ]
	check "none is answered twice" [ "$(grep -c 'DUP!' "$tmp/twice.ping")" = 0 ]
	[ "$1" != culvert ] || check "strongSwan has one ISAKMP SA" swan_one
	check "strongSwan has one pair" swan_one_pair
	check "the wire doubled what the router sent" wire_doubled wan-router
	check "and what the peer sent" wire_doubled wan-peer
	wire_single
	check "the router's daemons live" router_alive
}

# --- aggressive mode ---

AGGRESSIVE=("crypto isakmp peer address $PEER_IP" 'set aggressive-mode client-endpoint fqdn router.example.org' exit)
NOT_AGGRESSIVE=("no crypto isakmp peer address $PEER_IP")

# phase1_messages: exchange type, initiator's cookie, and who says it, of each message of phase 1
# on the wire.  One that is said again is not another.
phase1_messages() {
	tshark -nr "$tmp/row.pcap" -d udp.port==4500,udpencap -Y 'isakmp.exchangetype < 5' -T fields \
		-e isakmp.exchangetype -e isakmp.ispi -e ip.src -e isakmp.rspi 2>/dev/null | uniq
}

# aggressive_up WHO: up, by three messages, and traffic.
aggressive_up() {
	local last
	CONN_EXTRA='aggressive = yes' ROUTER_ID=router.example.org ROUTER_SRC=$ROUTER_IP
	configure
	lines=$(swan_lines)
	tunnel_up "$1"
	pings_both_ways
	capture_stop row
	last=$(phase1_messages | tail -n 1 | cut -f1,2)
	check "phase 1 was aggressive mode" [ "${last%%	*}" = 4 ]
	check "of three messages" [ "$(phase1_messages | grep -c "^$last	")" = 3 ]
	check "strongSwan knows the router by its name" swan_shows "'router.example.org'"
}

aggressive() {
	router_config "${AGGRESSIVE[@]}"
	aggressive_up "$1"
	router_config "${NOT_AGGRESSIVE[@]}"
}

# No address has a key: only the peer's name has, which strongSwan gives.
aggressive_names() {
	PEER_ID=peer.example.org
	KEY_LINE="crypto isakmp key $KEY hostname peer.example.org"
	router_config "${AGGRESSIVE[@]}" "no crypto isakmp key $KEY address $PEER_IP"
	aggressive_up "$1"
	check "the router knows strongSwan by its name" router_shows router 'show crypto isakmp peers' \
		'Phase1 id: peer.example.org'
	router_config "${NOT_AGGRESSIVE[@]}" 'no crypto isakmp key hostname peer.example.org'
}

aggressive_profile() {
	PEER_ID=peer.example.org
	router_config 'crypto keyring RING' "pre-shared-key address $PEER_IP key $KEY" exit \
		'crypto isakmp profile OLD' 'keyring RING' 'self-identity fqdn router.example.org' \
		'match identity host domain example.org' 'initiate mode aggressive' exit \
		'crypto ipsec profile P' 'set isakmp-profile OLD'
	aggressive_up "$1"
	router_config 'crypto ipsec profile P' 'no set isakmp-profile' exit 'no crypto isakmp profile OLD' \
		'no crypto keyring RING'
}

# --- the rows ---

vti_begin

while read -r what transform shown proposal swan; do
	for who in culvert strongswan; do
		row "ESP $what, $who initiates" phase2 $who "${transform//+/ }" "${shown//+/ }" "$proposal" "$swan"
	done
done <<'TABLE'
GCM-128         esp-gcm+128                  esp-gcm                       aes128gcm16    AES_GCM_16-128
GCM-256         esp-gcm+256                  esp-gcm+256                   aes256gcm16    AES_GCM_16-256
CBC-128/SHA1    esp-aes+esp-sha-hmac         esp-aes+esp-sha-hmac          aes128-sha1    AES_CBC-128/HMAC_SHA1_96
CBC-128/SHA256  esp-aes+esp-sha256-hmac      esp-aes+esp-sha256-hmac       aes128-sha256  AES_CBC-128/HMAC_SHA2_256_128
CBC-256/SHA256  esp-aes+256+esp-sha256-hmac  esp-256-aes+esp-sha256-hmac   aes256-sha256  AES_CBC-256/HMAC_SHA2_256_128
CBC-256/SHA384  esp-aes+256+esp-sha384-hmac  esp-256-aes+esp-sha384-hmac   aes256-sha384  AES_CBC-256/HMAC_SHA2_384_192
CBC-256/SHA512  esp-aes+256+esp-sha512-hmac  esp-256-aes+esp-sha512-hmac   aes256-sha512  AES_CBC-256/HMAC_SHA2_512_256
3DES/MD5        esp-3des+esp-md5-hmac        esp-3des+esp-md5-hmac         3des-md5       3DES_CBC/HMAC_MD5_96
3DES/SHA1       esp-3des+esp-sha-hmac        esp-3des+esp-sha-hmac         3des-sha1      3DES_CBC/HMAC_SHA1_96
GCM-256/8       esp-gcm-8+256                esp-gcm-8+256                 aes256gcm8     AES_GCM_8-256
GCM-128/12      esp-gcm-12+128               esp-gcm-12                    aes128gcm12    AES_GCM_12-128
CTR-128/SHA256  esp-ctr+128+esp-sha256-hmac  esp-ctr+esp-sha256-hmac       aes128ctr-sha256  AES_CTR-128/HMAC_SHA2_256_128
TABLE

while read -r enc hash group proposal swan; do
	for who in culvert strongswan; do
		row "IKE $enc $hash group $group, $who initiates" \
			phase1 $who "${enc//+/ }" "$hash" "$group" "$proposal" "$swan"
	done
done <<'TABLE'
aes      sha     14  aes128-sha1-modp2048    AES_CBC-128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048
aes+192  sha256  15  aes192-sha256-modp3072  AES_CBC-192/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_3072
aes+256  sha384  20  aes256-sha384-ecp384    AES_CBC-256/HMAC_SHA2_384_192/PRF_HMAC_SHA2_384/ECP_384
aes+256  sha512  19  aes256-sha512-ecp256    AES_CBC-256/HMAC_SHA2_512_256/PRF_HMAC_SHA2_512/ECP_256
3des     md5     2   3des-md5-modp1024       3DES_CBC/HMAC_MD5_96/PRF_HMAC_MD5/MODP_1024
3des     sha     5   3des-sha1-modp1536      3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1536
aes      sha     1   aes128-sha1-modp768     AES_CBC-128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_768
aes      sha256  16  aes128-sha256-modp4096  AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_4096
aes+256  sha512  21  aes256-sha512-ecp521    AES_CBC-256/HMAC_SHA2_512_256/PRF_HMAC_SHA2_512/ECP_521
aes      sha256  24  aes128-sha256-modp2048s256  AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048_256
TABLE

while read -r group proposal swan; do
	for who in culvert strongswan; do
		row "PFS group $group, $who initiates" pfs $who "$group" "$proposal" "$swan"
	done
done <<'TABLE'
2 modp1024 MODP_1024
14 modp2048 MODP_2048
15 modp3072 MODP_3072
19 ecp256 ECP_256
20 ecp384 ECP_384
TABLE

for who in culvert strongswan; do
	row "$who initiates: deciphered and dissected by tshark" decoded $who
	row "$who initiates: wrong pre-shared key" wrong_key $who
	row "$who initiates: no common phase 1" phase1_mismatch $who
	row "$who initiates: no common phase 2" phase2_mismatch $who
	row "$who initiates: every datagram comes twice" doubled $who
done

for who in culvert strongswan; do
	row "$who initiates: aggressive mode by address" aggressive $who
	row "$who initiates: aggressive mode, keys of names" aggressive_names $who
	row "$who initiates: aggressive mode, an ISAKMP profile" aggressive_profile $who
done
vti_end
