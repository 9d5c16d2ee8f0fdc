#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# uml_vti.sh, by IKEv2.
IKE_VERSION=2 exec "$(dirname "$0")/uml_vti.sh"
