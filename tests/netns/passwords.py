# SPDX-License-Identifier: GPL-3.0-or-later
"""Enters passwords at a router's shell on a terminal.

usage: passwords.py CULVERT RUNDIR
The router is R1, has `enable secret Open Sesame`, `login local` on vty and the users
joe (`Sesame`) and ann (`Lentil`, privilege 15).
"""
import os
import sys

import pexpect

AFAR = dict(os.environ, SSH_CONNECTION="192.0.2.77 50000 192.0.2.1 22")


def start(args, env=None):
    child = pexpect.spawn(args[0], ["-r", args[1]], encoding="utf-8", timeout=15, env=env)
    child.delaybeforesend = None
    return child


def answer(child, question, text):
    """The password is not echoed, whatever follows."""
    child.expect_exact(question)
    child.send(text + "\r")


def log_in(child, user, password):
    answer(child, "Username: ", user)
    answer(child, "Password: ", password)


def silent(child):
    for word in ("Sesame", "Lentil"):
        if word in child.before:
            sys.exit(f"a password was echoed: {child.before!r}")


def enable(args):
    child = start(args)
    child.expect_exact("User Access Verification")
    log_in(child, "joe", "Lentil")
    child.expect_exact("% Login invalid")
    log_in(child, "nobody", "Sesame")
    child.expect_exact("% Login invalid")
    log_in(child, "joe", "Sesame")
    child.expect_exact("R1>")
    silent(child)
    child.send("enable\r")
    for guess in ("Sesame", "", "open sesame"):
        answer(child, "Password: ", guess)
    child.expect_exact("% Bad secrets")
    child.expect_exact("R1>")
    # Meta-*, where the line editor would put the names of files.
    child.send("show /etc/passw\x1b*\r")
    child.expect_exact("% Invalid input")
    if "passwd" in child.before:
        sys.exit(f"it names the host's files: {child.before!r}")
    child.expect_exact("R1>")
    for line in ("show running-config", "show version | redirect flash:of-joe"):
        child.send(line + "\r")
        child.expect_exact("% Invalid input")
        child.expect_exact("R1>")
    child.send("enable\r")
    answer(child, "Password: ", "Open Sesame")
    child.expect_exact("R1#")
    silent(child)
    child.send("configure terminal\r")
    child.expect_exact("R1(config)#")
    child.send("crypto isakmp key Under-the-road hostname peer\r")
    child.expect_exact("R1(config)#")
    child.send("username bob secret Barley\r")
    child.expect_exact("R1(config)#")
    child.send("key config-key password-encrypt\r")
    child.expect_exact("New key: ")
    child.send("Over-the-hill\r")
    child.expect_exact("Confirm key: ")
    typed = child.before
    child.send("Over-the-hill\r")
    child.expect_exact("R1(config)#")
    if "Over-the-hill" in typed + child.before:
        sys.exit(f"a master key was echoed: {typed + child.before!r}")
    child.send("key config-key password-encrypt\r")
    child.expect_exact("New key: ")
    child.sendintr()
    # One that comes before the shell waits does nothing, so it is typed again.
    while child.expect_exact(["8 to 127", pexpect.TIMEOUT], timeout=2):
        child.sendintr()
    child.expect_exact("R1#")
    child.send("configure terminal\r")
    child.expect_exact("R1(config)#")
    child.send("do show history\r")
    child.expect_exact("configure terminal")
    child.expect_exact("R1(config)#")
    for word in ("Under-the-road", "Barley", "Over-the-hill"):
        if word in child.before:
            sys.exit(f"a key is in the history: {child.before!r}")
    child.send("end\r")
    child.expect_exact("R1#")
    child.send("disable\r")
    child.expect_exact("R1>")
    child.send("exit\r")
    child.expect(pexpect.EOF)


def privileged(args):
    other = start(args)
    other.expect_exact("Username: ")
    child = start(args, AFAR)
    log_in(child, "ann", "Lentil")
    child.expect_exact("R1#")
    child.send("show users\r")
    child.expect_exact("   2 vty 0                 idle                 00:00:0")
    child.expect_exact("*  3 vty 1      ann        idle                 00:00:0")
    child.expect_exact("   192.0.2.77\r\n")
    child.expect_exact("R1#")
    other.close()
    child.send("exit\r")
    child.expect(pexpect.EOF)


def shut_out(args):
    child = start(args, AFAR)
    for user in ("ann", "ann", "a]\x01[n"):
        log_in(child, user, "Sesame")
        child.expect_exact("% Login invalid")
    child.expect(pexpect.EOF)
    if "R1" in child.before:
        sys.exit(f"let in: {child.before!r}")


enable(sys.argv[1:])
privileged(sys.argv[1:])
shut_out(sys.argv[1:])
