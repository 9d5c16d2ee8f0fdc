# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the guest scripts (inside the UML kernel). Every wait is bounded.
say() { echo "lab: $*"; }
fail() { echo "lab: FAILED: $*"; exit 1; }

# wait_for SECONDS COMMAND...: until the command succeeds
wait_for() {
	local n=$(($1 * 10)) i
	shift
	for ((i = 0; i < n; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	return 1
}

lab_ready() { touch /lab/ready; say "ready after $(cut -d' ' -f1 /proc/uptime) s"; }

# lab_serve: tell ./boot --detach that we are up, then run what ./exec sends
# until ./stop.  Few processes: each costs tens of milliseconds here.
lab_serve() {
	local f b
	local -A seen
	mkfifo /run/lab.tick
	exec 9<>/run/lab.tick
	lab_ready
	while [ ! -e /lab/ctl/stop ]; do
		for f in /lab/ctl/*.cmd; do
			b=${f%.cmd}
			[ -e "$f" ] && [ -z "${seen[$b]:-}" ] || continue
			seen[$b]=1
			(
				exec 9>&-
				(. "$f") >"$b.out" 2>&1 </dev/null
				echo $? >"$b.rc"
			) &
		done
		read -r -t 0.05 -u 9 _
	done
	say "stop asked for"
}

# net_up DEV ADDR/LEN
net_up() {
	wait_for 5 test -d "/sys/class/net/$1" || fail "no interface $1"
	ip addr add "$2" dev "$1"
	ip link set "$1" up
}

# cap_start DEV FILE FILTER...: tcpdump in the background, into /lab
cap_start() {
	local dev=$1 file=$2
	shift 2
	tcpdump -Z root -n -U -i "$dev" -s 0 -w "$file" "$@" 2>/dev/null &
	CAP_PID=$!
	wait_for 5 test -s "$file"
}

# sw_start CONF [LOGLEVEL-IKE]: charon with kernel-netlink and vici, and a
# swanctl configuration. Log: /lab/charon.log. Level 4 logs keys (on purpose,
# where a capture is to be decrypted later; the PSKs here are test values).
sw_start() {
	local lvl=${2:-1}
	mkdir -p /run/sw
	cat >/run/sw/strongswan.conf <<-EOF
	swanctl {
	  load = random openssl
	}
	charon {
	  install_routes = no
	  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
	  load = random nonce openssl aes sha1 sha2 md5 hmac kdf gcm pem pkcs1 pubkey x509 constraints kernel-netlink socket-default vici updown counters
	  retransmit_tries = 4
	  retransmit_timeout = 2.0
	  filelog {
	    log {
	      path = /lab/charon.log
	      time_format = %T
	      flush_line = yes
	      default = 1
	      ike = $lvl
	      chd = $lvl
	      cfg = 2
	      knl = 1
	    }
	  }
	  ${SW_EXTRA:-}
	}
	EOF
	export STRONGSWAN_CONF=/run/sw/strongswan.conf
	/usr/lib/ipsec/charon >/lab/charon.out 2>&1 &
	CHARON_PID=$!
	wait_for 10 test -S /run/charon.vici || fail "charon did not start"
	swanctl --load-all --file "$1" --noprompt >/lab/swanctl.log 2>&1 \
		|| { cat /lab/swanctl.log; fail "swanctl did not load $1"; }
}
