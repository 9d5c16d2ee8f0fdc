# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What happens to every tunnel with strongSwan in the course of time, by either
# version of IKE and wherever charon runs.  The script has said
#	WIRE=esp|udp		how ESP goes
#	up [WHO]		from nothing to a tunnel that carries, initiated by WHO; sets $lines
# and may have another
#	paired			strongSwan has what it needs after a delete

paired() { swan_one_pair; }

# --- rekeys of the ESP SAs: under pings, of which none is lost ---

child_rekeyed_by_swan() {	# WHO
	local before
	up "$1"
	before=$(router_spis)
	ping_start "$PINGER" "$PEER_TARGET" 150 0.02 rekey
	check "strongSwan rekeys" swan --rekey --child tun >/dev/null
	wait_until 10 "the router has a new pair" new_spis "$before"
	check "no ping of 150 is lost" [ "$(ping_end rekey)" = 0 ]
	pings_both_ways
	wire_check $WIRE
}

# 3000 pings, in which 2560 kB are used up.
volume() { on "$PINGER" ping -n -q -c 3000 -i 0.002 -s 1200 -W 2 "$PEER_TARGET" >"$tmp/volume.ping" 2>&1; }

child_rekeyed_by_culvert() {	# WHO
	local before
	LIFE_KB=2560
	up "$1"
	before=$(router_spis)
	volume &
	wait_until 25 "the router has a new pair after 2560 kB" new_spis "$before"
	wait $!
	check "no ping of 3000 is lost" grep -q ' 3000 received' "$tmp/volume.ping"
	pings_both_ways
	wire_check $WIRE
}

# --- deletes: another pair comes by itself ---

deleted_by_swan() {	# --child tun | --ike peer
	local before
	up
	before=$(router_spis)
	check "strongSwan terminates $2" swan --terminate "$@" --timeout 5 >/dev/null
	wait_until 15 "the router has other SAs" all_new "$before"
	wait_until 10 "strongSwan too" swan_shows INSTALLED
	pings_both_ways
	wire_check $WIRE
}

deleted_by_culvert() {	# COMMAND [WHAT-STRONGSWAN-SAYS]
	local before
	up
	before=$(router_spis)
	router router "$1" >/dev/null
	wait_until 15 "the router has other SAs" all_new "$before"
	wait_until 10 "strongSwan has a pair" paired
	check "strongSwan was told" swan_said "${2:-received DELETE}" "$lines"
	pings_both_ways
	wire_check $WIRE
}

# --- silence and restarts ---

router_gave_up() { [ -z "$(comm -12 <(say "$1") <(router_spis))" ]; }
iked_is_new() { local now; now=$(daemon_pid $ROUTER iked) && [ "$now" != "$1" ]; }

# charon in a namespace stands still; the router is to notice within SECONDS.
swan_silent() {	# SECONDS
	local pid before
	up
	before=$(router_spis)
	pid=$(cat "$PEER_DIR/pid")
	kill -STOP "$pid"
	wait_until "$1" "the router gives the peer up" router_gave_up "$before"
	kill -CONT "$pid"
	wait_until 60 "the tunnel carries again" carries
	pings_both_ways
	wire_check $WIRE
}

swan_restarts() {
	local before
	up
	before=$(router_spis)
	swan_stop KILL
	swan_start
	lines=$(swan_lines)
	check "strongSwan initiates" swan_initiate
	wait_until 5 "what the router had before is gone" all_new "$before"
	check "strongSwan has one pair" swan_one_pair
	pings_both_ways
	wire_check $WIRE
}

# --- parts ---

# vti_parts "PART..." ARGUMENTS...: those parts, which are functions, in a lab.  Without any the
# script runs once with each of ARGUMENTS, so that a lab that waits stands beside one that works.
vti_parts() {
	local part parts=$1
	shift
	if [ -z "$parts" ]; then
		side_by_side "$@"
		return
	fi
	vti_begin
	for part in $parts; do
		"$part"
	done
	vti_end
}
