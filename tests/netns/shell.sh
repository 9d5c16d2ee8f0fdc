#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The shell as somebody types at it, on a terminal (shell.py).
. "$(dirname "$0")/lib.sh"
need ip
/usr/bin/python3 -c 'import pexpect' 2>/dev/null || skip "needs python3-pexpect"

lab_begin site-to-site
lab_up
check "the shell does what was typed" timeout 60 /usr/bin/python3 \
	"$(dirname "$0")/shell.py" "$CULVERT_BIN/culvert" "$RUN/west"
check "the lab goes down and no sanitizer spoke" lab_end
check "nothing is left of it" lab_gone
