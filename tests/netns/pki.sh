#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Certificates as an operator brings them to a router, with openssl as the CA: paste
# of a CA certificate, a request that the CA signs, imports from PEM and PKCS #12, CRLs
# from a file and over HTTP; all of it survives a reload, and private keys stay where
# they are: in files that only root reads.
. "$(dirname "$0")/lib.sh"
need ip openssl

# Lines on standard input, typed in configuration mode.
configure() { { echo "configure terminal"; cat; } | timeout 60 "$CULVERT_BIN/culvert" -r "$tmp/run"; }
shows() { shell "$1" 2>/dev/null | grep -q -- "$2"; }
says() { grep -q -- "$1" "$tmp/out"; }

cd "$tmp" || fail "no $tmp"
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj "/O=Example/CN=Test CA" \
	-days 30 2>/dev/null || fail "the CA cannot be made"
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
crl() { openssl ca -config ca.conf -gencrl -keyfile ca.key -cert ca.pem -out crl.pem 2>/dev/null &&
	openssl crl -in crl.pem -outform DER -out crl.der; }
crl || fail "the CA cannot make a CRL"

echo "hostname R1" >startup
alone_begin pki
alone_start || fail "no boot: $(cat why)"

# --- the CA, a request, the router's certificate ---
{ printf '%s\n' "crypto pki trustpoint VPN" "enrollment terminal pem" "subject-name CN=R1, OU=VPN, O=Example" \
	"fqdn r1.example.org" "ip-address 10.0.0.1" "rsakeypair VPN 2048" "revocation-check none" \
	"crypto pki authenticate VPN"
cat ca.pem; echo quit; echo no; echo "do show version"; } | configure >out
check "a CA certificate can be refused" not shows "show running-config" "certificate ca"
fingerprint=$(openssl x509 -in ca.pem -noout -fingerprint -sha1 | sed 's/.*=//; s/://g')
check "its fingerprint is shown first" \
	[ "$(sed -n 's/.*Fingerprint SHA1: //p' out | tr -d ' ')" = "$fingerprint" ]
{ echo "crypto pki authenticate VPN"; cat ca.pem; echo; echo yes; } | configure >out
check "and accepted" says "Trustpoint CA certificate accepted"
echo "crypto pki enroll VPN" | configure >out
sed -n '/BEGIN CERTIFICATE REQUEST/,/END CERTIFICATE REQUEST/p' out >r1.csr
check "the request is signed with the new key" openssl req -in r1.csr -noout -verify
check "has the name" [ "$(openssl req -in r1.csr -noout -subject -nameopt RFC2253)" = \
	"subject=unstructuredName=r1.example.org,CN=R1,OU=VPN,O=Example" ]
check "and the alternative names" grep -q 'DNS:r1.example.org, IP Address:10.0.0.1' <(openssl req -in r1.csr -noout -text)
openssl x509 -req -in r1.csr -CA ca.pem -CAkey ca.key -set_serial 0x77 -days 7 -copy_extensions copy \
	-out r1.pem 2>/dev/null || fail "the CA cannot sign"
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -subj /CN=Other -days 7 2>/dev/null
{ echo "crypto pki import VPN certificate"; cat other.pem; echo quit; } | configure >out
check "a certificate for another key is refused" says "not for the key of this trustpoint"
{ echo "crypto pki import VPN certificate"; sed '/-----/d' r1.pem; echo; } | configure >out
check "the router's certificate is imported, in bare base64" says "Router Certificate successfully imported"
check "show crypto pki certificates has it" shows "show crypto pki certificates" "Certificate Serial Number (hex): 77"
check "and its trustpoint's status" shows "show crypto pki trustpoints status" "Keys generated ............. Yes"

