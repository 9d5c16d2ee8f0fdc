# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# For tests of a culvert router against other people's daemons.  A test is a
# list of rows on one lab; a row that fails does not stop the others.
#
#	interop_begin libipsec		copy labs/libipsec.yaml under a name of our own
#	row 'WHAT' FUNCTION ARG...	in a subshell, with a capture of the wire
#	rows_end			says how many; exit status 0 if all were good
# DEBUG=1 keeps the log of every row, with the router's debug lines.
#
# strongSwan is driven in either of two places by the same functions:
#	swan_begin NODE			charon in a host's namespace (kernel-libipsec)
#	uml_begin SCRIPT ARG...		charon in a user-mode Linux guest (kernel-netlink)
#	swan ARG...			swanctl there
#	peer_do COMMAND			a shell command there

. "$(dirname "${BASH_SOURCE[0]}")/../netns/lib.sh"

interop=$top/tests/interop
rows=0 rows_failed=0 rows_again=0 GUEST=
IKE_VERSION=${IKE_VERSION:-1}
[ $IKE_VERSION = 1 ] && IKE_WORD=isakmp || IKE_WORD=ikev2
ROUTER=router
export CULVERT_LAB_RUN=$tmp/uml

interop_begin() {
	LAB=$1-t$$
	LABFILE=$tmp/$LAB.yaml
	RUN=/run/culvert/$LAB
	sed "s|config: $1/|config: $LAB/|" "$interop/labs/$1.yaml" >"$LABFILE"
	cp -r "$interop/labs/$1" "$tmp/$LAB"
}

# --- rows ---

# row WHAT FUNCTION ARG...: what failed is told with both sides' last words.
#
# The peers lose a packet of their own now and then on a busy machine.  So a row
# that failed is tried once more, at most AGAIN_MAX in a script, and that is told.
AGAIN_MAX=3
row() {
	if [ -n "${ROWS:-}" ] && ! [[ $1 =~ $ROWS ]]; then
		return
	fi
	rows=$((rows + 1))
	row_try "$@" && return
	if [ $rows_again -lt $AGAIN_MAX ]; then
		rows_again=$((rows_again + 1))
		row_try "$1 (again)" "${@:2}" && return
	fi
	rows_failed=$((rows_failed + 1))
}

row_try() {
	local what=$1 start rc verdict
	shift
	start=$(date +%s%N)
	(
		router $ROUTER 'clear logging' ${DEBUG:+"debug crypto $IKE_WORD"} >/dev/null
		capture_start row
		"$@"
	) >"$tmp/row.log" 2>&1
	rc=$?
	capture_end
	start=$((($(date +%s%N) - start) / 100000000))
	[ $rc = 0 ] && verdict=ok || verdict=FAILED
	printf 'row %-6s %3d.%d s  %s\n' $verdict $((start / 10)) $((start % 10)) "$what"
	[ $rc != 0 ] || [ -n "${DEBUG:-}" ] || return 0
	cp "$tmp/row.pcap" "$TEST_LOG/row$rows.pcap" 2>/dev/null
	{
		cat "$tmp/row.log"
		router $ROUTER "show crypto $IKE_WORD sa" 'show crypto ipsec sa' 'show logging'
		swan --list-sas
		tail -n 200 "$PEER_DIR/charon.log"
	} >"$TEST_LOG/row$rows.log" 2>&1
	[ $rc != 0 ] || return 0
	sed 's/^/    /' "$tmp/row.log" | tail -n 8
	say "    (more in $TEST_LOG/row$rows.log)"
	return 1
}

rows_end() {
	say "$rows rows, $rows_failed failed, $rows_again tried again"
	[ $rows_failed = 0 ]
}

# The capture of a row outlives the row's subshell when it failed.
capture_end() {
	local pid
	for pid in $(ip netns pids "$LAB-transit"); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" != tcpdump ] || kill -INT "$pid"
	done
	while ip netns pids "$LAB-transit" | xargs -r -I{} cat /proc/{}/comm 2>/dev/null | grep -q tcpdump; do
		sleep 0.02
	done
}

# Inner packets carry this; no packet on the wire may, unless READABLE says that
# ESP does not encrypt here.
READABLE=
no_pattern() { ! grep -aq 'culvert!culvert!' "$tmp/$1.pcap"; }

