#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A static VTI against a Linux kernel's VTI (by mark) with strongSwan: raw ESP
# in tunnel mode, LAN to LAN.
# IKE_VERSION=2: by IKEv2 (ikev2_uml_vti.sh).
# ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/rows.sh"
need ip ping tcpdump nft linux.uml

PINGER=lan PEER_TARGET=10.99.2.1 ROUTER_TARGET=10.99.1.10
CHILD='mode = tunnel
	        local_ts = 0.0.0.0/0
	        remote_ts = 0.0.0.0/0
	        mark_in = 42
	        mark_out = 42'
WIRE=esp TSET=esp-gcm LIFE_KB=4608000

up() {	# WHO
	tunnel_down
	router_config "crypto ipsec transform-set T $TSET" 'mode tunnel' exit 'crypto ipsec profile P' \
		"set security-association lifetime kilobytes $LIFE_KB"
	swan_load
	lines=$(swan_lines)
	tunnel_up "$1"
	pings_both_ways
}

agreed() {	# WHO TRANSFORM SHOWN PROPOSAL SWAN
	TSET=$2 ESP_PROP=$4
	[[ $TSET != esp-gmac* ]] || READABLE=1
	up "$1"
	check "strongSwan's phase 2 is $5" swan_shows "TUNNEL, ESP:$5\$"
	check "the router's is $3" router_shows router 'show crypto ipsec sa' "transform: $3 ,"
	check "in tunnel mode" router_shows router 'show crypto ipsec sa' 'in use settings ={Tunnel, }'
	on lan ping -n -c 3 -i 0.1 -W 2 -s 1372 -M do "$PEER_TARGET" >"$tmp/mtu" 2>&1
	check "1400 bytes fit" grep -q ' 3 received' "$tmp/mtu"
	wire_check esp
}

encapsulated() {
	CONN_EXTRA='encap = yes'
	up "$1"
	check "strongSwan says TUNNEL-in-UDP" swan_shows 'TUNNEL-in-UDP'
	check "the router says UDP-Encaps" router_shows router 'show crypto ipsec sa' 'Tunnel UDP-Encaps'
	wire_check udp
}

interop_begin uml
lab_up
router_config 'interface Tunnel0' 'tunnel mode ipsec ipv4'
uml_begin peer-strongswan-vti --mark 42 --tun-local 172.16.1.2 --tun-remote 172.16.1.1 \
	--lan 10.99.2.1/24 --remote-lan 10.99.1.0/24
ikev2_profile $PEER_IP $PEER_IP
lines=0

# IKEv1 has no number for ChaCha20-Poly1305, and both have one for GMAC, which hides nothing.
while read -r what transform shown proposal swan; do
	[ "$what" != ChaCha20 ] || [ $IKE_VERSION = 2 ] || continue
	for who in culvert strongswan; do
		row "$what, $who initiates" agreed $who "${transform//+/ }" "${shown//+/ }" "$proposal" "$swan"
	done
done <<'TABLE'
GCM-128         esp-gcm+128                  esp-gcm                      aes128gcm16    AES_GCM_16-128
GCM-256         esp-gcm+256                  esp-gcm+256                  aes256gcm16    AES_GCM_16-256
CBC-128/SHA1    esp-aes+esp-sha-hmac         esp-aes+esp-sha-hmac         aes128-sha1    AES_CBC-128/HMAC_SHA1_96
CBC-256/SHA256  esp-aes+256+esp-sha256-hmac  esp-256-aes+esp-sha256-hmac  aes256-sha256  AES_CBC-256/HMAC_SHA2_256_128
CTR-256/SHA384  esp-ctr+256+esp-sha384-hmac  esp-ctr+256+esp-sha384-hmac  aes256ctr-sha384 AES_CTR-256/HMAC_SHA2_384_192
GMAC-128        esp-gmac+128                 esp-gmac                     aes128gmac     NULL_AES_GMAC-128
ChaCha20        esp-chacha20-poly1305        esp-chacha20-poly1305        chacha20poly1305 CHACHA20_POLY1305
TABLE
for who in culvert strongswan; do
	row "$who initiated: strongSwan rekeys the ESP SAs" child_rekeyed_by_swan $who
	row "$who initiated: culvert rekeys the ESP SAs (2560 kB)" child_rekeyed_by_culvert $who
	row "$who initiates: forced UDP encapsulation" encapsulated $who
done

rows_end || exit 1
uml_end
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
