# SPDX-License-Identifier: GPL-2.0
# timeout: 3600
# defects: upstream
# complaints: allowed
#
# The ioctl that tells of changes, with each of its allocations failing once: there is a
# clean error, and no error when it is tried again; or the panel shows the picture.

. "$LAB_GUEST/lib.sh"
. "$LAB_GUEST/faults.sh"
sweeps "$@"

panel_up
drawer fault dirty
sweep shows_or_tells
