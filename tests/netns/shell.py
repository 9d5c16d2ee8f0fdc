# SPDX-License-Identifier: GPL-3.0-or-later
"""Types at a router's shell on a terminal, and looks at what it answers.

usage: shell.py CULVERT RUNDIR
"""
import os
import re
import signal
import sys
import time

import pexpect

BAD = "% Invalid input detected at '^' marker."


class Shell:
    def __init__(self, program, rundir):
        self.child = pexpect.spawn(program, ["-r", rundir], encoding="utf-8", timeout=15,
                                   dimensions=(24, 80))
        self.child.delaybeforesend = None
        self.prompt = "west>"
        self.child.expect_exact(self.prompt)

    def key(self, keys, until):
        """What comes before `until`."""
        self.child.send(keys)
        self.child.expect_exact(until)
        return self.child.before.replace("\r", "")

    def line(self, text, prompt=None):
        """What a line prints; it is typed, and echoed, first."""
        self.prompt = prompt or self.prompt
        self.child.send(text + "\r")
        self.child.expect_exact("\r\n")
        self.child.expect_exact(self.prompt)
        return self.child.before.replace("\r", "")


def same(what, got, want):
    if got != want:
        sys.exit(f"{what}:\n--- got\n{got!r}\n--- wanted\n{want!r}")


def has(what, got, want):
    if want not in got:
        sys.exit(f"{what}:\n--- got\n{got}\n--- wanted in it\n{want}")


def lacks(what, got, unwanted):
    if unwanted in got:
        sys.exit(f"{what}:\n--- got\n{got}\n--- not wanted in it\n{unwanted}")


def carets(sh):
    same("caret", sh.line("shwo ver"), " " * 7 + f"^\n{BAD}\n\n")
    same("caret behind an abbreviation", sh.line("sh ip ruote"), " " * 12 + f"^\n{BAD}\n\n")
    same("incomplete", sh.line("traceroute"), "% Incomplete command.\n\n")
    same("ambiguous", sh.line("sh c"), '% Ambiguous command:  "sh c"\n\n')
    same("show alone", sh.line("sh"), '% Type "show ?" for a list of subcommands\n')
    same("no host", sh.line("ping nobody"),
         "% Unrecognized host or address, or protocol not running.\n")


def habits(sh):
    """What fingers type, in short words, and what is elsewhere says where."""
    for line, want in (("ter len 0", ""), ("sh ip int br", "GigabitEthernet0/0 "), ("sh run | i ^interface", "interface Tunnel0\n"),
                       ("sh run int tu 0", "interface Tunnel0\n"), ("sh ver", "uptime is"),
                       ("sh cry isa sa act", "dst "), ("sh cry ca cert", ""), ("sh conf", "hostname west"),
                       ("sh ip ro 198.51.100.0 255.255.255.0", "Routing entry for 198.51.100.0/24\n"),
                       ("sh inventory", "% there is no such hardware"), ("sh ip ospf nei", "FRR"),
                       ("telnet 192.0.2.1", "the host's telnet"), ("debug ip packet", "tcpdump"),
                       ("crypto pki enroll CA", "`configure terminal` first"),
                       ("who", "vty 0 "), ("enable 15", ""), ("terminal width 511", ""),
                       ("sh ip int br tu0", "Tunnel0 "), ("sh ip int gi0/0 br", "GigabitEthernet0/0 "),
                       ("sh ip ro 198.51.100.0 255.255.255.0 lon", "\nC        198.51.100.0/24 is directly"),
                       ("sh cry map", 'Crypto Map IPv4 "Tunnel0-head-0" 65536 ipsec-isakmp\n'),
                       ("sh cry ips tr TS", ""), ("sh dmvpn count", "% `show dmvpn | count UP`"),
                       ("sh ev man ver", "% `show version`"), ("sh ev man stat pol", "Triggered"),
                       ("clear cry sess rem 198.51.100.2 fvrf X", "% there is one routing table"),
                       ("sh int fa0/0", "% GigabitEthernet, Loopback and Tunnel are what there is\n"),
                       ("sh reload", "No reload is scheduled.\n")):
        has(line, sh.line(line), want)
    sh.key("clear log\r", "Clear logging buffer [confirm]")
    same("the log is cleared", sh.line(""), "")
    sh.key("clear counters\r", 'Clear "show interface" counters on all interfaces [confirm]')
    same("the counters are not", sh.line("n"), "")
    sh.line("terminal length 24")
    sh.line("terminal width 80")


