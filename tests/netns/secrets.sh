#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a router must keep to itself.  Each process has no more privilege than its
# work needs, leaves no core, and shares the memory of its keys with no dump; with
# all debugging on, the pre-shared key and the keys that iked and espd keep, which
# this test reads out of their memory, are in no log line and in no show command.
. "$(dirname "$0")/lib.sh"
need ip ping

PSK=Under-the-road

# daemon_pids NODE COMM
daemon_pids() {
	local pid
	for pid in $(node_pids "$1"); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] && say "$pid"
	done
}

# The capability sets of a process that are not empty, and whether it may gain any.
privileges() { awk '/^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):/ { print $1 $2 }' "/proc/$1/status"; }
sets() { printf 'CapInh:%s\nCapPrm:%s\nCapEff:%s\nCapBnd:%s\nCapAmb:%s\nNoNewPrivs:1' "$@"; }
NONE=0000000000000000
NET_ADMIN_RAW=0000000000003000		# bits 12 and 13

no_core() { grep -Eq '^Max core file size +0 +0 ' "/proc/$1/limits"; }

# What is kept for a successor says itself that it is not for dumps: "dd".
kept_not_dumped() {
	awk '/^[0-9a-f]+-[0-9a-f]+ / { kept = /memfd:/ }
		/^VmFlags:/ && kept { n++; if (!/ dd( |$)/) bad++ }
		END { exit !(n > 0 && !bad) }' "/proc/$1/smaps"
}

# kept_keys PID: what a daemon keeps for its successor, keys in hexadecimal digits.
kept_keys() {
	/usr/bin/python3 - "$1" <<'PYTHON'
import re, sys

pid = sys.argv[1]
spans = [line.split()[0] for line in open(f"/proc/{pid}/maps") if "memfd:" in line]
with open(f"/proc/{pid}/mem", "rb", 0) as mem:
    for span in spans:
        start, end = (int(x, 16) for x in span.split("-"))
        for at in range(start, end, 1 << 12):
            mem.seek(at)
            block = mem.read(min((1 << 12) + 512, end - at))
            if block.count(0) == len(block):
                continue
            # A length of 32, or 36 with GCM's salt, in one byte or two, then the key.  Phase 1's
            # SKEYID_d, _a and _e lie in a row, 32 bytes in room for 64 each.
            secret = rb"[\x20\x24]\x00?(?=([\s\S]{32}))"
            row = rb"(?=[^\x00])(?=" + 3 * rb"([\s\S]{32})\x00{32}" + rb"([\s\S]{32}))"
            for m in [*re.finditer(secret, block), *re.finditer(row, block)]:
                if all(len(set(key)) > 20 for key in m.groups()):
                    print("\n".join(key.hex() for key in m.groups()))
PYTHON
}

SHOWS='show running-config|show startup-config|show version|show ip interface brief|show interfaces|
show ip route|show logging|show clock|show crypto isakmp policy|show crypto isakmp sa|
show crypto isakmp sa detail|show crypto ipsec sa|show crypto session|show crypto session detail|
show dmvpn|show dmvpn detail|show ip nhrp|show ip nhrp detail|show processes'

ask_everything() {
	local node=$1 c
	local -a commands
	IFS='|' read -r -d '' -a commands <<<"${SHOWS//$'\n'/}"
	for c in "${commands[@]}"; do
		router "$node" "${c%$'\n'}" || return 1
	done
}

lab_begin dmvpn
sed -i 's/^logging buffered.*/logging buffered 1048576 debugging/' "$tmp/$LAB"/*.cfg
lab_up
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11

for node in hub spoke1; do
	for daemon in iked nhrpd espd; do
		pid=$(daemon_pids $node culvert-$daemon)
		[ -n "$pid" ] || fail "no $daemon at $node"
		caps=$NONE
		[ $daemon != espd ] || caps=$NET_ADMIN_RAW
		check "$daemon of $node has the capabilities that it needs and no way to more" \
			[ "$(privileges "$pid")" = "$(sets $NONE $caps $caps $NONE $NONE)" ]
		check "$daemon's kept memory is in no dump" kept_not_dumped "$pid"
	done
	for pid in $(daemon_pids $node culvertd) $(daemon_pids $node culvert-iked) \
		$(daemon_pids $node culvert-nhrpd) $(daemon_pids $node culvert-espd); do
		no_core "$pid" || fail "process $pid of $node may leave a core"
	done
done
check "threads of espd are no more privileged than it" [ -z "$(for s in /proc/"$(daemon_pids hub culvert-espd)"/task/*/status; do
	awk '/^CapEff:/ { print $2 }' "$s"; done | grep -v $NET_ADMIN_RAW)" ]

for node in hub spoke1 spoke2; do
	router $node 'debug crypto isakmp' 'debug crypto ipsec' 'debug nhrp' 'debug nhrp packet' \
		'debug nhrp cache' 'debug tunnel' >/dev/null || fail "no debugging at $node"
done
router spoke1 'clear crypto session' >/dev/null
router hub 'clear crypto sa' >/dev/null
wait_until 40 "host1 reaches host2" on host1 ping -n -c 1 -W 1 10.0.2.10 >/dev/null
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
for node in hub spoke1 spoke2; do
	for daemon in iked espd; do
		kept_keys "$(daemon_pids $node culvert-$daemon)" >"$tmp/keys-$node-$daemon"
		check "$daemon of $node keeps keys" [ -s "$tmp/keys-$node-$daemon" ]
	done
	ask_everything $node >>"$tmp/said" 2>&1 || fail "a show command at $node is refused: $(tail -3 "$tmp/said")"
done
sort -u "$tmp"/keys-* >"$tmp/keys"
say "$(wc -l <"$tmp/keys") keys, $(wc -l <"$tmp/said") lines"
check "and debug lines" grep -q 'ISAKMP' "$tmp/said"
check "the lab goes down and no sanitizer spoke" lab_end

# The running-config alone names the pre-shared key, as IOS's does.
grep -vhF "crypto isakmp key $PSK address" "$tmp/said" "$TEST_LOG/$LAB"-*.log |
	tr -d ' :' | tr 'A-F' 'a-f' >"$tmp/haystack"
psk_hex=$(printf %s "$PSK" | od -An -tx1 | tr -d ' \n')
check "the pre-shared key is nowhere else" eval \
	'! grep -qFi -e "$PSK" -e "$psk_hex" "$tmp/haystack"'
# Sixteen digits of a key are one too many.
cut -c1-16 "$tmp/keys" >"$tmp/needles"
check "no key of iked or espd is anywhere" eval '! grep -qF -f "$tmp/needles" "$tmp/haystack"'
