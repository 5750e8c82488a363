# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
# defects: upstream
# complaints: allowed
#
# Bind without nodes of trees, and without pages (binds.sh).

. "$LAB_GUEST/lib.sh"
. "$LAB_GUEST/binds.sh"
KINDS="node page" NEEDED=$KINDS
sweeps "$@"
sweep_bind
