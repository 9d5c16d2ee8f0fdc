#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rekey_load.sh, by IKEv2.
IKE_VERSION=2 exec "$(dirname "$0")/rekey_load.sh"
