#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# culvert-iked is killed at either side of an IKEv2 SA: no message goes out, no
# ping is lost, the SAs are those of before; then it rekeys over them.  And it is
# killed when the peer has not heard its last answer: that is repeated.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump nft

ike_spis() { router "$1" 'show crypto ikev2 sa detailed' 2>/dev/null | grep -oE 'Local spi: [0-9A-F]+' | sort; }
windows() { router "$1" 'show crypto ikev2 sa detailed' 2>/dev/null | grep -E 'window:' | sort -u; }
one_ike_sa() { [ "$(ike_spis "$1" | wc -l)" = 1 ]; }
outbound() { router "$1" 'show crypto ipsec sa' 2>/dev/null | grep -oE 'current outbound spi: 0x[0-9A-F]+'; }
back() {	# NODE OLD-PID
	local pid
	pid=$(daemon_pid "$1" iked) && [ "$pid" != "$2" ] && router_shows "$1" 'show crypto ikev2 sa' READY
}
# What one side has of a pair that is being made, the other has not yet.
settled() {
	local west
	west=$(spis west)
	[ -n "$west" ] && [ "$(spis east)" = "$west" ]
}
another_ike() { [ -n "$(comm -13 <(say "$2") <(ike_spis "$1"))" ]; }
another_pair() { [ -n "$(comm -13 <(say "$2") <(spis "$1"))" ]; }

killed() {	# NODE
	local old ike esp out window
	old=$(daemon_pid "$1" iked) || fail "no iked at $1"
	wait_until 20 "no rekey is under way" settled
	ike=$(ike_spis "$1") esp=$(spis "$1") out=$(outbound "$1") window=$(windows "$1")
	[ -n "$ike" ] && [ -n "$esp" ] || fail "$1 has no SAs"
	ping_start host-west 10.2.0.10 150 0.02 "killed_$1"
	wait_until 5 "pings run" ping_replies "killed_$1" 20
	capture_start "killed_$1" udp
	kill -KILL "$old"
	wait_until 3 "iked of $1 is back" back "$1" "$old"
	check "no ping of 150 is lost" [ "$(ping_end "killed_$1")" = 0 ]
	capture_stop "killed_$1"
	check "no IKE packet was sent" [ "$(captured "killed_$1" "$IKE")" = 0 ]
	check "the IKE SA is the same" [ "$(ike_spis "$1")" = "$ike" ]
	check "and so are its windows" [ "$(windows "$1")" = "$window" ]
	check "there is no other ESP SA" not another_pair "$1" "$esp"
	check "it sends on the same one" [ "$(outbound "$1")" = "$out" ]
	on host-west ping -n -q -c 2600 -i 0.002 -s 1200 -W 2 10.2.0.10 >"$tmp/volume.ping" 2>&1 &
	wait_until 40 "it has another pair after 2560 kB" another_pair "$1" "$esp"
	wait $!
	check "no ping of 2600 is lost" grep -q ' 2600 received' "$tmp/volume.ping"
	check "and no IKE SA was made for it" not another_ike "$1" "$ike"
}

# Answers of IKE are lost on their way to NODE, and counted.
deaf_to_answers() {
	on "$1" nft -f - <<-'EOT'
	table ip deaf {
	  chain in {
	    type filter hook input priority 0;
	    udp sport 500 @th,216,8 & 0x20 == 0x20 counter drop
	  }
	}
	EOT
}
unheard() { on "$1" nft list table ip deaf | grep -q 'packets [1-9]'; }
one_unheard() { unheard west || unheard east; }

# Who answers the rekey dies before it is heard.
killed_unheard() {
	local node asker answerer old ike esp flood
	wait_until 40 "no rekey is under way" settled
	for node in west east; do
		deaf_to_answers $node || fail "nft"
	done
	ike=$(ike_spis west) esp=$(spis west)
	on host-west ping -n -q -c 2600 -i 0.002 -s 1200 -W 2 10.2.0.10 >/dev/null 2>&1 &
	flood=$!
	wait_until 20 "an answer is lost" one_unheard
	kill $flood
	unheard west && asker=west answerer=east || { asker=east; answerer=west; }
	old=$(daemon_pid $answerer iked) || fail "no iked at $answerer"
	kill -KILL "$old"
	for node in west east; do
		on $node nft delete table ip deaf
	done
	wait_until 3 "iked of $answerer is back" back $answerer "$old"
	wait_until 10 "$asker, which had asked, has another pair" another_pair $asker "$esp"
	wait_until 5 "west reaches east" reaches host-west 10.2.0.10
	check "over the same IKE SA" [ "$(ike_spis west)" = "$ike" ]
}

lab_begin site-to-site-ikev2
for node in west east; do
	sed -i 's/^interface Tunnel0/crypto ipsec profile default\n set ikev2-profile default\n set security-association lifetime kilobytes 2560\n!\n&/' \
		"$tmp/$LAB/$node.cfg"
done
lab_up
wait_until 30 "west reaches east" reaches host-west 10.2.0.10
wait_until 10 "east reaches west" reaches host-east 10.1.0.10
for node in west east; do
	wait_until 60 "both began at once, and $node has one IKE SA left" one_ike_sa $node
done
for node in west east; do
	killed $node
done
killed_unheard
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
