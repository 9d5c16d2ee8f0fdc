#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The ESP SAs with strongSwan (kernel-libipsec) are renewed about every 2 s while 10 Mbit/s
# go each way; either side began, and either side renews.  The router drops nothing and
# meets no unknown SPI, and nothing is lost except what went into strongSwan and did not
# come out of it: that is counted and printed.  IKE_VERSION=2: by IKEv2 (ikev2_rekey_load.sh).
#
# The router's shortest lifetime in kilobytes is 2560, which 10 Mbit/s use up in 2 s; a
# quarter of it is left when it is renewed.  A machine that does nothing for us that long
# fails a row, so two may be tried again.
# ROWS='regular expression' runs some of the rows.
[ "${IKE_VERSION:-1}" = 1 ] && vti=vti.sh || vti=vti2.sh
. "$(dirname "$0")/$vti"
need ethtool /usr/bin/python3

RATE=1050 LOAD_S=12 RENEWED_MIN=4 AGAIN_MAX=2

drops() { router router 'show platform hardware qfp active feature ipsec datapath drops all'; }
unknown() { drops | awk '/PKT_(SA_)?NOT_FOUND_SPI/ { n += $3 } END { print n + 0 }'; }
dropped() { router router 'show drops' | awk 'NF == 3 && $2 ~ /^[0-9]+$/ { n += $2 } END { print n + 0 }'; }

# What strongSwan gets and gives on both of its sides: ESP on the wire, and packets of its
# device.  What went in and did not come out it lost.  A run of datagrams would count as one.
ESP='udp dport 4500 @th,64,32 != 0 counter'
count_at_swan() {
	on router ethtool -K wan-router tx-udp-segmentation off
	ip netns exec "$LAB-transit" nft -f - <<-EOT
	table netdev load {
	  chain given { type filter hook ingress device "wan-router" priority 0; $ESP; }
	  chain taken { type filter hook ingress device "wan-peer" priority 0; $ESP; }
	}
	EOT
	on peer nft -f - <<-EOT
	table ip load {
	  chain given { type filter hook postrouting priority 0; oifname "ipsec0" counter; }
	  chain taken { type filter hook prerouting priority 0; iifname "ipsec0" counter; }
	}
	EOT
}
swan_counts() {	# "ESP-IN PACKETS-OUT PACKETS-IN ESP-OUT"
	{
		ip netns exec "$LAB-transit" nft list chain netdev load given
		on peer nft list chain ip load taken
		on peer nft list chain ip load given
		ip netns exec "$LAB-transit" nft list chain netdev load taken
	} | grep -oE 'packets [0-9]+' | cut -d' ' -f2 | xargs
}
# Nothing is on the way any more.
swan_at_rest() {
	local now
	now=$(swan_counts)
	[ "$now" = "${counts_were:-}" ] || { counts_were=$now; return 1; }
}
swan_full() { overruns peer | awk '$1 == "udp.sockets" { n = $2 } END { print n + 0 }'; }
swan_lost() {	# BEFORE AFTER: in "IN OUT"
	say "$1 $2" | awk '{ print ($5 - $1) - ($6 - $2), ($7 - $3) - ($8 - $4) }'
}

renewals() {
	tail -n "+$(($1 + 1))" "$PEER_DIR/charon.log" | grep -oE 'CHILD_SA tun\{[0-9]+\} established' | sort -u | wc -l
}

loaded() {	# WHO-BEGINS WHO-RENEWS
	local lost sent before in out from renewed full
	[ "$2" = culvert ] && LIFE_KB=2560 || CHILD_EXTRA=$'rekey_time = 2s\n\t        rand_time = 0s\n\t        life_time = 20s'
	up "$1"
	router router 'clear drops' >/dev/null
	{ overruns router; overruns peer; } >"$tmp/overruns.before"
	full=$(swan_full) from=$(swan_lines) before=$(swan_counts)
	read -r lost sent < <(/usr/bin/python3 "$top/tests/netns/udp_flow.py" "$LAB-router" "$ROUTER_TARGET" \
		"$LAB-peer" "$PEER_TARGET" $RATE $LOAD_S 1200)
	wait_until 5 "all has arrived" swan_at_rest
	read -r in out < <(swan_lost "$before" "$(swan_counts)")
	renewed=$(renewals "$from")
	full=$(($(swan_full) - full))
	say "$renewed renewals, $sent packets, $lost lost; strongSwan lost $in of ESP ($full at its full socket)," \
		"$out of clear ones" |
		tee -a "$tmp/figures"
	router router 'show drops'
	{ overruns router; overruns peer; } | diff "$tmp/overruns.before" -
	check "the SAs were renewed $RENEWED_MIN times at least" [ "$renewed" -ge $RENEWED_MIN ]
	check "no SPI was unknown to the router" [ "$(unknown)" = 0 ]
	check "the router dropped nothing" [ "$(dropped)" = 0 ]
	check "nothing is lost that strongSwan did not lose" [ "$lost" -le $((in + out)) ]
}

# told WHAT ...: a row, and its figures.
told() {
	rm -f "$tmp/figures"
	row "$@"
	[ ! -s "$tmp/figures" ] || sed 's/^/    /' "$tmp/figures"
}

vti_begin
count_at_swan || fail "nft"
for who in culvert strongswan; do
	for renews in culvert strongSwan; do
		told "$who began, $renews renews every 2 s under load" loaded $who $renews
	done
done
vti_end
