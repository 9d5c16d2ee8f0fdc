# SPDX-License-Identifier: GPL-3.0-or-later
bin_PROGRAMS += cli/culvert-lab
cli_culvert_lab_SOURCES = \
	cli/lab.c cli/lab.h \
	cli/lab_check.c \
	cli/lab_main.c \
	cli/lab_net.c cli/lab_net.h \
	cli/lab_netns.c cli/lab_netns.h \
	cli/lab_node.c \
	cli/lab_router.c cli/lab_router.h \
	cli/lab_run.c cli/lab_run.h \
	cli/lab_up.c \
	cli/lab_yaml.c
cli_culvert_lab_CFLAGS = $(AM_CFLAGS) $(NL_CFLAGS) $(YAML_CFLAGS)
cli_culvert_lab_LDADD = lib/libculvert.a $(NL_LIBS) $(YAML_LIBS) $(CRYPTO_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_lab_yaml
TESTS += tests/unit/test_lab_yaml
tests_unit_test_lab_yaml_SOURCES = tests/unit/test_lab_yaml.c \
	cli/lab.c cli/lab_check.c cli/lab_yaml.c
tests_unit_test_lab_yaml_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/cli
tests_unit_test_lab_yaml_CFLAGS = $(AM_CFLAGS) $(YAML_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_lab_yaml_LDADD = lib/libculvert.a $(YAML_LIBS) $(CMOCKA_LIBS)
endif

EXTRA_DIST += quickstart runtests .ci/run etc/packages.sh \
	tests/netns/lib.sh \
	tests/netns/corrupt.sh \
	tests/netns/crypto_map_hooks.sh \
	tests/netns/crash.sh \
	tests/netns/crypto_map.sh \
	tests/netns/crypto_map_ikev2.sh \
	tests/netns/spi_recovery.sh \
	tests/netns/dmvpn.sh \
	tests/netns/shell.sh tests/netns/shell.py \
	tests/netns/strangers.sh \
	tests/netns/dmvpn_backup.sh \
	tests/netns/dmvpn_hairpin.sh \
	tests/netns/dmvpn_nat.sh \
	tests/netns/dmvpn_nat_ikev2.sh \
	tests/netns/lab_hosts.sh \
	tests/netns/no_clear.sh \
	tests/netns/site_to_site.sh \
	tests/netns/site_to_site_ikev2.sh

if FUZZING
check_PROGRAMS += tests/fuzz/fuzz_lab_yaml
endif
tests_fuzz_fuzz_lab_yaml_SOURCES = tests/fuzz/fuzz_lab_yaml.c cli/lab.c cli/lab_check.c \
	cli/lab_yaml.c
tests_fuzz_fuzz_lab_yaml_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/cli
tests_fuzz_fuzz_lab_yaml_CFLAGS = $(AM_CFLAGS) $(YAML_CFLAGS)
tests_fuzz_fuzz_lab_yaml_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_lab_yaml_LDADD = lib/libculvert.a $(YAML_LIBS)
EXTRA_DIST += tests/fuzz/corpus/lab_yaml
