# SPDX-License-Identifier: GPL-2.0
#
# Unbind with the console on the panel.

. "$LAB_GUEST/lib.sh"
plan 7

panel_up
fb=$(fb_of_panel)
con2fbmap 1 "${fb#/dev/fb}"
chvt 1
panel_idle
panel_forget
echo "The console is on the panel." >/dev/tty1
ok "text arrives" wait_for panel_got_pixels
watch_release
while :; do printf '\e[H%s' "$RANDOM$RANDOM" >/dev/tty1; done &
writer=$!
ok "unbind while text is written" within 10 unbind_panel
ok "the panel is dark and asleep" panel_is asleep off dark
ok "the device was freed" wait_for released 1
ok "bind again" bind_panel
panel_forget
ok "the console is on it again" wait_for panel_got_pixels
kill "$writer"
wait "$writer" 2>/dev/null
ok "unbind again" unbind_panel
