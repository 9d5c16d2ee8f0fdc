#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What outlives a crash may be what the crash wrote: with every record of a
# daemon's kept state damaged, its successor forgets them and the tunnels come
# back by themselves: at the latest when a spoke's DPD has found out (25 s) and when
# it registers again (20 s).
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3
need ip ping $python

# damage DAEMON: random bytes into each record that is in use, behind its kind and sum.
damage() {
	$python - "$(cat "$RUN/hub/lab.pid")" "$1" <<-'END'
	import os, random, struct, sys
	fds = '/proc/%s/fd/' % sys.argv[1]
	name = next(f for f in os.listdir(fds)
	    if os.readlink(fds + f).startswith('/memfd:' + sys.argv[2]))
	fd = os.open(fds + name, os.O_RDWR)
	slots, size = struct.unpack_from('<IQ', os.pread(fd, 64, 0), 20)
	up = lambda n, to: (n + to - 1) // to * to
	first = 4096 + up(4 * slots, 4096)
	commits = os.pread(fd, 4 * slots, 4096)
	used = [i for i in range(slots) if struct.unpack_from('<I', commits, 4 * i)[0] == 0x600dc0de]
	for i in used:
	    os.pwrite(fd, random.randbytes(size - 8), first + i * up(size, 64) + 8)
	sys.exit(len(used) == 0)
	END
}

kill_daemon() {
	local pid
	for pid in $(node_pids hub); do
		[ "$(cat "/proc/$pid/comm")" != "culvert-$1" ] || kill -KILL "$pid"
	done
}

log_says() { grep -Eq "$1" "$RUN/hub/culvertd.log"; }

lab_begin dmvpn
sed -i 's/^crypto isakmp keepalive.*/crypto isakmp keepalive 10 3 periodic/
	s/^ ip nhrp holdtime.*/ ip nhrp holdtime 60/' "$tmp/$LAB"/*.cfg
lab_up
wait_until 30 "spoke1 is UP at the hub" spoke_up 172.16.0.11
wait_until 30 "spoke2 is UP at the hub" spoke_up 172.16.0.12
for daemon in iked nhrpd espd; do
	check "the kept state of $daemon is damaged" damage $daemon
	kill_daemon $daemon
	wait_until 10 "its successor forgets it" log_says "^$daemon: [0-9]+ damaged records"
	wait_until 60 "host1 reaches host0 again" reaches host1 10.0.0.10
	wait_until 60 "host2 reaches host0 again" reaches host2 10.0.0.10
	wait_until 60 "spoke1 is UP at the hub" spoke_up 172.16.0.11
done
answers() { router hub 'show ip nhrp' >/dev/null 2>&1; }

gave_up_what_it_kept() {
	kill_daemon nhrpd
	log_says 'nhrpd ends again and again'
}
wait_until 40 "who ends at each start is given an empty table" gave_up_what_it_kept
wait_until 10 "and answers" answers
check "what was damaged is said to be forgotten" log_says 'damaged records'
check "the lab goes down and no sanitizer spoke" lab_end