def configuration(sh):
    has("configure", sh.line("conf t", "west(config)#"), "Enter configuration commands")
    sh.line("\tint lo7", "west(config-if)#")
    same("?", sh.key("ip mtu ?", "west(config-if)#ip mtu "), "ip mtu ?\n  <68-10000>  MTU (bytes)\n\n")
    sh.line("1400")
    sh.key("description half a li\x03", "west#")
    has("Ctrl-C drops the line", sh.line("show run int lo7 | i des|mtu", "west#"), "ip mtu 1400\n")
    sh.line("conf t", "west(config)#")
    same("an interface that is not there", sh.line("int fa0/0"),
         " " * 17 + f"^\n{BAD}\n% GigabitEthernet, Loopback and Tunnel are what there is\n\n")
    sh.line("int lo7", "west(config-if)#")
    has("a protocol that is not here", sh.line("router eigrp 100", "west(config)#"), "% no routing protocol is built in")
    has("its lines", sh.line(" network 10.0.0.0"), "% no such command here; `router eigrp 100`, which")
    has("a mode in it", sh.line(" address-family ipv4"), "% no such command here; `router eigrp 100`, which")
    same("its exit", sh.line(" exit"), "")
    same("its exit", sh.line(" exit"), "")
    same("no name", sh.line("hostname -bad-"),
         "% Hostname contains one or more illegal characters.\n")
    has("a long name", sh.line("hostname " + "a" * 64), "% that is longer than a name may be\n")
    same("do alone", sh.line("do"), "% Incomplete command.\n\n")
    sh.line("hostname a-name-of-more-than-twenty", "a-name-of-more-than-(config)#")
    sh.line("no int lo7")
    sh.key("hostname west\x1a", "west#")
    sh.prompt = "west#"


def paging(sh):
    sh.key("show run\r", " --More-- ")
    sh.key("\r", " --More-- ")
    sh.key("q", "west#")
    sh.line("terminal length 0")
    has("no paging", sh.line("show run"), "\nend\n")
    has("terminal", sh.line("show terminal"), "Length: 0 lines, Width: 80 columns\n")
    has("history", sh.line("show history"), "  conf t\n")


def ping(sh):
    """Alone it asks."""
    for answers in (("", "198.51.100.2", "2", "", "1", "y", "gi0/0", "y"), ("ip", "198.51.100.2", "2", "200", "", "", "", "")):
        sh.key("ping\r", "Protocol [ip]: ")
        sh.key(answers[0] + "\r", "Target IP address: ")
        sh.key(answers[1] + "\r", "Repeat count [5]: ")
        sh.key(answers[2] + "\r", "Datagram size [100]: ")
        sh.key(answers[3] + "\r", "Timeout in seconds [2]: ")
        sh.key(answers[4] + "\r", "Extended commands [n]: ")
        if answers[5] == "y":
            sh.key("y\r", "Source address or interface: ")
            sh.key(answers[6] + "\r", "Set DF bit in IP header? [no]: ")
        has("pinged", sh.line(answers[7] if answers[5] else ""), "Success rate is 100 percent (2/2)")
        has("as was answered", sh.child.before.replace("\r", ""), "Sending 2, " + (answers[3] or "100") + "-byte")
    sh.key("ping\r", "Protocol [ip]: ")
    sh.key("\r", "Target IP address: ")
    same("no address", sh.line("nobody"), "% Bad IP address\n")
    sh.key("ping\r", "Protocol [ip]: ")
    sh.key("\r", "Target IP address: ")
    sh.key("198.51.100.2\r", "Repeat count [5]: ")
    same("no number", sh.line("x"), "% A decimal number between 1 and 2147483647.\n")
    sh.child.send("ping 198.51.100.77 repeat 1000 timeout 1\r")
    sh.child.expect_exact("seconds:\r\n")
    sh.key("\x1e", "Success rate is 0 percent (0/1)")
    sh.child.expect_exact("west#")


