/* SPDX-License-Identifier: GPL-3.0-or-later */
/* traceroute: what IOS prints for which ICMP error, and where the way ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include "traceroute.h"

static void
test_marks(void **state)
{
	static const struct {
		bool v6;
		uint8_t type, code;
		const char *mark;	/* NULL: the time it took */
		bool last;
	} rows[] = {
		{false, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, NULL, false},
		{false, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, NULL, true},
		{false, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, " !H ", true},
		{false, ICMP_DEST_UNREACH, ICMP_NET_UNREACH, " !N ", true},
		{false, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, " !P ", true},
		{false, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, " !A ", true},
		{false, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, " ? ", true},
		{false, ICMP_PARAMETERPROB, 0, " ? ", false},
		{true, ICMP6_TIME_EXCEEDED, 0, NULL, false},
		{true, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOPORT, NULL, true},
		{true, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADMIN, " !A ", true},
		{true, ICMP6_PACKET_TOO_BIG, 0, " ? ", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool last = !rows[i].last;
		const char *mark = traceroute_mark(rows[i].v6, rows[i].type, rows[i].code, &last);

		assert_int_equal(last, rows[i].last);
		if (rows[i].mark == NULL)
			assert_null(mark);
		else
			assert_string_equal(mark, rows[i].mark);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
