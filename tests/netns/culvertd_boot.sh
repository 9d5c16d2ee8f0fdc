#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# culvertd alone, with stand-ins for its daemons: it boots a startup-config into a
# namespace, applies lines as they are typed, survives the death of each of its
# processes without touching address or route, hands a tunnel's descriptor to the
# next espd, refuses what it cannot do with a reason, and leaves nothing behind.
set -u
export PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin" LC_ALL=C
build=${CULVERT_BUILD:-$PWD}
ns=culvertd_boot_$$
tmp=$(mktemp -d "${TMPDIR:-/var/tmp}/culvertd-test.XXXXXX")
rundir=$tmp/run

say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*"; sed 's/^/    /' "$tmp/log" 2>/dev/null | tail -30; exit 1; }
skip() { say "$*"; exit 77; }

clean() {
	for pid in $(ip netns pids "$ns" 2>/dev/null); do
		kill -9 "$pid"
	done
	ip netns del "$ns" 2>/dev/null
	rm -rf "$tmp"
}

[ "$(id -u)" = 0 ] || skip "needs root"
[ -c /dev/net/tun ] || skip "needs /dev/net/tun"
command -v ip >/dev/null || skip "needs ip"
ip netns add "$ns" || skip "cannot make a network namespace"
trap clean EXIT

fake=$build/tests/netns/culvertd_fake
mkdir -p "$tmp/libexec"
for d in espd iked nhrpd; do
	ln -s "$fake" "$tmp/libexec/culvert-$d"
done
export CULVERT_LIBEXECDIR=$tmp/libexec
ip -n "$ns" link set lo up
ip -n "$ns" link add eth0 type veth peer name eth1
ip -n "$ns" addr add 192.0.2.9/32 dev eth1	# somebody else's: must stay

cat >"$tmp/startup" <<'CONFIG'
hostname R1
interface Loopback0
 ip address 192.168.1.1 255.255.255.255
interface Tunnel0
 ip address 172.16.0.1 255.255.255.0
 tunnel source GigabitEthernet0/0
 tunnel mode gre multipoint
interface GigabitEthernet0/0
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/1
 ip address 10.0.1.1 255.255.255.0
interface GigabitEthernet0/7
 ip address 10.0.7.1 255.255.255.0
frobnicate
ip route 0.0.0.0 0.0.0.0 10.0.0.254
ip route 10.7.0.0 255.255.0.0 172.16.0.2
ip route 10.8.0.0 255.255.0.0 10.7.0.1
CONFIG

culvertd() { ip netns exec "$ns" "$build/daemons/culvertd/culvertd" -c "$tmp/startup" -r "$rundir" "$@" >>"$tmp/log" 2>&1; }
shell() { "$fake" "$rundir" "$@"; }
check() { what=$1; shift; "$@" || fail "$what"; say "ok: $what"; }
not() { ! "$@"; }
wait_until() {
	what=$1; shift
	for _ in $(seq 200); do
		"$@" && return
		sleep 0.05
	done
	fail "$what: not within 10 s"
}
show() { shell "show $1" 2>/dev/null; }
LOGGING=4 PROCESSES=5 ERRORS=3 INTERFACES=6 ROUTES=7 RUNNING=1
pid_of() { show $PROCESSES | awk -v n="$1" '$1 == n { print $2 }'; }
restarted() { now=$(pid_of "$1"); [ -n "$now" ] && [ "$now" != 0 ] && [ "$now" != "$2" ]; }
kernel() {
	ip -n "$ns" -o -4 addr show | awk '{ print $2, $4 }'
	ip -n "$ns" route show
	ip netns exec "$ns" cat /proc/sys/net/ipv4/ip_forward
}
has_route() { ip -n "$ns" route show | grep -q "^$1"; }
has_addr() { ip -n "$ns" -4 addr show dev "$1" | grep -q "inet $2 "; }
shows() { show "$1" | grep -q -- "$2"; }
heard() { wc -l <"$rundir/$1.heard"; }
no_process() { [ -z "$(ip netns pids "$ns")" ]; }
gone() { [ ! -e "$rundir/culvertd.lock" ]; }

before=$(kernel)
check "it says which version it is" grep -qx 'culvertd [0-9.]*' <("$build/daemons/culvertd/culvertd" -V)
check "it starts, and says so when it is up" culvertd
check "addresses" has_addr eth0 10.0.0.1/24
check "a loopback" has_addr Loopback0 192.168.1.1/32
check "the tunnel's address, on the device that espd made" has_addr Tunnel0 172.16.0.1/24
check "a route by a gateway" has_route 'default via 10.0.0.254 dev eth0'
check "a route through a route" has_route '10.8.0.0/16 via 172.16.0.2 dev Tunnel0'
check "forwarding is on" grep -q 1 <(ip netns exec "$ns" cat /proc/sys/net/ipv4/ip_forward)
check "the refused line is kept with its number" shows $ERRORS '^14: '
check "so is the interface without a NIC" shows $ERRORS '^12: there is no NIC for GigabitEthernet0/7'
check "a second start is refused" not culvertd -f
check "and says why" grep -q "another culvertd runs with run directory $rundir" "$tmp/log"

