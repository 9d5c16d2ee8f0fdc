# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += \
	tests/bench/forward \
	tests/bench/ike \
	tests/bench/vici.py \
	tests/netns/corrupt.sh \
	tests/netns/eem.sh \
	tests/netns/ipv6.sh \
	tests/netns/nat_moves.sh \
	tests/netns/refusals.sh \
	tests/netns/pki.sh \
	tests/netns/rekey.sh \
	tests/netns/reload.sh \
	tests/netns/running_config.sh \
	tests/netns/secrets.sh \
	tests/netns/strangers.sh \
	tests/netns/strangers_ikev2.sh \
	tests/netns/traffic.sh
