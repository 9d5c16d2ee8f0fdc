#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: spi_table.sh [ikev1|ikev2|ikev2_no_detection|flooded|nat_t|ipv6_outside]...
#
# Who is healed of an unknown SPI, and by what.  `center` of etc/labs/invalid-spi.yaml loses
# its SAs with every kind of peer at once, while nobody can hear IKE; then each peer goes on
# encrypting towards it.  Nobody has dead peer detection.
#
#	told		over the IKE SA that is there: DELETE and INVALID-SPI
#	recovery	`crypto isakmp invalid-spi-recovery` makes an IKE SA to say so
#	proof		IKEv2's crash detection: center says in clear that the SPI is unknown, and
#			answers the question with the token that proves the loss
#	own		center brings this peer up by itself, command or not: it is configured
#			to be up, and INITIAL-CONTACT heals
#	off, dynamic	not healed: the command is off; nobody configured this address
#
# IKEv1, raw ESP, IPv4:		cmap	  dyn	  gre  vti  smap spoke	 nhs
ROWS_1='
only ESP SAs lost, off		told	  told	  told told told told	 told
only ESP SAs lost, on		told	  told	  told told told told	 told
IKE SAs lost too, off		off	  off	  own  own  own  off	 own
IKE SAs lost too, on		recovery  dynamic own  own  own  dynamic own
killed, off			off	  off	  own  own  own  off	 own
killed, on			recovery  dynamic own  own  own  dynamic own
rebooted, on			recovery  dynamic own  own  own  dynamic own'
# IKEv2, with crash detection:
ROWS_2='
only ESP SAs lost, off		told	  told	  told told told told	 told
only ESP SAs lost, on		told	  told	  told told told told	 told
IKE SAs lost too, off		proof	  proof	  own  own  own  proof	 own
killed, off			proof	  proof	  own  own  own  proof	 own
killed, on			recovery  proof	  own  own  own  proof	 own
rebooted, on			recovery  proof	  own  own  own  proof	 own'
# IKEv2, `no crypto ikev2 crash-detection` at center:
#					cmap	  dyn	  gre  vti  smap spoke	 nhs
ROWS_2_OFF='
IKE SAs lost too, no detection, on	recovery  dynamic own  own  own  dynamic own
killed, no detection, off		off	  off	  own  own  own  off	 own
killed, no detection, on		recovery  dynamic own  own  own  dynamic own'
# The other axes, IKEv1: NAT-T with the hub of etc/labs/dmvpn-nat.yaml, where both spokes are
# dynamic, and IPv6 outside with etc/labs/ipv6.yaml, whose tunnels are both configured.
. "$(dirname "$0")/lib.sh"
need ip ping nft tshark flock
build=${CULVERT_BUILD:-$(cd "$CULVERT_BIN/../.." && pwd)}

PEERS=(cmap dyn gre vti smap spoke nhs)
VICTIM=center HEALS_MS=8000

