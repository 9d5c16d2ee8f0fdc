# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# For tests that bring up a lab.  Each runs in a lab of its own name, so that
# tests and labs of users stand side by side.
#
#	. "$(dirname "$0")/lib.sh"
#	lab_begin dmvpn			copy etc/labs/dmvpn.yaml under a name of our own;
#					`lab_begin dmvpn udp`: with ESP in UDP where that is the default
#	lab_up				bring it up; what it started is ended at exit
#	on host1 ping -c 1 10.0.2.10	in a node's namespace
#	router hub 'show dmvpn'		at a router's shell
#	wait_until 10 'what' COMMAND...	until COMMAND succeeds; fails after 10 s
#	check 'what' COMMAND...		must succeed now
#	side_by_side ARGUMENTS...	the script once with each of these, at the same time
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

# side_by_side ARGUMENTS...: this script once with each of these (words), at the same time and in
# labs of their own, where most of the time is waiting.  What it says each time comes as a whole.
side_by_side() {
	local i failed=
	local -a pid
	for i in $(seq $#); do
		# shellcheck disable=SC2086
		TEST_LOG=$TEST_LOG/$i "$0" ${!i} >"$tmp/$i.out" 2>&1 &
		pid[i]=$!
	done
	for i in $(seq $#); do
		wait "${pid[i]}" || failed="$failed, ${!i}"
		say "=== ${!i}"
		cat "$tmp/$i.out"
		checks=$((checks + $(grep -c '^ok: ' "$tmp/$i.out")))
	done
	[ -z "$failed" ] || fail "${failed#, }"
}

# --- the lab ---

lab_begin() {
	LAB=$1-t$$
	LABFILE=$tmp/$LAB.yaml
	RUN=/run/culvert/$LAB
	sed "s|config: $1/|config: $LAB/|" "$top/etc/labs/$1.yaml" >"$LABFILE"
	[ ! -d "$top/etc/labs/$1" ] || cp -r "$top/etc/labs/$1" "$tmp/$LAB"
	# Raw ESP, as other routers speak it; what is in UDP by default has a test of its own.
	[ "${2:-}" = udp ] || [ ! -d "$tmp/$LAB" ] ||
		sed -i '1i no crypto ipsec nat-transparency udp-encapsulation force' "$tmp/$LAB"/*.cfg
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

# lab_kill NODE: its router loses its power, and with it all but its disk, and boots again.
lab_kill() {
	local pid
	for pid in $(node_pids "$1"); do
		kill -KILL "$pid" 2>/dev/null
	done
	wait_until 20 "nothing is left of $1" lab_killed "$1"
	lab up >/dev/null || fail "culvert-lab up"
}

# A process that ends leaves its namespace before it lets go of the lock.
lab_killed() { [ -z "$(node_pids "$1")" ] && flock -n "$RUN/$1/culvertd.lock" true; }

# Before lab_up: the tunnels and crypto maps of the lab use IKEv2, with the same key.
lab_ike_v2() {
	sed -i 's/^crypto isakmp key .*/&\ncrypto ikev2 keyring KEYS\n peer any\n  address 0.0.0.0 0.0.0.0\n  pre-shared-key Under-the-road\n!\ncrypto ikev2 profile V2\n match identity remote any\n authentication remote pre-share\n authentication local pre-share\n keyring local KEYS\n!/
		s/^crypto ipsec profile .*/&\n set ikev2-profile V2/
		s/^ match address .*/&\n set ikev2-profile V2/' "$tmp/$LAB"/*.cfg
}

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

# What a node's kernel dropped because nobody took it in time, "WHERE PACKETS" a line:
# queues of devices to a process, sockets. Processors' backlogs are the machine's.
overruns() {	# NODE
	on "$1" ip -s link | awk '
		/^[0-9]+: / { dev = $2; sub(/[:@].*/, "", dev) }
		/^ +(RX|TX):/ { way = tolower($1); getline; if ($4 != 0) print dev "." way, $4 }'
	on "$1" awk '/^Udp: [0-9]/ && $6 != 0 { print "udp.sockets", $6 }' /proc/net/snmp
	on "$1" awk 'FNR > 1 && $NF != 0 { print "raw.socket", $NF }' /proc/net/raw
	while read -r _ dropped _; do
		[ $((0x$dropped)) = 0 ] || say "backlog $((0x$dropped))"
	done </proc/net/softnet_stat
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

# --- a CA ---

# ca_begin: in $tmp, which becomes the current folder: ca.key, ca.pem, and ca.conf for revocations.
ca_begin() {
	cd "$tmp" || fail "no $tmp"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj "/O=Example/CN=Test CA" \
		-days 30 2>/dev/null || fail "the CA cannot be made"
	cat >ca.conf <<-CONF
		[ca]
		default_ca = ours
		[ours]
		database = $tmp/index
		default_md = sha256
		default_crl_days = 7
		crlnumber = $tmp/number
	CONF
	touch index
	echo 01 >number
}
ca_crl() { openssl ca -config ca.conf -gencrl -keyfile ca.key -cert ca.pem -out crl.pem 2>/dev/null; }

# --- DMVPN ---

spoke_up() { router_shows hub 'show dmvpn' "${1//./\\.} +UP "; }
