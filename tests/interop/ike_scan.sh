#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ike-scan against a router: it finds what a Cisco router would show, in main
# mode, aggressive mode and IKEv2; and what is odd makes nothing fall.
. "$(dirname "$0")/lib.sh"
need ip ike-scan

# scan WORD... : one host, two tries; what was answered.
scan() { on peer ike-scan --multiline --nodns --retry=2 --timeout=700 --sport=500 "$@" $ROUTER_IP >"$tmp/scan" 2>&1; cat "$tmp/scan"; }
found() { scan "${@:2}" >/dev/null; tr -s '\t\n' '  ' <"$tmp/scan" | grep -Eq "$1" || { cat "$tmp/scan"; return 1; }; }
answered_not() { scan "$@" >/dev/null; ! grep -q 'Handshake returned' "$tmp/scan" || { cat "$tmp/scan"; return 1; }; }

interop_begin libipsec
lab_up
router_config 'crypto isakmp policy 20' 'encryption 3des' 'hash sha' 'authentication pre-share' 'group 2' exit \
	'interface Tunnel0' 'no shutdown'
daemons_note

check "main mode: the weaker policy, by ike-scan's own list of transforms" \
	found 'Main Mode Handshake returned .*SA=\(Enc=3DES Hash=SHA1 (Auth=PSK )?Group=2:modp1024 (Auth=PSK )?LifeType=Seconds'
check "main mode: the first policy, when only it is offered" \
	found 'SA=\(.*Enc=AES .*Hash=SHA2-256 .*Group=14:modp2048' --trans='(1=7,14=128,2=4,3=1,4=14)'
check "no transform of ours: NO-PROPOSAL-CHOSEN, or nothing" answered_not --trans='(1=1,2=1,3=1,4=1)'
check "what it sends of vendor IDs by itself does no harm" found 'Handshake returned' --vendor=4048b7d56ebce88525e7de7f00d6c2d3
check "NAT traversal's and DPD's vendor IDs are answered when they are sent" \
	found 'VID=4a131c81070358455c5728f20e95452f' --vendor=4a131c81070358455c5728f20e95452f
check "aggressive mode: the handshake with the hash, as Cisco's" found 'Aggressive Mode Handshake returned .*Hash\(20 bytes\)' \
	--aggressive --id=stranger --dhgroup=2
router_config 'crypto isakmp aggressive-mode disable'
check "and none when it is disabled" answered_not --aggressive --id=stranger --dhgroup=2
check "IKEv2: refused, or answered, by a router without IKEv2 for this peer" scan --ikev2 >/dev/null

router_config 'crypto ikev2 proposal PROP' 'encryption aes-cbc-256' 'integrity sha1' 'group 2' exit \
	'crypto ikev2 policy POL' 'proposal PROP' exit 'crypto ikev2 keyring KEYS' 'peer P' "address $PEER_IP" \
	'pre-shared-key something' exit exit 'crypto ikev2 profile V2' \
	"match identity remote address $PEER_IP 255.255.255.255" 'authentication local pre-share' \
	'authentication remote pre-share' 'keyring local KEYS' exit 'crypto ipsec profile P' 'set ikev2-profile V2'
check "IKEv2: the proposal that both have" \
	found 'IKEv2 SA_INIT Handshake returned .*Encr=AES_CBC,KeyLength=256 .*Integ=HMAC_SHA1_96 .*DH_Group=2:modp1024' --ikev2

# Lengths and values that lie, with the options that ike-scan has for that.
for odd in '--headerlen=20' '--headerlen=+4000' '--headerver=0xff' '--hdrflags=255' '--hdrmsgid=0xffffffff' \
	'--nextpayload=200' '--exchange=250' '--cookie=0000000000000000' '--mbz=255' '--lifetime=none' \
	'--doi=99' '--situation=99' '--protocol=99' '--transid=99' '--spisize=200' '--certreq=00' \
	'--idtype=99 --aggressive --id=x' '--noncelen=2000 --aggressive --id=x'; do
	# shellcheck disable=SC2086
	scan $odd >/dev/null
	check "alive after $odd" router_alive
done
check "and it still answers" found 'Handshake returned' --ikev2
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
