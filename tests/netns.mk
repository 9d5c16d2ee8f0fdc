# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += \
	tests/bench/forward \
	tests/bench/ike \
	tests/bench/vici.py \
	tests/bench/recovery \
	tests/bench/spi_flood \
	tests/netns/corrupt.sh \
	tests/netns/crash_ikev2.sh \
	tests/netns/eem.sh \
	tests/netns/flood.py \
	tests/netns/ikev2_cert.sh \
	tests/netns/ipv6.sh \
	tests/netns/nat_moves.sh \
	tests/netns/passwords.py \
	tests/netns/passwords.sh \
	tests/netns/refusals.sh \
	tests/netns/pki.sh \
	tests/netns/rekey.sh \
	tests/netns/rekey_load.sh \
	tests/netns/reload.sh \
	tests/netns/running_config.sh \
	tests/netns/secrets.sh \
	tests/netns/spi_table.sh \
	tests/netns/strangers.sh \
	tests/netns/strangers_ikev2.sh \
	tests/netns/traffic.sh
