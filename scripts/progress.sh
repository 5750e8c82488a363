#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# progress.sh TITLE COMMAND... - runs a command as a step (see lib.sh).

set -euo pipefail
. "$(dirname "$0")/lib.sh"
step "$@"
