#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# show running-config boots back into the same state: each configuration of etc/ and
# tests/ is booted by a real router, written, reloaded, and reads the same; so do the
# addresses and routes of the kernel (a carrier is of the moment: it is not compared).
. "$(dirname "$0")/lib.sh"
need ip

kernel() { ip -n $ns -o -4 addr show | awk '{ print $2, $4 }'; ip -n $ns route show | sed 's, linkdown,,'; }
no_process() { [ -z "$(ip netns pids $ns)" ]; }
control() {
	local pid
	for pid in $(ip netns pids $ns); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = culvertd ] &&
			[ "$pid" != "$(head -1 "$tmp/run/culvertd.lock")" ] && say "$pid"
	done
}
same_running() { [ "$(running)" = "$1" ]; }
same_kernel() { [ "$(kernel)" = "$1" ]; }
begun_again() { local now; now=$(control); [ -n "$now" ] && [ "$now" != "$1" ] && shell 'show version' >/dev/null 2>&1; }

for config in $(cd "$top" && find etc tests -name '*.cfg' | sort); do
	alone_begin running
	for i in 0 2 4; do
		ip -n $ns link add eth$i type veth peer name eth$((i + 1))
	done
	cp "$top/$config" "$tmp/startup"
	alone_start || fail "$config does not boot: $(cat "$tmp/why")"
	check "$config boots" true
	first=$(running) kernel=$(kernel)
	[ "$(wc -l <<<"$first")" -gt 5 ] || fail "no running-config: $first"
	shell 'write memory' >/dev/null || fail "write memory"
	control=$(control)
	shell 'reload' >/dev/null
	wait_until 20 "it reloads" begun_again "$control"
	same_running "$first" || diff <(echo "$first") <(running)
	check "with the same running-config" same_running "$first"
	for _ in $(seq 100); do
		same_kernel "$kernel" && break
		sleep 0.05
	done
	same_kernel "$kernel" || diff <(echo "$kernel") <(kernel)
	check "and the same addresses and routes" same_kernel "$kernel"
	check "and no line is refused" [ -z "$(shell 'show startup-config errors' | grep '^[0-9]')" ]
	kill "$(head -1 "$tmp/run/culvertd.lock")"
	wait_until 10 "it ends" no_process
	alone_end
	rm -rf "$tmp/run"
done