# ICMP errors about IKE or ESP are allowed (somebody was not there), and the
# namespaces' own IGMP and MLD.
wire_is_clean() {
	local others
	others="($CLEAR) and not (icmp[icmptype] = icmp-unreach) and not igmp"
	others="$others and not (ip6[6] = 0 and ip6[40] = 58)"
	if [ "$(captured "$1" "$others")" != 0 ]; then
		tcpdump -nr "$tmp/$1.pcap" -c 5 "$others" 2>/dev/null
		return 1
	fi
	if [ -n "$READABLE" ]; then
		! no_pattern "$1"
	else
		no_pattern "$1"
	fi
}

# --- strongSwan in a namespace ---

# The ends of the tunnel on the wire, and of the pings through it.
PEER_IP=198.51.100.2 ROUTER_IP=198.51.100.1
PINGER=router PEER_TARGET=172.16.1.2 ROUTER_TARGET=172.16.1.1
PSK=culvert-test-psk IKE_PROP=aes128-sha256-modp2048 ESP_PROP=aes128gcm16 ROUTER_ID= PEER_ID=
CHILD_EXTRA= CONN_EXTRA= CHARON_EXTRA= CHILD='mode = tunnel
	        local_ts = 0.0.0.0/0
	        remote_ts = 0.0.0.0/0'

swan_begin() {
	PEER_NODE=$1 PEER_DIR=$tmp/swan-$1 PEER_CONF=$tmp/swan-$1
	mkdir -p "$PEER_DIR"
	on "$PEER_NODE" ip addr replace "$PEER_TARGET/32" dev lo
	swan_start
}

