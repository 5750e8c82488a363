# SPDX-License-Identifier: GPL-2.0
#
# The cable is pulled: first the wire is dead, then the device goes. At most one
# transfer is wasted on finding out, and nothing hangs.

. "$LAB_GUEST/lib.sh"
plan 13

panel_up
dmesg_mark
panel_idle
panel_forget
ok "idle: yank" within 30 lab_yank
ok "idle: one transfer attempted at most" test "$REFUSED" -le 1
ok "idle: one line says so" is lines 1 "$(dmesg_since | grep -c 'the panel is gone')"

fault none
lab_replug
spi_new_device yx240qv29
wait_for card_of_panel
dmesg_mark
watch_release
panel_forget
ok "drawing: frames arrive" animate --dirty
ok "drawing: yank" within 30 lab_yank
ok "drawing: one transfer attempted at most" test "$REFUSED" -le 1
ok "drawing: one line says so" is lines 1 "$(dmesg_since | grep -c 'the panel is gone')"
ok "drawing: the client was told that it is gone" animated gone
ok "drawing: the device was freed" wait_for released 1
ok "drawing: the module is free" wait_for module_is_free

fault none
# With its cable the panel lost its supply, and with that the half of a command that it had got.
panel_power_cycle
lab_replug
ok "it comes back" spi_new_device yx240qv29
ok "and draws" draw card
ok "and shows it" panel_shows card
undraw
