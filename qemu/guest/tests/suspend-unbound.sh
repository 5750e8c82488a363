# SPDX-License-Identifier: GPL-2.0
#
# The system sleeps, and when it wakes the driver is unbound before it is resumed: the
# picture that was kept for that is given back, and with it the device.

. "$LAB_GUEST/lib.sh"
can_sleep || skip_all "this guest cannot tell that it sleeps, or be woken"
plan 10

panel_up
draw card
ok "the panel shows a picture" panel_shows card
watch_release
board unbind_on_resume=1
ok "the system sleeps, and wakes" sleeps
ok "the panel slept" panel_was asleep off dark
ok "the driver is not bound any more" not bound
ok "the panel sleeps on" panel_is asleep off dark
drawer_says smpte
ok "who draws is told that it is gone" drawer_hears gone
undraw
ok "the device was freed" wait_for released 1
ok "the module is free" wait_for module_is_free

bind_panel
wait_for card_of_panel
draw card
ok "bound again it shows a picture" panel_shows card
undraw
ok "not a complaint from the panel" panel_is quiet