net_of() { local i; for i in "${!PEERS[@]}"; do [ "${PEERS[i]}" != "$1" ] || echo $((i + 1)); done; }
address_of() { echo "203.0.113.$((10 + $(net_of "$1")))"; }
reaches() { on "$1" ping -n -c 1 -W 0.3 -I "10.$(net_of "$1").0.1" 10.0.0.1 >/dev/null 2>&1; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
victim_does() { "$CULVERT_BIN/culvert" -r "$RUN/$VICTIM" <<<"$1" >/dev/null; }

# --- faults ---

# Nobody hears IKE, so nobody is told of what is cleared.
silence() {
	local n
	for n in "$VICTIM" "${PEERS[@]}"; do
		on "$n" nft 'add table inet silence; add chain inet silence in { type filter hook input priority -400; };
			add rule inet silence in udp dport 500 drop;
			add rule inet silence in udp dport 4500 @th,64,32 0 drop'
	done
}

silence_over() {
	local n
	for n in "$VICTIM" "${PEERS[@]}"; do
		on "$n" nft delete table inet silence
	done
}

# IKEv2 repeats a DELETE until it is answered, or for half a minute: until then its SA is there.
given_up() { ! router_shows "$VICTIM" 'show crypto ikev2 sa' DELETE; }

booted() { router_shows "$VICTIM" 'show logging' 'SYS-5-RESTART'; }

fault() {	# ROW
	spis "$VICTIM" >"$tmp/stale"
	silence
	capture_start row "${seen:-}"
	case $1 in
	only*) router "$VICTIM" 'clear drops' 'clear crypto sa' >/dev/null ;;
	IKE*)
		router "$VICTIM" 'clear crypto isakmp' 'clear crypto ikev2 sa' 'clear crypto sa' >/dev/null
		[ "$version" = 1 ] || wait_until 60 "the SAs of $VICTIM are gone" given_up
		router "$VICTIM" 'clear drops' >/dev/null
		;;
	killed*) lab_kill "$VICTIM" ;;
	rebooted*)
		router "$VICTIM" 'clear drops' reload >/dev/null
		wait_until 10 "$VICTIM is up again" booted
		;;
	esac
	silence_over
}

# --- what happens then ---

# Pings from PEER until one is answered; $tmp/healed.PEER: ms since the first, or "never".
ping_until_healed() {
	local t0 end healed=never
	t0=$(now_ms)
	end=$((t0 + HEALS_MS))
	while [ "$healed" = never ] && [ "$(now_ms)" -lt $end ]; do
		reaches "$1" && healed=$(($(now_ms) - t0)) || sleep 0.05
	done
	echo "$healed" >"$tmp/healed.$1"
}

all_ping() {
	local n pids=()
	for n in "${PEERS[@]}"; do
		ping_until_healed "$n" &
		pids+=($!)
	done
	wait "${pids[@]}"
}

decision() {	# PEER: the record of its last flow
	awk -v from="from $(address_of "$1")" 'index($0, from) { mine = 1 }
		mine && /decision:/ { sub(/.*decision: /, ""); last = $0; mine = 0 } END { print last }' "$tmp/flows"
}

log_lines() { grep -c "%CRYPTO-4-RECV_PKT_INV_SPI.*prot=50, .*srcaddr=$(address_of "$1")\$" "$tmp/logged"; }
flows() { grep -c "^spi .* from $(address_of "$1") " "$tmp/flows"; }
qfp() { router "$VICTIM" "show platform hardware qfp active $1" 2>/dev/null; }

# IKE messages of these exchange types from center to PEER, as tshark sees them; with FLAG only
# requests (0) or answers (1) of IKEv2, with NOTIFY only what came in clear with this notification.
said() {	# PEER TYPES [FLAG [NOTIFY]]
	grep -Ec "^203\.0\.113\.1	$(address_of "$1")	($2)	${3-[^	]*}	${4-.*}\$" "$tmp/ike"
}

# Packets that came with an SPI of the flows' records, counted by tshark; where center booted, with
# one of those it had before, too: espd is there a moment before iked, who hears of no flow then.
unknown_on_wire() {	# ROW
	{
		grep -oE '^spi 0x[0-9A-F]+' "$tmp/flows"
		case $1 in killed* | rebooted*) cat "$tmp/stale" ;; esac
	} | tr A-F a-f | awk '{ print $2 }' | while read -r spi; do
		printf '0x%08x\n' "$spi"
	done >"$tmp/unknown"
	tshark -nr "$tmp/row.pcap" -Y 'esp && ip.dst == 203.0.113.1' -T fields -e esp.spi 2>/dev/null |
		grep -cFf "$tmp/unknown"
}

# --- cells ---

INIT2=34 AUTH2=35 INFO2=37 INVALID_IKE_SPI=4 INVALID_SPI=11 QCD_TOKEN=16419

