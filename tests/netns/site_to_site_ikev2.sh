#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two sites and a static VTI between them, by IKEv2 with nothing but a keyring and a profile.
. "$(dirname "$0")/lib.sh"
need ip ping

spi() { router west 'show crypto ikev2 sa detailed' | sed -n 's/.*Local spi: \([0-9A-F]*\).*/\1/p'; }
another_spi() { [ -n "$(spi)" ] && [ "$(spi)" != "$1" ]; }

lab_begin site-to-site-ikev2
lab_up
wait_until 30 "west reaches east" reaches host-west 10.2.0.10
check "an IKEv2 SA is up" router_shows west 'show crypto ikev2 sa' \
	'198\.51\.100\.1/500 +198\.51\.100\.2/500 +none/none +READY'
check "by the default proposal" router_shows west 'show crypto ikev2 sa' \
	'Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:19, Auth sign: PSK, Auth verify: PSK'
check "by the default transform set, in tunnel mode" router_shows west 'show crypto ipsec sa' \
	'transform: esp-aes esp-sha-hmac'
check "it is tunnel mode" router_shows west 'show crypto ipsec sa' 'in use settings =\{Tunnel'
check "show crypto session knows it" router_shows west 'show crypto session' \
	'IKEv2 SA: local 198\.51\.100\.1/500 remote 198\.51\.100\.2/500 Active'
check "and its status" router_shows west 'show crypto session' 'Session status: UP-ACTIVE'
check "there is no ISAKMP SA" [ -z "$(router west 'show crypto isakmp sa' | grep QM_IDLE)" ]
check "the session has a child" router_shows west 'show crypto ikev2 session' \
	'Status:UP-ACTIVE, IKE count:1, CHILD count:1'
check "what is in force is shown" router_shows west 'show crypto ikev2 policy' 'IKEv2 policy : default'
check "requests are taken as many at once as on IOS" router_shows west 'show crypto ikev2 sa detailed' \
	'Local window: +5 +Remote window: +5'
router west 'configure terminal' 'crypto ikev2 window 9' 'end' >/dev/null
wait_until 10 "the peer hears that it may make more" router_shows east 'show crypto ikev2 sa detailed' \
	'Local window: +5 +Remote window: +9'
first=$(spi)
router west 'clear crypto ikev2 sa remote 198.51.100.2' >/dev/null
wait_until 30 "another IKE SA takes its place" another_spi "$first"
wait_until 30 "east reaches west" reaches host-east 10.1.0.10
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
