# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
# defects: upstream
# complaints: allowed
#
# Bind without memory (binds.sh): what follows sweep-bind, with the console, to the end. It begins
# before the other's last, as an allocation may have another number in another guest.

. "$LAB_GUEST/lib.sh"
. "$LAB_GUEST/binds.sh"
sweeps_part slab 331 end "$@"
# Some of the last are not outlived, and what was done since the kernel was asked is done again.
BLOCK=10
sweep_bind
