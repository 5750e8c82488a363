# SPDX-License-Identifier: GPL-2.0
# complaints: allowed
#
# A controller that takes a request and never answers, idle and while a client draws:
# its driver gives up on it, so that unbind and unplug end.
#
# A command may be cut in half, and the next probe's no-operation ends it: the panel
# has reason to complain.

. "$LAB_GUEST/lib.sh"
plan 12

panel_up
survives_all stall