espd=$(heard espd) iked=$(heard iked)
check "a line takes effect at once" shell 'configure terminal' 'ip route 10.20.0.0 255.255.0.0 10.0.0.9' \
    'interface GigabitEthernet0/1' 'ip address 10.0.2.1 255.255.255.0' 'end'
check "in the kernel" has_route '10.20.0.0/16 via 10.0.0.9 dev eth0'
check "an address is replaced" has_addr eth1 10.0.2.1/24
check "by the new one alone" not has_addr eth1 10.0.1.1/24
check "somebody else's stays" has_addr eth1 192.0.2.9/32
check "daemons that it does not concern hear nothing" [ "$(heard espd) $(heard iked)" = "$espd $iked" ]
check "an interface without a NIC is refused" not shell 'configure terminal' 'interface Gi0/9' >/dev/null
check "ping" grep -q '^Success rate is 100 percent (2/2)' <(shell 'ping 10.0.0.1 repeat 2')
check "write memory" shell 'write memory' >/dev/null
check "into a file for root alone" [ "$(stat -c %a "$tmp/startup")" = 600 ]
check "with what was typed" grep -q '^ip route 10.20.0.0 255.255.0.0 10.0.0.9$' "$tmp/startup"

during=$(kernel)
shell 'configure terminal' 'hostname R2' 'end'
ip -n "$ns" -4 monitor address route >"$tmp/events" & watcher=$!
sleep 0.2	# the watcher's socket has no sign of being there
for p in control iked nhrpd espd; do
	old=$(pid_of $p)
	kill -9 "$old"
	wait_until "$p is started again" restarted $p "$old"
	say "ok: $p is started again"
done
wait_until "espd is told everything again" grep -q '^start .*restarts=1 held=1' "$rundir/espd.heard"
check "the running-config survives" shows $RUNNING '^hostname R2'
check "the log survives" shows $LOGGING 'SYS-5-RESTART'
check "and says what happened" shows $LOGGING 'SYS-5-PROCESS_START: control was started again'
check "the kernel is as it was" [ "$(kernel)" = "$during" ]
kill $watcher
check "no address and no route moved" [ ! -s "$tmp/events" ]

monitor=$(head -1 "$rundir/culvertd.lock")
pids=$(pid_of control; pid_of espd)
kill -HUP "$monitor" $pids
check "SIGHUP ends nothing" [ "$(pid_of control; pid_of espd)" = "$pids" ]
check "not the monitor either" kill -0 "$monitor"

old=$(pid_of monitor) espd=$(pid_of espd)
kill -9 "$old"
check "after the monitor's death a new start takes over" culvertd
check "the same processes" [ "$(pid_of espd)" = "$espd" ]
kill -9 "$espd"
wait_until "the new monitor starts espd again" restarted espd "$espd"
wait_until "and hands over what the old one held" grep -q "^start pid=$(pid_of espd) .*held=1" "$rundir/espd.heard"
say "ok: the new monitor starts espd again, with what the old one held"

control=$(pid_of control)
shell 'reload'
wait_until "reload boots again" restarted control "$control"
wait_until "from the startup-config" shows $RUNNING '^hostname R1'
say "ok: reload boots the startup-config"
kill "$(head -1 "$rundir/culvertd.lock")"
wait_until "SIGTERM ends it" gone
wait_until "no process is left" no_process
check "no socket is left" [ -z "$(find "$rundir" -type s)" ]
check "the kernel is as it was before" [ "$(kernel)" = "$before" ]

check "a daemon that refuses to run ends the start" not env FAKE_REFUSES=1 ip netns exec "$ns" \
    "$build/daemons/culvertd/culvertd" -c "$tmp/startup" -r "$rundir" 2>"$tmp/why"
check "with its reason" grep -q 'espd: UDP port 4500 is taken' "$tmp/why"
printf 'interfaces:\n  Gi0/0: eth9\n' >"$tmp/yaml"
: >"$tmp/log"
check "an unknown NIC in culvert.yaml too" not culvertd -y "$tmp/yaml"
check "with file and line" grep -q "$tmp/yaml:2: there is no network interface eth9 here" "$tmp/log"
wait_until "no process is left" no_process
find "$rundir" -type s -ls >>"$tmp/log"
check "nothing is left of it" [ -z "$(find "$rundir" -type s)" ]
