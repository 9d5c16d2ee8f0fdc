#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two sites that know each other by certificates alone, with openssl as their CA: RSA from
# PKCS #12, ECDSA from a PEM paste; and a certificate that the CA revoked.
. "$(dirname "$0")/lib.sh"
need ip ping openssl

configure() {	# ROUTER, lines on standard input
	{ echo "configure terminal"; cat; } | timeout 60 "$CULVERT_BIN/culvert" -r "$RUN/$1" >"$tmp/out" 2>&1
	! grep -Ev '^% (En[td]|PEM files)' "$tmp/out" | grep -q '^%' || fail "$1 refused: $(cat "$tmp/out")"
}
signed() { router_shows west 'show crypto ikev2 sa detailed' "Auth sign: $1, Auth verify: $1"; }
logged() { router_shows "$1" 'show logging' "$2"; }
restart() { router west 'clear crypto ikev2 sa' >/dev/null; }

cd "$tmp" || fail "no $tmp"
cat >ca.conf <<-CONF
	[ca]
	default_ca = ours
	[ours]
	database = $tmp/index
	default_md = sha256
	default_crl_days = 7
	crlnumber = $tmp/number
CONF
touch index
echo 01 >number
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj "/O=Example/CN=Test CA" \
	-days 30 2>/dev/null || fail "the CA cannot be made"
# certificate NAME KIND SERIAL ADDRESS
certificate() {
	openssl genpkey -algorithm "${2%%:*}" -pkeyopt "${2#*:}" -out "$1.key" 2>/dev/null
	openssl req -new -key "$1.key" -subj "/O=Example/OU=VPN/CN=$1" 2>/dev/null |
		openssl x509 -req -CA ca.pem -CAkey ca.key -set_serial "$3" -days 7 -out "$1.pem" \
		-extfile <(echo "subjectAltName = IP:$4") 2>/dev/null || fail "the CA cannot sign $1"
}
revoke() { openssl ca -config ca.conf -revoke "$1" -keyfile ca.key -cert ca.pem 2>/dev/null; }
crl() { openssl ca -config ca.conf -gencrl -keyfile ca.key -cert ca.pem -out crl.pem 2>/dev/null; }

lab_begin site-to-site-ikev2
lab_up
serial=1
for r in west east; do
	certificate $r-rsa RSA:rsa_keygen_bits:2048 $((serial++)) 198.51.100.$((serial / 2))
	certificate $r-ec EC:ec_paramgen_curve:P-256 $((serial++)) 198.51.100.$((serial / 2))
	openssl pkcs12 -export -inkey $r-rsa.key -in $r-rsa.pem -certfile ca.pem \
		-passout pass:Secret12 -out $r.p12 || fail "no PKCS #12"
done

# --- RSA: identities are the certificates' subjects, a map chooses the profile ---
for r in west east; do
	configure $r <<-CONF
		crypto pki trustpoint RSA
		revocation-check none
		exit
		crypto pki import RSA pkcs12 file:$tmp/$r.p12 password Secret12
		crypto pki certificate map VPN 10
		subject-name co ou = vpn
		exit
		crypto ikev2 profile default
		no match identity remote address 198.51.100.$([ $r = west ] && echo 2 || echo 1) 255.255.255.255
		match certificate VPN
		identity local dn
		no authentication remote pre-share
		authentication remote rsa-sig
		authentication local rsa-sig
		no keyring local
		pki trustpoint RSA
	CONF
done
restart
wait_until 30 "west reaches east, by RSA" reaches host-west 10.2.0.10
check "both sides signed with RSA" signed RSA
check "the peer is who its certificate says" router_shows west 'show crypto ikev2 sa detailed' \
	'Remote id: .*cn=east-rsa'

# --- ECDSA: identities are addresses, which the certificates name ---
for r in west east; do
	openssl pkcs8 -topk8 -v2 aes256 -passout pass:Secret12 -in $r-ec.key -out $r-ec.p8
	{
		printf '%s\n' "crypto pki trustpoint EC" "revocation-check none" exit \
			"crypto pki import EC pem terminal password Secret12"
		for f in ca.pem $r-ec.p8 $r-ec.pem; do
			cat $f
			echo quit
		done
		cat <<-CONF
			crypto ikev2 profile default
			identity local address 198.51.100.$([ $r = west ] && echo 1 || echo 2)
			no authentication remote rsa-sig
			authentication remote ecdsa-sig
			authentication local ecdsa-sig
			no pki trustpoint RSA
			pki trustpoint EC
		CONF
	} >lines
	configure $r <lines
done
restart
wait_until 30 "ECDSA on both sides" signed ECDSA
wait_until 30 "west reaches east, by ECDSA" reaches host-west 10.2.0.10

# --- revoked: east looks at its CA's list ---
revoke west-rsa.pem	# another one than west uses
crl || fail "the CA cannot make a CRL"
configure east <<-CONF
	crypto pki trustpoint EC
	revocation-check crl
	crl query file:$tmp/crl.pem
CONF
wait_until 10 "east has a CRL" router_shows east 'show crypto pki crls' 'cn=Test CA'
restart
wait_until 30 "who is not in it gets in" reaches host-west 10.2.0.10
revoke west-ec.pem
crl || fail "the CA cannot make a CRL"
configure east <<-CONF
	crypto pki trustpoint EC
	no crl query
	crl query file:$tmp/crl.pem
CONF
restart
wait_until 30 "east says why a revoked one does not" logged east 'revoked'
check "nothing is up" [ -z "$(router west 'show crypto ikev2 sa' | grep READY)" ]
check "no daemon was hurt and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
