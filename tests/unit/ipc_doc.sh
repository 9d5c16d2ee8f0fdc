#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# doc/ipc.md is what lib/ipc_msgs.h says.
set -eu
lib/ipc-doc | diff -u "${srcdir:-.}/doc/ipc.md" - || {
	echo "doc/ipc.md is not of today: make ipc-doc"
	exit 1
}
