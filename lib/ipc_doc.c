/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints doc/ipc.md from the lists in ipc_msgs.h; `make check` compares. */
#include <stdio.h>

#include "ipc.h"

static const char intro[] =
    "# Messages between culvert's processes\n"
    "\n"
    "This page is made from `lib/ipc_msgs.h` by `make ipc-doc`; the rules are in\n"
    "[architecture.md](architecture.md), section 1, and in `lib/ipc.h`.\n"
    "\n"
    "Each arrow is a Unix `SOCK_SEQPACKET` connection. A datagram is a message, or several one behind\n"
    "the other; a message is a header and a body:\n"
    "\n"
    "| field | bytes | |\n"
    "| --- | --- | --- |\n"
    "| type | 2 | the number of the message, in the order of the list below, from 1 |\n"
    "| length | 2 | of the body |\n"
    "| sequence | 4 | an answer carries its question's |\n"
    "| body | to 32768 | the fields, in order, without padding |\n"
    "\n"
    "Numbers are big-endian. `addr` is a family byte (0 unset, 4, 6) and 0, 4 or 16 bytes; `prefix`\n"
    "an `addr` and a length byte; `strN` a length byte and fewer than N bytes; `key` a length\n"
    "byte and up to 128 bytes, which the receiver wipes; `ekey` the same,\n"
    "up to 64 bytes; `blob` two length bytes and up to 4096 bytes, wiped too; `tail` is the rest of the body.\n"
    "Times are microseconds of `CLOCK_BOOTTIME` unless the name says `wall`.\n"
    "\n"
    "The first message of each side is `HELLO`; a message of another version, from a role that may not\n"
    "send it, or with a body that is not exactly as listed closes the connection.\n";

static void
print_roles(unsigned int roles)
{
	const char *sep = "";
	unsigned int bit;

	if (roles == IPC_ANY) {
		printf("any");
		return;
	}
	for (bit = 1; bit < IPC_ANY; bit <<= 1) {
		if ((roles & bit) == 0)
			continue;
		printf("%s%s", sep, ipc_role_name(bit));
		sep = ", ";
	}
}

static void
print_message(const char *name, unsigned int from, unsigned int to, const char *body,
    const char *text)
{
	static unsigned int number;

	printf("| %u | `%s` | ", ++number, name);
	print_roles(from);
	printf(" | ");
	print_roles(to);
	printf(" | [%s](#%s) | %s |\n", body, body, text);
}

int
main(void)
{
	fputs(intro, stdout);
	printf("\n## Messages\n\n| # | message | from | to | body | |\n| --- | --- | --- | --- | --- | --- |\n");
#define X(name, from, to, body, text) print_message(#name, (from), (to), #body, text);
	IPC_MESSAGES(X)
#undef X
	printf("\n## Bodies\n");
#define F(kind, name, text) printf("| `%s` | %s | %s |\n", #name, #kind, text);
#define X(body)                                                                                    \
	printf("\n### %s\n\n| field | kind | |\n| --- | --- | --- |\n", #body);                    \
	IPC_B_##body(F)
	printf("\n### nothing\n\nNo fields.\n");
	IPC_BODIES(X)
	return 0;
}
