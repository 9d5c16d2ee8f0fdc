# SPDX-License-Identifier: GPL-3.0-or-later
# ESP packets and their ciphers: linked into espd, the tests and the bench alike.
ESP_SOURCES = \
	%D%/esp.c %D%/esp.h \
	%D%/esp_crypto.c %D%/esp_crypto.h \
	%D%/esp_openssl.c %D%/esp_ops.h \
	%D%/esp_mb.c \
	%D%/esp_mb_hmac.c \
	%D%/esp_pool.c %D%/esp_pool.h \
	%D%/replay.c %D%/replay.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_esp tests/unit/test_esp_many tests/unit/test_esp_rules \
	tests/unit/test_replay
TESTS += tests/unit/test_esp tests/unit/test_esp_many tests/unit/test_esp_rules \
	tests/unit/test_replay
endif
tests_unit_test_esp_many_SOURCES = tests/unit/test_esp_many.c $(ESP_SOURCES)
tests_unit_test_esp_many_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/daemons/espd
tests_unit_test_esp_many_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS) $(IPSEC_MB_LIBS)
tests_unit_test_esp_SOURCES = tests/unit/esp_pair.c tests/unit/esp_pair.h tests/unit/test_esp.c \
	$(ESP_SOURCES)
tests_unit_test_esp_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/daemons/espd
tests_unit_test_esp_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS) $(IPSEC_MB_LIBS)
tests_unit_test_esp_rules_SOURCES = tests/unit/esp_pair.c tests/unit/esp_pair.h \
	tests/unit/test_esp_rules.c $(ESP_SOURCES)
tests_unit_test_esp_rules_CPPFLAGS = $(tests_unit_test_esp_CPPFLAGS)
tests_unit_test_esp_rules_LDADD = $(tests_unit_test_esp_LDADD)
tests_unit_test_replay_SOURCES = tests/unit/test_replay.c %D%/replay.c %D%/replay.h
tests_unit_test_replay_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/daemons/espd
tests_unit_test_replay_LDADD = lib/libculvert.a $(CMOCKA_LIBS)
EXTRA_DIST += tests/unit/esp_vectors.h tests/unit/esp_vectors.py

# Not a test: `make tests/bench/bench_esp && tests/bench/bench_esp`.
EXTRA_PROGRAMS = tests/bench/bench_esp
CLEANFILES += tests/bench/bench_esp
tests_bench_bench_esp_SOURCES = tests/bench/bench_esp.c $(ESP_SOURCES)
tests_bench_bench_esp_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/daemons/espd
tests_bench_bench_esp_LDADD = lib/libculvert.a $(CRYPTO_LIBS) $(IPSEC_MB_LIBS)

if FUZZING
check_PROGRAMS += tests/fuzz/fuzz_esp
endif
tests_fuzz_fuzz_esp_SOURCES = tests/fuzz/fuzz_esp.c $(ESP_SOURCES)
tests_fuzz_fuzz_esp_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/daemons/espd
tests_fuzz_fuzz_esp_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_esp_LDADD = lib/libculvert.a $(CRYPTO_LIBS) $(IPSEC_MB_LIBS)
EXTRA_DIST += tests/fuzz/corpus/esp
