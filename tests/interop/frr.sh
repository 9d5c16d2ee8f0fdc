#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# culvert's NHRP with FRR's nhrpd (in a user-mode Linux guest): either is the hub, in
# clear and under ESP in transport mode, for which strongSwan in the guest does IKE.
# ROWS='regular expression' runs some of the rows.
. "$(dirname "$0")/lib.sh"
need ip ping tcpdump tshark nft linux.uml vtysh /usr/lib/frr/nhrpd

ROUTER=north HOLD=12 IKE=
NORTH=172.16.1.1 FRR=172.16.1.2 SOUTH=172.16.1.3
NORTH_WAN=198.51.100.1 FRR_WAN=198.51.100.2 SOUTH_WAN=198.51.100.3
NORTH_LAN=10.99.1.10 FRR_LAN=10.99.2.1 SOUTH_LAN=10.99.3.10
# Any peer; FRR's own way to ask for sessions, `tunnel protection vici`, wants a patched strongSwan.
ROUTER_IP=%any ROUTER_ID=%any CHILD_EXTRA='start_action = trap' CHILD='mode = transport
	        local_ts = dynamic[gre]
	        remote_ts = dynamic[gre]'

# --- who is what: all of it anew in each row ---

at() {	# NODE LINE...
	local ROUTER=$1
	shift
	router_config "$@"
}

# As it is in the lab's configuration, but for the protection.
plain() {	# NODE
	local -a routes
	local protection=${IKE:+tunnel protection ipsec profile $IKE}
	mapfile -t routes < <(router "$1" 'show running-config' | sed -n 's/^ip route/no &/p')
	at "$1" "${routes[@]}" 'interface Tunnel0' shutdown \
		'no ip nhrp redirect' 'no ip nhrp shortcut' 'no ip nhrp authentication' \
		"no ip nhrp nhs $NORTH nbma $NORTH_WAN" "no ip nhrp nhs $FRR nbma $FRR_WAN" \
		"${protection:-no tunnel protection ipsec profile}"
}

# north is the hub.
hub() {	# LINE...
	at north 'interface Tunnel0' 'ip nhrp redirect' "$@" 'no shutdown' exit \
		"ip route ${FRR_LAN%.*}.0 255.255.255.0 $FRR" "ip route ${SOUTH_LAN%.*}.0 255.255.255.0 $SOUTH"
}

spoke() {	# NODE HUB HUB-WAN
	at "$1" 'interface Tunnel0' "ip nhrp nhs $2 nbma $3" 'ip nhrp shortcut' 'no shutdown' exit \
		"ip route 10.99.0.0 255.255.0.0 $2"
}

# nhrpd starts, with LINEs of gre1.
frr() {	# COMMAND-FOR-ROUTES LINE...
	local command=$1
	shift
	{
		printf '%s\n' 'debug nhrp common' 'nhrp nflog-group 1' 'interface gre1' ' ip nhrp network-id 1' \
			" ip nhrp holdtime $HOLD"
		printf ' %s\n' "$@"
	} >"$PEER_DIR/nhrpd.conf"
	frr_lines=$(grep -cs '' "$PEER_DIR/nhrpd.log")
	check "nhrpd starts" peer_do "$command; nhrpd_start"
}
# FRR answers only who it has a route to by the tunnel, hence one for all spokes.
frr_spoke() {	# NHS [LINE...]
	frr "ip route add 10.99.0.0/16 via $NORTH dev gre1 onlink
		ip route add ${NORTH%.*}.0/24 via $NORTH dev gre1 onlink" \
		"ip nhrp nhs $1 nbma $NORTH_WAN" 'ip nhrp shortcut' "${@:2}"
}
frr_hub() {
	frr "ip route add ${NORTH_LAN%.*}.0/24 via $NORTH dev gre1 onlink
		ip route add ${SOUTH_LAN%.*}.0/24 via $SOUTH dev gre1 onlink" 'ip nhrp redirect'
}

begin() {
	peer_do 'nhrpd_stop; ip route flush dev gre1 proto boot; ip neigh flush dev gre1'
	[ -z "$IKE" ] || swan_terminate
	plain north
	plain south
	[ -z "$IKE" ] || swan_load
}

# --- what both say ---

frr_shows() { peer_do "vtysh -d nhrpd -c '$1'" | grep -Eq -- "$2"; }
frr_said() { tail -n "+$((frr_lines + 1))" "$PEER_DIR/nhrpd.log" | grep -Eq -- "$1"; }

