#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Certificates against strongSwan (kernel-libipsec): each kind of key, RFC 7427 and the methods
# before it, keys and certificates mixed, a chain in fragments, who is refused; and RSA
# signatures in IKEv1.  ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump nft swanctl openssl
[ -x /usr/sbin/charon-systemd ] || skip "needs charon-systemd"

# --- certificates ---

# issue NAME ISSUER EXTENSIONS OPTION...: a key by genpkey's options, and its certificate.
serial=1
issue() {
	local name=$1 issuer=$2 extensions=$3
	shift 3
	openssl genpkey "$@" -out "$tmp/$name.key" 2>/dev/null
	openssl req -new -key "$tmp/$name.key" -subj "/O=Example/CN=$name" 2>/dev/null |
		openssl x509 -req -CA "$tmp/$issuer.pem" -CAkey "$tmp/$issuer.key" -set_serial $((serial++)) \
		-days 7 -out "$tmp/$name.pem" -extfile <(say "$extensions") 2>/dev/null ||
		fail "no certificate $name"
}

ca() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tmp/$1.key" -out "$tmp/$1.pem" \
		-subj "/O=Example/CN=$1" -days 30 2>/dev/null || fail "no $1"
}

make_certificates() {
	local who san kind
	ca ca
	ca other
	issue sub ca basicConstraints=critical,CA:true -algorithm RSA -pkeyopt rsa_keygen_bits:4096
	for who in router peer; do
		[ $who = router ] && san="subjectAltName = IP:$ROUTER_IP" || san="subjectAltName = IP:$PEER_IP"
		issue $who-rsa ca "$san" -algorithm RSA -pkeyopt rsa_keygen_bits:2048
		issue $who-p256 ca "$san" -algorithm EC -pkeyopt ec_paramgen_curve:P-256
		issue $who-p384 ca "$san" -algorithm EC -pkeyopt ec_paramgen_curve:P-384
		issue $who-ed25519 ca "$san" -algorithm ED25519
		issue $who-chain sub "$san" -algorithm RSA -pkeyopt rsa_keygen_bits:4096
	done
	issue peer-stranger other "subjectAltName = IP:$PEER_IP" -algorithm RSA -pkeyopt rsa_keygen_bits:2048
}

# A trustpoint of each kind.
router_certificates() {
	local kind
	for kind in rsa p256 p384 ed25519 chain; do
		cat "$tmp/ca.pem" >"$tmp/above.pem"
		[ $kind != chain ] || cat "$tmp/sub.pem" >>"$tmp/above.pem"
		openssl pkcs12 -export -inkey "$tmp/router-$kind.key" -in "$tmp/router-$kind.pem" \
			-certfile "$tmp/above.pem" -passout pass:Secret12 -out "$tmp/$kind.p12" || fail "no PKCS #12"
		router_config "crypto pki trustpoint $kind" 'revocation-check none' exit
		router $ROUTER 'configure terminal' \
			"crypto pki import $kind pkcs12 file:$tmp/$kind.p12 password Secret12" |
			grep -q 'Imported PKCS12' || fail "no import of $kind"
	done
}

# --- one negotiation ---

VERSION=2 KIND=rsa METHOD=rsa-sig LOCAL=pubkey REMOTE=pubkey PEER_KIND= IDENTITY="address $ROUTER_IP"
PEER_ID=$PEER_IP ROUTER_ID=$ROUTER_IP PEER_ASKS=pubkey

