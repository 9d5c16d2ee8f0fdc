# SPDX-License-Identifier: GPL-3.0-or-later
# In the guest: FRR's zebra with an mGRE interface for nhrpd, and strongSwan that
# has no connection yet.  Variables: see ../peer-frr.
#
# ./exec may call, besides vtysh and swanctl:
#	nhrpd_start	with the configuration in /lab/nhrpd.conf
#	nhrpd_stop	without a word to anybody
. "$LAB_HOME/guest/lib.sh"
: "${WAN_ADDR:=10.66.0.2/24}" "${TUN_ADDR:=172.16.1.2}" "${TUN_KEY:=}" "${LAN:=10.99.2.1/24}"
NFLOG_GROUP=1

# It goes to the background when it listens for vtysh.
frr_daemon() { "/usr/lib/frr/$1" -d -A 127.0.0.1 -f "/lab/$1.conf" --log "file:/lab/$1.log"; }

nhrpd_start() { frr_daemon nhrpd; }

# zebra takes its routes out when it is gone.
nhrpd_stop() {
	local pid
	pid=$(cat /run/frr/nhrpd.pid 2>/dev/null) || return 0
	kill -KILL "$pid"
	rm -f /run/frr/nhrpd.*
	wait_for 5 test ! -d "/proc/$pid" && wait_for 5 no_nhrp_route
}
no_nhrp_route() { [ -z "$(ip route show proto nhrp)" ]; }

net_up vec0 "$WAN_ADDR"
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link add lan0 type dummy
ip addr add "$LAN" dev lan0
ip link set lan0 up

# nhrpd wants a host's prefix on it, takes the NBMA address from it, and sets what the
# kernel's neighbour table needs.
# shellcheck disable=SC2086
ip tunnel add gre1 mode gre local "${WAN_ADDR%/*}" ttl 64 ${TUN_KEY:+key $TUN_KEY} || fail "mGRE"
ip addr add "$TUN_ADDR/32" dev gre1
ip link set gre1 mtu 1400 up
# What goes out where it came in: nhrpd hears of it by this, and redirects.
iptables-legacy -A FORWARD -i gre1 -o gre1 -m hashlimit --hashlimit-upto 4/minute --hashlimit-burst 1 \
	--hashlimit-mode srcip,dstip --hashlimit-srcmask 24 --hashlimit-dstmask 24 \
	--hashlimit-name redirect -j NFLOG --nflog-group $NFLOG_GROUP --nflog-size 128 || fail "NFLOG"

install -d -o frr -g frr /run/frr
touch /etc/frr/vtysh.conf /lab/zebra.conf /run/sw.conf
frr_daemon zebra || fail "zebra"
# A packet that a trap took stands in the way of the next ones so long, if nobody answers.
SW_EXTRA='plugins {
    kernel-netlink { xfrm_acq_expires = 4 }
  }'
sw_start /run/sw.conf
lab_serve
