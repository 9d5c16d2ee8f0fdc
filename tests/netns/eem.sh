#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The event manager, as it is used for a fault that comes and goes: an applet sees the log
# line about an unknown SPI, waits, collects what the router shows into a file, and turns
# debugging off.  Applets by hand and by timer, one that runs too long, one that calls itself.
. "$(dirname "$0")/lib.sh"
need ip ping /usr/bin/python3

logged() { router_shows east 'show logging' "$1"; }
history() { router_shows east 'show event manager history events' "$1"; }
flash() { cat "$RUN/east/flash/$1" 2>/dev/null; }
collected() { flash spi.txt | grep -q 'inbound esp sas' && flash spi.txt | grep -q '^\*.* UTC '; }
configure() { { echo 'configure terminal'; cat; echo end; } | timeout 20 "$CULVERT_BIN/culvert" -r "$RUN/east"; }
children() { local n=0 p; for p in $(node_pids east); do [ "$(cat "/proc/$p/comm")" = culvertd ] && n=$((n + 1)); done; echo $n; }

# One ESP packet in west's name with an SPI that east does not have.
stray() {
	local device mac
	device=$(on east ip -o -4 addr | awk '$4 ~ /^198\.51\.100\.2\// { print $2 }')
	mac=$(on east cat "/sys/class/net/$device/address")
	on transit /usr/bin/python3 - "$mac" <<'PY'
import socket, struct, sys
mac = bytes.fromhex(sys.argv[1].replace(":", ""))
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("br0", 0))
head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 84, 0, 0, 64, 50, 0,
                   socket.inet_aton("198.51.100.1"), socket.inet_aton("198.51.100.2"))
t = sum(struct.unpack("!10H", head))
t = (t & 0xffff) + (t >> 16)
head = head[:10] + struct.pack("!H", ~((t & 0xffff) + (t >> 16)) & 0xffff) + head[12:]
s.send(mac + b"\x02\0\0\0\0\x99\x08\0" + head + struct.pack("!II", 0xB761863E, 1) + bytes(56))
PY
}

lab_begin site-to-site
lab_up
wait_until 30 "west reaches east" reaches host-west 10.2.0.10
idle=$(children)

# The pattern has the spelling that the line has not: either will do.
check "an applet for the fault is accepted" configure <<'END'
event manager environment site east
event manager applet SPI
event syslog pattern "RECVD_PKT_INV_SPI.*spi=0xB761863E" maxrun 30 ratelimit 5
action 1.0 wait 1
action 2.0 cli command "enable"
action 2.1 cli command "show clock | append flash:spi.txt"
action 2.2 cli command "show crypto ipsec sa peer 198.51.100.1 | append flash:spi.txt"
action 2.3 regexp "current outbound spi: (0x[0-9A-F]+)" "$_cli_result" all spi
action 3.0 cli command "show crypto ipsec sa"
action 3.1 regexp "current outbound spi: (0x[0-9A-F]+)" "$_cli_result" all spi
action 3.2 syslog priority warnings msg "$site sends with $spi"
action 4.0 cli command "undebug all"
END
router east 'debug crypto isakmp' >/dev/null
check "a stray packet is sent" stray
wait_until 10 "the applet ran" history 'Actv success +.* syslog +applet: SPI$'
check "its file has the time and the SAs" collected
check "it logged what it found" logged '%HA_EM-4-LOG: SPI: east sends with 0x[0-9A-F]+'
check "debugging is off" [ -z "$(router east 'show debugging')" ]

check "others are accepted" configure <<'END'
event manager applet LONG
event none maxrun 1
action 1 wait 30
event manager applet TICK
event timer countdown time 1
action 1 puts "tick $_event_type_string"
event manager applet ECHO
event syslog pattern "HA_EM.*round"
action 1 syslog msg "round again"
event manager applet EDIT
event none
action 1 cli command "enable"
action 2 cli command "configure terminal"
action 3 cli command "interface Tunnel0"
action 4 cli command "description $_none_arg"
action 5 cli command "end"
action 6 syslog msg "round one"
END
wait_until 5 "a timer sets one off" logged 'HA_EM-6-LOG: TICK: tick timer countdown'
check "one is run by hand" router east 'event manager run EDIT by an applet'
wait_until 5 "it configures the router" router_shows east 'show running-config' 'description by an applet'
wait_until 5 "another sees what it logged" logged 'HA_EM-6-LOG: ECHO: round again'
wait_until 5 "and is done" history 'success .* applet: ECHO'
check "once: it does not see itself" [ "$(router east 'show logging' | grep -c 'ECHO: round again')" = 1 ]
check "one that takes too long is begun" router east 'event manager run LONG'
wait_until 5 "and ended" history 'abort .* applet: LONG'
check "it is counted, with how long it took" eval \
	"router_shows east 'show event manager statistics policy' '^[0-9]+ +applet +1 +0 +[0-9.]+ +[1-9][0-9.]*   LONG$'"
check "what is not registered is refused" eval '! router east "event manager run NOBODY" >/dev/null'
check "no process is left of them" [ "$(children)" = "$idle" ]
check "they are in the running-config" router_shows east 'show running-config' '^event manager applet SPI$'
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
