# SPDX-License-Identifier: GPL-3.0-or-later
# In the guest: can this kernel make the interfaces and SAs that matter?
. "$LAB_HOME/guest/lib.sh"
try() {
	local what=$1
	shift
	if "$@" >/dev/null 2>&1; then echo "device $what: yes"; else echo "device $what: no"; fi
}
try gre ip link add g0 type gre local 192.0.2.1 remote 192.0.2.2
try gre-key ip link add g1 type gre local 192.0.2.1 remote 192.0.2.2 key 42
try mgre ip tunnel add m0 mode gre key 42 local 192.0.2.1
try gretap ip link add t0 type gretap local 192.0.2.1 remote 192.0.2.3
try ip6gre ip link add s0 type ip6gre local 2001:db8::1 remote 2001:db8::2
try ipip ip link add p0 type ipip local 192.0.2.1 remote 192.0.2.2
try vti ip link add v0 type vti local 192.0.2.1 remote 192.0.2.2 key 42
try vti6 ip link add v1 type vti6 local 2001:db8::1 remote 2001:db8::2 key 42
try xfrm ip link add x0 type xfrm dev lo if_id 42
try veth ip link add e0 type veth peer name e1
try vrf ip link add r0 type vrf table 7
try netns ip netns add n0
try netem tc qdisc add dev e0 root netem delay 10ms loss 1%
k16=0x000102030405060708090a0b0c0d0e0f k20=${k16}10111213
k32=${k16}101112131415161718191a1b1c1d1e1f k36=${k32}20212223
spi=0
sa() { # ALGORITHMS...: one more transport mode SA
	spi=$((spi + 1))
	ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi $spi mode transport "$@"
}
try esp-cbc-sha1 sa enc 'cbc(aes)' $k16 auth-trunc 'hmac(sha1)' $k20 96
try esp-cbc-sha256 sa enc 'cbc(aes)' $k32 auth-trunc 'hmac(sha256)' $k32 128
try esp-3des sa enc 'cbc(des3_ede)' ${k16}1011121314151617 auth-trunc 'hmac(sha1)' $k20 96
try esp-null sa enc 'ecb(cipher_null)' '' auth-trunc 'hmac(sha256)' $k32 128
try esp-gcm128 sa aead 'rfc4106(gcm(aes))' $k20 128
try esp-gcm256 sa aead 'rfc4106(gcm(aes))' $k36 128
try esp-gmac sa aead 'rfc4543(gcm(aes))' $k20 128
try esp-ctr sa enc 'rfc3686(ctr(aes))' $k20 auth-trunc 'hmac(sha256)' $k32 128
try esp-chapoly sa aead 'rfc7539esp(chacha20,poly1305)' $k36 128
try esp-esn sa flag esn replay-window 64 aead 'rfc4106(gcm(aes))' $k20 128
try esp-udp-encap sa aead 'rfc4106(gcm(aes))' $k20 128 encap espinudp 4500 4500 0.0.0.0
try ah-sha256 ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto ah spi 1 mode transport auth-trunc 'hmac(sha256)' $k32 128
try nflog iptables-legacy -A OUTPUT -d 192.0.2.9 -j NFLOG --nflog-group 1
