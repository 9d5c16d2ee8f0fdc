# SPDX-License-Identifier: GPL-3.0-or-later
lib_libculvert_a_SOURCES += \
	%D%/cipher.c %D%/cipher.h \
	%D%/crypto.c %D%/crypto.h \
	%D%/dh.c %D%/dh.h \
	%D%/type6.c %D%/type6.h \
	%D%/user_secret.c %D%/user_secret.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_cavp tests/unit/test_cipher tests/unit/test_crypto tests/unit/test_dh tests/unit/test_type6 tests/unit/test_user_secret
TESTS += tests/unit/test_cavp tests/unit/test_cipher tests/unit/test_crypto tests/unit/test_dh tests/unit/test_type6 tests/unit/test_user_secret
endif
EXTRA_DIST += tests/unit/hex.h
tests_unit_test_cavp_SOURCES = tests/unit/cavp.c tests/unit/cavp.h tests/unit/test_cavp.c
tests_unit_test_cavp_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
tests_unit_test_cipher_SOURCES = tests/unit/test_cipher.c
tests_unit_test_cipher_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
tests_unit_test_crypto_SOURCES = tests/unit/test_crypto.c
tests_unit_test_crypto_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
tests_unit_test_dh_SOURCES = tests/unit/test_dh.c
tests_unit_test_dh_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
EXTRA_DIST += tests/unit/dh_vectors.h tests/unit/dh_vectors.py
tests_unit_test_type6_SOURCES = tests/unit/test_type6.c
tests_unit_test_type6_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
tests_unit_test_user_secret_SOURCES = tests/unit/test_user_secret.c
tests_unit_test_user_secret_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
