# SPDX-License-Identifier: GPL-2.0
#
# Hot-unplug, by ACPI as a real slot does it: idle, with the card open, and
# while a client draws.

. "$LAB_GUEST/lib.sh"
plan 18

panel_up
watch_release
ok "idle: unplug" lab_unplug
ok "idle: the controller still worked, so the panel sleeps" panel_is asleep off
ok "idle: the device was freed" wait_for released 1
ok "idle: the SPI device is gone" not test -e "/sys/bus/spi/devices/$PANEL"

lab_replug
spi_new_device yx240qv29
wait_for card_of_panel
draw card
watch_release
ok "open: unplug" lab_unplug
ok "open: the panel sleeps" panel_is asleep off
ok "open: the device was not freed" not released 1
ok "open: the module is in use" not module_is_free
drawer_says "noise:3"
ok "open: the client is told that it is gone" drawer_hears gone
undraw
ok "open: closed, the device is freed" wait_for released 1
ok "open: and the module is free" wait_for module_is_free

lab_replug
spi_new_device yx240qv29
wait_for card_of_panel
watch_release
ok "drawing: frames arrive" animate --dirty
ok "drawing: unplug" lab_unplug
ok "drawing: the panel sleeps" panel_is asleep off
ok "drawing: the client was told that it is gone" animated gone
ok "drawing: the device was freed" wait_for released 1
ok "drawing: the module is free" wait_for module_is_free
ok "not a complaint from the panel" panel_is quiet
