# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the peer-* scripts: their common options, the wire, the boot.
#
# The wire: namespace $NETNS holds bridge $BRIDGE with $HOST_ADDR; the guest's
# vec0 ($PEER_ADDR) is a tap on that bridge. So several peers can share the
# wire, and the program under test runs either in $NETNS itself (as $HOST_ADDR)
# or in namespaces of its own that a veth ties to the bridge.
. "$here/lib/common-host.sh"

NETNS=cvlab BRIDGE=cvbr TAP='' HOST_ADDR=10.66.0.1/24 MEM=256M TIMEOUT=900
KERNEL=$LAB_KERNEL_PKG ENVS=() MTU=''

peer_usage() {
	sed -n '3,/^$/{/^$/d;s/^# \{0,1\}//;p}' "$0"
	cat <<-EOF
	Common options (with their defaults):
	  --name NAME            guest's name, for ./exec and ./stop ($NAME)
	  --netns NS             host namespace of the wire ($NETNS)
	  --bridge BR            bridge in it ($BRIDGE); '' for none: the address is put
	                         on the tap itself, and there is only one peer
	  --tap IF               tap name (default: made from the name)
	  --host-addr A/LEN      our end of the wire ($HOST_ADDR)
	  --peer-addr A/LEN      the guest's end, vec0 ($PEER_ADDR)
	  --remote A             the other tunnel end point (default: --host-addr's)
	  --wire-mtu N           MTU of the wire, both ends (1500)
	  --set KEY=VALUE        any other variable of the guest script
	  --mem SIZE --timeout S --kernel FILE|xfrmi   as for ./boot ($MEM, $TIMEOUT)
	EOF
	exit "${1:-2}"
}

# peer_common ARGS...: handle one common option; sets SHIFT, returns 1 if none
peer_common() {
	SHIFT=2
	case $1 in
	--name) NAME=$2;;
	--netns) NETNS=$2;;
	--bridge) BRIDGE=$2;;
	--tap) TAP=$2;;
	--host-addr) HOST_ADDR=$2;;
	--peer-addr) PEER_ADDR=$2;;
	--remote) REMOTE=$2;;
	--wire-mtu) MTU=$2;;
	--set) ENVS+=("$2");;
	--mem) MEM=$2;;
	--timeout) TIMEOUT=$2;;
	--kernel) KERNEL=$2;;
	-h|--help) peer_usage 0;;
	*) return 1;;
	esac
}

# peer_boot SCRIPT: make the wire, boot the guest, return when it is ready
peer_boot() {
	local envargs=() e dev d=$LAB_RUN/$NAME
	TAP=${TAP:-t-${NAME#peer-}}
	[ ${#TAP} -le 15 ] || die "tap name $TAP is too long; use --tap"
	REMOTE=${REMOTE:-${HOST_ADDR%/*}}
	lab_alive "$NAME" && die "$NAME is already running (./stop $NAME)"
	mkdir -p "$LAB_RUN"
	# made here, not by boot, so that the wire is ready before the guest is
	lab_cleanup "$NAME"
	local made_link=''
	lab_netns "$NETNS"
	if ! ip -n "$NETNS" link show dev "$TAP" >/dev/null 2>&1; then
		ip -n "$NETNS" tuntap add dev "$TAP" mode tap || die "cannot make tap $TAP"
		made_link=1
	fi
	if [ -n "$BRIDGE" ]; then
		if ! ip -n "$NETNS" link show dev "$BRIDGE" >/dev/null 2>&1; then
			ip -n "$NETNS" link add "$BRIDGE" type bridge stp_state 0 forward_delay 0 mcast_snooping 0 \
				|| die "cannot make bridge $BRIDGE"
		fi
		ip -n "$NETNS" link set "$TAP" master "$BRIDGE"
		dev=$BRIDGE
	else
		dev=$TAP
	fi
	[ -z "$MTU" ] || ip -n "$NETNS" link set "$TAP" mtu "$MTU"
	[ -z "$MTU" ] || ip -n "$NETNS" link set "$dev" mtu "$MTU"
	ip netns exec "$NETNS" sh -c "echo 1 >/proc/sys/net/ipv6/conf/$TAP/disable_ipv6" 2>/dev/null
	ip -n "$NETNS" link set "$TAP" up
	ip -n "$NETNS" link set "$dev" up
	[ -z "$HOST_ADDR" ] || ip -n "$NETNS" addr replace "$HOST_ADDR" dev "$dev"

	ENVS+=("WAN_ADDR=$PEER_ADDR" "REMOTE=$REMOTE" "WIRE_MTU=$MTU")
	for e in "${ENVS[@]}"; do envargs+=(--env "$e"); done
	"$here/boot" "$NAME" --netns "$NETNS" --net "tap:$TAP" --mem "$MEM" --timeout "$TIMEOUT" \
		--kernel "$KERNEL" --detach --script "$1" "${envargs[@]}"
	local rc=$?
	[ -z "$made_link" ] || echo "$NETNS $TAP" >>"$d/made-links"
	[ $rc = 0 ] || { lab_cleanup "$NAME"; exit $rc; }
}
