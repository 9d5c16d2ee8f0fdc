# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Debian packages that culvert is built from, runs with and is tested with, and
# how quickstart and runtests install those that are missing.  Sourced; POSIX sh.

PACKAGES_BUILD="gcc libc6-dev make autoconf automake pkg-config libreadline-dev libssl-dev
	libnl-3-dev libnl-route-3-dev libnftables-dev libyaml-dev libpcre2-dev liburcu-dev uthash-dev
	libcap-ng-dev"
# Optional, and only there: faster AES-GCM.
[ "$(uname -m)" != x86_64 ] || PACKAGES_BUILD="$PACKAGES_BUILD libipsec-mb-dev"
PACKAGES_RUN="iproute2 iputils-ping nftables"
PACKAGES_TEST="libcmocka-dev clang llvm-14 libclang-rt-14-dev tcpdump tshark python3-scapy
	python3-cryptography-vectors python3-pexpect mandoc procps iperf3 xz-utils conntrack
	ethtool wireguard-go wireguard-tools
	strongswan-charon charon-systemd strongswan-swanctl libstrongswan-standard-plugins
	libcharon-extra-plugins"
PACKAGES_TEST_ALL="user-mode-linux kmod iptables frr ike-scan libstrongswan-extra-plugins
	openssh-server python3-netmiko python3-textfsm"

# "sudo" when we are not root, or nothing.
as_root=
if [ "$(id -u)" != 0 ]; then
	as_root=sudo
	command -v sudo >/dev/null || { echo "this needs root: run it as root, or install sudo" >&2; exit 1; }
fi

packages_missing() {
	for package; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			printf ' %s' "$package"
	done
}

# packages_install LOG PACKAGE...: nothing is fetched when nothing is missing.
packages_install() {
	packages_log=$1
	shift
	packages_need=$(packages_missing "$@")
	[ -n "$packages_need" ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "no apt-get here; these Debian packages, or their like, are needed:$packages_need" >&2
		return 1
	fi
	echo "installing:$packages_need"
	packages_guard=
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		# Packages must not start daemons here: strongSwan's would take our ports.
		printf '#!/bin/sh\nexit 101\n' | $as_root tee /usr/sbin/policy-rc.d >/dev/null
		$as_root chmod 755 /usr/sbin/policy-rc.d
		packages_guard=1
		trap 'packages_unguard; exit 130' INT TERM
	fi
	packages_apt >"$packages_log" 2>&1
	packages_status=$?
	packages_unguard
	if [ $packages_status -ne 0 ] || [ -n "$(packages_missing "$@")" ]; then
		tail -20 "$packages_log" >&2
		echo "apt-get could not install:$(packages_missing "$@") (all of it: $packages_log)" >&2
		return 1
	fi
}

packages_unguard() {
	[ -z "$packages_guard" ] || $as_root rm -f /usr/sbin/policy-rc.d
	trap - INT TERM
}

packages_apt() {
	# apt checks signatures as another user, who must be able to write in TMPDIR.
	$as_root env DEBIAN_FRONTEND=noninteractive TMPDIR=/var/tmp \
		apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update -q &&
	$as_root env DEBIAN_FRONTEND=noninteractive TMPDIR=/var/tmp \
		apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
		install -y -q --no-install-recommends $packages_need </dev/null
}

# build_in DIR LOG [CONFIGURE OPTION...]: configure and make there, install below DIR/inst.
build_in() {
	build_dir=$1
	build_log=$2
	shift 2
	mkdir -p "$build_dir" &&
	{ [ -x configure ] || autoreconf -fi; } >"$build_log" 2>&1 &&
	{ [ -f "$build_dir/Makefile" ] ||
		(srcdir=$(pwd) && cd "$build_dir" && "$srcdir/configure" --prefix="$srcdir/$build_dir/inst" \
			--runstatedir=/run "$@"); } >>"$build_log" 2>&1 &&
	make -C "$build_dir" -j"$(nproc)" >>"$build_log" 2>&1 &&
	make -C "$build_dir" install >>"$build_log" 2>&1
}
