# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
# defects: upstream
# complaints: allowed
#
# Bind without memory (binds.sh): the first part of it.

. "$LAB_GUEST/lib.sh"
. "$LAB_GUEST/binds.sh"
sweeps_part slab 1 340 "$@"
sweep_bind
