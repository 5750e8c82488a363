# SPDX-License-Identifier: GPL-2.0
#
# The cable is pulled: first the wire is dead, then the device goes. At most one
# transfer is wasted on finding out, and nothing hangs.

. "$LAB_GUEST/lib.sh"
plan 20

panel_up
dmesg_mark
panel_idle
panel_forget
ok "idle: yank" within 30 lab_yank
ok "idle: one transfer attempted at most" test "$REFUSED" -le 1
ok "idle: one line says so" is lines 1 "$(dmesg_since | grep -c 'the panel is gone')"

# Without its D/C line nothing is sent at all; the wire alone is asked how often it is tried.
for wire in both spi; do
	fault none
	panel_power_cycle
	lab_replug
	spi_new_device yx240qv29
	wait_for card_of_panel
	dmesg_mark
	watch_release
	panel_forget
	ok "drawing, $wire: frames arrive" animate --dirty
	ok "drawing, $wire: yank" within 30 lab_yank $wire
	ok "drawing, $wire: one transfer attempted at most" test "$REFUSED" -le 1
	ok "drawing, $wire: one line says so" is lines 1 "$(dmesg_since | grep -c 'the panel is gone')"
	ok "drawing, $wire: the client was told that it is gone" animated gone
	ok "drawing, $wire: the device was freed" wait_for released 1
	ok "drawing, $wire: the module is free" wait_for module_is_free
done

fault none
# With its cable the panel lost its supply, and with that the half of a command that it had got.
panel_power_cycle
lab_replug
ok "it comes back" spi_new_device yx240qv29
ok "and draws" draw card
ok "and shows it" panel_shows card
undraw