frr_is_client() {
	wait_until 20 "FRR is UP at culvert" \
		router_shows north 'show dmvpn' " $FRR_WAN +$FRR +UP +[0-9:]+ +D\$"
	wait_until 5 "culvert is FRR's NHS" \
		frr_shows 'show ip nhrp cache' "^gre1 +nhs +$NORTH +$NORTH_WAN +$NORTH_WAN "
	check "FRR sees it at that address" frr_shows 'show dmvpn' "^$FRR_WAN +$NORTH_WAN +n"
	check "culvert says that it registered" \
		router_shows north 'show ip nhrp' "Type: dynamic, Flags: (unique )?registered"
}

is_client_of_frr() {	# NODE TUNNEL-ADDRESS NBMA-ADDRESS
	wait_until 20 "$1 says that its NHS FRR responds" router_shows "$1" 'show ip nhrp nhs' "^$FRR +RE "
	check "and is UP" router_shows "$1" 'show dmvpn' " $FRR_WAN +$FRR +UP +[0-9:]+ +S\$"
	wait_until 5 "FRR has it in its cache" frr_shows 'show ip nhrp cache' "^gre1 +dynamic +$2 +$3 +$3 "
}

# --- the wire ---

# Ten pings each way between FRR's LAN and what lies behind a router.
pings() {	# HOST ADDRESS
	PEER_TARGET=$FRR_LAN ROUTER_TARGET=$2
	wait_until 5 "FRR's LAN is reached" reaches "$1" "$FRR_LAN"
	ping_start "$1" "$FRR_LAN" 10 0.02 there
	check "10 of 10 pings to FRR's LAN are answered" [ "$(ping_end there)" = 0 ]
	check "10 of 10 pings from there are answered" peer_pings
}

# The capture of the row has ESP and IKE only; or NHRP, of which tshark finds nothing to say.
wire() {	# NHRP-TYPE...: which have to be there
	local all type
	if [ -n "$IKE" ]; then
		wire_check esp
		return
	fi
	capture_stop row
	all=$(captured row 'proto 47 and ip[22:2] = 0x2001')
	tshark -nr "$tmp/row.pcap" \
		-Y 'nhrp.hdr.chksum.status == "Good" and not _ws.malformed and not _ws.expert and not icmp.type == 3' \
		-T fields -e nhrp.hdr.op.type >"$tmp/types" 2>/dev/null
	check "tshark dissects all $all NHRP packets, and finds no fault" [ "$all" = "$(wc -l <"$tmp/types")" ]
	for type; do
		check "NHRP packets of type $type are among them" grep -q "^$type" "$tmp/types"
	done
}

# --- FRR is a spoke of culvert ---

registers() {	# FLAGS NHS [LINE...]
	begin
	hub
	frr_spoke "${@:2}"
	frr_is_client
	check "its flags are: $1" router_shows north 'show ip nhrp' "Flags: $1 used nhop"
	pings host1 "$NORTH_LAN"
	wire 3 4
}

# expires NODE ADDRESS: in how many seconds.
expires() {
	router "$1" 'show ip nhrp' | awk -v a="$2/32" '
		$1 == a { getline; split($NF, t, ":"); print t[2] * 60 + t[3] }'
}
is_old() {	# NODE ADDRESS SECONDS
	router "$1" 'show ip nhrp' | awk -v a="$2/32" -v s="$3" '
		$1 == a { getline; split($3, t, ":"); old = t[2] * 60 + t[3] } END { exit old < s }'
}

holds() {
	local left start
	HOLD=6
	begin
	hub
	frr_spoke $NORTH
	frr_is_client
	check "it expires in $HOLD s at most" [ "$(expires north $FRR)" -le $HOLD ]
	wait_until 20 "FRR registers again: the entry is older than that" is_old north $FRR $((HOLD + 1))
	peer_do nhrpd_stop
	left=$(expires north $FRR) start=$(date +%s)
	wait_until $((HOLD + 3)) "the entry goes without it" not router_shows north 'show dmvpn' " $FRR "
	check "when it expires" [ $(($(date +%s) - start)) -ge $((left - 1)) ]
	check "culvert logs it" router_logged "NHRP_NHC_DOWN: .*\(Tunnel: $FRR NBMA: $FRR_WAN "
	wire 3 4
}

refuses_without_string() {
	begin
	hub 'ip nhrp authentication secret'
	frr_spoke $NORTH
	wait_until 10 "culvert refuses" router_logged \
		'no authentication string for +Registration Request , Reason: +authentication failure \(11\)'
	check "and keeps nothing" not router_shows north 'show ip nhrp' "$FRR"
	wait_until 5 "FRR hears of it" frr_said 'Recv Error-Indication'
	at north 'interface Tunnel0' 'no ip nhrp authentication'
	frr_is_client
	wire 3 4 7
}

# FRR's LAN is a host of the guest: one router less than between hosts.
frr_ttl() { peer_do "ping -n -c 1 -W 1 -I $FRR_LAN $1" | grep -q "ttl=$2 "; }
frr_ping_start() {	# ADDRESS COUNT INTERVAL NAME, as ping_start
	: >"$tmp/$4.ping"
	peer_do "ping -n -c $2 -i $3 -W 2 -p 63756c7665727421 -I $FRR_LAN $1" >"$tmp/$4.ping" &
}