cell_told() {	# PEER WHAT
	check "$2: the record" grep -Eq 'sent (over the IKE SA|inside the IKEv2 SA)' <<<"$(decision "$1")"
	if [ "$version" = 1 ]; then
		check "$2: two messages, at least" [ "$(said "$1" 5)" -ge 2 ]
		check "$2: no new IKE SA" [ "$(said "$1" 2)" = 0 ]
	else
		check "$2: requests over the SA" [ "$(said "$1" $INFO2 0)" -ge 1 ]
		check "$2: no new IKE SA" [ "$(said "$1" "$INIT2|$AUTH2")" = 0 ]
	fi
}

cell_recovery() {	# PEER WHAT
	check "$2: the record" grep -Eq '(IKE|IKEv2) SA made with the source' <<<"$(decision "$1")"
	if [ "$version" = 1 ]; then
		check "$2: phase 1" [ "$(said "$1" 2)" = 3 ]
		check "$2: DELETE and INVALID-SPI" [ "$(said "$1" 5)" -ge 2 ]
	else
		check "$2: an IKE SA is begun" [ "$(said "$1" $INIT2 0)" -ge 1 -a "$(said "$1" $AUTH2 0)" -ge 1 ]
		check "$2: no hint" [ "$(said "$1" $INFO2 0 $INVALID_SPI)" = 0 ]
	fi
}

cell_proof() {	# PEER WHAT
	check "$2: the record" grep -q 'INVALID_SPI sent in clear' <<<"$(decision "$1")"
	check "$2: a hint" [ "$(said "$1" $INFO2 0 $INVALID_SPI)" -ge 1 ]
	check "$2: proof" [ "$(said "$1" '3[567]' 1 "$INVALID_IKE_SPI,$QCD_TOKEN")" -ge 1 ]
	check "$2: center begins nothing" [ "$(said "$1" $INIT2 0)" = 0 ]
	check "$2: the peer took it as proof" router_shows "$1" 'show crypto ikev2 stats' 'proved.*: [1-9]'
}

cell_stays() {	# PEER WHAT
	check "$2: it stays" [ "$(cat "$tmp/healed.$1")" = never ]
	check "$2: nothing is begun with it" [ "$(said "$1" "2|$INIT2|$AUTH2")" = 0 ]
	check "$2: nothing is said to it in clear" [ "$(said "$1" '.*' '[^	]*' '.+')" = 0 ]
}

cell() {	# ROW PEER WHAT
	local healed what="$1: $2: $3"
	healed=$(cat "$tmp/healed.$2")
	case $3 in
	told | recovery | proof | own) check "$what, healed after $healed ms" [ "$healed" != never ] ;;
	esac
	case $3 in
	told) cell_told "$2" "$what" ;;
	recovery) cell_recovery "$2" "$what" ;;
	proof) cell_proof "$2" "$what" ;;
	own)
		check "$what: an IKE SA" [ "$(said "$2" "2|$INIT2|$AUTH2")" -ge 2 ]
		return	# whether packets came before that is chance
		;;
	off)
		check "$what" grep -q 'invalid-spi-recovery is off' <<<"$(decision "$2")"
		cell_stays "$2" "$what"
		;;
	dynamic)
		check "$what" grep -q 'it is not a static peer' <<<"$(decision "$2")"
		cell_stays "$2" "$what"
		;;
	esac
	check "$what: one line in the log for an SPI" \
		[ "$(log_lines "$2")" -ge 1 -a "$(log_lines "$2")" -le "$(flows "$2")" ]
}

# The counters first: what a spoke sends meanwhile is on the wire and in no counter then.
look() {
	qfp 'feature ipsec datapath drops all' >"$tmp/ipsec.drops"
	qfp 'statistics drop all' >"$tmp/drops"
	capture_stop row
	router center 'show crypto isakmp invalid-spi' >"$tmp/flows"
	router center 'show logging' >"$tmp/logged"
	tshark -nr "$tmp/row.pcap" -Y isakmp -T fields -e ip.src -e ip.dst -e isakmp.exchangetype \
		-e isakmp.flag_r -e isakmp.notify.msgtype 2>/dev/null |
		sed 's/	True	/	1	/; s/	False	/	0	/' >"$tmp/ike"
}