# kernel-libipsec first, so that it is the one that handles ESP; IKE's and ESP's
# own datagrams are marked and stay out of its route to everywhere.
swan_start() {
	cat >"$PEER_DIR/strongswan.conf" <<-EOF
	swanctl {
	  load = random openssl
	}
	charon-systemd {
	  load = random nonce openssl aes des md5 sha1 sha2 hmac ctr kdf gcm chapoly pem pkcs1 pubkey x509 constraints kernel-libipsec kernel-netlink socket-default vici updown
	  retransmit_tries = 4
	  retransmit_timeout = 1.0
	  retransmit_base = 1.3
	  delete_rekeyed_delay = 1
	  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
	  plugins {
	    vici { socket = unix://$PEER_DIR/vici }
	    socket-default { fwmark = 0x42 }
	    kernel-netlink { fwmark = !0x42 }
	    kernel-libipsec { allow_peer_ts = yes }
	  }
	  $CHARON_EXTRA
	  filelog {
	    log {
	      path = $PEER_DIR/charon.log
	      append = yes
	      time_format = %T
	      flush_line = yes
	      default = 1
	      cfg = 2
	      ike = 4
	    }
	  }
	}
	EOF
	rm -f "$PEER_DIR/vici"
	STRONGSWAN_CONF=$PEER_DIR/strongswan.conf \
		setsid ip netns exec "$LAB-$PEER_NODE" /usr/sbin/charon-systemd >>"$PEER_DIR/charon.out" 2>&1 &
	echo $! >"$PEER_DIR/pid"
	wait_until 10 "charon runs" test -S "$PEER_DIR/vici"
	swan_load
}

# swan_stop [SIGNAL]
swan_stop() {
	local pid
	pid=$(cat "$PEER_DIR/pid" 2>/dev/null) || return 0
	kill "-${1:-TERM}" "$pid" 2>/dev/null
	kill -CONT "$pid" 2>/dev/null
	for _ in $(seq 100); do
		[ -d "/proc/$pid" ] || break
		[ "$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null)" != Z ] || break
		sleep 0.05
	done
	kill -KILL "$pid" 2>/dev/null
	rm -f "$PEER_DIR/pid"
}

# The connection as the variables say; what is up stays as it is.
swan_load() {
	cat >"$PEER_DIR/swanctl.conf" <<-EOF
	connections {
	  peer {
	    version = $IKE_VERSION
	    local_addrs = $PEER_IP
	    remote_addrs = $ROUTER_IP
	    proposals = $IKE_PROP
	    $CONN_EXTRA
	    local {
	      auth = psk
	      id = ${PEER_ID:-$PEER_IP}
	    }
	    remote {
	      auth = psk
	      id = ${ROUTER_ID:-$ROUTER_IP}
	    }
	    children {
	      tun {
	        $CHILD
	        esp_proposals = $ESP_PROP
	        $CHILD_EXTRA
	      }
	    }
	  }
	}
	secrets {
	  ike-peer {
	    id-1 = ${PEER_ID:-$PEER_IP}
	    id-2 = ${ROUTER_ID:-$ROUTER_IP}
	    secret = "$PSK"
	  }
	}
	EOF
	swan --load-all --clear --noprompt --file "$PEER_CONF/swanctl.conf" >"$PEER_DIR/load" 2>&1 ||
		fail "swanctl: $(cat "$PEER_DIR/load")"
}

swan() {
	local verb=$1
	shift
	if [ -n "$GUEST" ]; then
		"$interop/uml/exec" "$GUEST" swanctl "$verb" "$@"
	else
		STRONGSWAN_CONF=$PEER_DIR/strongswan.conf timeout 30 \
			ip netns exec "$LAB-$PEER_NODE" swanctl "$verb" --uri "unix://$PEER_DIR/vici" "$@"
	fi
}

peer_do() {
	if [ -n "$GUEST" ]; then
		"$interop/uml/exec" "$GUEST" "$*"
	else
		on "$PEER_NODE" bash -c "$*"
	fi
}

# --- strongSwan in a guest ---

# uml_begin SCRIPT ARG...: a guest with one tunnel to the router; see uml/README.md.
uml_begin() {
	guest_begin "$1" --remote "$ROUTER_IP" --psk "$PSK" --ike "$IKE_VERSION" "${@:2}"
}

# guest_begin SCRIPT ARG...: a guest on the lab's transit bridge.
guest_begin() {
	local script=$1
	shift
	GUEST=peer-t$$ PEER_DIR=$CULVERT_LAB_RUN/peer-t$$ PEER_CONF=/lab
	"$interop/uml/$script" --name $GUEST --tap t$$ --netns "$LAB-transit" --bridge br0 --host-addr '' \
		--peer-addr "$PEER_IP/24" --timeout 590 "$@" ||
		fail "the guest did not come up"
}

uml_end() {
	"$interop/uml/stop" "$GUEST"
	GUEST=
}

# --- what both sides say ---

swan_shows() { swan --list-sas 2>/dev/null | grep -Eq -- "$1"; }
swan_empty() { [ -z "$(swan --list-sas 2>/dev/null)" ]; }
# Half-open ones too, which have no name yet.
swan_terminate() {
	local id
	for id in $(swan --list-sas 2>/dev/null | grep -oE '^[^ ].*: #[0-9]+' | grep -oE '[0-9]+$'); do
		swan --terminate --ike-id "$id" --force --timeout 5 >/dev/null 2>&1
	done
}
swan_established() { swan --list-sas 2>/dev/null | grep -c ', ESTABLISHED,'; }
swan_installed() { swan --list-sas 2>/dev/null | grep -c ', INSTALLED,'; }
swan_one() { [ "$(swan_established)" = 1 ]; }
swan_one_pair() { [ "$(swan_installed)" = 1 ]; }
swan_said() { tail -n "+$((${2:-0} + 1))" "$PEER_DIR/charon.log" | grep -Eq -- "$1"; }
swan_lines() { wc -l <"$PEER_DIR/charon.log"; }

# Packets in and out of all its child SAs now.
swan_packets() {
	swan --list-sas 2>/dev/null | awk '$1 == "in" || $1 == "out" {
		for (i = 2; i < NF; i++) if ($(i + 1) ~ /^packets/) n[$1] += $i
	} END { print n["in"] + 0, n["out"] + 0 }'
}

router_config() {
	local out
	out=$(router $ROUTER 'configure terminal' "$@" 'end' 2>&1) || fail "refused: $out"
}

router_packets() {
	router $ROUTER 'show crypto ipsec sa' | awk '
		/pkts encaps:/ { split($0, a, /[:,]/); e += a[2] }
		/pkts decaps:/ { split($0, a, /[:,]/); d += a[2] }
		END { print d + 0, e + 0 }'
}

