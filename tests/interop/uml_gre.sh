#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# GRE under ESP in transport mode against a Linux kernel with strongSwan: raw
# ESP, with and without a tunnel key, LAN to LAN; then UDP encapsulation.
# IKE_VERSION=2: by IKEv2 (ikev2_uml_gre.sh).
# ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/rows.sh"
need ip ping tcpdump nft linux.uml

PINGER=lan PEER_TARGET=10.99.2.1 ROUTER_TARGET=10.99.1.10
CHILD='mode = transport
	        local_ts = dynamic[gre]
	        remote_ts = dynamic[gre]'
WIRE=esp TSET=esp-gcm GRE_KEY= PFS='no set pfs' LIFE_KB=4608000

configure() {
	tunnel_down
	router_config 'interface Tunnel0' 'tunnel mode gre ip' "${GRE_KEY:+tunnel key }${GRE_KEY:-no tunnel key}" \
		exit "crypto ipsec transform-set T $TSET" 'mode transport' exit 'crypto ipsec profile P' "$PFS" \
		"set security-association lifetime kilobytes $LIFE_KB"
	swan_load
	check "the guest's GRE device" peer_do "ip link del tun0; ip link add tun0 type gre local $PEER_IP \
		remote $ROUTER_IP ttl 64 ${GRE_KEY:+key $GRE_KEY} && ip addr add 172.16.1.2 peer 172.16.1.1 dev tun0 &&
		ip link set tun0 up && ip route add 10.99.1.0/24 dev tun0"
	lines=$(swan_lines)
}

up() {
	configure
	tunnel_up "${1:-culvert}"
	pings_both_ways
}

agreed() {	# WHO KEY TRANSFORM SHOWN PROPOSAL SWAN
	GRE_KEY=${2#-} TSET=$3 ESP_PROP=$5
	[[ $TSET != esp-gmac* ]] || READABLE=1
	up "$1"
	check "strongSwan's phase 2 is $6" swan_shows "TRANSPORT, ESP:$6\$"
	check "with GRE between the two as its traffic" swan_shows "remote $ROUTER_IP/32\[gre\]"
	check "the router's is $4" router_shows router 'show crypto ipsec sa' "transform: $4 ,"
	check "in transport mode" router_shows router 'show crypto ipsec sa' 'in use settings ={Transport, }'
	on lan ping -n -c 3 -i 0.1 -W 2 -s 1372 -M do "$PEER_TARGET" >"$tmp/mtu" 2>&1
	check "1400 bytes fit" grep -q ' 3 received' "$tmp/mtu"
	wire_check esp
}

# The guest's kernel asks for SAs when GRE comes.
trapped() {
	CHILD_EXTRA='start_action = trap'
	configure
	peer_deaf
	tunnel 'no shutdown'
	wait_until 20 "the guest's ping brings the tunnel up" peer_do "ping -n -q -c 1 -W 1 -I $PEER_TARGET $ROUTER_TARGET"
	peer_hears
	wait_until 10 "the peer was the initiator" router_responded
	pings_both_ways
	wire_check esp
}

# The guest's kernel brings back what was deleted, too.
trapping() {	# FUNCTION ARG...
	CHILD_EXTRA='start_action = trap'
	"$@"
}

# strongSwan pretends that there is a NAT: UDP, and addresses in NAT-OA.
encapsulated() {
	CONN_EXTRA='encap = yes'
	up "$1"
	check "strongSwan says TRANSPORT-in-UDP" swan_shows 'TRANSPORT-in-UDP'
	check "the router says UDP-Encaps" router_shows router 'show crypto ipsec sa' 'Transport UDP-Encaps'
	wire_check udp
}

# What the guest sends comes late, and not in order.
reordered() {
	configure
	check "netem" peer_do 'tc qdisc replace dev vec0 root netem delay 8ms 4ms reorder 30% 50%'
	tunnel_up "$1"
	wait_until 5 "the tunnel carries" carries
	ping_start lan "$PEER_TARGET" 200 0.005 order
	check "no ping of 200 is lost" [ "$(ping_end order)" = 0 ]
	peer_do 'tc qdisc del dev vec0 root'
	wire_check esp
}

interop_begin uml
lab_up
uml_begin peer-strongswan-gre --tun-local 172.16.1.2 --tun-remote 172.16.1.1
ikev2_profile $PEER_IP $PEER_IP
lines=0

# IKEv1 has no number for ChaCha20-Poly1305, and both have one for GMAC, which hides nothing.
while read -r what key transform shown proposal swan; do
	[ "$what" != ChaCha20 ] || [ $IKE_VERSION = 2 ] || continue
	for who in culvert strongswan; do
		row "$what, key $key, $who initiates" agreed $who "$key" "${transform//+/ }" "${shown//+/ }" "$proposal" "$swan"
	done
done <<'TABLE'
GCM-128         -           esp-gcm+128                  esp-gcm                      aes128gcm16    AES_GCM_16-128
GCM-256         42          esp-gcm+256                  esp-gcm+256                  aes256gcm16    AES_GCM_16-256
CBC-128/SHA256  -           esp-aes+esp-sha256-hmac      esp-aes+esp-sha256-hmac      aes128-sha256  AES_CBC-128/HMAC_SHA2_256_128
CBC-256/SHA512  4294967295  esp-aes+256+esp-sha512-hmac  esp-256-aes+esp-sha512-hmac  aes256-sha512  AES_CBC-256/HMAC_SHA2_512_256
CTR-128/SHA256  7           esp-ctr+128+esp-sha256-hmac  esp-ctr+esp-sha256-hmac      aes128ctr-sha256 AES_CTR-128/HMAC_SHA2_256_128
GMAC-256        -           esp-gmac+256                 esp-gmac+256                 aes256gmac     NULL_AES_GMAC-256
ChaCha20        -           esp-chacha20-poly1305        esp-chacha20-poly1305        chacha20poly1305 CHACHA20_POLY1305
TABLE
row "a trap policy brings it up" trapped
for who in culvert strongswan; do
	row "$who initiated: strongSwan rekeys the ESP SAs" child_rekeyed_by_swan $who
	row "$who initiated: culvert rekeys the ESP SAs (2560 kB)" child_rekeyed_by_culvert $who
	row "$who initiates: forced UDP encapsulation" encapsulated $who
	row "$who initiates: packets out of order" reordered $who
done
row "strongSwan deletes the ESP SAs" trapping deleted_by_swan --child tun
row "strongSwan deletes the IKE SA" trapping deleted_by_swan --ike peer
row "clear crypto sa" trapping deleted_by_culvert 'clear crypto sa'
row "clear crypto session" trapping deleted_by_culvert 'clear crypto session'

rows_end || exit 1
uml_end
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