def debug(sh):
    question = "This may severely impact network performance. Continue? (yes/[no]): "
    sh.key("debug all\r", question)
    same("debug all refused", sh.line(""), "")
    same("no debugging", sh.line("show debugging"), "")
    sh.key("debug all\r", question)
    same("debug all", sh.line("yes"), "All possible debugging has been turned on\n")
    has("debugging", sh.line("show debugging"), "Crypto IPSEC debugging is on\n")
    same("undebug all", sh.line("un all"), "All possible debugging has been turned off\n")


def tech_support(sh):
    tech = sh.line("show tech-support")
    for heading in ("show version", "show running-config", "show crypto ipsec sa detail", "show logging"):
        has("show tech-support", tech, f"\n------------------ {heading} ------------------\n\n")
    has("no key", tech, "crypto isakmp key <removed> address 198.51.100.2\n")
    lacks("the key", tech, "Under-the-road")


def flash(sh):
    has("no files", sh.line("dir"), "Directory of flash:/\n\nNo files in directory\n")
    sh.key("copy run flash:before\r", "Destination filename [before]? ")
    if re.fullmatch(r"\d+ bytes copied in \d+\.\d{3} secs \(\d+ bytes/sec\)\n", sh.line("")) is None:
        sys.exit(f"copied:\n{sh.child.before}")
    sh.key("copy run flash:\r", "Destination filename [running-config]? ")
    has("another name", sh.line("other"), " bytes copied in ")
    has("is the file's", sh.line("dir | i other"), " other\n")
    sh.key("copy run flash:\r", "Destination filename [running-config]? ")
    sh.key("other\r", "Do you want to over write? [confirm]")
    has("it is there already", sh.child.before, "%Warning:There is a file already existing with this name")
    same("it stays", sh.line("n"), "")
    sh.key("copy run flash:\r", "Destination filename [running-config]? ")
    has("no name of a file", sh.line("../startup-config"), "% a file is flash:NAME")
    with open(f"{sys.argv[2]}/flash/lines", "w") as lines:
        lines.write("interface Tunnel0\n description from a file\n no such line\nrouter eigrp 1\n shutdown\n")
    sh.key("copy flash:lines running-config\r", "Destination filename [running-config]? ")
    said = sh.line("")
    has("refused", said, "  line 3:  no such line\n")
    has("merged", said, "82 bytes copied in ")
    has("what was in it", sh.line("show run int tu0"), " description from a file\n")
    lacks("a mode that is not here", sh.line("show run int tu0"), "shutdown")
    sh.key("copy flash:other run\r", "Destination filename [running-config]? ")
    lacks("a whole one", sh.line(""), "  line ")
    lacks("is merged", sh.line("show run int tu0"), "from a file")
    sh.key("copy flash:none run\r", "Destination filename [running-config]? ")
    same("no file", sh.line(""), "%Error opening flash:none (No such file or directory)\n")
    sh.key("delete flash:lines\r", "Delete flash:lines? [confirm]")
    sh.line("")
    sh.key("delete flash:other\r", "Delete flash:other? [confirm]")
    sh.line("")
    sh.line("show version | append flash:version")
    files = sh.line("dir flash:")
    if re.search(r"\n    1  -rw- +\d+  \w{3} [ \d]\d \d{4} \d\d:\d\d:\d\d \+00:00  before\n", files) is None:
        sys.exit(f"dir:\n{files}")
    has("show flash:", sh.line("show flash:"), " version\n")
    has("more", sh.line("more flash:version | i Soft"), "culvert Software (LINUX)")
    has("more", sh.line("more before | i hostname"), "hostname west\n")
    with open(f"{sys.argv[2]}/flash/odd", "wb") as odd:
        odd.write(b"a\x1b[7mb\0c\r\nd\xc3\xa9\n")
    same("more, at a terminal", sh.line("more odd"), "a.[7mb.c.\nd\xe9\n")
    same("no file", sh.line("more flash:x"), "%Error opening flash:x (File not found)\n")
    has("no folder", sh.line("more flash:../startup-config"), "% a file is flash:NAME")
    sh.key("delete flash:before\r", "Delete flash:before? [confirm]")
    sh.key("\x03\r", sh.prompt)
    has("Ctrl-C and Enter at once are no leave", sh.line("dir"), "before")
    sh.key("delete flash:before\r", "Delete flash:before? [confirm]")
    same("not deleted", sh.line("n"), "")
    sh.key("delete flash:before\r", "Delete flash:before? [confirm]")
    same("deleted", sh.line(""), "")
    lacks("deleted", sh.line("dir"), "before")


