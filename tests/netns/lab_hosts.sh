#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# culvert-lab by itself, without routers: hosts, bridges, a NAT box; two labs
# at once; what a crash leaves; what is said of a wrong file.
. "$(dirname "$0")/lib.sh"
need ip ping nft

LAB=labh-t$$ LABFILE=$tmp/labh-t$$.yaml RUN=/run/culvert/labh-t$$
cat >"$LABFILE" <<'YAML'
nodes:
  home:
    type: nat
    inside: {link: lan, address: 192.168.1.1/24}
    outside: {link: wan-home, address: 203.0.113.30/24}
  a: {type: host, link: lan-a, address: 192.168.1.10/24, gateway: 192.168.1.1}
  b: {type: host, link: lan-b, address: 192.168.1.11/24, gateway: 192.168.1.1}
  switch: {type: transit, links: [lan, lan-a, lan-b]}
  server: {type: host, link: wan-server, address: 203.0.113.1/24}
  isp: {type: transit, links: [wan-home, wan-server]}
YAML
twin=$tmp/labi-t$$.yaml
cp "$LABFILE" "$twin"
twin_lab() { "$CULVERT_BIN/culvert-lab" "$1" "$twin"; }
pings() { on "$1" ping -n -c 1 -W 1 "$2" >/dev/null 2>&1; }
not() { ! "$@"; }
says() { local want=$1; shift; "$@" 2>&1 | grep -q "$want"; }
macs() { on "$1" ip -o link | grep -o 'ether [^ ]*'; }

check "status says that it is not up" not lab status
lab_up
check "status says that it is up" lab status
check "up again says so" says 'already up' lab up
check "a reaches b over the bridge" pings a 192.168.1.11
check "a reaches the server through the NAT box" pings a 203.0.113.1
check "the server reaches nobody behind it" not pings server 192.168.1.10
check "exec runs a command there" says 203.0.113.1/24 lab exec server -- ip -br address
check "exec gives its exit status" not lab exec server -- false
check "exec of an unknown node is refused" says 'has no node nobody' lab exec nobody -- true
check "shell of a host is a shell" says 192.168.1.10 lab shell a -- -c 'ip -br address'

check "another lab comes up beside it" twin_lab up
check "a still reaches the server" pings a 203.0.113.1
check "and goes down again" twin_lab down
check "a is not touched by that" pings a 203.0.113.1

mac=$(macs a)
ip netns exec "$LAB-a" sleep 1000 &
sleeper=$!
check "down" lab down
check "nothing is left" lab_gone
check "what ran in there has ended" not kill -0 $sleeper
check "down again says that it is not up" says 'is not up' lab down
check "and is no success" not lab down

lab_up >/dev/null
check "MAC addresses are the same each time" [ "$(macs a)" = "$mac" ]
lab down >/dev/null
"$CULVERT_BIN/culvert-lab" up "$LABFILE" >/dev/null &
victim=$!
until [ -d "$RUN/a" ]; do :; done
kill -KILL $victim 2>/dev/null
wait $victim 2>/dev/null
check "down after a killed up" lab down
check "leaves nothing" lab_gone

sed 's/link: lan-b/link: lan-c/' "$LABFILE" >"$twin"
check "a link with one end is told with its line" says "$(basename "$twin"):7: link lan-c has one end" twin_lab up
printf 'nodes:\n  a: {type: host\n' >"$twin"
check "malformed YAML is told with its line" says "$(basename "$twin"):3:" twin_lab up
printf 'nodes:\n  r: {type: router, config: none.cfg, interfaces: {gi0/0: x}}\n  h: {type: host, link: x, address: 10.0.0.1/24}\n' >"$twin"
check "a missing startup-config is told" says 'none.cfg, cannot be read' twin_lab up
check "and nothing was made" not ip netns exec "labi-t$$-h" true