swan_load() {
	local peer=${PEER_KIND:-$KIND} certs=
	[ "$LOCAL" != pubkey ] || certs="certs = $tmp/peer-$peer.pem"
	rm -rf "$PEER_DIR/x509" "$PEER_DIR/x509ca" "$PEER_DIR/private"
	mkdir -p "$PEER_DIR/x509" "$PEER_DIR/x509ca" "$PEER_DIR/private"
	cp "$tmp/ca.pem" "$PEER_DIR/x509ca"
	[ "$peer" != chain ] || cp "$tmp/sub.pem" "$PEER_DIR/x509ca"
	cp "$tmp/peer-$peer.key" "$PEER_DIR/private"
	sed -i 's/load = random openssl$/load = random openssl pem pkcs1 pkcs8 x509/' "$PEER_DIR/strongswan.conf"
	cat >"$PEER_DIR/swanctl.conf" <<-CONF
	connections {
	  peer {
	    version = $VERSION
	    local_addrs = $PEER_IP
	    remote_addrs = $ROUTER_IP
	    proposals = $IKE_PROP
	    $CONN_EXTRA
	    local {
	      auth = $LOCAL
	      id = "$PEER_ID"
	      $certs
	    }
	    remote {
	      auth = $REMOTE
	      id = "$ROUTER_ID"
	    }
	    children {
	      tun {
	        $CHILD
	        esp_proposals = $ESP_PROP
	      }
	    }
	  }
	}
	secrets {
	  ike-peer {
	    id-1 = $PEER_IP
	    id-2 = $ROUTER_IP
	    secret = "$PSK"
	  }
	}
	CONF
	swan --load-all --clear --noprompt --file "$PEER_DIR/swanctl.conf" >"$PEER_DIR/load" 2>&1 ||
		fail "swanctl: $(cat "$PEER_DIR/load")"
}

# The profile as the variables say.  METHOD: of the router; that of the peer is PEER_METHOD.
configure2() {
	router_config 'crypto ipsec profile P' 'no set ikev2-profile V2' exit 'no crypto ikev2 profile V2'
	router_config 'crypto ikev2 profile V2' "match identity remote address $PEER_IP 255.255.255.255" \
		"identity local $IDENTITY" "authentication local $METHOD" \
		"authentication remote ${PEER_METHOD:-$METHOD}" 'keyring local KEYS' "pki trustpoint $KIND" exit \
		'crypto ipsec profile P' 'set ikev2-profile V2'
}

configure1() {
	router_config 'crypto ipsec profile P' 'no set ikev2-profile V2' exit \
		"crypto isakmp identity ${IDENTITY%% *}" 'crypto isakmp policy 10' 'authentication rsa-sig'
}

ready() { router_shows $ROUTER 'show crypto ikev2 sa' 'READY'; }
idle() { router_shows $ROUTER 'show crypto isakmp sa' 'QM_IDLE'; }

up() {	# WHO
	tunnel shutdown
	wait_until 5 "the router has no SA" router_no_esp
	swan_terminate
	wait_until 8 "strongSwan has no SA" swan_empty
	configure$VERSION
	swan_load
	lines=$(swan_lines)
	if [ "$1" = strongswan ]; then
		peer_deaf || fail "nft in the transit's namespace"
		tunnel 'no shutdown'
		check "strongSwan initiates" swan_initiate
		peer_hears
	else
		tunnel 'no shutdown'
	fi
	wait_until 15 "the router says that it is up" "$([ $VERSION = 2 ] && say ready || say idle)"
	wait_until 5 "strongSwan says ESTABLISHED" swan_shows "ESTABLISHED, IKEv$VERSION"
	wait_until 5 "strongSwan says INSTALLED" swan_shows INSTALLED
}

works() {
	pings_both_ways
	wire_check udp
}

signed() { router_shows $ROUTER 'show crypto ikev2 sa detailed' "Auth sign: $1, Auth verify: $2"; }

each_kind() {	# WHO KIND METHOD SHOWN
	KIND=$2 METHOD=$3
	up "$1"
	check "the router says that both signed with $4" signed "$4" "$4"
	works
}

old_way() {	# WHO KIND METHOD SHOWN WHAT-STRONGSWAN-SAYS
	each_kind "$@"
	check "strongSwan was proven to by the method of before RFC 7427" swan_said "$5" "$lines"
}

subjects() {	# WHO
	IDENTITY=dn ROUTER_ID='O=Example, CN=router-rsa'
	up "$1"
	works
}

