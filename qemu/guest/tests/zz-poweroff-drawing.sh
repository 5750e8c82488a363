# SPDX-License-Identifier: GPL-2.0
# ends: poweroff asleep=true on=false backlight=false display_offs=1 sleep_ins=1 last_command=0x10
#
# The system powers off in the middle of drawing: the flush stops, the panel goes dark and to
# sleep, and no frame follows. The last seven points are the lab's.

. "$LAB_GUEST/lib.sh"
plan 9

goes_down poweroff --flip
