#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two strongSwans (kernel-libipsec) behind one NAT box, and a router with a
# dynamic crypto map before it: one address, two peers, and what happens to one is
# nothing to the other.  IKE_VERSION=2: by IKEv2 (ikev2_nat_two.sh).
# ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump nft swanctl
[ -x /usr/sbin/charon-systemd ] || skip "needs charon-systemd"

ROUTER=outer ROUTER_IP=203.0.113.1 PINGER=lan ROUTER_TARGET=10.99.1.10

# peer N: the functions that drive strongSwan mean the Nth from now on.
peer() {
	PEER_NODE=homepeer${1#1} PEER_IP=192.168.1.$(($1 + 1)) PEER_TARGET=10.77.$1.1
	PEER_DIR=$tmp/swan-$PEER_NODE PEER_CONF=$tmp/swan-$PEER_NODE
	CHILD="mode = tunnel
	        local_ts = 10.77.$1.0/24
	        remote_ts = 10.99.1.0/24"
}

on_exit() {
	for n in 1 2; do
		peer $n
		swan_stop
	done
}

# The router's sessions at the NAT's address, by the ports that the NAT gave them.
sessions() {
	case $IKE_VERSION in
	1) router outer 'show crypto isakmp sa' | grep -c '203\.0\.113\.30 .*QM_IDLE' ;;
	2) router outer 'show crypto ikev2 sa' | grep -c '203\.0\.113\.30/.*READY' ;;
	esac
}
has_sessions() { [ "$(sessions)" = "$1" ]; }
pairs() { router outer 'show crypto ipsec sa' | grep -cE "remote ident .*\(10\.77\.[12]\.0/255\.255\.255\.0"; }
spi_of() {	# N: the router's inbound SPI for that peer's network
	router outer 'show crypto ipsec sa' |
		awk -v net="10.77.$1.0" '/remote ident/ { on = index($0, net) } on && / spi: 0x/ { print $2; exit }'
}

begin() {	# N...
	peer 1; swan_terminate
	peer 2; swan_terminate
	wait_until 10 "the router has no SA" router_no_esp
	for n; do
		peer $n
		swan_load
		check "peer $n initiates" swan_initiate
	done
}

both_up() {
	begin 1 2
	wait_until 5 "the router has two sessions" has_sessions 2
	check "and two pairs" [ "$(pairs)" = 2 ]
	for n in 1 2; do
		peer $n
		pings_both_ways
	done
}

together() {
	both_up
	capture_start row
	for n in 1 2; do
		ping_start lan 10.77.$n.1 100 0.02 together$n
	done
	for n in 1 2; do
		check "no ping of 100 to peer $n is lost" [ "$(ping_end together$n)" = 0 ]
	done
	wire_check udp
}

# What one does under the other's pings.
one_of_two() {	# WHAT OTHER COMMAND...
	local what=$1 other=$2 was
	shift 2
	both_up
	was=$(spi_of "$other")
	ping_start lan "10.77.$other.1" 250 0.02 other
	peer $((3 - other))
	check "peer $((3 - other)): $what" "$@"
	check "no ping of 250 to peer $other is lost" [ "$(ping_end other)" = 0 ]
	check "its pair is the same" [ "$(spi_of "$other")" = "$was" ]
	for n in 1 2; do
		peer $n
		pings_both_ways
	done
}

rekeys() { swan --rekey "$@" >/dev/null; }
comes_again() {
	swan --terminate --ike peer --timeout 5 >/dev/null && swan_initiate
}
# Without a word, and with INITIAL-CONTACT: that is for itself alone.
reboots() {
	swan_stop KILL
	on "$PEER_NODE" ip link delete ipsec0 2>/dev/null
	swan_start
	swan_initiate
}

interop_begin nat
lab_up
lines=0
ikev2_profile 203.0.113.30 192.168.1.2
[ $IKE_VERSION = 1 ] || router_config 'crypto ikev2 profile V2' \
	'match identity remote address 192.168.1.3 255.255.255.255'
router_config 'no interface Tunnel0' 'crypto dynamic-map HOMES 10' 'set transform-set T' \
	"$([ $IKE_VERSION = 1 ] || say 'set ikev2-profile V2')" exit \
	'crypto map WAN 10 ipsec-isakmp dynamic HOMES' 'ip route 10.77.0.0 255.255.0.0 203.0.113.30' \
	'interface GigabitEthernet0/0' 'crypto map WAN'
for n in 1 2; do
	peer $n
	swan_begin "$PEER_NODE"
done

row "both are up" together
row "one rekeys its ESP SAs" one_of_two "rekeys its ESP SAs" 2 rekeys --child tun
row "one rekeys its IKE SA" one_of_two "rekeys its IKE SA" 1 rekeys --ike peer
row "one goes and comes again" one_of_two "goes and comes again" 2 comes_again
row "one reboots, and says INITIAL-CONTACT" one_of_two "reboots" 1 reboots

rows_end || exit 1
on_exit
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