def traceroute(sh):
    end = time.monotonic() + 15
    while "(1/1)" not in sh.line("ping 10.2.0.10 source gi0/1 repeat 1 timeout 1"):
        if time.monotonic() > end:
            sys.exit("nothing goes through the tunnel")
    way = sh.line("traceroute 10.2.0.10 source gi0/1 timeout 2 probe 2")
    if re.fullmatch(r"Type escape sequence to abort.\nTracing the route to 10\.2\.0\.10\n"
                    r"VRF info: \(vrf in name/id, vrf out name/id\)\n"
                    r"  1 172\.16\.1\.2 \d+ msec \d+ msec\n"
                    r"  2 10\.2\.0\.10 \d+ msec \d+ msec\n", way) is None:
        sys.exit(f"a traceroute through the tunnel:\n{way}")
    has("nobody is there", sh.line("traceroute 198.51.100.77 probe 1 timeout 4 ttl 1 1"),
        "  1 198.51.100.1 !H \n")
    same("no such source", sh.line("traceroute 10.2.0.10 source 192.0.2.99"),
         "% Invalid source address- IP address not on any of our up interfaces\n")
    sh.child.send("traceroute 198.51.100.77 timeout 3000\r")
    sh.child.expect_exact("\r\n  1 ")
    sh.key("\x1e", "west#")
    sh.prompt = "west#"


def neighbours(sh):
    has("ping", sh.line("ping 198.51.100.2 repeat 1"), "(1/1)")
    arp = sh.line("show ip arp")
    for pattern in (r"Internet  198\.51\.100\.1 +-   ([0-9a-f]{4}\.){2}[0-9a-f]{4}  ARPA   GigabitEthernet0/0\n",
                    r"Internet  198\.51\.100\.2 +0   ([0-9a-f]{4}\.){2}[0-9a-f]{4}  ARPA   GigabitEthernet0/0\n"):
        if re.search(pattern, arp) is None:
            sys.exit(f"no {pattern} in\n{arp}")
    lacks("one address", sh.line("show arp 198.51.100.2"), "198.51.100.1 ")
    has("ip interface", sh.line("show ip interface gi0/0"),
        "GigabitEthernet0/0 is up, line protocol is up\n  Internet address is 198.51.100.1/24\n")
    has("users", sh.line("show users"), "*  2 vty 0                 idle                 00:00:0")


UNSAVED = "System configuration has been modified. Save? [yes/no]: "
PROCEED = "Proceed with reload? [confirm]"
ERASE = ("Erasing the nvram filesystem will remove all configuration files! "
         "Continue? [confirm]")


def loopback8(sh, command):
    sh.line("conf t", "west(config)#")
    sh.line(command)
    sh.line("end", "west#")