# --- where the private key is ---
check "private keys are in a directory of root's" [ "$(stat -c '%a %U' keys)" = "700 root" ]
check "in files of root's" [ "$(stat -c '%a %U' keys/VPN.key)" = "600 root" ]
secret=$(sed -n '/BEGIN/,/END/p' keys/VPN.key | sed -n 3p)
[ ${#secret} = 64 ] || fail "no key in the file"
for c in "show running-config" "show logging" "show crypto key mypubkey all" "show crypto pki certificates verbose"; do
	check "none in $c" not shows "$c" "$secret"
done
echo "crypto key export rsa VPN pem terminal aes Secret12" | configure >out
check "nor exported, which was not allowed" says "not exportable"

# --- what has a key with it ---
openssl genpkey -algorithm ED25519 -out r2.key 2>/dev/null
openssl req -new -key r2.key -subj /CN=R2 2>/dev/null | openssl x509 -req -CA ca.pem -CAkey ca.key -set_serial 0x78 -days 7 -out r2.pem 2>/dev/null
openssl pkcs12 -export -inkey r2.key -in r2.pem -certfile ca.pem -passout pass:Secret12 -out r2.p12
echo "crypto pki import P12 pkcs12 $tmp/r2.p12 password Wrong123" | configure >out
check "PKCS #12 with a wrong password is refused" says "passphrase is wrong"
echo "crypto pki import P12 pkcs12 file:$tmp/r2.p12 password Secret12" | configure >out
check "PKCS #12 is imported" says "Imported PKCS12 file successfully"
openssl ecparam -name secp384r1 -genkey -noout | openssl pkcs8 -topk8 -v2 aes256 -passout pass:Secret12 -out r3.key
openssl req -new -key r3.key -passin pass:Secret12 -subj /CN=R3 2>/dev/null |
	openssl x509 -req -CA ca.pem -CAkey ca.key -set_serial 0x79 -days 7 -out r3.pem 2>/dev/null
{ echo "crypto pki trustpoint EC"; echo "revocation-check none"; echo "crypto pki import EC pem terminal password Secret12"
cat ca.pem; echo quit; cat r3.key; echo quit; cat r3.pem; echo quit; } | configure >out
check "PEM is imported" says "PEM files import succeeded"
check "an EC key" shows "show crypto key mypubkey ec" "Key name: EC"
printf '%s\n' "crypto key generate ec keysize 256 label OUT exportable" | configure >/dev/null
echo "crypto key export ec OUT pem terminal aes Secret12" | configure >out
check "an exportable key goes out, encrypted" openssl pkey -in out -passin pass:Secret12 -noout

# --- CRLs ---
printf '%s\n' "crypto pki trustpoint VPN" "revocation-check crl" "crl query file:$tmp/crl.der" | configure >/dev/null
wait_until 10 "a CRL is read from a file" shows "show crypto pki crls" "cn=Test CA,o=Example"
ip netns exec $ns /usr/bin/python3 -m http.server --bind ::1 8080 >/dev/null 2>&1 &
http_up() { ip -n $ns route >/dev/null; ip netns exec $ns bash -c 'exec 3<>/dev/tcp/::1/8080' 2>/dev/null; }
wait_until 10 "an HTTP server answers" http_up
printf '%s\n' "crypto pki trustpoint VPN" "crl query http://[::1]:8080/none.der" | configure >/dev/null
wait_until 10 "what is not there is said" shows "show crypto pki crls" "another status than 200"
printf '%s\n' "crypto pki trustpoint VPN" "crl query http://[::1]:8080/crl.pem" | configure >/dev/null
wait_until 10 "a CRL is fetched over HTTP" shows "show crypto pki crls" "cn=Test CA,o=Example"

# --- a reload ---
first=$(running)
check "the chain is in the running-config" grep -q '^ certificate 77$' <<<"$first"
shell 'write memory' >/dev/null || fail "write memory"
kill "$(head -1 run/culvertd.lock)"
gone() { [ -z "$(ip netns pids $ns | grep -v "^$!\$")" ]; }
wait_until 20 "the router ends" gone
alone_start || fail "no boot: $(cat why)"
check "with the same running-config" [ "$(running)" = "$first" ]
check "and the same keys" shows "show crypto key mypubkey all" "Key name: VPN"
check "and no line is refused" not shows 'show startup-config errors' '^[0-9]'
echo "crypto key zeroize rsa VPN" | configure >out
check "a key that is removed is gone" [ ! -e keys/VPN.key ]
check "and its certificate is not used" shows "show logging" "the certificate of trustpoint VPN is not used"
kill "$(head -1 run/culvertd.lock)" 2>/dev/null
wait_until 20 "it ends" gone
