# SPDX-License-Identifier: GPL-2.0
#
# Remove the driver's module while it is bound: the same as an unbind, and the
# library can go next.

. "$LAB_GUEST/lib.sh"
plan 9

panel_up
draw card
ok "while the card is open the module stays" not unload_driver
undraw
ok "the console is no reason to stay" wait_for module_is_free
ok "the library stays while the driver uses it" not rmmod tinydrm
watch_release
ok "remove the driver" unload_driver
ok "the panel is dark and asleep" panel_is asleep off dark
ok "the device was freed" released 1
ok "remove the library" rmmod tinydrm
ok "load both again" load_driver
ok "there is a card again" wait_for card_of_panel
