#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# nat_two.sh, by IKEv2.
IKE_VERSION=2 exec "$(dirname "$0")/nat_two.sh"
