# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
# defects: upstream
# complaints: allowed
#
# Bind without pages (binds.sh).

. "$LAB_GUEST/lib.sh"
. "$LAB_GUEST/binds.sh"
sweeps_part page 1 end "$@"
sweep_bind
