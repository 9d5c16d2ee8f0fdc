#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# SAs renewed about every 2 s under load, IKEv1 and IKEv2, each side as the one whose
# packets use them up: no packet is lost, and no SPI is unknown at either end.
#
# The shortest lifetime in kilobytes is 2560: 10 Mbit/s use it up in 2 s.
. "$(dirname "$0")/lib.sh"
need ip ping /usr/bin/python3

RATE=1050 LOAD_S=12 RENEWED_MIN=4
reaches() { on "$1" ping -n -c 1 -W 0.2 "$2" >/dev/null 2>&1; }
drops() { router "$1" 'show platform hardware qfp active feature ipsec datapath drops all' 2>/dev/null; }
unknown() { drops "$1" | awk '/PKT_(SA_)?NOT_FOUND_SPI/ { n += $3 } END { print n + 0 }'; }
spi_of() { router "$1" 'show crypto ipsec sa' 2>/dev/null | grep -oE 'spi: 0x[0-9A-Fa-f]+'; }

# Every inbound SPI that the router had meanwhile.
collect_spis() {
	while sleep 0.2; do
		spi_of west
	done >"$tmp/spis"
}

loaded() {	# WHAT FROM ADDRESS TO ADDRESS
	local lost sent collector renewed
	spi_of west | sort -u >"$tmp/spis.before"
	collect_spis &
	collector=$!
	read -r lost sent < <(/usr/bin/python3 "$top/tests/netns/udp_flow.py" "$LAB-$2" "$3" "$LAB-$4" "$5" \
		$RATE $LOAD_S 1200 one)
	kill $collector
	wait $collector 2>/dev/null
	renewed=$(($(sort -u "$tmp/spis" | comm -13 "$tmp/spis.before" - | wc -l) / 2))
	say "$1: $sent packets, $lost lost, $renewed renewals in $LOAD_S s"
	check "$1: the SAs were renewed $RENEWED_MIN times at least" [ "$renewed" -ge $RENEWED_MIN ]
	[ "$lost" = 0 ] || for node in west east; do	# by whom, for who reads this
		{ router $node 'show drops'; drops $node; overruns $node; overruns host-$node; } | sed "s/^/$node: /"
	done
	check "$1: no packet was lost" [ "$lost" = 0 ]
	for node in west east; do
		check "$1: no SPI was unknown at $node" [ "$(unknown $node)" = 0 ]
	done
}

for lab in site-to-site site-to-site-ikev2; do
	lab_begin $lab
	sed -i 's/^interface Tunnel0/crypto ipsec security-association lifetime kilobytes 2560\n!\n&/' "$tmp/$LAB"/*.cfg
	lab_up
	wait_until 30 "$lab: west reaches east" reaches host-west 10.2.0.10
	router west 'clear drops' >/dev/null
	router east 'clear drops' >/dev/null
	loaded "$lab, from west" host-west 10.1.0.10 host-east 10.2.0.10
	loaded "$lab, from east" host-east 10.2.0.10 host-west 10.1.0.10
	check "the lab goes down and no sanitizer spoke" lab_end
	check "nothing is left of it" lab_gone
done
