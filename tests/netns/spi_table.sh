#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Who is healed of an unknown SPI, by what: every kind of peer at once (etc/labs/invalid-spi.yaml),
# `center` loses its SAs and each peer goes on encrypting.
. "$(dirname "$0")/lib.sh"
need ip ping nft tshark

PEERS=(cmap dyn gre vti smap spoke nhs)

net_of() { local i; for i in "${!PEERS[@]}"; do [ "${PEERS[i]}" != "$1" ] || echo $((i + 1)); done; }
address_of() { echo "203.0.113.$((10 + $(net_of "$1")))"; }
reaches() { on "$1" ping -n -c 1 -W 0.3 -I "10.$(net_of "$1").0.1" 10.0.0.1 >/dev/null 2>&1; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
center_does() { "$CULVERT_BIN/culvert" -r "$RUN/center" <<<"$1" >/dev/null; }

# --- faults ---

# Nobody hears IKE, so nobody is told of what is cleared.
silence() {
	local n
	for n in center "${PEERS[@]}"; do
		on "$n" nft 'add table inet silence; add chain inet silence in { type filter hook input priority -400; };
			add rule inet silence in udp dport { 500, 4500 } drop'
	done
}

silence_over() {
	local n
	for n in center "${PEERS[@]}"; do
		on "$n" nft delete table inet silence
	done
}

forget() {	# COMMAND...
	silence
	router center "$@" >/dev/null
	silence_over
}

kill_center() {
	local pid
	for pid in $(node_pids center); do
		kill -KILL "$pid" 2>/dev/null
	done
	lab up >/dev/null
}

# --- what happens then ---

decision() {	# PEER: the flow's record
	router center "show crypto isakmp invalid-spi" 2>/dev/null |
		awk -v from="from $(address_of "$1")" 'index($0, from) { mine = 1 }
			mine && /decision:/ { sub(/.*decision: /, ""); last = $0; mine = 0 } END { print last }'
}

log_lines() { router center 'show logging' 2>/dev/null | grep -c "INV_SPI.*srcaddr=$(address_of "$1")"; }

everybody_reaches() {
	local n
	for n in "${PEERS[@]}"; do
		wait_until 20 "$n reaches center" reaches "$n"
	done
}

watch_one() {	# PEER: ms until the first answer, or "never"
	local t0 end
	t0=$(now_ms)
	end=$((t0 + ${2:-6000}))
	while [ "$(now_ms)" -lt $end ]; do
		if reaches "$1"; then
			echo $(($(now_ms) - t0)) >"$tmp/healed.$1"
			return
		fi
		sleep 0.1
	done
	echo never >"$tmp/healed.$1"
}

watch_all() {
	local n pids=()
	for n in "${PEERS[@]}"; do
		watch_one "$n" &
		pids+=($!)
	done
	wait "${pids[@]}"
}

try() {
	local n
	say "=== $1"
	router center 'clear logging' >/dev/null
	capture_start ike 'udp port 500'
	"${@:2}"
	watch_all
	capture_stop ike
	for n in "${PEERS[@]}"; do
		say "$n: $(cat "$tmp/healed.$n") lines $(log_lines "$n") decision: $(decision "$n") main: $(captured ike "src host 203.0.113.1 and dst host $(address_of "$n") and udp[26] = 2") quick $(captured ike "src host 203.0.113.1 and dst host $(address_of "$n") and udp[26] = 32") info $(captured ike "src host 203.0.113.1 and dst host $(address_of "$n") and udp[26] = 5")"
	done
	for n in "${PEERS[@]}"; do
		reaches "$n" || router "$n" 'clear crypto session' >/dev/null
	done
	everybody_reaches >/dev/null
	sleep ${SETTLE:-12}
}

lab_begin invalid-spi
lab_up
everybody_reaches
sleep 12
try "on, no IKE SA" forget 'clear crypto isakmp' 'clear crypto sa'
try "on, IKE SA" forget 'clear crypto sa'
try "on, killed" kill_center
center_does $'conf t\nno crypto isakmp invalid-spi-recovery\nend'
try "off, no IKE SA" forget 'clear crypto isakmp' 'clear crypto sa'
try "off, IKE SA" forget 'clear crypto sa'
sed -i /invalid-spi-recovery/d "$tmp/$LAB/center.cfg"
try "off, killed" kill_center
check "the lab goes down and no sanitizer spoke" lab_end
