# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# For tests that bring up a lab.  Each runs in a lab of its own name, so that
# tests and labs of users stand side by side.
#
#	. "$(dirname "$0")/lib.sh"
#	lab_begin dmvpn			copy etc/labs/dmvpn.yaml under a name of our own
#	lab_up				bring it up; what it started is ended at exit
#	on host1 ping -c 1 10.0.2.10	in a node's namespace
#	router hub 'show dmvpn'		at a router's shell
#	wait_until 10 'what' COMMAND...	until COMMAND succeeds; fails after 10 s
#	check 'what' COMMAND...		must succeed now
#	fail 'what'; skip 'why'
#
# Exit status: 0 passed, 1 failed, 77 cannot run here (the last line says why).
# CULVERT_BIN says where culvert and culvert-lab are; TEST_LOG where logs go.

set -u
export PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin" LC_ALL=C
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CULVERT_BIN=${CULVERT_BIN:-$top/build/test/inst/bin}
tmp=$(mktemp -d "${TMPDIR:-/var/tmp}/culvert-test.XXXXXX")
TEST_LOG=${TEST_LOG:-$tmp/log}
LAB= LABFILE= ns= checks=0
mkdir -p "$TEST_LOG"

say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*"; exit 1; }
skip() { say "$*"; exit 77; }

need() {
	local c
	[ "$(id -u)" = 0 ] || skip "needs root"
	[ -c /dev/net/tun ] || skip "needs /dev/net/tun"
	for c; do
		command -v "$c" >/dev/null || skip "needs $c"
	done
	[ -x "$CULVERT_BIN/culvert-lab" ] || fail "no culvert-lab in $CULVERT_BIN: run ./runtests"
}

check() {
	local what=$1
	shift
	checks=$((checks + 1))
	if "$@"; then
		say "ok: $what"
	else
		fail "$what"
	fi
}

# wait_until SECONDS WHAT COMMAND...: looks every 50 ms.
wait_until() {
	local seconds=$1 what=$2 end
	shift 2
	end=$(($(date +%s%N) + seconds * 1000000000))
	until "$@"; do
		[ "$(date +%s%N)" -lt $end ] || fail "$what: not within $seconds s"
		sleep 0.05
	done
	checks=$((checks + 1))
	say "ok: $what"
}

# --- the lab ---

lab_begin() {
	LAB=$1-t$$
	LABFILE=$tmp/$LAB.yaml
	RUN=/run/culvert/$LAB
	sed "s|config: $1/|config: $LAB/|" "$top/etc/labs/$1.yaml" >"$LABFILE"
	[ ! -d "$top/etc/labs/$1" ] || cp -r "$top/etc/labs/$1" "$tmp/$LAB"
}

lab() {
	local verb=$1
	shift
	"$CULVERT_BIN/culvert-lab" "$verb" "$LABFILE" "$@"
}

lab_up() { lab up || fail "culvert-lab up"; }

on() {
	local node=$1
	shift
	ip netns exec "$LAB-$node" "$@"
}

# router NODE COMMAND...: prints what the shell prints.
router() {
	local node=$1 c
	local -a args=()
	shift
	for c; do
		args+=(-c "$c")
	done
	timeout 20 "$CULVERT_BIN/culvert" -r "$RUN/$node" "${args[@]}"
}

router_shows() { router "$1" "$2" 2>/dev/null | grep -Eq "$3"; }

not() { ! "$@"; }

# The SPIs at a router of both directions, sorted.
spis() { router "$1" 'show crypto ipsec sa' 2>/dev/null | grep -oE 'spi: 0x[0-9A-Fa-f]+' | sort -u; }
other_spis() { local now; now=$(spis "$1"); [ -n "$now" ] && [ "$now" != "$2" ]; }

node_pids() { ip netns pids "$LAB-$1" 2>/dev/null; }

# daemon_pid NODE control|iked|nhrpd|espd
daemon_pid() {
	local pid comm
	for pid in $(node_pids "$1"); do
		comm=$(cat "/proc/$pid/comm" 2>/dev/null)
		case $2 in
		control) [ "$comm" = culvertd ] && [ "$pid" != "$(cat "$RUN/$1/lab.pid")" ] ;;
		*) [ "$comm" = "culvert-$2" ] ;;
		esac && say "$pid" && return
	done
	return 1
}

