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
check "it is tunnel mode" router_shows west 'show crypto ipsec sa' 'in use settings =\{Tunnel'
on host-east ping -n -c 3 -i 0.1 -W 2 -s 1372 -M do 10.1.0.10 >"$tmp/mtu" 2>&1
check "1400 bytes fit" grep -q ' 3 received' "$tmp/mtu"
capture_stop wire
check "ESP is on the wire" [ "$(captured wire 'proto 50')" -ge 200 ]
check "nothing clear is on the wire" nothing_clear wire
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