mixed() {	# WHO: the router signs, the peer has a key
	METHOD=rsa-sig PEER_METHOD=pre-share LOCAL=psk REMOTE=pubkey
	up "$1"
	check "the router says so" signed RSA PSK
	works
}

chain() {	# WHO
	KIND=chain
	CONN_EXTRA='fragmentation = yes
	    send_cert = always'
	on router ip link set "$WAN" mtu 1280
	on peer ip link set "$PEER_WAN" mtu 1280
	up "$1"
	pings_both_ways
	capture_stop row
	check "nothing on the wire is longer than the path takes" [ "$(captured row 'greater 1295')" = 0 ]
	check "IP had nothing to cut" [ "$(captured row 'ip[6:2] & 0x3fff != 0')" = 0 ]
}

refused() {	# WHO: strongSwan's CA is another
	PEER_KIND=stranger
	tunnel_down
	configure$VERSION
	swan_load
	if [ "$1" = strongswan ]; then
		peer_deaf
		tunnel 'no shutdown'
		check "strongSwan gets nowhere" not swan_initiate
		peer_hears
	else
		tunnel 'no shutdown'
	fi
	wait_until 15 "the router says why" router_logged 'no trustpoint has a CA that the certificate leads to'
	check "nothing is up" router_no_esp
}

v1() {	# WHO
	VERSION=1
	up "$1"
	check "the router says rsig" router_shows $ROUTER 'show crypto isakmp sa detail' ' rsig '
	works
}

v1_subjects() {	# WHO
	VERSION=1 IDENTITY=dn ROUTER_ID='O=Example, CN=router-rsa' PEER_ID='O=Example, CN=peer-rsa'
	up "$1"
	check "the router says rsig" router_shows $ROUTER 'show crypto isakmp sa detail' ' rsig '
	works
}


v1_refused() {	# WHO
	VERSION=1
	refused "$1"
}

# --- the rows ---

both() {
	local what=$1
	shift
	row "$what, culvert initiates" "$1" culvert "${@:2}"
	row "$what, strongSwan initiates" "$1" strongswan "${@:2}"
}

interop_begin libipsec
make_certificates
lab_up
WAN=$(on router ip -o -4 addr show to $ROUTER_IP | awk '{print $2}')
PEER_WAN=$(on peer ip -o -4 addr show to $PEER_IP | awk '{print $2}')
router_config 'crypto ikev2 proposal PROP' 'encryption aes-cbc-128' 'integrity sha256' 'group 14' exit \
	'crypto ikev2 policy POL' 'proposal PROP' exit \
	'crypto ikev2 keyring KEYS' 'peer P' "address $PEER_IP" "pre-shared-key $PSK" exit exit \
	'no crypto isakmp key culvert-test-psk address 198.51.100.2'
router_certificates
swan_begin peer

both 'IKEv2, RSA' each_kind rsa rsa-sig RSA
both 'IKEv2, ECDSA P-256' each_kind p256 ecdsa-sig ECDSA
both 'IKEv2, ECDSA P-384' each_kind p384 ecdsa-sig ECDSA
both 'IKEv2, Ed25519' each_kind ed25519 ecdsa-sig EdDSA
both 'IKEv2, the router is known by its subject' subjects
both 'IKEv2, one signs and the other has a key' mixed
both 'IKEv2, a wrong CA' refused
both 'IKEv2, a chain in fragments over 1280 bytes' chain
on router ip link set "$WAN" mtu 1500
on peer ip link set "$PEER_WAN" mtu 1500
both 'IKEv1, RSA' v1
both 'IKEv1, both are known by their subjects' v1_subjects
both 'IKEv1, a wrong CA' v1_refused

swan_stop
CHARON_EXTRA='signature_authentication = no'
swan_start
both 'IKEv2, RSA without RFC 7427' old_way rsa rsa-sig RSA "authentication of '$ROUTER_IP' with RSA signature successful"
both 'IKEv2, ECDSA P-256 without RFC 7427' old_way p256 ecdsa-sig ECDSA "authentication of '$ROUTER_IP' with ECDSA-256 signature successful"

rows_end || exit 1
swan_stop
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