# What all processes of a node have in memory, in KB.
resident_kb() {
	local pid sum=0
	for pid in $(node_pids "$1"); do
		sum=$((sum + $(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")))
	done
	say $sum
}

log_lines() { wc -l <"$RUN/$1/culvertd.log"; }

# Keeps the routers' logs, ends the lab, and looks for what sanitizers said.
lab_end() {
	local node pid
	for node in "$RUN"/*/; do
		[ -s "$node/lab.pid" ] && kill -TERM "$(cat "$node/lab.pid")" 2>/dev/null
	done
	for node in "$RUN"/*/; do
		node=$(basename "$node")
		for _ in $(seq 60); do
			pid=$(cat "$RUN/$node/lab.pid" 2>/dev/null) || break
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.05
		done
		[ ! -f "$RUN/$node/culvertd.log" ] ||
			cp "$RUN/$node/culvertd.log" "$TEST_LOG/$LAB-$node.log"
	done
	lab down
	! grep -E 'ERROR: (Address|Leak)Sanitizer|runtime error:|SUMMARY: .*Sanitizer' \
		"$TEST_LOG/$LAB"-*.log 2>/dev/null
}

# What a lab leaves behind: nothing.
lab_gone() {
	[ ! -e "$RUN" ] && ! ip netns list | grep -q "^$LAB-"
}

# A test's own to end what it made besides the lab.
on_exit() { :; }

cleanup() {
	local rc=$? p
	trap - EXIT
	on_exit
	[ -z "$ns" ] || alone_end
	for p in $(jobs -p); do
		kill "$p" 2>/dev/null
	done
	if [ -n "$LAB" ] && [ -d "$RUN" ]; then
		if [ $rc -ne 0 ] && [ $rc -ne 77 ]; then
			lab_tell
		fi
		lab_end >"$TEST_LOG/$LAB-down.log" 2>&1 || { [ $rc -ne 0 ] || rc=1; cat "$TEST_LOG/$LAB-down.log"; }
	fi
	rm -rf "$tmp"
	[ $rc -ne 0 ] || say "$checks checks"
	exit $rc
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# For who reads why it failed.
lab_tell() {
	local node
	for node in "$RUN"/*/; do
		[ -f "$node/culvertd.log" ] || continue
		say "--- $(basename "$node")"
		router "$(basename "$node")" 'show dmvpn' 'show crypto isakmp sa' 'show ip nhrp' 2>&1 | tail -40
		tail -15 "$node/culvertd.log"
	done
}

# --- the wire ---

# capture_start NAME [FILTER]: on the bridge of the transit node, into $tmp/NAME.pcap.
# May be called before the lab is up; returns when packets are being seen, or at
# once if the bridge is not there yet (the capture begins with the bridge).
capture_start() {
	local name=$1 filter=${2:-} early=
	ip netns list | grep -q "^$LAB-transit\b" || early=1
	(
		until ip -n "$LAB-transit" link show br0 >/dev/null 2>&1; do
			sleep 0.01
		done
		exec ip netns exec "$LAB-transit" tcpdump -Z root -i br0 -s 0 -B 8192 -U \
			--immediate-mode -w "$tmp/$name.pcap" $filter
	) 2>"$tmp/$name.err" &
	eval "capture_$name=$!"
	[ -n "$early" ] || capture_wait "$name"
}

capture_wait() { wait_until 10 "capture $1 runs" grep -q 'listening on' "$tmp/$1.err"; }

capture_stop() {
	local pid
	eval "pid=\$capture_$1"
	kill -INT "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	! grep -q '[1-9][0-9]* packets dropped by kernel' "$tmp/$1.err" || say "note: capture $1 lost packets"
}

# captured NAME FILTER: how many packets match.
captured() { tcpdump -nr "$tmp/$1.pcap" "$2" 2>/dev/null | wc -l; }

# IP on the wire that is neither ESP nor IKE nor UDP-encapsulated, nor the kernels' own
# talk with their links (IGMP, MLD, neighbour discovery).
CLEAR='(ip and not (proto 50 or udp port 500 or udp port 4500 or igmp)) or
	(ip6 and not (ip6 proto 50 or udp port 500 or udp port 4500 or ip6[6] = 0 or (icmp6 and ip6[40] >= 130)))'
IKE='udp port 500 or (udp port 4500 and udp[8:4] = 0)'

nothing_clear() {
	local n
	n=$(captured "$1" "$CLEAR")
	[ "$n" = 0 ] && return 0
	tcpdump -nr "$tmp/$1.pcap" -c 5 "$CLEAR" 2>/dev/null
	return 1
}

# --- pings ---

# ping_start NODE ADDRESS COUNT INTERVAL NAME; then ping_end NAME prints how many were lost.
ping_start() {
	: >"$tmp/$5.ping"	# before ping_end can read what an earlier one left there
	on "$1" ping -n -c "$3" -i "$4" -W 2 -p 63756c7665727421 "$2" >"$tmp/$5.ping" 2>&1 &
}

# Its last line is waited for, not the process: this may run in a subshell.
ping_end() {
	local tries=2400	# 7000 pings take 70 s
	until grep -qs 'packets transmitted.* time [0-9]*ms' "$tmp/$1.ping" || [ $((tries--)) -eq 0 ]; do
		sleep 0.05
	done
	cp "$tmp/$1.ping" "$TEST_LOG/" 2>/dev/null
	awk '/packets transmitted/ { print $1 - $4; found = 1 } END { if (!found) print "all" }' \
		"$tmp/$1.ping"
}

reaches() { on "$1" ping -n -c 1 -W 1 "$2" >/dev/null 2>&1; }

ping_replies() { [ "$(grep -cs 'bytes from' "$tmp/$1.ping")" -ge "$2" ]; }

# Replies' TTL says how many routers they went through: 62 two, 61 three.
ping_ttl() { on "$1" ping -n -c 1 -W 1 "$2" 2>/dev/null | grep -q "ttl=$3 "; }

# --- one router without a lab ---

# alone_begin NAME: a namespace $ns with nothing in it, and where culvertd is; gone at exit.
alone_begin() {
	ns=$1-t$$
	culvertd=$(dirname "$CULVERT_BIN")/sbin/culvertd
	ip netns add $ns || skip "cannot make a network namespace"
	ip -n $ns link set lo up
}
alone_start() { ip netns exec $ns timeout 20 "$culvertd" -c "$tmp/startup" -r "$tmp/run" "$@" 2>"$tmp/why"; }
alone_end() {
	local pid
	for pid in $(ip netns pids $ns 2>/dev/null); do
		kill -KILL "$pid"
	done
	ip netns del $ns 2>/dev/null
}
shell() { timeout 20 "$CULVERT_BIN/culvert" -r "$tmp/run" -c "$1"; }
# Without what says when it was made and how long it is.
running() { shell 'show running-config' | grep -v '^!\|^Current configuration\|^Building configuration'; }

# --- DMVPN ---

spoke_up() { router_shows hub 'show dmvpn' "${1//./\\.} +UP "; }
