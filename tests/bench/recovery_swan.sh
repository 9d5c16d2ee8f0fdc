# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# The fault of tests/bench/recovery between strongSwans (kernel-libipsec: ESP in UDP, in
# tunnel mode by policies, which is all that it can): the same addresses, one charon a node.
# Their dead peer detection is set as `crypto isakmp keepalive 10 3 periodic` is.  An IKEv1
# charon repeats a probe only after dpd_delay, so there 3 of them go unanswered; for
# IKEv2, 5 repetitions 3 s apart, as ours.  The peer begins anew when it has given up.

SWAN_IKE_PROP=aes256-sha256-ecp256

swan_lab() {	# VERSION
	local i
	LAB=recovery-swan$1-t$$ LABFILE=$tmp/recovery-swan$1-t$$.yaml RUN=/run/culvert/recovery-swan$1-t$$
	{
		say "nodes:"
		say "  transit: {type: transit, links: [wan-center$(printf ', wan-%s' "${PEERS[@]}")]}"
		say "  center: {type: host, link: wan-center, address: 203.0.113.1/24}"
		for i in "${!PEERS[@]}"; do
			say "  ${PEERS[i]}: {type: host, link: wan-${PEERS[i]}, address: 203.0.113.$((11 + i))/24}"
		done
	} >"$LABFILE"
}

swan_at() { PEER_NODE=$1 PEER_DIR=$tmp/$LAB-$1 PEER_CONF=$PEER_DIR; }

# Center knows nobody by address: whoever has the key may come, so it can only wait.
swan_center() {
	swan_at center
	PEER_IP=203.0.113.1 ROUTER_IP=%any ROUTER_ID=%any CONN_EXTRA= CHILD_EXTRA=
	CHILD=$'local_ts = 10.0.0.0/24\n\t        remote_ts = 10.0.0.0/8'
	swan_start >/dev/null
	disown		# whoever kills it says so
}

swan_peer() {	# NAME NUMBER
	swan_at "$1"
	PEER_IP=203.0.113.$((10 + $2)) ROUTER_IP=203.0.113.1 ROUTER_ID=
	CHILD="local_ts = 10.$2.0.0/24
	        remote_ts = 10.0.0.0/24"
	CHILD_EXTRA=$'dpd_action = restart\n\t        start_action = start'
	CONN_EXTRA=$'dpd_delay = 10s\n\t    dpd_timeout = 30s\n\t    keyingtries = 0'
	swan_start >/dev/null
	disown		# whoever kills it says so
}

swan_begin_all() {
	local i
	IKE_PROP=$SWAN_IKE_PROP
	CHARON_EXTRA=$'retransmit_tries = 5\n\t  retransmit_timeout = 3.0\n\t  retransmit_base = 1.0'
	for i in center "${PEERS[@]}"; do
		mkdir -p "$tmp/$LAB-$i"
	done
	on center ip addr add 10.0.0.1/32 dev lo
	swan_center
	for i in "${!PEERS[@]}"; do
		on "${PEERS[i]}" ip addr add "10.$((i + 1)).0.1/32" dev lo
		swan_peer "${PEERS[i]}" $((i + 1))
	done
}

swan_end_all() {
	local n
	for n in center "${PEERS[@]}"; do
		swan_at "$n"
		[ ! -d "$PEER_DIR" ] || swan_stop KILL
	done
}

swan_kill_center() {
	swan_at center
	swan_stop KILL
	swan_center
}
