/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `ping` alone, at a terminal: asks in IOS's words for what the command line would say, as far
 * as an echo here has it, and makes that line.  An empty answer is the one in brackets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/shell.h"

enum { ANSWER_LEN = 64 };

static bool
is_plain(const char *answer)
{
	return strspn(answer, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:/ ") ==
	    strlen(answer);
}

static bool
asks(const struct shell *sh, const char *question, char answer[ANSWER_LEN])
{
	return sh->ask(question, true, answer, ANSWER_LEN) && is_plain(answer);
}

/* Adds " WORD N" for a number that is not the default; false: it is none. */
static bool
ask_number(const struct shell *sh, const char *question, const char *word, unsigned long least,
    unsigned long most, struct text *line)
{
	char answer[ANSWER_LEN], *end;
	unsigned long n;

	if (!sh->ask(question, true, answer, sizeof(answer)))
		return false;
	if (answer[0] == '\0')
		return true;
	n = strtoul(answer, &end, 10);
	if (*end != '\0' || n < least || n > most) {
		printf("%% A decimal number between %lu and %lu.\n", least, most);
		return false;
	}
	text_add(line, " %s %lu", word, n);
	return true;
}

static bool
ask_target(const struct shell *sh, struct text *line)
{
	char answer[ANSWER_LEN];
	struct addr a;
	bool v6;

	if (!asks(sh, "Protocol [ip]: ", answer))
		return false;
	v6 = strcasecmp(answer, "ipv6") == 0;
	if (answer[0] != '\0' && !v6 && strcasecmp(answer, "ip") != 0) {
		printf("%% ip and ipv6 are what there is\n");
		return false;
	}
	if (!sh->ask(v6 ? "Target IPv6 address: " : "Target IP address: ", true, answer, sizeof(answer)))
		return false;
	if (!addr_parse(&a, answer) || a.family != (v6 ? ADDR_V6 : ADDR_V4)) {
		printf("%% Bad IP address\n");
		return false;
	}
	text_add(line, "ping %s", answer);
	return true;
}

static bool
ask_extended(const struct shell *sh, bool v4, struct text *line)
{
	char answer[ANSWER_LEN];

	if (!asks(sh, "Extended commands [n]: ", answer))
		return false;
	if (answer[0] != 'y' && answer[0] != 'Y')
		return true;
	if (!asks(sh, "Source address or interface: ", answer))
		return false;
	if (answer[0] != '\0')
		text_add(line, " source %s", answer);
	if (!v4)
		return true;
	if (!asks(sh, "Set DF bit in IP header? [no]: ", answer))
		return false;
	if (answer[0] == 'y' || answer[0] == 'Y')
		text_add(line, " df-bit");
	return true;
}

bool
shell_ask_ping(const struct shell *sh, struct text *line)
{
	bool v4;

	if (!ask_target(sh, line))
		return false;
	v4 = strchr(text_str(line), ':') == NULL;
	return ask_number(sh, "Repeat count [5]: ", "repeat", 1, 2147483647, line) &&
	    ask_number(sh, "Datagram size [100]: ", "size", v4 ? 36 : 48, 18024, line) &&
	    ask_number(sh, "Timeout in seconds [2]: ", "timeout", 0, 3600, line) &&
	    ask_extended(sh, v4, line);
}
