#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# dmvpn_nat.sh, by IKEv2.
IKE_VERSION=2 exec "$(dirname "$0")/dmvpn_nat.sh"