shortcut() {
	begin
	hub
	spoke south $NORTH $NORTH_WAN
	frr_spoke $NORTH
	frr_is_client
	wait_until 20 "south is UP, too" router_shows north 'show dmvpn' " $SOUTH +UP "
	frr_ping_start "$SOUTH_LAN" 60 0.05 moves
	wait_until 15 "FRR's pings take the direct path" frr_ttl "$SOUTH_LAN" 63
	wait_until 15 "south's, too" ping_ttl host3 "$FRR_LAN" 63
	# While IKE runs strongSwan's kernel drops what the trap took.
	[ -n "$IKE" ] || check "no ping of 60 is lost meanwhile" [ "$(ping_end moves)" = 0 ]
	check "FRR has a shortcut" \
		frr_shows 'show ip nhrp shortcut' "^dynamic +${SOUTH_LAN%.*}\.0/24 +$SOUTH "
	check "south has one" \
		router_shows south 'show ip route' "^H +${FRR_LAN%.*}\.0/24 .*via $FRR, .*Tunnel0"
	pings host3 "$SOUTH_LAN"
	wire 1 2 8
}

# --- FRR is the hub ---

registers_at_frr() {
	begin
	frr_hub
	spoke north $FRR $FRR_WAN
	is_client_of_frr north $NORTH $NORTH_WAN
	pings host1 "$NORTH_LAN"
	wire 3 4
}

hub_comes_back() {
	begin
	frr_hub
	spoke north $FRR $FRR_WAN
	is_client_of_frr north $NORTH $NORTH_WAN
	peer_do nhrpd_stop
	wait_until 30 "culvert says that FRR is down" router_logged \
		"NHRP_NHS_DOWN: .*\(Tunnel: $FRR .* is DOWN, Reason: NHRP Registration Failure"
	check "and is trying" router_shows north 'show ip nhrp nhs' "^$FRR +E "
	check "nhrpd starts" peer_do nhrpd_start
	is_client_of_frr north $NORTH $NORTH_WAN
	pings host1 "$NORTH_LAN"
	wire 3 4
}

shortcut_by_frr() {
	begin
	frr_hub
	spoke north $FRR $FRR_WAN
	spoke south $FRR $FRR_WAN
	is_client_of_frr north $NORTH $NORTH_WAN
	is_client_of_frr south $SOUTH $SOUTH_WAN
	ping_start host1 "$SOUTH_LAN" 60 0.05 moves
	wait_until 15 "host1's pings take the direct path" ping_ttl host1 "$SOUTH_LAN" 62
	wait_until 15 "host3's, too" ping_ttl host3 "$NORTH_LAN" 62
	check "no ping of 60 is lost meanwhile" [ "$(ping_end moves)" = 0 ]
	check "FRR redirected" frr_said "Send Traffic Indication to $NORTH_WAN"
	check "north has a shortcut" \
		router_shows north 'show ip route' "^H +${SOUTH_LAN%.*}\.0/24 .*via $SOUTH, .*Tunnel0"
	check "south has one" \
		router_shows south 'show ip route' "^H +${NORTH_LAN%.*}\.0/24 .*via $NORTH, .*Tunnel0"
	wire 1 2 8
}

on_exit() { cp "$PEER_DIR"/{nhrpd,zebra}.log "$TEST_LOG" 2>/dev/null; }

interop_begin frr
lab_up
guest_begin peer-frr --tun-key 7

row 'FRR registers with culvert' registers 'unique registered' $NORTH
row 'FRR registers without knowing the hub by address, and no-unique' registers registered dynamic \
	'ip nhrp registration no-unique'
row 'FRR registers again and again, and is forgotten when it stops' holds
row 'culvert refuses who has no authentication string' refuses_without_string
row 'culvert redirects FRR and another spoke: shortcuts' shortcut
row 'culvert registers with FRR' registers_at_frr
row 'FRR is gone and comes back' hub_comes_back
row 'FRR redirects two spokes: shortcuts' shortcut_by_frr
for IKE_VERSION in 1 2; do
	IKE=IKEv$IKE_VERSION
	[ $IKE_VERSION = 1 ] || IKE_WORD=ikev2
	begin >/dev/null	# before the capture, which must be free of what was in clear
	row "$IKE: FRR registers with culvert" registers 'unique registered' $NORTH
	row "$IKE: culvert redirects FRR and another spoke: shortcuts" shortcut
	row "$IKE: culvert registers with FRR" registers_at_frr
	row "$IKE: FRR redirects two spokes: shortcuts" shortcut_by_frr
done

rows_end || exit 1
uml_end
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
