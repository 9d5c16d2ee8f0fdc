# SPDX-License-Identifier: GPL-3.0-or-later
if HAVE_CMOCKA
lib_tests = tests/unit/test_addr tests/unit/test_algs tests/unit/test_buf \
	tests/unit/test_daemon tests/unit/test_file tests/unit/test_ipc tests/unit/test_ipc_codec tests/unit/test_keep \
	tests/unit/test_key_text tests/unit/test_loop tests/unit/test_names tests/unit/test_pattern \
	tests/unit/test_ratelimit
check_PROGRAMS += $(lib_tests)
TESTS += $(lib_tests)
tests_unit_test_addr_SOURCES = tests/unit/test_addr.c
tests_unit_test_addr_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
tests_unit_test_algs_SOURCES = tests/unit/test_algs.c
tests_unit_test_algs_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
tests_unit_test_buf_SOURCES = tests/unit/test_buf.c
tests_unit_test_buf_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
tests_unit_test_daemon_SOURCES = tests/unit/test_daemon.c
tests_unit_test_daemon_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
tests_unit_test_file_SOURCES = tests/unit/test_file.c
tests_unit_test_file_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
tests_unit_test_ipc_SOURCES = tests/unit/test_ipc.c
tests_unit_test_ipc_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
tests_unit_test_ipc_codec_SOURCES = tests/unit/test_ipc_codec.c
tests_unit_test_ipc_codec_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
tests_unit_test_keep_SOURCES = tests/unit/test_keep.c
tests_unit_test_keep_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
tests_unit_test_key_text_SOURCES = tests/unit/test_key_text.c
tests_unit_test_key_text_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
tests_unit_test_loop_SOURCES = tests/unit/test_loop.c
tests_unit_test_loop_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
tests_unit_test_names_SOURCES = tests/unit/test_names.c
tests_unit_test_names_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
tests_unit_test_pattern_SOURCES = tests/unit/test_pattern.c
tests_unit_test_pattern_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(PCRE2_LIBS)
tests_unit_test_ratelimit_SOURCES = tests/unit/test_ratelimit.c
tests_unit_test_ratelimit_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
endif

if FUZZING
check_PROGRAMS += tests/fuzz/fuzz_ipc
tests_fuzz_fuzz_ipc_SOURCES = tests/fuzz/fuzz_ipc.c
tests_fuzz_fuzz_ipc_LDADD = lib/libculvert.a $(CRYPTO_LIBS)
tests_fuzz_fuzz_ipc_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif

EXTRA_DIST += \
	tests/fuzz/corpus/ipc/debug \
	tests/fuzz/corpus/ipc/hello \
	tests/fuzz/corpus/ipc/tunnel_del
