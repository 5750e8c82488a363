# SPDX-License-Identifier: GPL-2.0
# complaints: allowed
#
# A controller whose backend dies, idle and while a client draws. Nobody says so to the
# guest: as with one that stalls, only the clock tells.
#
# A command may be cut in half, and the next probe's no-operation ends it: the panel
# has reason to complain.

. "$LAB_GUEST/lib.sh"
plan 12

panel_up
survives_all vanish
