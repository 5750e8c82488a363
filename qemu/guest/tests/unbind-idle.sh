# SPDX-License-Identifier: GPL-2.0
#
# Unbind through sysfs while nothing is drawn: the panel is told to go dark and
# to sleep, everything that userspace had is gone, and the next bind starts over.

. "$LAB_GUEST/lib.sh"
plan 14

panel_up
draw card
ok "the panel shows the picture" panel_shows card
undraw
panel_idle
panel_forget
watch_release
card=$(card_of_panel) fb=$(fb_of_panel)

ok "unbind" unbind_panel
ok "the panel is dark and asleep" panel_is asleep off dark
ok "it was told so, once" is "display-off sleep-in" "1 1" "$(panel_state display_offs) $(panel_state sleep_ins)"
ok "the card is gone" not test -e "$card"
ok "the frame buffer is gone" not test -e "$fb"
ok "its device was freed" released 1
messages=$(panel_count messages)
ok "the device itself is still there" test -e "/sys/bus/spi/devices/$PANEL"

ok "bind again" bind_panel
ok "there is a card" wait_for card_of_panel
ok "draw again" draw smpte
ok "the panel shows it" panel_shows smpte
ok "the panel was initialised anew" is sleep-outs 1 "$(panel_state sleep_outs)"
undraw
ok "not a complaint from the panel" panel_is quiet
