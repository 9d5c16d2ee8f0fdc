# SPDX-License-Identifier: GPL-3.0-or-later
"""Works at a router as scripts do: Netmiko over ssh, and TextFSM on what it prints.

usage: netmiko_west.py ADDRESS KEYFILE
"""
import io
import sys

import netmiko
import textfsm

BRIEF = io.StringIO(r"""Value INTERFACE (\S+)
Value ADDRESS (\S+)
Value STATUS (up|down|administratively down)
Value PROTO (up|down)

Start
  ^${INTERFACE}\s+${ADDRESS}\s+\w+\s+\w+\s+${STATUS}\s+${PROTO}\s*$$ -> Record
  ^Interface\s+IP-Address\s+OK\?\s+Method\s+Status\s+Protocol\s*$$
  ^. -> Error
""")


def check(what, good, shown):
    if not good:
        sys.exit(f"FAILED: {what}: {shown!r}")
    print(f"ok: {what}")


def connect(args, **more):
    return netmiko.ConnectHandler(device_type="cisco_ios", ip=args[0], username="root",
                                  use_keys=True, key_file=args[1], **more)


def read_and_change(args):
    """All that a first script does: look, configure, save."""
    c = connect(args)
    c.enable()
    check("the prompt is found", c.find_prompt() == "west#", c.find_prompt())
    out = c.send_command("show ip interface brief")
    rows = textfsm.TextFSM(BRIEF).ParseText(out)
    check("TextFSM reads show ip interface brief",
          ["Tunnel0", "172.16.1.1", "up", "up"] in rows and len(rows) == 3, out)
    out = c.send_command("show running-config")
    check("a long output comes whole, without --More--",
          out.rstrip().endswith("end") and "--More--" not in out and out.count("\n") > 40, out)
    out = c.send_config_set(["interface Loopback9", "ip address 192.0.2.9 255.255.255.255",
                             "description by script"])
    check("lines are configured", "% " not in out and not c.check_config_mode(), out)
    out = c.send_config_set(["interface Loopback9", "ip adress 192.0.2.9 255.255.255.255"])
    check("a wrong word has its caret", "% Invalid input detected at '^' marker." in out, out)
    out = c.send_command("show running-config interface Loopback9")
    check("what was configured is there", " description by script\n" in out, out)
    out = c.save_config()
    check("it is saved", "[OK]" in out, out)
    out = c.send_command("show startup-config | include 192.0.2.9")
    check("and is in the startup-config", out.strip() == "ip address 192.0.2.9 255.255.255.255", out)
    out = c.send_config_set(["enable secret Sesame"])
    check("enable gets a secret", "% " not in out, out)
    c.disconnect()


def enable_by_secret(args):
    c = connect(args, secret="Sesame")
    check("the next one is not privileged", c.find_prompt() == "west>", c.find_prompt())
    c.enable()
    check("and becomes so by the secret", c.check_enable_mode(), c.find_prompt())
    out = c.send_command("show crypto session")
    check("a privileged command is done", "Session status: UP-ACTIVE" in out, out)
    c.exit_enable_mode()
    check("and goes back", c.find_prompt() == "west>", c.find_prompt())
    c.disconnect()


if __name__ == "__main__":
    read_and_change(sys.argv[1:])
    enable_by_secret(sys.argv[1:])
