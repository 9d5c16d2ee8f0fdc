#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What is wrong is told in a sentence, and changes nothing: a port that is taken, a
# second start, files that cannot be read or understood.  A startup-config with
# unknown lines boots all the same, and each is logged with its number.
. "$(dirname "$0")/lib.sh"
need ip ping

refused() {	# WHAT SENTENCE ARGUMENTS...
	local what=$1 sentence=$2
	shift 2
	if alone_start "$@"; then
		fail "it starts: $what"
	fi
	checks=$((checks + 1))
	grep -Eq "$sentence" "$tmp/why" || fail "$what: it says: $(cat "$tmp/why")"
	wait_until 10 "refused: $what: $(tail -1 "$tmp/why" | cut -c-70)" no_process
}
no_process() { [ -z "$(ip netns pids $ns | grep -vx "${holder:-none}")" ]; }
hold() { ip netns exec $ns /usr/bin/python3 -c "
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', $1))
open('$tmp/held', 'w').close()
time.sleep(100)" & holder=$!; wait_until 5 "somebody has UDP port $1" test -e "$tmp/held"; rm "$tmp/held"; }
let_go() { kill $holder; wait $holder 2>/dev/null; holder=; }
shows() { shell "$1" | grep -Eq "$2"; }

alone_begin refusals
ip -n $ns link add eth0 type veth peer name eth1
printf 'hostname R1\ninterface GigabitEthernet0/0\n ip address 192.0.2.1 255.255.255.0\n' >"$tmp/startup"

for port in 500 4500; do
	hold $port
	refused "UDP port $port is taken" "port $port"
	let_go
done
if ip -n $ns xfrm policy add src 192.0.2.0/24 dst 198.51.100.0/24 dir out 2>/dev/null; then
	refused "the kernel has IPsec policies of its own" "ip xfrm"
	ip -n $ns xfrm policy flush
fi
check "an address was not left behind" [ -z "$(ip -n $ns -4 -o addr show dev eth0)" ]

# Whoever may write there could put a process of his own in a daemon's place.
mkdir -p "$tmp/run"
chmod 1777 "$tmp/run"
refused "a run directory that anybody may write to" "run directory $tmp/run: .*root"
chmod 700 "$tmp/run"
chown 65534 "$tmp/run"
refused "a run directory of somebody else's" "run directory $tmp/run: .*root"
chown 0 "$tmp/run"

cp "$tmp/startup" "$tmp/good"
rm "$tmp/startup"
mkdir "$tmp/startup"
refused "a startup-config that is a directory" "$tmp/startup"
rmdir "$tmp/startup"
cp "$tmp/good" "$tmp/startup"

printf 'interfaces:\n  GigabitEthernet0/0: [eth0\n' >"$tmp/yaml"
refused "culvert.yaml that is no YAML" "$tmp/yaml:[0-9]+: " -y "$tmp/yaml"
printf 'interfacez:\n  GigabitEthernet0/0: eth0\n' >"$tmp/yaml"
refused "culvert.yaml with an unknown word" "$tmp/yaml:1: .*interfacez" -y "$tmp/yaml"
refused "culvert.yaml that is not there" "$tmp/none" -y "$tmp/none"

cat >"$tmp/startup" <<'CONFIG'
hostname R1
service timestamps log datetime msec
frobnicate the network
logging buffered 65536 debugging
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 colour blue
interface GigabitEthernet0/1
 ip address 192.0.2.129 255.255.255.128
ip route 10.0.0.0 255.0.0.0 192.0.2.254
CONFIG
check "it boots with lines that it does not know" alone_start
for line in 3 7; do
	check "line $line is told by show startup-config errors" shows 'show startup-config errors' "^$line: "
	check "and logged with its number" shows 'show logging' "(line |:)$line\b"
done
check "an address that overlaps another's is refused" shows 'show startup-config errors' '^9: .*overlap'
check "what came after is there" shows 'show running-config' '^ip route 10\.0\.0\.0 255\.0\.0\.0 192\.0\.2\.254'
if alone_start; then
	fail "a second culvertd starts in the same run directory"
fi
check "a second start is refused with the reason" grep -q "another culvertd" "$tmp/why"
check "the first one still answers" shows 'show version' .
kill "$(head -1 "$tmp/run/culvertd.lock")"
wait_until 10 "it ends" no_process

# Labs.
labfile=$tmp/refl-t$$.yaml
up_says() {	# WHAT SENTENCE
	if "$CULVERT_BIN/culvert-lab" up "$labfile" >"$tmp/why" 2>&1; then
		"$CULVERT_BIN/culvert-lab" down "$labfile"
		fail "it comes up: $1"
	fi
	grep -Eq "$2" "$tmp/why" || fail "$1: it says: $(cat "$tmp/why")"
	checks=$((checks + 1))
	say "ok: $1: $(grep -Em1 "$2" "$tmp/why" | sed "s|$tmp/||g" | cut -c-90)"
	"$CULVERT_BIN/culvert-lab" down "$labfile" >/dev/null 2>&1
	[ -z "$(ip netns list | grep "^refl-t$$-")" ] || fail "$1: something is left"
}
cp "$tmp/good" "$tmp/r.cfg"
printf 'nodes:\n  r: {type: router, config: r.cfg, interfaces: {GigabitEthernet0/0: x}}\n  h: {type: host, link: x, address: 192.0.2.1/33}\n' >"$labfile"
up_says "an address that is none" ":3: "
printf 'nodes:\n  r: {type: router, config: r.cfg, interfaces: {FooBar0/0: x}}\n  h: {type: host, link: x, address: 192.0.2.2/24}\n' >"$labfile"
up_says "an unknown interface" ":2: .*FooBar0/0"
printf 'nodes:\n  r: {type: rooter, config: r.cfg}\n' >"$labfile"
up_says "an unknown type" ":2: "
printf 'nodes:\n  a: {type: host, link: x, address: 192.0.2.2/24}\n  b: {type: host, link: x, address: 192.0.2.2/24}\n' >"$labfile"
up_says "the same address twice" ":3: .*192\.0\.2\.2"
printf 'nodes:\n  r: {type: router, config: r.cfg, interfaces: {GigabitEthernet0/0: x}}\n  h: {type: host, link: x, address: 192.0.2.2/24}\n' >"$labfile"
ip netns add "refl-t$$-h"
"$CULVERT_BIN/culvert-lab" up "$labfile" >"$tmp/why" 2>&1 && fail "it comes up over a namespace of somebody else's"
check "a namespace that is taken is told with its node" grep -Eq "^h |node h|refl-t$$-h" "$tmp/why"
say "    $(grep -m1 -E "^h |refl-t$$-h" "$tmp/why")"
"$CULVERT_BIN/culvert-lab" down "$labfile" >/dev/null 2>&1
ip netns del "refl-t$$-h" 2>/dev/null
check "the rest is gone" [ -z "$(ip netns list | grep "^refl-t$$-")" ]
