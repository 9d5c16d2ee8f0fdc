#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two sites and a static VTI between them.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump

lab_begin site-to-site
capture_start wire
lab_up
capture_wait wire
wait_until 30 "west reaches east" reaches host-west 10.2.0.10
ping_start host-east 10.1.0.10 100 0.02 back
check "no ping of 100 is lost from east to west" [ "$(ping_end back)" = 0 ]
check "nothing was profiled" eval '! router_shows west "show crypto engine accelerator statistic" Profiled'
router west 'debug crypto engine profile' >/dev/null
check "ten pings pass" eval 'on host-west ping -n -q -c 10 -i 0.01 10.2.0.10 | grep -q " 10 received"'
check "what they cost is known by stage" router_shows west 'show crypto engine accelerator statistic' \
	'^  Decrypt: +[1-9][0-9]* cycles, [1-9][0-9]* a packet$'
router west 'undebug all' >/dev/null
check "it is tunnel mode" router_shows west 'show crypto ipsec sa' 'in use settings =\{Tunnel'
on host-east ping -n -c 3 -i 0.1 -W 2 -s 1372 -M do 10.1.0.10 >"$tmp/mtu" 2>&1
check "1400 bytes fit" grep -q ' 3 received' "$tmp/mtu"
capture_stop wire
check "ESP is on the wire" [ "$(captured wire 'proto 50')" -ge 200 ]
check "nothing clear is on the wire" nothing_clear wire
# A VTI's line protocol goes with its session; the interface itself stays up, as on IOS.
tunnel_lines() { router west 'show logging' | grep -oE '%(LINK|LINEPROTO)-.*Tunnel0, changed state to .*'; }
shut() { router east <<<$'conf t\ninterface Tunnel0\n'"$1"$'\nend' >/dev/null; }
said="$(tunnel_lines)"
check "it came up by both" [ "$(cut -d- -f1 <<<"$said" | tr -d '\n')" = '%LINK%LINEPROTO' ]
shut shutdown
wait_until 10 "the line protocol goes down with the other side" \
	eval 'tunnel_lines | grep -q "LINEPROTO.*to down"'
shut 'no shutdown'
wait_until 30 "and comes back" eval '[ "$(tunnel_lines | grep -c "LINEPROTO.*to up")" = 2 ]'
check "the interface was up all the time" [ "$(tunnel_lines | grep -c LINK-)" = 1 ]
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
