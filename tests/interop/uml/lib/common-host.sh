# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the scripts of this folder on the host side. No state is kept in
# the repository: everything that a run writes goes under $LAB_RUN/NAME.
LAB_RUN=${CULVERT_LAB_RUN:-${TMPDIR:-/tmp}/culvert-lab-uml}
LAB_KERNEL_PKG=/usr/bin/linux.uml
LAB_KERNEL_XFRMI=${CULVERT_LAB_KERNEL:-${XDG_CACHE_HOME:-$HOME/.cache}/culvert-lab/linux-xfrmi.uml}

die() { echo "${0##*/}: $*" >&2; exit 2; }

# in_ns NS CMD...: run in a named namespace, or here when NS is empty.
in_ns() {
	local ns=$1
	shift
	if [ -n "$ns" ]; then ip netns exec "$ns" "$@"; else "$@"; fi
}

# lab_alive NAME: is the guest's supervisor still there?
lab_alive() {
	local pid
	pid=$(cat "$LAB_RUN/$1/pid" 2>/dev/null) || return 1
	[ -n "$pid" ] && [ -d "/proc/$pid" ] && grep -qa "lab_dir=$LAB_RUN/$1" "/proc/$pid/cmdline"
}

# lab_netns NS: make the namespace if it is not there; those made here are
# noted in $LAB_RUN/.netns and go with the last guest that used them.
lab_netns() {
	[ -n "$1" ] || return 0
	mkdir -p "$LAB_RUN/.netns"
	if [ ! -e "/var/run/netns/$1" ]; then
		ip netns add "$1" || die "cannot make namespace $1"
		ip -n "$1" link set lo up
		touch "$LAB_RUN/.netns/$1"
	fi
}

# lab_cleanup NAME: remove the taps and namespaces that the run made.
lab_cleanup() {
	local d=$LAB_RUN/$1 ns ifname
	if [ -s "$d/made-links" ]; then
		while read -r ns ifname; do
			[ "$ns" = - ] && ns=
			in_ns "$ns" ip link del "$ifname" 2>/dev/null
		done <"$d/made-links"
		rm -f "$d/made-links"
	fi
	ns=$(cat "$d/netns" 2>/dev/null)
	if [ -n "$ns" ] && [ -e "$LAB_RUN/.netns/$ns" ]; then
		# kept while another guest or program still lives in it
		if [ -z "$(ip netns pids "$ns" 2>/dev/null)" ]; then
			ip netns del "$ns" 2>/dev/null
			rm -f "$LAB_RUN/.netns/$ns"
		fi
	fi
	rm -f "$d/netns"
	return 0
}
