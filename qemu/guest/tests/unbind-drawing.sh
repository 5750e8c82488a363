# SPDX-License-Identifier: GPL-2.0
#
# Unbind in the middle of drawing: the flush stops between two messages, the client
# is told ENODEV, and the panel still goes dark and to sleep.

. "$LAB_GUEST/lib.sh"
plan 18

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

# A picture takes more than two seconds at this speed, in messages of 44 ms.
slow() { spi_new_device yx240qv29 500000 && wait_for card_of_panel && draw noise:1 && panel_shows noise:1; }

spi_delete_device
slow
panel_forget
drawer_says noise:2
drawer_hears drawn
ok "slow: another picture" panel_shows noise:2
ok "slow: is all of its pixels" is pixels $((240 * 320)) "$(panel_state pixels)"
undraw
spi_delete_device
# The unbind can come too late for the one that is tried first.
tries=5 cut=0 done=0 asleep=0
watch_release
while [ "$done" -lt "$tries" ] && [ "$cut" = 0 ]; do
	slow
	panel_forget
	drawer_says noise:2
	wait_for panel_got_pixels
	unbind_panel
	[ "$(panel_state pixels)" -ge $((240 * 320)) ] || cut=1
	panel_is asleep off dark >/dev/null && asleep=$((asleep + 1))
	undraw
	done=$((done + 1))
	spi_delete_device
done
ok "slow: the one that was being sent was cut short, in one try of $tries" is cut 1 "$cut"
ok "slow: the panel was dark and asleep after each" is asleep "$done" "$asleep"
ok "slow: each device was freed" wait_for released "$done"
ok "slow: not a complaint from the panel" panel_is quiet