def booted(sh, has_loopback8):
    """The router went down and came back with its startup-config, or without one."""
    end = time.monotonic() + 15
    while ("Loopback8" in sh.line("show ip interface brief")) != has_loopback8:
        if time.monotonic() > end:
            sys.exit("the router did not boot from its startup-config")
        time.sleep(0.05)


def later(sh):
    """A reload that is due later is asked about, shown, outlives control, and is taken back."""
    sh.key("reload in 1:05 a new image\r", PROCEED)
    plan = sh.child.before.replace("\r", "")
    if re.search(r"Reload scheduled for \d\d:\d\d:\d\d UTC \w{3} \w{3} \d+ \d{4} \(in 1 hour and 5 minutes\)\n"
                 r"Reload reason: a new image\n", plan) is None:
        sys.exit(f"reload in:\n{plan}")
    same("not meant", sh.line("n"), "")
    same("none", sh.line("show reload"), "No reload is scheduled.\n")
    sh.key("reload in 1:05 a new image\r", PROCEED)
    sh.line("")
    control = re.search(r"(\d+) control ", sh.line("show processes"))
    os.kill(int(control.group(1)), signal.SIGKILL)
    end = time.monotonic() + 15
    while "(in 1 hour and " not in sh.line("show reload"):
        if time.monotonic() > end:
            sys.exit("the reload did not outlive control")
        time.sleep(0.05)
    has("who and why", sh.line("show reload"), " by vty0\nReload reason: a new image\n")
    has("cancelled", sh.line("reload cancel"), "*** --- SHUTDOWN ABORTED ---\n")
    same("none is left", sh.line("show reload"), "No reload is scheduled.\n")
    has("none to cancel", sh.line("reload cancel"), "%No reload is scheduled.\n")
    has("the log", sh.line("show logging | i SCHED"), "%SYS-5-SCHEDULED_RELOAD: Reload requested for ")
    same("no such time", sh.line("reload at 25:00"), " " * 15 + f"^\n{BAD}\n\n")


def reload(sh):
    sh.line("conf t", "west(config)#")
    sh.line("int lo8", "west(config-if)#")
    sh.line("end", "west#")
    sh.key("copy run start\r", "Destination filename [startup-config]? ")
    has("copy", sh.line(""), "[OK]\n")
    sh.key("reload\r", PROCEED)
    lacks("what is saved", sh.child.before, UNSAVED)
    same("reload refused", sh.line("n"), "")
    later(sh)

    loopback8(sh, "no int lo8")
    sh.key("reload\r", UNSAVED)
    sh.key("perhaps\r", UNSAVED)
    has("neither yes nor no", sh.child.before, "% Please answer 'yes' or 'no'.")
    sh.key("no\r", PROCEED)
    sh.line("")
    booted(sh, True)

    loopback8(sh, "no int lo8")
    sh.key("reload\r", UNSAVED)
    sh.key("yes\r", PROCEED)
    has("it is saved", sh.child.before, "[OK]")
    sh.line("n")
    lacks("saved", sh.line("show startup-config"), "Loopback8")


def erase(sh):
    sh.key("write erase\r", ERASE)
    sh.line("n")
    has("not erased", sh.line("show startup-config"), "hostname west")
    for command in ("write erase\r", "erase startup-config\r"):
        sh.key(command, ERASE)
        has("erased", sh.line(""), "[OK]\nErase of nvram: complete\n")
        same("no startup-config", sh.line("show startup-config"), "startup-config is not present\n")
    sh.key("reload\r", UNSAVED)
    sh.key("no\r", PROCEED)
    sh.line("n")
    has("saved again", sh.line("write"), "[OK]\n")
    has("there again", sh.line("show startup-config"), "hostname west")


def main():
    sh = Shell(sys.argv[1], sys.argv[2])
    sh.line("en", "west#")
    for part in (carets, habits, configuration, paging, ping, debug, tech_support, flash, traceroute, neighbours, reload, erase):
        part(sh)
        print(f"ok: {part.__name__}")


main()