# IKEv2 has a profile, which the labs' configurations lack.
ikev2_profile() {	# ADDRESS-ON-THE-WIRE IDENTITY
	[ "$IKE_VERSION" = 2 ] || return 0
	router_config 'crypto ikev2 proposal PROP' 'encryption aes-cbc-128' 'integrity sha256' 'group 14' exit \
		'crypto ikev2 policy POL' 'proposal PROP' exit 'crypto ikev2 keyring KEYS' 'peer P' \
		"address $1" "pre-shared-key $PSK" exit exit 'crypto ikev2 profile V2' \
		"match identity remote address $2 255.255.255.255" 'authentication local pre-share' \
		'authentication remote pre-share' 'keyring local KEYS' exit 'crypto ipsec profile P' \
		'set ikev2-profile V2'
}

router_idle() { router_shows $ROUTER 'show crypto isakmp sa' "$1 +$2 +QM_IDLE"; }
router_ready() {	# Yes or No: is it the initiator
	router $ROUTER 'show crypto ikev2 sa detailed' | tr -d '\n' |
		grep -Eq "[ /]$PEER_IP/[0-9]+ .*READY .*Initiator of SA : $1"
}
router_initiated() {
	case $IKE_VERSION in
	1) router_idle "$PEER_IP" "${ROUTER_SRC:-${ROUTER_ID:-$ROUTER_IP}}" ;;
	2) router_ready Yes ;;
	esac
}
router_responded() {
	case $IKE_VERSION in
	1) router_idle "$ROUTER_IP" "$PEER_IP" ;;
	2) router_ready No ;;
	esac
}
router_no_ike() { ! router_shows $ROUTER "show crypto $IKE_WORD sa" 'QM_IDLE|READY'; }
router_no_esp() { ! router_shows $ROUTER 'show crypto ipsec sa' '^ +spi: 0x'; }
router_spis() { router $ROUTER 'show crypto ipsec sa' | grep -oE '^ +spi: 0x[0-9A-F]+' | sort -u; }
router_logged() { router $ROUTER 'show logging' 2>/dev/null | grep -Eq -- "$1"; }
new_spis() { [ -n "$(comm -13 <(say "$1") <(router_spis))" ]; }
all_new() {
	local now
	now=$(router_spis)
	[ -n "$now" ] && [ -z "$(comm -12 <(say "$1") <(say "$now"))" ]
}
router_alive() {
	local d
	for d in iked espd; do
		[ "$(daemon_pid $ROUTER $d)" = "${daemon_was[$d]}" ] || return 1
	done
}

declare -A daemon_was
daemons_note() {
	local d
	for d in iked espd; do
		daemon_was[$d]=$(daemon_pid $ROUTER $d) || fail "no $d"
	done
}

# moved BEFORE NOW AT_LEAST: both of "in out" grew by that much.
moved() {
	# shellcheck disable=SC2086
	set -- $1 $2 "$3"
	[ $(($3 - $1)) -ge "$5" ] && [ $(($4 - $2)) -ge "$5" ]
}

# --- refusals ---

nothing_up() { router_no_ike && router_no_esp && ! swan_shows 'ESTABLISHED|INSTALLED'; }
nothing_carries() { router_no_esp && ! swan_shows INSTALLED; }

# tries_in_vain WHO: four seconds of trying give nothing but few lines, and no daemon falls.
tries_in_vain() {
	local n before
	daemons_note
	before=$(router router 'show logging' | wc -l)
	if [ "$1" = culvert ]; then
		tunnel 'no shutdown'
	else
		peer_deaf
		tunnel 'no shutdown'
		swan_initiate >/dev/null
		peer_hears
	fi
	for _ in $(seq 8); do
		nothing_carries || fail "something is up that may not be"
		sleep 0.5
	done
	n=$(($(router router 'show logging' | wc -l) - before))
	check "the router logged a little ($n lines)" [ "$n" -le 40 ]
	check "its daemons live" router_alive
}

# --- the tunnel ---

tunnel() { router_config 'interface Tunnel0' "$1"; }

