#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Quick crash detection (RFC 6290): a hub loses its state, and spokes behind a NAT, whose
# addresses nobody configured, come back by its proof.  They have no dead peer detection.
# Whoever knows all that is on the wire and speaks in the hub's name does them no harm.
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3
need ip ping tshark flock $python

SPOKES='1 2'
reaches() { on "host$1" ping -n -c 1 -W 0.3 10.0.0.10 >/dev/null 2>&1; }
counted() { router "$1" 'show crypto ikev2 stats' 2>/dev/null | sed -n "s/.*$2.*: //p"; }
counts() { [ "$(counted "$1" "$2")" -ge "$3" ] 2>/dev/null; }
ike_spis() { router "$1" 'show crypto ikev2 sa detailed' 2>/dev/null | grep -E 'Local spi'; }

# What tshark finds in the capture WIRE, one line each.
wire() { tshark -nr "$tmp/wire.pcap" -Y "$1" -T fields "${@:2}" 2>/dev/null; }

lab_begin dmvpn-nat
lab_ike_v2
sed -i '/^crypto isakmp keepalive/d' "$tmp/$LAB"/*.cfg
capture_start wire
lab_up
capture_wait wire
for n in $SPOKES; do
	wait_until 30 "host$n reaches the hub's" reaches "$n"
	check "spoke$n has the hub's token" counts "spoke$n" 'tokens taken' 1
done
check "the secret is the hub's alone" [ "$(stat -c %a "$RUN/hub/keys/crash-detection")" = 600 ]

# --- forged ---

# Tokens and hints in the hub's name, to where spoke1 hears the hub, about the SAs that it has.
forge() {	# PORT SPI_I SPI_R ESP_SPI
	on hub $python - "$@" <<-'END'
	import random, socket, struct, sys
	port, spi_i, spi_r, esp = int(sys.argv[1]), *(bytes.fromhex(a) for a in sys.argv[2:4]), int(sys.argv[4], 16)
	s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
	s.bind(('203.0.113.1', 0))

	def notify(after, proto, kind, data):
	    return struct.pack('!BBHBBH', after, 0, 8 + len(data), proto, 0, kind) + data

	def say(i, r, flags, *notes):
	    body = b''.join(notes)
	    m = bytes(4) + i + r + struct.pack('!BBBBII', 41, 0x20, 37, flags, 0, 28 + len(body)) + body
	    s.sendto(struct.pack('!HHHH', 4500, port, 8 + len(m), 0) + m, ('203.0.113.30', 0))

	lost = notify(41, 0, 4, b'')
	for n in range(1000):
	    say(spi_i, spi_r, random.choice((0x20, 0x28, 0, 8)), lost,
	        notify(0, 1, 16419, random.randbytes(random.choice((32, 32, 16, 128, 0, 200)))))
	    say(random.randbytes(8), bytes(8), 8, notify(0, 0, 11, struct.pack('!I', esp)))
	    say(random.randbytes(8), bytes(8), 8, notify(41, 0, 11, struct.pack('!I', esp)),
	        notify(0, 1, 16419, random.randbytes(32)))
	END
}

capture_stop wire
read -r port spi_i spi_r < <(wire 'isakmp.exchangetype == 35 && ip.src == 203.0.113.30' \
	-e udp.srcport -e isakmp.ispi -e isakmp.rspi | head -1)
forged=spoke1
router spoke1 'show crypto ikev2 sa detailed' | grep -iq "$spi_i" || forged=spoke2
esp=$(wire "esp && ip.src == 203.0.113.30 && udp.srcport == $port" -e esp.spi | tail -1)
before=$(ike_spis $forged)
check "the SA and a pair of $forged are seen on the wire" [ -n "$before" -a -n "$esp" ]
proved=$(counted $forged proved)
on "host${forged#spoke}" ping -n -q -i 0.01 -c 300 10.0.0.10 >"$tmp/pings" 2>&1 &
pings=$!
forge "$port" "$spi_i" "$spi_r" "$esp"
wait $pings
check "forged tokens are counted" counts $forged 'token that is not' 100
check "forged hints made it ask" counts $forged 'hints taken' 1
check "and hardly more than once" [ "$(counted $forged 'hints taken')" -le 3 ]
check "none was taken for proof" [ "$(counted $forged proved)" = "$proved" ]
check "its SA is the same" [ "$(ike_spis $forged)" = "$before" ]
check "no packet was lost for it" grep -q ' 300 received' "$tmp/pings"

# --- the hub dies ---

dies() {	# what it keeps is on its disk
	capture_start wire
	lab_kill hub
}

dies
for n in $SPOKES; do
	wait_until 20 "host$n reaches the hub's again" reaches "$n"
	check "spoke$n heard proof" counts "spoke$n" proved 1
done
capture_stop wire
check "the hub begins nothing" [ "$(wire 'isakmp.exchangetype == 34 && isakmp.flag_r == 0 && ip.src == 203.0.113.1' \
	-e frame.number | wc -l)" = 0 ]
check "it proved its loss on UDP 4500" [ "$(wire 'isakmp.notify.msgtype == 16419 && udp.srcport == 4500' \
	-e frame.number | wc -l)" -ge 2 ]

# --- it dies, and its disk with it: what it says now is no proof ---

proved=$(counted spoke1 proved)
rm "$RUN/hub/keys/crash-detection"
dies
for n in $SPOKES; do
	on "host$n" ping -n -q -i 0.2 -c 30 10.0.0.10 >"$tmp/pings$n" 2>&1 &
	pings=$!
done
wait_until 20 "spoke1 heard a token that is not the hub's" eval 'reaches 1; counts spoke1 "token that is not" 1'
check "it took it for no proof" [ "$(counted spoke1 proved)" = "$proved" ]
wait $pings
capture_stop wire
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
