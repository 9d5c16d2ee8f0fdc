# SPDX-License-Identifier: GPL-3.0-or-later
lib_libculvert_a_SOURCES += \
	%D%/cipher.c %D%/cipher.h \
	%D%/crypto.c %D%/crypto.h \
	%D%/dh.c %D%/dh.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_cipher tests/unit/test_crypto tests/unit/test_dh
TESTS += tests/unit/test_cipher tests/unit/test_crypto tests/unit/test_dh
endif
EXTRA_DIST += tests/unit/hex.h
tests_unit_test_cipher_SOURCES = tests/unit/test_cipher.c
tests_unit_test_cipher_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
tests_unit_test_crypto_SOURCES = tests/unit/test_crypto.c
tests_unit_test_crypto_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
tests_unit_test_dh_SOURCES = tests/unit/test_dh.c
tests_unit_test_dh_LDADD = lib/libculvert.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
