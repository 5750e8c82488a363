# SPDX-License-Identifier: GPL-2.0
#
# Unbind with the card open and its buffers mapped: the device lives until the
# last of them is closed, and not longer.

. "$LAB_GUEST/lib.sh"
plan 10

panel_up
draw card
watch_release
users=$(module_users "$DRIVER_MODULE")
ok "unbind" unbind_panel
ok "the panel is dark and asleep" panel_is asleep off dark
ok "the module is held by the open card" test "$(module_users "$DRIVER_MODULE")" -gt 0
ok "the device was not freed" not released 1
panel_forget
drawer_says "noise:7"
ok "the client is told that it is gone" drawer_hears gone
ok "the wire stays silent" is messages 0 "$(panel_count messages)"
undraw
ok "closed, the device is freed" wait_for released 1
ok "and the module is free" wait_for module_is_free
ok "bind again" bind_panel
ok "not a complaint from the panel" panel_is quiet
