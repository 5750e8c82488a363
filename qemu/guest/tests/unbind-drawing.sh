# SPDX-License-Identifier: GPL-2.0
#
# Unbind in the middle of drawing: the flush stops between two chunks, the client
# is told ENODEV, and the panel still goes dark and to sleep.

. "$LAB_GUEST/lib.sh"
plan 12

panel_up
for how in --dirty --flip; do
	watch_release
	ok "$how: frames arrive" animate $how
	ok "$how: unbind" within 10 unbind_panel
	ok "$how: the panel is dark and asleep" panel_is asleep off dark
	ok "$how: the client was told that it is gone" animated gone
	ok "$how: its device was freed" wait_for released 1
	bind_panel
	wait_for card_of_panel
	ok "$how: not a complaint from the panel" panel_is quiet
done
