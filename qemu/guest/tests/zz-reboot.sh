# SPDX-License-Identifier: GPL-2.0
# ends: reboot asleep=true on=false backlight=false display_offs=1 sleep_ins=1 last_command=0x10
#
# The system reboots while nothing is drawn: the panel is told to go dark and to sleep,
# as at unbind. The last seven points are the lab's.

. "$LAB_GUEST/lib.sh"
plan 9

goes_down reboot
