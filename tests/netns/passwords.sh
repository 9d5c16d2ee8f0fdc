#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Passwords and keys of a configuration: what is typed is kept as a hash, or encrypted
# under the master key, which is in a file of root's and nowhere else; both are there
# after control died and after a reboot.  A terminal asks for user and password.
. "$(dirname "$0")/lib.sh"
need ip
/usr/bin/python3 -c 'import pexpect' 2>/dev/null || skip "needs python3-pexpect"

ns=passwords-t$$
culvertd=$(dirname "$CULVERT_BIN")/sbin/culvertd
end_router() {
	local pid
	for pid in $(ip netns pids $ns 2>/dev/null); do
		kill -KILL "$pid"
	done
}
on_exit() {
	end_router
	ip netns del $ns 2>/dev/null
}
boot() { ip netns exec $ns timeout 20 "$culvertd" -c "$tmp/startup" -r "$tmp/run" 2>>"$tmp/why"; }
shell() { timeout 20 "$CULVERT_BIN/culvert" -r "$tmp/run" -c "$1"; }
configure() { { echo "configure terminal"; cat; } | timeout 60 "$CULVERT_BIN/culvert" -r "$tmp/run" >"$tmp/out" 2>&1; }
running() { shell "show running-config" 2>/dev/null >"$tmp/running" && grep -q -- "$1" "$tmp/running"; }
says() { grep -q -- "$1" "$tmp/out"; }
not() { ! "$@"; }
in_clear() { grep -lF -e Sesame -e Lentil -e Under-the-road -e Over-the-hill -e Behind-the-sea -e Out-of-the-sea "$@"; }
control() { shell "show processes" | awk '$2 == "control" { print $1 }'; }

here=$(cd "$(dirname "$0")" && pwd)
cd "$tmp" || fail "no $tmp"
sealed='NdUI^_YP[VEPG[MT_bfTEFNZYFCYe\R\M'	# "password" under cisco123
printf '%s\n' "hostname R1" "crypto isakmp key 6 $sealed address 192.0.2.9" >startup
ip netns add $ns || fail "namespace"
ip -n $ns link set lo up
boot || fail "no boot: $(cat why)"
check "a type 6 key without a master key is refused, by that word" \
	eval 'shell "show startup-config errors" | grep -q "2: .*key config-key password-encrypt"'

# --- what is typed is not kept ---
configure <<-'CONF'
	enable secret Open Sesame
	username joe secret Sesame
	username ann privilege 15 algorithm-type sha256 secret Lentil
	line vty 0 4
	login local
	key config-key password-encrypt cisco123
	password encryption aes
	crypto isakmp key 6 NdUI^_YP[VEPG[MT_bfTEFNZYFCYe\R\M address 192.0.2.9
	crypto isakmp key Under-the-road address 192.0.2.10
	crypto isakmp peer address 192.0.2.12
	set aggressive-mode password Out-of-the-sea
	crypto ikev2 keyring K
	peer A
	address 192.0.2.11
	pre-shared-key Behind-the-sea
CONF
check "a key that another router encrypted is taken" running 'key 6 NdUI^_YP\[VEPG\[MT_bfTEFNZYFCYe\\R\\M address'
check "a password is kept as scrypt" running 'enable secret 9 \$9\$'
check "or as asked for" running 'username ann privilege 15 secret 8 \$8\$'
check "a password of aggressive mode is encrypted as keys are" \
	running '^ set aggressive-mode password 6 '
check "and nothing in clear" not in_clear running
check "the key is shown as it is written" \
	eval 'shell "show crypto isakmp key" | grep "192.0.2.9 " | grep -qF "$sealed"'
check "the master key is in a file of root's" [ "$(stat -c '%a %U' keys keys/config-key | tr '\n' ' ')" = "700 root 600 root " ]
check "which no show prints" not grep -q cisco123 running

# --- at a terminal ---
check "a terminal asks, and echoes nothing" timeout 90 /usr/bin/python3 \
	"$here/passwords.py" "$CULVERT_BIN/culvert" "$tmp/run"
shell "show logging" >failures
failed() { grep -qF "$1" failures; }
check "a wrong password is logged, with the name that was typed" failed \
	"%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: joe] [Source: LOCAL] [localport: 0] [Reason: Login Authentication Failed] at "
check "so is a name that nobody has" failed "[user: nobody]"
check "and where it came from" failed "[user: ann] [Source: 192.0.2.77] [localport: 22]"
check "no name can look like more than one" failed "[user: a???n]"
check "a wrong enable secret is logged" failed \
	"%SYS-5-PRIV_AUTH_FAIL: Authentication to Privilege level 15 failed by joe on vty0"
check "a password is never logged" not in_clear failures
check "keys are encrypted under the new master key" running 'key 6 .* address 192.0.2.9'
check "not as before" not grep -qF "$sealed" running
check "the keys stay in the router" [ "$(cat keys/config-key)" = Over-the-hill ]

# --- control dies; a reboot ---
cp running before
pid=$(control)
kill -KILL "$pid"
new_control() { local now; now=$(control 2>/dev/null); [ -n "$now" ] && [ "$now" != "$pid" ]; }
wait_until 15 "control is back" new_control
check "the configuration is the same after control's death" eval 'running hostname && cmp <(grep -v "^Current" before) <(grep -v "^Current" running)'
configure <<<"no key config-key password-encrypt"
check "a master key that is needed stays" says "type 6 keys"
shell "write memory" >/dev/null || fail "write memory"
check "the startup-config has nothing in clear" not in_clear startup
end_router
wait_until 10 "all of it ended" eval '[ -z "$(ip netns pids $ns)" ]'
boot || fail "no boot: $(cat why)"
check "and is read again" eval 'running hostname && cmp <(grep -v "^Current" before) <(grep -v "^Current" running)'
check "whole" [ -z "$(shell "show startup-config errors")" ]
shell "show logging" >logged
check "the log has none of it" not in_clear logged why
configure <<-'CONF'
	no password encryption aes
	no crypto isakmp key address 192.0.2.9
	no crypto isakmp key address 192.0.2.10
	no crypto isakmp key hostname peer
	no crypto ikev2 keyring K
	no crypto isakmp peer address 192.0.2.12
	no key config-key password-encrypt
CONF
check "one that is not needed goes, and its file" [ ! -e keys/config-key ]