counters() {	# ROW
	local wire spi input
	wire=$(unknown_on_wire "$1")
	spi=$(awk '/IN_US_V4_PKT_SA_NOT_FOUND_SPI/ { print $3 }' "$tmp/ipsec.drops")
	input=$(awk '$1 == "IpsecInput" { print $2 }' "$tmp/drops")
	case $1 in		# nobody counts what comes while center is down
	killed* | rebooted*) check "$1: $wire unknown packets on the wire, $spi in the one view" \
		[ "$spi" -le "$wire" -a "$spi" -gt 0 ] ;;
	*) check "$1: $wire unknown packets on the wire, $spi in the one view" [ "$spi" = "$wire" ] ;;
	esac
	# IpsecInput has what was dropped for other reasons, too.
	check "$1: and in the other, $input" [ "$input" -ge "$spi" ]
}

heal() {
	local n
	for n in "${PEERS[@]}"; do
		reaches "$n" || router "$n" 'clear crypto session' >/dev/null
	done
	for n in "${PEERS[@]}"; do
		wait_until 30 "$n reaches center" reaches "$n"
	done
}

row() {	# ROW CELL...
	local i name=$1
	shift
	case $name in
	*off) victim_does $'conf t\nno crypto isakmp invalid-spi-recovery\nend\nwrite memory' ;;
	*) victim_does $'conf t\ncrypto isakmp invalid-spi-recovery\nend\nwrite memory' ;;
	esac
	router "$VICTIM" 'clear logging' >/dev/null
	fault "$name"
	all_ping
	look
	counters "$name"
	for i in "${!PEERS[@]}"; do
		cell "$name" "${PEERS[i]}" "${@:i+1:1}"
	done
}

