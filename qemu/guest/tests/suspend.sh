# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# complaints: allowed
#
# The system sleeps (s2idle) and wakes: the panel sleeps too, and shows the same
# afterwards, whoever has drawn it, and whatever has become of the panel meanwhile. (What
# has lost its wire or its supply may complain.)

. "$LAB_GUEST/lib.sh"
can_sleep || skip_all "this guest cannot tell that it sleeps, or be woken"
# Polls are 10 s apart.
PATIENCE=$((3 * PATIENCE))
plan 42

connector() { echo /sys/class/drm/"$(basename "$(card_of_panel)")"-SPI-1; }
connector_is() { is connector "$1" "$(<"$(connector)/status")"; }
says() { is "lines with '$1'" "$2" "$(dmesg_since | grep -c "$1")"; }

panel_up
draw card
ok "the panel shows a picture" panel_shows card
panel_idle
panel_forget
ok "the system sleeps, and wakes" sleeps
ok "the panel slept" panel_was asleep off dark
ok "it was told so, once" is "display-off sleep-in last" "1 1 0x10" \
	"$(for name in display_offs sleep_ins last_command; do field $name </run/lab.slept; done | xargs)"
ok "it is lit again" panel_is awake on lit
ok "with the picture" panel_shows card
drawer_says smpte
ok "who has drawn it can go on" drawer_hears drawn
ok "and the panel shows it" panel_shows smpte
drawer_says off
drawer_hears off
ok "with nothing to show the system sleeps" sleeps
ok "and the panel sleeps on" panel_is asleep off
undraw
ok "not a complaint from the panel until now" panel_is quiet

ok "drawing: frames arrive" animate --flip
ok "drawing: the system sleeps" sleeps
ok "drawing: the panel slept" panel_was asleep off dark
ok "drawing: frames arrive again" panel_messages $(($(panel_state messages) + 10))
ok "drawing: unbind" unbind_panel
ok "drawing: the client was told that it is gone" animated gone
ok "drawing: the panel is asleep and off" panel_is asleep off dark
ok "without a driver the system sleeps" sleeps
bind_panel
wait_for card_of_panel

fb=$(fb_of_panel)
con2fbmap 1 "${fb#/dev/fb}"
chvt 1
echo "before" >/dev/tty1
ok "the console: text arrives" wait_for panel_is awake on lit
panel_idle
before=$(panel_crc)
ok "the console: the system sleeps" sleeps
ok "the console: the panel slept" panel_was asleep off dark
panel_idle
ok "the console: the same text is there" is crc "$before" "$(panel_crc)"
echo "after" >/dev/tty1
panel_idle
ok "the console: more arrives" not is crc "$before" "$(panel_crc)"

draw card
ok "no supply while it slept" sleeps panel '{"do":"power-cycle"}'
ok "no supply: the panel shows the picture" panel_shows card

dmesg_mark
ok "no wire when it wakes" sleeps panel '{"do":"fault","mode":"error","wire":"spi"}'
ok "no wire: disconnected" wait_for connector_is disconnected
ok "no wire: one line says so" says 'the panel is gone' 1
fault none
ok "no wire: connected when it is back" wait_for connector_is connected
ok "no wire: with its picture" panel_shows card

fault error spi
drawer_says smpte
answer >/dev/null
ok "lost before: disconnected" wait_for connector_is disconnected
dmesg_mark
ok "lost before: the system sleeps" sleeps panel '{"do":"fault","mode":"none"}'
ok "lost before: what is kept is not refused" says 'ailed to resume' 0
ok "lost before: connected when it is awake" wait_for connector_is connected
ok "lost before: with its picture" panel_shows smpte

watch_release
ok "it is taken out while the system sleeps" sleeps eject
ok "out: it goes" lab_unplug
drawer_says noise:3
ok "out: who draws is told" drawer_hears gone
undraw
ok "out: the device was freed" wait_for released 1
ok "out: the module is free" wait_for module_is_free
lab_replug
spi_new_device yx240qv29
wait_for card_of_panel
ok "plugged in again it draws" draw card
