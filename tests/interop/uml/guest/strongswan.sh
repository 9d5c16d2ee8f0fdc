# SPDX-License-Identifier: GPL-3.0-or-later
# In the guest: strongSwan (charon, kernel-netlink) as the peer of one tunnel.
# Variables (defaults below): see ../peer-strongswan-gre and ../peer-strongswan-vti.
. "$LAB_HOME/guest/lib.sh"
: "${KIND:=gre}" "${WAN_ADDR:=10.66.0.2/24}" "${REMOTE:=10.66.0.1}"
: "${IKE:=2}" "${PSK:=culvert-test-psk}" "${IKE_PROP:=aes128-sha256-modp2048}" "${ESP_PROP:=aes128-sha256}"
: "${START:=none}" "${LOGLEVEL:=1}" "${TUN_KEY:=}" "${TUN_MTU:=}" "${XFRM_MODE:=transport}"
: "${TUN_LOCAL:=10.99.0.2}" "${TUN_REMOTE:=10.99.0.1}" "${LAN:=10.99.2.1/24}" "${REMOTE_LAN:=10.99.1.0/24}"
: "${ENCAP:=no}" "${DPD:=0s}" "${REKEY_CHILD:=1h}" "${REKEY_IKE:=4h}" "${ID_LOCAL:=}" "${ID_REMOTE:=}" "${CAPTURE:=}"
: "${AGGRESSIVE:=no}" "${CHILD_EXTRA:=}" "${CONN_EXTRA:=}"
local_ip=${WAN_ADDR%/*}
: "${ID_LOCAL:=$local_ip}" "${ID_REMOTE:=$REMOTE}"

net_up vec0 "$WAN_ADDR"
[ -z "${WIRE_MTU:-}" ] || ip link set vec0 mtu "$WIRE_MTU"
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link add lan0 type dummy
ip addr add "$LAN" dev lan0
ip link set lan0 up
[ -z "$CAPTURE" ] || cap_start vec0 /lab/wire.pcap

keyarg=()
[ -z "$TUN_KEY" ] || keyarg=(key "$TUN_KEY")
case $KIND in
gre)
	ip link add tun0 type gre local "$local_ip" remote "$REMOTE" ttl 64 "${keyarg[@]}" || fail "gre"
	child="mode = $XFRM_MODE
	       local_ts = dynamic[gre]
	       remote_ts = dynamic[gre]"
	;;
vti)
	[ -n "$TUN_KEY" ] || TUN_KEY=42
	ip link add tun0 type vti local "$local_ip" remote "$REMOTE" key "$TUN_KEY" || fail "vti"
	child="mode = tunnel
	       local_ts = 0.0.0.0/0
	       remote_ts = 0.0.0.0/0
	       mark_in = $TUN_KEY
	       mark_out = $TUN_KEY"
	;;
xfrm)
	[ -n "$TUN_KEY" ] || TUN_KEY=42
	ip link add tun0 type xfrm dev vec0 if_id "$TUN_KEY" || fail "xfrm interface: boot with --kernel xfrmi"
	child="mode = tunnel
	       local_ts = 0.0.0.0/0
	       remote_ts = 0.0.0.0/0
	       if_id_in = $TUN_KEY
	       if_id_out = $TUN_KEY"
	;;
none)
	# plain policy-based tunnel between the LANs, no tunnel interface
	child="mode = tunnel
	       local_ts = $LAN
	       remote_ts = $REMOTE_LAN"
	ip route add "$REMOTE_LAN" via "$REMOTE" src "${LAN%/*}"
	;;
esac
if [ "$KIND" != none ]; then
	[ -z "$TUN_MTU" ] || ip link set tun0 mtu "$TUN_MTU"
	ip addr add "$TUN_LOCAL" peer "$TUN_REMOTE" dev tun0
	[ "$KIND" = gre ] || echo 1 >/proc/sys/net/ipv4/conf/tun0/disable_policy
	ip link set tun0 up
	ip route add "$REMOTE_LAN" dev tun0
fi

case $START in none|trap|start) ;; *) fail "START=$START";; esac
mkdir -p /run/sw
cat >/run/sw/swanctl.conf <<EOF
connections {
  peer {
    version = $IKE
    aggressive = $AGGRESSIVE
    local_addrs = $local_ip
    remote_addrs = $REMOTE
    proposals = $IKE_PROP
    encap = $ENCAP
    dpd_delay = $DPD
    rekey_time = $REKEY_IKE
    mobike = no
    $CONN_EXTRA
    local { auth = psk
            id = $ID_LOCAL }
    remote { auth = psk
             id = $ID_REMOTE }
    children {
      tun {
        $child
        esp_proposals = $ESP_PROP
        rekey_time = $REKEY_CHILD
        start_action = $START
        $CHILD_EXTRA
      }
    }
  }
}
secrets {
  ike-peer { id-1 = $ID_LOCAL
             id-2 = $ID_REMOTE
             secret = "$PSK" }
}
EOF
[ "$PSK" = none ] || sw_start /run/sw/swanctl.conf "$LOGLEVEL"
lab_serve
