#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A static VTI against strongSwan (kernel-libipsec: ESP in UDP, tunnel mode):
# algorithms, who initiates, rekeys, deletes, dead peers, restarts, refusals.
# ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump tshark nft swanctl
[ -x /usr/sbin/charon-systemd ] || skip "needs charon-systemd"

# --- one negotiation ---

ENC='aes' HASH=sha256 GROUP=14 IKE_LIFE=86400 TSET=esp-gcm PFS='no set pfs' LIFE_KB=4608000
KEY=culvert-test-psk KEEPALIVE='no crypto isakmp keepalive'

# From nothing, with what the variables say.
configure() {
	tunnel_down
	router_config 'crypto isakmp policy 10' "encryption $ENC" "hash $HASH" "group $GROUP" \
		"lifetime $IKE_LIFE" exit "crypto isakmp key $KEY address $PEER_IP" "$KEEPALIVE" \
		"crypto ipsec transform-set T $TSET" 'mode tunnel' exit 'crypto ipsec profile P' "$PFS" \
		"set security-association lifetime kilobytes $LIFE_KB"
	swan_load
}

# agreed WHO: up, with what strongSwan and the router must say of it, and traffic.
agreed() {	# WHO SWAN-IKE SWAN-ESP ROUTER-ESP
	configure
	tunnel_up "$1"
	check "strongSwan's phase 1 is $2" swan_shows "$2"
	check "strongSwan's phase 2 is $3" swan_shows "ESP:$3\$"
	check "the router's is $4" router_shows router 'show crypto ipsec sa' "transform: $4 ,"
	check "the router says the hash and group" router_shows router 'show crypto isakmp sa detail' \
		" aes +$HASH +psk +$GROUP "
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

# --- rekeys ---

up() {
	configure
	lines=$(swan_lines)
	tunnel_up "${1:-culvert}"
	pings_both_ways
}

# rekeyed COMMAND...: new ESP SAs under pings, of which none is lost.
child_rekeyed_by_swan() {
	local before
	up "$1"
	before=$(router_spis)
	ping_start router "$PEER_TARGET" 200 0.02 rekey
	check "strongSwan rekeys" swan --rekey --child tun >/dev/null
	wait_until 10 "the router has a new pair" new_spis "$before"
	check "no ping of 200 is lost" [ "$(ping_end rekey)" = 0 ]
	pings_both_ways
	wire_check udp
}

child_rekeyed_by_culvert() {
	local before
	LIFE_KB=2560
	up "$1"
	before=$(router_spis)
	on router ping -n -q -c 3000 -i 0.002 -s 1200 -W 2 "$PEER_TARGET" >"$tmp/volume.ping" 2>&1 &
	wait_until 25 "the router has a new pair after 2560 kB" new_spis "$before"
	wait $!
	check "no ping of 3000 is lost" grep -q ' 3000 received' "$tmp/volume.ping"
	pings_both_ways
	wire_check udp
}

ike_rekeyed_by_swan() {
	up "$1"
	ping_start router "$PEER_TARGET" 250 0.02 rekey
	check "strongSwan authenticates anew" swan --rekey --ike peer >/dev/null
	wait_until 10 "a second main mode is done" swan_two
	check "no ping of 250 is lost" [ "$(ping_end rekey)" = 0 ]
	wait_until 10 "one ISAKMP SA is left at strongSwan" swan_one
	check "and rekeying the child over it works" swan --rekey --child tun >/dev/null
	pings_both_ways
	wire_check udp
}
swan_two() { [ "$(tail -n "+$lines" "$PEER_DIR/charon.log" | grep -c 'IKE_SA peer\[[0-9]*\] established')" -ge 2 ]; }
swan_one() { [ "$(swan_established)" = 1 ]; }

ike_rekeyed_by_culvert() {
	IKE_LIFE=60
	up "$1"
	ping_start router "$PEER_TARGET" 1250 0.05 rekey
	wait_until 70 "a second main mode is done" swan_two
	check "no ping of 1250 is lost" [ "$(ping_end rekey)" = 0 ]
	pings_both_ways
	wire_check udp
}

# --- deletes, silence, restarts ---

deleted_by_swan() {	# --child tun | --ike peer
	local before
	up
	before=$(router_spis)
	check "strongSwan terminates $2" swan --terminate "$@" --timeout 5 >/dev/null
	wait_until 10 "the router has other SAs" all_new "$before"
	wait_until 10 "strongSwan too" swan_shows INSTALLED
	pings_both_ways
	wire_check udp
}

deleted_by_culvert() {	# COMMAND
	local before
	up
	before=$(router_spis)
	router router "$1" >/dev/null
	wait_until 10 "the router has other SAs" all_new "$before"
	wait_until 10 "strongSwan has one pair" swan_one_pair
	check "strongSwan was told" swan_said 'received DELETE' "$lines"
	pings_both_ways
	wire_check udp
}
swan_one_pair() { [ "$(swan_installed)" = 1 ]; }

ike_deleted_by_culvert() {
	up
	router router 'clear crypto isakmp' >/dev/null
	wait_until 10 "strongSwan was told" swan_said 'received DELETE for IKE_SA' "$lines"
	wait_until 15 "the tunnel carries again" carries
	pings_both_ways
	wire_check udp
}

swan_silent() {
	local pid before
	KEEPALIVE='crypto isakmp keepalive 10 2 periodic'
	up
	before=$(router_spis)
	pid=$(cat "$PEER_DIR/pid")
	kill -STOP "$pid"
	wait_until 45 "the router gives the peer up" router_gave_up "$before"
	kill -CONT "$pid"
	wait_until 60 "the tunnel carries again" carries
	pings_both_ways
	wire_check udp
}
router_gave_up() { [ -z "$(comm -12 <(say "$1") <(router_spis))" ]; }

culvert_silent() {
	local pid
	KEEPALIVE='crypto isakmp keepalive 10 2 periodic'
	CONN_EXTRA='dpd_delay = 1s
	    dpd_timeout = 4s'
	up
	pid=$(daemon_pid iked)
	kill -STOP "$pid"
	wait_until 15 "strongSwan gives the router up" swan_empty
	kill -CONT "$pid"
	wait_until 60 "the tunnel carries again" carries
	wait_until 5 "and is steady" swan_one
	pings_both_ways
	wire_check udp
}

swan_restarts() {
	local before
	up
	before=$(router_spis)
	swan_stop KILL
	swan_start
	lines=$(swan_lines)
	check "strongSwan initiates" swan_initiate
	wait_until 5 "what the router had before is gone" all_new "$before"
	check "strongSwan has one pair" swan_one_pair
	pings_both_ways
	wire_check udp
}

iked_restarts() {
	local before old
	up
	before=$(router_spis)
	old=$(daemon_pid iked)
	ping_start router "$PEER_TARGET" 150 0.02 restart
	kill -KILL "$old"
	wait_until 5 "iked is back" iked_is_new "$old"
	check "no ping of 150 is lost" [ "$(ping_end restart)" = 0 ]
	check "its SAs are those of before" [ "$(router_spis)" = "$before" ]
	check "it still has the ISAKMP SA" router_shows router 'show crypto isakmp sa' QM_IDLE
	check "strongSwan rekeys over it" swan --rekey --child tun >/dev/null
	wait_until 10 "the router has a new pair" new_spis "$before"
	pings_both_ways
	wire_check udp
}
iked_is_new() { local now; now=$(daemon_pid iked) && [ "$now" != "$1" ]; }

# Power off: nobody is told.  Then a boot from the same configuration.
router_reboots() {
	local before pids p
	up
	router router 'write memory' >/dev/null
	pids=$(node_pids router)
	# shellcheck disable=SC2086
	kill -KILL $pids
	for p in $pids; do
		while [ -d "/proc/$p" ] && ! grep -q '^State:	Z' "/proc/$p/status" 2>/dev/null; do sleep 0.02; done
	done
	lines=$(swan_lines)
	router_boot
	wait_until 30 "the tunnel carries again" carries
	check "the router said INITIAL-CONTACT" swan_said 'INITIAL_CONTACT|N\(INITIAL' "$lines"
	wait_until 5 "strongSwan has one pair" swan_one_pair
	pings_both_ways
	wire_check udp
}

router_boot() {
	setsid ip netns exec "$LAB-router" "$CULVERT_BIN/../sbin/culvertd" -f -c "$RUN/router/startup-config" \
		-y "$RUN/router/culvert.yaml" -r "$RUN/router" </dev/null >>"$RUN/router/culvertd.log" 2>&1 &
	echo $! >"$RUN/router/lab.pid"
	wait_until 20 "the router boots" router_shows router 'show version' culvert
}

# --- refusals ---

nothing_up() {
	router_no_ike && router_no_esp && ! swan_shows 'ESTABLISHED|INSTALLED'
}

# refused WHO: SECONDS of trying give nothing but few lines, and no daemon falls.
refused() {
	local n before
	daemons_note
	before=$(router router 'show logging' | wc -l)
	if [ "$1" = culvert ]; then
		tunnel 'no shutdown'
	else
		peer_deaf
		tunnel 'no shutdown'
		swan_initiate >/dev/null
		peer_hears
	fi
	for _ in $(seq 8); do
		nothing_up_yet || fail "something is up that may not be"
		sleep 0.5
	done
	n=$(($(router router 'show logging' | wc -l) - before))
	check "the router logged a little ($n lines)" [ "$n" -le 40 ]
	check "its daemons live" router_alive
	tunnel shutdown
}
nothing_up_yet() { router_no_esp && ! swan_shows INSTALLED; }

wrong_key() {
	KEY=another-key
	configure
	lines=$(swan_lines)
	refused "$1"
	check "no ISAKMP SA" nothing_up
	check "the router says why" router_logged 'PRESHARED|pre-shared|BAD_MESSAGE|could not be deciphered|hash'
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
	refused "$1"
	check "no ISAKMP SA" nothing_up
	[ "$1" != culvert ] || check "strongSwan says why" swan_said 'NO_PROPOSAL_CHOSEN|no proposal' "$lines"
	[ "$1" = culvert ] || check "the router answers NO-PROPOSAL-CHOSEN" swan_said 'received NO_PROPOSAL_CHOSEN' "$lines"
}

phase2_mismatch() {
	ESP_PROP=aes256-sha512
	configure
	lines=$(swan_lines)
	refused "$1"
	check "NO-PROPOSAL-CHOSEN was said" swan_said 'NO_PROPOSAL_CHOSEN|no acceptable|no matching' "$lines"
}

# --- a wire that repeats ---

# Each UDP datagram arrives twice, both ways.
wire_doubles() {
	local port other
	for port in router peer; do
		other=$([ $port = router ] && echo peer || echo router)
		ip netns exec "$LAB-transit" tc qdisc add dev wan-$port clsact
		ip netns exec "$LAB-transit" tc filter add dev wan-$port ingress protocol ip u32 \
			match ip protocol 17 0xff action mirred egress mirror dev wan-$other
	done
}
wire_single() {
	ip netns exec "$LAB-transit" tc qdisc del dev wan-router clsact
	ip netns exec "$LAB-transit" tc qdisc del dev wan-peer clsact
}

doubled() {
	configure
	daemons_note
	wire_doubles || fail "tc"
	tunnel_up "$1"
	ping_start router "$PEER_TARGET" 50 0.02 twice
	check "no ping of 50 is lost" [ "$(ping_end twice)" = 0 ]
	check "none is answered twice" [ "$(grep -c 'DUP!' "$tmp/twice.ping")" = 0 ]
	check "strongSwan has one ISAKMP SA" swan_one
	check "and one pair" swan_one_pair
	wire_single
	check "the router's daemons live" router_alive
	check "the wire carried them twice" [ "$(captured row 'udp port 500')" -ge 8 ]
}

# --- the rows ---

interop_begin libipsec
lab_up
swan_begin peer
lines=0

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
TABLE

while read -r group proposal swan; do
	for who in culvert strongswan; do
		row "PFS group $group, $who initiates" pfs $who "$group" "$proposal" "$swan"
	done
done <<'TABLE'
14 modp2048 MODP_2048
15 modp3072 MODP_3072
19 ecp256 ECP_256
20 ecp384 ECP_384
TABLE

for who in culvert strongswan; do
	row "$who initiates: deciphered and dissected by tshark" decoded $who
	row "$who initiated: strongSwan rekeys the ESP SAs" child_rekeyed_by_swan $who
	row "$who initiated: culvert rekeys the ESP SAs (2560 kB)" child_rekeyed_by_culvert $who
	row "$who initiated: strongSwan rekeys the ISAKMP SA" ike_rekeyed_by_swan $who
	row "$who initiated: culvert rekeys the ISAKMP SA (60 s)" ike_rekeyed_by_culvert $who
done
row "strongSwan deletes the ESP SAs" deleted_by_swan --child tun
row "strongSwan deletes the ISAKMP SA" deleted_by_swan --ike peer
row "clear crypto sa" deleted_by_culvert 'clear crypto sa'
row "clear crypto session" deleted_by_culvert 'clear crypto session'
row "clear crypto isakmp" ike_deleted_by_culvert
row "strongSwan falls silent" swan_silent
row "culvert-iked falls silent" culvert_silent
row "strongSwan restarts without a word (INITIAL-CONTACT)" swan_restarts
row "culvert-iked restarts" iked_restarts
row "the router loses power and boots (INITIAL-CONTACT)" router_reboots
for who in culvert strongswan; do
	row "$who initiates: wrong pre-shared key" wrong_key $who
	row "$who initiates: no common phase 1" phase1_mismatch $who
	row "$who initiates: no common phase 2" phase2_mismatch $who
	row "$who initiates: every datagram comes twice" doubled $who
done

rows_end || exit 1
swan_stop
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
