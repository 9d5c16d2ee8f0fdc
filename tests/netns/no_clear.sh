#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# While protection is configured no inner packet and no clear GRE leaves a
# router: from before its boot, through each daemon's death, `clear crypto sa`,
# a rekey, and its end.  Hosts ping all the time, with a pattern to look for.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump

is_new() { local pid; pid=$(daemon_pid "$1" "$2") && [ "$pid" != "$3" ]; }
no_pattern() { ! grep -aq 'culvert!culvert!' "$tmp/wire.pcap"; }

# Hosts that ping from the moment they exist.
ping_always() {
	until on "$1" ip route get "$2" >/dev/null 2>&1; do
		sleep 0.02
	done
	exec ip netns exec "$LAB-$1" ping -n -q -i 0.02 -W 1 -p 63756c7665727421 "$2" >/dev/null 2>&1
}

lab_begin dmvpn
# Hosts first, so that they ping into routers that still boot.
awk '/^  host/ { hosts = hosts $0 "\n"; next } { rest = rest $0 "\n" }
	END { sub(/nodes:\n/, "nodes:\n" hosts, rest); printf "%s", rest }' \
	"$LABFILE" >"$LABFILE.new" && mv "$LABFILE.new" "$LABFILE"
sed -i 's/^crypto isakmp keepalive.*/&\ncrypto ipsec security-association lifetime seconds 120/' \
	"$tmp/$LAB"/*.cfg
capture_start wire
ping_always host1 10.0.2.10 &
ping_always host2 10.0.0.10 &
ping_always host0 10.0.1.10 &
lab_up
capture_wait wire
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 30 "spoke2 is UP at the hub" spoke_up 172.16.0.12
wait_until 10 "host1 reaches host2" reaches host1 10.0.2.10

for node in spoke1 hub; do
	for daemon in iked nhrpd espd; do
		old=$(daemon_pid $node $daemon) || fail "no $daemon at $node"
		kill -KILL "$old"
		wait_until 4 "$daemon of $node is back" is_new $node $daemon "$old"
		wait_until 10 "host1 reaches host0" reaches host1 10.0.0.10
	done
	old=$(spis $node)
	router $node 'clear crypto sa' >/dev/null
	wait_until 30 "$node has new SAs after clear crypto sa" other_spis $node "$old"
	wait_until 10 "host1 reaches host0" reaches host1 10.0.0.10
done
if [ -n "${TEST_ALL:-}" ]; then
	old=$(spis spoke2)
	wait_until 150 "spoke2's SAs are rekeyed" other_spis spoke2 "$old"
fi
check "the lab goes down and no sanitizer spoke" lab_end
capture_stop wire
check "ESP was on the wire" [ "$(captured wire 'proto 50')" -gt 200 ]
check "nothing but ESP, ISAKMP and UDP 4500 was" nothing_clear wire
check "no inner packet can be found in what passed" no_pattern
