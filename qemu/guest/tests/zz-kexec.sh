# SPDX-License-Identifier: GPL-2.0
# ends: kexec asleep=true on=false backlight=false display_offs=1 sleep_ins=1 last_command=0x10
#
# The system starts another kernel in the middle of drawing: the flush stops, the panel
# goes dark and to sleep, and no frame follows. The other kernel knows nothing of panels;
# it powers off, and then the lab has its seven points.

. "$LAB_GUEST/lib.sh"
[ -e /sys/kernel/kexec_loaded ] || skip_all "this kernel knows no kexec"
command -v perl >/dev/null || skip_all "there is no perl to load the other kernel with"
plan 10

ok "another kernel is loaded" load_kernel
goes_down kexec --flip
