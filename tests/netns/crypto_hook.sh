#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The way crypto maps attach to an interface: nftables netdev hooks hand the
# packets of a covering prefix to a TAP, on their way out and on their way in;
# packets with the forwarder's mark pass.
#
#	10.1.0.1 [near] wan0 --- wan0 [far] 10.2.0.1
#
# Nobody reads the TAP here, so what is handed to it is dropped, not sent in
# clear: that is the promise.
set -eu

[ "$(id -u)" = 0 ] || { echo "needs root for network namespaces"; exit 77; }
nft -v > /dev/null 2>&1 || { echo "needs nft"; exit 77; }

near=espd-hook-near-$$
far=espd-hook-far-$$
tmp=$(mktemp -d /var/tmp/espd-hook.XXXXXX)
trap 'ip netns del $near; ip netns del $far; rm -rf "$tmp"' EXIT

fail() {
	echo "crypto_hook: $*"
	exit 1
}

ip netns add $near
ip netns add $far
ip -n $near link add wan0 type veth peer name wan0 netns $far
ip -n $near addr add 192.0.2.1/24 dev wan0
ip -n $near addr add 10.1.0.1/32 dev wan0
ip -n $far addr add 192.0.2.2/24 dev wan0
ip -n $far addr add 10.2.0.1/32 dev wan0
ip -n $near link set wan0 up
ip -n $far link set wan0 up
ip -n $near route add 10.2.0.0/16 via 192.0.2.2 src 10.1.0.1
ip -n $far route add 10.1.0.0/16 via 192.0.2.1 src 10.2.0.1
ip -n $near tuntap add cmap0 mode tap
ip -n $near link set cmap0 up

seen() {	# how many packets the named counter has
	ip netns exec $near nft list counter netdev culvert "$1" |
		sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}
ping_far() {
	ip netns exec $near ping -q -c 2 -i 0.02 -W 0.2 "$@" > /dev/null
}

ping_far 10.2.0.1 || fail "no way at all before the hook is there"

# The mark is WIRE_MARK of lib/mark.h.
cat > "$tmp/rules" << 'RULES'
table netdev culvert {
	set covering {
		type ipv4_addr . ipv4_addr
		flags interval
		elements = { 10.1.0.0/16 . 10.2.0.0/16, 10.2.0.0/16 . 10.1.0.0/16 }
	}
	counter out { }
	counter in { }
	counter marked { }
	chain leaving {
		type filter hook egress device wan0 priority 0;
		meta mark 0x63756c76 counter name marked accept
		ip saddr . ip daddr @covering counter name out fwd to cmap0
	}
	chain arriving {
		type filter hook ingress device wan0 priority 0;
		ip saddr . ip daddr @covering counter name in fwd to cmap0
	}
}
RULES
ip netns exec $near nft -f "$tmp/rules" || { echo "no netdev egress hook here"; exit 77; }

# Covered packets leave no more; others do.
ping_far 10.2.0.1 && fail "a covered packet left in clear"
[ "$(seen out)" = 2 ] || fail "$(seen out) packets came to the hook, not 2"
ping_far 192.0.2.2 || fail "a packet that is not covered did not pass"

# What carries our mark passes; its answers, in clear, do not come in.
ping_far -m 1668639862 10.2.0.1 && fail "a clear answer came in"
[ "$(seen marked)" = 2 ] || fail "$(seen marked) marked packets passed, not 2"
[ "$(seen in)" = 2 ] || fail "$(seen in) clear answers were caught, not 2"
echo "crypto_hook: ok"
