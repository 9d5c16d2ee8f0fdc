/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server sent, when CRLs are fetched from it: the body, or why there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "http_get.h"

static void
expect(const char *answer, const char *body, const char *why)
{
	const char *said;
	struct slice got = http_body(answer == NULL ? (struct slice){NULL, 0} :
	    slice_of(answer, strlen(answer)), &said);

	if (why != NULL) {
		assert_non_null(said);
		assert_non_null(strstr(said, why));
		assert_int_equal(got.len, 0);
		return;
	}
	assert_null(said);
	assert_int_equal(got.len, strlen(body));
	assert_memory_equal(got.p, body, got.len);
}

static void
test_a_body(void **state)
{
	(void)state;
	expect("HTTP/1.0 200 OK\r\n\r\nbytes", "bytes", NULL);
	expect("HTTP/1.1 200 OK\r\nContent-Type: x\r\n\r\na\r\n\r\nb", "a\r\n\r\nb", NULL);
	expect("HTTP/1.1 200\r\n\r\n", "", NULL);
}

static void
test_no_body(void **state)
{
	(void)state;
	expect(NULL, NULL, "does not answer");		/* nothing was read, not even memory */
	expect("", NULL, "does not answer");
	expect("HTTP/1.1", NULL, "not HTTP");
	expect("HTTP/1.1 200 OK\r\nContent-Type: x\r\n", NULL, "not HTTP");
	expect("SSH-2.0-OpenSSH\r\n\r\n", NULL, "not HTTP");
	expect("HTTP/1.1 404 Not Found\r\n\r\nbytes", NULL, "status");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_body),
		cmocka_unit_test(test_no_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
