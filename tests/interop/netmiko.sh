#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A router as scripts meet it: an sshd with the ForceCommand of culvert(1), and
# Netmiko and TextFSM on the other side (netmiko_west.py).
. "$(dirname "$0")/../netns/lib.sh"
need ip ssh-keygen /usr/sbin/sshd
/usr/bin/python3 -c 'import netmiko, textfsm' 2>/dev/null ||
	skip "needs python3-netmiko and python3-textfsm"

SSHD=
stop_sshd() {
	[ -z "$SSHD" ] || kill "$SSHD" 2>/dev/null
	SSHD=
}

start_sshd() {
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/host" && ssh-keygen -q -t rsa -b 2048 -m PEM -N '' \
		-f "$tmp/user" || fail "ssh-keygen"
	mkdir -p /run/sshd
	cat >"$tmp/sshd_config" <<-EOF
	HostKey $tmp/host
	PidFile none
	AuthorizedKeysFile $tmp/user.pub
	StrictModes no
	PermitRootLogin prohibit-password
	ForceCommand test -t 0 && exec $CULVERT_BIN/culvert -r $RUN/west
	EOF
	on west /usr/sbin/sshd -D -e -f "$tmp/sshd_config" 2>"$TEST_LOG/sshd.log" &
	SSHD=$!
	wait_until 10 "sshd listens" eval 'on west ss -ltn | grep -q ":22 "'
}

lab_begin site-to-site
lab_up
start_sshd
on host-west timeout 120 /usr/bin/python3 "$(dirname "$0")/netmiko_west.py" 10.1.0.1 "$tmp/user"
rc=$?
stop_sshd
check "the script is done" [ $rc = 0 ]
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
