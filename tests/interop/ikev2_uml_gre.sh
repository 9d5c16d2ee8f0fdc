#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# uml_gre.sh, by IKEv2.
IKE_VERSION=2 exec "$(dirname "$0")/uml_gre.sh"