# The router's first message (no responder cookie yet; of IKEv2, a request) gets
# lost on the wire, so that it is the peer who initiates.
peer_deaf() {
	ip netns exec "$LAB-transit" nft -f - <<-EOF
	table netdev deaf {
	  chain in {
	    type filter hook ingress device "wan-$ROUTER" priority 0;
	    ip saddr $ROUTER_IP udp dport 500 @th,128,64 0 @th,208,8 { 2, 4 } drop
	    ip saddr $ROUTER_IP udp dport 500 @th,128,64 0 @th,208,16 0x2208 drop
	  }
	}
	EOF
}
peer_hears() { ip netns exec "$LAB-transit" nft delete table netdev deaf; }

tunnel_down() {
	tunnel shutdown
	wait_until 5 "the router has no SA" router_no_esp
	swan_terminate
	wait_until 8 "strongSwan has no SA" swan_empty
}

# tunnel_up WHO: from nothing on both sides to SAs on both.
tunnel_up() {
	case $1 in
	culvert)
		tunnel 'no shutdown'
		wait_until 15 "the router has an IKE SA and says that it initiated" router_initiated
		;;
	strongswan)
		peer_deaf || fail "nft in the transit's namespace"
		tunnel 'no shutdown'
		check "strongSwan initiates" swan_initiate
		peer_hears
		wait_until 15 "the router has an IKE SA and says that the peer initiated" router_responded
		;;
	esac
	wait_until 5 "strongSwan says ESTABLISHED" swan_shows "ESTABLISHED, IKEv$IKE_VERSION"
	wait_until 5 "strongSwan says INSTALLED" swan_shows 'INSTALLED'
}

swan_initiate() { swan --initiate --child tun --timeout 20 >"$tmp/initiate" 2>&1 || { tail -n 5 "$tmp/initiate"; return 1; }; }

# Ten pings each way between PINGER and the peer's far end, and what was counted.
pings_both_ways() {
	local rb pb
	wait_until 5 "the tunnel carries" carries
	# IKEv1 keeps the pair that was replaced for half a minute; it counts nothing any more.
	! swan_shows 'ESTABLISHED, IKEv2' ||
		wait_until 8 "strongSwan forgot what was replaced" not swan_shows ', (REKEYED|DELETING|DELETED),'
	rb=$(router_packets) pb=$(swan_packets)
	ping_start "$PINGER" "$PEER_TARGET" 10 0.02 there
	check "10 of 10 pings to the peer are answered" [ "$(ping_end there)" = 0 ]
	check "10 of 10 pings by the peer are answered" peer_pings
	wait_until 3 "the router's counters moved" router_moved "$rb" 20
	wait_until 3 "strongSwan's counters moved" swan_moved "$pb" 20
}
peer_pings() {
	local out
	out=$(peer_do "ping -n -q -c 10 -i 0.02 -W 2 -p 63756c7665727421 -I $PEER_TARGET $ROUTER_TARGET")
	[[ $out == *' 10 received'* ]] || { say "$out"; return 1; }
}
carries() { on "$PINGER" ping -n -q -c 1 -W 1 "$PEER_TARGET" >/dev/null; }
router_moved() { moved "$1" "$(router_packets)" "$2"; }
swan_moved() { moved "$1" "$(swan_packets)" "$2"; }

# wire_check esp|udp: what the row's capture must show.
wire_check() {
	capture_stop row
	case $1 in
	esp) check "raw ESP is on the wire" [ "$(captured row 'proto 50')" -ge 20 ] ;;
	udp)
		check "ESP in UDP 4500 is on the wire" \
			[ "$(captured row 'udp port 4500 and udp[4:2] > 9 and udp[8:4] != 0')" -ge 20 ]
		check "raw ESP is not" [ "$(captured row 'proto 50')" = 0 ]
		;;
	esac
	check "nothing clear is on the wire" wire_is_clean row
}

# --- end ---

interop_cleanup() {
	local rc=$?
	trap - EXIT
	[ -z "${PEER_DIR:-}" ] || cp "$PEER_DIR/charon.log" "$TEST_LOG/charon.log" 2>/dev/null
	if [ -n "$GUEST" ]; then
		"$interop/uml/stop" "$GUEST" 2>/dev/null
	elif [ -n "${PEER_NODE:-}" ]; then
		swan_stop
	fi
	(exit $rc)
	cleanup
}
trap interop_cleanup EXIT
