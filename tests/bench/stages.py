#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a forwarder's processor time goes, by stage.

usage: perf script -F comm,cpu,ip,sym,dso -i DATA | stages.py --of PROGRAM [NAME=CPU ...]

Reads samples with their call chains and prints a table: the share of each stage
in all samples of the program, and the symbols that are most of it.  With names
there is a column for each, of what ran on that processor.  A sample belongs to
the first stage below that it matches.
"""
import re
import sys
from collections import Counter, defaultdict

CRYPTO = re.compile(r"libIPSec_MB|libcrypto")
COPY = re.compile(r"^(_?copy_(from|to)_iter|_copy_.*_iter|rep_movs.*|copy_user_.*|memcpy.*|__memmove.*|__memcpy.*"
                  r"|skb_copy.*|checksum_\w+|add_blocks|add_rest|csum_partial.*|__skb_datagram_iter)$")

# Stages of the kernel: a function that is in the chain of each sample of it.
KERNEL = [
    ("kernel: what is sent goes through the host (softirq)",
     re.compile(r"^(handle_softirqs|__do_softirq|net_rx_action|__napi_poll)$")),
    ("kernel: device read", re.compile(r"^tun_(chr_read_iter|do_read)$")),
    ("kernel: device write", re.compile(r"^tun_(chr_write_iter|get_user)$")),
    ("kernel: datagrams sent", re.compile(r"^(__sys_sendmmsg|___sys_sendmsg|__sys_sendmsg|(udp|raw)v?6?_sendmsg)$")),
    ("kernel: datagrams received", re.compile(r"^(__sys_recvmmsg|do_recvmmsg|___sys_recvmsg)$")),
    ("kernel: waiting", re.compile(r"^(do_epoll_wait|ep_poll|__x64_sys_epoll_wait|eventfd_(read|write))$")),
]
OTHER = "kernel: other"
ORDER = ["cipher", "copies and checksums", "forwarder"] + [name for name, _ in KERNEL] + [OTHER]


def read_samples(lines):
    """Gives (comm, cpu, [(symbol, object) ...]), the innermost first."""
    sample = None
    for line in lines:
        if not line.strip():
            if sample and sample[2]:
                yield sample
            sample = None
        elif not line[0].isspace() or sample is None:
            head = re.match(r"\s*(.*?)\s+\[(\d+)\]", line)
            sample = (head.group(1), int(head.group(2)), []) if head else None
        elif sample is not None:
            frame = re.match(r"\s*[0-9a-f]+\s+(.*?)\s+\((.*)\)\s*$", line)
            if frame:
                symbol = re.sub(r"(\+0x[0-9a-f]+)$|\.(part|isra|constprop)\.\d+", "", frame.group(1))
                sample[2].append((symbol, frame.group(2)))
    if sample and sample[2]:
        yield sample


def stage_of(chain):
    symbol, where = chain[0]
    if CRYPTO.search(where):
        return "cipher"
    if COPY.match(symbol):
        return "copies and checksums"
    if not where.startswith("[") or where.startswith("[vdso"):
        return "forwarder"
    for name, pattern in KERNEL:
        if any(pattern.match(s) for s, _ in chain):
            return name
    return OTHER


def processors(samples, names):
    """One line for each: who had it."""
    for name, cpu in names:
        here = Counter(comm for comm, c, _ in samples if c == cpu)
        total = sum(here.values())
        if total:
            shares = ", ".join("%s %.0f %%" % ("idle" if comm.startswith("swapper") else comm,
                                               100 * n / total) for comm, n in here.most_common(4))
            print("Processor %d (%s): %s." % (cpu, name, shares))


def table(samples, program, names):
    count = defaultdict(Counter)
    symbols = defaultdict(Counter)
    total = Counter()
    for comm, cpu, chain in samples:
        if comm != program:
            continue
        stage = stage_of(chain)
        for column in [name for name, at in names if at == cpu] or ([] if names else ["all"]):
            count[stage][column] += 1
            total[column] += 1
            symbols[stage][chain[0][0]] += 1
    columns = [name for name, _ in names] or ["all"]
    if not sum(total.values()):
        print("No samples of %s." % program)
        return
    print()
    print("| stage | " + " | ".join(columns) + " | most of it, in % of all |")
    print("| --- |" + " --- |" * (len(columns) + 1))
    everything = sum(total.values())
    for stage in ORDER:
        if stage not in count:
            continue
        shares = ["%.0f %%" % (100 * count[stage][c] / total[c]) if total[c] else "" for c in columns]
        most = ", ".join("%s %.1f" % (s, 100 * n / everything) for s, n in symbols[stage].most_common(4))
        print("| %s | %s | %s |" % (stage, " | ".join(shares), most))
    print("| samples | " + " | ".join(str(total[c]) for c in columns) + " | |")


def main():
    program = sys.argv[2]
    names = [(a.split("=")[0], int(a.split("=")[1])) for a in sys.argv[3:]]
    samples = list(read_samples(sys.stdin))
    processors(samples, names)
    table(samples, program, names)


if __name__ == "__main__":
    main()