table() {	# VERSION TABLE
	local line name
	version=$1
	while read -r line; do
		[ -n "$line" ] || continue
		name=${line%%	*}
		say "--- IKEv$version: $name"
		heal
		row "$name" ${line#*	}
	done <<<"$2"
}

lab_done() {
	check "the lab goes down and no sanitizer spoke" lab_end
	check "nothing is left of it" lab_gone
}

# --- the parts ---

ikev1() {
	lab_begin invalid-spi
	lab_up
	table 1 "$ROWS_1"
	lab_done
}

ikev2() {
	lab_begin invalid-spi
	lab_ike_v2
	lab_up
	table 2 "$ROWS_2"
	lab_done
}

ikev2_no_detection() {
	lab_begin invalid-spi
	lab_ike_v2
	lab_up
	victim_does $'conf t\nno crypto ikev2 crash-detection\nend\nwrite memory'
	table 2 "$ROWS_2_OFF"
	lab_done
}

# Forged SPIs, from everywhere, hide no static peer: he is healed as without them.
flooded() {
	local seen=udp device mac flood n
	make -C "$build" tests/bench/spi_send >"$tmp/make.log" 2>&1 || { cat "$tmp/make.log"; fail "spi_send"; }
	lab_begin invalid-spi
	lab_up
	version=1
	heal
	victim_does $'conf t\ncrypto isakmp invalid-spi-recovery\nend'
	device=$(on center ip -o -4 addr | awk '$4 ~ /^203\.0\.113\.1\// { print $2 }')
	mac=$(on center cat "/sys/class/net/$device/address")
	on transit "$build/tests/bench/spi_send" br0 "$mac" 203.0.113.1 1200000 10000 60 >/dev/null &
	flood=$!
	fault 'IKE SAs lost too, on'
	all_ping
	look
	check "flooded: the flood goes on" kill "$flood"
	cell flooded cmap recovery
	for n in gre vti smap nhs; do
		cell flooded $n own
	done
	lab_done
}

# NAT-T: two spokes behind one address, told apart by their ports.
nat_healed() { on "host$1" ping -n -c 1 -W 0.3 10.0.0.10 >/dev/null 2>&1; }
nat_flow() { router hub 'show crypto isakmp invalid-spi' 2>/dev/null | grep -A 3 'from 203\.0\.113\.30 port' | grep -q "$1"; }
nat_line() { router_shows hub 'show logging' 'RECV_PKT_INV_SPI.*prot=50, .*srcaddr=203\.0\.113\.30$'; }

nat_t() {
	local n
	lab_begin dmvpn-nat
	version=1 VICTIM=hub PEERS=(spoke1 spoke2)
	sed -i '/^crypto isakmp keepalive/d' "$tmp/$LAB"/*.cfg
	lab_up
	victim_does $'conf t\ncrypto isakmp invalid-spi-recovery\nend'
	for n in 1 2; do
		wait_until 30 "NAT-T: host$n reaches the hub's" nat_healed $n
	done
	fault 'only ESP SAs lost, on'
	for n in 1 2; do
		wait_until 5 "NAT-T, only ESP SAs lost: spoke$n is told" nat_healed $n
	done
	capture_stop row
	check "NAT-T: it is logged with prot=50" nat_line
	check "NAT-T: the record has the port" nat_flow 'sent over the IKE SA'
	check "NAT-T: told on UDP 4500" [ "$(tshark -nr "$tmp/row.pcap" -T fields -e isakmp.exchangetype \
		-Y 'isakmp.exchangetype == 5 && udp.srcport == 4500 && ip.src == 203.0.113.1' 2>/dev/null | wc -l)" -ge 4 ]
	fault 'IKE SAs lost too, on'
	router hub 'clear logging' >/dev/null
	for n in 1 2; do
		check "NAT-T, IKE SAs lost: spoke$n is not healed" eval "! on host$n ping -n -c 8 -i 0.4 -W 0.3 10.0.0.10 >/dev/null"
	done
	capture_stop row
	check "NAT-T: it is logged with prot=50" nat_line
	check "NAT-T: a dynamic peer" nat_flow 'it is not a static peer'
	check "NAT-T: no word to it" [ "$(tshark -nr "$tmp/row.pcap" -Y 'isakmp.exchangetype == 2 && ip.src == 203.0.113.1' \
		2>/dev/null | wc -l)" = 0 ]
	lab_done
}

v6_healed() { on west ping -n -c 1 -W 0.3 "$1" >/dev/null 2>&1; }
v6_flow() { router_shows east 'show crypto isakmp invalid-spi' "$1"; }

ipv6_outside() {
	local a what
	lab_begin ipv6
	version=1 VICTIM=east PEERS=(west)
	lab_up
	for a in FD00:F0::2 FD00:F1::2; do
		wait_until 30 "IPv6: west reaches $a" v6_healed $a
	done
	for what in 'only ESP SAs lost, on' 'IKE SAs lost too, on' 'killed, on'; do
		router east 'clear logging' >/dev/null
		fault "$what"
		for a in FD00:F0::2 FD00:F1::2; do
			wait_until 5 "IPv6, $what: healed at $a" v6_healed $a
		done
		capture_stop row
		[ "$what" != 'only ESP SAs lost, on' ] || check "IPv6: told" v6_flow 'sent over the IKE SA'
		[ "$what" = 'killed, on' ] || check "IPv6: logged" router_shows east 'show logging' \
			'RECV_PKT_INV_SPI.*destaddr=2001:DB8::2, prot=50, .*srcaddr=2001:DB8::1$'
		say "IPv6, $what: $(tshark -nr "$tmp/row.pcap" -Y 'isakmp && ipv6.src == 2001:db8::2' 2>/dev/null | wc -l) IKE messages of east"
	done
	lab_done
}

# Two labs at a time: most of it is waiting, for who is not healed and for DELETEs that nobody hears.
if [ $# = 0 ]; then
	side_by_side 'ikev1 ikev2_no_detection' 'flooded ikev2 nat_t ipv6_outside'
else
	for part; do
		"$part"
	done
fi
