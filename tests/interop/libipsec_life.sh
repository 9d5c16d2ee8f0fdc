#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A static VTI against strongSwan (kernel-libipsec), over time: rekeys under
# traffic, deletes, dead peers, restarts.
# ROWS='regular expression' runs some of the rows; rekeys, ends, lifetimes as arguments, those.
. "$(dirname "$0")/vti.sh"
. "$(dirname "$0")/rows.sh"
WIRE=udp

# --- rekeys ---

ike_rekeyed_by_swan() {
	up "$1"
	ping_start router "$PEER_TARGET" 250 0.02 rekey
	check "strongSwan authenticates anew" swan --rekey --ike peer >/dev/null
	wait_until 10 "a second main mode is done" swan_two
	check "no ping of 250 is lost" [ "$(ping_end rekey)" = 0 ]
	wait_until 10 "one ISAKMP SA is left at strongSwan" swan_one
	check "and rekeying the child over it works" swan --rekey --child tun >/dev/null
	pings_both_ways
	wire_check udp
}
swan_two() { [ "$(tail -n "+$lines" "$PEER_DIR/charon.log" | grep -c 'IKE_SA peer\[[0-9]*\] established')" -ge 2 ]; }

ike_rekeyed_by_culvert() {
	IKE_LIFE=60
	up "$1"
	ping_start router "$PEER_TARGET" 1250 0.05 rekey
	check "there was one main mode" not swan_two
	wait_until 70 "a second main mode is done" swan_two
	check "no ping of 1250 is lost" [ "$(ping_end rekey)" = 0 ]
	pings_both_ways
	wire_check udp
}

# --- deletes, silence, restarts ---

ike_deleted_by_culvert() {
	up
	router router 'clear crypto isakmp' >/dev/null
	wait_until 10 "strongSwan was told" swan_said 'received DELETE for IKE_SA' "$lines"
	wait_until 15 "the tunnel carries again" carries
	pings_both_ways
	wire_check udp
}

swan_falls_silent() {
	KEEPALIVE='crypto isakmp keepalive 10 2 periodic'
	swan_silent 45
}

culvert_silent() {
	local pid
	KEEPALIVE='crypto isakmp keepalive 10 2 periodic'
	CONN_EXTRA='dpd_delay = 1s
	    dpd_timeout = 4s'
	up
	pid=$(daemon_pid router iked)
	kill -STOP "$pid"
	wait_until 15 "strongSwan gives the router up" swan_empty
	kill -CONT "$pid"
	wait_until 60 "the tunnel carries again" carries
	wait_until 5 "and is steady" swan_one
	pings_both_ways
	wire_check udp
}

iked_restarts() {
	local before old
	up
	before=$(router_spis)
	old=$(daemon_pid router iked)
	ping_start router "$PEER_TARGET" 150 0.02 restart
	kill -KILL "$old"
	wait_until 5 "iked is back" iked_is_new "$old"
	check "no ping of 150 is lost" [ "$(ping_end restart)" = 0 ]
	check "its SAs are those of before" [ "$(router_spis)" = "$before" ]
	check "it still has the ISAKMP SA" router_shows router 'show crypto isakmp sa' QM_IDLE
	check "strongSwan rekeys over it" swan --rekey --child tun >/dev/null
	wait_until 10 "the router has a new pair" new_spis "$before"
	pings_both_ways
	wire_check udp
}
# Power off: nobody is told.  Then a boot from the same configuration.
router_reboots() {
	local before pids p
	up
	router router 'write memory' >/dev/null
	pids=$(node_pids router)
	# shellcheck disable=SC2086
	kill -KILL $pids
	for p in $pids; do
		while [ -d "/proc/$p" ] && ! grep -q '^State:	Z' "/proc/$p/status" 2>/dev/null; do sleep 0.02; done
	done
	lines=$(swan_lines)
	router_boot
	wait_until 30 "the tunnel carries again" carries
	check "the router said INITIAL-CONTACT" swan_said 'INITIAL_CONTACT|N\(INITIAL' "$lines"
	wait_until 5 "strongSwan has one pair" swan_one_pair
	pings_both_ways
	wire_check udp
}

router_boot() {
	setsid ip netns exec "$LAB-router" "$CULVERT_BIN/../sbin/culvertd" -f -c "$RUN/router/startup-config" \
		-y "$RUN/router/culvert.yaml" -r "$RUN/router" </dev/null >>"$RUN/router/culvertd.log" 2>&1 &
	echo $! >"$RUN/router/lab.pid"
	wait_until 20 "the router boots" router_shows router 'show version' culvert
}

# --- the rows ---

rekeys() {
	local who
	for who in culvert strongswan; do
		row "$who initiated: strongSwan rekeys the ESP SAs" child_rekeyed_by_swan $who
		row "$who initiated: culvert rekeys the ESP SAs (2560 kB)" child_rekeyed_by_culvert $who
		row "$who initiated: strongSwan rekeys the ISAKMP SA" ike_rekeyed_by_swan $who
	done
}

ends() {
	row "strongSwan deletes the ESP SAs" deleted_by_swan --child tun
	row "strongSwan deletes the ISAKMP SA" deleted_by_swan --ike peer
	row "clear crypto sa" deleted_by_culvert 'clear crypto sa'
	row "clear crypto session" deleted_by_culvert 'clear crypto session'
	row "clear crypto isakmp" ike_deleted_by_culvert
	row "strongSwan falls silent" swan_falls_silent
	row "culvert-iked falls silent" culvert_silent
	row "strongSwan restarts without a word (INITIAL-CONTACT)" swan_restarts
	row "culvert-iked restarts" iked_restarts
	row "the router loses power and boots (INITIAL-CONTACT)" router_reboots
}

# Two minutes, in which little is sent.
lifetimes() {
	local who
	for who in culvert strongswan; do
		row "$who initiated: culvert rekeys the ISAKMP SA (60 s)" ike_rekeyed_by_culvert $who
	done
}

vti_parts "$*" 'rekeys ends' lifetimes
